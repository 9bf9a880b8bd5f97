"""Databases, tables and rows, on DuckDB.

Rows are in a DuckDB database of their own, attached as `data`: a file, or memory that DuckDB
compresses like a file. The macros of queries are in another one, and made at every start.

A write is checked, compared with stored records in an in-memory index, and put in the journal. Its
rows stay in memory until there are enough or a query needs them. Then they enter DuckDB as one
batch, in one transaction with the journal's place. So an acknowledged record is always either in
DuckDB or in the journal after that place, never in both and never in neither.
"""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from timestream_local import limits, macros, types
from timestream_local.catalog import Column, Table, fixed_columns
from timestream_local.errors import (
    ConflictError,
    NotFoundError,
    QuotaError,
    RejectedRecordsError,
    ValidationError,
)
from timestream_local.journal import Journal
from timestream_local.records import Record, Rejection, merge
from timestream_local.tables import TableStore, VersionConflict, Window, version_reason

FLUSH_ROWS = 20_000
# Rows are compressed when a full row group is new. They are five times smaller then, and twice as
# fast to read, because texts become dictionaries. https://duckdb.org/docs/stable/internals/storage
COMPRESS_ROWS = 122_880
_ARROW = {
    types.DOUBLE: pa.float64(),
    types.BIGINT: pa.int64(),
    types.VARCHAR: pa.string(),
    types.BOOLEAN: pa.bool_(),
    types.TIMESTAMP: pa.int64(),
}
# Columns of the store's own: identity hash, content hash, version.
_OWN = {"h": pa.uint64(), "v": pa.uint64(), "n": pa.int64(), "m": pa.string(), "t": pa.int64()}


class Store:
    """All state of the endpoint; safe to use from several threads."""

    def __init__(self, folder: Path | None) -> None:
        """Open or create the data under `folder`, or in memory."""
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self.version = 0
        self._databases: dict[str, dict[str, Any]] = {}
        self._tables: dict[tuple[str, str], TableStore] = {}
        self._swap = threading.Lock()  # for pending rows, the journal's place, uncompressed rows
        self._flush = threading.Lock()  # one batch enters DuckDB at a time
        self._uncompressed = 0  # rows that came since the last time
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("SET enable_progress_bar = false")
        # This optimizer makes sum(count(*)) OVER (PARTITION BY ...) read the table twice.
        self._connection.execute("SET disabled_optimizers = 'window_self_join'")
        self._connection.execute(macros.text())
        if folder is not None:
            file = str(folder / "timestream.duckdb").replace("'", "''")
            self._connection.execute(f"ATTACH '{file}' AS data")
        else:
            self._connection.execute("ATTACH ':memory:' AS data (COMPRESS)")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS data.catalog (kind VARCHAR, name VARCHAR, body VARCHAR)"
        )
        self._connection.execute("CREATE SEQUENCE IF NOT EXISTS data.table_number")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")
        self._journal = Journal(folder / "journal") if folder else None
        self._load()

    # -- starting and stopping

    def _load(self) -> None:
        place = (0, 0)
        rows = self._connection.execute("SELECT kind, name, body FROM data.catalog").fetchall()
        for kind, name, body in rows:
            data = json.loads(body)
            if kind == "database":
                self._databases[name] = data
            elif kind == "table":
                self._load_table(data)
            elif kind == "place":
                place = tuple(data)
        if self._journal is not None:
            for body, now in self._journal.since(place):
                try:
                    self.write(json.loads(body), body, now, replay=True)
                except (ValidationError, NotFoundError, RejectedRecordsError):
                    continue
            self.flush()

    def _load_table(self, data: dict[str, Any]) -> None:
        table = Table(
            data["database"],
            data["name"],
            f"data.{data['physical']}",
            properties=data["properties"],
        )
        for name, kind, attribute, physical in data["columns"]:
            table.columns[name] = Column(name, types.SCALARS[kind], attribute, physical)
        for name, kind, dimensions in data["measures"]:
            table.measures[name, kind] = frozenset(dimensions)
        kept = TableStore(table)
        kept.stored_columns = {c.physical for c in table.columns.values()}
        cursor = self._connection.execute(f"SELECT h, v FROM {table.physical}")
        while rows := cursor.fetchmany(100_000):
            for identity, content in rows:
                kept.index.put(identity, content)
        self._tables[table.database, table.name] = kept

    def close(self) -> None:
        """Bring everything into DuckDB and close it."""
        self.flush()
        if self._journal is not None:
            self._journal.close()
        self._connection.close()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection of its own to the same data."""
        return self._connection.cursor()

    def _save(self, cursor: duckdb.DuckDBPyConnection, kind: str, name: str, body: Any) -> None:
        cursor.execute("DELETE FROM data.catalog WHERE kind = ? AND name = ?", [kind, name])
        if body is not None:
            cursor.execute(
                "INSERT INTO data.catalog VALUES (?, ?, ?)", [kind, name, json.dumps(body)]
            )

    def _save_table(self, cursor: duckdb.DuckDBPyConnection, table: Table) -> None:
        body = {
            "database": table.database,
            "name": table.name,
            "physical": table.physical.removeprefix("data."),
            "properties": table.properties,
            "columns": [
                [c.name, c.type.name, c.attribute, c.physical] for c in table.columns.values()
            ],
            "measures": [[n, k, sorted(d)] for (n, k), d in table.measures.items()],
        }
        self._save(cursor, "table", f"{table.database} {table.name}", body)

    # -- the catalog

    def table(self, database: str, name: str) -> Table | None:
        """Return a table, or None."""
        kept = self._tables.get((database, name))
        return kept.table if kept else None

    def databases(self) -> list[str]:
        """Return the databases' names, sorted."""
        return sorted(self._databases)

    def tables(self, database: str) -> list[str] | None:
        """Return a database's tables, sorted; None when there is no such database."""
        if database not in self._databases:
            return None
        return sorted(name for owner, name in self._tables if owner == database)

    def database_properties(self, name: str) -> dict[str, Any]:
        """Return a database's properties; raises NotFoundError."""
        if name not in self._databases:
            raise NotFoundError(f"The database {name} does not exist.")
        return self._databases[name]

    def table_properties(self, database: str, name: str) -> dict[str, Any]:
        """Return a table's properties; raises NotFoundError."""
        self.database_properties(database)
        return self._kept(database, name).table.properties

    def _kept(self, database: str, name: str) -> TableStore:
        kept = self._tables.get((database, name))
        if kept is None:
            raise NotFoundError(f"The table {name} does not exist.")
        return kept

    def create_database(self, name: str, properties: dict[str, Any]) -> None:
        """Add a database; raises ConflictError, QuotaError."""
        if name in self._databases:
            raise ConflictError(f"Database {name} already exists.")
        if len(self._databases) >= limits.DATABASES:
            raise QuotaError(f"An account can have {limits.DATABASES} databases.")
        self._databases[name] = properties
        self._save(self.cursor(), "database", name, properties)

    def update_database(self, name: str, properties: dict[str, Any]) -> None:
        """Replace a database's properties."""
        self.database_properties(name)
        self._databases[name] = properties
        self._save(self.cursor(), "database", name, properties)

    def delete_database(self, name: str) -> None:
        """Remove an empty database."""
        self.database_properties(name)
        if self.tables(name):
            raise ValidationError(f"The database {name} still has tables; delete them first.")
        del self._databases[name]
        self._save(self.cursor(), "database", name, None)

    def create_table(self, database: str, name: str, properties: dict[str, Any]) -> None:
        """Add a table; raises NotFoundError, ConflictError, QuotaError."""
        self.database_properties(database)
        if (database, name) in self._tables:
            raise ConflictError(f"Table {name} already exists.")
        if len(self._tables) >= limits.TABLES:
            raise QuotaError(f"An account can have {limits.TABLES} tables.")
        cursor = self.cursor()
        [(number,)] = cursor.execute("SELECT nextval('data.table_number')").fetchall()
        table = Table(database, name, f"data.t{number}", fixed_columns(), properties=properties)
        cursor.execute("BEGIN")
        cursor.execute(
            f"CREATE TABLE {table.physical} (h UBIGINT, v UBIGINT, n BIGINT, m VARCHAR, t BIGINT)"
        )
        self._save_table(cursor, table)
        cursor.execute("COMMIT")
        self._tables[database, name] = TableStore(table)
        self.version += 1

    def update_table(self, database: str, name: str, properties: dict[str, Any]) -> None:
        """Replace a table's properties."""
        kept = self._kept(database, name)
        kept.table.properties = properties
        self._save_table(self.cursor(), kept.table)

    def delete_table(self, database: str, name: str) -> None:
        """Remove a table and its rows."""
        self.database_properties(database)
        kept = self._kept(database, name)
        self.flush()
        with self._flush:
            del self._tables[database, name]
            cursor = self.cursor()
            cursor.execute("BEGIN")
            cursor.execute(f"DROP TABLE {kept.table.physical}")
            self._save(cursor, "table", f"{database} {name}", None)
            cursor.execute("COMMIT")
        self.version += 1

    # -- writing

    def write(
        self, request: dict[str, Any], body: bytes, now: int, replay: bool = False
    ) -> tuple[dict[str, int], int]:
        """Carry out WriteRecords; return the number of records by store, and of those dropped.

        The magnetic store drops a record whose identity it has with other values.
        Raises ValidationError and NotFoundError when nothing is written, RejectedRecordsError
        when some records are not.
        """
        database, name = request["DatabaseName"], request["TableName"]
        self.database_properties(database)
        kept = self._kept(database, name)
        records = merge(request)
        rejected: list[dict[str, Any]] = []
        rows: list[dict[str, Any]] = []
        counts = {"MemoryStore": 0, "MagneticStore": 0}
        dropped = 0
        window = Window(kept.table.properties, now)
        for position, record in enumerate(records):
            try:
                if isinstance(record, Rejection):
                    raise record
                window.check(record)
                place = window.place(record.time)
                row = self._admit(kept, record, rows)
            except VersionConflict as conflict:
                if place == "MemoryStore":
                    rejected.append(
                        {
                            "RecordIndex": position,
                            "Reason": str(conflict),
                            "ExistingVersion": conflict.existing,
                        }
                    )
                else:  # the magnetic store accepts it, and reports the conflict elsewhere
                    counts[place] += 1
                    dropped += 1
                continue
            except Rejection as rejection:
                rejected.append({"RecordIndex": position, "Reason": str(rejection)})
                continue
            if row is not None:
                rows.append(row)
            counts[place] += 1
        if rows:
            self._keep(kept, rows, body, now, replay)
        if rejected:
            raise RejectedRecordsError(
                "One or more records have been rejected. See RejectedRecords for details.",
                RejectedRecords=rejected,
            )
        return {"Total": len(records), **counts}, dropped

    def _keep(
        self, kept: TableStore, rows: list[dict[str, Any]], body: bytes, now: int, replay: bool
    ) -> None:
        with self._swap:
            kept.pending.extend(rows)
            if self._journal is not None and not replay:
                self._journal.append(body, now)

    def is_behind(self) -> bool:
        """Whether enough rows wait to be worth a batch, or to be compressed."""
        return self._uncompressed >= COMPRESS_ROWS or any(
            len(kept.pending) >= FLUSH_ROWS for kept in self._tables.values()
        )

    def catch_up(self) -> None:
        """Bring rows into DuckDB and compress them, on a background thread."""
        self.flush()
        if self._uncompressed >= COMPRESS_ROWS:
            self.compress()

    def _admit(
        self, kept: TableStore, record: Record, rows: list[dict[str, Any]]
    ) -> dict[str, Any] | None:
        """Return the row to add for a record; None when it is there already."""
        identity, content = record.hashes()
        known = kept.index.get(identity)
        if known == content:
            return None
        before = kept.table.columns
        row = kept.row(record, identity, content)
        if kept.table.columns is not before:
            self.version += 1
        if known is not None and not self._replaces(kept, record, row, rows):
            return None
        kept.index.put(identity, content)
        return row

    def _replaces(
        self, kept: TableStore, record: Record, row: dict[str, Any], rows: list[dict[str, Any]]
    ) -> bool:
        """Decide about a record whose identity exists with another version or other values.

        Returns whether its row replaces the older one, which the next batch deletes.
        """
        with self._swap:
            kept.pending.extend(rows)
        rows.clear()
        self.flush()
        found = self.cursor().execute(
            f"SELECT * FROM {kept.table.physical} WHERE h = ? AND t = ?", [row["h"], row["t"]]
        )
        names = [column[0] for column in found.description]
        stored = found.fetchall()[0]  # it exists: the index has it
        old = dict(zip(names, stored, strict=True))
        own = ("v", "n")
        same = all(
            row.get(name) == value for name, value in old.items() if name not in own
        ) and all(name in old for name in row)
        if record.version <= old["n"]:
            if same:
                return False
            raise VersionConflict(version_reason(record.version, old["n"]), old["n"])
        kept.replaced.append(row["h"])
        return True

    def flush(self) -> None:
        """Bring the rows that wait into DuckDB; after this, a query sees every write."""
        if not any(kept.pending for kept in self._tables.values()):
            with self._flush:  # wait for a batch that is entering DuckDB
                return
        with self._flush:
            with self._swap:
                batches = [
                    (kept, kept.pending, kept.replaced)
                    for kept in self._tables.values()
                    if kept.pending
                ]
                for kept, _, _ in batches:
                    kept.pending, kept.replaced = [], []
                place = self._journal.place if self._journal is not None else None
            if not batches:
                return
            try:
                self._commit(batches, place)
            except BaseException:
                with self._swap:  # acknowledged rows are not lost
                    for kept, rows, replaced in batches:
                        kept.pending[:0] = rows
                        kept.replaced[:0] = replaced
                raise
            if self._journal is not None and place is not None:
                self._journal.forget(place)
            with self._swap:
                self._uncompressed += sum(len(rows) for _, rows, _ in batches)

    def expire(self, now: int) -> None:
        """Drop rows older than their table's retention; for the thread that writes.

        https://docs.aws.amazon.com/timestream/latest/developerguide/storage.html
        """
        with self._flush:  # no table is dropped meanwhile
            for kept in list(self._tables.values()):
                retention = kept.table.properties["RetentionProperties"]
                first = now - retention["MagneticStoreRetentionPeriodInDays"] * limits.DAY
                self._delete(kept, -(2**63), first)

    def delete_rows(self, database: str, name: str, start: int, end: int) -> None:
        """Delete a table's rows from ``start`` until before ``end``, nanoseconds since 1970.

        For the thread that writes. The service has no such call; an emulator that is left running
        needs it. Nothing happens for a table that does not exist.
        """
        self.flush()
        with self._flush:
            kept = self._tables.get((database, name))
            if kept is not None:
                self._delete(kept, start, end)

    def _delete(self, kept: TableStore, start: int, end: int) -> None:
        gone = self.cursor().execute(
            f"DELETE FROM {kept.table.physical} WHERE t >= ? AND t < ? RETURNING h", [start, end]
        )
        while identities := gone.fetchmany(100_000):
            for (identity,) in identities:
                kept.index.forget(identity)

    def compress(self) -> None:
        """Compress the rows that are in DuckDB; readers and writers go on meanwhile.

        It does nothing while a batch is entering DuckDB, and is called again later.
        """
        rows = self._uncompressed
        try:
            self.cursor().execute("CHECKPOINT data")
        except duckdb.TransactionException:
            return
        with self._swap:
            self._uncompressed -= rows

    def _commit(
        self,
        batches: list[tuple[TableStore, list[dict[str, Any]], list[int]]],
        place: tuple[int, int] | None,
    ) -> None:
        """Bring batches into DuckDB, with the journal's place, in one transaction."""
        cursor = self.cursor()
        cursor.execute("BEGIN")
        for kept, rows, replaced in batches:
            if replaced:
                listed = ", ".join(map(str, replaced))
                cursor.execute(f"DELETE FROM {kept.table.physical} WHERE h IN ({listed})")
            self._insert(cursor, kept, rows)
        if place is not None:
            self._save(cursor, "place", "", list(place))
        cursor.execute("COMMIT")

    def _insert(
        self, cursor: duckdb.DuckDBPyConnection, kept: TableStore, rows: list[dict[str, Any]]
    ) -> None:
        table = kept.table
        columns = list(table.columns.values())
        for column in columns:
            if column.physical not in kept.stored_columns:
                kind = types.duckdb_name(column.type)
                cursor.execute(f"ALTER TABLE {table.physical} ADD COLUMN {column.physical} {kind}")
                kept.stored_columns.add(column.physical)
        self._save_table(cursor, table)
        arrow = dict(_OWN)
        arrow.update((c.physical, _ARROW[c.type]) for c in columns)
        arrays = [pa.array([row.get(name) for row in rows], kind) for name, kind in arrow.items()]
        batch = pa.Table.from_arrays(arrays, names=list(arrow))
        cursor.register("batch", batch)
        names = ", ".join(arrow)
        cursor.execute(f"INSERT INTO {table.physical} ({names}) SELECT {names} FROM batch")
        cursor.unregister("batch")

    def sync(self) -> None:
        """Force the journal to the disk."""
        if self._journal is not None:
            self._journal.sync()
