"""A tape as full rows: log lines through the processor into the embedded Timestream, in the order
in which they arrive, and rules asked of them at every tick."""

from collections.abc import Iterator, Sequence

import numpy as np

from drill.judge import Judge, moment
from drill.tape import REPORTED, Records, Tape
from local.stores.timestream.rulecases import Data, Endpoint, Entry
from ruletest.engine import Run
from ruletest.state import Instance

MINUTE = 60 * 10**9  # nanoseconds


def excerpt(tape: Tape, first: int, last: int) -> Tape:
    """Return some minutes of a tape, as if the table began with them."""

    def cut(records: Records) -> Records:
        return Records(records.cells, records.counts[:, first:last])

    arrived = tape.arrived[first:last] - first
    return Tape(tape.start + first, cut(tape.requests), arrived, cut(tape.pipeline))


def without(tape: Tape, first: int, last: int) -> Tape:
    """Return a tape with nothing in some of its minutes."""

    def emptied(records: Records) -> Records:
        counts = records.counts.copy()
        counts[:, first:last] = 0
        return Records(records.cells, counts)

    return Tape(tape.start, emptied(tape.requests), tape.arrived, emptied(tape.pipeline))


def _times(minute: int, number: int, serial: int) -> list[int]:
    """Return when so many lines of a minute are, evenly; the serial number tells cells apart."""
    return [
        minute * MINUTE + (2 * each + 1) * MINUTE // (2 * number) + serial * 1000
        for each in range(number)
    ]


def written(tape: Tape, minute: int) -> Data:
    """Return what is written in a minute: the lines that arrive, and the processor's report."""
    traffic = []
    arriving = np.flatnonzero(tape.arrived == minute)
    for at, cell in enumerate(tape.requests.cells):
        times: list[int] = []
        for each in arriving:
            times += _times(int(each), int(tape.requests.counts[at, each]), at)
        if times:
            fields = {name: str(value) for name, value in cell.items()}
            traffic.append(Entry(tuple(times), {"origin-fbl": "-", **fields}))
    told = {name: int(tape.pipeline.counts[at, minute]) for at, name in enumerate(REPORTED)}
    batches = [
        Entry((minute * MINUTE + MINUTE // 2,), {**told, **tape.pipeline.cells[at]})
        for at in range(len(REPORTED), len(tape.pipeline.cells))
        if tape.pipeline.counts[at, minute]
    ]
    return Data(traffic=tuple(traffic), pipeline=tuple(batches))


def ticks(
    endpoint: Endpoint, tape: Tape, judges: Sequence[Judge], since: int = 0
) -> Iterator[tuple[int, Judge, list[Instance]]]:
    """Yield every tick of every rule from a minute on, with all of the rule's instances then."""
    with endpoint.table() as table:
        source = endpoint.source(table)
        runs = []
        for judge in judges:
            uids = {each.datasource for each in judge.grafana.data if not each.is_expression}
            runs.append((judge, Run([judge.grafana], dict.fromkeys(uids, source))))
        endpoint.write(table, Data(), moment(tape, 0))  # the columns are there before any line
        due = {judge.name: {*judge.ticks(tape, max(since, 1))} for judge, _ in runs}
        for minute in range(len(tape)):
            for judge, run in runs:
                if minute in due[judge.name]:
                    run.evaluate(moment(tape, minute))
                    assert not run.errors, (judge.name, run.errors)
                    yield minute, judge, run.instances
            if tape.requests.counts[:, minute].any() or tape.pipeline.counts[:, minute].any():
                endpoint.write(table, written(tape, minute), moment(tape, 0))
