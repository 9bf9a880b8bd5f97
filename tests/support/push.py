"""The tool as the tests drive it: against one fake Grafana, never waiting."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from provisioning.push import discovery, files
from provisioning.push.apply import Outcome, carry_out
from provisioning.push.client import Client
from provisioning.push.expand import Expander
from provisioning.push.model import Desired
from provisioning.push.plan import Plan
from provisioning.push.secrets import Secrets
from tests.support import push_samples
from tests.support.fake_grafana import TOKEN, FakeGrafana


@dataclass
class Push:
    """One Grafana, and what the tool would do to it; nothing ever waits."""

    fake: FakeGrafana
    url: str
    backups: Path
    said: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    secrets: Secrets = field(default_factory=Secrets)
    _usual: Desired | None = None

    def client(self) -> Client:
        return Client(self.url, TOKEN, self.secrets, sleep=self.waited.append)

    def usual(self) -> Desired:
        """Return what the samples want, as they are."""
        if self._usual is None:
            self._usual = self.desired()
        return self._usual

    def desired(
        self, built: dict[str, str] | None = None, name: str = "cloudfront", **environment: str
    ) -> Desired:
        built = push_samples.built(name) if built is None else built
        expander = Expander({**push_samples.ENVIRONMENT, **environment})
        return files.parse(built, name, expander, self.secrets)

    def plan(self, desired: Desired | None = None, **options: bool) -> Plan:
        client = self.client()
        try:
            return discovery.plan(
                client,
                discovery.identify(client),
                desired or self.usual(),
                self.secrets,
                backups=self.backups,
                **options,
            )
        finally:
            client.close()

    def apply(self, desired: Desired | None = None, **options: bool) -> Outcome:
        client = self.client()
        try:
            plan = discovery.plan(
                client,
                discovery.identify(client),
                desired or self.usual(),
                self.secrets,
                backups=self.backups,
                **options,
            )
            return carry_out(plan, self.said.append)
        finally:
            client.close()

    def destroy(self, desired: Desired | None = None, **options: bool) -> Outcome:
        return self.apply(desired, remove=True, **options)


Start = Callable[..., Push]
