"""A rule's labels and annotations: the data of their templates, and the rendering.

https://grafana.com/docs/grafana/latest/alerting/alerting-rules/templates/reference/
"""

import math
from collections.abc import Mapping, Sequence

from ruletest.gotemplate import (
    GoMap,
    GoObject,
    TemplateError,
    UnsupportedError,
    render,
)
from ruletest.gotemplate.builtins import BUILTINS
from ruletest.gotemplate.format import float_text
from ruletest.gotemplate.functions import (
    RULE_FUNCTIONS,
    VALUES,
    labels_map,
    rule_functions,
)
from ruletest.gotemplate.parse import parse
from ruletest.values import Capture, Labels

_VARIABLES = "{{- $labels := .Labels -}}{{- $values := .Values -}}{{- $value := .Value -}}"


def _value(labels: Labels, number: float, *, from_datasource: bool = False) -> GoObject:
    return GoObject(
        "template.Value",
        {"Labels": labels_map(labels), "Value": number},
        text=lambda: float_text(number, "f"),
        hidden={"isDatasourceNode": from_datasource},
    )


_DATA = "template.Data"


def template_data(labels: Labels, captures: Mapping[str, Capture], text: str) -> GoObject:
    """Return what ``.`` is in a rule's labels and annotations: .Labels, .Values and .Value.

    ``text`` is the evaluation string. It is .Value unless exactly one query has a number.
    """
    values = {
        name: _value(each.labels, each.number, from_datasource=each.from_datasource)
        for name, each in captures.items()
    }
    own = [each.number for each in captures.values() if each.from_datasource]
    value = own[0] if len(own) == 1 else text
    return GoObject(
        _DATA,
        {
            "Labels": labels_map(labels),
            "Values": GoMap(values, element=_value({}, 0.0), type_name=VALUES),
            "Value": value,
        },
    )


def expand(
    template: str,
    data: GoObject,
    grafana_url: str = "http://localhost:3000",
    problems: list[str] | None = None,
) -> str:
    """Return an annotation's or label's text.

    A template that fails is returned as it is, as in Grafana, and ``problems`` gets the reason.
    Raises UnsupportedError for a template that Grafana renders and the tester cannot.
    """
    if "{{" not in template:
        return template
    functions = (
        RULE_FUNCTIONS
        if grafana_url == "http://localhost:3000"
        else rule_functions(grafana_url.rstrip("/") + "/")
    )
    try:
        rendered = render(_VARIABLES + template, data, functions)
    except UnsupportedError:
        raise
    except TemplateError as error:
        if problems is not None:
            problems.append(f"the template {template!r} fails: {error}")
        return template
    return rendered.replace("<no value>", "[no value]")


def check(template: str) -> None:
    """Raise TemplateError for a template that does not parse or calls an unknown function."""
    if "{{" in template:
        parse(_VARIABLES + template, None, {*BUILTINS, *RULE_FUNCTIONS})


def template_problem(template: str, labels: Mapping[str, str], values: Sequence[str]) -> str:
    """Return why a rule's template cannot be rendered, or nothing; for checks of rule files."""
    captures = {name: Capture(name, labels, math.nan, from_datasource=False) for name in values}
    problems: list[str] = []
    try:
        expand(template, template_data(labels, captures, ""), problems=problems)
    except UnsupportedError as error:
        return str(error)
    return "".join(problems)
