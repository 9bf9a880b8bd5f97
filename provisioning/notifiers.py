"""Contact-point settings as one Grafana accepts them.

`GET /api/alert-notifiers` lists the contact-point types of a Grafana with their settings. Amazon
Managed Grafana offers fewer types, and before 12 its `sns` has settings of its own.
https://docs.aws.amazon.com/grafana/latest/userguide/v12-alerting-manage-contactpoints.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioning.errors import PushError
from provisioning.model import ContactPoint

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
        "access_key",
        "secret_key",
    }
)
# Ours -> the older sns of Amazon Managed Grafana.
_OLD_SNS = {"topic_arn": "topic", "subject": "subject", "message": "body"}


@dataclass(frozen=True)
class Catalogue:
    """The contact-point types of one Grafana: {type: {setting: whether it is a secret}}."""

    types: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)

    @classmethod
    def read(cls, answer: Json) -> "Catalogue":
        """From the body of GET /api/alert-notifiers, or nothing at all."""
        return cls(
            {
                notifier["type"]: {
                    option["propertyName"]: bool(option.get("secure"))
                    for option in notifier.get("options") or ()
                    if option.get("propertyName")
                }
                for notifier in answer or ()
            }
        )

    def secure(self, kind: str) -> frozenset[str]:
        """Return the top-level settings of a type that Grafana never gives back."""
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
        if point.type == "sns" and "topic" in options and "topic_arn" not in options:
            renamed = {_OLD_SNS[k]: v for k, v in point.settings.items() if k in _OLD_SNS}
            return {"authProvider": "default", **renamed}
        return dict(point.settings)
