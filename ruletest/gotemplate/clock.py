"""Go's time: layouts such as ``15:04 MST``, times in a zone, durations.

https://pkg.go.dev/time#pkg-constants
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from ruletest.gotemplate.types import GoInt, TemplateError, UnsupportedError

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PART = re.compile(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|__2|_2(?!006)|002|01|02|03|04|05|06|15|PM|pm"
    r"|(?:-|Z)07:00:00|(?:-|Z)070000|(?:-|Z)07:00|(?:-|Z)0700|(?:-|Z)07"
    r"|[.,]0+(?!\d)|[.,]9+(?!\d)|[12345]"
)
NANOSECOND = 1
_SECOND = 1_000_000_000


def go_date(layout: str, at: datetime) -> str:
    """Format a time with one of Go's layouts."""
    return _PART.sub(lambda part: _formatted(part[0], at), layout)


def _formatted(part: str, at: datetime) -> str:
    if part in _SIMPLE:
        return _SIMPLE[part](at)
    if part[0] in ".,":
        digits = f"{at.microsecond * 1000:09d}"[: len(part) - 1]
        if part[1] == "9":
            digits = digits.rstrip("0")
            return part[0] + digits if digits else ""
        return part[0] + digits
    return _offset(part, at)


def _offset(part: str, at: datetime) -> str:
    seconds = round((at.utcoffset() or timedelta()).total_seconds())
    if part[0] == "Z" and not seconds:
        return "Z"
    sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
    colon = ":" if ":" in part else ""
    pieces = [f"{seconds // 3600:02d}"]
    digits = part[1:].replace(":", "")
    if len(digits) >= 4:
        pieces.append(f"{seconds // 60 % 60:02d}")
    if len(digits) >= 6:
        pieces.append(f"{seconds % 60:02d}")
    return sign + colon.join(pieces)


def zone(at: datetime) -> str:
    """Return the zone's abbreviation, as MST prints it."""
    name = at.tzname() or ""
    return _offset("-0700", at) if not name or name.startswith("UTC+") else name


def _hour(at: datetime) -> int:
    return at.hour % 12 or 12


_SIMPLE: dict[str, Callable[[datetime], str]] = {
    "2006": lambda at: f"{at.year:04d}",
    "06": lambda at: f"{at.year % 100:02d}",
    "January": lambda at: _MONTHS[at.month - 1],
    "Jan": lambda at: _MONTHS[at.month - 1][:3],
    "1": lambda at: str(at.month),
    "01": lambda at: f"{at.month:02d}",
    "Monday": lambda at: _DAYS[at.weekday()],
    "Mon": lambda at: _DAYS[at.weekday()][:3],
    "2": lambda at: str(at.day),
    "_2": lambda at: f"{at.day:2d}",
    "02": lambda at: f"{at.day:02d}",
    "__2": lambda at: f"{at.timetuple().tm_yday:3d}",
    "002": lambda at: f"{at.timetuple().tm_yday:03d}",
    "15": lambda at: f"{at.hour:02d}",
    "3": lambda at: str(_hour(at)),
    "03": lambda at: f"{_hour(at):02d}",
    "4": lambda at: str(at.minute),
    "04": lambda at: f"{at.minute:02d}",
    "5": lambda at: str(at.second),
    "05": lambda at: f"{at.second:02d}",
    "PM": lambda at: "PM" if at.hour >= 12 else "AM",
    "pm": lambda at: "pm" if at.hour >= 12 else "am",
    "MST": zone,
}


class GoTime(datetime):
    """A time.Time; Go's layouts format it."""

    type_name = "time.Time"

    def text(self) -> str:
        """Return what Go prints: ``2006-01-02 15:04:05.999999999 -0700 MST``."""
        return go_date("2006-01-02 15:04:05.999999999 -0700 MST", self)

    def _since(self, other: "GoTime") -> int:
        return round((self - other) / timedelta(microseconds=1)) * 1000

    @property
    def methods(self) -> dict[str, Callable[..., object]]:
        """Those methods of Go's Time that make sense in a template."""
        epoch = GoTime(1970, 1, 1, tzinfo=UTC)
        micros = (self - epoch) // timedelta(microseconds=1)

        def whole(value: int) -> GoInt:
            return GoInt(value, "int64")

        return {
            "UTC": lambda: self.astimezone(UTC),
            "Format": lambda layout: go_date(layout, self),
            "String": self.text,
            "IsZero": lambda: (
                micros == (GoTime(1, 1, 1, tzinfo=UTC) - epoch) // timedelta(microseconds=1)
            ),
            "Unix": lambda: whole(micros // 1_000_000),
            "UnixMilli": lambda: whole(micros // 1000),
            "UnixMicro": lambda: whole(micros),
            "UnixNano": lambda: whole(micros * 1000),
            "Year": lambda: self.year,
            "Month": lambda: GoInt(self.month, "time.Month", lambda: _MONTHS[self.month - 1]),
            "Day": lambda: self.day,
            "YearDay": lambda: self.timetuple().tm_yday,
            "Weekday": lambda: GoInt(
                (self.weekday() + 1) % 7, "time.Weekday", lambda: _DAYS[self.weekday()]
            ),
            "Hour": lambda: self.hour,
            "Minute": lambda: self.minute,
            "Second": lambda: self.second,
            "Nanosecond": lambda: self.microsecond * 1000,
            "Sub": lambda other: GoDuration(self._since(other)),
            "Add": lambda span: self + _micros(span),
            "AddDate": lambda years, months, days: _add_date(self, years, months, days),
            "Before": lambda other: self < other,
            "After": lambda other: self > other,
            "Equal": lambda other: self == other,
        }


def _micros(span: int) -> timedelta:
    if span % 1000:
        raise UnsupportedError("times finer than a microsecond are not supported by the tester")
    return timedelta(microseconds=span // 1000)


def _add_date(at: GoTime, years: int, months: int, days: int) -> GoTime:
    """Add to the calendar's fields; the 31st of a shorter month is a day of the next, as in Go."""
    month = at.month - 1 + months
    first = at.replace(year=at.year + years + month // 12, month=month % 12 + 1, day=1)
    return first + timedelta(days=at.day - 1 + days)


def go_time(at: datetime) -> GoTime:
    """Return a datetime as one of Go's times."""
    return GoTime(
        at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond,
        tzinfo=at.tzinfo, fold=at.fold,
    )  # fmt: skip


def in_zone(name: str, at: GoTime) -> GoTime:
    """Return the time in a zone of the tz database, as time.LoadLocation names them."""
    if name in ("", "UTC"):
        return go_time(at.astimezone(UTC))
    try:
        if name.startswith(("/", ".")) or ".." in name:
            raise ValueError(name)
        return go_time(at.astimezone(ZoneInfo(name)))
    except (KeyError, ValueError, OSError):
        raise TemplateError(f"unknown time zone {name}") from None


_UNITS = (("h", 3600 * _SECOND), ("m", 60 * _SECOND), ("s", _SECOND))


class GoDuration(GoInt):
    """A time.Duration, in nanoseconds."""

    def __new__(cls, value: int) -> Self:
        """Return the duration of so many nanoseconds."""
        made = super().__new__(cls, value, "time.Duration")
        made.text = lambda: _duration(value)
        return made

    @property
    def methods(self) -> dict[str, Callable[..., object]]:
        """Those of Go's."""
        value = int(self)
        return {
            "Hours": lambda: value / (3600 * _SECOND),
            "Minutes": lambda: value / (60 * _SECOND),
            "Seconds": lambda: value / _SECOND,
            "Milliseconds": lambda: GoInt(_quotient(value, 1_000_000), "int64"),
            "Microseconds": lambda: GoInt(_quotient(value, 1000), "int64"),
            "Nanoseconds": lambda: GoInt(value, "int64"),
            "String": lambda: _duration(value),
            "Abs": lambda: GoDuration(abs(value)),
            "Truncate": lambda unit: GoDuration(
                _quotient(value, unit) * unit if unit > 0 else value
            ),
            "Round": lambda unit: GoDuration(_rounded(value, unit) if unit > 0 else value),
        }


def _quotient(a: int, b: int) -> int:
    return abs(a) // b * (1 if a >= 0 else -1)


def _rounded(value: int, unit: int) -> int:
    return (abs(value) + unit // 2) // unit * unit * (1 if value >= 0 else -1)


def _duration(value: int) -> str:
    if not value:
        return "0s"
    sign, rest = ("-" if value < 0 else ""), abs(value)
    if rest < _SECOND:
        unit, size = next(
            (unit, size) for unit, size in (("ms", 10**6), ("µs", 10**3), ("ns", 1)) if rest >= size
        )
        return f"{sign}{_decimal(rest, size)}{unit}"
    text = ""
    for unit, size in _UNITS[:2]:
        if text or rest >= size:
            text += f"{rest // size}{unit}"
        rest %= size
    return f"{sign}{text}{_decimal(rest, _SECOND)}s"


def _decimal(value: int, size: int) -> str:
    whole, part = divmod(value, size)
    digits = f"{part:0{len(str(size)) - 1}d}".rstrip("0") if size > 1 else ""
    return f"{whole}.{digits}" if digits else str(whole)
