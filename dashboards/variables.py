"""Dashboard variables: what a reader can choose, and the links that carry the choice along.

Each is a filter over one split, chained: the countries offered are those of the distribution and
host chosen before. "All" is a single constant (see timestream.ALL), not a list of all values.
https://grafana.com/docs/grafana/latest/dashboards/variables/
"""

from typing import Any

from dashboards.config import Bundle
from dashboards.panels import PLUGIN, SOURCE
from dashboards.splits import SPLITS
from dashboards.timestream import ALL, Timestream

Json = dict[str, Any]

# The splits a reader can filter by, in the order of the chain, widest first.
CHAIN = ("distribution", "host", "country", "edge", "behavior", "status_class")

STATUS_CLASSES = {"2xx": "2", "3xx": "3", "4xx": "4", "5xx": "5", "none (000)": "0"}
PERCENTILES = {"p50": "0.5", "p75": "0.75", "p90": "0.9", "p95": "0.95", "p99": "0.99"}
TOPS = (5, 10, 20, 50)

# As raw SQL text: Grafana puts a variable's own "All" value into the query as it is.
_ALL_VALUE = f"'{ALL}'"
_ON_LOAD = 1


def _filter(name: str, label: str) -> Json:
    return {
        "allValue": _ALL_VALUE,
        "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
        "hide": 0,
        "includeAll": True,
        "label": label,
        "multi": True,
        "name": name,
        "skipUrlSync": False,
    }


def _custom(name: str, label: str, choices: dict[str, str], chosen: str) -> Json:
    return {
        "current": {"selected": True, "text": chosen, "value": choices[chosen]},
        "hide": 0,
        "includeAll": False,
        "label": label,
        "multi": False,
        "name": name,
        "options": [
            {"selected": text == chosen, "text": text, "value": value}
            for text, value in choices.items()
        ],
        "query": ",".join(f"{text} : {value}" for text, value in choices.items()),
        "skipUrlSync": False,
        "type": "custom",
    }


def _source(bundle: Bundle) -> Json:
    return {
        "current": {"selected": True, "text": "Amazon Timestream", "value": bundle.datasource},
        "hide": 0,
        "includeAll": False,
        "label": "Data source",
        "multi": False,
        "name": "datasource",
        "options": [],
        "query": PLUGIN,
        "refresh": _ON_LOAD,
        "regex": "",
        "skipUrlSync": False,
        "type": "datasource",
    }


def _named(name: str, label: str) -> Json:
    """Return a text box, which asks nothing: an alert's link fills it in."""
    return {
        "current": {"selected": True, "text": "", "value": ""},
        "hide": 0,
        "label": label,
        "name": name,
        "options": [{"selected": True, "text": "", "value": ""}],
        "query": "",
        "skipUrlSync": False,
        "type": "textbox",
    }


def named(bundle: Bundle, db: Timestream) -> list[Json]:
    """Return the variables of a dashboard that alerts lead to.

    The data source, and a text box for each dimension that an alert can name.
    """
    boxes = [_named(SPLITS[name].variable or name, SPLITS[name].title) for name in filters(db)]
    return [_source(bundle), *boxes]


def filters(db: Timestream) -> tuple[str, ...]:
    """Return the splits of the chain whose fields are collected."""
    return tuple(name for name in CHAIN if db.available(SPLITS[name]))


def variables(bundle: Bundle, db: Timestream) -> list[Json]:
    """Return all variables: the data source, then the filters, then the numbers.

    The filters' values are asked for once, when the dashboard is opened: asking at each change of
    the range would be paid for each time.
    """
    found: list[Json] = [_source(bundle)]
    chain = filters(db)
    for place, name in enumerate(chain):
        split = SPLITS[name]
        variable = _filter(split.variable or name, split.title)
        if name == "status_class":
            custom = _custom("status", split.title, STATUS_CLASSES, "2xx")
            options = [
                {"selected": True, "text": "All", "value": "$__all"},
                *({**option, "selected": False} for option in custom["options"]),
            ]
            variable |= {"type": "custom", "query": custom["query"], "options": options}
        else:
            query = db.options(split, chain[:place])
            variable |= {
                "datasource": SOURCE,
                "definition": query,
                "options": [],
                "query": query,
                "refresh": _ON_LOAD,
                "regex": "",
                "sort": 0,
                "type": "query",
            }
        found.append(variable)
    choices = {str(n): str(n) for n in sorted({*TOPS, bundle.top})}
    found.append(_custom("top", "Top", choices, str(bundle.top)))
    found.append(_custom("percentile", "Percentile", PERCENTILES, "p95"))
    return found


def drill_down(
    bundle: Bundle, db: Timestream, target: str, name: str, *, series: bool, own_range: bool
) -> Json:
    """Return a data link to the dashboard `target` for the split's clicked value.

    Time range and all other choices go along. In a series the value is a label of the field, in a
    table a cell of the row. A panel with a range of its own has no range of the URL: what it shows
    is then given as two times.
    """
    split = SPLITS[name]
    value = f"__field.labels.{name}" if series else f"__data.fields.{name}"
    kept = [SPLITS[other].variable for other in filters(db) if other != name]
    passed = ("datasource", *kept, "top", "percentile")
    parts = [
        "from=${__from}&to=${__to}" if own_range else "${__url_time_range}",
        *(f"${{{variable}:queryparam}}" for variable in passed),
        f"var-{split.variable}=${{{value}:percentencode}}",
    ]
    return {
        "targetBlank": False,
        "title": f"{target.capitalize()} of this {split.title.lower()}",
        "url": f"/d/{bundle.uid(target)}?{'&'.join(parts)}",
    }
