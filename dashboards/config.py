"""The settings of dashboards and alerts that an operator may change, in one place.

Every setting says when to change it. `python -m dashboards --help` offers each as an option. The
files committed under provisioning/ are built with the defaults.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from dashboards import stores
from processor import catalog
from ruletest import durations

CHANNELS = ("sns", "slack", "email", "pagerduty", "webhook")

# In bytes: Grafana keeps 189 characters of a folder's title, a file system 255 bytes of a folder's
# name, and the alert rules' folder adds " alerts".
_LONGEST_TITLE = 180
DAY = 86_400


class BuildError(ValueError):
    """A configuration that cannot be built; one sentence says what to change."""


def nearest(word: object, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the known word that is nearest, or nothing."""
    near = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """One set of dashboards, alert rules and data source settings.

    Raises BuildError (a ValueError), with what to do instead, for a value that cannot work.
    """

    # Prefix of every uid, and the tag on every dashboard. Give a second bundle its own name to run
    # both side by side in one Grafana: two environments, or an old and a new version.
    name: str = "cloudfront"

    # Title of the dashboard folder. The alert rules' folder is this title with " alerts" behind it.
    # Empty is CloudFront, and for a bundle of another name CloudFront (NAME).
    title: str = ""

    # Where the processor writes to: the stack's Store. One Grafana shows one bundle of a name, so
    # give the bundle of a second store another name to see both in one.
    store: str = stores.DEFAULT_NAME

    # How the processor writes records: the stack's RecordLayout.
    layout: str = stores.DEFAULT.LAYOUTS[0]

    # The log fields the real-time log configuration sends, in CloudFront's names. A panel, variable
    # or rule that needs a field which is not here is left out.
    fields: tuple[str, ...] = tuple(field.name for field in catalog.DEFAULT_FIELDS)

    # The log configuration's sampling rate in percent. Counts and bytes are multiplied by
    # 100 / sampling; set it whenever the log configuration changes, the records do not carry it.
    sampling: int = 100

    # Where the records are: the stack's database and table.
    database: str = "cloudfront"
    table: str = "realtime_logs"

    # How many days the table keeps a record: the stack's MagneticStoreRetentionDays. A rule that
    # looks back further would judge less than it says, so it is refused.
    retention: int = 30

    # The data source's uid in Grafana. Change it when Grafana already has one of the kind. Empty is
    # the store's name, with the bundle's before it for a bundle of another name.
    datasource: str = ""

    # Whether the dashboards show which data source they ask, and let readers choose another one.
    # Turn it on where a Grafana has several of the kind; with one there is nothing to choose.
    choose_datasource: bool = False

    # Whether that data source is Grafana's default. Grafana does not start with two defaults, so
    # only the files of docker-compose.yml have it on, which are all that their Grafana reads.
    default_datasource: bool = False

    # Show the panels that hold personal data (viewer addresses, query strings, ...) for those of
    # their fields that are collected. Off, so that nobody publishes them by accident.
    personal: bool = False

    # The narrowest step of a time series. Wider means calmer lines; narrower than the delivery lag
    # means a ragged right edge.
    min_interval: str = "1m"

    # What a dashboard shows when it is opened, and how often it asks again. Each refresh is a paid
    # query per panel, so less than a minute is refused; "" leaves refreshing to the reader.
    time_range: str = "1h"
    refresh: str = ""

    # How often the alert rules are evaluated, in whole minutes from 1m to 30m. Their windows, `for`
    # and keep_firing_for follow. Empty is 5m where each round of rules is paid for, and else 1m.
    # docs/cost.md has what each choice costs, docs/alerts.md how much later its messages come.
    cadence: str = ""

    # Whether the store, if it is one that bills for what is asked, does so here. Off only for a
    # store on this machine, as in the files of docker-compose.yml. Where it is on, all rules are in
    # one group, so that they are asked in one round.
    billed: bool = True

    # How many edges, countries, URIs ... a panel shows until the reader chooses another number.
    top: int = 10

    # Where people reach Grafana; links in notifications begin with it. Empty is the address that
    # Grafana has in its settings (root_url). Set it when people use another address.
    grafana_url: str = ""

    # Where alerts find their runbook. Empty is the runbook dashboard, made from docs/alerts.md.
    # When your procedures are written down elsewhere, give that page's address: "#" and the rule's
    # name are put behind it.
    runbook_url: str = ""

    # The notification channels to provision, any of sns, slack, email, pagerduty, webhook. Only
    # name a channel whose settings are given: Grafana does not start on an empty secret.
    channels: tuple[str, ...] = ("email",)

    def __post_init__(self) -> None:
        """Refuse what Grafana or the store would refuse later, and less clearly."""
        for knob in fields(self):
            _check_type(knob.name, getattr(self, knob.name), knob.type)
        stores.named(self.store)
        given = (("title", "CloudFront"), ("datasource", self.settings.DATASOURCE_UID))
        for name, text in given:
            if not getattr(self, name):
                object.__setattr__(self, name, text if self.usual else self._own(name, text))
        self._check_names()
        self._check_numbers()
        self._check_times()
        if self.grafana_url:
            _check_url(
                "grafana_url", self.grafana_url, "a Grafana URL such as https://grafana.example.com"
            )
        if self.runbook_url:
            _check_url(
                "runbook_url", self.runbook_url, "a URL such as https://wiki.example.com/cdn"
            )
        for channel in self.channels:
            if channel not in CHANNELS:
                raise BuildError(
                    f"channels: there is no {channel!r}; use any of {', '.join(CHANNELS)}"
                    f"{nearest(channel, CHANNELS)}"
                )
        if len(set(self.channels)) < len(self.channels):
            raise BuildError(f"channels {', '.join(self.channels)}: name each channel once")
        # In the order of delivery; raises UnknownField, with the nearest name, for other fields.
        found = tuple(field.name for field in catalog.resolve(self.fields))
        if "timestamp" not in found:
            raise BuildError("fields lack timestamp, without which a request has no time: add it")
        object.__setattr__(self, "fields", found)

    def _check_names(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,19}", self.name):
            raise BuildError(
                f"name {self.name!r} becomes part of uids: use at most 20 lower-case letters, "
                "digits and dashes, beginning with a letter"
            )
        title = self.title
        if not title.strip() or title != title.strip() or not title.isprintable():
            raise BuildError(
                f"title {title!r} names a folder: give it one line of text, without blanks around"
            )
        if len(title.encode()) > _LONGEST_TITLE or set(title) & set("/\\") or title.startswith("."):
            raise BuildError(
                f"title {title!r} names a folder: use at most {_LONGEST_TITLE} bytes, no "
                "slashes, and no dot at its beginning"
            )
        if title.casefold() == "general":
            raise BuildError(f"title {title!r} is Grafana's own folder; use another")
        layouts = self.settings.LAYOUTS
        if why := self.settings.layout_refused(self.layout):
            raise BuildError(f"layout {self.layout!r} {why}")
        if self.layout not in layouts:
            raise BuildError(
                f"layout {self.layout!r} is unknown; use one of {', '.join(layouts)}"
                f"{nearest(self.layout, layouts)}"
            )
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", self.datasource):
            raise BuildError(
                f"datasource {self.datasource!r} is no Grafana uid: use at most 40 letters, "
                "digits, dashes and underscores"
            )
        for knob in ("database", "table"):
            if why := self.settings.refused(getattr(self, knob)):
                raise BuildError(f"{knob} {getattr(self, knob)!r} {why}")

    def _check_numbers(self) -> None:
        if not 1 <= self.sampling <= 100:
            raise BuildError(f"sampling {self.sampling} is no whole percentage from 1 to 100")
        if self.top < 1:
            raise BuildError(f"top {self.top} must be at least 1")
        if not 1 <= self.retention <= 73_000:
            raise BuildError(f"retention {self.retention} must be from 1 to 73000 days")

    def _check_times(self) -> None:
        for knob in ("min_interval", "time_range"):
            if not re.fullmatch(r"[1-9]\d*[smhd]", getattr(self, knob)):
                raise BuildError(f"{knob} {getattr(self, knob)!r} is no duration such as 1m or 6h")
        step, span = map(durations.seconds, (self.min_interval, self.time_range))
        if span > DAY:
            raise BuildError(
                f"time_range {self.time_range!r} is longer than 1d: what a dashboard scans when it "
                "is opened is paid for"
            )
        if step >= span:
            raise BuildError(
                f"min_interval {self.min_interval!r} must be shorter than time_range "
                f"{self.time_range!r}"
            )
        if self.cadence and not re.fullmatch(r"([1-9]|[12]\d|30)m", self.cadence):
            raise BuildError(
                f"cadence {self.cadence!r} must be whole minutes from 1m to 30m, such as 5m; empty "
                "is what suits the store"
            )
        if not re.fullmatch(r"([1-9]\d*[mhd])?", self.refresh):
            raise BuildError(f"refresh {self.refresh!r} must be empty or at least 1m, such as 5m")

    @property
    def settings(self) -> stores.Settings:
        """The settings of the bundle's store."""
        return stores.STORES[self.store]

    @property
    def pays(self) -> bool:
        """Whether each round of questions is paid for."""
        return self.billed and self.settings.BILLED

    @property
    def interval(self) -> int:
        """How often the rules are evaluated, in seconds; slow ones may be asked less often."""
        usual = self.settings.CADENCE if self.pays else "1m"
        return round(durations.seconds(self.cadence or usual))

    @property
    def usual(self) -> bool:
        """Whether the bundle has the default name; others have theirs in titles, uids and files."""
        return self.name == Bundle.name

    def _own(self, knob: str, text: str) -> str:
        return f"{self.name}-{text}" if knob == "datasource" else f"{text} ({self.name})"

    @property
    def datasource_name(self) -> str:
        """The data source's name; Grafana recognizes a provisioned data source by it."""
        name = self.settings.DATASOURCE_NAME
        return name if self.usual else f"{name} ({self.name})"

    @property
    def root_url(self) -> str:
        """The beginning of links in notifications, as text of a rule's template.

        It ends in a slash, as Grafana's own function for its address does.
        """
        return f"{self.grafana_url.rstrip('/')}/" if self.grafana_url else "{{ externalURL }}"

    def uid(self, name: str) -> str:
        """Return the uid of something of this bundle, such as cloudfront-edges."""
        uid = f"{self.name}-{name}"
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", uid):
            raise BuildError(f"uid {uid!r} is longer than 40 or holds other than a-z, 0-9 and -")
        return uid


def _check_type(knob: str, value: object, wanted: object) -> None:
    if wanted is str and not isinstance(value, str):
        raise BuildError(f"{knob} {value!r} must be text in quotes")
    if wanted is bool and not isinstance(value, bool):
        raise BuildError(f"{knob} {value!r} must be True or False")
    if wanted is int and (isinstance(value, bool) or not isinstance(value, int)):
        raise BuildError(f"{knob} {value!r} is no whole number")
    if wanted not in (str, bool, int) and not (
        isinstance(value, tuple) and all(isinstance(each, str) for each in value)
    ):
        raise BuildError(f'{knob} {value!r} must be a tuple of texts, such as ("email",)')


def _check_url(knob: str, url: str, what: str) -> None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        sound = None
    if not sound or any(c.isspace() or c in '"<>{}' or not c.isprintable() for c in url):
        raise BuildError(f"{knob} {url!r} is not {what}")
