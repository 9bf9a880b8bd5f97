"""A user and password from AWS: a secret of Secrets Manager, or a parameter of Systems Manager.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cli import aws
from provisioning.push.errors import PushError
from provisioning.push.secrets import Secrets

PERMISSIONS = "docs/push.md"
_ARN = re.compile(r"arn:aws[\w-]*:(secretsmanager|ssm):([a-z0-9-]+):\d{12}:(secret:|parameter/).+")
_KINDS = {"secretsmanager": "secret:", "ssm": "parameter/"}
_NOT_THERE = frozenset({"ResourceNotFoundException", "ParameterNotFound"})


@dataclass(frozen=True)
class Login:
    """A password, and its user if the secret names one."""

    password: str = field(repr=False)
    user: str = ""


def read(arn: str, secrets: Secrets) -> Login:
    """Return what is in the secret or parameter, whose region is in its ARN.

    It is the password alone, or JSON with "password" and, if wanted, "username". Raises PushError
    for what cannot be read or has no password in it.
    """
    found = _ARN.fullmatch(arn)
    if found is None or _KINDS[found[1]] != found[3]:
        raise PushError(
            f"{arn!r} is no ARN of a secret; it looks like "
            "arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME, or "
            "arn:aws:ssm:REGION:ACCOUNT:parameter/NAME."
        )
    client = aws.client(aws.session(found[2]), found[1])
    try:
        text = _text(client, found[1], arn)
    except (ClientError, BotoCoreError) as error:
        if isinstance(error, ClientError) and aws.code_of(error) in _NOT_THERE:
            raise PushError(f"There is no secret {arn}; correct its ARN.") from None
        raise PushError(aws.explain(error, f"read the secret {arn}", PERMISSIONS)) from None
    return _parsed(arn, text, secrets)


def _text(client: Any, service: str, arn: str) -> str:
    if service == "ssm":
        answer = client.get_parameter(Name=arn, WithDecryption=True)["Parameter"]["Value"]
    else:
        answer = client.get_secret_value(SecretId=arn).get("SecretString")
    return answer or ""


def _parsed(arn: str, text: str, secrets: Secrets) -> Login:
    text = text.strip()
    secrets.add(text)
    try:
        content = json.loads(text)
    except json.JSONDecodeError:
        content = None
    if not isinstance(content, dict):
        content = {"password": text}
    password, user = content.get("password"), content.get("username") or ""
    if not isinstance(password, str) or not password or not isinstance(user, str):
        raise PushError(
            f'There is no password in the secret {arn}; put {{"username": "…", "password": "…"}} '
            "into it, or the password alone."
        )
    return Login(secrets.add(password), user)
