"""What failing requests have in common, as one sentence: SQL that every store takes.

Requests are counted in cells: one for each combination of labels (country, behavior, host, edge),
of how the answer came about, and, for those that fail, of the URI. All else follows from the cells
in window functions, so the table is read once. The cells without failures are most of them, and are
left behind as soon as requests are added up by each value.

A value tells something if it holds more than half of the failing requests, and is among them
clearly more often than among all: what all requests share explains nothing. The first one told is
the one whose share grows most. The next ones are told of those that are left, as long as together
they still are more than half of all that fail.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from dashboards.signals import DIMENSIONS, Collected, Dimension
from dashboards.signals.expressions import Predicate
from dashboards.stores.common.layout import nested, select, select_from

# Dimensions in which a cause is looked for, the most familiar first: it is told first where two
# tell as much. Each with the words before a value, once it is not the first.
ASPECTS = {
    "country": "from country ",
    "behavior": "to behavior ",
    "host": "to host ",
    "edge": "from edge ",
}
# How an answer came about, by the first predicate that holds; the last one needs none.
_HOW = {
    "hit": "on hits (edge side)",
    "origin_request": "on misses (origin side)",
    "miss": "on misses (edge side)",
    "": "on the edge side",
}
# Where it is not known what failed at the origin, an error may be on either side.
_SIDELESS = {"hit": "on hits", "miss": "on misses", "": ""}
# How much greater a share has to be among what fails than among all, as a fraction.
_LIFT = (5, 4)
# How much of a value is shown.
LENGTH = 60
# Shares that grow as much, in steps of so many to the whole, tell as much.
_STEPS = 20


class Dialect(Protocol):
    """How a store's SQL says what is asked of requests."""

    collected: Collected
    scale: str

    def predicate(self, predicate: Predicate | str) -> str:
        """Return a predicate. Raises NotCollected."""

    def label(self, dimension: Dimension) -> str:
        """Return a dimension's text. Raises NotCollected."""


@dataclass(frozen=True, slots=True)
class Sought:
    """One question for a cause: which requests are bad, what they are called, by which labels."""

    noun: str
    of: Predicate | str
    where: tuple[Predicate | str, ...] = ()  # what holds for all that are looked at
    by: Dimension | None = None
    how: bool = True  # whether it is told if they were hits or misses, and on which side
    part: str = ""  # of a rule with several parts: its name


@dataclass(frozen=True, slots=True)
class Writer:
    """What differs between the SQL of stores."""

    whole: Callable[[str, str], str]  # one whole number by another, cut to a whole number
    text: Callable[[str], str]  # a number as text
    cut: Callable[[str], str]  # the beginning of a text, LENGTH characters of it


class Cause:
    """Questions for causes that are asked together, in one query."""

    def __init__(self, sql: Dialect, sought: Sequence[Sought]) -> None:
        """Resolve what is asked for. Raises NotCollected."""
        known = sql.collected.available
        dimensions = [*(DIMENSIONS[name] for name in ASPECTS), *(s.by for s in sought if s.by)]
        first, same = sought[0], {(each.of, each.where) for each in sought}
        self._site = bool(first.part) and len(same) == 1 and any(each.by for each in sought)
        if self._site:  # all of them, as a part without a name
            sought = [*sought, replace(first, by=None, part="")]
        self._sql, self._sought = sql, sought
        self._named = {each.name: sql.label(each) for each in dimensions if known(each)}
        for each in sought:
            if each.by:
                sql.label(each.by)  # raises
        self._aspects = [name for name in ASPECTS if name in self._named]
        self._failed = [self._all([each.of, *each.where]) for each in sought]
        if any(each.how for each in sought) and known("hit"):
            self._named["how"] = self._how()
        if known(DIMENSIONS["uri"]):
            uri = sql.label(DIMENSIONS["uri"])
            bad = " OR ".join(dict.fromkeys(self._failed))
            self._named["uri"] = f"CASE WHEN {bad} THEN {uri} ELSE '' END"

    def _all(self, predicates: Sequence[Predicate | str]) -> str:
        return " AND ".join(map(self._sql.predicate, predicates))

    def _how(self) -> str:
        known = self._sql.collected.available("origin_error")
        cases = " ".join(
            f"WHEN {self._sql.predicate(name)} THEN '{words}'" if name else f"ELSE '{words}'"
            for name, words in (_HOW if known else _SIDELESS).items()
        )
        return f"CASE {cases} END"

    @property
    def _counts(self) -> list[str]:
        """How many there are, and fail, of each question; the same condition is counted once."""
        wholes = [self._all(each.where) for each in self._sought]
        return list(
            dict.fromkeys(test for pair in zip(wholes, self._failed, strict=True) for test in pair)
        )

    @property
    def columns(self) -> list[str]:
        """The columns of a cell."""
        return self._cell(self._named, self._counts)

    @property
    def failures(self) -> list[str]:
        """The columns of a cell of failing requests alone; `requests` has the rest."""
        return self._cell(self._named, [t if t in self._failed else None for t in self._counts])

    @property
    def failing(self) -> str:
        """The condition that a request fails by any of the questions."""
        return " OR ".join(f"({test})" for test in dict.fromkeys(self._failed))

    def requests(self, sql: Dialect, amount: str) -> tuple[list[str], list[str]]:
        """Return the columns of a cell of all requests, and what these have in common.

        They are asked for by another dialect, of rows that stand for an `amount` of requests: only
        labels and what is looked at have to be in them. Raises NotCollected, or the dialect's own.
        """
        named = {
            name: sql.label(DIMENSIONS[name]) if name in DIMENSIONS and name != "uri" else "''"
            for name in self._named
        }
        wholes = {
            self._all(each.where): " AND ".join(map(sql.predicate, each.where))
            for each in self._sought
        }
        tests = [wholes.get(test) for test in self._counts]
        return self._cell(named, tests, amount), [text for text in named.values() if text != "''"]

    @staticmethod
    def _cell(
        named: Mapping[str, str], tests: Sequence[str | None], amount: str = "1"
    ) -> list[str]:
        """Return the labels, and how many requests pass each test: "" is none, None is for 0."""
        counts = [
            "0" if test is None
            else f"sum(CASE WHEN {test} THEN {amount} ELSE 0 END)" if test
            else f"sum({amount})"
            for test in tests
        ]  # fmt: skip
        return [
            *(f"{text} AS {name}" for name, text in named.items()),
            *(f"cast({count} AS bigint) AS count_{n}" for n, count in enumerate(counts)),
        ]

    @property
    def group(self) -> list[str]:
        """What a cell's requests have in common."""
        return list(self._named.values())

    def sentences(self, cells: str, writer: Writer, *, page: bool = False) -> str:
        """Return the query: labels, the text `cause`, and `value`, how many requests are bad.

        Of one question without a part the label is that of its dimension, without one there is one
        row. Parts have the labels `part` and `name`, which is empty without a dimension. Where all
        parts are about the same requests, the text `site` says what these have in common whatever
        their labels. There is a row for each label with bad requests, and one more without any for
        a rule: Grafana would take no row for no data. A `page` lists them, most bad requests first.
        """
        parts = bool(self._sought[0].part)
        by = ["part", "name"] if parts else [s.by.name for s in self._sought if s.by]
        levels = _Levels(
            by,
            [*by, "noun"] if parts else by,
            [name for name in self._aspects if parts or name not in by],
            "noun" if parts else f"'{self._sought[0].noun}'",
            "how" in self._named,
            "uri" in self._named,
            writer,
            self._sql.scale,
        )
        for level in (
            self._added, self._parts if parts else self._only, levels.shares, levels.weights,
            levels.tops, levels.violated, levels.together, levels.chained, levels.pieces,
            levels.said,
        ):  # fmt: skip
            cells = level(cells)
        texts = [*by, "cause"]
        if self._site:
            told = "max(CASE WHEN part = '' THEN cause ELSE '' END) OVER () AS site"
            cells = select_from([*texts, told, "value"], cells, "said")
            texts.append("site")
            cells = select_from([*texts, "value"], cells, "told", ["part <> ''"])
        if page:
            return f"{cells}\nORDER BY value DESC"
        if not by:
            return cells
        nothing = ", ".join([*(f"'' AS {name}" for name in texts), "0 AS value"])
        return f"{cells}\nUNION ALL\nSELECT {nothing}"

    def _count(self, test: str) -> str:
        return f"count_{self._counts.index(test)}"

    def _sums(self, sought: Sought, failed: str) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Return what a question's shares are of: counts, each by some labels, which may be none.

        They are called as in `_Levels.weights`.
        """
        by = [sought.by.name] if sought.by else []
        found = {}
        for name, *value in [("all",), *((name, name) for name in self._aspects)]:
            labels = tuple(sorted({*by, *value}))
            found[f"{name}_failed"] = self._count(failed), labels
            found[f"{name}_requests"] = self._count(self._all(sought.where)), labels
        return found

    def _added(self, cells: str) -> str:
        """Add the sums to the cells, and leave those behind in which nothing fails."""
        sums = {
            _named(*of): f"sum({of[0]}) OVER ({self._partition(of[1])})"
            for sought, failed in zip(self._sought, self._failed, strict=True)
            for of in self._sums(sought, failed).values()
        }
        failing = dict.fromkeys(map(self._count, self._failed))
        added = select_from(
            [*self._named, *failing, *(f"{text} AS {name}" for name, text in sums.items())],
            cells,
            "cells",
        )
        some = " OR ".join(f"{count} > 0" for count in failing)
        return select_from([*self._named, *failing, *sums], added, "added", [f"({some})"])

    @staticmethod
    def _partition(labels: Sequence[str]) -> str:
        return f"PARTITION BY {', '.join(labels)}" if labels else ""

    def _only(self, added: str) -> str:
        """Name the counts of the one question."""
        [sought], [failed] = self._sought, self._failed
        sums = self._sums(sought, failed)
        columns = [f"{_named(*of)} AS {name}" for name, of in sums.items()]
        failed = f"{self._count(failed)} AS failed"
        return select_from([*self._named, failed, *columns], added, "added")

    def _parts(self, added: str) -> str:
        """Repeat the cells for each part, with its labels and counts."""
        sought = self._sought
        rows = " UNION ALL ".join(f"SELECT '{each.part}' AS part" for each in sought)

        def by_part(values: Sequence[str], name: str) -> str:
            if len(set(values)) == 1:
                return f"{values[0]} AS {name}" if values[0] != name else name
            cases = " ".join(
                f"WHEN '{each.part}' THEN {value}"
                for each, value in zip(sought, values, strict=True)
            )
            return f"CASE part {cases} END AS {name}"

        columns = [
            "part",
            by_part([each.by.name if each.by else "''" for each in sought], "name"),
            by_part([f"'{each.noun}'" for each in sought], "noun"),
            *self._aspects,
            by_part([self._count(failed) for failed in self._failed], "failed"),
        ]
        sums = [self._sums(*each) for each in zip(sought, self._failed, strict=True)]
        columns += [by_part([_named(*each[name]) for each in sums], name) for name in sums[0]]
        if "how" in self._named:
            columns.append(by_part(["how" if each.how else "''" for each in sought], "how"))
        if "uri" in self._named:
            columns.append("uri")
        source = f"{nested(added, 'added')}\nCROSS JOIN ({rows}) AS parts"
        return select(columns, source)


def _named(count: str, labels: Sequence[str]) -> str:
    """Return what a count by some labels is called."""
    return "_".join([count, *(labels or ["all"])])


class _Levels:
    """The levels of the query, each a SELECT from the one before."""

    def __init__(
        self,
        labels: list[str],
        by: list[str],
        aspects: list[str],
        noun: str,
        how: bool,
        uri: bool,
        writer: Writer,
        scale: str,
    ) -> None:
        self.labels, self.by, self.aspects = labels, by, aspects
        self.told = [*aspects, "how"] if how else aspects
        self.noun, self.writer = noun, writer
        self.uri = ["uri"] if uri else []
        self.total = f"{scale} * coalesce(total, 0)" if scale else "coalesce(total, 0)"

    def _over(self, *more: str) -> str:
        by = ", ".join([*self.by, *more])
        return f"OVER (PARTITION BY {by})" if by else "OVER ()"

    def shares(self, cells: str) -> str:
        """Add to each failing cell how many fail as it does, and at its URI."""
        names = [*self.by, *self.told, *self.uri, "failed"]
        names += [f"{n}_{of}" for n in ("all", *self.aspects) for of in ("failed", "requests")]
        others = [name for name in [*self.told, *self.uri] if name not in self.aspects]
        added = [f"sum(failed) {self._over(name)} AS {name}_failed" for name in others]
        return select_from([*names, *added], cells, "cells", ["failed > 0"])

    def weights(self, shares: str) -> str:
        """Weigh each value: 0 for what tells nothing, no weight twice."""
        more, than = _LIFT
        weights = []
        for place, name in enumerate(reversed(self.aspects), 2):
            failed, requests = f"{name}_failed", f"{name}_requests"
            grown = f"{_STEPS} * ({failed} * all_requests - {requests} * all_failed)"
            steps = self.writer.whole(grown, "all_failed * all_requests")
            weights.append(
                f"CASE WHEN {name} <> '-' AND 2 * {failed} > all_failed"
                f" AND {than} * {failed} * all_requests >= {more} * {requests} * all_failed"
                f" THEN 10 * {steps} + {place} ELSE 0 END AS {name}_weight"
            )
        if "how" in self.told:
            weights.append(
                "CASE WHEN how <> '' AND 2 * how_failed > all_failed THEN 1 ELSE 0 END"
                " AS how_weight"
            )
        uri = ["uri", "uri_failed"] if self.uri else []
        names = [*self.by, *self.told, *uri, "failed", "all_failed"]
        return select_from([*names, *weights], shares, "shares")

    def tops(self, weights: str) -> str:
        """Add the weight that the value in question has."""
        tops = [f"max({name}_weight) {self._over()} AS {name}_top" for name in self.told]
        names = [*self.by, *self.told, "failed", "all_failed"]
        names += [f"{name}_weight" for name in self.told]
        if self.uri:
            names += ["uri", "uri_failed"]
            tops.append(f"max(CASE WHEN uri <> '' THEN uri_failed END) {self._over()} AS uri_top")
        return select_from([*names, *tops], weights, "weights")

    def violated(self, tops: str) -> str:
        """Add the weight of the first value that a cell does not have."""
        lacks = [
            f"CASE WHEN {name}_weight < {name}_top THEN {name}_top ELSE 0 END" for name in self.told
        ]
        lacking = lacks[0] if len(lacks) == 1 else f"greatest({', '.join(lacks)})"
        names = [*self.by, *self.told, "failed", "all_failed"]
        names += [f"{name}_{what}" for name in self.told for what in ("weight", "top")]
        if self.uri:
            names += ["uri", "uri_failed", "uri_top"]
        return select_from([*names, f"{lacking if lacks else 0} AS lacking"], tops, "tops")

    def together(self, violated: str) -> str:
        """Sum up: the values, their weights, and how many have them and all that weigh more."""
        found = []
        for name in self.told:
            found += [
                f"max(CASE WHEN {name}_weight > 0 THEN {name} END) AS {name}_value",
                f"max({name}_top) AS {name}_rank",
                f"sum(CASE WHEN lacking < {name}_top THEN failed ELSE 0 END) AS {name}_joint",
            ]
        if self.uri:
            found += [
                "min(CASE WHEN uri <> '' AND uri_failed = uri_top THEN uri END) AS worst",
                "max(uri_top) AS worst_failed",
            ]
        named = [*self.by, "max(all_failed) AS total", *found]
        return select_from(named, violated, "violated", group=self.by)

    def chained(self, together: str) -> str:
        """Add each value's place, and how many have all that are told before it."""
        names = [*self.by, "total", *(["worst", "worst_failed"] if self.uri else [])]
        names += [f"{name}_{what}" for name in self.told for what in ("value", "joint")]
        added = []
        for name in self.told:
            others = [other for other in self.told if other != name]
            ahead = [f"{other}_rank > {name}_rank" for other in others]
            before = [
                f"CASE WHEN {test} THEN {other}_joint ELSE total END"
                for test, other in zip(ahead, others, strict=True)
            ]
            places = " + ".join(f"CASE WHEN {test} THEN 1 ELSE 0 END" for test in ahead)
            of = f"least({', '.join(['total', *before])})" if before else "total"
            added += [f"{of} AS {name}_of", f"{places or 0} AS {name}_place"]
        return select_from([*names, *added], together, "together")

    def pieces(self, chained: str) -> str:
        """Add each value's words, empty if it is not told."""
        pieces = []
        for name in self.told:
            joint, of = f"{name}_joint", f"{name}_of"
            share = self._share(joint, "total", "All")
            if name == "how":
                first = f"{share} || ' of the ' || {self.noun} || ': ' || how_value"
                # "on misses" is all of them
                next_ = f"{self._share(joint, of, '', ' % ')} || how_value"
            else:
                value = self.writer.cut(f"{name}_value")
                first = f"{share} || ' of the ' || {self.noun} || ': {name} ' || {value}"
                next_ = f"{self._share(joint, of, 'all')} || ' {ASPECTS[name]}' || {value}"
            pieces.append(
                f"CASE WHEN 2 * {joint} <= total THEN ''"
                f" WHEN {name}_place = 0 THEN {first} ELSE ', ' || {next_} END AS {name}_words"
            )
        names = [*self.by, "total", *(["worst", "worst_failed"] if self.uri else [])]
        names += [f"{name}_place" for name in self.aspects]
        return select_from([*names, *pieces], chained, "chained")

    def said(self, pieces: str) -> str:
        """Put the words into one sentence, and the worst URI behind it."""
        places = []
        for place in range(len(self.aspects)):
            # Those that tell nothing share a place behind all others, and have no words.
            cases = " ".join(f"WHEN {n}_place = {place} THEN {n}_words" for n in self.aspects)
            places.append(f"CASE {cases} ELSE '' END")
        values = " || ".join(f"{name}_words" for name in self.aspects) or "''"
        how = "how_words" if "how" in self.told else "''"
        nothing = f"CASE WHEN {how} = '' THEN 'Nothing stands out among the ' || {self.noun} "
        nothing += f"ELSE {how} || '; nothing else stands out' END"
        told = " || ".join([*places, how])
        cause = f"CASE WHEN {values} = '' THEN {nothing} ELSE {told} END || '.'"
        if self.uri:
            name = self.writer.cut("worst")
            share = self._share("worst_failed", "total", "all")
            cause += f" || coalesce(' Worst URI: ' || {name} || ' (' || {share} || ').', '')"
        # Without groups there is a row when nothing fails, too, and nothing in it.
        cause = f"CASE WHEN total > 0 THEN {cause} ELSE '' END AS cause"
        return select_from([*self.labels, cause, f"{self.total} AS value"], pieces, "pieces")

    def _share(self, part: str, whole: str, all_of: str, percent: str = " %") -> str:
        """Return a share in words: all of it, or percent."""
        rounded = self.writer.whole(f"200 * {part} + {whole}", f"2 * {whole}")
        number = self.writer.text(f"least(99, greatest(1, {rounded}))")
        return f"CASE WHEN {part} = {whole} THEN '{all_of}' ELSE {number} || '{percent}' END"
