"""The field catalog: what CloudFront can put on a log line, in its delivery order.

``fields.json`` is the one place that describes the fields. Its order is CloudFront's: a line has
the configured fields in this order, whatever order they were configured in.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html
"""

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the catalog."""

    name: str  # CloudFront's name, such as "cs-uri-stem"
    type: str  # SQL's type: BIGINT, DOUBLE, VARCHAR; TIMESTAMP for the time itself
    unit: str | None
    role: str  # time, dimension, measure, or dropped (unless asked for)
    bytes: int  # the most of a value that is kept, UTF-8
    cut: int  # text is cut in falling order of this when a record is too long; 0 is never cut
    # Percent-decoded once, and a CMCD string's quotes taken off; otherwise as CloudFront wrote it.
    decode: bool
    personal: bool  # can identify a viewer
    meaning: str
    position: int  # 0-based, in delivery order

    @property
    def column(self) -> str:
        """The field's name in a table: a dash would need quoting in every query."""
        return self.name.replace("-", "_")


class UnknownField(ValueError):
    """A configured field that CloudFront does not have."""


FIELDS: tuple[Field, ...] = tuple(
    Field(**row, position=position)
    for position, row in enumerate(json.loads(Path(__file__).with_name("fields.json").read_text()))
)
BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
DEFAULT_FIELDS: tuple[Field, ...] = tuple(field for field in FIELDS if field.role != "dropped")


def resolve(names: Iterable[str]) -> tuple[Field, ...]:
    """Return the named fields in delivery order.

    Raises UnknownField for a name CloudFront does not have, with the nearest it has, and
    ValueError for an empty list.
    """
    chosen = set()
    for name in (name.strip() for name in names):
        if not name:
            continue
        if name not in BY_NAME:
            near = difflib.get_close_matches(name, BY_NAME, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise UnknownField(f"CloudFront has no real-time log field {name!r}{hint}")
        chosen.add(name)
    if not chosen:
        raise ValueError("no log fields are configured; name at least timestamp and one other")
    return tuple(field for field in FIELDS if field.name in chosen)
