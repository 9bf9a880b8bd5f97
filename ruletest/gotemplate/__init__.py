"""The part of Go's text/template that Grafana's annotations and messages use.

Anything else raises UnsupportedError; nothing is guessed. https://pkg.go.dev/text/template
"""

from ruletest.gotemplate.clock import GoTime
from ruletest.gotemplate.parse import Templates
from ruletest.gotemplate.run import Run, render
from ruletest.gotemplate.types import (
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
