"""Which Grafana a push goes to, which bundle it carries, and with which token."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dashboards.config import BuildError, Bundle
from provisioning import amg, files, stack
from provisioning.client import Client, segment
from provisioning.errors import PushError
from provisioning.expand import Expander
from provisioning.model import Desired
from provisioning.secrets import Secrets

Say = Callable[[str], None]
Ask = Callable[[str], bool]

# What the data source's file takes from Grafana's environment and may be unset.
_OPTIONAL = (
    "TIMESTREAM_AUTH_TYPE",
    "TIMESTREAM_ENDPOINT",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
)
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Target:
    """Where to, and what the command line and the stack say of the bundle."""

    url: str
    region: str | None
    bundle: Bundle
    topic: str | None
    existing_datasource: bool
    managed: amg.Managed | None  # None for a Grafana that is nobody's workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what names the Grafana, the token, the stack and the bundle."""
    where = parser.add_argument_group(
        "which Grafana (one of the first two, unless the stack has one)"
    )
    where.add_argument("--workspace-id", metavar="g-…", help="an Amazon Managed Grafana workspace")
    where.add_argument("--url", help="any other Grafana; default: $GRAFANA_URL")
    where.add_argument(
        "--region",
        default=os.environ.get("AWS_REGION"),  # boto3 by itself reads AWS_DEFAULT_REGION only
        help="region of the workspace and the stack; default: $AWS_REGION",
    )
    where.add_argument("--token-file", help="file with the service-account token, - for stdin")
    where.add_argument("--token", help="the token itself; others can see it: prefer $GRAFANA_TOKEN")
    where.add_argument(
        "--service-account",
        metavar="ID",
        help="the workspace's service account to make the token for, instead of a new one",
    )
    what = parser.add_argument_group("what is pushed")
    what.add_argument("--stack", help="read region, database, fields … from a stack's outputs")
    what.add_argument("--from", dest="source", type=Path, help="push built files of this folder")
    what.add_argument(
        "--auth",
        choices=("default", "keys", "credentials", "ec2_iam_role"),
        help="how the data source signs in to AWS; default: the workspace's role, or the server's",
    )
    what.add_argument(
        "--unpause", metavar="RULE", help="let a paused rule run, as smoke to try the way to you"
    )
    for knob in fields(Bundle):
        if knob.name == "grafana_url":  # that is the target
            continue
        flag = f"--{knob.name.replace('_', '-')}"
        if isinstance(knob.default, bool):
            what.add_argument(flag, action="store_true", default=None)
        elif knob.name == "datasource":
            what.add_argument(flag, metavar="UID", help="use this data source instead of a new one")
        else:
            what.add_argument(flag, help=_SHOWN.get(knob.name, argparse.SUPPRESS))


_SHOWN = {
    "name": "the bundle's name, to have several side by side; default: cloudfront, or the name of "
    f"a stack that is not {stack.USUAL}",
    "title": "title of the folder; default: CloudFront",
    "channels": "notification channels, any of sns,slack,email,pagerduty,webhook",
    "sampling": "percentage of requests that is logged",
    "layout": "layout of the records: multi or classic",
    "database": "Timestream database",
    "table": "Timestream table",
}


def resolve(given: argparse.Namespace, say: Say) -> Target:
    """Work out the target from the command line; raises PushError for what cannot work.

    A workspace is asked for its address, which is in the links of every notification.
    """
    deployed = stack.read(given.stack, given.region) if given.stack else None
    url = given.url
    workspace_id = given.workspace_id
    if url and workspace_id:
        raise PushError("Give either --workspace-id or --url, not both.")
    if not url and not workspace_id:
        workspace_id = deployed.workspace_id if deployed else None
        url = None if workspace_id else os.environ.get("GRAFANA_URL")
    if not url and not workspace_id:
        raise PushError("Say which Grafana: --workspace-id g-… or --url https://….")
    if workspace_id and not re.fullmatch(r"g-[0-9a-f]{10}", workspace_id):
        raise PushError(f"{workspace_id!r} is no workspace id; it looks like g-0123456789.")
    region = given.region or (deployed.region if deployed else None)
    managed = None
    if workspace_id:
        managed = amg.Managed(workspace_id, region, say)
        workspace = managed.ready()
        url = workspace.url
        say(f"workspace {workspace.id}: Grafana {workspace.version} at {url}")
    assert url
    return Target(
        url=url,
        # Where the records are; the workspace may be elsewhere.
        region=deployed.region if deployed else managed.region if managed else region,
        bundle=_bundle(given, deployed, url),
        topic=deployed.topic if deployed else None,
        existing_datasource=given.datasource is not None,
        managed=managed,
    )


def _bundle(given: argparse.Namespace, deployed: stack.Stack | None, url: str) -> Bundle:
    chosen: dict[str, Any] = dict(deployed.bundle) if deployed else {}
    for knob in fields(Bundle):
        value = getattr(given, knob.name, None)
        if value is None:
            continue
        if isinstance(knob.default, tuple):
            value = tuple(part.strip() for part in value.split(",") if part.strip())
        elif isinstance(knob.default, int) and not isinstance(knob.default, bool):
            if not value.isdigit():
                raise PushError(f"--{knob.name} {value!r} is no whole number.")
            value = int(value)
        chosen[knob.name] = value
    if given.stack and given.stack != stack.USUAL:
        # Else a second stack's push would point the first one's dashboards at itself.
        chosen.setdefault("name", given.stack.lower())
    name = chosen.get("name", Bundle.name)
    chosen.setdefault("datasource", f"{name}-timestream")
    if name != Bundle.name:
        chosen.setdefault("title", f"{Bundle.title} ({name})")
    if deployed and deployed.topic:
        chosen.setdefault("channels", ("sns",))
    chosen["grafana_url"] = url.rstrip("/")
    try:
        return Bundle(**chosen)
    except (ValueError, LookupError) as error:
        raise PushError(_sentence(error)) from None


def _sentence(error: Exception) -> str:
    """Return what the build says, with a stop at its end."""
    text = str(error)
    return text if text.endswith((".", "?")) else f"{text}."


def desired(
    target: Target, given: argparse.Namespace, secrets: Secrets, *, lenient: bool
) -> tuple[Desired, frozenset[str]]:
    """Return what the bundle wants, and the variables that are not set (only if `lenient`)."""
    built = _files(target, given)
    expander = Expander(_environment(target, given), lenient=lenient, optional=frozenset(_OPTIONAL))
    wanted = files.parse(built, target.bundle.name, expander, secrets)
    datasources = tuple(
        replace(
            datasource,
            name=f"{target.bundle.title} Timestream",
            body={**datasource.body, "jsonData": _full(datasource.body["jsonData"])},
            secrets={key: value for key, value in datasource.secrets.items() if value},
        )
        for datasource in wanted.datasources
    )
    if target.existing_datasource:
        datasources = ()
    wanted = replace(wanted, datasources=datasources)
    if given.unpause:
        wanted = _unpaused(wanted, f"{wanted.name}-{given.unpause}")
    return wanted, frozenset(expander.missing)


def _unpaused(wanted: Desired, uid: str) -> Desired:
    """Let the rule `uid` run: rules that are pushed cannot be unpaused by hand."""
    if not any(rule["uid"] == uid for group in wanted.groups for rule in group.rules):
        raise PushError(f"--unpause: there is no alert rule with the uid {uid}.")
    groups = tuple(
        replace(
            group,
            rules=tuple(
                {**rule, "isPaused": rule["isPaused"] and rule["uid"] != uid}
                for rule in group.rules
            ),
        )
        for group in wanted.groups
    )
    return replace(wanted, groups=groups)


def _files(target: Target, given: argparse.Namespace) -> Mapping[str, str]:
    if given.source is None:
        import dashboards

        try:
            return dashboards.build(target.bundle)
        except BuildError as error:
            raise PushError(_sentence(error)) from None
    root: Path = given.source
    found = {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for room in ("datasources", "dashboards", "alerting")
        for path in sorted((root / room).glob("*"))
        if path.suffix in (".json", ".yaml", ".yml")
    }
    if not found:
        raise PushError(f"{root} holds no built files; make them with python -m dashboards --out.")
    return found


def _full(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return `settings` without the empty ones."""
    return {key: value for key, value in settings.items() if value != ""}


def _environment(target: Target, given: argparse.Namespace) -> dict[str, str]:
    """Return the environment that the built files are expanded with.

    The keys of whoever pushes go into a Grafana only when that is asked for.
    """
    bundle = target.bundle
    auth = given.auth or ("ec2_iam_role" if target.managed else _from_environment("default"))
    result = dict(os.environ)
    if target.managed:
        result["TIMESTREAM_ENDPOINT"] = ""
    if auth != "keys":
        result |= dict.fromkeys(_KEYS, "")
    elif not result.get("AWS_ACCESS_KEY_ID") or not result.get("AWS_SECRET_ACCESS_KEY"):
        raise PushError(
            "--auth keys needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment."
        )
    result |= {
        "TIMESTREAM_AUTH_TYPE": auth,
        "TIMESTREAM_DATABASE": bundle.database,
        "TIMESTREAM_TABLE": bundle.table,
    }
    if target.region:
        result["AWS_REGION"] = target.region
    if target.topic:
        result.setdefault("ALERTS_TOPIC_ARN", target.topic)
    return result


def _from_environment(default: str) -> str:
    return os.environ.get("TIMESTREAM_AUTH_TYPE") or default


@contextmanager
def connected(
    target: Target, given: argparse.Namespace, secrets: Secrets, say: Say, ask: Ask, *, write: bool
) -> Iterator[Client]:
    """Give a client for the target; the token of a workspace is gone when the block is left.

    `write` may turn on what a workspace lacks, after asking.
    """
    managed = target.managed
    if managed is None:
        client = Client(target.url, _token(given, say), secrets)
        parts = urlsplit(target.url)
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            say(f"warning: the token goes to {target.url} unencrypted; use https")
        with _closing(client):
            yield client
        return
    lacking = managed.lacking()
    if lacking:
        what = " and ".join(lacking)
        if not write:
            say(f"{what} is off; apply would turn it on")
        elif ask(f"Turn on {what} in workspace {managed.id}?"):
            managed.turn_on(lacking)
        else:
            raise PushError(f"Nothing was changed: a push needs {what}.")
    with managed.token(given.service_account) as token:
        client = Client(target.url, token, secrets)
        with _closing(client):
            yield client


def check_datasource(client: Client, target: Target) -> None:
    """Raise PushError when the data source that is to be used is not there."""
    uid = target.bundle.datasource
    if client.find(f"/api/datasources/uid/{segment(uid)}") is None:
        raise PushError(
            f"There is no data source with the uid {uid} in this Grafana; leave --datasource out "
            "to have one made."
        )


@contextmanager
def _closing(client: Client) -> Iterator[None]:
    try:
        yield
    finally:
        client.close()


def _token(given: argparse.Namespace, say: Say) -> str:
    if given.token:
        say("warning: a token on the command line is visible to others; use $GRAFANA_TOKEN")
        token = str(given.token)
    elif given.token_file == "-":  # noqa: S105 - the flag for stdin
        token = sys.stdin.readline()
    elif given.token_file:
        try:
            token = Path(given.token_file).read_text(encoding="utf-8")
        except OSError as error:
            raise PushError(f"Cannot read {given.token_file}: {error.strerror}.") from None
    else:
        token = os.environ.get("GRAFANA_TOKEN", "")
    token = token.strip()
    if not token:
        raise PushError(
            "No token: put a service account's token (role Admin) into $GRAFANA_TOKEN, or name a "
            "file with --token-file."
        )
    if not token.isascii() or any(character.isspace() for character in token):
        raise PushError("The token holds blanks or line breaks; copy it anew.")
    return token
