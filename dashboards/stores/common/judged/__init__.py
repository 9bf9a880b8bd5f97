"""What alert rules make of counts: SQL that every store reads, around its own `slices`.

    slices: counts by part, label and slice of time
      ─▶ a kind of question, about some parts: part, name, number, judged, place
      ─▶ a family, of some such questions: part, name, value

`number` is what a message says, `judged` what is held against the line, and `place` what the worst
are found by: those that are it now or were a moment ago. All three are in the unit of the line.

Parts that ask the same kind of question are one query: planning a query costs a store more than
reading some minutes.

Only words that all stores know stand here: CASE, coalesce, nullif, sums, and sums over a window.
Every column is written with the name of what it comes from, because a store may take a bare one
for an alias. Whole numbers are multiplied by 1.0 before they are divided.
"""

from dashboards.stores.common.judged.amounts import Arrivals, Numbers, Silence
from dashboards.stores.common.judged.changes import TOGETHER, Change, Served
from dashboards.stores.common.judged.family import LASTING, LATER, NEITHER, Line, family, plain
from dashboards.stores.common.judged.parts import Kind, Part
from dashboards.stores.common.judged.shares import (
    COMMON,
    LIFT,
    LONGEST,
    PERHAPS,
    SURE,
    SURE_OF_BUDGETS,
    Burns,
    Drops,
    Shares,
    lately,
)

__all__ = [
    "COMMON",
    "LASTING",
    "LATER",
    "LIFT",
    "LONGEST",
    "NEITHER",
    "PERHAPS",
    "SURE",
    "SURE_OF_BUDGETS",
    "TOGETHER",
    "Arrivals",
    "Burns",
    "Change",
    "Drops",
    "Kind",
    "Line",
    "Numbers",
    "Part",
    "Served",
    "Shares",
    "Silence",
    "family",
    "lately",
    "plain",
]
