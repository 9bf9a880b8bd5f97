"""What Lambda's Kinesis event source mapping does with a batch: invoke, retry, split, give up.

https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
"""

import json
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from local.stream import EventRecord

Taken = TypeVar("Taken")
Answer = TypeVar("Answer")
Handler = Callable[[dict[str, Any], Any], Any]


@dataclass(slots=True)
class Context:
    """The parts of Lambda's context object that a handler may look at.

    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    function_name: str
    timeout: float = 60.0  # seconds
    memory_limit_in_mb: str = "512"
    function_version: str = "$LATEST"
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    started: float = field(default_factory=time.monotonic)

    @property
    def invoked_function_arn(self) -> str:
        """The function's ARN."""
        return f"arn:aws:lambda:us-east-1:123456789012:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        """Where Lambda would log to."""
        return f"/aws/lambda/{self.function_name}"

    @property
    def log_stream_name(self) -> str:
        """Lambda names it by day and instance; here there is one."""
        return "local"

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda would end the invocation."""
        return max(0, int((self.started + self.timeout - time.monotonic()) * 1000))


@dataclass(slots=True)
class EventSource:
    """The mapping between a stream and a handler, with the settings the template deploys.

    ``give_up`` receives what Lambda would send to the on-failure destination: a description of
    the records that were discarded, not the records.
    """

    handler: Handler
    function: str = "processor"
    retries: int = 4  # MaximumRetryAttempts: after the first try
    bisect: bool = True  # BisectBatchOnFunctionError
    backoff: float = 0.2  # seconds before the first retry; doubled for each further one
    give_up: Callable[[dict[str, Any]], None] = lambda description: None
    wait: Callable[[float], None] = time.sleep
    invocations: int = 0

    def deliver(self, records: list[EventRecord]) -> list[EventRecord]:
        """Invoke the handler until every record was handled or given up; return the latter.

        Records of one shard, in order. What precedes the lowest number that the handler
        returns is done; from there on everything is tried again.
        """
        given_up: list[EventRecord] = []
        work = [(records, 0)]
        while work:
            batch, tried = work.pop()
            failure = self._invoke(batch)
            if failure is None:
                continue
            if failure.index > 0:
                work.append((batch[failure.index :], tried))
            elif failure.raised and self.bisect and len(batch) > 1:
                # Nobody knows which record it was. Splitting does not use up a retry.
                middle = len(batch) // 2
                work += [(batch[middle:], tried), (batch[:middle], tried)]
            elif tried < self.retries:
                work.append((batch, tried + 1))
            else:
                given_up += batch
                self.give_up(describe(batch, tried + 1, failure.why))
                continue
            self.wait(self.backoff * 2 ** min(tried, 5))
        return given_up

    def _invoke(self, batch: list[EventRecord]) -> "_Failure | None":
        self.invocations += 1
        try:
            answer = self.handler({"Records": batch}, Context(self.function))
            # The answer crosses a network as JSON.
            failures = (json.loads(json.dumps(answer)) or {}).get("batchItemFailures") or []
        except Exception as error:
            return _Failure(0, True, f"{type(error).__name__}: {error}")
        if not failures:
            return None
        index = {record["kinesis"]["sequenceNumber"]: n for n, record in enumerate(batch)}
        try:
            first = min(index[failure["itemIdentifier"]] for failure in failures)
        except (KeyError, TypeError):
            return _Failure(0, True, f"the handler named records it was not given: {failures}")
        return _Failure(first, False, "reported by the handler")


@dataclass(frozen=True, slots=True)
class _Failure:
    index: int  # of the first record that failed
    raised: bool  # it is not known which record it was
    why: str


def in_turn(
    copies: Sequence[Callable[[Taken], Answer]], batches: Iterable[Taken]
) -> Iterator[tuple[Taken, Answer]]:
    """Hand batches to copies of a handler in turn; yield each with its answer, in order.

    The copies work side by side, as those of a stream's shards do, each on one batch at a time.
    """
    begun: deque[tuple[Taken, Future[Answer]]] = deque()
    with ThreadPoolExecutor(len(copies)) as threads:
        for number, batch in enumerate(batches):
            if len(begun) == len(copies):
                done, answer = begun.popleft()
                yield done, answer.result()
            begun.append((batch, threads.submit(copies[number % len(copies)], batch)))
        for done, answer in begun:
            yield done, answer.result()


def describe(records: list[EventRecord], tries: int, error: str) -> dict[str, Any]:
    """Return the message of the on-failure destination for discarded records."""
    first, last = records[0], records[-1]
    return {
        "requestContext": {"condition": "RetryAttemptsExhausted", "approximateInvokeCount": tries},
        "responseContext": {"functionError": error},
        "version": "1.0",
        "KinesisBatchInfo": {
            "shardId": first["eventID"].partition(":")[0],
            "startSequenceNumber": first["kinesis"]["sequenceNumber"],
            "endSequenceNumber": last["kinesis"]["sequenceNumber"],
            "batchSize": len(records),
            "streamArn": first["eventSourceARN"],
        },
    }
