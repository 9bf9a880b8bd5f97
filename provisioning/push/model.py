"""What a bundle wants in a Grafana, in the words of its HTTP API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioning.push.stores import Store, of

Json = Any


@dataclass(frozen=True)
class Folder:
    """A folder by `uid`; its title may be anything."""

    uid: str
    title: str


@dataclass(frozen=True)
class Datasource:
    """A data source: `body` as in POST /api/datasources without its secrets."""

    uid: str
    name: str
    body: Mapping[str, Json]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Dashboard:
    """A dashboard: `spec` is the classic JSON, without id and version."""

    uid: str
    title: str
    folder_uid: str
    spec: Mapping[str, Json]


@dataclass(frozen=True)
class ContactPoint:
    """One receiver of the contact point `name`; `uid` is the file's, not yet Grafana's.

    `outside` are the paths in `settings` whose values came from the environment: shown to nobody.
    """

    uid: str
    name: str
    type: str
    settings: Mapping[str, Json] = field(repr=False)
    disable_resolve_message: bool = False
    outside: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Template:
    """A notification template file."""

    name: str
    text: str


@dataclass(frozen=True)
class MuteTiming:
    """A named list of time intervals."""

    name: str
    intervals: tuple[Json, ...]


@dataclass(frozen=True)
class RuleGroup:
    """The rules that are evaluated together every `interval` seconds, in the API's form."""

    folder_uid: str
    title: str
    interval: int
    rules: tuple[Mapping[str, Json], ...]


@dataclass(frozen=True)
class Desired:
    """All that the bundle `name` wants; every uid in it is the bundle's own."""

    name: str
    store: Store = field(default_factory=of)
    # The database and table that the dashboards are made for.
    place: tuple[str, str] = ("", "")
    folders: tuple[Folder, ...] = ()
    datasources: tuple[Datasource, ...] = ()
    dashboards: tuple[Dashboard, ...] = ()
    contact_points: tuple[ContactPoint, ...] = ()
    templates: tuple[Template, ...] = ()
    mute_timings: tuple[MuteTiming, ...] = ()
    groups: tuple[RuleGroup, ...] = ()
