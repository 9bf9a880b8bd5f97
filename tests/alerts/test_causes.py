"""What a message says of the cause, word for word, as the rules of each store give it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.stores import DEFAULT_NAME, STORES
from ruletest.engine import Run
from tests.support.usual import ON, alerting_files, rulecases

pytestmark = pytest.mark.skipif("errors-5xx" not in ON, reason="the rule is off")

HEAD = """\
rules: [RULES]
rule: cloudfront-errors-5xx
tests:
  - name: words
    traffic:
"""


def entry(requests: int, **fields: str) -> str:
    """Return requests of the five minutes that the rule looks at."""
    named = ", ".join(f"{name.replace('_', '-')}: {value!r}" for name, value in fields.items())
    return f"      - {{from: -6m, to: -1m, requests: {requests}, fields: {{{named}}}}}\n"


def failing(requests: int, detail: str = "OriginError", **fields: str) -> str:
    return entry(
        requests,
        sc_status="503",
        x_edge_result_type="Error",
        x_edge_detailed_result_type=detail,
        **fields,
    )


BRAZIL = {"c_country": "BR", "x_edge_location": "GRU3-P5"}
CALM = entry(8000) + entry(1000, c_country="AR", x_edge_location="EZE50-C1")
NONE = "All of the errors: {}; nothing else stands out. Worst URI: {} ({})."
ORIGIN = "on misses (origin side)"
# What happens; what is said of each instance (part and name), and of the whole site.
CASES: dict[str, tuple[str, dict[tuple[str, str], str], str]] = {
    "one country at one edge": (
        CALM + entry(90, **BRAZIL) + failing(910, cs_uri_stem="/checkout", **BRAZIL)
        + failing(45) + failing(45, c_country="AR", x_edge_location="EZE50-C1"),
        {
            ("edge-5xx", "GRU3-P5"): NONE.format(ORIGIN, "/checkout", "all"),
            ("country-5xx", "BR"): NONE.format(ORIGIN, "/checkout", "all"),
        },
        "91 % of the errors: country BR, all from edge GRU3-P5, on misses (origin side). "
        "Worst URI: /checkout (91 %).",
    ),
    "one edge of a country's two": (
        CALM + entry(400, **BRAZIL) + failing(300, cs_uri_stem="/a?b=1", **BRAZIL)
        + entry(300, c_country="BR", x_edge_location="GIG51-C2")
        + failing(60, c_country="BR", x_edge_location="GIG51-C2"),
        {
            ("country-5xx", "BR"): "83 % of the errors: edge GRU3-P5, on misses (origin side). "
            "Worst URI: /a (83 %).",
            ("edge-5xx", "GRU3-P5"): NONE.format(ORIGIN, "/a", "all"),
        },
        "All of the errors: country BR, 83 % from edge GRU3-P5, on misses (origin side). "
        "Worst URI: /a (83 %).",
    ),
    "a function at the edge, on one path": (
        CALM + entry(500, cache_behavior_path_pattern="/api/*", cs_host="api.example.com")
        + failing(500, "LambdaExecutionError", cache_behavior_path_pattern="/api/*",
                  cs_host="api.example.com", cs_uri_stem="/api/<!channel>"),
        {
            ("behavior-5xx", "/api/*"): NONE.format(
                "on the edge side", "/api/?!channel?", "all"
            ),
            ("host-5xx", "api.example.com"): NONE.format(
                "on the edge side", "/api/?!channel?", "all"
            ),
        },
        "All of the errors: behavior /api/*, all to host api.example.com, on the edge side. "
        "Worst URI: /api/?!channel? (all).",
    ),
    "errors from the cache, of one host": (
        CALM + entry(1000, cs_host="shop.example.com")
        + entry(1000, cs_host="shop.example.com", sc_status="502"),
        {},
        "All of the errors: host shop.example.com, on hits (edge side). "
        "Worst URI: /index.html (all).",
    ),
    "everything, everywhere": (
        failing(3000) + failing(1000, "OriginDnsError", cs_uri_stem="/b", **BRAZIL),
        {},
        NONE.format(ORIGIN, "/index.html", "75 %"),
    ),
    "here and there": (
        CALM + failing(90, cs_host="a.example.com", c_country="FR", cs_uri_stem="/a")
        + failing(80, "Error", cs_host="b.example.com", c_country="PL", x_edge_location="WAW1-P1")
        + entry(70, sc_status="502", cs_host="c.example.com", c_country="AT",
                x_edge_location="VIE50-P1"),
        {},
        "Nothing stands out among the errors. Worst URI: /index.html (63 %).",
    ),
}  # fmt: skip


FEW = ("one country at one edge",)


@pytest.mark.parametrize(
    "store",
    # tests/contract holds every store to the same numbers.
    [
        each if each == DEFAULT_NAME else pytest.param(each, marks=pytest.mark.slow)
        for each in STORES
    ],
)
@pytest.mark.parametrize(
    "case",
    [each if each in FEW else pytest.param(each, marks=pytest.mark.slow) for each in CASES],
)
def test_the_cause_is_said_in_these_words(
    store: str, case: str, tmp_path: Path, running: Callable[[str], Any]
) -> None:
    traffic, wanted, site = CASES[case]
    files = alerting_files(store=store, cadence="1m").values()
    path = tmp_path / "words.yaml"
    text = HEAD.replace("RULES", ", ".join(map(str, files))) + traffic
    path.write_text(text + "    expect: [{at: 0m, alerts: []}]\n")
    [test] = rulecases(store).load(path)
    with running(store).prepared(test.data, test.start) as source:
        sources = {query.datasource: source for query in test.rule.data}
        run = Run([test.rule], sources, test.grafana, "http://localhost:3000")
        run.evaluate(test.start)
    bad = [each for each in run.instances if each.state != "Normal"]
    said = {
        (each.labels["part"], each.labels.get("name", "")): each.annotations["description"]
        for each in bad
    }
    assert said
    assert {label: said.get(label) for label in wanted} == wanted
    assert {each.annotations["site"] for each in bad} == {site}
