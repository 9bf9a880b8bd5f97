"""What Grafana's versions do differently."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Version:
    """What a range of Grafana's versions does. Unknown later ones are taken to do the same."""

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


_TEXT = re.compile(r"(\d+)(?:\.(\d+))?(?:\.\d+)*(?:[-+].*)?")
_OLDEST = 10


def version(text: str) -> Version:
    """Return what holds for a version such as ``12.4`` or ``13.0.1``; raises ValueError."""
    found = _TEXT.fullmatch(text)
    if not found or int(found[1]) < _OLDEST:
        raise ValueError(f"{text!r} is no version of Grafana that is known here; write 12.4 or 13")
    latest = found[2] is None  # 12 means the latest 12.x
    given = int(found[1]), 99 if latest else int(found[2])
    return VERSIONS["12.4" if given >= (12, 4) else "12.2"]
