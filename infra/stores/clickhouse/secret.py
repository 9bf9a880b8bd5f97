"""The writer's password, from where the processor has it: Secrets Manager or SSM."""

import json

from botocore.exceptions import ClientError

from cli import aws
from cli.errors import Problem
from infra.stores.clickhouse.place import WRITER
from infra.stores.clickhouse.server import Login


class NotAllowed(Problem):
    """These credentials may not read the secret; the processor's may."""


def login(arn: str) -> Login:
    """Return the writer; raises NotAllowed, Problem for a secret that is not one, and AWS's errors.

    The value is {"username", "password"} as JSON, or the password alone. The secret may be in
    another region than the stack.
    """
    service, region = arn.split(":")[2:4]
    client = aws.client(aws.session(region), service)
    try:
        if service == "ssm":
            value = client.get_parameter(Name=arn, WithDecryption=True)["Parameter"]["Value"]
        else:
            found = client.get_secret_value(SecretId=arn)
            if found["ARN"] != arn:
                # AWS finds a secret by less, but a role is allowed just what is written in it.
                raise Problem(f"The secret's whole ARN is {found['ARN']}; give that.")
            value = found.get("SecretString", "")
    except ClientError as error:
        if aws.code_of(error) in ("ResourceNotFoundException", "ParameterNotFound"):
            raise Problem(
                f"There is no secret {arn}; docs/stores.md has how to make one."
            ) from None
        if aws.code_of(error) in aws.DENIED:
            raise NotAllowed(
                f"You may not read {arn}, so its password was not tried; the processor may."
            ) from None
        raise
    return parsed(value)


def parsed(value: str) -> Login:
    """Return the login that a secret's value holds; raises Problem for one without a password."""
    text = value.strip("\r\n")
    if not text.strip():
        raise Problem("The secret is empty; it has to hold the writer's password.")
    if not text.lstrip().startswith("{"):
        return Login(WRITER, text)
    try:
        found = json.loads(text)
    except ValueError:
        found = {}
    user, password = found.get("username") or WRITER, found.get("password")
    if not isinstance(user, str) or not isinstance(password, str) or not password:
        raise Problem(
            'The secret holds JSON without "password"; it has to be '
            '{"username": "...", "password": "..."}, or the password alone.'
        )
    return Login(user, password)
