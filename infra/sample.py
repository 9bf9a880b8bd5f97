"""Log lines of realistic traffic. The bill is measured on them, for every store."""

from functools import cache

from local.traffic import Traffic, line
from processor.catalog import Field

START = 1_767_225_600.0  # 2026-01-01: a seed makes the same lines whenever it is asked
SAMPLE = 3000


@cache
def sample(fields: tuple[Field, ...], count: int = SAMPLE, seed: int = 1) -> list[str]:
    """Return log lines of these fields."""
    requests = Traffic(seed=seed, midnight=START).between(START, START + 86_400, 50)
    return [line(request, fields) for request, _ in zip(requests, range(count), strict=False)]
