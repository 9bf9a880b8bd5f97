"""The operations of timestream-write and timestream-query, by name.

https://docs.aws.amazon.com/timestream/latest/developerguide/API_Operations.html
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from timestream_local import absent, limits, shapes
from timestream_local.engine import Engine
from timestream_local.errors import NotFoundError, ValidationError
from timestream_local.store import Store

ACCOUNT, REGION = "000000000000", "us-east-1"
Request = dict[str, Any]
Answer = dict[str, Any]


class Service:
    """All operations over one store and one engine."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self.store = store
        self.engine = engine
        self.address = ""  # where clients reach the endpoint: http://host:port
        self.operations: dict[str, Callable[[Request], Answer]] = {
            "DescribeEndpoints": self._describe_endpoints,
            "CreateDatabase": self._create_database,
            "DescribeDatabase": self._describe_database,
            "UpdateDatabase": self._update_database,
            "DeleteDatabase": self._delete_database,
            "ListDatabases": self._list_databases,
            "CreateTable": self._create_table,
            "DescribeTable": self._describe_table,
            "UpdateTable": self._update_table,
            "DeleteTable": self._delete_table,
            "ListTables": self._list_tables,
            "TagResource": self._tag,
            "UntagResource": self._untag,
            "ListTagsForResource": self._list_tags,
            "Query": engine.query,
            "PrepareQuery": self._prepare,
            "CancelQuery": lambda request: engine.cancel(request["QueryId"]),
            "DescribeAccountSettings": absent.describe_account_settings,
            **absent.OPERATIONS,
        }

    def write(self, request: Request, body: bytes) -> Answer:
        """Carry out WriteRecords; `body` is the request as it came, for the journal.

        Timestream reports minutes later which records the magnetic store dropped, as a metric and
        in S3. Here the response has their number, under the metric's name.
        """
        shapes.check("WriteRecords", request)
        counts, dropped = self.store.write(request, body, time.time_ns())
        answer: Answer = {"RecordsIngested": counts}
        return answer | {"MagneticStoreRejectedRecordCount": dropped} if dropped else answer

    def call(self, operation: str, request: Request) -> Answer:
        """Carry out any other operation."""
        shapes.check(operation, request)
        return self.operations[operation](request)

    # -- endpoints and databases

    def _describe_endpoints(self, _: Request) -> Answer:
        return {"Endpoints": [{"Address": self.address, "CachePeriodInMinutes": 1440}]}

    def _create_database(self, request: Request) -> Answer:
        name = _name(request, "DatabaseName")
        now = time.time()
        properties = {"created": now, "updated": now, "tags": _tags(request.get("Tags"))}
        properties["key"] = request.get("KmsKeyId") or _default_key()
        self.store.create_database(name, properties)
        return {"Database": self._database(name)}

    def _describe_database(self, request: Request) -> Answer:
        return {"Database": self._database(request["DatabaseName"])}

    def _update_database(self, request: Request) -> Answer:
        name = request["DatabaseName"]
        properties = dict(self.store.database_properties(name))
        properties.update(key=request["KmsKeyId"], updated=time.time())
        self.store.update_database(name, properties)
        return {"Database": self._database(name)}

    def _delete_database(self, request: Request) -> Answer:
        self.store.delete_database(request["DatabaseName"])
        return {}

    def _list_databases(self, request: Request) -> Answer:
        names, token = _page(self.store.databases(), request)
        return _with_token({"Databases": [self._database(name) for name in names]}, token)

    def _database(self, name: str) -> Answer:
        properties = self.store.database_properties(name)
        return {
            "Arn": _arn(name),
            "DatabaseName": name,
            "TableCount": len(self.store.tables(name) or ()),
            "KmsKeyId": properties["key"],
            "CreationTime": properties["created"],
            "LastUpdatedTime": properties["updated"],
        }

    # -- tables

    def _create_table(self, request: Request) -> Answer:
        database, name = request["DatabaseName"], _name(request, "TableName")
        now = time.time()
        properties = {
            "created": now,
            "updated": now,
            "tags": _tags(request.get("Tags")),
            "RetentionProperties": _retention(request.get("RetentionProperties") or {}),
            "MagneticStoreWriteProperties": _magnetic(
                request.get("MagneticStoreWriteProperties") or {"EnableMagneticStoreWrites": False}
            ),
            "Schema": request.get("Schema") or {"CompositePartitionKey": [{"Type": "MEASURE"}]},
        }
        self.store.create_table(database, name, properties)
        return {"Table": self._table(database, name)}

    def _describe_table(self, request: Request) -> Answer:
        return {"Table": self._table(request["DatabaseName"], request["TableName"])}

    def _update_table(self, request: Request) -> Answer:
        database, name = request["DatabaseName"], request["TableName"]
        properties = dict(self.store.table_properties(database, name))
        if given := request.get("RetentionProperties"):
            properties["RetentionProperties"] = _retention(given)
        if given := request.get("MagneticStoreWriteProperties"):
            properties["MagneticStoreWriteProperties"] = _magnetic(given)
        if given := request.get("Schema"):
            properties["Schema"] = given
        properties["updated"] = time.time()
        self.store.update_table(database, name, properties)
        return {"Table": self._table(database, name)}

    def _delete_table(self, request: Request) -> Answer:
        self.store.delete_table(request["DatabaseName"], request["TableName"])
        return {}

    def _list_tables(self, request: Request) -> Answer:
        databases = [request["DatabaseName"]] if request.get("DatabaseName") else None
        if databases is not None:
            self.store.database_properties(databases[0])
        pairs = [
            (database, name)
            for database in databases or self.store.databases()
            for name in self.store.tables(database) or ()
        ]
        pairs, token = _page(pairs, request)
        return _with_token({"Tables": [self._table(*pair) for pair in pairs]}, token)

    def _table(self, database: str, name: str) -> Answer:
        properties = self.store.table_properties(database, name)
        return {
            "Arn": _arn(database, name),
            "TableName": name,
            "DatabaseName": database,
            "TableStatus": "ACTIVE",
            "RetentionProperties": properties["RetentionProperties"],
            "CreationTime": properties["created"],
            "LastUpdatedTime": properties["updated"],
            "MagneticStoreWriteProperties": properties["MagneticStoreWriteProperties"],
            "Schema": properties["Schema"],
        }

    # -- tags

    def _tagged(self, arn: str) -> tuple[dict[str, str], Callable[[dict[str, str]], None]]:
        """Return a resource's tags, and a function that stores new ones."""
        _, found, path = arn.partition(":database/")
        if not found:
            raise NotFoundError(f"'{arn}' does not exist; databases and tables have tags here.")
        database, _, table = path.partition("/table/")
        if table:
            properties = self.store.table_properties(database, table)
            return dict(properties["tags"]), lambda tags: self.store.update_table(
                database, table, {**properties, "tags": tags}
            )
        properties = self.store.database_properties(database)
        return dict(properties["tags"]), lambda tags: self.store.update_database(
            database, {**properties, "tags": tags}
        )

    def _tag(self, request: Request) -> Answer:
        tags, keep = self._tagged(request["ResourceARN"])
        tags.update(_tags(request["Tags"]))
        if len(tags) > limits.TAGS:
            raise ValidationError(f"A resource can have {limits.TAGS} tags.")
        keep(tags)
        return {}

    def _untag(self, request: Request) -> Answer:
        tags, keep = self._tagged(request["ResourceARN"])
        for key in request["TagKeys"]:
            tags.pop(key, None)
        keep(tags)
        return {}

    def _list_tags(self, request: Request) -> Answer:
        tags, _ = self._tagged(request["ResourceARN"])
        return {"Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())]}

    # -- queries

    def _prepare(self, request: Request) -> Answer:
        if request.get("ValidateOnly") is not True:
            raise ValidationError("PrepareQuery needs ValidateOnly to be true.")
        return self.engine.prepare(request["QueryString"])


def _arn(database: str, table: str | None = None) -> str:
    arn = f"arn:aws:timestream:{REGION}:{ACCOUNT}:database/{database}"
    return f"{arn}/table/{table}" if table else arn


def _default_key() -> str:
    return f"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000"


def _name(request: Request, member: str) -> str:
    name: str = request[member]
    if not limits.NAME.match(name):
        raise ValidationError(
            f"{member} '{name}' must be 3 to 256 letters, digits, '_', '-' and '.' long."
        )
    return name


def _retention(given: Request) -> Request:
    hours = given.get("MemoryStoreRetentionPeriodInHours", limits.DEFAULT_MEMORY_HOURS)
    days = given.get("MagneticStoreRetentionPeriodInDays", limits.DEFAULT_MAGNETIC_DAYS)
    for value, (least, most), what in (
        (hours, limits.MEMORY_HOURS, "MemoryStoreRetentionPeriodInHours"),
        (days, limits.MAGNETIC_DAYS, "MagneticStoreRetentionPeriodInDays"),
    ):
        if type(value) is not int or not least <= value <= most:
            raise ValidationError(f"{what} must be a whole number from {least} to {most}.")
    return {
        "MemoryStoreRetentionPeriodInHours": hours,
        "MagneticStoreRetentionPeriodInDays": days,
    }


def _magnetic(given: Request) -> Request:
    if type(given.get("EnableMagneticStoreWrites")) is not bool:
        raise ValidationError("EnableMagneticStoreWrites must be true or false.")
    return given


def _tags(given: Any) -> dict[str, str]:
    out: dict[str, str] = {}
    for tag in given or ():
        if not isinstance(tag, dict) or not isinstance(tag.get("Key"), str) or not tag["Key"]:
            raise ValidationError("A tag needs a Key.")
        out[tag["Key"]] = str(tag.get("Value", ""))
    return out


def _page(items: list[Any], request: Request) -> tuple[list[Any], str | None]:
    """Return one page of a list and the token of the next."""
    token = request.get("NextToken") or "0"
    if not token.isdigit() or int(token) > len(items):
        raise ValidationError("The NextToken is not valid.")
    start, size = int(token), request.get("MaxResults") or 20
    end = start + size
    return items[start:end], str(end) if end < len(items) else None


def _with_token(answer: Answer, token: str | None) -> Answer:
    if token is not None:
        answer["NextToken"] = token
    return answer
