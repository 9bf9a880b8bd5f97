"""Starting and stopping the endpoint: in this process, or as a child of it."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self

from timestream_local import amounts

if TYPE_CHECKING:
    from timestream_local.store import Store

QUERY_LOG = "TIMESTREAM_QUERY_LOG"
_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class _Child:
    """A process, and this end of its two pipes."""

    process: subprocess.Popen[str]
    orders: IO[str]  # its standard input
    answers: IO[str]  # its standard output

    @classmethod
    def start(cls, command: Sequence[str], environment: Mapping[str, str]) -> _Child:
        """Start a process in a session of its own; raises OSError."""
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,
        )
        assert process.stdin is not None  # as PIPE asks for
        assert process.stdout is not None
        return cls(process, process.stdin, process.stdout)


class Server:
    """A Timestream endpoint in a process of its own, for as long as the `with` block lasts.

    The child reads a pipe from this process and stops when it closes, so it does not outlive its
    parent, however that ends.
    """

    command: Sequence[str] = (sys.executable, "-m", "timestream_local")

    def __init__(
        self,
        data: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        auth: bool = True,
        query_timeout: float = 60.0,
        first_answer: float = 5.0,
    ) -> None:
        """Say where to listen (port 0: any free one) and where to keep data (None: in memory).

        A query that is not done after `first_answer` seconds answers with an empty page and a
        NextToken, as the service does; after `query_timeout` seconds it fails.
        """
        self._arguments = ["--host", host, "--port", str(port), "--parent"]
        self._arguments += ["--query-timeout", str(query_timeout)]
        self._arguments += ["--first-answer", str(first_answer)]
        if data is not None:
            self._arguments += ["--data", str(data)]
        if not auth:
            self._arguments.append("--no-auth")
        self._child: _Child | None = None
        self.url = ""

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._running().process.pid

    def _running(self) -> _Child:
        if self._child is None:
            raise RuntimeError("the server is not running")
        return self._child

    def __enter__(self) -> Self:
        path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        command = [*self.command, *self._arguments]
        self._child = _Child.start(command, {**os.environ, "PYTHONPATH": path})
        line = self._child.answers.readline().strip()
        if not line.startswith("http"):
            self.stop()
            raise OSError(line or "the Timestream endpoint did not start")
        self.url = line
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def delete_rows(self, database: str, table: str, start: float, end: float) -> None:
        """Have the rows of a table from ``start`` until before ``end``, epoch seconds, deleted.

        The service has no such call; an emulator that is left running needs it. Returns at once.
        """
        orders = self._running().orders
        orders.write(json.dumps([database, table, round(start * 1e9), round(end * 1e9)]) + "\n")
        orders.flush()

    def stop(self) -> None:
        """Let the child finish its work and end."""
        child, self._child = self._child, None
        if child is None:
            return
        child.orders.close()
        try:
            child.process.wait(30)
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()
        child.answers.close()

    def kill(self) -> None:
        """End the child as a crash would: SIGKILL, nothing finished."""
        if self._child is not None:
            os.kill(self._child.process.pid, signal.SIGKILL)
            self._child.process.wait()
            self.stop()


def arguments() -> argparse.ArgumentParser:
    """Return the parser of `python -m timestream_local`."""
    parser = argparse.ArgumentParser(
        prog="python -m timestream_local",
        description="Serve Timestream for LiveAnalytics' write and query API from this machine.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=amounts.port, default=8086, help="0 takes any free port")
    parser.add_argument("--data", type=Path, help="folder to keep data in; without it, in memory")
    parser.add_argument("--no-auth", action="store_true", help="take unsigned requests too")
    parser.add_argument(
        "--query-timeout",
        type=amounts.amount(beyond=True),
        default=60.0,
        help="seconds a query may run (default 60)",
    )
    parser.add_argument(
        "--first-answer",
        type=amounts.amount(),
        default=5.0,
        help="seconds until a query that is not done answers with an empty page (default 5)",
    )
    parser.add_argument(
        "--query-log",
        type=Path,
        default=os.environ.get(QUERY_LOG) or None,
        metavar="FILE",
        help="append a line of JSON for each query: when it began and ended (default: the variable "
        f"{QUERY_LOG})",
    )
    parser.add_argument("--parent", action="store_true", help=argparse.SUPPRESS)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Serve until interrupted."""
    options = arguments().parse_args(argv)
    try:
        asyncio.run(_serve(options))
    except OSError as error:
        # the parent reads the first line of standard output
        print(_start_problem(options, error), file=sys.stdout if options.parent else sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def _start_problem(options: argparse.Namespace, error: OSError) -> str:
    if error.errno in (98, 48):
        return f"Port {options.port} is in use; choose another with --port (0 takes any free one)."
    return f"The endpoint cannot start: {error}"


async def _serve(options: argparse.Namespace) -> None:
    # imported here, so that importing Server costs a client next to nothing
    import duckdb

    from timestream_local.engine import Engine
    from timestream_local.http import Endpoint, serve
    from timestream_local.service import Service
    from timestream_local.store import Store

    try:
        store = Store(options.data)
    except duckdb.IOException as error:
        if "lock" not in str(error):
            raise OSError(str(error)) from None
        raise OSError(
            f"{options.data} is open in another process; stop that one, or name another folder "
            "with --data"
        ) from None
    engine = Engine(store, options.query_timeout, options.first_answer)
    log = None
    if options.query_log is not None:
        try:
            log = options.query_log.open("a", encoding="utf-8")
        except OSError as error:
            store.close()
            raise OSError(f"{options.query_log} cannot be written: {error.strerror}") from None
    endpoint = Endpoint(Service(store, engine), auth=not options.no_auth, log=log)
    # Few objects here are in cycles. Looking for them after every 700 takes a twentieth of a write.
    gc.set_threshold(100_000, 20, 100)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        server = await serve(endpoint, options.host, options.port)
        host, port = server.sockets[0].getsockname()[:2]
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        endpoint.service.address = f"http://{shown}:{port}"
        print(endpoint.service.address, flush=True)
        if options.parent:
            parent = threading.Thread(target=_heed_parent, args=(loop, store, stop), daemon=True)
            parent.start()
        tasks = [asyncio.create_task(_sync(store)), asyncio.create_task(_expire(store))]
        await stop.wait()
        for task in tasks:
            task.cancel()
        server.close()
    finally:
        engine.close()
        endpoint.pool.shutdown(wait=True, cancel_futures=True)
        store.close()
        if log is not None:
            log.close()


async def _expire(store: Store) -> None:
    """Drop rows past their retention once a minute; here, where writes are carried out."""
    while True:
        store.expire(time.time_ns())
        await asyncio.sleep(60)


async def _sync(store: Store) -> None:
    """Force the journal to the disk once a second."""
    while True:
        await asyncio.sleep(1)
        await asyncio.to_thread(store.sync)


def _heed_parent(loop: asyncio.AbstractEventLoop, store: Store, stop: asyncio.Event) -> None:
    """Delete the rows that the parent names on standard input; stop when it closes."""
    for line in sys.stdin:
        loop.call_soon_threadsafe(store.delete_rows, *json.loads(line))
    loop.call_soon_threadsafe(stop.set)
