"""Everything an operator can choose about the processor, read once from the environment.

What is the store's own to choose is read by the store: see ``Settings`` in its folder.
"""

import difflib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from processor import catalog, stores

VIEWER_IP = ("keep", "mask", "drop")
# Fields with the viewer's address; VIEWER_IP applies to all of them.
ADDRESS_FIELDS = ("c-ip", "x-forwarded-for")
# Where Lambda does not say.
REGION = "us-east-1"
FUNCTION_NAME = "processor"


class ConfigError(ValueError):
    """A setting that cannot work; the message names the variable and what to do."""


@dataclass(frozen=True, slots=True)
class Config:
    """The processor's settings."""

    store: str = stores.DEFAULT
    settings: Any = None  # the store's own; None: its defaults
    fields: tuple[catalog.Field, ...] = catalog.DEFAULT_FIELDS  # what a line carries, in order
    viewer_ip: str = "keep"
    drop: frozenset[str] = frozenset()  # CloudFront names of the fields that are not stored
    queue_url: str | None = None  # where dead letters go; None: they are only counted and logged
    region: str = REGION
    function_name: str = FUNCTION_NAME

    def __post_init__(self) -> None:
        if self.settings is None:
            object.__setattr__(self, "settings", stores.of(self.store).settings_from({}))

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Config":
        """Read the settings; raise ConfigError for one that cannot work.

        Variables: STORE, those of the store, LOG_FIELDS and DROP_FIELDS (CloudFront's names,
        comma-separated), VIEWER_IP, DEAD_LETTER_QUEUE_URL, AWS_REGION.
        """
        store = choice(env, "STORE", stores.STORES)
        names = env.get("LOG_FIELDS", "")
        fields = _fields("LOG_FIELDS", names) if names.strip(" ,") else catalog.DEFAULT_FIELDS
        dropped = env.get("DROP_FIELDS", "")
        drop = _fields("DROP_FIELDS", dropped) if dropped.strip(" ,") else ()
        config = cls(
            store=store,
            settings=stores.of(store).settings_from(env),
            fields=fields,
            viewer_ip=choice(env, "VIEWER_IP", VIEWER_IP),
            drop=frozenset(field.name for field in drop),
            queue_url=env.get("DEAD_LETTER_QUEUE_URL") or None,
            region=env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or REGION,
            function_name=env.get("AWS_LAMBDA_FUNCTION_NAME") or FUNCTION_NAME,
        )
        config.check()
        return config

    def check(self) -> None:
        """Raise ConfigError when the store can make no row of the fields."""
        stores.of(self.store).check(self)

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


def choice(env: Mapping[str, str], variable: str, allowed: Iterable[str]) -> str:
    """Return one of the allowed values, the first if none is set; raise ConfigError for another."""
    names = tuple(allowed)
    value = (env.get(variable) or names[0]).strip()
    if value not in names:
        near = difflib.get_close_matches(value.lower(), names, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ConfigError(f"{variable} is {value!r} but has to be {' or '.join(names)}{hint}")
    return value
