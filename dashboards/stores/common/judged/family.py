"""A rule's query: the worst few of what its parts' questions answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.stores.common.judged.parts import Part
from dashboards.stores.common.judged.words import by_part, literals, named, number
from dashboards.stores.common.layout import select_from as select

# How bad is what neither begins to fire nor has recovered: as bad as a number at its line. What is
# less is within its line, and a message may say that it recovers.
NEITHER = 1.0
_LAST_TURN = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """What a part's number is held against."""

    line: float
    recover: float
    turn: int = 0  # it does not begin to fire while one of a lower turn is beyond its line
    whole: bool = False  # about all requests, so that there is one answer
    lately: bool = True  # its newest window is as short as any of the rule's
    regardless: float | None = None  # beyond this it begins to fire whatever its turn is

    def score(self, number_: float) -> float:
        """Return how bad a number is: 1 at the line, 0 where it has recovered."""
        return (number_ - self.recover) / (self.line - self.recover)


def plain(query: str) -> str:
    """Return a question's number alone."""
    return select(["asked.number AS value"], query, "asked")


def family(
    queries: Sequence[str],
    lines: Mapping[str, Line],
    limit: int,
    *,
    muted: tuple[str, Line] | None = None,
    goes_on: bool = False,
    numbers: bool = False,
) -> str:
    """Return the worst few of some questions: part, name, value.

    The value is how bad it is, 1 at the line of its part and 0 where it has recovered, or with
    `numbers` the number that a message says. Where something is or was beyond its line, no later
    turn begins to fire, unless it is beyond its `regardless`: its value is no more than NEITHER,
    and so is that of a name that cannot be judged now. An alert that fires goes on with it, and
    none begins. Until the number of `muted` has recovered there is no answer at all, or where an
    alert `goes_on`, the same holds for all: its query is about the part "". Nor does a part about
    all requests recover while another such one that looks at the newest minutes has not: so what
    began one by one is over at once.
    """
    held = {"": muted[1]} | dict(lines) if muted else dict(lines)
    asked = "\nUNION ALL\n".join([*queries, *([muted[0]] if muted else [])])
    parts = [Part(name=name) for name in held]

    def score(column: str) -> str:
        recover = by_part("a", parts, lambda part: number(held[part.name].recover))
        span = by_part(
            "a", parts, lambda part: f"({number(held[part.name].line - held[part.name].recover)})"
        )
        # Rounded, because a number at its line is not beyond it.
        return f"round((1.0 * a.{column} - {recover}) / {span}, 9)"

    scored = select(
        [
            *named("a", ("part", "name")),
            f"{by_part('a', parts, lambda part: str(held[part.name].turn))} AS turn",
            "1.0 * a.number AS number",
            f"{score('judged')} AS score",
            f"{score('place')} AS rank_score",
        ],
        asked,
        "a",
    )
    # What cannot be judged now may never have fired, so it holds nothing back.
    bad = "e.rank_score > 1 AND e.score IS NOT NULL AND e.part <> ''"
    first = f"CASE WHEN {bad} THEN e.turn ELSE {_LAST_TURN} END"
    columns = [
        *named("e", ("part", "name", "turn", "number", "rank_score")),
        f"coalesce(e.score, {NEITHER}) AS score",
        f"min({first}) OVER () AS first_turn",
    ]
    where: list[str] = []
    if muted:
        mute = "CASE WHEN e.part = '' AND e.score > 0 THEN 1 ELSE 0 END"
        columns.append(f"max({mute}) OVER () AS muted")
        where = ["rated.part <> ''", *([] if goes_on else ["rated.muted = 0"])]
    union = select(columns, scored, "e", ["(e.score IS NOT NULL OR e.rank_score > 1)"])
    whole = [name for name, line in lines.items() if line.whole]
    if len(whole) > 1:
        union = _together(union, whole, [n for n in whole if lines[n].lately], bool(muted))
    free = [
        f"rated.part = '{name}' AND rated.score > {number(line.score(line.regardless))}"
        for name, line in lines.items()
        if line.regardless is not None
    ]
    later, first = "rated.turn > rated.first_turn", "rated.turn <= rated.first_turn"
    if free:
        later, first = (
            f"({later} AND NOT ({' OR '.join(free)}))",
            f"({' OR '.join([first, *free])})",
        )
    if muted and goes_on:
        later = f"({later} OR rated.muted = 1)"
    value = f"CASE WHEN {later} AND rated.score > {NEITHER} THEN {NEITHER} ELSE rated.score END"
    return select(
        [
            *named("rated", ("part", "name")),
            f"{'rated.number' if numbers else value} AS value",
        ],
        union,
        "rated",
        where,
        order=f"CASE WHEN {first} AND rated.rank_score > 1 THEN 0 ELSE 1 END"
        " ASC, rated.rank_score DESC, rated.turn ASC, rated.name ASC, rated.part ASC",
        limit=limit,
    )


def _together(source: str, whole: Sequence[str], lately: Sequence[str], muted: bool) -> str:
    """Return the rows with parts about all requests neither well nor bad while one is not well."""
    here = f"t.part IN ({literals(whole)})"
    newest = f"t.part IN ({literals(lately)}) OR " if lately else ""
    on = f"{here} AND t.score > 0 AND ({newest}t.turn <= t.first_turn)"
    kept = ("part", "name", "turn", "number", "first_turn", *(("muted",) if muted else ()))
    columns = named("t", kept)
    columns.append(f"max(CASE WHEN {on} THEN 1 ELSE 0 END) OVER () AS lasts")
    columns += named("t", ("score", "rank_score"))
    marked = select(columns, source, "t")
    held = f"y.lasts = 1 AND y.part IN ({literals(whole)})"
    raised = [
        f"CASE WHEN {held} AND y.{name} < {NEITHER} THEN {NEITHER} ELSE y.{name} END AS {name}"
        for name in ("score", "rank_score")
    ]
    return select([*named("y", kept), *raised], marked, "y")
