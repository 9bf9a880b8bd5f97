"""Operations that this endpoint refuses: on scheduled queries, batch load tasks and capacity.

Unlike with unknown operations, the request's shape is checked, and the answer is one of the
operation's own errors.
https://docs.aws.amazon.com/timestream/latest/developerguide/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from timestream_local.errors import NotFoundError, ServiceError, ValidationError

_NO_SCHEDULE = "This endpoint has no scheduled queries; run the query by Query when it is due."
_NO_LOADS = "This endpoint loads no files from S3; write the records by WriteRecords."
_NO_ACCOUNT = "This endpoint has no capacity to set; DescribeAccountSettings returns its settings."

# By operation: the error, the member that names a missing thing or None, and the sentence.
_REFUSED: dict[str, tuple[type[ServiceError], str | None, str]] = {
    "CreateScheduledQuery": (ValidationError, None, _NO_SCHEDULE),
    "ListScheduledQueries": (ValidationError, None, _NO_SCHEDULE),
    "DescribeScheduledQuery": (NotFoundError, "ScheduledQueryArn", _NO_SCHEDULE),
    "UpdateScheduledQuery": (NotFoundError, "ScheduledQueryArn", _NO_SCHEDULE),
    "DeleteScheduledQuery": (NotFoundError, "ScheduledQueryArn", _NO_SCHEDULE),
    "ExecuteScheduledQuery": (NotFoundError, "ScheduledQueryArn", _NO_SCHEDULE),
    "CreateBatchLoadTask": (ValidationError, None, _NO_LOADS),
    "ListBatchLoadTasks": (ValidationError, None, _NO_LOADS),
    "DescribeBatchLoadTask": (NotFoundError, "TaskId", _NO_LOADS),
    "ResumeBatchLoadTask": (NotFoundError, "TaskId", _NO_LOADS),
    "UpdateAccountSettings": (ValidationError, None, _NO_ACCOUNT),
}


def _refusal(
    error: type[ServiceError], member: str | None, sentence: str
) -> Callable[[dict[str, Any]], NoReturn]:
    def refuse(request: dict[str, Any]) -> NoReturn:
        missing = f"'{request[member]}' does not exist. " if member is not None else ""
        raise error(missing + sentence)

    return refuse


OPERATIONS = {name: _refusal(*refused) for name, refused in _REFUSED.items()}


def describe_account_settings(_: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a new account."""
    return {
        "MaxQueryTCU": 200,
        "QueryPricingModel": "COMPUTE_UNITS",
        "QueryCompute": {"ComputeMode": "ON_DEMAND"},
    }
