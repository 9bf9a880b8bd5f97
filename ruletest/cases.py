"""Tests of alert rules, in YAML: data, evaluation times, expected alerts.

README.md describes the format. A Source reads the data, and opens what answers queries about it.
"""

import difflib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruletest import durations
from ruletest.compare import clock, differences, shown
from ruletest.datasource import DataSource, Source
from ruletest.delivery import AnySetting, read
from ruletest.engine import Run
from ruletest.evaluate import ERROR
from ruletest.given import Given
from ruletest.gotemplate import UnsupportedError
from ruletest.rulefile import AlertFile, AlertRule, from_text
from ruletest.state import FIRING, PENDING
from ruletest.versions import LATEST, Version, version
from ruletest.yamlfile import (
    FileError,
    a_list,
    check_keys,
    contents,
    line_of,
    load,
    located,
    of_file,
    strings,
    texts,
    written,
)

START = "2026-01-05T12:00:00Z"
SHOWS = ("fires", "silent", "too-little", "no-data", "error", "resolves", "text")
STATES = (*sorted(FIRING), PENDING)
_READER = "the tester"


@dataclass(frozen=True, slots=True)
class Case:
    """One test: its data, when the rule is evaluated, and what is expected."""

    name: str
    path: Path
    rule: AlertRule
    shows: str
    start: datetime
    data: Any  # the source's own
    times: tuple[float, ...]  # seconds after start
    expect: tuple[Mapping[str, Any], ...]
    files: tuple[AlertFile, ...]
    grafana: Version = LATEST  # the version whose behavior is followed


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one test: no problems, or what differs."""

    test: Case
    problems: tuple[str, ...] = ()
    seen: tuple[str, ...] = field(default_factory=tuple)  # a text for each evaluation

    @property
    def ok(self) -> bool:
        """Whether the test passed."""
        return not self.problems


_FILE = {"rules", "rule", "start", "grafana", "tests"}
_TEST = {"name", "rule", "shows", "start", "grafana", "evaluate", "expect"}
_EXPECTATION = {"at", "alerts", "pending", "messages", "error"}
_ALERT = {"labels", "annotations", "state", "since"}
_MESSAGE = {"to", "type", "title", "text"}


def load_tests(
    path: Path, source: Source, given: Iterable[Path] = (), grafana: Version | None = None
) -> list[Case]:
    """Read a test file and the rule files it names; ``source`` reads the tests' data.

    ``given`` and ``grafana`` replace the rule files and the version that the file names. Raises
    FileError that names file, line and test.
    """
    raw = load(path)
    with of_file(path):
        content = check_keys(raw, {*_FILE, *source.keys}, "the file", _READER)
        named = list(given) or [
            _find(path, each) for each in strings(content, "rules", "the file", {})
        ]
        if not named:
            raise FileError("name the rule files under `rules`, or with --rules")
    files = _checked(
        tuple((str(each), contents(each)) for each in named), tuple(os.environ.items())
    )
    known = {rule.uid: rule for file in files for rule in file.rules}
    tests = []
    with of_file(path):
        for number, each in enumerate(a_list(content, "tests", "the file"), start=1):
            with located(each):
                entry = check_keys(each, {*_TEST, *source.keys}, f"test {number}", _READER)
                name = written(entry, "name", f"test {number}") or f"test {number}"
                reader = _Reader(path, Given(content, entry, repr(name)), name, grafana)
                tests.append(reader.read(known, files, source))
        if not tests:
            raise FileError("has no tests")
    return tests


@lru_cache(maxsize=8)
def _checked(
    texts: tuple[tuple[str, bytes], ...], _environment: tuple[tuple[str, str], ...]
) -> tuple[AlertFile, ...]:
    """Read rule files once, however many test files name them; variables are expanded in them."""
    files = tuple(from_text(text, name) for name, text in texts)
    read(files, AnySetting())  # contact points, policies and templates are checked now, too
    return files


def _find(path: Path, name: str) -> Path:
    """Look in the test file's folder first, then from where the command runs."""
    beside = path.parent / name
    return beside if beside.exists() else Path(name)


class _Reader:
    """Reads one test. What is wrong with it is found here, not when it runs."""

    def __init__(self, path: Path, given: Given, name: str, grafana: Version | None) -> None:
        self._path = path
        self._given = given
        self._entry = given.test
        self._name = name
        self._where = given.where
        self._grafana = grafana

    def read(
        self, known: Mapping[str, AlertRule], files: tuple[AlertFile, ...], source: Source
    ) -> Case:
        entry = self._entry
        rule = self._rule(known)
        if "expect" not in entry:
            raise FileError(f"{self._where} lacks `expect`")
        expect = tuple(self._expectation(each) for each in self._list(entry, "expect"))
        at = [self._given.offset(each, "at") for each in expect]
        if not at:
            raise FileError(f"{self._where}: `expect` names no time", line_of(entry, "expect"))
        times = self._times(rule, at)
        for each, when in zip(expect, at, strict=True):
            if when not in times:
                raise FileError(
                    f"{self._where}: expects something at {each['at']}, but evaluates at "
                    f"{', '.join(clock(t) for t in times)}",
                    line_of(entry, "expect"),
                )
        return Case(
            name=self._name,
            path=self._path,
            rule=replace(rule, paused=False),
            shows=self._given.one_of("shows", SHOWS, "fires"),
            start=self._start(),
            data=source.read(self._given, rule),
            times=times,
            expect=expect,
            files=files,
            grafana=self._version(),
        )

    def _list(self, mapping: Mapping[str, Any], name: str) -> list[Any]:
        return a_list(mapping, name, self._where)

    def _rule(self, known: Mapping[str, AlertRule]) -> AlertRule:
        uid = self._given.text("rule")
        if uid not in known:
            near = difflib.get_close_matches(uid, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise FileError(
                f"{self._where}: the rule files have no rule {uid!r}{hint}",
                self._given.line("rule"),
            )
        return known[uid]

    def _start(self) -> datetime:
        text = self._given.text("start") or START
        try:
            start = datetime.fromisoformat(text)
        except ValueError:
            raise FileError(
                f"{self._where}: start must be a time such as {START}, not {text!r}",
                self._given.line("start"),
            ) from None
        return start.astimezone(UTC) if start.tzinfo else start.replace(tzinfo=UTC)

    def _version(self) -> Version:
        if self._grafana:
            return self._grafana
        text = self._given.text("grafana")
        try:
            return version(text) if text else LATEST
        except ValueError as error:
            raise FileError(
                f"{self._where}: grafana: {error}", self._given.line("grafana")
            ) from None

    def _expectation(self, raw: object) -> dict[str, Any]:
        where = f"{self._where}: expect"
        with located(raw):
            entry = check_keys(raw, _EXPECTATION, where, _READER)
            if "at" not in entry:
                raise FileError(f"{where} lacks `at`")
            made: dict[str, Any] = {"at": written(entry, "at", where)}
            self._given.offset(entry, "at")
            for name in ("alerts", "pending"):
                if name in entry:
                    made[name] = [self._alert(each) for each in self._list(entry, name)]
            if "messages" in entry:
                made["messages"] = [self._message(each) for each in self._list(entry, "messages")]
            if "error" in entry:
                made["error"] = written(entry, "error", where)
                if not made["error"]:
                    raise FileError(
                        f"{where}: error must be a part of the error's text",
                        line_of(entry, "error"),
                    )
            return made

    def _alert(self, raw: object) -> dict[str, Any]:
        where = f"{self._where}: alert"
        with located(raw):
            alert = check_keys(raw, _ALERT, where, _READER)
            made: dict[str, Any] = {"labels": texts(alert, "labels", where)}
            if "annotations" in alert:
                made["annotations"] = texts(alert, "annotations", where)
            if "state" in alert:
                made["state"] = written(alert, "state", where)
                if made["state"] not in STATES:
                    raise FileError(
                        f"{where}: state must be one of {', '.join(STATES)}",
                        line_of(alert, "state"),
                    )
            if "since" in alert:
                made["since"] = clock(self._given.offset(alert, "since"))
            return made

    def _message(self, raw: object) -> dict[str, Any]:
        where = f"{self._where}: message"
        with located(raw):
            message = check_keys(raw, _MESSAGE, where, _READER)
            return {name: written(message, name, where) for name in message}

    def _times(self, rule: AlertRule, expected: list[float]) -> tuple[float, ...]:
        """Return the evaluation times: from the first to the last expected, by the interval."""
        span = check_keys(
            self._entry.get("evaluate") or {},
            {"from", "to", "every"},
            f"{self._where}: evaluate",
            _READER,
        )
        first = self._given.offset(span, "from") if "from" in span else min(expected)
        last = self._given.offset(span, "to") if "to" in span else max(expected)
        step = self._given.offset(span, "every", signed=False) if "every" in span else rule.interval
        if first > last or step <= 0:
            raise FileError(
                f"{self._where}: evaluate: from must not be after to, "
                "and every must be longer than 0s",
                self._given.line("evaluate"),
            )
        return tuple(first + step * n for n in range(int((last - first) / step) + 1))


def run_test(
    test: Case, source: DataSource, *, show: bool = False, grafana_url: str | None = None
) -> Outcome:
    """Evaluate the rule at the test's times, and compare with what the test expects.

    Every error of an evaluation is reported. It is a problem unless the test expects it.
    """
    uids = {query.datasource for query in test.rule.data if not query.is_expression}
    url = grafana_url or "http://localhost:3000"
    run = Run([test.rule], dict.fromkeys(uids, source), test.grafana, url)
    delivery = read(test.files, AnySetting(), url)
    wanted = {durations.offset(each["at"]): each for each in test.expect}
    problems: list[str] = []
    seen: list[str] = []
    for at in test.times:
        when = test.start + timedelta(seconds=at)
        try:
            touched = run.evaluate(when)
        except UnsupportedError as error:
            return Outcome(test, (*problems, f"at {clock(at)}: {error}"), tuple(seen))
        if show:
            seen.append(shown(clock(at), run.instances))
        speaks = next((wanted[each] for each in sorted(wanted) if each >= at), {})
        for each in run.errors:
            told = f"at {clock(at)}, an error: {each}"
            (seen if _expects(speaks, each) else problems).append(told)
        if at not in wanted:
            continue
        if "error" in wanted[at] and not any(wanted[at]["error"] in each for each in run.errors):
            problems.append(f"at {clock(at)}, no error with {wanted[at]['error']!r}")
        problems.extend(differences(wanted[at], run.instances, touched, delivery, test.start, when))
    return Outcome(test, tuple(problems), tuple(seen))


def _expects(wanted: Mapping[str, Any], error: str) -> bool:
    """Whether an expectation names this error, or the alert that Grafana fires for errors."""
    if "error" in wanted:
        return wanted["error"] in error
    return any(
        alert.get("state") == ERROR or alert["labels"].get("alertname") == "DatasourceError"
        for alert in wanted.get("alerts", ())
    )
