"""Data in the test file: what a query answers at each time, and what a file may say."""

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ruletest import static
from ruletest.command import main
from ruletest.frames import Frame, to_values
from ruletest.static import SOURCE, Points, Table, Told
from ruletest.values import EvaluationError, NoData, Number, Series
from ruletest.yamlfile import FileError

HOUSE = Path(__file__).resolve().parents[1]
EXAMPLES = HOUSE / "examples"
ZERO = datetime(2026, 1, 5, 12, tzinfo=UTC)


def asked(answers: list[Table | Points], minute: float, length: float = 5) -> list[Frame]:
    """Ask as of a minute after the start, for the minutes before it."""
    told = Told({"A": answers}, ZERO.timestamp())
    end = ZERO + timedelta(minutes=minute)
    return told.run({"refId": "A"}, end - timedelta(minutes=length), end)


class TestTables:
    ROWS = ({"country": "BR", "n": 5}, {"country": "DE", "n": None})

    def test_a_row_is_a_number_with_the_texts_as_labels(self) -> None:
        first, second = to_values(asked([Table(0, self.ROWS)], 0))
        assert first == Number({"country": "BR"}, 5.0)
        assert isinstance(second, Number)
        assert (second.labels, str(second.value)) == ({"country": "DE"}, "nan")

    def test_an_entry_holds_from_its_time_until_the_next(self) -> None:
        entries = [Table(0, self.ROWS), Table(120, ()), Table(240, error="boom")]
        assert asked(entries, -1) == []
        assert len(asked(entries, 1.99)[0]) == 2
        assert to_values(asked(entries, 2)) == [NoData()]
        with pytest.raises(EvaluationError, match="boom"):
            asked(entries, 4)

    def test_a_column_has_one_type(self) -> None:
        rows = ({"a": 1, "b": True, "c": 1}, {"a": 1.5, "b": None, "c": "x"}, {"a": None})
        [frame] = asked([Table(0, rows)], 0)
        assert [(each.name, each.kind) for each in frame.fields] == [
            ("a", "number"), ("b", "boolean"), ("c", "string"),
        ]  # fmt: skip
        assert frame.fields[2].values == ["1", "x", None]


class TestSeries:
    def test_a_query_gets_the_points_in_its_range(self) -> None:
        points = tuple((60.0 * n, float(n)) for n in range(-10, 11))
        [series] = to_values(asked([Points({"host": "a"}, points)], 3, 2))
        assert isinstance(series, Series)
        assert series.labels == {"host": "a"}
        zero = int(ZERO.timestamp()) * 1_000_000_000
        assert [((at - zero) / 60e9, value) for at, value in series.points] == [
            (1, 1), (2, 2), (3, 3),
        ]  # fmt: skip

    def test_one_without_a_point_in_the_range_is_not_there(self) -> None:
        assert asked([Points({}, ((0, 1.0),))], 10) == []

    @pytest.mark.parametrize(
        ("text", "values"),
        [
            ("1 2.5 -3", [1, 2.5, -3]),
            ("1x4", [1, 1, 1, 1, 1]),
            ("-2+4x3", [-2, 2, 6, 10]),
            ("1-2x4", [1, -1, -3, -5, -7]),
            ("1 _x3 5", [1, "", "", "", 5]),
            ("_ 1 null nullx2", ["", 1, None, None, None]),
            ("1e-3x1 .5+.25x2", [0.001, 0.001, 0.5, 0.75, 1]),
            ("Inf -Inf", [float("inf"), float("-inf")]),
            ("", []),
        ],
    )
    def test_values_are_written_as_promtool_s(self, text: str, values: list[Any]) -> None:
        got: list[Any] = [""] * len(values)
        for place, value in static._values(text):
            got[place] = value
        assert got == values

    @given(st.lists(st.floats(allow_nan=False)))
    def test_any_numbers_can_be_written(self, values: list[float]) -> None:
        text = " ".join(str(value).replace("inf", "Inf") for value in values)
        assert [value for _, value in static._values(text)] == values

    @pytest.mark.parametrize("text", ["x", "5x", "1+2", "1,2", "x3", "5x-1", "five", "1x9999999"])
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(FileError, match=r"is no value; write|makes more than"):
            list(static._values(text))

    @given(st.text())
    def test_no_text_is_a_traceback(self, text: str) -> None:
        said = ""
        try:
            list(static._values(text))
        except FileError as error:
            said = str(error)
        assert not said or re.search(r"is no value; write|makes more than", said)


CASE = """\
rules: [rules.yaml]
rule: error-rate
tests:
  - name: bad
    data: DATA
    expect: [{at: 0m, alerts: []}]
"""


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("{}", "line 5: 'bad': data lacks query 'A' of the rule; `A: ..` is no data"),
        ("text", "data: expected a mapping, got text"),
        ("{A: [], Z: []}", "line 5: 'bad': data: rule 'error-rate' does not read 'Z'"),
        ("{A: {}}", "A must be a list, not a mapping"),
        ("{A: [5]}", "an entry has one of `rows`, `series` and `error`"),
        ("{A: [{rows: [], error: x}]}", "an entry has one of"),
        ("{A: [{row: []}]}", "does not read 'row'; did you mean 'rows'"),
        ("{A: [{rows: [], every: 1m}]}", "does not read 'every'"),
        ("{A: [{rows: [5]}]}", "a row is a mapping"),
        ("{A: [{rows: [{n: [1]}]}]}", "n must be a number, text"),
        ("{A: [{error: ''}]}", "error must be the text"),
        ("{A: [{from: x, rows: []}]}", "from: not a valid duration"),
        ("{A: [{from: 1m, rows: []}, {rows: []}]}", "in the order of their `from`"),
        ("{A: [{rows: []}, {rows: []}]}", "in the order of their `from`"),
        ("{A: [{series: {}, from: 0m, every: 1m}]}", "a series lacks `values`"),
        ("{A: [{series: {}, from: 0m, every: 0s, values: 1}]}", "every must be longer than 0s"),
        ("{A: [{series: 5, from: 0m, every: 1m, values: 1}]}", "series: expected a mapping"),
        ("{A: [{series: {}, from: 0m, every: 1m, values: 1+2}]}", "line 5: .*'1\\+2' is no value"),
        ("{A: [{rows: []}, {series: {}, from: 0m, every: 1m, values: 1}]}", "not both"),
    ],
)  # fmt: skip
def test_bad_data_is_one_sentence(
    data: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rules.yaml").write_text((EXAMPLES / "rules.yaml").read_text())
    (tmp_path / "tests.yaml").write_text(CASE.replace("DATA", data))
    assert main([str(tmp_path / "tests.yaml")]) == 2
    said = capsys.readouterr().err
    assert re.search(says, said), said
    assert said.count("\n") == 1


def test_what_a_file_says_is_for_all_its_tests_until_one_says_otherwise(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text((EXAMPLES / "rules.yaml").read_text())
    content = yaml.safe_load(CASE)
    content["data"] = {"A": [{"rows": [{"service": "shop", "rate": 0.01}]}], "other-rule's": []}
    del content["tests"][0]["data"]
    content["tests"].append({**content["tests"][0], "name": "own", "data": {"A": []}})
    (tmp_path / "tests.yaml").write_text(yaml.safe_dump(content))
    from ruletest.cases import load_tests

    shared, own = load_tests(tmp_path / "tests.yaml", SOURCE)
    assert [len(each.data["A"]) for each in (shared, own)] == [1, 0]


class TestReadme:
    TEXT = (HOUSE / "README.md").read_text()

    def test_its_first_command_prints_what_it_says(self, tmp_path: Path) -> None:
        """As printed, where there is a copy of this folder and nothing else."""
        shutil.copytree(HOUSE, tmp_path / "ruletest")
        command, shown = re.findall(r"```sh\n(.*?)\n```\n\n((?:    .*\n)+)", self.TEXT)[0]
        words = command.split()
        assert words[:3] == ["python", "-m", "ruletest"]
        done = subprocess.run(
            [sys.executable, *words[1:]], cwd=tmp_path, capture_output=True, text=True,
            check=False, env={},
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == re.sub(r"^    ", "", shown, flags=re.MULTILINE)

    def test_the_example_it_shows_is_the_one_that_runs(self) -> None:
        shown = re.findall(r"```yaml\n(.*?)```", self.TEXT, re.DOTALL)[0]
        assert shown in (EXAMPLES / "tests.yaml").read_text()

    def test_it_names_every_kind_a_test_can_show(self) -> None:
        from ruletest.cases import SHOWS

        assert ", ".join(f"`{each}`" for each in SHOWS) in self.TEXT


class TestSourceOfOnesOwn:
    MODULE = """
import contextlib
from ruletest.frames import Field, Frame

class Same:
    keys = {"answer"}
    def add_arguments(self, parser):
        parser.add_argument("--times", type=float, default=1)
    def read(self, given, rule):
        return float(given.text("answer"))
    @contextlib.contextmanager
    def opened(self, options):
        self.times = options.times
        yield self
    @contextlib.contextmanager
    def prepared(self, data, start):
        self.frame = Frame([Field("value", "number", [data * self.times])])
        yield self
    def run(self, model, start, end):
        return [self.frame]

SOURCE = Same()
"""

    def test_it_is_named_on_the_command_line_and_has_options(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "same_answer.py").write_text(self.MODULE)
        monkeypatch.syspath_prepend(tmp_path)
        (tmp_path / "rules.yaml").write_text((EXAMPLES / "rules.yaml").read_text())
        case = CASE.replace("data: DATA", "answer: 0.03")
        (tmp_path / "tests.yaml").write_text(case.replace("alerts: []", "pending: []"))
        command = [str(tmp_path / "tests.yaml"), "--source", "same_answer:SOURCE"]
        assert main(command) == 0
        assert main([*command, "--times", "10"]) == 1
        assert "fails 30% of its requests" in capsys.readouterr().out

    @pytest.mark.parametrize("name", ["nowhere:SOURCE", "ruletest.static:NONE", "x", ":", "a b:c"])
    def test_one_that_is_not_there_is_one_sentence(
        self, name: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["x.yaml", "--source", name]) == 2
        said = capsys.readouterr().err
        assert said.startswith(f"ruletest: {name!r} is no source: ")
        assert said.count("\n") == 1
