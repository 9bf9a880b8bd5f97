"""A rule's query: the worst few of what its parts' questions answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.stores.common.judged.parts import Part
from dashboards.stores.common.judged.words import by_part, greatest, least, literals, named, number
from dashboards.stores.common.layout import select_from as select

# How bad is what neither begins to fire nor has recovered: as bad as a number at its line. What is
# less is within its line, and a message may say that it recovers.
NEITHER = 1.0
# How bad is what is well, and goes on because something else of its rule is bad.
LASTING = 0.5
# By how many turns what only a long window shows comes later.
LATER = 2
_LAST_TURN = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """What a part's number is held against."""

    line: float
    recover: float
    turn: int = 0  # it does not begin to fire while one of a lower turn is beyond its line
    whole: bool = False  # about all requests, so that there is one answer
    lately: bool = True  # its newest window is as short as any of the rule's
    budget: bool = False  # an error budget, which tells late of what others have told
    usual: bool = False  # held against what is usual, so that nothing is bad for long
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
    longer: Sequence[Sequence[str]] = (),
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
    alert `goes_on`, the same holds for all: its query is about the part "".

    What `longer` windows answer counts where the shorter ones cannot judge, or are not sure and
    they are. It comes later than what the newest minutes show.

    What began one by one is over at once: nothing recovers while something has not that is or was
    beyond its line and looks at the newest minutes, nor a part about all requests while another
    such one has not.
    """
    held = {"": muted[1]} | dict(lines) if muted else dict(lines)
    windows = [*queries, *([muted[0]] if muted else [])]
    asked = "\nUNION ALL\n".join(windows)
    if longer:
        columns = named("q", ("part", "name", "number", "judged", "place"))
        asked = "\nUNION ALL\n".join(
            select([*columns, f"{which} AS longer"], "\nUNION ALL\n".join(each), "q")
            for which, each in enumerate((windows, *longer))
        )
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
            *named("a", ["longer"] if longer else []),
        ],
        asked,
        "a",
    )
    if longer:
        scored = _longer(scored, 1 + len(longer), [n for n, line in lines.items() if line.whole])
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
    if limit > 1 or len(whole) > 1:
        union = _together(union, lines, bool(muted))
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


def _longer(source: str, windows: int, whole: Sequence[str]) -> str:
    """Return what the windows answer, or where that is not sure what a longer one does if it is.

    `source` says which one a row is of: 0, and from there on the longer ones.
    """
    names = ("number", "score", "rank_score")

    def of_window(name: str, window: int) -> str:
        return f"max(CASE WHEN f.longer = {window} THEN f.{name} END)"

    later = [f"{name}_{window}" for window in range(1, windows) for name in names]
    columns = [*named("f", ("part", "name", "turn")), "0 AS later"]
    columns += [f"{of_window(name, 0)} AS {name}" for name in names]
    columns += [
        f"{of_window(name, window)} AS {name}_{window}"
        for window in range(1, windows)
        for name in names
    ]
    columns.append(f"coalesce({of_window('rank_score', 0)}, 0) AS own_rank")
    made = select(columns, source, "f", group=["f.part", "f.name", "f.turn"])
    for window in range(1, windows):
        number, score, rank = (f"g.{name}_{window}" for name in names)
        longer = f"g.score IS NULL OR g.score > 0 AND g.score <= 1 AND {score} > 1"
        rank = f"coalesce({rank}, g.rank_score)"
        # A name that was bad within the longer window is kept in sight, and holds nothing back.
        seen = f"({least(rank, str(NEITHER))})"
        if whole:
            seen = f"(CASE WHEN g.part IN ({literals(whole)}) THEN {rank} ELSE {seen} END)"
        seen = greatest("g.rank_score", seen)
        told = {
            # What the window itself showed a moment ago keeps its turn.
            "later": (f"CASE WHEN g.own_rank > 1 THEN g.later ELSE {LATER} END", "g.later"),
            "number": (f"coalesce({number}, g.number)", "g.number"),
            "score": (score, "g.score"),
            "rank_score": (greatest("g.rank_score", rank), seen),
        }
        columns = named("g", ["part", "name", "turn", "own_rank", *later])
        columns += [
            f"CASE WHEN {longer} THEN {then} ELSE {otherwise} END AS {name}"
            for name, (then, otherwise) in told.items()
        ]
        made = select(columns, made, "g")
    columns = [*named("h", ("part", "name")), "h.turn + h.later AS turn", *named("h", names)]
    return select(columns, made, "h")


def _together(source: str, lines: Mapping[str, Line], muted: bool) -> str:
    """Return the rows with none of them well while one that began an alert is not.

    Those about all requests are as bad as their line while another such one is not well.
    """
    whole = [name for name, line in lines.items() if line.whole]
    newest = [name for name, line in lines.items() if line.lately]
    lately = "t.part <> '' AND " if muted else ""
    lately += f"(t.part IN ({literals(newest)}) OR t.turn <= t.first_turn)"
    usual = [name for name, line in lines.items() if line.usual]
    began = "t.rank_score > 1"
    if usual:
        began = f"({began} OR t.part IN ({literals(usual)}))"
    budgets = [name for name, line in lines.items() if line.budget]
    if budgets:
        began += f" AND (t.turn <= t.first_turn OR t.part NOT IN ({literals(budgets)}))"
    on = {"bad": f"{lately} AND t.score > 0 AND {began}"}
    if len(whole) > 1:
        here = f"part IN ({literals(whole)})"
        on["all_bad"] = f"{lately} AND t.{here} AND t.score > 0"
    kept = ("part", "name", "turn", "number", "first_turn", *(("muted",) if muted else ()))
    columns = named("t", [*kept, "score", "rank_score"])
    columns += [f"max(CASE WHEN {test} THEN 1 ELSE 0 END) OVER () AS {n}" for n, test in on.items()]
    marked = select(columns, source, "t")
    score = f"CASE WHEN y.bad = 1 AND y.score < {LASTING} THEN {LASTING} ELSE y.score END"
    rank = "y.rank_score"
    if len(whole) > 1:
        held = f"CASE WHEN y.all_bad = 1 AND y.{here} AND"
        score = f"{held} y.score < {NEITHER} THEN {NEITHER} ELSE {score} END"
        here = f"(y.bad = 1 OR y.all_bad = 1) AND y.{here}"
        rank = f"CASE WHEN {here} AND {rank} < {NEITHER} THEN {NEITHER} ELSE {rank} END"
    raised = [f"{score} AS score", f"{rank} AS rank_score"]
    return select([*named("y", kept), *raised], marked, "y")
