"""One table's state between requests, and the checks of its schema and its time window."""

from __future__ import annotations

import time
from typing import Any

from timestream_local import limits, types
from timestream_local.catalog import Column, Table
from timestream_local.index import Index
from timestream_local.records import Record, Rejection

_KIND = {
    "DOUBLE": types.DOUBLE,
    "BIGINT": types.BIGINT,
    "VARCHAR": types.VARCHAR,
    "BOOLEAN": types.BOOLEAN,
    "TIMESTAMP": types.TIMESTAMP,
}

_MOST = {
    "DIMENSION": (limits.DIMENSIONS_PER_TABLE, "dimensions"),
    "MULTI": (limits.MULTI_ATTRIBUTES_PER_TABLE, "multi-measure attributes"),
    "MEASURE_VALUE": (8, "kinds of measure value"),
}


KEPT_LAYOUTS = 10_000


class VersionConflict(Rejection):
    """A record whose identity exists with other values and the same or a higher version."""

    def __init__(self, reason: str, existing: int) -> None:
        super().__init__(reason)
        self.existing = existing


class TableStore:
    """One table: its catalog entry, the index of its records, and rows not yet in DuckDB."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.index = Index()
        self.pending: list[dict[str, Any]] = []
        self.replaced: list[int] = []  # identities whose row in DuckDB a pending row replaces
        self.stored_columns = {"m", "t"}
        self._layouts: dict[tuple[object, ...], list[str]] = {}

    def row(self, record: Record, identity: int, content: int) -> dict[str, Any]:
        """Return a record as a row, by physical column; adds new columns. Raises Rejection."""
        values: list[Any] = [value for _, value in record.dimensions]
        values += [value for _, _, value in record.values]
        row = dict(zip(self._layout(record), values, strict=True))
        row["h"], row["v"], row["n"] = identity, content, record.version
        row["m"], row["t"] = record.measure, record.time
        return row

    def _layout(self, record: Record) -> list[str]:
        """Return a record's physical columns; records of the same shape are looked up once."""
        shape = (
            record.measure,
            tuple([name for name, _ in record.dimensions]),
            tuple([(name, kind) for name, kind, _ in record.values]),
        )
        layout = self._layouts.get(shape)
        if layout is None:
            layout = self._columns(record)
            if len(self._layouts) >= KEPT_LAYOUTS:
                self._layouts.clear()
            self._layouts[shape] = layout
        return layout

    def _columns(self, record: Record) -> list[str]:
        """Return the physical columns of a record's dimensions and values; adds new ones."""
        table = self.table
        known = table.columns
        wanted: list[tuple[str, types.Type, str]] = []
        for name, _ in record.dimensions:
            column = known.get(name)
            if column is None or column.attribute != "DIMENSION":
                wanted.append((name, types.VARCHAR, "DIMENSION"))
        for name, kind, _ in record.values:
            attribute = "MULTI" if name else "MEASURE_VALUE"
            column = known.get(name or f"measure_value::{kind.lower()}")
            if column is None or column.attribute != attribute or column.type != _KIND[kind]:
                wanted.append((name or f"measure_value::{kind.lower()}", _KIND[kind], attribute))
        if wanted:
            self._extend(wanted)
            known = table.columns
        self._note_measure(record)
        out = [known[name].physical for name, _ in record.dimensions]
        out += [
            known[name or f"measure_value::{kind.lower()}"].physical
            for name, kind, _ in record.values
        ]
        return out

    def _note_measure(self, record: Record) -> None:
        """Remember which dimensions a measure name has, for SHOW MEASURES."""
        measures = self.table.measures
        name, kind, _ = record.values[0]
        key = (record.measure, "multi" if name else kind.lower())
        seen = measures.get(key)
        if seen is None:
            names = {measure for measure, _ in measures}
            if record.measure not in names and len(names) >= limits.MEASURE_NAMES_PER_TABLE:
                raise Rejection(
                    f"A table can have {limits.MEASURE_NAMES_PER_TABLE} measure names at most."
                )
            seen = frozenset()
        dimensions = [name for name, _ in record.dimensions]
        if not seen.issuperset(dimensions):
            self.table.measures = {**measures, key: seen.union(dimensions)}

    def _extend(self, wanted: list[tuple[str, types.Type, str]]) -> None:
        """Add columns; readers on other threads see the old ones or the new, never half."""
        columns = dict(self.table.columns)
        for name, kind, attribute in wanted:
            if name in columns:
                have = columns[name]
                raise Rejection(
                    f"'{name}' is already a {have.type} column ({have.attribute}) of this table; "
                    f"it cannot also be a {kind} {attribute}."
                )
            most, what = _MOST[attribute]
            if sum(c.attribute == attribute for c in columns.values()) >= most:
                raise Rejection(f"A table can have {most} {what} at most.")
            columns[name] = Column(name, kind, attribute, f"c{len(columns) - 2}")
        self.table.columns = columns


class Window:
    """The time range for which a table accepts records, at one moment."""

    def __init__(self, properties: dict[str, Any], now: int) -> None:
        retention = properties["RetentionProperties"]
        self.latest = now + limits.FUTURE_NANOSECONDS
        self.memory = now - retention["MemoryStoreRetentionPeriodInHours"] * limits.HOUR
        self.magnetic = now - retention["MagneticStoreRetentionPeriodInDays"] * limits.DAY
        self.magnetic_writes = (properties.get("MagneticStoreWriteProperties") or {}).get(
            "EnableMagneticStoreWrites", False
        )

        key = (properties.get("Schema") or {}).get("CompositePartitionKey") or [{}]
        required = key[0].get("EnforcementInRecord") == "REQUIRED"
        self.required = key[0].get("Name") if required else None

    def check(self, record: Record) -> None:
        """Raise Rejection for a record without the dimension the table is partitioned by."""
        if self.required and all(name != self.required for name, _ in record.dimensions):
            raise Rejection(
                f"The record lacks the dimension '{self.required}', which this table's partition "
                "key requires."
            )

    def place(self, at: int) -> str:
        """Return MemoryStore or MagneticStore; raises Rejection."""
        if self.memory <= at < self.latest:
            return "MemoryStore"
        if self.magnetic_writes and self.magnetic <= at < self.memory:
            return "MagneticStore"
        earliest = self.magnetic if self.magnetic_writes else self.memory
        what = "data ingestion window" if self.magnetic_writes else "memory store"
        raise Rejection(
            f"The record timestamp is outside the time range [{_iso(earliest)}, "
            f"{_iso(self.latest)}) of the {what}."
        )


def _iso(nanoseconds: int) -> str:
    whole, rest = divmod(max(nanoseconds, 0) // 1_000_000, 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{rest:03}Z"


def version_reason(version: int, existing: int) -> str:
    """Return the service's words for a record whose version is not higher than the stored one."""
    if version < existing:
        return (
            f"The record version {version} is lower than the existing version {existing}. "
            "A higher version is required to update the measure value."
        )
    return (
        "A record already exists with the same time, dimensions, measure name, and record version. "
        "A higher record version must be specified in order to update the measure value. "
        "Specifying record version is supported by the latest SDKs."
    )
