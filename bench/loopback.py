"""Timestream's write endpoint, and ClickHouse's HTTP interface: they take everything.

Each request is answered at once, or after a delay.

It runs in a process of its own, so that its work is not counted as the writer's.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

OK = json.dumps({"RecordsIngested": {"Total": 100, "MemoryStore": 100, "MagneticStore": 0}})
INSERTED = b"HTTP/1.1 200 OK\r\nX-ClickHouse-Summary: {}\r\nContent-Length: 0\r\n\r\n"


class Answering(asyncio.Protocol):
    """Reads requests off a connection and answers each."""

    def __init__(self, delay: float, endpoints: bytes) -> None:
        self.delay = delay
        self.endpoints = endpoints
        self.head = b""
        self.missing = 0  # bytes of the body still to come

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Count a body down; answer when it is there."""
        if self.missing == 0:
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return
            lowered = self.head[:end].lower()
            at = lowered.index(b"content-length:") + len(b"content-length:")
            length = int(lowered[at:].partition(b"\r\n")[0])
            if b"expect: 100-continue" in lowered:
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.answer = self.endpoints if b"describeendpoints" in lowered else http(OK)
            if b"x-clickhouse-user:" in lowered:
                self.answer = INSERTED
            self.missing = length - (len(self.head) - end - 4)
            self.head = b""
        else:
            self.missing -= len(data)
        if self.missing == 0:
            if self.delay:
                asyncio.get_running_loop().call_later(self.delay, self.transport.write, self.answer)
            else:
                self.transport.write(self.answer)


def http(body: str) -> bytes:
    """Frame a JSON answer."""
    return (
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


async def serve(delay: float) -> None:
    """Serve on a free loopback port, which is printed, until standard input ends."""
    loop = asyncio.get_running_loop()
    endpoints = b""
    server = await loop.create_server(lambda: Answering(delay, endpoints), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    endpoints = http(json.dumps({"Endpoints": [{"Address": url, "CachePeriodInMinutes": 1440}]}))
    print(url, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


@contextmanager
def endpoint(delay: float = 0.0) -> Iterator[str]:
    """Run an endpoint that waits ``delay`` seconds before it answers; give its URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.loopback", str(delay)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.communicate()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
