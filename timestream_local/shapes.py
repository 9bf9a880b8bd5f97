"""The members of each operation's input: type, whether required, and size.

https://docs.aws.amazon.com/timestream/latest/developerguide/API_Reference.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from timestream_local import limits
from timestream_local.errors import ValidationError


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an input."""

    kind: type  # object: any
    required: bool = False
    least: int | None = None
    most: int | None = None


_NAME = Member(str, required=True)
_TOKEN = Member(str)
_PAGE = Member(int, least=1, most=20)
_ARN = Member(str, required=True, least=1, most=1011)
_QUERY = Member(str, required=True, least=1, most=limits.QUERY_BYTES)
_CLIENT_TOKEN = Member(str, least=limits.CLIENT_TOKEN[0], most=limits.CLIENT_TOKEN[1])
_SCHEDULED = Member(str, required=True, least=1, most=2_048)
_TASK = Member(str, required=True, least=3, most=32)
_DICT = Member(dict, required=True)

SHAPES: dict[str, dict[str, Member]] = {
    "DescribeEndpoints": {},
    "CreateDatabase": {"DatabaseName": _NAME, "KmsKeyId": Member(str), "Tags": Member(list)},
    "DescribeDatabase": {"DatabaseName": _NAME},
    "UpdateDatabase": {"DatabaseName": _NAME, "KmsKeyId": Member(str, required=True)},
    "DeleteDatabase": {"DatabaseName": _NAME},
    "ListDatabases": {"NextToken": _TOKEN, "MaxResults": _PAGE},
    "CreateTable": {
        "DatabaseName": _NAME,
        "TableName": _NAME,
        "RetentionProperties": Member(dict),
        "MagneticStoreWriteProperties": Member(dict),
        "Schema": Member(dict),
        "Tags": Member(list),
    },
    "DescribeTable": {"DatabaseName": _NAME, "TableName": _NAME},
    "UpdateTable": {
        "DatabaseName": _NAME,
        "TableName": _NAME,
        "RetentionProperties": Member(dict),
        "MagneticStoreWriteProperties": Member(dict),
        "Schema": Member(dict),
    },
    "DeleteTable": {"DatabaseName": _NAME, "TableName": _NAME},
    "ListTables": {"DatabaseName": Member(str), "NextToken": _TOKEN, "MaxResults": _PAGE},
    "WriteRecords": {
        "DatabaseName": _NAME,
        "TableName": _NAME,
        "CommonAttributes": Member(dict),
        "Records": Member(list, required=True, least=1, most=limits.RECORDS_PER_REQUEST),
    },
    "TagResource": {"ResourceARN": _ARN, "Tags": Member(list, required=True, most=limits.TAGS)},
    "UntagResource": {"ResourceARN": _ARN, "TagKeys": Member(list, required=True)},
    "ListTagsForResource": {"ResourceARN": _ARN},
    "Query": {
        "QueryString": _QUERY,
        "ClientToken": _CLIENT_TOKEN,
        "NextToken": Member(str, least=1, most=2_048),
        "MaxRows": Member(int, least=limits.MAX_ROWS[0], most=limits.MAX_ROWS[1]),
        "QueryInsights": Member(dict),
    },
    "PrepareQuery": {"QueryString": _QUERY, "ValidateOnly": Member(bool)},
    "CancelQuery": {"QueryId": Member(str, required=True, least=1, most=64)},
    "DescribeAccountSettings": {},
    "UpdateAccountSettings": {
        "MaxQueryTCU": Member(int),
        "QueryPricingModel": Member(str),
        "QueryCompute": Member(dict),
    },
    "CreateScheduledQuery": {
        "Name": Member(str, required=True, least=1, most=64),
        "QueryString": _QUERY,
        "ScheduleConfiguration": _DICT,
        "NotificationConfiguration": _DICT,
        "TargetConfiguration": Member(dict),
        "ClientToken": _CLIENT_TOKEN,
        "ScheduledQueryExecutionRoleArn": _SCHEDULED,
        "Tags": Member(list, most=limits.TAGS),
        "KmsKeyId": Member(str, least=1, most=2_048),
        "ErrorReportConfiguration": _DICT,
    },
    "ListScheduledQueries": {
        "MaxResults": Member(int, least=1, most=1_000),
        "NextToken": _TOKEN,
    },
    "DescribeScheduledQuery": {"ScheduledQueryArn": _SCHEDULED},
    "UpdateScheduledQuery": {
        "ScheduledQueryArn": _SCHEDULED,
        "State": Member(str, required=True),
    },
    "DeleteScheduledQuery": {"ScheduledQueryArn": _SCHEDULED},
    "ExecuteScheduledQuery": {
        "ScheduledQueryArn": _SCHEDULED,
        "InvocationTime": Member(object, required=True),
        "ClientToken": _CLIENT_TOKEN,
        "QueryInsights": Member(dict),
    },
    "CreateBatchLoadTask": {
        "ClientToken": Member(str, least=1, most=64),
        "DataModelConfiguration": Member(dict),
        "DataSourceConfiguration": _DICT,
        "ReportConfiguration": _DICT,
        "TargetDatabaseName": _NAME,
        "TargetTableName": _NAME,
        "RecordVersion": Member(int),
    },
    "ListBatchLoadTasks": {
        "NextToken": _TOKEN,
        "MaxResults": Member(int, least=1, most=100),
        "TaskStatus": Member(str),
    },
    "DescribeBatchLoadTask": {"TaskId": _TASK},
    "ResumeBatchLoadTask": {"TaskId": _TASK},
}


def check(operation: str, request: Any) -> None:
    """Raise ValidationError when a request does not have the operation's shape."""
    if not isinstance(request, dict):
        raise ValidationError("The body must be a JSON object.")
    shape = SHAPES[operation]
    for name, member in shape.items():
        value = request.get(name)
        if value is None:
            if member.required:
                raise _violation(name, "null", "Member must not be null")
            continue
        if member.kind is not object and type(value) is not member.kind:
            raise ValidationError(f"{name} must be of type {member.kind.__name__}.")
        if member.least is None and member.most is None:
            continue
        extent = value if member.kind is int else len(value)
        what = "value" if member.kind is int else "length"
        if member.least is not None and extent < member.least:
            raise _violation(name, value, f"Member must have {what} at least {member.least}")
        if member.most is not None and extent > member.most:
            raise _violation(name, value, f"Member must have {what} at most {member.most}")


def _violation(name: str, value: Any, constraint: str) -> ValidationError:
    shown = str(value)[:80]
    return ValidationError(
        f"1 validation error detected: Value '{shown}' at '{name[:1].lower()}{name[1:]}' failed to "
        f"satisfy constraint: {constraint}"
    )
