"""SQL in, typed rows out: every case of the files under sql/.

`*.expressions` have a case a line, `expression => type: value`. `*.queries` have blocks: a title,
the query, ----, the columns' types, the rows. A refusal is written `! ErrorCode: part of message`.
Values are what the documentation's definitions give, written down by hand.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from timestream_local.engine import Engine
from timestream_local.errors import ServiceError

FOLDER = Path(__file__).with_name("sql")


@dataclass(frozen=True)
class Case:
    """One question and its answer."""

    title: str
    sql: str
    expected: str  # lines of types and rows, or one line that begins with !

    @property
    def reads_tables(self) -> bool:
        """Whether it may matter how the tables' rows are kept; a lone expression has none."""
        return "sampledb" in self.sql.lower()


def expressions(path: Path) -> list[Case]:
    """Read a file of one-line cases."""
    cases = []
    for line in path.read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        expression, arrow, answer = line.rpartition(" => ")
        assert arrow, f"{path.name}: no answer in {line!r}"
        if not answer.startswith("!"):
            kind, _, value = answer.partition(":")
            answer = f"{kind}\n{value.removeprefix(' ')}"
        cases.append(Case(expression, f"SELECT {expression}", answer))
    return cases


def queries(path: Path) -> list[Case]:
    """Read a file of blocks."""
    cases = []
    for block in path.read_text().split("\n## ")[1:]:
        title, _, rest = block.partition("\n")
        sql, rule, answer = rest.partition("\n----\n")
        assert rule, f"{path.name}: no answer to {title!r}"
        cases.append(Case(title, sql, answer.strip("\n")))
    return cases


def load() -> list[Any]:
    """Return all cases, each named by its file and title."""
    params = []
    for path in sorted(FOLDER.iterdir()):
        read = expressions if path.suffix == ".expressions" else queries
        params += [pytest.param(case, id=f"{path.stem}: {case.title}"[:120]) for case in read(path)]
    return params


def show_type(kind: dict[str, Any]) -> str:
    """Write the protocol's Type as SQL does."""
    if "ArrayColumnInfo" in kind:
        return f"array({show_type(kind['ArrayColumnInfo']['Type'])})"
    if "TimeSeriesMeasureValueColumnInfo" in kind:
        return f"timeseries({show_type(kind['TimeSeriesMeasureValueColumnInfo']['Type'])})"
    if "RowColumnInfo" in kind:
        fields = (
            f"{field.get('Name', '')} {show_type(field['Type'])}".strip()
            for field in kind["RowColumnInfo"]
        )
        return f"row({', '.join(fields)})"
    return kind["ScalarType"].lower().replace("_", " ")


def show(datum: dict[str, Any]) -> str:
    """Write a Datum as the files do."""
    (name, value), *more = datum.items()
    assert not more
    if name == "NullValue":
        return "NULL"
    if name == "ArrayValue":
        return f"[{', '.join(map(show, value))}]"
    if name == "TimeSeriesValue":
        return "{" + ", ".join(f"{p['Time']}: {show(p['Value'])}" for p in value) + "}"
    if name == "RowValue":
        return f"({', '.join(map(show, value['Data']))})"
    return value


def ask(engine: Engine, sql: str) -> dict[str, Any]:
    """Return the whole answer to a query."""
    answer = engine.query({"QueryString": sql})
    rows = answer["Rows"].decoded()
    while token := answer.get("NextToken"):
        answer = engine.query({"QueryString": sql, "NextToken": token})
        rows += answer["Rows"].decoded()
    return {**answer, "Rows": rows}


@pytest.mark.parametrize("case", load())
def test_answers_as_the_documentation_says(
    case: Case, samples: Engine, compressed_samples: Engine
) -> None:
    """Each case gives the documented types and values, or the documented kind of refusal."""
    check(case, samples)
    if case.reads_tables:
        check(case, compressed_samples)


def check(case: Case, engine: Engine) -> None:
    """Ask one question and compare its answer."""
    if case.expected.startswith("!"):
        code, _, message = case.expected.removeprefix("! ").partition(":")
        with pytest.raises(ServiceError) as caught:
            ask(engine, case.sql)
        assert caught.value.code == code
        assert message.strip() in caught.value.message
        return
    answer = ask(engine, case.sql)
    lines = []
    if case.expected.startswith("names:"):
        lines.append("names: " + " | ".join(c["Name"] for c in answer["ColumnInfo"]))
    lines.append(" | ".join(show_type(column["Type"]) for column in answer["ColumnInfo"]))
    lines += (" | ".join(map(show, row["Data"])) for row in answer["Rows"])
    assert "\n".join(lines) == case.expected
