"""A loopback server that speaks Timestream's write protocol and SQS's, and fails when told to.

It keeps what it accepts, checks the limits Timestream documents, and deduplicates by identity as
Timestream does, so that tests can compare what was sent with what is there.
"""

import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

NAMESPACE = "com.amazonaws.timestream.v20181101#"
UNITS = {"SECONDS": 10**9, "MILLISECONDS": 10**6, "MICROSECONDS": 10**3, "NANOSECONDS": 1}

# A fault takes the operation ("WriteRecords", "SendMessageBatch", "DescribeEndpoints") and the
# request, and names what goes wrong, or None.
Fault = Callable[[str, dict[str, Any]], str | None]


class Refused(Exception):
    """The request breaks a documented rule."""


@dataclass
class Store:
    """What arrived."""

    rows: dict[tuple[Any, ...], dict[str, str]] = field(default_factory=dict)
    versions: dict[tuple[Any, ...], int] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    deduplicated: set[str] = field(default_factory=set)
    calls: list[tuple[str, int]] = field(default_factory=list)  # operation, body bytes
    writes: list[dict[str, Any]] = field(default_factory=list)
    agents: list[dict[str, str]] = field(default_factory=list)  # headers of WriteRecords
    ports: set[int] = field(default_factory=set)  # the clients' ends of connections

    def requests(self) -> list[dict[str, str]]:
        """Return the rows that stand for log lines."""
        of = ("request", "sc_bytes")
        return [row for row in self.rows.values() if row["measure_name"] in of]

    def pipeline(self) -> list[dict[str, str]]:
        """Return the pipeline records."""
        return [row for row in self.rows.values() if row["measure_name"] == "pipeline"]


class Wire:
    """The server; use as a context manager. ``fault`` and ``reject`` can be set at any time."""

    def __init__(self) -> None:
        self.store = Store()
        self.fault: Fault = lambda operation, request: None
        # Says why a record is rejected, from its row; None accepts it.
        self.reject: Callable[[dict[str, str]], str | None] = lambda row: None
        self.reject_letter: Callable[[dict[str, Any]], bool] = lambda message: False
        # Every row is an old one: of a conflict, Timestream says nothing in its answer; the
        # embedded endpoint says how many there were.
        self.magnetic = False
        self.tells_conflicts = False
        self.lock = threading.Lock()
        self.hang = threading.Event()  # what a timeout waits for
        self._operations = {
            "DescribeEndpoints": self._describe_endpoints,
            "WriteRecords": self._write_records,
            "SendMessageBatch": self._send_message_batch,
        }
        wire = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                wire._serve(self)

            def log_message(self, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # clients that went away are what this is for

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.discovered = self.url
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> "Wire":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.hang.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def queue_url(self) -> str:
        return f"{self.url}/000000000000/dead-letters"

    def _serve(self, http: BaseHTTPRequestHandler) -> None:
        length = int(http.headers.get("Content-Length", 0))
        request = json.loads(http.rfile.read(length))
        operation = http.headers["X-Amz-Target"].rpartition(".")[2]
        with self.lock:
            self.store.calls.append((operation, length))
            self.store.ports.add(http.client_address[1])
            if operation == "WriteRecords":
                self.store.agents.append(dict(http.headers.items()))
            fault = self.fault(operation, request)
        if fault in ANSWERS:
            return self._answer(http, *ANSWERS[fault])
        if fault == "reset":  # nothing was done, and the connection breaks
            return self._reset(http)
        if fault == "timeout":
            self.hang.wait(30)
            return self._reset(http)
        with self.lock:
            status, answer = self._do(operation, request)
        if fault == "reset-after":  # done, but nobody learns of it
            return self._reset(http)
        if fault == "timeout-after":
            self.hang.wait(30)
            return self._reset(http)
        if fault == "half":
            body = json.dumps(answer).encode()
            http.send_response(status)
            http.send_header("Content-Length", str(len(body) + 1))
            http.end_headers()
            http.wfile.write(body[: len(body) // 2])
            http.wfile.flush()
            return self._reset(http)
        if fault == "garbage":
            return self._answer(http, 200, None)
        assert fault is None, fault
        return self._answer(http, status, answer)

    def _do(self, operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        try:
            return self._operations[operation](request)
        except Refused as error:
            return 400, {"__type": f"{NAMESPACE}ValidationException", "message": str(error)}

    @staticmethod
    def _answer(http: BaseHTTPRequestHandler, status: int, answer: dict[str, Any] | None) -> None:
        body = b"<html>" if answer is None else json.dumps(answer).encode()
        http.send_response(status)
        http.send_header("Content-Type", "application/x-amz-json-1.0")
        http.send_header("Content-Length", str(len(body)))
        http.end_headers()
        http.wfile.write(body)

    @staticmethod
    def _reset(http: BaseHTTPRequestHandler) -> None:
        linger = struct.pack("ii", 1, 0)
        http.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        http.connection.close()
        http.close_connection = True
        http.wfile = http.rfile = open("/dev/null", "r+b", buffering=0)  # noqa: SIM115

    def _describe_endpoints(self, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return 200, {"Endpoints": [{"Address": self.discovered, "CachePeriodInMinutes": 1440}]}

    def _write_records(self, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        records = request["Records"]
        if not 1 <= len(records) <= 100:
            raise Refused("a request takes 1 to 100 records")
        self.store.writes.append(request)
        common = request.get("CommonAttributes", {})
        rejected = []
        met = 0
        for index, record in enumerate(records):
            identity, row, version = flatten(common, record)
            reason = self.reject(row)
            if reason:
                rejected.append({"RecordIndex": index, "Reason": reason})
                continue
            known = self.store.rows.get(identity)
            if known is not None and version <= self.store.versions[identity] and known != row:
                if self.magnetic:
                    met += 1
                    continue
                existing = self.store.versions[identity]
                rejected.append(
                    {
                        "RecordIndex": index,
                        "Reason": "A record already exists with the same time, dimensions, measure "
                        "name, and record version. A higher record version must be specified in "
                        "order to update the measure value.",
                        "ExistingVersion": existing,
                    }
                )
                continue
            if known is None or version > self.store.versions[identity]:
                self.store.rows[identity] = row
                self.store.versions[identity] = version
        if rejected:
            return 419, {
                "__type": f"{NAMESPACE}RejectedRecordsException",
                "Message": "One or more records have been rejected. See RejectedRecords.",
                "RejectedRecords": rejected,
            }
        total = len(records)
        answer = {"RecordsIngested": {"Total": total, "MemoryStore": total, "MagneticStore": 0}}
        if self.tells_conflicts:
            answer["MagneticStoreRejectedRecordCount"] = met
        return 200, answer

    def _send_message_batch(self, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        entries = request["Entries"]
        assert 1 <= len(entries) <= 10
        assert sum(len(entry["MessageBody"].encode()) for entry in entries) <= 256 * 1024
        done, failed = [], []
        for entry in entries:
            message = json.loads(entry["MessageBody"])
            if self.reject_letter(message):
                failed.append({"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"})
                continue
            done.append({"Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": ""})
            key = entry.get("MessageDeduplicationId")
            if key is None or key not in self.store.deduplicated:
                self.store.messages.append(message)
            if key is not None:
                self.store.deduplicated.add(key)
        answer: dict[str, Any] = {"Successful": done}
        if failed:
            answer["Failed"] = failed
        return 200, answer


ANSWERS: dict[str | None, tuple[int, dict[str, Any] | None]] = {
    "throttle": (
        429,
        {"__type": f"{NAMESPACE}ThrottlingException", "message": "Rate exceeded"},
    ),
    "error": (
        500,
        {"__type": f"{NAMESPACE}InternalServerException", "message": "try again"},
    ),
    "unavailable": (503, None),
    "moved": (
        421,
        {"__type": f"{NAMESPACE}InvalidEndpointException", "message": "discover again"},
    ),
    "denied": (
        403,
        {"__type": f"{NAMESPACE}AccessDeniedException", "message": "not authorized"},
    ),
    "quota": (
        402,
        {"__type": f"{NAMESPACE}ServiceQuotaExceededException", "message": "too much"},
    ),
    "invalid": (
        400,
        {
            "__type": f"{NAMESPACE}ValidationException",
            "message": "something is wrong with a record",
        },
    ),
    "missing": (
        404,
        {"__type": f"{NAMESPACE}ResourceNotFoundException", "message": "no such table"},
    ),
}


def flatten(
    common: dict[str, Any], record: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, str], int]:
    """Merge common attributes into a record; return its identity, its columns and its version.

    Raises Refused where Timestream would.
    """
    dimensions = common.get("Dimensions", []) + record.get("Dimensions", [])
    names = [each["Name"] for each in dimensions]
    if not names:
        raise Refused("At least one dimension is required for a record.")
    if len(names) != len(set(names)):
        raise Refused("dimensions may not overlap")
    if any(not each["Value"] for each in dimensions):
        raise Refused("a dimension has no value")
    merged = common | record
    measure_name = merged["MeasureName"]
    kind = merged.get("MeasureValueType", "DOUBLE")
    if kind == "MULTI":
        measures = merged["MeasureValues"]
        if "MeasureValue" in merged or not measures:
            raise Refused("a MULTI record has MeasureValues")
    else:
        measures = [{"Name": "measure_value", "Value": merged["MeasureValue"], "Type": kind}]
    if len({each["Name"] for each in measures} | set(names)) != len(measures) + len(names):
        raise Refused("a measure and a dimension share a name")
    values = 0
    for each in measures:
        text = each["Value"]
        if not 1 <= len(text) <= 2048:
            raise Refused("a measure value has 1 to 2048 characters")
        if each["Type"] == "BIGINT":
            if not -(2**63) <= int(text) < 2**63:
                raise Refused("not a BIGINT")
        elif each["Type"] == "DOUBLE":
            if not abs(float(text)) < float("inf"):
                raise Refused("not a DOUBLE")
        else:
            values += len(text.encode())
            continue
        values += 8
    pairs = sum(len(each["Name"]) + len(each["Value"].encode()) for each in dimensions)
    if pairs > 2048:
        raise Refused("dimension names and values are over 2 KB")
    if values > 2048:
        raise Refused("measure values are over 2,048 bytes")
    if metered(common, [record]) > 2048:
        raise Refused("the record is over 2 KB")
    time = int(merged["Time"]) * UNITS[merged.get("TimeUnit", "MILLISECONDS")]
    identity = (
        tuple(sorted((each["Name"], each["Value"]) for each in dimensions)),
        measure_name,
        time,
    )
    row = {each["Name"]: each["Value"] for each in dimensions + measures}
    row |= {"measure_name": measure_name, "time": str(time)}
    return identity, row, int(merged.get("Version", 1))


def metered(common: dict[str, Any], records: list[dict[str, Any]]) -> int:
    """Return a request's bytes by Timestream's published rule: shared attributes count once.

    https://docs.aws.amazon.com/timestream/latest/developerguide/metering-and-pricing.writes.html
    """
    return _size(common) + sum(8 + _size(record) for record in records)


def _size(part: dict[str, Any]) -> int:
    size = len(part.get("MeasureName", ""))
    size += sum(
        len(each["Name"]) + len(each["Value"].encode()) for each in part.get("Dimensions", [])
    )
    for each in part.get("MeasureValues", []):
        size += len(each["Name"])
        size += len(each["Value"].encode()) if each["Type"] == "VARCHAR" else 8
    if "MeasureValue" in part:
        size += 8
    return size
