"""WriteRecords over signed HTTP, at the endpoint that Timestream's discovery names.

https://docs.aws.amazon.com/timestream/latest/developerguide/Using-API.endpoint-discovery.how-it-works.html
"""

import threading
from typing import Any

from processor.aws import Aws, Response

TARGET = "Timestream_20181101.WriteRecords"


class Client:
    """Sends WriteRecords bodies. Safe for threads; nothing is loaded before it is needed."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._lock = threading.Lock()
        self._client: Any = None
        self._discovery: Any = None

    def prepare(self) -> None:
        """Load botocore and read credentials; costs tenths of a second, once."""
        with self._lock:
            self._prepare()

    def _prepare(self) -> None:
        if self._discovery is None:
            from botocore.discovery import EndpointDiscoveryManager

            self._client = self._aws.client("timestream-write")
            self._discovery = EndpointDiscoveryManager(self._client)

    def write(self, body: bytes, timeout: float) -> Response:
        """Send one WriteRecords body; wait at most ``timeout`` seconds. Never raises."""
        from botocore.discovery import EndpointDiscoveryRefreshFailed
        from botocore.exceptions import ClientError, HTTPClientError

        try:
            response = self._aws.post(self._endpoint(), "timestream", TARGET, body, timeout)
        except ClientError as error:  # DescribeEndpoints was refused
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            return Response(status, error.response.get("Error", {}).get("Code", ""))
        except (EndpointDiscoveryRefreshFailed, HTTPClientError) as error:
            return Response(0, type(error).__name__)
        except Exception as error:  # credentials, configuration: they do not pass
            return Response(403, type(error).__name__)
        if response.status == 421 or response.code == "InvalidEndpointException":
            with self._lock:
                self._discovery.delete_endpoints(Operation="WriteRecords", Identifiers={})
        return response

    def _endpoint(self) -> str:
        with self._lock:
            self._prepare()
            found = self._discovery.describe_endpoint(Operation="WriteRecords", Identifiers={})
        return str(found if found.startswith("http") else f"https://{found}").rstrip("/")
