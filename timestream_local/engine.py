"""Runs queries: results in pages, cancelling, timeouts.

A query runs on a thread with a DuckDB connection of its own, so queries do not wait for each
other. A page is made when it is asked for. A query that takes long answers with empty pages and a
NextToken until it has rows, as the service does.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import duckdb

from timestream_local import limits, results, statements
from timestream_local.compiler import compile_query, prepare_query
from timestream_local.dialect import lift
from timestream_local.errors import (
    ConflictError,
    QueryExecutionError,
    ServiceError,
    ValidationError,
)
from timestream_local.outputs import Compiled, Output
from timestream_local.store import Store
from timestream_local.values import NOW

FIRST_ANSWER_SECONDS = 5.0  # a query that takes longer answers with an empty page first
BATCH_ROWS, BATCH_NESTED_ROWS = 2_000, 50  # an array or a series can be long
KEPT_QUERIES = 500
KEPT_BYTES = 128 << 20  # of last pages, and of rows that wait to be sent
KEPT_TOKENS = 10_000
CACHED_PLANS = 500


class Run:
    """One query: its columns, and its rows page by page."""

    def __init__(self, sql: str, max_rows: int | None) -> None:
        self.id = secrets.token_hex(16).upper()
        self.sql = sql
        self.max_rows = max_rows
        self.started = time.monotonic()
        self.columns: tuple[Output, ...] = ()
        self.cursor: duckdb.DuckDBPyConnection | None = None
        self.planned = threading.Event()  # columns are there, or error is
        self.ready = threading.Event()  # columns and rows are there, or error is
        self.error: ServiceError | None = None
        self.cancelled = False
        self.finished = False
        self.lock = threading.Lock()
        self.pages: OrderedDict[int, tuple[results.Rows, bool]] = OrderedDict()
        self.uses: dict[int, int] = {}
        self.bytes = 0  # that were sent
        self.held = 0  # that are kept
        self._texts: list[str] = []  # fetched rows as JSON; those up to _at are sent
        self._at = 0
        self._writers: list[results.Writer] = []
        self._batch = BATCH_ROWS
        self.next_page = 0

    def have(self, columns: tuple[Output, ...], rows: list[tuple[Any, ...]] | None = None) -> None:
        """Take the columns, and the rows; without rows, fetch the first from the cursor."""
        self.columns = columns
        self._writers = [results.writer(column.type) for column in columns]
        if any(column.type.args for column in columns):
            self._batch = BATCH_NESTED_ROWS
        if rows is None:
            self._fetch()
        else:
            self._texts = results.row_texts(self._writers, rows)

    def page(self) -> tuple[results.Rows, bool]:
        """Return the next page's rows and whether there are more."""
        out: list[str] = []
        used, full = 0, False
        most = self.max_rows or 1 << 60
        while not full and len(out) < most and (self._at < len(self._texts) or self._fetch()):
            for text in self._texts[self._at : self._at + most - len(out)]:
                width = len(text) + 1
                if width > limits.PAGE_BYTES:
                    raise QueryExecutionError("A row of the result is larger than 1 MB.")
                if full := used + width > limits.PAGE_BYTES:
                    break
                used += width
                out.append(text)
                self._at += 1
        self.bytes += used
        more = self._at < len(self._texts) or self._fetch()
        if not more:
            self._texts, self._at = [], 0
        return results.Rows(f"[{','.join(out)}]"), more

    def keep(self, number: int, rows: results.Rows, more: bool) -> None:
        """Keep a page that may be asked for again, and forget those before the last two."""
        self.pages[number] = rows, more
        while len(self.pages) > 2:
            self.pages.popitem(last=False)
        self.held = sum(len(kept.json) for kept, _ in self.pages.values())
        self.held += sum(map(len, self._texts))
        self.next_page = number + 1
        self.finished = not more

    def _fetch(self) -> bool:
        if self.cursor is None:
            return False
        rows = self.cursor.fetchmany(self._batch)
        self._texts, self._at = results.row_texts(self._writers, rows), 0
        if not rows:
            self.cursor.close()
            self.cursor = None
        return bool(rows)


class Engine:
    """Runs queries against a store."""

    def __init__(
        self,
        store: Store,
        timeout: float,
        first_answer: float = FIRST_ANSWER_SECONDS,
        threads: int = 16,
    ) -> None:
        self.store = store
        self.timeout = timeout
        self.first_answer = first_answer
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="query")
        self._runs: OrderedDict[str, Run] = OrderedDict()
        # By client token: when it came, the run it started, and a hash of the query. Every SDK
        # sends a token with each query, so a token must not keep its run's rows.
        self._tokens: OrderedDict[str, tuple[float, str, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._plans: OrderedDict[tuple[str, int], tuple[Compiled, tuple[int, ...]]] = OrderedDict()

    def close(self) -> None:
        """Stop every query."""
        for run in list(self._runs.values()):
            self._interrupt(run)
        self._pool.shutdown(wait=True, cancel_futures=True)
        for run in list(self._runs.values()):
            run.planned.set()  # for those that wait for one that will not run

    # -- the operations

    def query(self, request: dict[str, Any]) -> dict[str, Any]:
        """Carry out Query: start it, or go on with the page a NextToken names."""
        sql, max_rows = request["QueryString"], request.get("MaxRows")
        token = request.get("NextToken")
        if token is not None:
            run, number = self._resume(sql, token)
        else:
            run, number = self._start(sql, max_rows, request.get("ClientToken")), 0
        if not run.ready.wait(self.first_answer):
            # The columns are in every answer: Grafana's plugin takes them from the first.
            run.planned.wait()
            if not run.ready.is_set():
                # A token that came before would end boto3's paginator with an error.
                token = f"{self._token(run, number)}.{secrets.token_hex(4)}"
                return self._answer(run, results.Rows("[]"), token)
        if run.error is not None:
            raise run.error
        with run.lock:
            if number not in run.pages:
                if number != run.next_page:
                    raise ValidationError("The NextToken is no longer valid.")
                self._make_page(run, number)
            rows, more = run.pages[number]
        return self._answer(run, rows, self._token(run, number + 1) if more else None)

    def _make_page(self, run: Run, number: int) -> None:
        try:
            rows, more = run.page()
        except duckdb.Error as error:
            run.error = self._failure(run, error)
            raise run.error from None
        run.keep(number, rows, more)

    def _answer(self, run: Run, rows: results.Rows, token: str | None) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "QueryId": run.id,
            "Rows": rows,
            "ColumnInfo": [results.column_info(c.name, c.type) for c in run.columns],
            "QueryStatus": {
                "ProgressPercentage": 100.0 if token is None else 50.0,
                "CumulativeBytesScanned": run.bytes,
                "CumulativeBytesMetered": max(run.bytes, 10_000_000),
            },
        }
        if token is not None:
            answer["NextToken"] = token
        return answer

    def _token(self, run: Run, number: int) -> str:
        return f"{run.id}.{number}"

    def _resume(self, sql: str, token: str) -> tuple[Run, int]:
        run_id, number, *_ = [*token.split("."), ""]
        run = self._runs.get(run_id)
        if run is None or not number.isdigit():
            raise ValidationError("The NextToken is not valid.")
        if time.monotonic() - run.started > limits.TOKEN_SECONDS:
            raise ValidationError("The NextToken has expired.")
        if run.sql != sql:
            raise ValidationError("The NextToken belongs to another query string.")
        page = int(number)
        if run.ready.is_set():
            run.uses[page] = run.uses.get(page, 0) + 1
            if run.uses[page] > limits.TOKEN_USES:
                raise ValidationError("The NextToken has been used too often.")
        return run, page

    def _start(self, sql: str, max_rows: int | None, client_token: str | None) -> Run:
        now = time.monotonic()
        with self._lock:
            if client_token is not None and client_token in self._tokens:
                since, run_id, asked = self._tokens[client_token]
                if now - since < limits.CLIENT_TOKEN_SECONDS:
                    if now - since > limits.SAME_ANSWER_SECONDS:
                        raise ValidationError("The ClientToken was used before; take a new one.")
                    if asked != hash((sql, max_rows)):
                        raise ConflictError("The ClientToken was used for another query.")
                    if run_id in self._runs:  # else its answer is gone, and is made again
                        return self._runs[run_id]
            run = Run(sql, max_rows)
            self._runs[run.id] = run
            if client_token is not None:
                self._tokens[client_token] = (now, run.id, hash((sql, max_rows)))
                while len(self._tokens) > KEPT_TOKENS:
                    self._tokens.popitem(last=False)
            held = sum(kept.held for kept in self._runs.values())
            while len(self._runs) > 1 and (len(self._runs) > KEPT_QUERIES or held > KEPT_BYTES):
                _, old = self._runs.popitem(last=False)
                held -= old.held
                self._interrupt(old)
        self._pool.submit(self._run, run)
        return run

    def cancel(self, run_id: str) -> dict[str, Any]:
        """Carry out CancelQuery."""
        run = self._runs.get(run_id)
        if run is None:
            raise ValidationError(f"The query {run_id} does not exist.")
        if run.finished or run.error is not None:
            return {"CancellationMessage": f"The query {run_id} has ended already."}
        self._interrupt(run)
        return {"CancellationMessage": f"The query {run_id} has been cancelled."}

    def prepare(self, sql: str) -> dict[str, Any]:
        """Carry out PrepareQuery."""
        if statements.is_statement(sql):
            raise ValidationError("Only a SELECT statement can be prepared.")
        compiled, kinds = prepare_query(sql, self.store)
        columns = []
        for column in compiled.columns:
            info = results.column_info(column.name, column.type)
            info["Aliased"] = column.aliased
            if column.source:
                info["DatabaseName"], info["TableName"] = column.source
            columns.append(info)
        parameters = [results.column_info(name, kind) for name, kind in kinds.items()]
        return {"QueryString": sql, "Columns": columns, "Parameters": parameters}

    # -- on a thread of the pool

    def _run(self, run: Run) -> None:
        timer = threading.Timer(self.timeout, self._time_out, [run])
        timer.daemon = True
        timer.start()
        try:
            self._execute(run)
        except ServiceError as error:
            run.error = error
        except duckdb.Error as error:
            run.error = self._failure(run, error)
        except RecursionError:
            run.error = ValidationError("The query is nested too deeply.")
        except Exception as error:
            run.error = ServiceError(f"The query failed: {type(error).__name__}")
        finally:
            timer.cancel()
            run.ready.set()
            run.planned.set()

    def _execute(self, run: Run) -> None:
        if statements.is_statement(run.sql):
            answer = statements.answer(run.sql, self.store)
            run.have(answer.columns, answer.rows)
            return
        compiled, parameters = self.plan(run.sql)
        run.columns = compiled.columns
        run.planned.set()
        self.store.flush()  # after planning, so that DuckDB has every column of the plan
        run.cursor = self.store.cursor()
        if run.cancelled:
            raise QueryExecutionError("The query was cancelled.")
        run.cursor.execute(compiled.sql, parameters)
        run.have(compiled.columns)

    def plan(self, sql: str) -> tuple[Compiled, dict[str, int] | None]:
        """Return the DuckDB text of a query and its parameters.

        Translations are kept for the schema they were made for. A query that differs from an
        earlier one only in long numbers, like that of a refreshed panel, is not translated again.
        """
        blanked, places, numbers = lift(sql)
        key = (blanked, self.store.version)
        found = self._plans.get(key)
        if found is None:
            compiled = compile_query(sql, self.store, places)
            if set(compiled.lifted) == set(places):
                found = (compiled, tuple(numbers))
                with self._lock:
                    self._plans[key] = found
                    while len(self._plans) > CACHED_PLANS:
                        self._plans.popitem(last=False)
            else:  # a number stands where it cannot be a parameter
                found = (compile_query(sql, self.store), ())
        compiled, names = found
        # Numbers are in the order of their first occurrence, in every text of this plan.
        parameters = {
            f"p{name}": number for name, number in zip(names, numbers.values(), strict=False)
        }
        if compiled.uses_now:
            parameters[NOW[1:]] = time.time_ns()
        return compiled, parameters or None

    def _time_out(self, run: Run) -> None:
        run.error = QueryExecutionError(f"The query timed out after {self.timeout:g} seconds.")
        self._interrupt(run)

    @staticmethod
    def _interrupt(run: Run) -> None:
        run.cancelled = True
        if run.cursor is not None:
            run.cursor.interrupt()

    @staticmethod
    def _failure(run: Run, error: duckdb.Error) -> ServiceError:
        if run.error is not None:
            return run.error
        if isinstance(error, duckdb.InterruptException):
            return QueryExecutionError("The query was cancelled.")
        text = str(error).split("\n\nLINE")[0].split("\n")[0]
        text = text.partition(": ")[2] or text
        text = text.partition(" in expression ")[0].partition(" Use TRY")[0]
        if isinstance(
            error, (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)
        ):
            return ValidationError(f"The query cannot be run: {text}")
        return QueryExecutionError(text)
