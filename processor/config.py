"""Everything an operator can choose about the processor, read once from the environment."""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass

from processor import catalog, stores

LAYOUTS = ("multi", "classic")  # of a row, where the store has several
VIEWER_IP = ("keep", "mask", "drop")
# What carries the viewer's address; VIEWER_IP governs them together.
ADDRESS_FIELDS = ("c-ip", "x-forwarded-for")


class ConfigError(ValueError):
    """A setting that cannot work; the message names the variable and what to do."""


@dataclass(frozen=True, slots=True)
class Config:
    """The processor's settings."""

    database: str = "cloudfront"
    table: str = "realtime_logs"
    fields: tuple[catalog.Field, ...] = catalog.DEFAULT_FIELDS  # what a line carries, in order
    layout: str = LAYOUTS[0]
    viewer_ip: str = "keep"
    drop: frozenset[str] = frozenset()  # CloudFront names of the fields that are not stored
    queue_url: str | None = None  # where dead letters go; None: they are only counted and logged
    region: str = "us-east-1"
    function_name: str = "processor"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Config":
        """Read the settings; raise ConfigError for one that cannot work.

        Variables: TIMESTREAM_DATABASE, TIMESTREAM_TABLE, LOG_FIELDS and DROP_FIELDS (CloudFront's
        names, comma-separated), RECORD_LAYOUT, VIEWER_IP, DEAD_LETTER_QUEUE_URL, AWS_REGION.
        """
        names = env.get("LOG_FIELDS", "")
        fields = _fields("LOG_FIELDS", names) if names.strip(" ,") else catalog.DEFAULT_FIELDS
        dropped = env.get("DROP_FIELDS", "")
        drop = _fields("DROP_FIELDS", dropped) if dropped.strip(" ,") else ()
        default = cls()
        config = cls(
            database=env.get("TIMESTREAM_DATABASE") or default.database,
            table=env.get("TIMESTREAM_TABLE") or default.table,
            fields=fields,
            layout=_choice(env, "RECORD_LAYOUT", LAYOUTS),
            viewer_ip=_choice(env, "VIEWER_IP", VIEWER_IP),
            drop=frozenset(field.name for field in drop),
            queue_url=env.get("DEAD_LETTER_QUEUE_URL") or None,
            region=env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or default.region,
            function_name=env.get("AWS_LAMBDA_FUNCTION_NAME") or default.function_name,
        )
        config.check()
        return config

    def check(self) -> None:
        """Raise ConfigError when the store can make no row of the fields."""
        stores.check(self)

    @property
    def stored(self) -> tuple[catalog.Field, ...]:
        """The fields that reach the table, in delivery order."""
        hidden = self.drop | (frozenset(ADDRESS_FIELDS) if self.viewer_ip == "drop" else set())
        return tuple(field for field in self.fields if field.name not in hidden)


def _fields(variable: str, names: str) -> tuple[catalog.Field, ...]:
    try:
        return catalog.resolve(names.split(","))
    except ValueError as error:
        raise ConfigError(f"{variable}: {error}") from None


def _choice(env: Mapping[str, str], variable: str, allowed: tuple[str, ...]) -> str:
    value = (env.get(variable) or allowed[0]).strip()
    if value not in allowed:
        near = difflib.get_close_matches(value.lower(), allowed, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ConfigError(f"{variable} is {value!r} but has to be {' or '.join(allowed)}{hint}")
    return value
