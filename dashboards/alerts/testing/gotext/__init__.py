"""A faithful subset of Go's text/template, enough for Grafana's annotations and messages.

What is not supported is an error, never a guess. https://pkg.go.dev/text/template
"""

from dashboards.alerts.testing.gotext.parse import TemplateError, Templates
from dashboards.alerts.testing.gotext.run import render
from dashboards.alerts.testing.gotext.types import GoMap, GoObject, GoTime, no_value

__all__ = [
    "GoMap", "GoObject", "GoTime", "TemplateError", "Templates", "no_value", "render",
]  # fmt: skip
