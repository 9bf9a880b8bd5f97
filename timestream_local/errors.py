"""The service's errors, each with its error code and HTTP status.

https://docs.aws.amazon.com/timestream/latest/developerguide/API_query_Query.html#API_query_Query_Errors
https://docs.aws.amazon.com/timestream/latest/developerguide/API_WriteRecords.html#API_WriteRecords_Errors
"""

from typing import Any


class ServiceError(Exception):
    """An answer other than success: `code` goes to the client as `__type`."""

    code = "InternalServerException"
    status = 500

    def __init__(self, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.extra = extra


class ValidationError(ServiceError):
    """The request or its SQL is not valid."""

    code, status = "ValidationException", 400


class QueryExecutionError(ServiceError):
    """The SQL is valid, but running it failed, such as on a division by zero or a bad cast."""

    code, status = "QueryExecutionException", 400


class NotFoundError(ServiceError):
    """A database, table or query that does not exist."""

    code, status = "ResourceNotFoundException", 404


class ConflictError(ServiceError):
    """A database or table that exists already, or still holds something."""

    code, status = "ConflictException", 409


class QuotaError(ServiceError):
    """More of something than an account may have."""

    code, status = "ServiceQuotaExceededException", 402


class RejectedRecordsError(ServiceError):
    """Some records of a write were refused; the others are written."""

    code, status = "RejectedRecordsException", 419


class UnknownOperationError(ServiceError):
    """An operation the service does not have."""

    code, status = "UnknownOperationException", 400


class SqlError(ValidationError):
    """A query that Timestream would not run, with its place in the user's text (1-based)."""

    def __init__(self, message: str, sql: str = "", offset: int | None = None) -> None:
        if offset is not None:
            line = sql.count("\n", 0, offset) + 1
            column = offset - (sql.rfind("\n", 0, offset) + 1) + 1
            message = f"line {line}:{column}: {message}"
        super().__init__(message)
