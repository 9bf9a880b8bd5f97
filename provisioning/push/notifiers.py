"""Contact-point settings as one Grafana accepts them.

`GET /api/alert-notifiers` lists the contact-point types of a Grafana with their settings. Amazon
Managed Grafana offers fewer types, and before 12 its `sns` has settings of its own.
https://docs.aws.amazon.com/grafana/latest/userguide/v12-alerting-manage-contactpoints.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioning.push.errors import PushError
from provisioning.push.model import ContactPoint

Json = Any

# For a Grafana that does not say which settings it keeps secret.
_SECURE = frozenset(
    {
        "url",
        "token",
        "password",
        "authorization_credentials",
        "integrationKey",
        "apiKey",
        "accessKey",
        "secretKey",
        "sigv4.access_key",
        "sigv4.secret_key",
    }
)
# Ours -> the older sns of Amazon Managed Grafana.
_OLD_SNS = {"topic_arn": "topic", "subject": "subject"}


@dataclass(frozen=True)
class Catalog:
    """The contact-point types of one Grafana: {type: {path of a setting: is it a secret}}."""

    types: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)

    @classmethod
    def read(cls, answer: Json) -> "Catalog":
        """Return the catalog from the body of GET /api/alert-notifiers; an empty one without it."""
        return cls(
            {notifier["type"]: dict(_options(notifier.get("options"))) for notifier in answer or ()}
        )

    def secure(self, kind: str) -> frozenset[str]:
        """Return the paths of the settings of a type that Grafana never gives back."""
        options = self.types.get(kind)
        if not options:
            return _SECURE
        return frozenset(name for name, secret in options.items() if secret)

    def fitted(self, point: ContactPoint) -> dict[str, Json]:
        """Return the settings of `point` as this Grafana accepts them.

        Raises PushError when it has no contact points of that type.
        """
        if not self.types:
            return dict(point.settings)
        if point.type not in self.types:
            raise PushError(
                f"This Grafana has no contact points of type {point.type!r}; it has "
                f"{', '.join(sorted(self.types))}. Choose with --channels."
            )
        options = self.types[point.type]
        if point.type != "sns" or not options:
            return dict(point.settings)
        if "topic" in options and "topic_arn" not in options:
            renamed = {_OLD_SNS[k]: v for k, v in point.settings.items() if k in _OLD_SNS}
            return {"authProvider": "default", "messageFormat": "text", **renamed}
        # Amazon Managed Grafana signs with the workspace's role and has no settings for it.
        return {key: value for key, value in point.settings.items() if key in options}


def _options(options: Json, above: str = "") -> Iterator[tuple[str, bool]]:
    for option in options or ():
        if option.get("propertyName"):
            path = f"{above}{option['propertyName']}"
            yield path, bool(option.get("secure"))
            yield from _options(option.get("subformOptions"), f"{path}.")


def flattened(settings: Mapping[str, Json], above: str = "") -> Iterator[tuple[str, Json]]:
    """Yield every setting that is not itself a group: (path, value)."""
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value
