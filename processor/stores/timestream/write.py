"""Writes several requests at a time, and reports how every line ended.

https://docs.aws.amazon.com/timestream/latest/developerguide/writes.html
"""

import random
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from processor.aws import CONNECTIONS, Response
from processor.lines import Failed
from processor.stores import Outcome
from processor.stores.timestream.encode import Encoded
from processor.stores.timestream.request import WriteRequest

OFFSETS_TRIED = 4  # of a record, when others have its first one
COLLISIONS = 5  # records of one request that can be taken for collisions; see _already_there
TAKEN = "the offsets of the request's millisecond are taken by others of the same dimensions"
BACKOFF_SECONDS = (0.05, 2.0)

# Passing trouble: the request is made again while there is time.
PASSING = {0, 409, 421, 429}
PASSING_CODES = {
    "ThrottlingException",
    "Throttling",
    "InternalServerException",
    "RequestTimeout",
    "InvalidEndpointException",
    "ConflictException",
    "RejectedRecordsUnclear",
}
# The request itself is refused because of one of its records, which is found by halving it.
REFUSED = {400, 413}
REFUSED_CODES = {"ValidationException", "SerializationException", "RequestEntityTooLarge"}


class Sender(Protocol):
    """What the writer needs of a client."""

    def write(self, body: bytes, timeout: float) -> Response:
        """Send one body."""


class Writer:
    """Writes with a pool of threads that lives as long as the Lambda's environment."""

    def __init__(self, client: Sender) -> None:
        self._client = client
        self._pool: ThreadPoolExecutor | None = None

    def write(self, parts: Iterable[Encoded], deadline: float) -> Outcome:
        """Write until ``deadline`` on time.monotonic()'s clock; say how every line ended.

        Requests go out while the next ones are still being made.
        """
        if self._pool is None:
            self._pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="write")
        began = time.monotonic()
        total = Outcome()
        under_way = []
        for part in parts:
            for request in part.requests:
                under_way.append(self._pool.submit(self._finish, request, deadline))
            total.add(
                Outcome(malformed=part.malformed, trimmed=part.trimmed, left_out=part.left_out)
            )
        for each in under_way:
            total.add(each.result())
        total.seconds = time.monotonic() - began
        return total

    def _finish(self, request: WriteRequest, deadline: float) -> Outcome:
        """Make a request, and those that it leads to, until all its lines have ended."""
        outcome = Outcome()
        waiting = [(request, 0)]
        while waiting:
            request, attempt = waiting.pop()
            left = deadline - time.monotonic()
            if left <= 0:
                outcome.unfinished += request.lines
                continue
            body = request.body()
            response = self._client.write(body, left)
            outcome.bytes_sent += len(body)
            if response.status == 200:
                waiting += _accepted(request, response, outcome)
                continue
            code = response.code or str(response.status)
            refused = _rejected_records(response)
            if code == "RejectedRecordsException" or refused:
                again = _rejected(request, refused, outcome)
                if again is not None:
                    waiting += again
                    continue
                code = "RejectedRecordsUnclear"
            outcome.trouble[code] = outcome.trouble.get(code, 0) + 1
            if response.status >= 500 or response.status in PASSING or code in PASSING_CODES:
                first, most = BACKOFF_SECONDS
                pause = random.uniform(0, min(most, first * 2 ** min(attempt, 30)))
                if time.monotonic() + pause < deadline:
                    time.sleep(pause)
                    outcome.retried += 1
                    waiting.append((request, attempt + 1))
                    continue
                outcome.unfinished += request.lines
            elif code in REFUSED_CODES or (response.status in REFUSED and not response.code):
                waiting += _halves(request, response, outcome)
            else:  # no permission, no such table, a quota: an operator has to act
                outcome.unfinished += request.lines
        return outcome


Again = list[tuple[WriteRequest, int]]  # what is to be written once more, at which attempt


def _accepted(request: WriteRequest, response: Response, outcome: Outcome) -> Again:
    """Note which rows of an accepted request exist; return the records to write once more.

    The memory store refuses a record whose identity another has, with other values. The magnetic
    store, for older rows, accepts it and keeps the first. So of two in one request, one is there,
    and the other takes its next offset. Records that met rows of earlier requests are reported by
    Timestream later and elsewhere; the embedded endpoint returns their number at once.
    """
    twins = _twins(request)
    dropped = [at for at, first in twins.items() if request.measures[at] != request.measures[first]]
    equal = [at for at in twins if at not in dropped]
    there = [at for at in range(len(request.lines)) if at not in twins]
    met = _dropped_records(response) - len(dropped)
    if met > 0:
        there, equal = there[:-met], equal + there[-met:]
    _written(request, there, outcome)
    outcome.duplicates += [request.lines[at] for at in equal]
    return _at_other_offsets(request, dict.fromkeys(dropped, TAKEN), outcome)


def _rejected(request: WriteRequest, refused: list[Any], outcome: Outcome) -> Again | None:
    """Sort out a request of which some records were rejected: the others are written.

    Returns what is to be written once more, or None when the answer does not say which records
    it means.
    """
    reasons: dict[int, dict[str, Any]] = {}
    for each in refused:
        index = each.get("RecordIndex") if isinstance(each, dict) else None
        if not isinstance(index, int) or not 0 <= index < len(request.lines):
            return None
        reasons[index] = each
    if not reasons:
        return None
    _written(request, [at for at in range(len(request.lines)) if at not in reasons], outcome)
    taken = [at for at, each in reasons.items() if _is_taken(each)]
    for at, each in reasons.items():
        if at not in taken:
            reason = str(each.get("Reason") or "rejected without a reason")
            outcome.rejected.append(Failed(request.lines[at], _code(reason), reason))
    return _already_there(request, taken, reasons, outcome) if taken else []


def _already_there(
    request: WriteRequest, taken: list[int], reasons: dict[int, dict[str, Any]], outcome: Outcome
) -> Again:
    """Deal with records whose identity another row holds, with other values.

    The same line written again has the same values, and Timestream accepts it. So the row there is
    another request's, with the same dimensions, millisecond and hash, and this one takes its next
    offset. A second delivery tries the same offsets and finds its own row.

    In two cases the rows are these requests' own and exist already. One is a row that somebody has
    since corrected (a higher version). The other is after a change of settings, with more refusals
    in one call than chance would bring in years. Two requests in one call are certainly two.
    """
    identities = list(zip(request.times, request.dimensions, strict=True))
    corrected = [at for at in taken if int(reasons[at].get("ExistingVersion") or 1) > 1]
    others = [at for at in taken if at not in corrected]
    alone = [at for at in others if identities.count(identities[at]) == 1]
    if not request.identities[0]:  # classic: a row is its dimensions
        corrected, others = taken, []
    elif len(alone) > COLLISIONS:
        corrected += alone
        others = [at for at in others if at not in alone]
    outcome.duplicates += [request.lines[at] for at in corrected]
    return _at_other_offsets(
        request, {at: str(reasons[at].get("Reason")) for at in others}, outcome
    )


def _at_other_offsets(request: WriteRequest, taken: dict[int, str], outcome: Outcome) -> Again:
    """Return a request with the records, each at its next offset; reject them if it is the last.

    ``taken`` has the reason for each record's index.
    """
    if not taken:
        return []
    if request.collisions + 1 >= OFFSETS_TRIED:
        outcome.rejected += [
            Failed(request.lines[at], "taken", reason) for at, reason in taken.items()
        ]
        return []
    return [(request.only(list(taken), request.collisions + 1), 0)]


def _halves(request: WriteRequest, response: Response, outcome: Outcome) -> Again:
    """Halve a refused request, to find the record that it was refused for."""
    if len(request.lines) == 1:
        reason = response.message or response.code or f"HTTP {response.status}"
        outcome.rejected.append(Failed(request.lines[0], "refused", reason))
        return []
    half = len(request.lines) // 2
    indexes = range(len(request.lines))
    return [
        (request.only(indexes[half:], request.collisions), 0),
        (request.only(indexes[:half], request.collisions), 0),
    ]


def _written(request: WriteRequest, chosen: Sequence[int], outcome: Outcome) -> None:
    now = int(time.time() * 1000)
    outcome.written += [request.lines[at] for at in chosen]
    outcome.lags += [now - request.milliseconds[at] for at in chosen]
    outcome.write_units += request.write_units(chosen)


def _twins(request: WriteRequest) -> dict[int, int]:
    """Return the records of an identity that an earlier one of the request has, and which one."""
    if len(set(request.times)) == len(request.times):
        return {}
    first: dict[tuple[str, str], int] = {}
    found = {}
    for at, identity in enumerate(zip(request.times, request.dimensions, strict=True)):
        if first.setdefault(identity, at) != at:
            found[at] = first[identity]
    return found


def _rejected_records(response: Response) -> list[Any]:
    found = response.payload.get("RejectedRecords")
    return found if isinstance(found, list) else []


def _dropped_records(response: Response) -> int:
    """Return how many records the answer says were dropped; none if it does not say."""
    count = response.payload.get("MagneticStoreRejectedRecordCount")
    return count if type(count) is int else 0


def _is_taken(rejection: dict[str, Any]) -> bool:
    reason = str(rejection.get("Reason", ""))
    return bool(rejection.get("ExistingVersion")) or "already exists" in reason


def _code(reason: str) -> str:
    """Return what metrics count a rejection by."""
    lowered = reason.lower()
    if "time range" in lowered or "timestamp" in lowered:
        return "outside_time_range"
    return "other"
