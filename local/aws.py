"""AWS on this machine: boto3 settings that reach loopback servers and nothing else, and moto."""

import contextlib
import logging
import os
import socket
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from cli.errors import Problem

REGION = "us-east-1"
ACCOUNT = "123456789012"

_PATIENT = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=5)
_IMPATIENT = Config(retries={"total_max_attempts": 1}, connect_timeout=3, read_timeout=5)


class LocalError(Problem):
    """An error that the user can put right; the message is the sentence to show."""


def is_aws(endpoint: str) -> bool:
    """Whether the URL is the real service, which real credentials are for."""
    return (urlsplit(endpoint).hostname or "").endswith((".amazonaws.com", ".api.aws"))


def use(endpoints: Mapping[str, str]) -> None:
    """Point the handler, which is configured by environment alone, at endpoints by service.

    The service is named as in AWS_ENDPOINT_URL_<service>. Unless one of them is AWS itself,
    credentials become throw-away ones, and the user's profile and proxy are ignored.
    """
    os.environ.setdefault("AWS_REGION", REGION)
    os.environ["AWS_DEFAULT_REGION"] = os.environ["AWS_REGION"]
    for service, url in endpoints.items():
        os.environ[f"AWS_ENDPOINT_URL_{service}"] = url
    if not any(is_aws(url) for url in endpoints.values()):
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
            os.environ.pop(name, None)
        hosts = {urlsplit(url).hostname or "" for url in endpoints.values()}
        hosts |= set(filter(None, os.environ.get("NO_PROXY", "").split(",")))
        os.environ.update(
            AWS_ACCESS_KEY_ID="local",
            AWS_SECRET_ACCESS_KEY="local",  # noqa: S106 - the loopback servers accept any
            AWS_EC2_METADATA_DISABLED="true",
            NO_PROXY=",".join(sorted(hosts | {"127.0.0.1", "localhost"})),
        )


def client(service: str, endpoint: str, patient: bool = True) -> Any:
    """Return a boto3 client for the service at this URL; an impatient one tries once.

    Servers on this machine accept any keys; AWS itself gets the user's keys.
    """
    keys = (
        {}
        if is_aws(endpoint)
        else dict.fromkeys(("aws_access_key_id", "aws_secret_access_key"), "local")
    )
    return boto3.client(
        service,
        region_name=os.environ.get("AWS_REGION", REGION),
        endpoint_url=endpoint,
        config=_PATIENT if patient else _IMPATIENT,
        **keys,
    )


def check_port(host: str, port: int, option: str) -> None:
    """Raise LocalError, naming the option to change, when the port cannot be listened on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror as error:
            raise LocalError(
                f"{host} is no address of this machine ({error.strerror}); give an IPv4 address "
                "with --host"
            ) from None
        except OSError as error:
            raise LocalError(
                f"port {port} on {host} cannot be used ({error.strerror}); "
                f"choose another with {option}"
            ) from None


@contextlib.contextmanager
def moto(host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Run moto's server, for Kinesis and SQS, in this process; yield its URL."""
    from moto.server import ThreadedMotoServer

    _keep_no_instances()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(host, port, verbose=False)
    server.start()
    try:
        _, bound = server.get_host_and_port()
        yield f"http://127.0.0.1:{bound}"
    finally:
        server.stop()
        if server._server:
            server._server.server_close()


def _keep_no_instances() -> None:
    """Free moto's records and messages when they are gone from their stream or queue.

    Every model of moto keeps all its instances in a list, for a web page that nobody opens here. So
    a stream would keep every line that was ever put on it.
    """
    from moto.kinesis.models import Record
    from moto.sqs.models import Message

    for model in (Record, Message):
        model.instances_tracked = deque(maxlen=0)  # type: ignore[union-attr]  # untyped in moto
