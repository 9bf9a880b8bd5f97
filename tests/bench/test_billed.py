"""Billed seconds of a log of queries, by hand and beside what is computed."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import billed as tool
from dashboards.stores.timestream import billing

START = 1_790_000_000.0
SPANS = st.lists(
    st.tuples(st.integers(0, 4000), st.integers(0, 90)).map(lambda two: (two[0], sum(two))),
    min_size=1,
)


def log(path: Path, spans: list[tuple[float, float]]) -> Path:
    lines = [json.dumps({"began": a, "ended": b, "status": 200}) + "\n" for a, b in spans]
    path.write_text("".join(lines))
    return path


def evenings(interval: float, count: int, rules: int = 30) -> list[tuple[float, float]]:
    """Rounds as Grafana asks them: spread over ten seconds, two queries a rule."""
    return [
        (begin, begin + 0.2)
        for each in range(count)
        for rule in range(rules)
        for begin in [START + each * interval + 10 * rule / rules] * 2
    ]


class TestRule:
    """By the second, and half a minute at least from when units are taken."""

    @pytest.mark.parametrize(
        ("spans", "seconds"),
        [
            ([], 0),
            ([(0, 0.1)], 30),
            ([(0, 0.1), (29.9, 29.95)], 30),
            ([(0, 0.1), (29.9, 30.5)], 31),
            ([(0, 0.1), (30, 30.1)], 60),
            ([(30, 30.1), (0, 0.1)], 60),
            ([(0, 45.2)], 46),
            ([(0, 45.2), (45.5, 46)], 46),
            ([(0, 0.1), (300, 300.1), (600, 600.1)], 90),
        ],
    )
    def test_by_hand(self, spans: list[tuple[float, float]], seconds: int) -> None:
        assert billing.billed(spans) == seconds

    @settings(deadline=None)
    @given(SPANS)
    def test_it_lies_between_what_is_used_and_what_each_query_alone_would_be(
        self, spans: list[tuple[int, int]]
    ) -> None:
        busy = len({second for start, end in spans for second in range(start, end)})
        alone = sum(max(30, end - start) for start, end in spans)
        assert max(busy, 30) <= billing.billed(spans) <= alone
        assert billing.billed(spans) <= tool.billed_alone(spans) <= alone

    @settings(deadline=None)
    @given(st.integers(1, 30))
    def test_a_group_of_rules_is_what_its_rounds_are(self, minutes: int) -> None:
        found = billing.billed(evenings(60 * minutes, minutes, 5))  # in minutes x minutes
        assert found / minutes * 60 / minutes == pytest.approx(
            billing.seconds_an_hour([60 * minutes])
        )

    def test_groups_apart_add_up_to_an_hour_at_most(self) -> None:
        assert billing.seconds_an_hour([60, 300, 1800]) == 1800 + 360 + 60
        assert billing.seconds_an_hour([60] * 30) == 3600


class TestTool:
    """Half an hour's log beside what is computed."""

    def test_half_an_hour_agrees(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = log(tmp_path / "queries.log", evenings(300, 7))
        assert tool.main([str(path), "--cadence", "5m"]) == 0
        said = capsys.readouterr().out
        assert "360 queries in 6 rounds in 30.0 minutes" in said
        assert "measured: 360 billed seconds an hour, about USD 151 a month" in said
        assert "computed: 360; measured is +0.0 % from that" in said
        assert "anew with each query: 476" in said

    def test_groups_apart_are_seen(self, tmp_path: Path) -> None:
        """What the layout is for: two groups that Grafana asks a minute apart cost twice."""
        spans = evenings(300, 7, 15)
        spans += [(a + 60, b + 60) for a, b in evenings(300, 6, 15)]
        assert tool.measured(tool.read(log(tmp_path / "q", spans))).seconds == 720

    def test_until_says_when_the_watching_ended(self, tmp_path: Path) -> None:
        spans = tool.read(log(tmp_path / "q", evenings(300, 6)))
        assert tool.measured(spans, START + 1800).seconds == 360

    def test_what_the_local_pipeline_asks_itself_is_left_out(self, tmp_path: Path) -> None:
        path = log(tmp_path / "q", evenings(300, 7))
        own = [
            json.dumps({"began": START + each, "ended": START + each + 1, "client": "Boto3/1.40"})
            for each in range(100, 1800, 60)
        ]
        path.write_text(path.read_text() + "\n".join(own) + "\n")
        assert tool.measured(tool.read(path, "Boto3")).seconds == 360
        assert tool.measured(tool.read(path)).seconds > 900

    @pytest.mark.parametrize("text", ["", '{"began": 1, "ended": 2}\n', "{"])
    def test_without_a_whole_round_there_is_one_sentence(
        self, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "queries.log"
        path.write_text(text)
        assert tool.main([str(path)]) == 1
        assert capsys.readouterr().err == (
            "There is no whole round of queries in the log; watch for longer.\n"
        )

    def test_a_half_written_last_line_is_left_out_and_another_is_named(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = log(tmp_path / "queries.log", evenings(300, 3))
        path.write_text(path.read_text() + '{"began": 17')
        assert tool.main([str(path)]) == 0
        path.write_text("a line\n" + path.read_text())
        assert tool.main([str(path)]) == 1
        assert "line 1 is no entry of the endpoint's log." in capsys.readouterr().err

    def test_a_wrong_cadence_and_no_file_are_one_sentence(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = log(tmp_path / "queries.log", evenings(300, 3))
        assert tool.main([str(path), "--cadence", "soon"]) == 1
        assert tool.main([str(tmp_path / "none")]) == 1
        said = capsys.readouterr().err
        assert "cadence 'soon' must be whole minutes" in said
        assert said.count("\n") == 2
