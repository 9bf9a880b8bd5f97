"""The reference page is as the code is, and every documented name is accounted for."""

from functools import cache

import pytest

from timestream_local import functions, reference
from timestream_local.overloads import Family

NAMES = [
    pytest.param(family, name, id=f"{family.page}: {name}")
    for family in functions.FAMILIES
    for name in family.documented
]
_cases = cache(reference._cases)


def test_the_page_is_as_the_code_is() -> None:
    """sql.md is what the command would write."""
    assert reference.main(["--check"]) == 0


@pytest.mark.parametrize(("family", "name"), NAMES)
def test_every_documented_name_runs_and_is_shown(family: Family, name: str) -> None:
    """Each has a rule, or is a syntax, and at least one case that shows it."""
    assert name.lower() in functions.RULES or name in functions.RULES or name in family.notes
    assert _cases().get(name.lower())


@pytest.mark.parametrize("name", sorted(functions.REFUSED))
def test_every_refused_name_is_refused(name: str) -> None:
    """What the page says is refused has no rule."""
    assert name not in functions.RULES


def test_every_signature_reads_well() -> None:
    """Each row of the table has a signature that parses, and a template with all its arguments."""
    for family in functions.FAMILIES:
        for rule in family.rules:
            signature = rule.types
            places = range(len(signature.arguments))
            used = [f"{{{i}" in rule.template or "{*}" in rule.template for i in places]
            assert all(used) or rule.name in ("approx_distinct", "approx_percentile", "date_add")
