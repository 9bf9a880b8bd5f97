"""The few Go types that alert templates meet: maps with a zero value, structs, times."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime


class _NoValue:
    """Go's invalid value: what a missing map key is in Grafana's annotations."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "<no value>"


no_value = _NoValue()


class GoMap(dict):
    """A map.

    ``zero`` is what ``.name`` reads for a missing key (``no_value`` in Grafana's annotations),
    ``element`` what ``index`` does: the zero of the map's values.
    """

    def __init__(
        self, items: Mapping[str, object], zero: object = no_value, element: object = ""
    ) -> None:
        super().__init__(items)
        self.zero = zero
        self.element = element
        self.methods: dict[str, Callable[..., object]] = {}


class GoObject:
    """A struct: fields and methods by name; any other name is an error, as in Go."""

    def __init__(
        self,
        type_name: str,
        fields: Mapping[str, object],
        text: Callable[[], str] | None = None,
        methods: Mapping[str, Callable[..., object]] | None = None,
    ) -> None:
        self.type_name = type_name
        self.fields = dict(fields)
        self.methods = dict(methods or {})
        self.text = text


_LAYOUT = {
    "2006": "%Y", "January": "%B", "Jan": "%b", "01": "%m", "1": "%-m", "02": "%d", "2": "%-d",
    "15": "%H", "03": "%I", "04": "%M", "05": "%S", "Monday": "%A", "Mon": "%a", "MST": "%Z",
    "-0700": "%z", "PM": "%p",
}  # fmt: skip
_PARTS = re.compile(r"-0700|January|Jan|Monday|Mon|MST|PM|\d+")


def go_date(layout: str, at: datetime) -> str:
    """Format a time with one of Go's layouts, such as ``15:04 MST``.

    Raises ValueError for a part that is not supported here.
    """

    def one(part: re.Match[str]) -> str:
        if part[0] not in _LAYOUT:
            raise ValueError(f"the date layout part {part[0]!r} is not supported here")
        return at.strftime(_LAYOUT[part[0]])

    return _PARTS.sub(one, layout)


class GoTime(datetime):
    """A time.Time; Go's layouts format it."""

    @property
    def methods(self) -> dict[str, Callable[..., object]]:
        """Those of Go's that are supported here."""
        return {
            "UTC": lambda: self.astimezone(UTC),
            "Format": lambda layout: go_date(layout, self),
        }


class GoList(list):
    """A slice with methods, such as an alert list's Firing."""

    def __init__(self, items: list, methods: Mapping[str, Callable[..., object]]) -> None:
        super().__init__(items)
        self.methods = dict(methods)
