"""Go's text/template, as far as Grafana's annotations and messages go.

What is not supported is an error of its own kind, never a guess. https://pkg.go.dev/text/template
"""

from dashboards.alerts.testing.gotext.clock import GoTime
from dashboards.alerts.testing.gotext.parse import Templates
from dashboards.alerts.testing.gotext.run import Run, render
from dashboards.alerts.testing.gotext.types import (
    GoMap,
    GoObject,
    TemplateError,
    UnsupportedError,
    no_value,
)

__all__ = [
    "GoMap", "GoObject", "GoTime", "Run", "TemplateError", "Templates", "UnsupportedError",
    "no_value", "render",
]  # fmt: skip
