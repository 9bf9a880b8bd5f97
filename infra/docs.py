"""Writes the parts of docs/ that the template and the price list decide: ``python -m infra.docs``.

A part stands between ``<!-- NAME: python -m infra.docs -->`` and ``<!-- end -->``.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from infra import cost, stores, transform
from processor import catalog

DOCS = transform.TEMPLATE.parents[1] / "docs"
LINKS = (
    "LogProcessorLogGroup",
    "CloudWatchMetricsUrl",
    *(link for name in stores.STORES for link in stores.of(name).grafana.LINKS),
)
PART = re.compile(r"(<!-- (\w+): python -m infra\.docs -->\n).*?(<!-- end -->)", re.DOTALL)


def parameters() -> str:
    """Return the template's parameters as a table, group by group."""
    template = transform.load()
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    lines = ["| parameter | default | what |", "|---|---|---|"]
    for group in groups:
        lines.append(f"| **{group['Label']['default']}** | | |")
        for name in group["Parameters"]:
            about = template["Parameters"][name]
            what = f"{_sentence(about['Description'])} {_limits(about)}".strip()
            lines.append(f"| `{name}` | {_default(name, about)} | {what} |")
    return "\n".join(lines)


def _default(name: str, about: dict[str, Any]) -> str:
    if name == "LogFields":
        return f"{len(catalog.DEFAULT_FIELDS)} fields: all but the two header lists"
    return f"`{about['Default']}`" if str(about["Default"]) else "empty"


def _limits(about: dict[str, Any]) -> str:
    if "MinValue" in about:
        return f"{about['MinValue']} to {about['MaxValue']}."
    values = about.get("AllowedValues", [])
    return "" if not values or len(values) > 30 else f"One of {', '.join(map(str, values))}."


def _sentence(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def outputs() -> str:
    """Return the outputs that tools read, as a table."""
    lines = ["| output | what |", "|---|---|"]
    for name, about in transform.load()["Outputs"].items():
        if name not in LINKS:
            lines.append(f"| `{name}` | {about['Description']} |")
    return "\n".join(lines)


def workload(rps: float, store: str) -> cost.Workload:
    """Return the default settings at this traffic."""
    return cost.Workload(rps, 2 * rps, 5, "us-east-1", catalog.DEFAULT_FIELDS, store=store)


def bill(store: str = stores.DEFAULT) -> str:
    """Return the bill of the default settings at 1,000 requests a second."""
    return "\n".join(["```", *cost.report(workload(1000, store)), "```"])


def totals() -> str:
    """Return what a month costs with little and with much traffic, for each way to run a store."""
    lines = (10, 500)
    made = [
        f"| store | {' | '.join(f'{each} lines a second' for each in lines)} |",
        "|---|---|---|",
    ]
    for name in stores.STORES:
        store = stores.of(name)
        columns = zip(*(cost.totals(workload(each * 20, name)) for each in lines), strict=True)
        for column, amounts in zip(store.cost.COLUMNS, columns, strict=True):
            dollars = " | ".join(f"USD {amount:,.0f}" for amount in amounts)
            made.append(f"| {store.NAME}, {column} | {dollars} |")
    return "\n".join(made)


def users() -> str:
    """Return the statements that make the users of the stores that are servers."""
    found = [part.users() for name in stores.STORES if (part := stores.of(name).schema)]
    return "\n".join(["```sql", *(f"{each};" for part in found for each in part), "```"])


PARTS: dict[str, Callable[[], str]] = {
    "parameters": parameters,
    "outputs": outputs,
    "totals": totals,
    "users": users,
    "bill": bill,
    **{f"bill_{name}": partial(bill, name) for name in stores.STORES if name != stores.DEFAULT},
}


def written(text: str) -> str:
    """Return a page with its generated parts written again."""
    return PART.sub(lambda part: f"{part[1]}{PARTS[part[2]]()}\n{part[3]}", text)


def pages() -> list[Path]:
    """Return the pages that have such parts."""
    return [page for page in sorted(DOCS.glob("*.md")) if PART.search(page.read_text())]


if __name__ == "__main__":
    for page in pages():
        page.write_text(written(page.read_text()))
