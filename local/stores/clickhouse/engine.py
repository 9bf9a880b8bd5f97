"""ClickHouse in this process: chdb, in one folder, a connection a request.

chdb is the engine of a ClickHouse server without its users, its network and its cluster.
https://clickhouse.com/docs/chdb
"""

import contextlib
import fcntl
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from local.stores.clickhouse import statements

# In place of a server's database `default`: chdb's takes the name of a table for a file's.
HOME = "home"
FOLDER = "clickhouse"  # in the directory of tables; dead letters and notes lie beside it
# A laptop is shared: queries and merges take two cores between them, whatever there is.
# Parts that were merged are kept for a minute, not for eight: live traffic makes many.
# The settings after that keep what a server checks at CREATE TABLE true of so small a pool.
CONFIG = """<clickhouse>
  <users_config>{folder}/users.xml</users_config>
  <background_pool_size>2</background_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <background_buffer_flush_schedule_pool_size>1</background_buffer_flush_schedule_pool_size>
  <background_distributed_schedule_pool_size>1</background_distributed_schedule_pool_size>
  <background_message_broker_schedule_pool_size>1</background_message_broker_schedule_pool_size>
  <mark_cache_size>268435456</mark_cache_size>
  <merge_tree>
    <old_parts_lifetime>60</old_parts_lifetime>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>2</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_mutation>2</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>2</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
  </merge_tree>
</clickhouse>
"""
# As a server has it, where chdb has something else. Files and addresses beside the tables are out
# of reach: any page in a browser can send a request to a port of this machine.
USERS = """<clickhouse>
  <profiles><default>
    <max_threads>2</max_threads>
    <async_insert>0</async_insert>
    <allow_introspection_functions>0</allow_introspection_functions>
    <implicit_select>0</implicit_select>
  </default></profiles>
  <quotas><default/></quotas>
  <users><default>
    <password/><profile>default</profile><quota>default</quota>
    <networks><ip>::/0</ip></networks>
    <grants>
      <query>GRANT ALL ON *.*</query>
      <query>REVOKE SOURCES, CREATE FUNCTION, CREATE DICTIONARY, BACKUP ON *.*</query>
      <query>REVOKE SYSTEM SHUTDOWN ON *.*</query>
      <query>REVOKE TABLE ENGINE ON *</query>
    </grants>
  </default></users>
</clickhouse>
"""


# Formats of rows that are no text.
_BINARY = {
    *("Native", "RowBinary", "RowBinaryWithNames", "RowBinaryWithNamesAndTypes", "MsgPack"),
    *("Parquet", "Arrow", "ArrowStream", "ORC", "Avro", "Protobuf", "ProtobufSingle", "CapnProto"),
    *("BSONEachRow", "Npy", "RowBinaryWithDefaults", "ProtobufList"),
}


class EngineError(Exception):
    """What the engine refuses, in its words: ``Code: 60. DB::Exception: … (UNKNOWN_TABLE)``."""

    def __init__(self, text: str) -> None:
        # Its Python side puts words of its own before, and says its version now and then.
        text = text[max(0, text.find("Code: ")) :].strip()
        super().__init__(re.sub(r"(?: \(version [^()]*\))+$", "", text))
        code = re.match(r"Code: (\d+)", text)
        name = re.search(r"\(([A-Z][A-Z0-9_]+)\)$", str(self))
        self.code = int(code.group(1)) if code else 1002
        self.name = name.group(1) if name else "UNKNOWN_EXCEPTION"


def refusal(code: int, name: str, sentence: str) -> EngineError:
    """Return a refusal of the endpoint's own, in the engine's form."""
    return EngineError(f"Code: {code}. DB::Exception: {sentence} ({name})")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement gave; of an INSERT, rows and bytes of views are counted, too."""

    body: bytes
    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    seconds: float = 0.0


class Engine:
    """The engine over a folder, which is made. One a process, and one process a folder."""

    def __init__(self, folder: Path) -> None:
        """Open the folder. Raises OSError when another process has it open, or it cannot be used.

        The process works in the folder from then on: chdb takes paths as parts of a URL, and
        a relative one has no character in it that means something there.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = (folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OSError("open in another process") from None
        os.chdir(folder)
        (folder / "config.xml").write_text(CONFIG.format(folder="."), encoding="utf-8")
        (folder / "users.xml").write_text(USERS, encoding="utf-8")
        chdb: Any = import_module("chdb")  # it has no types

        self._connect: Callable[[], Any] = lambda: chdb.connect("tables?config-file=config.xml")
        try:
            self._first = self._connect()  # the engine ends with its last connection
        except Exception as error:
            raise OSError(str(error)) from None
        with self.session() as session:
            session.query(f"CREATE DATABASE IF NOT EXISTS {HOME}")
            answer = session.query("SELECT version(), timezone(), hostName()", "TSVRaw").body
        self.version, self.timezone, self.host = answer.decode().rstrip("\n").split("\t")

    def session(self) -> "Session":
        """Return a new session; sessions do not wait for each other."""
        return Session(self._connect())

    def close(self) -> None:
        """Finish what was begun, and end."""
        self._first.close()
        self._lock.close()


class Session:
    """One connection: its database and settings are its own."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def use(self, database: str) -> None:
        """Make this the database of names that have none; "" and "default" are HOME."""
        name = HOME if database in ("", "default") else database
        self.query(f"USE {statements.identifier(name)}")

    def set(self, settings: Mapping[str, str]) -> None:
        """Change settings by name, in this order."""
        for name, value in settings.items():
            if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
                raise refusal(115, "UNKNOWN_SETTING", f"Unknown setting '{name}'.")
            self.query(f"SET {name} = {statements.text(value)}")

    def query(
        self, sql: str, form: str = "TabSeparated", parameters: Mapping[str, str] | None = None
    ) -> Answer:
        """Carry out a statement; ``form`` is the format of an answer that names none."""
        try:
            result = self._connection.query(sql, form, params=dict(parameters or {}))
        except Exception as error:
            raise EngineError(str(error)) from None
        return Answer(
            bytes(result.bytes()),
            result.rows_read(),
            result.bytes_read(),
            result.rows_written(),
            result.bytes_written(),
            result.elapsed(),
        )

    def insert(self, sql: str, form: str, parts: Sequence[bytes]) -> Answer:
        """Carry out an INSERT, up to its FORMAT, whose rows come in this format.

        All of them are written, or none: a block is as large as an insert may be here. Rows that
        are no text have a way of their own into the engine, on which it says nothing of a CHECK
        that they break and of a view that fails: it is refused where there is one.
        """
        body = b"".join(parts)
        with contextlib.suppress(UnicodeDecodeError):
            if body and form not in _BINARY:
                done = self.query(f"{sql} FORMAT {form}\n{body.decode()}")
                return replace(done, read_rows=0, read_bytes=0)
        if body:
            self._refuse_checked(sql, form)
        try:
            inserter = self._connection.send_insert(sql, form)
            with inserter:
                if body:
                    inserter.append(body)
                done = inserter.finish()
        except Exception as error:
            raise EngineError(str(error)) from None
        return Answer(
            b"",
            written_rows=done.rows_written,
            written_bytes=done.bytes_written,
            seconds=done.elapsed,
        )

    def _refuse_checked(self, sql: str, form: str) -> None:
        names = statements.inserted(sql)
        if names is None:
            return
        database, name = names
        where = f"database = {statements.text(database) if database else 'currentDatabase()'}"
        found = self.query(
            "SELECT create_table_query LIKE '%CONSTRAINT%' OR notEmpty(dependencies_table) "
            f"FROM system.tables WHERE {where} AND name = {statements.text(name)}"
        )
        if found.body.strip() == b"1":
            raise refusal(
                48,
                "NOT_IMPLEMENTED",
                f"This stand-in takes only text in UTF-8 for {name}, which has a CHECK or views, "
                f"not {form}: use TabSeparated or JSONEachRow.",
            )
