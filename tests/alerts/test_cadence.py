"""A rule means the same however often it is evaluated, and its price is said."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards import build, stores
from dashboards.__main__ import main
from dashboards.alerts import cadence, docs, files, queries, thresholds
from dashboards.alerts.knobs import Threshold, Thresholds
from dashboards.alerts.rules import PARTS, RULE_OF, RULES
from dashboards.config import BuildError
from dashboards.grafana.board import REFRESHES
from local.stores.timestream.rulecases import Endpoint, load
from ruletest.command import report
from ruletest.durations import seconds
from tests.support.usual import ON, Bundle, alerting_files

ROOT = Path(__file__).resolve().parents[2]
LIMITS = thresholds.load()
EVERY = st.integers(1, 30).map(lambda minutes: f"{minutes}m")
STORE = st.sampled_from(list(stores.STORES))
BILLED = [name for name, settings in stores.STORES.items() if settings.BILLED]


def bundle(choice: str = "", *, store: str = stores.DEFAULT_NAME, billed: bool = True) -> Bundle:
    return Bundle(store=store, cadence=choice, billed=billed)


class TestChoice:
    """One knob; empty is what suits the store and who pays."""

    @pytest.mark.parametrize(
        ("store", "billed", "interval"),
        [("timestream", True, 300), ("timestream", False, 60), ("clickhouse", True, 60)],
    )
    def test_the_usual_cadence(self, store: str, billed: bool, interval: int) -> None:
        assert bundle(store=store, billed=billed).interval == interval

    @pytest.mark.parametrize("wrong", ["0m", "31m", "60m", "1h", "90s", "10s", "5", "5 m", "-5m"])
    def test_what_cannot_be_is_refused_in_a_sentence(
        self, wrong: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(BuildError, match="whole minutes from 1m to 30m"):
            bundle(wrong)
        assert main([f"--cadence={wrong}", "--check"]) == 2
        assert capsys.readouterr().err.count("\n") == 1

    def test_the_committed_files_ask_every_minute(self) -> None:
        """They are for a store on this machine."""
        paths = list((ROOT / "provisioning").glob("**/alerting/rules.yaml"))
        assert len(paths) == len(stores.STORES)
        for path in paths:
            groups = yaml.safe_load(path.read_text())["groups"]
            assert min(seconds(group["interval"]) for group in groups) == 60, path


class TestLayout:
    """What is paid for by the round is asked in one."""

    @settings(deadline=None, max_examples=30)
    @given(EVERY, st.sampled_from(BILLED))
    def test_all_rules_are_one_group_where_rounds_are_paid_for(
        self, choice: str, store: str
    ) -> None:
        [group] = files.groups(bundle(choice, store=store))
        assert seconds(group["interval"]) == seconds(choice)
        assert {rule["uid"] for rule in group["rules"]} == {f"cloudfront-{name}" for name in ON}

    @settings(deadline=None, max_examples=30)
    @given(EVERY, STORE)
    def test_elsewhere_slow_rules_are_asked_no_more_often_than_they_need(
        self, choice: str, store: str
    ) -> None:
        groups = files.groups(bundle(choice, store=store, billed=False))
        for group in groups:
            for rule in group["rules"]:
                own = seconds(RULES[rule["uid"].removeprefix("cloudfront-")].every)
                assert seconds(group["interval"]) == max(own, seconds(choice))
        assert len({group["name"] for group in groups}) == len(groups)

    @pytest.mark.slow
    def test_no_refresh_is_offered_that_asks_more_often_than_the_rules(self) -> None:
        def offered(made: Bundle) -> list[str]:
            [text] = [text for path, text in build(made).items() if path.endswith("overview.json")]
            found: list[str] = json.loads(text)["timepicker"]["refresh_intervals"]
            return found

        assert offered(bundle(billed=False)) == list(REFRESHES)
        assert offered(bundle(store="clickhouse")) == list(REFRESHES)
        assert offered(bundle()) == ["5m", "15m", "30m", "1h"]
        assert offered(bundle("1m")) == list(REFRESHES)
        assert offered(bundle("10m")) == ["15m", "30m", "1h"]
        chosen = Bundle(billed=True, refresh="2m")
        assert offered(chosen) == ["2m", "5m", "15m", "30m", "1h"]


def _there(made: Bundle) -> Mapping[str, tuple[int, Threshold]]:
    """Return every part's interval, and its settings with those of its rule."""
    limits = cadence.at(LIMITS, made)
    return {
        name: (cadence.interval(RULE_OF[name], made), _whole(limits, name))
        for name in PARTS
        if RULE_OF[name].name in ON and limits.rules[name].enabled
    }


def _whole(limits: Thresholds, name: str) -> Threshold:
    rule = limits.rules[RULE_OF[name].name]
    return replace(limits.rules[name], pending=rule.pending, keep_firing_for=rule.keep_firing_for)


OWN = {name: _whole(LIMITS, name) for name in PARTS}


class TestKnobs:
    """Windows, `for` and keep_firing_for follow."""

    @settings(deadline=None, max_examples=30)
    @given(EVERY, STORE, st.booleans())
    def test_nothing_slips_between_two_windows(self, choice: str, store: str, billed: bool) -> None:
        """Also no line that arrives twice as late as is waited for."""
        for name, (interval, made) in _there(bundle(choice, store=store, billed=billed)).items():
            own = OWN[name]
            for length, before in ((made.window, own.window), (made.short, own.short)):
                assert length >= before
                if length and interval > seconds(RULE_OF[name].every):
                    assert length >= interval + LIMITS.delay, name
            assert not made.short or made.short < made.window, name

    @settings(deadline=None, max_examples=30)
    @given(EVERY, STORE, st.booleans())
    def test_waiting_is_whole_evaluations(self, choice: str, store: str, billed: bool) -> None:
        for name, (interval, made) in _there(bundle(choice, store=store, billed=billed)).items():
            own = OWN[name]
            if interval <= seconds(RULE_OF[name].every):
                assert made == own
                continue
            assert made.pending % interval == made.keep_firing_for % interval == 0
            assert made.pending <= own.pending
            # One evaluation more would be longer than it was, or than a moment is in the window.
            narrow = min(
                other.short or other.window
                for part, (_, other) in _there(bundle(choice, store=store, billed=billed)).items()
                if RULE_OF[part] is RULE_OF[name]
            )
            assert made.pending + interval > min(own.pending, narrow - interval)
            assert not made.pending or made.pending + interval <= narrow
            assert own.keep_firing_for <= made.keep_firing_for < own.keep_firing_for + interval

    def test_the_words_of_a_message_are_those_of_the_window(self) -> None:
        [group] = files.groups(bundle("5m"))
        found = {rule["uid"]: rule for rule in group["rules"]}["cloudfront-errors-5xx"]
        words = "over 6 minutes to 1 hour)"
        assert words in found["annotations"]["summary"]
        number, worst = (found["data"][at]["relativeTimeRange"] for at in (0, 2))
        assert number == {"from": 6 * 3600 + LIMITS.delay, "to": LIMITS.delay}
        assert worst == {"from": 360 + LIMITS.delay, "to": LIMITS.delay}
        assert found["for"] == "0s"

    def test_a_window_longer_than_records_are_kept_is_still_refused(self) -> None:
        with pytest.raises(BuildError, match="looks back further than the 1 days"):
            files.groups(Bundle(cadence="5m", billed=True, retention=1))

    def test_the_page_says_what_follows(self) -> None:
        page = docs.generated(LIMITS)
        cells = " | ".join(f"{own} min or 20 min or 1 h, at once" for own in (5, 6, 11))
        assert f"| `country-5xx` | {cells} |" in page
        byte = "| `ttfb-p95` | 10 min, for 5 min | 10 min, for 5 min | 11 min, at once |"
        assert byte in page


def _needed(window: float, pending: float, every: float, length: float) -> float:
    """How many times over its line a fault of some minutes has to be to be seen for certain.

    It is the worst of its places between two evaluations, in half minutes. Around it all is well.
    """
    worst = 0.0
    for halves in range(int(2 * every)):
        start = halves / 2
        ticks = [every * n for n in range(int((start + length + window) // every) + 3)]
        inside = [max(0, min(start + length, t) - max(start, t - window)) for t in ticks]
        count = int(pending // every) + 1
        best = max(min(inside[n : n + count]) for n in range(len(inside) - count + 1))
        worst = max(worst, window / best if best else float("inf"))
    return worst


class TestSize:
    """A fault that a rule of a rate sees at 1m is seen at 5m when it is up to twice as bad."""

    @pytest.mark.parametrize(("choice", "times"), [("5m", 2), ("10m", 4)])
    def test_a_short_fault_need_not_be_much_worse(self, choice: str, times: int) -> None:
        for name, (interval, made) in _there(bundle(choice)).items():
            rule, own = PARTS[name], OWN[name]
            if rule.ask not in (queries.now, queries.shares) or RULE_OF[name].every != "1m":
                continue
            for length in range(1, 41):
                before = _needed(own.window / 60, own.pending / 60, 1, length)
                after = _needed(made.window / 60, made.pending / 60, interval / 60, length)
                if before < float("inf"):
                    assert after <= times * before, (name, length)
                if length >= (made.window + made.pending + interval) / 60:
                    assert after == 1, name


# A label and how it is written on a line, for each rule of errors.
KINDS = {
    "country-5xx": ({"c-country": "BR"}, 503),
    "edge-5xx": ({"x-edge-location": "GRU1-C1"}, 502),
    "behavior-5xx": ({"cache-behavior-path-pattern": "/api/*"}, 500),
    "host-5xx": ({"cs-host": "shop.example.com"}, 504),
}
# Requests a minute, of which a window of five has enough for every rule here.
HEALTHY = 200
# A rule that waits as long as its window sees no single minute, at any cadence.
BRIEF = [name for name in KINDS if "errors-5xx" in ON and OWN[name].pending + 60 < OWN[name].window]


def _traffic(label: dict[str, Any], status: int, start: int, end: int, share: float) -> Any:
    """A label's traffic before, during and after a fault of this share; minutes."""
    bad = round(HEALTHY * share * (end - start))
    before, after = start - 12, end + 3
    spans = [(before, start, HEALTHY * (start - before)), (end, after, HEALTHY * (after - end))]
    spans.append((start, end, HEALTHY * (end - start) - bad))
    made = [
        {"from": f"{a}m", "to": f"{b}m", "requests": n, "fields": label} for a, b, n in spans if n
    ]
    fields = {**label, "sc-status": status}
    everybody = {
        "from": f"{before}m",
        "to": f"{after}m",
        "requests": 9 * HEALTHY * (after - before),
    }
    fault = {"from": f"{start}m", "to": f"{end}m", "requests": bad, "fields": fields}
    return [*made, everybody, fault]


def _case(path: Path, rule: str, traffic: Any, at: int, *, fires: bool) -> Path:
    labels = {"bundle": "cloudfront", "severity": RULE_OF[rule].severity, "part": rule}
    value = next(iter(KINDS[rule][0].values()))
    alerts = [{"labels": {**labels, "name": value}}] if fires else []
    # The tester evaluates from its first expectation on.
    expect = [{"at": "0m", "alerts": []}, {"at": f"{at}m", "alerts": alerts}]
    test = {"name": "a fault", "traffic": traffic, "expect": expect}
    content = {"rules": ["rules.yaml"], "rule": f"cloudfront-{RULE_OF[rule].name}", "tests": [test]}
    path.write_text(yaml.safe_dump(content))
    return path


def _first_whole(start: int, interval: int, window: int, pending: int) -> int:
    """Return the minute at which a fault just over the line fires: its window is full of it."""
    tick = -(-(start + window + LIMITS.delay // 60) // interval) * interval
    return tick + pending


class TestFaults:
    """What a rule is to see at 1m is seen at the other cadences, at the latest when it is said."""

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("rule", "choice"),
        [(name, "5m") for name in KINDS if "errors-5xx" in ON]
        + [(name, "10m") for name in BRIEF[:1]],
    )
    def test_the_smallest_fault_is_seen_wherever_it_begins(
        self, rule: str, choice: str, tmp_path: Path, timestream: Endpoint
    ) -> None:
        """Just over the line, from a minute on of each place between two evaluations."""
        (label, status), line = KINDS[rule], LIMITS.rules[rule].line / 100
        rules = [alerting_files(cadence=choice, billed=True)["rules"]]
        interval, made = _there(bundle(choice))[rule]
        every, window, pending = interval // 60, made.window // 60, made.pending // 60
        own = LIMITS.rules[rule]
        longest = max(own.window, interval + LIMITS.delay) + own.pending + LIMITS.delay + interval
        for start in (0, every // 2, every - 1):
            share = line + 0.04  # as many as chance does not make
            at = _first_whole(start, every, window, pending)
            assert at - start <= longest / 60
            # It lasts no longer than until the evaluation that has to see it.
            traffic = _traffic(label, status, start, at, share)
            path = _case(tmp_path / "case.yaml", rule, traffic, at, fires=True)
            [test] = load(path, rules)
            outcome = timestream.run(test)
            assert outcome.ok, report(outcome)

    @pytest.mark.slow
    @pytest.mark.parametrize("rule", BRIEF)
    def test_a_minute_without_an_answer_is_seen(
        self, rule: str, tmp_path: Path, timestream: Endpoint
    ) -> None:
        """At 5m as at 1m: two windows share a minute, so one of them has all of it."""
        label, status = KINDS[rule]
        rules = [alerting_files(cadence="5m", billed=True)["rules"]]
        _, made = _there(bundle("5m"))[rule]
        for start in (0, 3, 4):
            traffic = _traffic(label, status, start, start + 1, 1.0)
            at = -(-(start + 1 + 1) // 5) * 5
            assert not made.pending
            path = _case(tmp_path / "case.yaml", rule, traffic, at, fires=True)
            [test] = load(path, rules)
            outcome = timestream.run(test)
            assert outcome.ok, report(outcome)

    @pytest.mark.slow
    def test_at_the_line_it_is_silent(self, tmp_path: Path, timestream: Endpoint) -> None:
        rules = [alerting_files(cadence="5m", billed=True)["rules"]]
        traffic = _traffic({"c-country": "BR"}, 503, -14, 22, 0.01)
        path = _case(tmp_path / "case.yaml", "country-5xx", traffic, 20, fires=False)
        [test] = load(path, rules)
        outcome = timestream.run(test)
        assert outcome.ok, report(outcome)


class TestSentence:
    """One line: what it costs a month, and how late the first mail is."""

    def said(self, choice: str, **knobs: Any) -> str:
        made = bundle(choice, **knobs)
        return cadence.sentence(files.groups(made), made.settings, "us-east-1")

    def test_where_rounds_are_paid_for(self) -> None:
        assert self.said("") == (
            "Rules every 5 minutes: about USD 151 a month; first mail 1 to 7 minutes after a total "
            "outage begins, 7 to 13 after a fault just over its line."
        )
        assert self.said("1m").startswith("Rules every minute: about USD 756 a month;")

    def test_where_they_are_not(self) -> None:
        said = self.said("", store="clickhouse")
        assert said.startswith("Rules every minute: no price of their own, they take CPU that is")
        assert "USD" not in said

    def test_without_rules_there_is_nothing_to_say(self) -> None:
        assert cadence.sentence([], stores.DEFAULT, "us-east-1") == ""

    @pytest.mark.slow
    @settings(deadline=None, max_examples=30)
    @given(EVERY)
    def test_it_is_no_sooner_than_the_rules_can_be(self, choice: str) -> None:
        """By the quickest critical rule: delay, window, `for`, cadence, and Grafana's wait."""
        made = bundle(choice)
        interval, quickest = _there(made)["country-5xx"]
        found = cadence.mails(files.groups(made))
        assert found is not None
        wait = LIMITS.delay + quickest.pending + 30
        assert found[0] == (wait, wait + interval)
        assert found[1] == (wait + quickest.window, wait + quickest.window + interval)

    def test_other_data_sources_and_paused_rules_do_not_count(self) -> None:
        groups = files.groups(bundle())
        other = {"interval": 60, "rules": [{"data": [{"datasourceUid": "prometheus"}]}]}
        assert cadence.rounds([*groups, other], {"timestream"}) == cadence.rounds(groups)
        assert len(cadence.rounds([*groups, other])) == 2
        paused = [{**groups[0], "rules": [{**r, "isPaused": True} for r in groups[0]["rules"]]}]
        assert cadence.rounds(paused) == []

    def test_a_grafana_that_spreads_rules_is_warned_of(self) -> None:
        groups = files.groups(bundle())
        said = cadence.spread(groups, stores.DEFAULT, "us-east-1")
        [dollars] = re.findall(r"USD ([\d,]+)", said)
        assert float(dollars.replace(",", "")) == round(730 * 4 * 0.518)
        clickhouse = stores.named("clickhouse")
        assert cadence.spread(groups, clickhouse, "us-east-1") == ""
