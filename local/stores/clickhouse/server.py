"""Starting and stopping the endpoint: in this process, or as a child of it."""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from local import amounts

PORT = 8123  # as a ClickHouse server's
DRAIN_SECONDS = 20.0
INSTALL = (
    "ClickHouse's engine is not installed: `make .venv/clickhouse` does that (a download of 181 MB)"
)
_ROOT = Path(__file__).resolve().parents[3]


class Server:
    """A ClickHouse endpoint in a process of its own, for as long as the `with` block lasts.

    The child reads a pipe from this process and stops when it closes, so it does not outlive its
    parent, however that ends.
    """

    def __init__(
        self,
        data: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        reader: str | None = None,
        password: str = "",
    ) -> None:
        """Say where to listen (port 0: any free one) and where to keep data (None: nowhere).

        The user `default` has this password and may do anything; `reader`, as NAME:PASSWORD, is
        another one, who can only read.
        """
        self._data = data
        self._temporary: str | None = None
        self._arguments = ["--host", host, "--port", str(port), "--parent"]
        self._environment = {"CLICKHOUSE_LOCAL_PASSWORD": password}
        if reader:
            self._environment["CLICKHOUSE_LOCAL_READER"] = reader
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    @property
    def pid(self) -> int:
        """The child's process id."""
        if self._process is None:
            raise RuntimeError("the server is not running")
        return self._process.pid

    def __enter__(self) -> Self:
        if self._data is None:
            self._temporary = tempfile.mkdtemp(prefix="clickhouse-")
            self._arguments.append("--temporary")
        data = Path(self._temporary or str(self._data))
        path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "local.stores.clickhouse"),
                *("--data", str(data.resolve())),
                *self._arguments,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **self._environment, "PYTHONPATH": path},
            start_new_session=True,
        )
        assert self._process.stdout is not None  # it is a pipe
        line = self._process.stdout.readline().strip()
        if not line.startswith("http"):
            self.stop()
            raise OSError(line or "the ClickHouse endpoint did not start")
        self.url = line
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Let the child finish what it has and end."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None  # pipes, both
        assert process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def kill(self) -> None:
        """End the child as a crash would: SIGKILL, nothing finished."""
        if self._process is not None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self.stop()


def arguments() -> argparse.ArgumentParser:
    """Return the parser of `python -m local.stores.clickhouse`."""
    parser = argparse.ArgumentParser(
        prog="python -m local.stores.clickhouse",
        description="Serve ClickHouse's HTTP interface from this machine, with the engine in this "
        "process (chdb). A stand-in for one machine: no users but these two, no native protocol, "
        "no TLS, no cluster.",
        epilog="The user `default` may do anything; its password is CLICKHOUSE_LOCAL_PASSWORD "
        "(default: none). CLICKHOUSE_LOCAL_READER, as NAME:PASSWORD, adds one who can only read.",
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--port",
        type=amounts.port,
        default=PORT,
        help="0 takes any free port (default: %(default)s)",
    )
    parser.add_argument(
        "--data", type=Path, help="folder to keep data in (default: one that is removed at the end)"
    )
    parser.add_argument("--parent", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--temporary", action="store_true", help=argparse.SUPPRESS)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Serve until interrupted."""
    options = arguments().parse_args(argv)
    try:
        with contextlib.ExitStack() as stack:
            data = options.data or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            if options.temporary:  # a parent that was killed does not remove it
                stack.callback(shutil.rmtree, data, ignore_errors=True)
            _serve(options, data)
    except (OSError, ImportError) as error:
        # the parent reads the first line of standard output
        out = sys.stdout if options.parent else sys.stderr
        print(_start_problem(options, error), file=out)
        return 1
    return 0


def _start_problem(options: argparse.Namespace, error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name == "chdb":
        return INSTALL
    if isinstance(error, OSError) and error.errno in (98, 48):
        return f"Port {options.port} is in use; choose another with --port (0 takes any free one)."
    if str(error) == "open in another process":
        return (
            f"{options.data} is open in another process; stop that one, or name another folder "
            "with --data"
        )
    return f"The endpoint cannot start: {' '.join(str(error).split())}"


def _serve(options: argparse.Namespace, data: Path) -> None:
    # imported here, so that importing Server costs a client next to nothing
    from local.stores.clickhouse.engine import FOLDER, Engine
    from local.stores.clickhouse.http import Account, Endpoint

    accounts = {"default": Account(os.environ.get("CLICKHOUSE_LOCAL_PASSWORD", ""))}
    name, _, password = os.environ.get("CLICKHOUSE_LOCAL_READER", "").partition(":")
    if name:
        accounts[name] = Account(password, readonly=True)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine = Engine(data / FOLDER)
    try:
        with Endpoint((options.host, options.port), engine, accounts) as server:
            host, port = server.server_address[:2]
            shown = "127.0.0.1" if host in ("0.0.0.0", "::") else str(host)
            threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
            print(f"http://{shown}:{port}", flush=True)
            if options.parent:
                threading.Thread(target=_heed_parent, args=(stop,), daemon=True).start()
            stop.wait()
            server.shutdown()
            server.drain(DRAIN_SECONDS)
    finally:
        engine.close()


def _heed_parent(stop: threading.Event) -> None:
    """Stop when the parent closes standard input, or is gone."""
    sys.stdin.read()
    stop.set()
