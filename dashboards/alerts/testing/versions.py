"""Which Grafana's rules hold, where its versions differ."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Version:
    """What a range of Grafana's versions does. Those that follow do so too, as far as is known."""

    name: str
    waits: bool  # NoData and Error wait for the rule's `for` (grafana/grafana#117024)
    tells_types: bool  # the evaluation string has type='query', type='reduce' and so on


VERSIONS = {
    each.name: each
    for each in (
        Version("12.2", waits=False, tells_types=False),
        Version("12.4", waits=True, tells_types=True),
    )
}
LATEST = VERSIONS["12.4"]


def version(text: str) -> Version:
    """Return what holds for a version such as ``12.4`` or ``13.0.1``; raises ValueError."""
    parts = text.split(".")
    if not all(part.isdigit() for part in parts) or int(parts[0]) < 10:
        raise ValueError(f"{text!r} is no version of Grafana that is known here; write 12.4 or 13")
    given = tuple(int(part) for part in parts[:2])
    given = given if len(given) == 2 else (*given, 99 if given[0] < 13 else 0)
    return VERSIONS["12.4" if given >= (12, 4) else "12.2"]
