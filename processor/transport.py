"""Signed, pooled HTTP to Timestream: ready-made bodies, botocore's credentials and endpoints.

botocore's own call path spends most of a write on validating and serialising records that the
shaper has already made right. Here it gives what it is needed for, credentials, endpoint discovery
and the signature, and the body goes straight to the socket.
https://docs.aws.amazon.com/timestream/latest/developerguide/Using-API.endpoint-discovery.how-it-works.html
"""

import json
import threading
from dataclasses import dataclass, field
from typing import Any

TARGET = "Timestream_20181101.WriteRecords"
CONTENT_TYPE = "application/x-amz-json-1.0"
CONNECT_SECONDS = 2.0
READ_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``status`` is 0 when nothing usable did."""

    status: int
    code: str = ""  # the service's error type, or the kind of trouble with the connection
    message: str = ""
    rejected: list[dict[str, Any]] = field(default_factory=list)


class Transport:
    """Sends WriteRecords bodies. Safe for threads; nothing is connected before the first call."""

    def __init__(self, region: str, connections: int) -> None:
        self._region = region
        self._connections = connections
        self._lock = threading.Lock()
        self._pools: dict[str, Any] = {}
        self._session: Any = None
        self._client: Any = None
        self._discovery: Any = None
        self._credentials: Any = None

    def prepare(self) -> None:
        """Load botocore and read credentials; costs tenths of a second, once."""
        with self._lock:
            if self._discovery is None:
                self._prepare()

    def _prepare(self) -> None:
        import botocore.session
        from botocore.config import Config
        from botocore.discovery import EndpointDiscoveryManager

        self._session = botocore.session.get_session()
        self._client = self._session.create_client(
            "timestream-write",
            region_name=self._region,
            config=Config(
                connect_timeout=CONNECT_SECONDS, read_timeout=5, retries={"total_max_attempts": 2}
            ),
        )
        self._credentials = self._session.get_credentials()
        self._discovery = EndpointDiscoveryManager(self._client)

    def post(self, body: bytes, timeout: float) -> Answer:
        """Send one WriteRecords body; wait at most ``timeout`` seconds. Never raises."""
        from botocore.exceptions import (
            ClientError,
            HTTPClientError,
            NoCredentialsError,
        )
        from urllib3.exceptions import HTTPError

        try:
            endpoint = self._endpoint()
            headers = self._sign(endpoint, body)
            pool = self._pool(endpoint)
            response = pool.urlopen(
                "POST", "/", body=body, headers=headers, timeout=self._timeout(timeout)
            )
        except (HTTPError, HTTPClientError, OSError) as error:
            return Answer(0, type(error).__name__)
        except NoCredentialsError as error:
            return Answer(403, "NoCredentials", str(error))
        except ClientError as error:  # from DescribeEndpoints
            meta = error.response.get("ResponseMetadata", {})
            code = error.response.get("Error", {}).get("Code", "")
            return Answer(int(meta.get("HTTPStatusCode", 0)), code)
        except Exception as error:
            if type(error).__name__ == "EndpointDiscoveryRefreshFailed":
                return Answer(0, type(error).__name__)
            return Answer(403, type(error).__name__, str(error))
        answer = self._read(response.status, response.data)
        if answer.status == 421 or answer.code == "InvalidEndpointException":
            with self._lock:
                self._discovery.delete_endpoints(Operation="WriteRecords", Identifiers={})
        return answer

    def _endpoint(self) -> str:
        with self._lock:
            if self._discovery is None:
                self._prepare()
            found = self._discovery.describe_endpoint(Operation="WriteRecords", Identifiers={})
        return found if found.startswith("http") else f"https://{found}"

    def _sign(self, url: str, body: bytes) -> dict[str, str]:
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.exceptions import NoCredentialsError

        if self._credentials is None:
            raise NoCredentialsError
        request = AWSRequest(
            method="POST",
            url=url + "/",
            headers={"X-Amz-Target": TARGET, "Content-Type": CONTENT_TYPE},
            data=body,
        )
        frozen = self._credentials.get_frozen_credentials()
        SigV4Auth(frozen, "timestream", self._region).add_auth(request)
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

        options: dict[str, Any] = {"maxsize": self._connections, "retries": False}
        if url.startswith("https"):
            verify = self._session.get_config_variable("ca_bundle") or get_cert_path(True)
            options |= {"cert_reqs": "CERT_REQUIRED", "ca_certs": verify}
        proxy = get_environ_proxies(url).get(url.partition(":")[0])
        if proxy:
            return urllib3.ProxyManager(proxy, **options).connection_from_url(url)
        return urllib3.connection_from_url(url, **options)

    @staticmethod
    def _timeout(seconds: float) -> Any:
        from urllib3 import Timeout

        return Timeout(
            connect=min(CONNECT_SECONDS, seconds),
            read=min(READ_SECONDS, seconds),
            total=seconds,
        )

    @staticmethod
    def _read(status: int, data: bytes) -> Answer:
        try:
            payload = json.loads(data) if data else {}
        except ValueError:
            payload = None
        if not isinstance(payload, dict):
            # A written batch says so in JSON: whatever this is, it is safe to write again.
            return Answer(0 if status == 200 else status, "NotJson")
        if status == 200:
            return Answer(200)
        code = str(payload.get("__type", "")).rpartition("#")[2].partition(":")[0]
        message = str(payload.get("message") or payload.get("Message") or "")
        rejected = payload.get("RejectedRecords")
        return Answer(status, code, message, rejected if isinstance(rejected, list) else [])
