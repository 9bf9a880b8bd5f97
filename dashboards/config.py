"""What an operator may change about the dashboards and alerts, in one place.

Every knob says when to change it. `python -m dashboards --help` offers each as an option; the files
committed under provisioning/ are built with the defaults.
"""

import re
from dataclasses import dataclass

from processor import catalogue

LAYOUTS = ("multi", "classic")


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """One set of dashboards, alert rules and data source settings.

    Raises ValueError, with what to do instead, for a value that cannot work.
    """

    # Prefix of every uid, and the tag on every dashboard. Give a second bundle its own name to run
    # both side by side in one Grafana: two environments, or an old and a new version.
    name: str = "cloudfront"

    # Title of the dashboard folder. The alert rules' folder is this title with " alerts" behind it.
    # Empty is CloudFront, and for a bundle of another name CloudFront (NAME).
    title: str = ""

    # How the processor writes records: the stack's RecordLayout. "classic" is the layout of the
    # original aws-samples solution, where every field is a text dimension.
    layout: str = "multi"

    # The log fields the real-time log configuration sends, in CloudFront's names. A panel, variable
    # or rule that needs a field which is not here is left out.
    fields: tuple[str, ...] = tuple(field.name for field in catalogue.DEFAULT_FIELDS)

    # The log configuration's sampling rate in percent. Counts and bytes are multiplied by
    # 100 / sampling; set it whenever the log configuration changes, the records do not carry it.
    sampling: int = 100

    # Where the records are: the stack's database and table.
    database: str = "cloudfront"
    table: str = "realtime_logs"

    # The uid of the Timestream data source in Grafana. Change it when Grafana already has one.
    # Empty is timestream, and for a bundle of another name NAME-timestream.
    datasource: str = ""

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

    # How many edges, countries, URIs ... a panel shows until the reader chooses another number.
    top: int = 10

    # Where people reach Grafana. Links in notifications begin with it.
    grafana_url: str = "http://localhost:3000"

    # Where alerts find their runbook. Empty is the runbook dashboard, made from docs/alerts.md.
    # When your procedures are written down elsewhere, give that page's address: "#" and the rule's
    # name are put behind it.
    runbook_url: str = ""

    # The notification channels to provision, any of sns, slack, email, pagerduty, webhook. Only
    # name a channel whose settings are given: Grafana does not start on an empty secret.
    channels: tuple[str, ...] = ("email",)

    def __post_init__(self) -> None:
        """Refuse what Grafana or Timestream would refuse later, and less clearly."""
        for knob, text in (("title", "CloudFront"), ("datasource", "timestream")):
            if not getattr(self, knob):
                object.__setattr__(self, knob, text if self.usual else self._own(knob, text))
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,19}", self.name):
            raise ValueError(
                f"name {self.name!r} becomes part of uids: use at most 20 lower-case letters, "
                "digits and dashes, beginning with a letter"
            )
        if self.layout not in LAYOUTS:
            raise ValueError(f"layout {self.layout!r} is unknown; use one of {', '.join(LAYOUTS)}")
        if not 1 <= self.sampling <= 100:
            raise ValueError(f"sampling {self.sampling} is no whole percentage from 1 to 100")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", self.datasource):
            raise ValueError(f"datasource {self.datasource!r} is no Grafana uid")
        for knob in ("database", "table"):
            if not re.fullmatch(r"[A-Za-z0-9_.-]{3,256}", getattr(self, knob)):
                raise ValueError(f"{knob} {getattr(self, knob)!r} is no Timestream name")
        for knob in ("min_interval", "time_range"):
            if not re.fullmatch(r"[1-9]\d*[smhd]", getattr(self, knob)):
                raise ValueError(f"{knob} {getattr(self, knob)!r} is no duration such as 1m or 6h")
        if not re.fullmatch(r"([1-9]\d*[mhd])?", self.refresh):
            raise ValueError(f"refresh {self.refresh!r} must be empty or at least 1m, such as 5m")
        if self.top < 1:
            raise ValueError(f"top {self.top} must be at least 1")
        # Delivery order, and UnknownField with the nearest name for a field nobody sends.
        object.__setattr__(
            self, "fields", tuple(field.name for field in catalogue.resolve(self.fields))
        )

    @property
    def scale(self) -> str:
        """What counts and bytes are multiplied by, as SQL; empty when every request is logged."""
        if self.sampling == 100:
            return ""
        whole = 100 % self.sampling == 0
        return str(100 // self.sampling) if whole else f"100.0 / {self.sampling}"

    @property
    def usual(self) -> bool:
        """Whether this is the bundle that has Grafana to itself, unless others are told apart."""
        return self.name == Bundle.name

    def _own(self, knob: str, text: str) -> str:
        return f"{self.name}-{text}" if knob == "datasource" else f"{text} ({self.name})"

    @property
    def datasource_name(self) -> str:
        """What people read for the data source; Grafana tells provisioned ones apart by it."""
        return "Amazon Timestream" if self.usual else f"Amazon Timestream ({self.name})"

    def uid(self, name: str) -> str:
        """Return the uid of something of this bundle, such as cloudfront-edges."""
        uid = f"{self.name}-{name}"
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", uid):
            raise ValueError(f"uid {uid!r} is longer than 40 or holds other than a-z, 0-9 and -")
        return uid
