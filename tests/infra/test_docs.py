"""The pages about AWS say what the template and the code say."""

import re
from pathlib import Path

import pytest

from infra import docs, transform
from infra.__main__ import SUBCOMMANDS

ROOT = Path(__file__).parents[2]
NUMBER = re.compile(r"\d[\d,]*\.?\d*")


@pytest.mark.parametrize(
    ("page", "name"),
    [("deploy.md", "parameters"), ("deploy.md", "outputs"), ("stores.md", "users")],
)
def test_the_tables_are_those_of_the_code(page: str, name: str) -> None:
    text = (ROOT / "docs" / page).read_text()
    part = next(part for part in docs.PART.finditer(text) if part[2] == name)
    assert part[0] == f"{part[1]}{docs.PARTS[name]()}\n{part[3]}", "run: python -m infra.docs"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "name"),
    [("cost.md", "bill"), ("cost.md", "bill_clickhouse"), ("stores.md", "totals")],
)
def test_the_printed_bill_is_about_what_is_computed_now(page: str, name: str) -> None:
    """Its lines are the same; its numbers may be off by a twentieth, since sizes are measured."""
    text = (ROOT / "docs" / page).read_text()
    (part,) = (part for part in docs.PART.finditer(text) if part[2] == name)
    printed, computed = part[0].splitlines()[1:-1], docs.PARTS[name]().splitlines()
    words = [[NUMBER.sub("#", line).split() for line in lines] for lines in (printed, computed)]
    assert words[0] == words[1], "run: python -m infra.docs"
    for old, new in zip(printed, computed, strict=True):
        for before, after in zip(NUMBER.findall(old), NUMBER.findall(new), strict=True):
            value = float(after.replace(",", ""))
            assert float(before.replace(",", "")) == pytest.approx(value, rel=0.05, abs=0.05), new


def test_every_verb_has_its_permissions() -> None:
    text = (ROOT / "docs" / "permissions.md").read_text()
    for verb in SUBCOMMANDS:
        target = "check-infra" if verb == "check" else verb
        assert re.search(rf"^\| .*`make {target}`.* \|", text, re.MULTILINE), verb


def test_every_alarm_has_its_symptom() -> None:
    text = (ROOT / "docs" / "troubleshooting.md").read_text()
    for name, resource in transform.load()["Resources"].items():
        if resource["Type"] == "AWS::CloudWatch::Alarm":
            assert name in text, name


def test_the_closing_of_timestream_stands_before_the_steps() -> None:
    for page in ("README.md", "docs/deploy.md"):
        text = (ROOT / page).read_text()
        step = re.search(r"^make (check-infra|deploy)", text, re.MULTILINE)
        closed = re.search(r"closed to new (AWS )?customers\s+since\s+20\s+June\s+2025", text)
        assert step, page
        assert closed, page
        assert closed.start() < step.start(), page
