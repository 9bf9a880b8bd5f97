"""Who writes: the user and password, from a secret of AWS or from the settings."""

import json
import threading
from typing import NamedTuple

from processor.aws import Aws
from processor.stores.clickhouse.settings import Settings


class Login(NamedTuple):
    """A user and a password. Never printed."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Login({self.user!r}, ...)"


class SecretError(Exception):
    """The secret cannot be read; ``code`` is AWS's, the message a sentence for the operator."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Secret:
    """Reads the login once, and anew when asked to. Safe for threads."""

    def __init__(self, settings: Settings, aws: Aws) -> None:
        self._settings = settings
        self._aws = aws
        self._lock = threading.Lock()
        self._login: Login | None = None

    def login(self) -> Login:
        """Return the login; raise SecretError when there is none to be had."""
        with self._lock:
            if self._login is None:
                self._login = self._read()
            return self._login

    def again(self, refused: Login) -> Login | None:
        """Return what is in the secret now, or None if that is what was refused."""
        if not self._settings.secret_arn:
            return None
        with self._lock:
            if self._login == refused:
                self._login = self._read()
            return None if self._login == refused else self._login

    def _read(self) -> Login:
        arn = self._settings.secret_arn
        if not arn:
            return Login(self._settings.user, self._settings.password)
        text = _fetch(arn, self._aws).strip("\r\n")
        if not text.lstrip().startswith("{"):
            return Login(self._settings.user, text)
        try:
            found = json.loads(text)
            password = found["password"]
            user = found.get("username") or self._settings.user
        except (ValueError, KeyError):
            password = user = None
        if not isinstance(user, str) or not isinstance(password, str):
            raise SecretError(
                "SecretNotUnderstood",
                f'the secret {arn} is JSON without a "password"; write it as '
                '{"username": "…", "password": "…"}',
            )
        return Login(user, password)


def _fetch(arn: str, aws: Aws) -> str:
    from botocore.exceptions import BotoCoreError, ClientError

    _, _, service, region, *_ = arn.split(":")
    # A secret may be in another region than the function.
    near = aws if region == aws.region else Aws(region)
    try:
        if service == "ssm":
            answer = near.client("ssm").get_parameter(Name=arn, WithDecryption=True)
            return str(answer["Parameter"]["Value"])
        return str(near.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "ClientError"))
    except (BotoCoreError, KeyError) as error:
        code = type(error).__name__
    raise SecretError(
        code,
        f"the secret {arn} cannot be read ({code}): see that it is there, and that the function's "
        "role may read it, its KMS key too",
    )
