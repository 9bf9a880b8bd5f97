"""What a rule's message looks for a cause of: which requests are bad by its question's signal."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.alerts.knobs import Threshold
from dashboards.alerts.queries import Question
from dashboards.signals import DIMENSIONS
from dashboards.signals.expressions import AtLeast, Field, Has, Named, Predicate
from dashboards.stores.common.cause import Sought


@dataclass(frozen=True, slots=True)
class Bad:
    """What is bad about a request, and what it is called."""

    noun: str
    of: Predicate | Field  # a field's number is bad from the rule's line on
    among: tuple[Predicate, ...] = ()
    # Whether it tells anything that requests were hits or misses.
    how: bool = True


_FIRST_BYTE, _ORIGIN = Field("time-to-first-byte"), Field("origin-fbl")
_SLOW = "slow first bytes"

BAD: Mapping[str, Bad] = {
    "error_rate_4xx": Bad("errors", Named("client_error")),
    "error_rate_5xx": Bad("errors", Named("server_error")),
    "hit_share": Bad("misses", Named("miss"), how=False),
    "slow_first_byte_share": Bad(_SLOW, Named("slow_first_byte")),
    **{f"ttfb_p{p}": Bad(_SLOW, _FIRST_BYTE) for p in (50, 95, 99)},
    **{f"ttfb_hit_p{p}": Bad(_SLOW, _FIRST_BYTE, (Named("hit"),), how=False) for p in (50, 95, 99)},
    "origin_fbl_p95": Bad("slow answers of the origin", _ORIGIN, (Has(_ORIGIN),), how=False),
}


def sought(threshold: Threshold, question: Question, part: str = "") -> Sought | None:
    """Return what is looked for; None where nothing is."""
    bad = BAD.get(question.signal)
    if bad is None:
        return None
    return Sought(
        bad.noun,
        AtLeast(bad.of, threshold.line) if isinstance(bad.of, Field) else bad.of,
        bad.among,
        by=DIMENSIONS[question.dimension] if question.dimension else None,
        how=bad.how,
        part=part,
    )
