"""What the end-to-end tests talk to: a running Grafana, and the endpoint behind it.

`make e2e` sets GRAFANA_URL to what `docker compose up` starts. TIMESTREAM_URL is the endpoint of
its data source as seen from here, WEBHOOK_HOST this machine as seen from Grafana.
"""

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from local.stores.timestream.rulecases import Endpoint
from tests.support.running_grafana import DATABASE, Grafana, Webhook, this_machine, until


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
def endpoint(grafana: Grafana) -> Endpoint:
    """The Timestream endpoint that Grafana's data source asks."""
    return Endpoint(os.environ.get("TIMESTREAM_URL", "http://127.0.0.1:8086"), DATABASE)


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
