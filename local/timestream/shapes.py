"""The members of each operation's input: type, whether required, and size.

https://docs.aws.amazon.com/timestream/latest/developerguide/API_Reference.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.timestream import limits
from local.timestream.errors import ValidationError


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an input."""

    kind: type
    required: bool = False
    least: int | None = None
    most: int | None = None


_NAME = Member(str, required=True)
_TOKEN = Member(str)
_PAGE = Member(int, least=1, most=20)
_ARN = Member(str, required=True, least=1, most=1011)

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
        "QueryString": Member(str, required=True, least=1, most=limits.QUERY_BYTES),
        "ClientToken": Member(str, least=limits.CLIENT_TOKEN[0], most=limits.CLIENT_TOKEN[1]),
        "NextToken": Member(str, least=1, most=2_048),
        "MaxRows": Member(int, least=limits.MAX_ROWS[0], most=limits.MAX_ROWS[1]),
        "QueryInsights": Member(dict),
    },
    "PrepareQuery": {
        "QueryString": Member(str, required=True, least=1, most=limits.QUERY_BYTES),
        "ValidateOnly": Member(bool),
    },
    "CancelQuery": {"QueryId": Member(str, required=True, least=1, most=64)},
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
        if type(value) is not member.kind:
            raise ValidationError(f"{name} must be of type {member.kind.__name__}.")
        extent = value if member.kind is int else len(value) if member.kind is not bool else 0
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
