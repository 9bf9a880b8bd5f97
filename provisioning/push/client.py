"""Grafana's HTTP API through requests: authentication, retries, and errors that help."""

import os
import random
import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from provisioning.push.errors import ApiError, PushError, Unreachable
from provisioning.push.secrets import Secrets

Json = Any

_TIMEOUT = (5.0, 30.0)  # seconds to connect, seconds to wait for an answer
_TRIES = 6
_LONGEST_WAIT = 30.0  # seconds; what Retry-After may ask for at most
_TRANSIENT = frozenset({429, 500, 502, 503, 504})
# Statuses which say that the request was not carried out: even a request that must not run twice
# can be sent again after one of these.
_NOT_DONE = frozenset({429, 503})

_LOOPBACK = ("localhost", "127.0.0.1")
_CA_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
# The first words of the paths of Grafana's pages, as they are copied from a browser.
# fmt: off
_PAGES = frozenset((
    "a", "admin", "alerting", "alerts", "api", "apis", "bookmarks", "connections", "d",
    "d-solo", "dashboard", "dashboard-solo", "dashboards", "datasources", "drilldown",
    "explore", "folders", "goto", "import", "library-panels", "live", "login", "logout",
    "notifications", "org", "plugins", "playlists", "profile", "public", "public-dashboards",
    "reports", "scenes", "serviceaccounts", "signup", "teams", "user", "users",
))
# fmt: on

# What a token needs, by the path it was refused on: a role, or permissions. The first that fits is
# shown. https://grafana.com/docs/grafana/latest/administration/roles-and-permissions/access-control/
_NEEDS = (
    ("/api/datasources", "Admin", "datasources:read, :create, :write and :delete"),
    ("/api/folders", "Admin", "folders:read, :create, :write and :delete"),
    ("/api/dashboards", "Admin", "dashboards:read, :create, :write and :delete"),
    ("/api/v1/provisioning", "Admin", "alert.provisioning:read and :write"),
    ("/api/plugins", "Admin", "plugins:install"),
    ("/api/annotations", "Editor", "annotations:read and :create"),
)


class _Bearer(AuthBase):
    """The token as a header. An AuthBase, so that a .netrc entry cannot take its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def __repr__(self) -> str:
        return "<bearer token>"


class Client:
    """One Grafana at `url`, spoken to with `token`; with `user`, that is the user's password.

    Without a token it is asked as anybody may.

    Every method raises ApiError for a status that is not 2xx and Unreachable when there is no
    answer from Grafana, after retrying what may be over soon: rate limits, 5xx, broken connections.
    """

    def __init__(
        self,
        url: str,
        token: str,
        secrets: Secrets,
        sleep: Callable[[float], None] = time.sleep,
        *,
        user: str = "",
    ) -> None:
        self.url = address(url)
        self.secrets = secrets
        self._sleep = sleep
        self._session = requests.Session()
        if user:
            self._session.auth = HTTPBasicAuth(user, token)
        elif token:
            self._session.auth = _Bearer(secrets.add(token))
        self._session.headers["Accept"] = "application/json"
        self._session.headers["User-Agent"] = "cloudfront-grafana-push"

    def close(self) -> None:
        """Drop the connections."""
        self._session.close()

    def get(self, path: str, **params: str | int) -> Json:
        """GET `path`; return the decoded body."""
        return self.request("GET", path, params=params)

    def find(self, path: str, **params: str | int) -> Json | None:
        """GET `path`; return the decoded body, or None when there is no such thing."""
        try:
            return self.get(path, **params)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def put(self, path: str, body: Json, headers: Mapping[str, str] | None = None) -> Json:
        """PUT `body`; may be sent more than once."""
        return self.request("PUT", path, body=body, headers=headers)

    def post(self, path: str, body: Json, *, repeatable: bool = False) -> Json:
        """POST `body`; sent again after an unclear failure only when `repeatable`."""
        return self.request("POST", path, body=body, repeatable=repeatable)

    def create(self, path: str, body: Json, there: Callable[[], Json | None]) -> Json:
        """POST `body` once: after an unclear failure, `there` tells whether it was carried out.

        Returns the answer, or what `there` found.
        """
        for attempt in range(_TRIES):
            try:
                return self.post(path, body)
            except (ApiError, Unreachable) as error:
                unclear = isinstance(error, Unreachable) or error.status in _TRANSIENT
                if not unclear:
                    raise
                found = there()
                if found is not None:
                    return found
                if attempt == _TRIES - 1:
                    raise
                self._wait(attempt, None)
        raise AssertionError("unreachable: the last attempt returned or raised")

    def pause(self, seconds: float) -> None:
        """Give Grafana `seconds` to settle."""
        self._sleep(seconds)

    def delete(self, path: str, **params: str | int) -> None:
        """DELETE `path`; it is no error when it is gone already."""
        try:
            self.request("DELETE", path, params=params)
        except ApiError as error:
            if error.status != 404:
                raise

    def request(
        self,
        method: str,
        path: str,
        *,
        body: Json = None,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool | None = None,
    ) -> Json:
        """Send one request, with retries; return the decoded body, None when it is empty."""
        again = method != "POST" if repeatable is None else repeatable
        for attempt in range(_TRIES):
            last = attempt == _TRIES - 1
            try:
                response = self._session.request(
                    method,
                    self.url + path,
                    json=body,
                    params=dict(params or {}),
                    headers=dict(headers or {}),
                    timeout=_TIMEOUT,
                    allow_redirects=False,
                )
            except OSError as error:  # a RequestException is one, a missing CA file is none
                if again and not last and _may_pass(error):
                    self._wait(attempt, None)
                    continue
                raise self._unreachable(error) from None
            retry = _TRANSIENT if again else _NOT_DONE
            if response.status_code in retry and not last:
                self._wait(attempt, response.headers.get("Retry-After"))
                continue
            return self._decoded(method, path, response)
        raise AssertionError("unreachable: the last attempt returned or raised")

    def _wait(self, attempt: int, asked: str | None) -> None:
        wait = 0.5 * 2**attempt * random.uniform(0.75, 1.25)
        if asked is not None and asked.strip().isdigit():
            wait = max(wait, float(asked))
        self._sleep(min(wait, _LONGEST_WAIT))

    def _unreachable(self, error: OSError) -> Unreachable:
        why = _why(error, self.url)
        return Unreachable(self.secrets.scrub(f"Cannot reach Grafana at {self.url}: {why}."))

    def _decoded(self, method: str, path: str, response: requests.Response) -> Json:
        status = response.status_code
        if 300 <= status < 400:
            raise Unreachable(
                f"{self.url} redirects {path} to {response.headers.get('Location', '?')}; "
                "give the address Grafana itself answers at."
            )
        if status == 400 and b"HTTPS server" in response.content:
            raise Unreachable(f"{self.url} speaks https; write https:// in its address.")
        if status == 404 and path == "/api/health":
            raise Unreachable(
                f"There is no Grafana at {self.url}: it has no /api/health; if Grafana is served "
                "below a path (https://host/grafana), give that too."
            )
        if not response.ok:
            raise self._refused(method, path, status, self._message(response))
        if not response.content.strip():
            return None
        try:
            return response.json()
        except requests.exceptions.JSONDecodeError:
            raise Unreachable(
                f"{self.url}{path} answers with something that is not Grafana's API; "
                "check the address."
            ) from None

    def _message(self, response: requests.Response) -> str:
        try:
            body = response.json()
        except requests.exceptions.JSONDecodeError:
            return ""
        text = body.get("message") or body.get("error") or "" if isinstance(body, dict) else ""
        return self.secrets.scrub(str(text))[:500]

    def _refused(self, method: str, path: str, status: int, detail: str) -> ApiError:
        said = f": {detail}" if detail else ""
        if status == 401:
            sentence = (
                f"Grafana at {self.url} does not accept the token (401{said}); "
                "it may have expired, or belong to another Grafana or organization."
            )
        elif status == 403:
            found = (each[1:] for each in _NEEDS if path.startswith(each[0]))
            role, needs = next(found, ("Admin", ""))
            rights = f" (or the permissions {needs})" if needs else ""
            sentence = (
                f"Grafana refuses {method} {path} (403{said}); "
                f"give the service account the role {role}{rights}."
            )
        elif status in _TRANSIENT:
            sentence = (
                f"Grafana keeps failing on {method} {path} ({status}{said}); "
                "try again later: what was done so far stays and is completed then."
            )
        else:
            sentence = f"Grafana refuses {method} {path} ({status}{said})."
        return ApiError(method, path, status, detail, self.secrets.scrub(sentence))


def address(url: str) -> str:
    """Return the address of a Grafana without a slash behind it.

    Raises PushError for an address without a scheme, with a password in it, or of a page.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise PushError(f"{url!r} is not a Grafana URL: {error}.") from None
    if parts.username or parts.password:
        raise PushError("Leave user and password out of the URL; give a service-account token.")
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s<>\"]", host):
        bare = re.fullmatch(r"(?://)?(localhost|[\w-]+(\.[\w-]+)+|\w+(?=:\d))(:\d+)?(/.*)?", url)
        if bare and parts.scheme not in ("http", "https"):
            scheme = "http" if bare[1] in _LOOPBACK or bare[3] == ":3000" else "https"
            raise PushError(
                f"{url!r} is not a Grafana URL: it lacks its http:// or https://; write "
                f"{_base(urlsplit(f'{scheme}://{url.lstrip(chr(47))}'))}."
            )
        raise PushError(f"{url!r} is not a Grafana URL; write https://host or http://host:3000.")
    base = _base(parts)
    given = f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")
    if parts.query or parts.fragment or base != given:
        raise PushError(f"{given} is a page of Grafana; give the address of Grafana alone: {base}.")
    assert port is None or port >= 0
    return base


def _base(parts: SplitResult) -> str:
    """Return the address without the part that names a page; a path Grafana is served at stays."""
    segments = [one for one in parts.path.split("/") if one]
    for n, one in enumerate(segments):
        if one in _PAGES and "grafana" not in segments[n + 1 :]:
            segments = segments[:n]
            break
    return "/".join([f"{parts.scheme}://{parts.netloc}", *segments])


def _may_pass(error: OSError) -> bool:
    """Whether sending it again can help: it cannot where something is set up wrongly here."""
    wrong = (
        requests.exceptions.SSLError,
        requests.exceptions.ProxyError,
        requests.exceptions.InvalidURL,
        requests.exceptions.InvalidSchema,
        requests.exceptions.InvalidHeader,
        requests.exceptions.InvalidJSONError,
    )
    return isinstance(error, requests.RequestException) and not isinstance(error, wrong)


def _why(error: OSError, url: str) -> str:
    """Say what is in the way, and what would help; names the setting that is wrong."""
    text = str(error)
    variable = next((name for name in _CA_BUNDLES if os.environ.get(name)), "")
    bundle = os.environ.get(variable, "")
    if isinstance(error, requests.exceptions.InvalidJSONError):
        return "what would be sent is no JSON"
    proxy, named = _proxy(url)
    if isinstance(error, requests.exceptions.ProxyError | requests.exceptions.InvalidProxyURL) or (
        proxy and isinstance(error, requests.exceptions.InvalidSchema | ValueError)
    ):
        refused = re.search(r"Tunnel connection failed: (\d+ [\w ]+)", text)
        what = f"answers {refused[1]}" if refused else "does not work"
        return (
            f"the proxy {proxy} (from {named}) {what}; correct or unset {named}, or put the host "
            "into NO_PROXY"
        )
    if isinstance(error, requests.exceptions.SSLError):
        if "WRONG_VERSION_NUMBER" in text or "record layer failure" in text:
            return "that port does not speak https; write http:// if that is meant"
        if variable and ("NO_CERTIFICATE_OR_CRL_FOUND" in text or "PEM" in text):
            return f"the file {bundle} (from {variable}) holds no certificates; correct or unset it"
        if "Hostname mismatch" in text or "doesn't match" in text:
            return "its certificate is for another name; give the name that is in it"
        if "has expired" in text:
            return "its certificate has expired"
        return "its certificate is not trusted; name your authority's file in REQUESTS_CA_BUNDLE"
    if not isinstance(error, requests.RequestException):
        if variable:
            return (
                f"the file {bundle} (from {variable}) cannot be used; correct or unset {variable}"
            )
        return text.rstrip(".")
    if isinstance(error, requests.exceptions.Timeout):
        return "it does not answer in time; try again"
    if "NameResolutionError" in text or "Failed to resolve" in text:
        return "its name is not known; check the address and the network"
    return "no connection; check the address and the network"


def _proxy(url: str) -> tuple[str, str]:
    """Return the proxy for `url`, without its password, and the variable that names it."""
    scheme = urlsplit(url).scheme
    found = requests.utils.get_environ_proxies(url)
    proxy = requests.utils.select_proxy(url, found) or ""
    names = [f"{scheme}_proxy", f"{scheme}_proxy".upper(), "all_proxy", "ALL_PROXY"]
    named = next((name for name in names if os.environ.get(name)), "the environment")
    return re.sub(r"//[^/@]*@", "//", proxy), named


def segment(text: str) -> str:
    """`text` as one segment of a path."""
    return quote(text, safe="")
