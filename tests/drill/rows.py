"""A tape as full rows: log lines through the processor into the embedded Timestream, in the order
in which they arrive."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from drill.judge import Judge, moment
from drill.tape import REPORTED, Records, Tape
from local.stores.timestream.rulecases import Data, Endpoint, Entry
from ruletest.engine import Run
from ruletest.state import Instance

NANOSECONDS = 60 * 10**9  # a minute


def excerpt(tape: Tape, first: int, last: int) -> Tape:
    """Return some minutes of a tape, as if the table began with them."""

    def cut(records: Records) -> Records:
        return Records(records.cells, records.counts[:, first:last])

    return Tape(
        tape.start + first,
        cut(tape.requests),
        tape.arrived[first:last] - first,
        cut(tape.pipeline),
    )


def _times(minute: int, number: int, serial: int) -> list[int]:
    """Return when so many lines of a minute are, evenly; the serial number tells cells apart."""
    return [
        minute * NANOSECONDS + (2 * each + 1) * NANOSECONDS // (2 * number) + serial * 1000
        for each in range(number)
    ]


def data(tape: Tape, minute: int) -> Data:
    """Return what is written in a minute: the lines that arrive, and the processor's report."""
    traffic = []
    arriving = np.flatnonzero(tape.arrived == minute)
    for at, cell in enumerate(tape.requests.cells):
        times: list[int] = []
        for each in arriving:
            if number := int(tape.requests.counts[at, each]):
                times += _times(int(each), number, at)
        if times:
            fields = {name: str(value) for name, value in cell.items()}
            traffic.append(Entry(tuple(times), {"origin-fbl": "-", **fields}))
    told = {
        name: int(tape.pipeline.counts[at, minute]) for at, name in enumerate(REPORTED)
    }
    batches = []
    for at in np.flatnonzero(tape.pipeline.counts[len(REPORTED) :, minute]):
        lag = tape.pipeline.cells[len(REPORTED) + at]
        batches.append(Entry((minute * NANOSECONDS + NANOSECONDS // 2,), {**told, **lag}))
    return Data(traffic=tuple(traffic), pipeline=tuple(batches))


@dataclass(frozen=True)
class Written:
    """A tape that is written into a table, minute by minute, and rules that are asked of it."""

    endpoint: Endpoint
    table: str
    tape: Tape

    def states(self, judge: Judge) -> Iterator[tuple[int, list[Instance]]]:
        """Yield every tick of a rule with all of its instances, as ruletest sees them."""


@contextmanager
def table(endpoint: Endpoint, tape: Tape, judges: list[Judge]) -> Iterator[Iterator[tuple[int, Judge, list[Instance]]]]:
    """Yield the ticks of some rules, each with all the rule's instances then."""
    with endpoint.table() as name:
        source = endpoint.source(name)
        runs = []
        for judge in judges:
            uids = {each.datasource for each in judge.grafana.data if not each.is_expression}
            runs.append((judge, set(judge.ticks(tape)), Run([judge.grafana], dict.fromkeys(uids, source))))

        def ticks() -> Iterator[tuple[int, Judge, list[Instance]]]:
            start = moment(tape, 0)
            endpoint.write(name, replace(Data(), columns=True), start)
            for minute in range(len(tape)):
                for judge, due, run in runs:
                    if minute in due and minute:
                        run.evaluate(moment(tape, minute))
                        assert not run.errors, run.errors
                        yield minute, judge, run.instances
                endpoint.write(name, data(tape, minute), start)

        yield ticks()
