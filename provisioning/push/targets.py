"""Which Grafana a push goes to, which bundle it carries, and with which token."""

import argparse
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cli import aws
from cli.stack import Stack, read
from dashboards.config import Bundle
from provisioning.push import amg, asked, files, login, reading, stores
from provisioning.push.client import Client, address
from provisioning.push.console import Ask, Report
from provisioning.push.errors import PushError
from provisioning.push.expand import Expander, Unset
from provisioning.push.model import Desired
from provisioning.push.secrets import Secrets

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Place:
    """One Grafana."""

    url: str
    managed: amg.Managed | None = None  # None for a Grafana that is nobody's workspace

    @property
    def local(self) -> bool:
        """Whether it is on this machine."""
        return urlsplit(self.url).hostname in _LOOPBACK


@dataclass(frozen=True)
class Target:
    """Where to, and what the command line and the stack decide of the bundle."""

    url: str
    region: str | None
    bundle: Bundle
    topic: str | None
    datasource: str | None  # the uid of one that is there and is to be used
    managed: amg.Managed | None  # None for a Grafana that is nobody's workspace
    store_url: str = ""  # where the stack's processor writes to, if that has an address
    built: Mapping[str, str] | None = None  # the files of --from

    @property
    def place(self) -> Place:
        """The Grafana alone."""
        return Place(self.url, self.managed)

    @property
    def workspace(self) -> bool:
        """Whether it is a workspace, also one named by its address."""
        host = urlsplit(self.url).hostname or ""
        return self.managed is not None or ".grafana-workspace." in f".{host}"

    @property
    def quota(self) -> int | None:
        """How many alert rules this Grafana takes."""
        return amg.MOST_RULES if self.workspace else None


def where(parser: argparse.ArgumentParser) -> None:
    """Add what names the Grafana and the token."""
    group = parser.add_argument_group(
        "which Grafana (one of the first two, unless the stack has one)"
    )
    group.add_argument("--workspace-id", metavar="g-…", help="an Amazon Managed Grafana workspace")
    group.add_argument("--url", help="any other Grafana; default: $GRAFANA_URL")
    group.add_argument(
        "--region",
        default=os.environ.get("AWS_REGION"),  # boto3 by itself reads AWS_DEFAULT_REGION only
        help="region of the workspace and the stack; default: $AWS_REGION",
    )
    group.add_argument("--token-file", help="file with the service-account token, - for stdin")
    group.add_argument("--token", help="the token itself; others can see it: prefer $GRAFANA_TOKEN")
    group.add_argument(
        "--service-account",
        metavar="ID",
        help="the workspace's service account to make the token for, instead of a new one",
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what names the Grafana, the token, the stack and the bundle."""
    where(parser)
    what = parser.add_argument_group("what is pushed")
    what.add_argument("--stack", help="read region, database, fields … from a stack's outputs")
    what.add_argument("--from", dest="source", type=Path, help="push built files of this folder")
    what.add_argument(
        "--auth",
        choices=("default", "keys", "credentials", "ec2_iam_role"),
        help="how the data source signs in to AWS; default: the workspace's role, or the server's",
    )
    what.add_argument(
        "--store",
        metavar="|".join(stores.STORES),
        help=f"where the records are; default: the stack's or the files' own, or {stores.DEFAULT}",
    )
    what.add_argument(
        "--reader-secret",
        metavar="ARN",
        help="the secret with the user and password that the data source signs in with, for a "
        "store that has users of its own",
    )
    what.add_argument(
        "--install-plugin",
        action="store_true",
        help="install the store's plugin, or another version of it, if it has to be",
    )
    what.add_argument(
        "--unpause", metavar="RULE", help="let a paused rule run, as smoke to try the way to you"
    )
    for knob in fields(Bundle):
        if knob.name in _NOT_PUSHED:
            continue
        flag = f"--{knob.name.replace('_', '-')}"
        if isinstance(knob.default, bool):
            what.add_argument(flag, action="store_true", default=None)
        elif knob.name == "datasource":
            what.add_argument(flag, metavar="UID", help="use this data source instead of a new one")
        else:
            what.add_argument(flag, help=_SHOWN.get(knob.name, argparse.SUPPRESS))


# Knobs that are no option here: the target has an address, its default stays the user's choice,
# the store is known from elsewhere too, and no store that is pushed for is on this machine.
_NOT_PUSHED = ("grafana_url", "default_datasource", "store", "billed")
# What is in built files already; of the rest, --database and --table fill in variables.
_BUILT_IN = frozenset(knob.name for knob in fields(Bundle)) - {
    *_NOT_PUSHED,
    *("name", "datasource", "database", "table"),
}

_SHOWN = {
    "name": "the bundle's name, to have several side by side; default: cloudfront, or the name of "
    f"a stack that is not {aws.USUAL_STACK}",
    "title": "title of the folder; default: CloudFront",
    "cadence": "how often rules are evaluated, 1m to 30m; default: 5m where that costs, else 1m",
    "channels": "notification channels, any of sns,slack,email,pagerduty,webhook",
    "sampling": "percentage of requests that is logged",
    "retention": "days that records are kept",
    "layout": "layout of the records: the stack's RecordLayout",
    "database": "database of the records",
    "table": "table of the records",
}


def resolve(given: argparse.Namespace, report: Report) -> Target:
    """Work out the target from the command line; raises PushError for what cannot work.

    A workspace is asked for its address, which is in the links of every notification.
    """
    _check_place(given)
    _check_effect(given)
    built = None if given.source is None else _read(given.source)
    deployed = _deployed(given) if given.stack else None
    store = _store(given, built, deployed)
    _check_login(given, store, deployed)
    found = _place(given, deployed, report)
    if found is None:
        raise PushError("Say which Grafana: --workspace-id g-… or --url https://….")
    managed = found.managed
    return Target(
        url=found.url,
        # Where the records are; the workspace may be elsewhere.
        region=deployed.region if deployed else managed.region if managed else given.region,
        bundle=_bundle(given, store, deployed, found.url),
        topic=deployed.alert_topic_arn if deployed else None,
        datasource=given.datasource,
        managed=managed,
        store_url=deployed.url if deployed else "",
        built=built,
    )


def named(given: argparse.Namespace, report: Report) -> Place | None:
    """Return the Grafana that is named, for what needs no bundle; None when none is.

    Raises PushError for what cannot work, and for a stack that has no workspace.
    """
    _check_place(given)
    _check_tokens(given)
    found = _place(given, _deployed(given) if given.stack else None, report)
    if found is None and given.stack:
        raise PushError(
            f"The stack {given.stack} has no workspace; say which Grafana: --workspace-id g-… or "
            "--url https://…."
        )
    return found


def _check_place(given: argparse.Namespace) -> None:
    if given.url and given.workspace_id:
        raise PushError("Give either --workspace-id or --url, not both.")


def _place(given: argparse.Namespace, deployed: Stack | None, report: Report) -> Place | None:
    """Find the Grafana: the named one, the stack's, or $GRAFANA_URL; None when there is none."""
    url, workspace_id = given.url, given.workspace_id
    if not url and not workspace_id:
        workspace_id = deployed.grafana_workspace_id if deployed else None
        url = None if workspace_id else os.environ.get("GRAFANA_URL")
    if not url and not workspace_id:
        return None
    if workspace_id and not re.fullmatch(r"g-[0-9a-f]{10}", workspace_id):
        raise PushError(f"{workspace_id!r} is no workspace id; it looks like g-0123456789.")
    if url:
        if given.service_account:
            raise PushError("--service-account is for a workspace; with --url, give a token of it.")
        return Place(address(url))
    if given.token or given.token_file:
        raise PushError(
            "A workspace's token is made for the push and deleted after it; leave --token and "
            "--token-file out."
        )
    region = given.region or (deployed.region if deployed else None)
    managed = amg.Managed(workspace_id, region, report)
    workspace = managed.ready()
    report(f"workspace {workspace.id}: Grafana {workspace.version} at {workspace.url}")
    return Place(workspace.url, managed)


def _store(
    given: argparse.Namespace, built: Mapping[str, str] | None, deployed: Stack | None
) -> str:
    """Return the store that is meant; raises PushError where two are."""
    asked_for = given.store and (f"--store {given.store}", given.store)
    found = [asked_for] if asked_for else []
    if built is not None and (name := stores.asked_in(built)):
        found.append((f"the files in {given.source}", name))
    if deployed is not None:
        found.append((f"the stack {deployed.name}", deployed.store))
    for _, name in found:
        stores.of(name)
    for where, name in found[1:]:
        first, chosen = found[0]
        if name != chosen:
            raise PushError(
                f"{first[:1].upper()}{first[1:]} is about {stores.of(chosen).NAME}, and {where} "
                f"about {stores.of(name).NAME}; leave one of them out."
            )
    return found[0][1] if found else stores.DEFAULT


def _check_login(given: argparse.Namespace, name: str, deployed: Stack | None) -> None:
    """Raise PushError for a way to sign in that the data source does not have, or must not use."""
    store = stores.of(name)
    secret = given.reader_secret or os.environ.get(store.SECRET)
    if secret and deployed and secret == deployed.secret_arn:
        raise PushError(
            f"The secret {secret} is the one that the stack writes with; give that of a user who "
            "can only read."
        )
    if given.auth and "auth" not in store.VARIABLES:
        raise PushError(
            f"--auth has no effect: the data source of {store.NAME} signs in {store.SIGNS_IN}."
        )
    if given.reader_secret and not store.SECRET:
        raise PushError(
            f"--reader-secret has no effect: the data source of {store.NAME} signs in "
            f"{store.SIGNS_IN}."
        )


def _deployed(given: argparse.Namespace) -> Stack:
    return read(aws.client(aws.session(given.region), "cloudformation"), given.stack)


def _check_effect(given: argparse.Namespace) -> None:
    """Raise PushError for an option that would do nothing."""
    if given.source is not None:
        for knob in fields(Bundle):
            if knob.name in _BUILT_IN and getattr(given, knob.name) is not None:
                raise PushError(
                    f"{_flag(knob.name)} has no effect beside --from: the files are built already; "
                    f"build them with python -m dashboards {_flag(knob.name)} … --out, or leave "
                    "--from out."
                )
    if given.datasource is not None:
        if not given.datasource or not given.datasource.isprintable():
            raise PushError("--datasource is empty or unreadable; give the uid of a data source.")
        for option in ("auth", "reader_secret"):
            if getattr(given, option):
                raise PushError(
                    f"{_flag(option)} has no effect beside --datasource: that one signs in as it "
                    "is set up."
                )
    _check_tokens(given)


def _check_tokens(given: argparse.Namespace) -> None:
    if given.token and given.token_file:
        raise PushError("Give either --token or --token-file, not both.")


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _bundle(given: argparse.Namespace, store: str, deployed: Stack | None, url: str) -> Bundle:
    chosen: dict[str, Any] = deployed.bundle if deployed else {}
    for knob in fields(Bundle):
        value = getattr(given, knob.name, None)
        if value is None or knob.name == "datasource":  # one that is there has any uid
            continue
        if isinstance(knob.default, tuple):
            value = tuple(part.strip() for part in value.split(",") if part.strip())
        elif isinstance(knob.default, int) and not isinstance(knob.default, bool):
            try:
                value = int(value)
            except ValueError:
                raise PushError(f"{_flag(knob.name)} {value!r} is no whole number.") from None
        chosen[knob.name] = value
    if given.stack:
        chosen.setdefault("name", bundle_name(given.stack))
    name = chosen.get("name", Bundle.name)
    chosen["datasource"] = stores.of(store).uid(name)
    chosen["store"] = store
    if deployed:
        chosen.setdefault("channels", ("sns",))
    chosen["grafana_url"] = url.rstrip("/")
    try:
        return Bundle(**chosen)
    except (ValueError, LookupError) as error:
        raise PushError(_said(error)) from None


def bundle_name(stack: str) -> str:
    """Return the name of a stack's bundle, unless it is given another.

    Only the usual stack has the usual name: else a second stack's push would point the first one's
    dashboards at itself.
    """
    return Bundle.name if stack == aws.USUAL_STACK else stack.lower()


def desired(
    target: Target, given: argparse.Namespace, secrets: Secrets, *, lenient: bool
) -> tuple[Desired, frozenset[str]]:
    """Return what the bundle wants, and the variables that are not set (only if `lenient`)."""
    built = _files(target)
    store = stores.of(target.bundle.store)
    environment, optional = _environment(target, given, secrets, lenient=lenient)
    expander = Expander(environment, lenient=lenient, optional=optional)
    wanted = replace(files.parse(built, target.bundle.name, expander, secrets), store=store)
    _check_use(given, expander, target)
    place = (target.bundle.database, target.bundle.table)
    datasources = []
    for datasource in wanted.datasources:
        settings = datasource.body["jsonData"]
        if datasource.body.get("type") == store.PLUGIN:
            named = store.place(settings)
            place = (named.get("database") or place[0], named.get("table") or place[1])
            datasource = store.completed(datasource, environment)
        datasources.append(
            replace(
                datasource,
                name=datasource.name if given.source else f"{target.bundle.title} {store.NAME}",
                body={**datasource.body, "jsonData": _full(datasource.body["jsonData"])},
                secrets={
                    key: value
                    for key, value in datasource.secrets.items()
                    if value or isinstance(value, Unset)
                },
            )
        )
    wanted = replace(wanted, datasources=tuple(datasources), place=place)
    if target.datasource is not None:
        wanted = asked.instead(wanted, target.datasource)
    if given.unpause:
        wanted = _unpaused(wanted, f"{wanted.name}-{given.unpause}")
    return wanted, frozenset(expander.missing)


def _check_use(given: argparse.Namespace, expander: Expander, target: Target) -> None:
    """Raise PushError for an option that would fill in a variable which the files do not have."""
    if given.source is None:
        return
    store = stores.of(target.bundle.store)
    for option in ("auth", "database", "table"):
        variable = store.VARIABLES.get(option)
        checked = option != "auth" and target.datasource is not None
        if getattr(given, option) is None or checked or variable in expander.used:
            continue
        why = f"no data source in {given.source} has ${variable} in it"
        if variable is None:
            why = f"the files in {given.source} are built with it; build them again"
        raise PushError(f"--{option} has no effect: {why}.")


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


def _files(target: Target) -> Mapping[str, str]:
    if target.built is not None:
        return target.built
    import dashboards

    try:
        return dashboards.build(target.bundle)
    except (ValueError, LookupError, OSError) as error:
        raise PushError(_said(error)) from None


def _read(root: Path) -> dict[str, str]:
    """Return the files of a folder that python -m dashboards made, by their paths in it."""
    if root.exists() and not root.is_dir():
        raise PushError(
            f"{root} is a file; --from takes the folder that python -m dashboards made."
        )
    paths = [path for room in ("datasources", "dashboards", "alerting") for path in _in(root, room)]
    if not paths:
        raise PushError(f"{root} holds no built files; make them with python -m dashboards --out.")
    return {path.relative_to(root).as_posix(): reading.file(path) for path in paths}


def _in(root: Path, room: str) -> list[Path]:
    """Return the files of a room as Grafana reads them: dashboards at any depth, no hidden folder.

    Raises PushError for a folder that cannot be read: what is in it would pass for not wanted.
    """

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise PushError(f"{error.filename} cannot be read: {error.strerror}.")

    found: list[Path] = []
    seen: set[str] = set()
    for folder, below, names in os.walk(root / room, onerror=refuse, followlinks=True):
        if os.path.realpath(folder) in seen:  # a link that leads back
            below.clear()
            continue
        seen.add(os.path.realpath(folder))
        deeper = Path(folder) != root / room
        below[:] = [one for one in below if room == "dashboards" and not one.startswith(".")]
        kinds = (".json",) if deeper else (".json", ".yaml", ".yml")
        found += [Path(folder, name) for name in names if Path(name).suffix in kinds]
    return sorted(found)


def _said(error: Exception) -> str:
    """Return an error's own words with a full stop; those of a KeyError are in its argument."""
    words = error.args[0] if isinstance(error, LookupError) and error.args else error
    text = str(words) or type(error).__name__
    return text if text.endswith((".", "?")) else f"{text}."


def _full(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return `settings` without the empty ones."""
    return {key: value for key, value in settings.items() if value != ""}


def _environment(
    target: Target, given: argparse.Namespace, secrets: Secrets, *, lenient: bool
) -> tuple[dict[str, str], frozenset[str]]:
    """Return the environment that the built files are expanded with, and what may be unset in it.

    The keys of whoever pushes go into a Grafana only when that is asked for.
    """
    store, bundle = stores.of(target.bundle.store), target.bundle
    # With a data source that is there, that of the files is not made.
    unused = target.datasource is not None
    signs_in = None
    secret = given.reader_secret or os.environ.get(store.SECRET)
    if secret and not unused:
        try:
            signs_in = login.read(secret, secrets)
        except PushError:
            if not lenient:
                raise
    source = stores.Source(
        database=bundle.database,
        table=bundle.table,
        auth=given.auth,
        managed=target.managed is not None,
        url=target.store_url,
        login=signs_in,
        lenient=lenient,
        unused=unused,
    )
    result, optional = store.environment(os.environ, source)
    if target.region:
        result["AWS_REGION"] = target.region
    if target.topic:
        result.setdefault("ALERTS_TOPIC_ARN", target.topic)
    return result, optional


def make_ready(place: Place, report: Report, ask: Ask, *, write: bool) -> None:
    """See that a workspace has what a push needs; `write` may turn it on, after asking."""
    managed = place.managed
    lacking = managed.lacking() if managed else []
    if managed is None or not lacking:
        return
    what = " and ".join(lacking)
    if not write:
        report(f"{what} is off; apply would turn it on")
    elif ask(f"Turn on {what} in workspace {managed.id}?"):
        managed.turn_on(lacking)
    else:
        raise PushError(f"Nothing was changed: a push needs {what}.")


@contextmanager
def connected(
    place: Place,
    given: argparse.Namespace,
    secrets: Secrets,
    report: Report,
    signs_in: login.Login | None = None,
) -> Iterator[Client]:
    """Give a client for a Grafana; the token of a workspace is gone when the block is left.

    `signs_in` takes the place of a token.
    """
    if place.managed is not None:
        with (
            place.managed.token(given.service_account) as token,
            closing(Client(place.url, token, secrets)) as client,
        ):
            yield client
        return
    if signs_in:
        client = Client(place.url, signs_in.password, secrets, user=signs_in.user)
    else:
        client = Client(place.url, _token(given, report), secrets)
    if place.url.startswith("http://") and not place.local:
        report(f"warning: the token goes to {place.url} unencrypted; use https")
    with closing(client):
        yield client


def _token(given: argparse.Namespace, report: Report) -> str:
    if given.token:
        report("warning: a token on the command line is visible to others; use $GRAFANA_TOKEN")
        token = str(given.token)
    elif given.token_file == "-":  # noqa: S105 - the flag for stdin
        try:
            token = sys.stdin.readline()
        except UnicodeDecodeError:
            raise PushError("What comes in is not plain text; give the token alone.") from None
    elif given.token_file:
        try:
            token = Path(given.token_file).read_text(encoding="utf-8-sig")
        except OSError as error:
            raise PushError(f"Cannot read {given.token_file}: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise PushError(f"Cannot read {given.token_file}: it is not plain text.") from None
    else:
        token = os.environ.get("GRAFANA_TOKEN", "")
    token = token.strip()
    if not token:
        raise PushError(
            "No token: put a service account's token (role Admin) into $GRAFANA_TOKEN, or name a "
            "file with --token-file."
        )
    if not token.isascii() or any(character.isspace() for character in token):
        raise PushError(
            "The token has blanks, line breaks or special characters in it; copy it again."
        )
    return token
