"""Timestream's settings."""

from collections.abc import Mapping
from dataclasses import dataclass

from processor.config import choice

LAYOUTS = ("multi", "classic")  # of a record; layout.py says what is in each


@dataclass(frozen=True, slots=True)
class Settings:
    """The table, and how its records are laid out."""

    database: str = "cloudfront"
    table: str = "realtime_logs"
    layout: str = LAYOUTS[0]


def settings_from(env: Mapping[str, str]) -> Settings:
    """Read TIMESTREAM_DATABASE, TIMESTREAM_TABLE and RECORD_LAYOUT; raise ConfigError."""
    return Settings(
        database=env.get("TIMESTREAM_DATABASE") or Settings().database,
        table=env.get("TIMESTREAM_TABLE") or Settings().table,
        layout=choice(env, "RECORD_LAYOUT", LAYOUTS),
    )
