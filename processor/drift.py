"""Notice lines that have the right number of fields, but not the configured ones.

The log configuration can be edited outside the stack: one field out, another in, and every column
between the two holds its neighbor's values. Nothing in a line says so. But most fields are
CloudFront's own, with patterns that other fields do not match, so many of them fail at once.

A guard is the pattern of a field's values, wide enough for values that CloudFront may add. A value
that does not match weighs 2 where CloudFront alone writes the field. It weighs 1 where viewers
influence it or values are opaque. Guards of one group, which one new thing would break together,
weigh once. Fields that players and origins write have no guard. A batch has drifted when in most
of its lines

- the weights add up to 4 or more: at least two of CloudFront's own fields. One line is enough;
- or they add up to 3, in at least 5 lines;
- or one field fails where it has a value, in at least 5 lines, if nothing new would break its
  pattern. It takes 20 lines for a field that fewer than half of the lines have.

The 5 or 20 lines may come in successive batches: with little traffic a batch is one line. So
neither a line with one odd value nor a new kind of value in one place is ever taken for drift.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from processor.catalog import Field

AT_ONCE = 4
SUSTAINED = 3
LINES = 5
RARE_LINES = 20  # for a field that few lines have: a few odd ones may be all that have it
SAMPLE = 64  # lines of a longer batch that are looked at first
STRIDE = 104_729  # a prime: the sample is spread over the batch, whatever order it has

_ABSENT = frozenset(("-", ""))  # no value
_IP = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+"
_WHOLE = r"[0-9]+"
_SECONDS = r"[0-9]+(?:\.[0-9]+)?"
_WORD = r"[A-Z][A-Za-z0-9_]{2,47}"  # Hit, OriginShieldHit, and what else there may be one day
_DOMAIN = r"[a-z0-9.-]+\.cloudfront\.[a-z.]+"

# field -> pattern, weight, whether it counts by itself, group where it is not the field alone
_GUARDS: dict[str, tuple[str, int, bool, str | None]] = {
    "timestamp": (r"[0-9]{9,10}(?:\.[0-9]+)?", 2, True, None),
    "c-ip": (_IP, 2, True, None),
    "s-ip": (_IP, 2, True, None),
    "time-to-first-byte": (_SECONDS, 2, True, None),
    "sc-status": (r"[0-9]{3}", 2, True, None),
    "sc-bytes": (_WHOLE, 2, True, None),
    "cs-method": (r"[A-Z][A-Z-]{2,19}", 1, False, None),
    "cs-protocol": (r"[a-z][a-z0-9+-]{1,9}", 2, True, "protocol"),
    "cs-uri-stem": (r"[/*].*", 1, False, None),
    "cs-bytes": (_WHOLE, 2, True, None),
    "x-edge-location": (r"[A-Z]{3}[A-Z-]*[0-9].*", 2, True, None),
    "x-edge-request-id": (r"[A-Za-z0-9_=-]{20,}", 1, False, None),
    "x-host-header": (_DOMAIN, 1, False, "distribution"),
    "time-taken": (_SECONDS, 2, True, None),
    "cs-protocol-version": (r"HTTP/[0-9].*", 2, True, "protocol"),
    "c-ip-version": (r"IPv[0-9]", 2, True, None),
    "x-edge-response-result-type": (_WORD, 2, True, "result"),
    "ssl-protocol": (r"[A-Z]{3,5}v?[0-9].*", 2, True, "protocol"),
    "ssl-cipher": (r"[A-Z0-9][A-Za-z0-9_-]{7,}", 2, False, "protocol"),
    "x-edge-result-type": (_WORD, 2, True, "result"),
    "fle-encrypted-fields": (_WHOLE, 2, True, None),
    "fle-status": (_WORD, 1, False, None),
    "c-port": (r"[0-9]{1,5}", 2, True, None),
    "x-edge-detailed-result-type": (_WORD, 2, True, "result"),
    "c-country": (r"[A-Z][A-Z0-9]", 2, True, None),
    "cs-headers-count": (_WHOLE, 2, True, None),
    "primary-distribution-id": (r"[A-Z0-9]{8,20}", 1, False, "distribution"),
    "primary-distribution-dns-name": (_DOMAIN, 1, False, "distribution"),
    "origin-fbl": (_SECONDS, 2, True, None),
    "origin-lbl": (_SECONDS, 2, True, None),
    "asn": (r"[0-9]{1,10}", 2, True, None),
    "x-edge-mqcs": (r"[0-9]{1,3}", 2, True, None),
}


@dataclass(frozen=True, slots=True)
class Guard:
    """What the values of a field look like."""

    field: Field
    position: int  # among the values of a line
    fits: Callable[[str], object]
    bit: int  # of its group, in a line's mask
    alone: bool  # nothing new would break the pattern: the field counts by itself


@dataclass(slots=True)
class Findings:
    """What the guards found in some lines."""

    lines: int
    failing: list[int]  # lines in which each guard fails
    seen: list[bool]  # whether any line has a value
    most: list[bool]  # whether most lines with a value fail
    weights: list[int]  # of each line

    def heavy(self, weight: int) -> int:
        """Return how many lines weigh so much, or more."""
        return sum(each >= weight for each in self.weights)


class Gate:
    """Judges batches of one configuration. It remembers earlier batches, so keep it."""

    def __init__(self, fields: Sequence[Field]) -> None:
        groups: dict[str, int] = {}
        weights: list[int] = []
        self.guards: list[Guard] = []
        for position, field in enumerate(fields):
            if field.name not in _GUARDS:
                continue
            pattern, weight, alone, group = _GUARDS[field.name]
            number = groups.setdefault(group or field.name, len(groups))
            if number == len(weights):
                weights.append(weight)
            fits = re.compile(pattern).fullmatch
            self.guards.append(Guard(field, position, fits, 1 << number, alone))
        self._weights = weights
        self._streaks = [0] * len(self.guards)  # lines in which a field failed without a break
        self._streak = 0  # the same of lines that weigh SUSTAINED

    def first_misfit(self, rows: Sequence[Sequence[str]]) -> Field | None:
        """Return the first field whose values do not fit, when the batch has drifted."""
        count = len(rows)
        if not count:
            return None
        if count > SAMPLE:
            found = self._look([rows[at * STRIDE % count] for at in range(SAMPLE)])
            suspect = max(found.failing, default=0) * 20 > SAMPLE
            found = self._look(rows) if suspect else found
        else:
            found = self._look(rows)
        return self._misfit(found) if self._drifted(found) else None

    def _look(self, rows: Sequence[Sequence[str]]) -> Findings:
        across = list(zip(*rows, strict=True))
        masks = [0] * len(rows)
        failing: list[int] = []
        most: list[bool] = []
        seen: list[bool] = []
        for guard in self.guards:
            column = across[guard.position]
            values = set(column) - _ABSENT
            odd = {value for value in values if not guard.fits(value)}
            seen.append(bool(values))
            if not odd:
                failing.append(0)
                most.append(False)
                continue
            fails = 0
            for line, value in enumerate(column):
                if value in odd:
                    masks[line] |= guard.bit
                    fails += 1
            present = sum(value not in _ABSENT for value in column)
            failing.append(fails)
            most.append(fails * 2 > present)
        weigh = {mask: self._weigh(mask) for mask in set(masks)}
        return Findings(len(rows), failing, seen, most, [weigh[mask] for mask in masks])

    def _weigh(self, mask: int) -> int:
        return sum(weight for number, weight in enumerate(self._weights) if mask >> number & 1)

    def _drifted(self, found: Findings) -> bool:
        sustained = found.heavy(SUSTAINED)
        self._streak = self._streak + sustained if sustained * 2 > found.lines else 0
        drifted = self._streak >= LINES
        for at, guard in enumerate(self.guards):
            if found.most[at] and found.failing[at] * 10 >= found.lines:
                self._streaks[at] += found.failing[at]
                enough = LINES if found.failing[at] * 2 > found.lines else RARE_LINES
                drifted |= guard.alone and self._streaks[at] >= enough
            elif found.seen[at]:
                self._streaks[at] = 0
        return drifted or found.heavy(AT_ONCE) * 2 > found.lines

    def _misfit(self, found: Findings) -> Field:
        fits_least = max(found.failing)
        named = [at for at, most in enumerate(found.most) if most] or [
            at for at, fails in enumerate(found.failing) if fails == fits_least
        ]
        return self.guards[named[0]].field
