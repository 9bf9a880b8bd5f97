"""`serve --endpoint`: a server that is not its own, and that may be away for a while."""

from local.eventsource import EventSource
from local.serve import PATIENCE
from local.stream import events_of


def test_a_batch_outlives_a_server_that_is_away_for_less_than_its_patience() -> None:
    """By the clock of the waits: nothing waits here."""
    clock = 0.0
    back = PATIENCE - 1

    def wait(seconds: float) -> None:
        nonlocal clock
        clock += seconds

    def handler(event: dict, _: object) -> dict:
        first = event["Records"][0]["kinesis"]["sequenceNumber"]
        failed = [{"itemIdentifier": first}] if clock < back else []
        return {"batchItemFailures": failed}

    [records] = events_of([b"a", b"b"], 10, "x")
    source = EventSource(handler, wait=wait)
    assert len(source.deliver(records)) == 2  # as it is for a server that is a child
    assert clock < 10
    clock = 0.0
    source.backoff = PATIENCE / (2**source.retries - 1)
    assert source.deliver(records) == []
    assert back <= clock <= PATIENCE
