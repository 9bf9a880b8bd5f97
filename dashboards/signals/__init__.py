"""What is measured: signals, predicates and dimensions, as data in which no store is named."""

from dashboards.signals.collected import Collected
from dashboards.signals.dimensions import DIMENSIONS, Dimension
from dashboards.signals.expressions import NotCollected
from dashboards.signals.predicates import CHOICES, EVERY, ONLY, PREDICATES
from dashboards.signals.signals import CHOSEN_TEXT, SIGNALS, Signal

__all__ = [
    "CHOICES",
    "CHOSEN_TEXT",
    "DIMENSIONS",
    "EVERY",
    "ONLY",
    "PREDICATES",
    "SIGNALS",
    "Collected",
    "Dimension",
    "NotCollected",
    "Signal",
]
