"""Writes calls side by side, and knows for every line how it ended.

https://docs.aws.amazon.com/timestream/latest/developerguide/writes.html
"""

import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from processor.call import Call
from processor.transport import Answer, Transport

T = TypeVar("T")
THREADS = 11  # calls under way at once: those of 1,000 lines, and the pipeline record
PROBES = 4  # slots a request may try when others hold its first one
COLLISIONS = 5  # records of one call that can be taken for collisions; see _already_there
TAKEN = "the slots of the request's millisecond are taken by others of the same dimensions"
BACKOFF_SECONDS = (0.05, 2.0)

# Trouble that passes: the call is made again while there is time.
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
# The request itself is refused: one of its records is to blame, and is looked for by halves.
REFUSED = {400, 413}
REFUSED_CODES = {"ValidationException", "SerializationException", "RequestEntityTooLarge"}


class Poster(Protocol):
    """What the writer needs of a transport."""

    def post(self, body: bytes, timeout: float) -> Answer:
        """Send one body."""


@dataclass(slots=True)
class Outcome:
    """How the lines of a batch ended. Every line handed in is in one of the four."""

    written: list[int] = field(default_factory=list)
    present: list[int] = field(default_factory=list)  # rows that were already there
    rejected: list[tuple[int, str, str]] = field(default_factory=list)  # line, code, reason
    unfinished: list[int] = field(default_factory=list)
    lags: list[int] = field(default_factory=list)  # ms from log timestamp to write
    retried: int = 0  # calls made again
    bytes_sent: int = 0
    write_units: int = 0
    seconds: float = 0.0  # from the first call's start to the last one's end
    slowest: float = 0.0  # seconds of the slowest call
    trouble: dict[str, int] = field(default_factory=dict)  # error codes met, and how often

    def add(self, other: "Outcome") -> None:
        """Take in what one call's worth of work came to."""
        self.written += other.written
        self.present += other.present
        self.rejected += other.rejected
        self.unfinished += other.unfinished
        self.lags += other.lags
        self.retried += other.retried
        self.bytes_sent += other.bytes_sent
        self.write_units += other.write_units
        self.slowest = max(self.slowest, other.slowest)
        for code, count in other.trouble.items():
            self.trouble[code] = self.trouble.get(code, 0) + count


@dataclass(slots=True)
class Started:
    """Calls under way, and what they come to when all goes well."""

    at: float  # time.monotonic()
    under_way: list[Future[Outcome]] = field(default_factory=list)
    expected: Outcome = field(default_factory=Outcome)


class Writer:
    """Writes with a pool of threads that lives as long as the Lambda's environment."""

    def __init__(self, transport: Transport | Poster) -> None:
        self._transport = transport
        self._pool: ThreadPoolExecutor | None = None

    def start(self, calls: Iterable[Call], deadline: float) -> "Started":
        """Begin to write, until ``deadline`` on time.monotonic()'s clock at the latest.

        Calls go out while the next ones are still being made.
        """
        started = Started(time.monotonic())
        for call in calls:
            body = call.body()
            started.expected.bytes_sent += len(body)
            _written(call, call.lines, call.milliseconds, started.expected)
            started.under_way.append(self.submit(self._finish, call, body, deadline))
        return started

    def finish(self, started: "Started") -> Outcome:
        """Wait for the calls; say how every line ended."""
        total = Outcome()
        for each in started.under_way:
            total.add(each.result())
        total.seconds = time.monotonic() - started.at
        return total

    def submit(self, work: Callable[..., T], *args: Any) -> "Future[T]":
        """Do something beside the writes."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="write")
        return self._pool.submit(work, *args)

    def _finish(self, call: Call, body: bytes, deadline: float) -> Outcome:
        outcome = Outcome()
        waiting = [(call, 0)]
        ready: bytes | None = body
        while waiting:
            call, attempt = waiting.pop()
            left = deadline - time.monotonic()
            if left <= 0:
                outcome.unfinished += call.lines
                continue
            body, ready = ready or call.body(), None
            began = time.monotonic()
            answer = self._transport.post(body, left)
            outcome.slowest = max(outcome.slowest, time.monotonic() - began)
            outcome.bytes_sent += len(body)
            if answer.status == 200:
                waiting += self._accepted(call, answer, outcome)
                continue
            code = answer.code or str(answer.status)
            if code == "RejectedRecordsException" or answer.rejected:
                again = self._rejected(call, answer, outcome)
                if again is not None:
                    waiting += again
                    continue
                code = "RejectedRecordsUnclear"
            outcome.trouble[code] = outcome.trouble.get(code, 0) + 1
            if answer.status >= 500 or answer.status in PASSING or code in PASSING_CODES:
                first, most = BACKOFF_SECONDS
                pause = random.uniform(0, min(most, first * 2**attempt))
                if time.monotonic() + pause < deadline:
                    time.sleep(pause)
                    outcome.retried += 1
                    waiting.append((call, attempt + 1))
                    continue
                outcome.unfinished += call.lines
            elif code in REFUSED_CODES or (answer.status in REFUSED and not answer.code):
                waiting += self._blame(call, answer, outcome)
            else:  # no permission, no such table, a quota: for an operator to mend
                outcome.unfinished += call.lines
        return outcome

    @staticmethod
    def _accepted(call: Call, answer: Answer, outcome: Outcome) -> list[tuple[Call, int]]:
        """Tell what is there of a call that was accepted; return what is to be written once more.

        The memory store refuses a record whose identity another has, with other values. The
        magnetic store, for older rows, accepts it and keeps the first. So of two in one call, one
        is there, and the other takes its next slot. Of those that met rows of earlier calls,
        Timestream tells later and elsewhere; the embedded endpoint says at once how many they are.
        """
        twins = _twins(call)
        dropped = [at for at, first in twins.items() if call.tails[at] != call.tails[first]]
        alike = [at for at in twins if at not in dropped]
        there = [at for at in range(len(call.lines)) if at not in twins]
        met = _dropped(answer) - len(dropped)
        if met > 0:
            there, alike = there[:-met], alike + there[-met:]
        _written(
            call,
            [call.lines[at] for at in there],
            [call.milliseconds[at] for at in there],
            outcome,
        )
        outcome.present += [call.lines[at] for at in alike]
        if dropped and call.probe + 1 >= PROBES:
            outcome.rejected += [(call.lines[at], "taken", TAKEN) for at in dropped]
            dropped = []
        return [(call.only(dropped, call.probe + 1), 0)] if dropped else []

    def _rejected(
        self, call: Call, answer: Answer, outcome: Outcome
    ) -> list[tuple[Call, int]] | None:
        """Sort out a call of which some records were rejected: the others are written.

        Returns what is to be written once more, or None when the answer does not say which
        records it means.
        """
        reasons: dict[int, dict[str, Any]] = {}
        for each in answer.rejected:
            index = each.get("RecordIndex") if isinstance(each, dict) else None
            if not isinstance(index, int) or not 0 <= index < len(call.lines):
                return None
            reasons[index] = each
        if not reasons:
            return None
        good = [at for at in range(len(call.lines)) if at not in reasons]
        _written(
            call,
            [call.lines[at] for at in good],
            [call.milliseconds[at] for at in good],
            outcome,
        )
        taken = [at for at, each in reasons.items() if _is_taken(each)]
        again: list[tuple[Call, int]] = []
        for at, each in reasons.items():
            if at in taken:
                continue
            reason = str(each.get("Reason") or "rejected without a reason")
            outcome.rejected.append((call.lines[at], _code(reason), reason))
        if taken:
            again = self._already_there(call, taken, reasons, outcome)
        return again

    @staticmethod
    def _already_there(
        call: Call, taken: list[int], reasons: dict[int, dict[str, Any]], outcome: Outcome
    ) -> list[tuple[Call, int]]:
        """Deal with records whose identity another row holds, with other values.

        The same line written again has the same values, which Timestream takes silently. So the
        row there is another request's, with the same dimensions, millisecond and hash, and this
        one takes its next slot: a second delivery goes the same way and ends at its own row.
        A row that somebody has since corrected (a higher version), or more refusals in one call
        than chance would bring in years, are rows of these very requests, shaped before a
        change of settings: they are there already. Two requests of one call are certainly two.
        """
        places = list(zip(call.times, call.heads, strict=True))
        corrected = [at for at in taken if int(reasons[at].get("ExistingVersion") or 1) > 1]
        others = [at for at in taken if at not in corrected]
        alone = [at for at in others if places.count(places[at]) == 1]
        if not call.identities[0]:  # classic: a row is its dimensions
            corrected, others = taken, []
        elif len(alone) > COLLISIONS:
            corrected += alone
            others = [at for at in others if at not in alone]
        outcome.present += [call.lines[at] for at in corrected]
        if others and call.probe + 1 >= PROBES:
            for at in others:
                reason = str(reasons[at].get("Reason"))
                outcome.rejected.append((call.lines[at], "taken", reason))
            others = []
        return [(call.only(others, call.probe + 1), 0)] if others else []

    @staticmethod
    def _blame(call: Call, answer: Answer, outcome: Outcome) -> list[tuple[Call, int]]:
        if len(call.lines) == 1:
            reason = answer.message or answer.code or f"HTTP {answer.status}"
            outcome.rejected.append((call.lines[0], "refused", reason))
            return []
        half = len(call.lines) // 2
        indexes = range(len(call.lines))
        return [
            (call.only(indexes[half:], call.probe), 0),
            (call.only(indexes[:half], call.probe), 0),
        ]


def _written(call: Call, lines: list[int], moments: list[int], outcome: Outcome) -> None:
    now = int(time.time() * 1000)
    outcome.written += lines
    outcome.lags += [now - moment for moment in moments]
    outcome.write_units += -(-call.metered * len(lines) // (1024 * max(len(call.lines), 1)))


def _twins(call: Call) -> dict[int, int]:
    """Return the records of an identity that an earlier one of the call has, and which one."""
    if len(set(call.times)) == len(call.times):
        return {}
    first: dict[tuple[str, str], int] = {}
    found = {}
    for at, place in enumerate(zip(call.times, call.heads, strict=True)):
        if first.setdefault(place, at) != at:
            found[at] = first[place]
    return found


def _dropped(answer: Answer) -> int:
    """Return how many records the answer says were dropped; none if it does not say."""
    count = answer.payload.get("MagneticStoreRejectedRecordCount")
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
