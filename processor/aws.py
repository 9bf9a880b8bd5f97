"""Signed HTTP calls to AWS over pooled connections, with bodies that are serialized already.

botocore's own calls spend most of their time on validating and serializing. Here botocore gives
the credentials, endpoints and signatures only. The body goes straight to the socket, and each call
has its own time limit.
"""

import json
import threading
from dataclasses import dataclass, field
from typing import Any

CONTENT_TYPE = "application/x-amz-json-1.0"
CONNECT_SECONDS = 2.0
READ_SECONDS = 10.0
CONNECTIONS = 10  # to one host: the requests that 1,000 lines take are under way together


@dataclass(frozen=True, slots=True)
class Response:
    """A response. ``status`` is 0 when nothing usable came back."""

    status: int
    code: str = ""  # the service's error type, or the kind of trouble with the connection
    payload: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The service's words on an error."""
        return str(self.payload.get("message") or self.payload.get("Message") or "")


class Aws:
    """One region's services. Safe for threads; nothing is loaded before it is needed."""

    def __init__(self, region: str) -> None:
        self.region = region
        self._lock = threading.RLock()
        self._pools: dict[str, Any] = {}
        self._session: Any = None
        self._credentials: Any = None

    def client(self, service: str) -> Any:
        """Return a new botocore client: for its endpoint, and for small calls."""
        from botocore.config import Config

        with self._lock:
            if self._session is None:
                import botocore.session

                self._session = botocore.session.get_session()
                self._credentials = self._session.get_credentials()
            return self._session.create_client(
                service,
                region_name=self.region,
                config=Config(
                    connect_timeout=CONNECT_SECONDS,
                    read_timeout=5,
                    retries={"total_max_attempts": 2},
                ),
            )

    def post(self, url: str, service: str, target: str, body: bytes, timeout: float) -> Response:
        """Call one operation; wait at most ``timeout`` seconds.

        Raises only errors that make every call impossible, such as NoCredentialsError.
        """
        from urllib3.exceptions import HTTPError

        headers = self._sign(f"{url}/", service, target, body)
        try:
            response = self._pool(url).urlopen(
                "POST", "/", body=body, headers=headers, timeout=_limit(timeout)
            )
        except (HTTPError, OSError) as error:
            return Response(0, type(error).__name__)
        return _read(response.status, response.data)

    def _sign(self, url: str, service: str, target: str, body: bytes) -> dict[str, str]:
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.exceptions import NoCredentialsError

        if self._credentials is None:
            raise NoCredentialsError
        request = AWSRequest(
            method="POST",
            url=url,
            headers={"X-Amz-Target": target, "Content-Type": CONTENT_TYPE},
            data=body,
        )
        frozen = self._credentials.get_frozen_credentials()
        SigV4Auth(frozen, service, self.region).add_auth(request)
        return dict(request.headers.items())

    def _pool(self, url: str) -> Any:
        with self._lock:
            pool = self._pools.get(url)
            if pool is None:
                pool = self._pools[url] = self._connect(url)
        return pool

    def _connect(self, url: str) -> Any:
        import urllib3
        from botocore.httpsession import get_cert_path
        from botocore.utils import get_environ_proxies

        options: dict[str, Any] = {"maxsize": CONNECTIONS, "retries": False}
        if url.startswith("https"):
            verify = self._session.get_config_variable("ca_bundle") or get_cert_path(True)
            options |= {"cert_reqs": "CERT_REQUIRED", "ca_certs": verify}
        proxy = get_environ_proxies(url).get(url.partition(":")[0])
        if proxy:
            return urllib3.ProxyManager(proxy, **options).connection_from_url(url)
        return urllib3.connection_from_url(url, **options)


def _limit(seconds: float) -> Any:
    from urllib3 import Timeout

    connect, read = min(CONNECT_SECONDS, seconds), min(READ_SECONDS, seconds)
    return Timeout(connect=connect, read=read, total=seconds)


def _read(status: int, data: bytes) -> Response:
    try:
        payload = json.loads(data) if data else {}
    except ValueError:
        payload = None
    if not isinstance(payload, dict):
        # A call that was carried out says so in JSON: whatever this is, it is safe to repeat.
        return Response(0 if status == 200 else status, "NotJson")
    code = str(payload.get("__type", "")).rpartition("#")[2].partition(":")[0]
    return Response(status, code, payload)
