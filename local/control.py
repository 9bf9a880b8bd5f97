"""The small HTTP server of `serve`, to break its traffic and to look at it.

GET  /           {"sent": lines so far, "incidents": [text, ...], "endpoints": {name: url}}
POST /incidents  {"words": ["country=BR", "kind=5xx"]} -> 200 {"incident": text, "until": epoch
                 seconds}, or 400 {"error": sentence}
DELETE /incidents  ends them all
"""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from local.aws import LocalError
from local.incidents import parse
from local.traffic import Traffic

LONGEST_BODY = 65_536


class Control:
    """Serves the requests above for as long as the `with` block lasts."""

    def __init__(
        self, traffic: Traffic, status: Callable[[], dict[str, Any]], host: str, port: int
    ) -> None:
        self._traffic, self._status = traffic, status
        self._server = ThreadingHTTPServer((host, port), self._handler())
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "Control":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Return the HTTP status and the answer."""
        now = time.time()
        live = [incident for incident in self._traffic.incidents if incident.end > now]
        match method, path:
            case "GET", "/":
                return 200, self._status() | {"incidents": [str(incident) for incident in live]}
            case "POST", "/incidents":
                words = _words(body)
                if words is None:
                    return 400, {"error": 'the body has to be {"words": ["country=BR", ...]}'}
                try:
                    incident = parse(words, now)
                except ValueError as error:
                    return 400, {"error": str(error)}
                self._traffic.incidents = [*live, incident]
                return 200, {"incident": str(incident), "until": incident.end}
            case "DELETE", "/incidents":
                self._traffic.incidents = []
                return 200, {"ended": len(live)}
        return 404, {"error": f"there is no {method} {path} here"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer = self.answer

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                length = min(int(self.headers.get("Content-Length") or 0), LONGEST_BODY)
                status, payload = answer(self.command, self.path, self.rfile.read(length))
                data = json.dumps(payload).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_DELETE = _serve  # noqa: N815 - http.server's names

            def log_message(self, *about: object) -> None:
                """Keep quiet: standard error is for what a user has to know."""

        return Handler


def _words(body: bytes) -> list[str] | None:
    try:
        words = json.loads(body)["words"]
    except (ValueError, KeyError, TypeError):
        return None
    good = isinstance(words, list) and all(isinstance(word, str) for word in words)
    return words if good else None


def ask(url: str, method: str, path: str, payload: Any = None) -> dict[str, Any]:
    """Ask a running `serve`; raise LocalError with its sentence when it refuses or is absent."""
    import requests

    with requests.Session() as session:
        session.trust_env = False  # straight to this machine, whatever proxy is set
        try:
            answer = session.request(method, url.rstrip("/") + path, json=payload, timeout=10)
            content: dict[str, Any] = answer.json()
            if not answer.ok:
                raise LocalError(content["error"])
        except (ValueError, KeyError):
            raise LocalError(f"{url!r} is not the control URL of `python -m local serve`") from None
        except requests.RequestException:
            raise LocalError(
                f"nothing answers at {url}; start `python -m local serve`, or name its control "
                "URL with --control"
            ) from None
    return content
