"""Dashboard variables: what a reader can choose.

Each is a filter over one dimension, chained: the countries offered are those of the distribution
and host chosen before. "All" is a single constant of the store's, not a list of all values.
https://grafana.com/docs/grafana/latest/dashboards/variables/
"""

from typing import Any

from dashboards.config import Bundle
from dashboards.grafana.panels import source
from dashboards.signals import CHOICES, DIMENSIONS, ONLY, Collected, comparisons
from dashboards.stores import Store

Json = dict[str, Any]

# The dimensions a reader can filter by, in the order of the chain, widest first.
CHAIN = ("distribution", "host", "country", "edge", "behavior", "status_class")

# The dimensions that a text box asks for, where a dashboard has one.
BOXES = tuple(name for name, dimension in DIMENSIONS.items() if dimension.box)

STATUS_CLASSES = {"2xx": "2", "3xx": "3", "4xx": "4", "5xx": "5", "none (000)": "0"}
PERCENTILES = {"p50": "0.5", "p75": "0.75", "p90": "0.9", "p95": "0.95", "p99": "0.99"}
TOPS = (5, 10, 20, 50)

_ON_LOAD = 1
_HIDDEN = 2


def _filter(name: str, label: str, all_value: str) -> Json:
    return {
        "allValue": all_value,
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


def _source(bundle: Bundle, store: Store) -> Json:
    return {
        "current": {"selected": True, "text": bundle.datasource_name, "value": bundle.datasource},
        "hide": 0 if bundle.choose_datasource else _HIDDEN,
        "includeAll": False,
        "label": "Data source",
        "multi": False,
        "name": "datasource",
        "options": [],
        "query": store.settings.PLUGIN,
        "refresh": _ON_LOAD,
        "regex": "",
        "skipUrlSync": False,
        "type": "datasource",
    }


def _named(name: str, label: str) -> Json:
    """Return a text box, which needs no query; an alert's link fills it in."""
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


def available(collected: Collected) -> tuple[str, ...]:
    """Return the dimensions of the chain whose fields are collected."""
    return tuple(name for name in CHAIN if collected.available(DIMENSIONS[name]))


def boxed(collected: Collected) -> tuple[str, ...]:
    """Return the dimensions of text boxes whose fields are collected."""
    return tuple(name for name in BOXES if collected.available(DIMENSIONS[name]))


def of_filter(name: str) -> str:
    """Return the variable of a filter: a dimension's, or that of a choice."""
    return name if name == ONLY else DIMENSIONS[name].variable or name


def named(bundle: Bundle, store: Store) -> list[Json]:
    """Return the variables of a dashboard that alerts lead to.

    The data source, and a text box for each dimension that an alert can name.
    """
    boxes = [
        _named(DIMENSIONS[name].variable or name, DIMENSIONS[name].title)
        for name in available(store.collected)
    ]
    return [_source(bundle, store), *boxes]


def variables(bundle: Bundle, store: Store) -> list[Json]:
    """Return all variables: the data source, then the filters, then the numbers.

    The filters' values are queried once, when the dashboard is opened. A query at each change of
    the time range would be paid for each time.
    """
    found: list[Json] = [_source(bundle, store)]
    chain = available(store.collected)
    for place, name in enumerate(chain):
        dimension = DIMENSIONS[name]
        variable = _filter(dimension.variable or name, dimension.title, store.all_value)
        if name == "status_class":
            custom = _custom("status", dimension.title, STATUS_CLASSES, "2xx")
            options = [
                {"selected": True, "text": "All", "value": "$__all"},
                *({**option, "selected": False} for option in custom["options"]),
            ]
            variable |= {"type": "custom", "query": custom["query"], "options": options}
        else:
            query = store.queries.options(dimension, chain[:place])
            variable |= {
                "datasource": source(store.settings.PLUGIN),
                "definition": query,
                "options": [],
                "query": query,
                "refresh": _ON_LOAD,
                "regex": "",
                "sort": 0,
                "type": "query",
            }
        found.append(variable)
    found += [_named(of_filter(name), DIMENSIONS[name].title) for name in boxed(store.collected)]
    for name, label, offered in (
        (ONLY, "Show", CHOICES),
        (comparisons.MEASURE, "What", comparisons.MEASURES),
        (comparisons.AGAINST, "Compared with", comparisons.TIMES),
    ):
        found.append(_custom(name, label, dict(offered), next(iter(offered))))
    choices = {str(n): str(n) for n in sorted({*TOPS, bundle.top})}
    found.append(_custom("top", "Top", choices, str(bundle.top)))
    found.append(_custom("percentile", "Percentile", PERCENTILES, "p95"))
    return found
