"""The two layouts of a record. docs/records.md says what is in each.

``multi`` has typed measures beside a few dimensions, and leaves out what the line leaves out.
``classic`` has every field as a dimension, written as CloudFront and Python print it, beside the
one measure sc_bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from processor import values
from processor.catalog import Field
from processor.config import Config, ConfigError


@dataclass(frozen=True, slots=True)
class Layout:
    """What records of a layout have in common."""

    measure_name: str
    value_type: str
    time_unit: str
    needed: tuple[str, ...]  # fields that no record can be without
    absent: str  # what stands for a value that the line does not have


LAYOUTS = {
    "multi": Layout("request", "MULTI", "NANOSECONDS", ("timestamp",), ""),
    "classic": Layout("sc_bytes", "BIGINT", "SECONDS", ("timestamp", "sc-bytes"), "-"),
}


def check(config: Config) -> None:
    """Raise ConfigError when no record can be made of the configured fields."""
    names = {field.name for field in config.fields}
    for name in LAYOUTS[config.settings.layout].needed:
        if name not in names:
            raise ConfigError(
                f"LOG_FIELDS lacks {name!r}, which every record of layout "
                f"{config.settings.layout!r} needs; add it there and to the real-time "
                "log configuration"
            )
        if name in config.drop:
            raise ConfigError(f"DROP_FIELDS cannot hold {name!r}: every record needs it")
    if config.settings.layout == "classic" and "x-edge-request-id" in config.drop:
        raise ConfigError(
            "DROP_FIELDS cannot hold 'x-edge-request-id' in layout 'classic': nothing else "
            "tells two alike requests apart, and one row would stand for both"
        )


def cleaner(field: Field, config: Config) -> Callable[[str], str]:
    """Return what makes the stored value of one field in the layout. It raises Malformed."""
    if config.settings.layout == "multi":
        return values.cleaner(field, config)
    absent = LAYOUTS[config.settings.layout].absent
    clean = values.cleaner(field, config, raw=True)
    if field.type in ("DOUBLE", "TIMESTAMP"):
        return lambda value: str(float(text)) if (text := clean(value)) else absent
    return lambda value: clean(value) or absent
