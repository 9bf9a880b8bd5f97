"""What the end-to-end tests talk to: a running Grafana, and the store behind it.

`make e2e STORE=` sets GRAFANA_URL to what `docker compose up` starts for that store. TIMESTREAM_URL
or CLICKHOUSE_URL is where its data source asks, as seen from here; WEBHOOK_HOST is this machine as
seen from Grafana.
"""

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from dashboards import stores
from tests.support.receivers import Receivers, receiving
from tests.support.running_grafana import Grafana, Webhook, this_machine, until
from tests.support.running_stores import STORES, Store, named


def pytest_configure() -> None:
    """Refuse a wrong STORE before anything is collected."""
    named()


@pytest.fixture(scope="session")
def grafana() -> Grafana:
    url = os.environ.get("GRAFANA_URL")
    if not url:
        pytest.skip("GRAFANA_URL is not set; run `make e2e` with a Grafana running")
    try:
        health = requests.get(f"{url.rstrip('/')}/api/health", timeout=5)
        health.raise_for_status()
    except requests.RequestException:
        pytest.skip(f"no Grafana answers at {url}; start one with `docker compose up`")
    running = Grafana(url)
    # Grafana answers before it has provisioned everything.
    until("the alert rules are provisioned", lambda: "cloudfront-smoke" in _rules(running))
    return running


def _rules(grafana: Grafana) -> set[str]:
    return {rule["uid"] for rule in grafana.ask("GET", "/api/v1/provisioning/alert-rules")}


@pytest.fixture(scope="session")
def source(grafana: Grafana) -> dict[str, Any]:
    """Grafana's data source, which has to be one of the store that STORE names."""
    wanted = stores.named(named())
    types = {each["uid"]: each for each in grafana.ask("GET", "/api/datasources")}
    if wanted.DATASOURCE_UID not in types:
        others = [name for name, each in stores.STORES.items() if each.DATASOURCE_UID in types]
        there = f"it has one of STORE={others[0]}" if others else "nothing of ours is provisioned"
        pytest.fail(f"{grafana.url} has no {wanted.TITLE} data source: {there}")
    found: dict[str, Any] = types[wanted.DATASOURCE_UID]
    return found


@pytest.fixture(scope="session")
def store(source: dict[str, Any]) -> Store:
    """The store that Grafana's data source asks."""
    return STORES[named()]()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    """A web server on this machine that Grafana can reach."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.received.append(json.loads(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
    hook = Webhook(f"http://{this_machine()}:{server.server_address[1]}/")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield hook
    server.shutdown()
    server.server_close()


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    """Slack, PagerDuty and SNS on this machine, where Grafana can reach them."""
    with receiving(this_machine(), bind="0.0.0.0") as running:
        yield running
