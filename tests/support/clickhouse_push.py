"""Files that ask ClickHouse, and a Grafana with the plugin they need."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from provisioning.push.stores import clickhouse
from tests.support import push_samples
from tests.support.fake_alerting import Answer
from tests.support.fake_grafana import FakeGrafana

ROOT = Path(__file__).parents[2]
PLUGIN = clickhouse.PLUGIN
# What JSON, Go, URLs and HTML each spell in another way.
PASSWORD = 'pä"ss&<word>/+% 1'
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:reader-a1b2c3"
PARAMETER = "arn:aws:ssm:eu-north-1:123456789012:parameter/cdn/reader"
URL = "https://clickhouse.example.com:8443"
VARIABLES = ("HOST", "PORT", "SECURE", "PROTOCOL", "READER", "DATABASE")
DATASOURCE = f"""\
apiVersion: 1
datasources:
  - name: ClickHouse
    uid: cloudfront-clickhouse
    type: {PLUGIN}
    access: proxy
    jsonData:
      host: $CLICKHOUSE_HOST
      port: $CLICKHOUSE_PORT
      secure: $CLICKHOUSE_SECURE
      protocol: $CLICKHOUSE_PROTOCOL
      username: $CLICKHOUSE_READER
      defaultDatabase: $CLICKHOUSE_DATABASE
    secureJsonData:
      password: $CLICKHOUSE_READER_PASSWORD
"""


def built(**changes: Any) -> dict[str, str]:
    """Return the samples as they are for ClickHouse."""
    files = {
        path: text.replace("grafana-timestream-datasource", PLUGIN).replace(
            "cloudfront-timestream", "cloudfront-clickhouse"
        )
        for path, text in push_samples.built(**changes).items()
    }
    del files["datasources/timestream.yaml"]
    return {**files, "datasources/clickhouse.yaml": DATASOURCE}


class Grafana(FakeGrafana):
    """One that says which version of the plugin it has, and has a catalog to install it from."""

    def __init__(self, version: str = "12.4.0", **options: bool) -> None:
        super().__init__(version, **options)
        self.installed: str | None = "4.20.0"
        self.catalog: str | None = "4.20.0"
        self.coming: list[str] = []
        self.asked: list[Any] = []
        self.refusal: Answer | None = None

    def _plugin(self, plugin: str, **_: Any) -> Answer:
        assert plugin == PLUGIN
        if self.coming:
            self.installed = self.coming.pop(0) or self.installed
        if self.installed is None:
            return Answer(404, {"message": "Plugin not found, no installed plugin with that id"})
        return Answer(200, {"id": plugin, "info": {"version": self.installed}})

    def _install(self, plugin: str, *, body: Any, **_: Any) -> Answer:
        assert plugin == PLUGIN
        self.asked.append(body)
        if self.refusal:
            return self.refusal
        wanted = body.get("version") or self.catalog
        if wanted == self.installed:
            return Answer(409, {"message": "Plugin already installed"})
        self.coming = ["", "", str(wanted)]
        return Answer(200, [])

    def _offered(self, **_: Any) -> Answer:
        if self.catalog is None:
            return Answer(404, {"message": "Plugin not found"})
        return Answer(200, {"slug": PLUGIN, "version": self.catalog})

    def _routes(self) -> list[tuple[str, str, Callable[..., Answer]]]:
        return [("GET", f"/api/gnet/plugins/{PLUGIN}", self._offered), *super()._routes()]


Run = Callable[..., int]
Start = Callable[..., Grafana]


def settings(grafana: Grafana) -> dict[str, Any]:
    return grafana.datasources["cloudfront-clickhouse"]["jsonData"]
