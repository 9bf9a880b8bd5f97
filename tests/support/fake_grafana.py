"""A Grafana over real HTTP, as far as a push can see it, in the versions 10.4, 12 and 13.

Status codes, messages and quirks are those of the documented API and of Grafana 12.2's source
(pkg/api, pkg/services/ngalert); what differs in 10.4 and 13 is named where it does. The alerting
part is in fake_alerting.
"""

import base64
import copy
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support import fake_alerting
from tests.support.fake_alerting import Alerting, Answer

TOKEN = "glsa_0123456789abcdefghijklmnopqrstuv_01234567"
ADMIN = "Basic " + base64.b64encode(b"admin:admin").decode()
PLUGIN = "grafana-timestream-datasource"
Json = Any

_UID = re.compile(r"[a-zA-Z0-9_-]{1,40}")


@dataclass
class Fault:
    """What goes wrong with one request: before it is carried out, or after, so that it counts.

    `status` None breaks the connection instead of answering.
    """

    status: int | None
    carried_out: bool = False
    headers: dict[str, str] = field(default_factory=dict)


class FakeGrafana:
    """The state of one organisation, and what each request does to it."""

    def __init__(
        self, version: str = "12.2.0", *, simple_routing: bool | None = None, managed: bool = False
    ) -> None:
        self.version = version
        self.major = int(version.split(".")[0])
        routing = self.major >= 11 if simple_routing is None else simple_routing
        self.role = "Admin"
        self.token = TOKEN
        self.plugins = {PLUGIN}
        self.plugin_admin = True
        self.counts = True  # whether there is GET /api/folders/:uid/counts
        self.installing = 0  # polls until a plugin that is being installed is there
        self.folders: dict[str, Json] = {}
        self.dashboards: dict[str, Json] = {}
        self.datasources: dict[str, Json] = {}
        self.panel_library: list[Json] = []
        self.annotations: list[Json] = []
        self.alerting = Alerting(self, routing=routing, managed=managed)
        self.requests: list[tuple[str, str]] = []
        self.bodies: list[str] = []
        self.fault: Callable[[int, str, str], Fault | None] = lambda _n, _method, _path: None
        self._ids = 0
        self.lock = threading.Lock()

    # State, as a user sees it

    def snapshot(self) -> str:
        """Everything a user can see, as text: two equal texts are the same Grafana."""
        return json.dumps(
            {
                "folders": self.folders,
                "dashboards": self.dashboards,
                "datasources": self.datasources,
                "alerting": self.alerting.state(),
            },
            sort_keys=True,
            indent=1,
        )

    def save(self) -> Json:
        """A copy of the whole state, for `load`."""
        return copy.deepcopy(
            (self.folders, self.dashboards, self.datasources, self.alerting.state(), self._ids)
        )

    def load(self, state: Json) -> None:
        """Go back to what `save` gave."""
        folders, dashboards, datasources, alerting, self._ids = copy.deepcopy(state)
        self.folders, self.dashboards, self.datasources = folders, dashboards, datasources
        self.alerting.load(alerting)

    def writes(self) -> list[tuple[str, str]]:
        """The requests so far that were not reads."""
        return [request for request in self.requests if request[0] != "GET"]

    def next_id(self) -> int:
        self._ids += 1
        return self._ids

    # What users do by hand

    def user_saves_dashboard(self, uid: str, message: str = "", **changes: Json) -> None:
        """Somebody saves a dashboard in the UI, with changes at its top level."""
        there = self.dashboards[uid]
        latest = copy.deepcopy(there["versions"][-1]["data"]) | changes
        there["versions"].append({"message": message, "data": latest})

    def user_makes_datasource(self, uid: str, kind: str = PLUGIN, **more: Json) -> None:
        """Somebody adds a data source in the UI."""
        body = {"uid": uid, "name": f"Theirs {uid}", "type": kind, "access": "proxy", **more}
        assert self._post_datasource(body=body).status == 200

    def user_makes_dashboard(self, uid: str, folder: str = "", **spec: Json) -> None:
        """Somebody adds a dashboard in the UI."""
        body = {"dashboard": {"uid": uid, "title": f"Theirs {uid}", "tags": [], **spec}}
        assert self._post_dashboard(body={**body, "folderUid": folder}).status == 200

    # Requests

    def handle(
        self, method: str, path: str, query: dict[str, str], body: Json, disabled: bool
    ) -> Answer:
        """Carry one authorised request out."""
        for verb, pattern, handler in self._routes():
            match = re.fullmatch(pattern, path)
            if verb == method and match:
                return handler(*(unquote(part) for part in match.groups()), query=query, body=body)
        answer = self.alerting.handle(method, path, body, provenance="" if disabled else "api")
        return answer or Answer(404, {"message": "Not found"})

    def _routes(self) -> list[tuple[str, str, Callable[..., Answer]]]:
        return [
            ("GET", "/api/health", self._health),
            ("GET", "/api/frontend/settings", self._settings),
            ("GET", "/api/plugins/([^/]+)/settings", self._plugin),
            ("POST", "/api/plugins/([^/]+)/install", self._install),
            ("GET", "/api/library-elements", self._list_library),
            ("GET", "/api/folders", self._list_folders),
            ("POST", "/api/folders", self._post_folder),
            ("GET", "/api/folders/([^/]+)", self._get_folder),
            ("PUT", "/api/folders/([^/]+)", self._put_folder),
            ("DELETE", "/api/folders/([^/]+)", self._delete_folder),
            ("GET", "/api/folders/([^/]+)/counts", self._counts),
            ("GET", "/api/annotations", self._list_annotations),
            ("POST", "/api/annotations", self._post_annotation),
            ("GET", "/api/search", self._search),
            ("POST", "/api/dashboards/db", self._post_dashboard),
            ("GET", "/api/dashboards/uid/([^/]+)", self._get_dashboard),
            ("DELETE", "/api/dashboards/uid/([^/]+)", self._delete_dashboard),
            ("GET", "/api/dashboards/uid/([^/]+)/versions/([0-9]+)", self._get_version),
            ("GET", "/api/datasources", self._list_datasources),
            ("POST", "/api/datasources", self._post_datasource),
            ("GET", "/api/datasources/uid/([^/]+)", self._get_datasource),
            ("PUT", "/api/datasources/uid/([^/]+)", self._put_datasource),
            ("DELETE", "/api/datasources/uid/([^/]+)", self._delete_datasource),
            ("GET", "/api/datasources/uid/([^/]+)/health", self._check_datasource),
        ]

    def _health(self, **_: Json) -> Answer:
        return Answer(200, {"database": "ok", "version": self.version, "commit": "0"})

    def _settings(self, **_: Json) -> Answer:
        toggles = {"alertingSimplifiedRouting": True} if self.alerting.routing else {}
        return Answer(200, {"buildInfo": {"version": self.version}, "featureToggles": toggles})

    def _plugin(self, plugin: str, **_: Json) -> Answer:
        if self.installing:
            self.installing -= 1
            if not self.installing:
                self.plugins.add(PLUGIN)
        if plugin in self.plugins:
            return Answer(200, {"id": plugin, "enabled": True})
        return Answer(404, {"message": "Plugin not found, no installed plugin with that id"})

    def _install(self, plugin: str, **_: Json) -> Answer:
        if not self.plugin_admin:
            return Answer(404, {"message": "Not found"})
        if plugin in self.plugins:
            return Answer(409, {"message": "Plugin already installed"})
        self.installing = 3
        return Answer(200, [])

    # Folders

    def _list_folders(self, **_: Json) -> Answer:
        found = [
            {"id": f["id"], "uid": uid, "title": f["title"]}
            for uid, f in self.folders.items()
            if not f.get("parentUid")
        ]
        return Answer(200, found)

    def _post_folder(self, *, body: Json, **_: Json) -> Answer:
        uid, title = body.get("uid") or f"generated-{self.next_id()}", body.get("title")
        if not title:
            return Answer(400, {"message": "folder title cannot be empty"})
        if not _UID.fullmatch(uid):
            return Answer(400, {"message": "uid contains illegal characters"})
        if uid == "general":
            return Answer(500, {"message": "Folder API error"})
        if uid in self.folders or uid in self.dashboards:
            if self.major < 11:
                message = "a folder/dashboard with the same uid already exists"
                return Answer(409, {"message": message})
            return Answer(412, {"message": "the folder has been changed by someone else"})
        if self.major < 11 and title in {f["title"] for f in self.folders.values()}:
            message = (
                "a folder or dashboard in the general folder with the same name already exists"
            )
            return Answer(409, {"message": message})
        self.folders[uid] = {"id": self.next_id(), "title": title, "version": 1}
        return self._get_folder(uid)

    def _get_folder(self, uid: str, **_: Json) -> Answer:
        if uid not in self.folders:
            return Answer(404, {"message": "folder not found", "status": "not-found"})
        return Answer(200, {"uid": uid, "orgId": 1, **self.folders[uid]})

    def _put_folder(self, uid: str, *, body: Json, **_: Json) -> Answer:
        folder = self.folders.get(uid)
        if folder is None:
            return Answer(404, {"message": "folder not found", "status": "not-found"})
        if not body.get("overwrite") and body.get("version") != folder["version"]:
            message = "the folder has been changed by someone else"
            return Answer(412, {"message": message, "status": "version-mismatch"})
        folder["title"] = body["title"]
        folder["version"] += 1
        return self._get_folder(uid)

    def _inside(self, uid: str) -> tuple[list[str], list[str]]:
        dashboards = [d for d, there in self.dashboards.items() if there["folder"] == uid]
        return dashboards, self.alerting.rules_in(uid)

    def _counts(self, uid: str, **_: Json) -> Answer:
        if not self.counts:
            return Answer(404, {"message": "Not found"})
        dashboards, rules = self._inside(uid)
        counts = {"alertrule": len(rules), "dashboard": len(dashboards)}
        return Answer(200, {**counts, "folder": 0, "librarypanel": 0})

    def _delete_folder(self, uid: str, *, query: dict[str, str], **_: Json) -> Answer:
        if uid not in self.folders:
            return Answer(404, {"message": "folder not found"})
        dashboards, rules = self._inside(uid)
        if rules and query.get("forceDeleteRules") != "true":
            message = "Folder cannot be deleted: folder is not empty"
            return Answer(400, {"messageId": "folder.not-empty", "message": message})
        for dashboard in dashboards:
            del self.dashboards[dashboard]
        self.alerting.drop_rules(rules)
        del self.folders[uid]
        return Answer(200, {"message": "Folder deleted"})

    # Dashboards

    def _search(self, *, query: dict[str, str], **_: Json) -> Answer:
        found = [
            {
                "uid": uid,
                "title": there["versions"][-1]["data"].get("title"),
                "type": "dash-db",
                "tags": there["versions"][-1]["data"].get("tags") or [],
                "folderUid": there["folder"],
            }
            for uid, there in self.dashboards.items()
            if query.get("folderUIDs") in (None, there["folder"])
            and query.get("dashboardUIDs") in (None, uid)
            and ("tag" not in query or query["tag"] in there["versions"][-1]["data"]["tags"])
        ]
        return Answer(200, found)

    def _get_dashboard(self, uid: str, **_: Json) -> Answer:
        there = self.dashboards.get(uid)
        if there is None:
            return Answer(404, {"message": "Dashboard not found"})
        if there["versions"][-1].get("schema") == "v2":
            return Answer(406, {"message": "dashboard api version not supported"})
        version = len(there["versions"])
        data = there["versions"][-1]["data"]
        meta = {
            "version": version,
            "folderUid": there["folder"],
            "provisioned": there["provisioned"],
        }
        return Answer(
            200, {"meta": meta, "dashboard": {**data, "id": there["id"], "version": version}}
        )

    def _get_version(self, uid: str, number: str, **_: Json) -> Answer:
        there = self.dashboards.get(uid)
        if there is None:
            return Answer(404, {"message": "Dashboard not found"})
        if not 1 <= int(number) <= len(there["versions"]):
            return Answer(500, {"message": f"Dashboard version {number} not found"})
        return Answer(200, {"version": int(number), **there["versions"][int(number) - 1]})

    def _post_dashboard(self, *, body: Json, **_: Json) -> Answer:
        spec = dict(body["dashboard"])
        uid, title = spec.get("uid") or f"generated-{self.next_id()}", spec.get("title")
        folder = body.get("folderUid") or ""
        there = self.dashboards.get(uid)
        if not title:
            message = "Dashboard title cannot be empty"
            return Answer(400, {"message": message, "status": "empty-name"})
        if len(body.get("message", "")) > 500:
            return Answer(400, {"message": "message too long, max 500 characters"})
        if len(uid) > 40:
            return Answer(400, {"message": "uid too long, max 40 characters"})
        if not _UID.fullmatch(uid):
            return Answer(400, {"message": "uid contains illegal characters"})
        if folder and folder not in self.folders:
            return Answer(400, {"message": "folder not found"})
        if there is not None and there["provisioned"]:
            return Answer(400, {"message": "Cannot save provisioned dashboard"})
        if not body.get("overwrite"):
            if there is not None and spec.get("version") != len(there["versions"]):
                message = "The dashboard has been changed by someone else"
                return Answer(412, {"message": message, "status": "version-mismatch"})
            # Since unified storage, a folder may hold two of a title.
            if self.major < 12 and there is None and self._titled(folder, title):
                message = "A dashboard with the same name in the folder already exists"
                return Answer(412, {"message": message, "status": "name-exists"})
        data = {key: value for key, value in spec.items() if key not in ("id", "version")}
        if there is None:
            there = {"id": self.next_id(), "provisioned": False, "versions": []}
            self.dashboards[uid] = there
        there["folder"] = folder
        there["versions"].append({"message": body.get("message", ""), "data": data | {"uid": uid}})
        return Answer(200, {"status": "success", "uid": uid, "version": len(there["versions"])})

    def _titled(self, folder: str, title: str) -> bool:
        return any(
            there["folder"] == folder and there["versions"][-1]["data"].get("title") == title
            for there in self.dashboards.values()
        )

    def _delete_dashboard(self, uid: str, **_: Json) -> Answer:
        there = self.dashboards.get(uid)
        if there is None:
            return Answer(404, {"message": "Dashboard not found"})
        if there["provisioned"]:
            return Answer(400, {"message": "provisioned dashboard cannot be deleted"})
        del self.dashboards[uid]
        return Answer(200, {"message": "Dashboard deleted", "uid": uid})

    def _list_library(self, **_: Json) -> Answer:
        return Answer(
            200,
            {"result": {"totalCount": len(self.panel_library), "elements": self.panel_library}},
        )

    # Annotations (pkg/api/annotations.go)

    def _list_annotations(self, *, query: dict[str, str], **_: Json) -> Answer:
        start, end = (int(query.get(each, 0)) for each in ("from", "to"))
        found = [each for each in self.annotations if each["timeEnd"] >= start]
        return Answer(200, [each for each in found if not end or each["time"] <= end])

    def _post_annotation(self, *, body: Json, **_: Json) -> Answer:
        if not body.get("text"):
            message = "Failed to save annotation"
            return Answer(400, {"message": message, "error": "text field should not be empty"})
        now = int(time.time() * 1000)
        made = {"id": self.next_id(), "time": body.get("time") or now, **body}
        self.annotations.append({"timeEnd": made["time"], **made})
        return Answer(200, {"message": "Annotation added", "id": made["id"]})

    # Data sources

    def _datasource(self, uid: str) -> Json:
        there = {key: value for key, value in self.datasources[uid].items() if key != "secrets"}
        return {**there, "uid": uid}

    def _list_datasources(self, **_: Json) -> Answer:
        # The list has neither secureJsonFields nor version.
        return Answer(
            200, [{**self._datasource(uid), "version": None} for uid in sorted(self.datasources)]
        )

    def _get_datasource(self, uid: str, **_: Json) -> Answer:
        if uid not in self.datasources:
            return Answer(404, {"message": "Data source not found"})
        fields = {key: True for key, value in self.datasources[uid]["secrets"].items() if value}
        return Answer(200, {**self._datasource(uid), "secureJsonFields": fields})

    def _post_datasource(self, *, body: Json, **_: Json) -> Answer:
        uid = body.get("uid") or f"generated-{self.next_id()}"
        if not body.get("type") or not body.get("access"):
            return Answer(400, {"message": "bad request data"})
        if not _UID.fullmatch(uid):
            return Answer(400, {"message": "Invalid datasource UID."})
        if body["name"] in {d["name"] for d in self.datasources.values()}:
            return Answer(409, {"message": "data source with the same name already exists"})
        if uid in self.datasources:
            return Answer(409, {"message": "data source with the same uid already exists"})
        first = not self.datasources
        self.datasources[uid] = {
            "id": self.next_id(),
            "version": 0,
            "readOnly": False,
            "secrets": {},
        }
        self._write_datasource(uid, {**body, "isDefault": first or body.get("isDefault", False)})
        return Answer(200, {"message": "Datasource added", "datasource": self._datasource(uid)})

    def _put_datasource(self, uid: str, *, body: Json, **_: Json) -> Answer:
        there = self.datasources.get(uid)
        if there is None:
            return Answer(404, {"message": "Data source not found"})
        if not body.get("name") or not body.get("type") or not body.get("access"):
            return Answer(400, {"message": "bad request data"})
        if there["readOnly"]:
            return Answer(403, {"message": "Cannot update read-only data source"})
        if body["name"] in {d["name"] for u, d in self.datasources.items() if u != uid}:
            message = "Failed to update datasource: data source with the same name already exists"
            return Answer(409, {"message": message})
        self._write_datasource(uid, body)
        return Answer(200, {"message": "Datasource updated", "datasource": self._datasource(uid)})

    def _write_datasource(self, uid: str, body: Json) -> None:
        there = self.datasources[uid]
        kept = ("name", "type", "access", "url", "user", "database", "basicAuth", "basicAuthUser")
        there |= {key: body.get(key, False if key == "basicAuth" else "") for key in kept}
        there["jsonData"] = body.get("jsonData") or {}
        # Secrets that are left out are kept.
        there["secrets"] = {**there["secrets"], **(body.get("secureJsonData") or {})}
        there["version"] += 1
        there["isDefault"] = bool(body.get("isDefault"))
        if there["isDefault"]:
            for other, datasource in self.datasources.items():
                datasource["isDefault"] = other == uid

    def _delete_datasource(self, uid: str, **_: Json) -> Answer:
        there = self.datasources.get(uid)
        if there is None:
            return Answer(404, {"message": "Data source not found"})
        if there["readOnly"]:
            return Answer(403, {"message": "Cannot delete read-only data source"})
        del self.datasources[uid]
        return Answer(200, {"message": "Data source deleted"})

    def _check_datasource(self, uid: str, **_: Json) -> Answer:
        if uid not in self.datasources:
            return Answer(404, {"message": "Data source not found"})
        return Answer(200, {"status": "OK", "message": "Connection success"})

    # What a role may

    def refused(self, method: str, path: str) -> Answer | None:
        """403 where the token's role is not enough."""
        if method == "POST" and path == "/api/annotations" and self.role == "Viewer":
            return Answer(403, {"title": "Access denied", "message": "annotations:create"})
        needs_admin = path.startswith(("/api/datasources", "/api/v1/provisioning", "/api/plugins"))
        if self.role == "Admin" or not needs_admin or path.endswith("/settings"):
            return None
        need = "datasources:read" if "datasources" in path else "alert.provisioning:read"
        message = (
            f"You'll need additional permissions to perform this action. Permissions needed: {need}"
        )
        return Answer(403, {"title": "Access denied", "message": message})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body in one packet, or every answer waits for the client's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    fake: FakeGrafana

    def log_message(self, *_: object) -> None:
        pass

    def _serve(self) -> None:
        with self.fake.lock:
            self._answer()

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815

    def _answer(self) -> None:
        fake = self.fake
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        fake.requests.append((self.command, parts.path))
        fake.bodies.append(raw)
        fault = fake.fault(len(fake.requests), self.command, parts.path)
        if fault is None or fault.carried_out:
            answer = self._carry_out(parts.path, parts.query, raw)
        if fault is not None:
            if fault.status is None:
                # Reset, so that the client does not take it for the end of an answer.
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.close_connection = True
                self.connection.close()
                return
            answer = Answer(fault.status, {"message": "made to fail"}, fault.headers)
        self._send(answer)

    def _carry_out(self, path: str, query: str, raw: str) -> Answer:
        fake = self.fake
        if path == "/api/health":
            return fake.handle("GET", path, {}, None, False)
        if self.headers.get("Authorization") not in (f"Bearer {fake.token}", ADMIN):
            return Answer(401, {"message": "Invalid API key", "messageId": "api-key.invalid"})
        refused = fake.refused(self.command, path)
        if refused is not None:
            return refused
        params = {key: values[0] for key, values in parse_qs(query).items()}
        disabled = self.headers.get("X-Disable-Provenance") is not None
        try:
            body = json.loads(raw) if raw else None
        except json.JSONDecodeError:
            return Answer(400, {"message": "bad request data"})
        return fake.handle(self.command, path, params, body, disabled)

    def _send(self, answer: Answer) -> None:
        content = b"" if answer.status == 204 else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if self.fake.major >= 13 and fake_alerting.deprecated(self.path):
            self.send_header("Warning", '299 - "This endpoint is deprecated"')
            self.send_header("X-API-Deprecation-Date", "2026-04-07")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A connection that was reset on purpose is no news."""


@contextmanager
def served(fake: FakeGrafana) -> Iterator[str]:
    """Serve `fake` on a free port of this machine; gives its URL."""
    handler = type("Handler", (_Handler,), {"fake": fake})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
