"""The dashboards and alerts in a running Grafana.

plan      show what apply would change; with --exit-code, exit with 2 when that is anything
apply     change it
destroy   remove what apply made, and nothing else
status    compare what is live with what is built; exit with 0 when they are the same, else 2
annotate  mark a release or an invalidation on the dashboards
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from botocore.exceptions import BotoCoreError, ClientError
from rich.text import Text

from cli import aws
from cli.console import plain
from cli.errors import Problem
from dashboards.alerts import cadence, files
from provisioning.push import amg, annotate, apply, asked, discovery, plugin, stores, targets
from provisioning.push.client import Client
from provisioning.push.console import Console
from provisioning.push.errors import ApiError, PushError
from provisioning.push.model import Desired
from provisioning.push.plan import Action, Plan
from provisioning.push.secrets import Secrets

BACKUPS = Path("build") / "push"

_SIGNS = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.DELETE: "-",
    Action.SAME: "=",
    Action.KEEP: "!",
    Action.BLOCKED: "x",
}
_WORDS = {
    Action.CREATE: "missing",
    Action.UPDATE: "differs",
    Action.DELETE: "no longer built",
    Action.SAME: "as built",
    Action.KEEP: "edited by somebody",
    Action.BLOCKED: "not ours",
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line. The status is 1: 2 says that something would change."""
        self.exit(1, f"provisioning: {message}; {self.prog} --help lists what there is.\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m provisioning",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subcommands = parser.add_subparsers(
        dest="subcommand", required=True, metavar="plan|apply|destroy|status|annotate"
    )
    for name in ("plan", "apply", "destroy", "status"):
        one = subcommands.add_parser(name)
        targets.arguments(one)
        one.add_argument("--yes", action="store_true", help="do not ask")
        if name == "plan":
            one.add_argument(
                "--exit-code",
                action="store_true",
                help="exit with 0 when nothing would change, 2 when something would, 1 on an error",
            )
        one.add_argument(
            "--overwrite", action="store_true", help="replace dashboards that a user edited too"
        )
    one = subcommands.add_parser("annotate", description=annotate.__doc__)
    annotate.arguments(one)
    one.set_defaults(yes=False)  # it asks nothing
    return parser


def main(argv: list[str]) -> int:
    """Run the command line; return its exit status."""
    given = _parser().parse_args(argv)
    secrets = Secrets()
    console = Console(secrets, yes=given.yes)
    try:
        run = annotate.run if given.subcommand == "annotate" else _run
        return run(given, secrets, console)
    except Problem as error:
        console.error(str(error))
        return 1
    except (BotoCoreError, ClientError) as error:
        console.error(aws.explain(error, page=amg.PERMISSIONS))
        return 1
    except KeyboardInterrupt:
        console.error("stopped.")
        return 130
    except Exception as error:
        words = " ".join(str(error).split())
        console.error(
            f"this is a fault of the tool itself, please report it: {type(error).__name__}"
            f"{f': {words}' if words else ''}."
        )
        return 1


def _run(given: argparse.Namespace, secrets: Secrets, console: Console) -> int:
    subcommand = given.subcommand
    target = targets.resolve(given, console.print)
    lenient = subcommand in ("destroy", "status")
    desired, missing = targets.desired(target, given, secrets, lenient=lenient)
    if missing and subcommand == "status":
        console.print(f"not compared, since unset: {', '.join(sorted(missing))}")
    targets.make_ready(target.place, console.print, console.ask, write=subcommand == "apply")
    with targets.connected(target.place, given, secrets, console.print) as client:
        grafana = discovery.identify(client, desired.store)
        console.print(f"Grafana {grafana.text} at {client.url}, bundle {desired.name!r}")
        client.get("/api/datasources")  # a token that may not do so may do nothing that is needed
        if subcommand != "destroy":
            _plugin(given, target, client, grafana, desired.store, console)
        if subcommand in ("plan", "apply"):
            asked.check(client, desired, target.datasource)
            for said in _price(target, desired, grafana):
                console.print(said)
        plan = discovery.plan(
            client,
            grafana,
            desired,
            secrets,
            backups=BACKUPS,
            overwrite=given.overwrite,
            remove=subcommand == "destroy",
            quota=target.quota,
        )
        if subcommand == "status":
            return _status(plan, client, desired, console)
        if subcommand == "plan":
            return _plan(plan, console, exit_code=given.exit_code)
        return _act(subcommand, plan, client, desired, console)


def _price(target: targets.Target, desired: Desired, grafana: discovery.Grafana) -> Iterator[str]:
    """Yield what the rules cost a month, how late they are, and what room they leave."""
    groups: list[dict[str, Any]] = [
        {"interval": each.interval, "rules": each.rules} for each in desired.groups
    ]
    settings = target.bundle.settings
    region = target.region or ""
    uids = {each.uid for each in desired.datasources} or {target.datasource or ""} - {""}
    if said := cadence.sentence(groups, settings, region, uids):
        yield said
    rules = {rule["uid"] for group in groups for rule in group["rules"]}
    if said := files.room(target.bundle, rules):
        yield said
    toggles = grafana.settings.get("featureToggles") or {}
    if toggles.get(cadence.JITTER) and (said := cadence.spread(groups, settings, region, uids)):
        yield said


def _plugin(
    given: argparse.Namespace,
    target: targets.Target,
    client: Client,
    grafana: discovery.Grafana,
    store: stores.Store,
    console: Console,
) -> None:
    """See that the store's plugin is there; `apply` installs it when that is agreed to."""
    wanted = stores.plugin_for(store, grafana.version)
    assert wanted is not None  # or the Grafana was refused
    why = plugin.wrong(store, wanted, plugin.version(client, store), grafana.text)
    if not why:
        return
    how = plugin.advice(store, wanted, workspace=target.workspace)
    if given.subcommand != "apply":
        console.print(f"{why}; apply would install it, after asking (or with --install-plugin)")
        if plugin.offered(client, store) is False:
            console.print("This Grafana's plugin catalog does not have it.")
        console.print(how)
        return
    console.print(why)
    if not (
        given.install_plugin or console.ask(f"Install the {store.NAME} plugin in this Grafana?")
    ):
        raise PushError(
            f"Nothing was changed: a push needs the {store.NAME} plugin. {how} Or say "
            "--install-plugin."
        )
    plugin.install(client, store, wanted, console.print, workspace=target.workspace)


def _plan(plan: Plan, console: Console, *, exit_code: bool) -> int:
    _print(plan, console)
    if plan.blocked:
        raise PushError(f"{len(plan.blocked)} things are in the way; apply would refuse.")
    return 2 if plan.steps and exit_code else 0


def _act(subcommand: str, plan: Plan, client: Client, desired: Desired, console: Console) -> int:
    _print(plan, console)
    if not plan.steps and not plan.blocked:
        return 0
    if not plan.blocked and not console.ask(f"Carry out these {len(plan.steps)} steps?"):
        console.print("Nothing was changed.")
        return 1
    outcome = apply.carry_out(plan, console.print)
    console.print(f"{outcome.done} steps done.")
    if subcommand == "apply":
        for line in _health(client, desired):
            console.print(line)
    return 0


def _print(plan: Plan, console: Console) -> None:
    for note in plan.notes:
        console.print(note)
    for change in plan.changes:
        if change.action is not Action.SAME:
            why = f": {change.why}" if change.why else ""
            console.print(f"{_SIGNS[change.action]} {change.kind} {change.name}{why}")
            for line in change.diff:
                console.print(f"      {line}")
    counts = {action: sum(change.action is action for change in plan.changes) for action in Action}
    named = (
        (Action.CREATE, "to create"),
        (Action.UPDATE, "to change"),
        (Action.DELETE, "to remove"),
        (Action.SAME, "as they should be"),
        (Action.KEEP, "kept"),
        (Action.BLOCKED, "in the way"),
    )
    listed = [f"{counts[action]} {words}" for action, words in named if counts[action]]
    console.print(", ".join(listed) if listed else "There is nothing of this bundle here.")


def _status(plan: Plan, client: Client, desired: Desired, console: Console) -> int:
    table = plain()
    for change in plan.changes:
        word = _WORDS[change.action]
        if change.action is Action.KEEP and not change.uid:
            word = change.why
        table.add_row(Text(f"{change.kind} {change.name}"), Text(word))
    console.table(table)
    for line in _health(client, desired):
        console.print(line)
    return 2 if any(change.action is not Action.SAME for change in plan.changes) else 0


def _health(client: Client, desired: Desired) -> list[str]:
    """Ask the data sources for one row, and return what they say."""
    lines = []
    # Else Grafana asks for some seconds with the settings from before a change.
    fresh = {"X-Grafana-NoCache": "true"}
    for datasource in desired.datasources:
        path = f"/api/datasources/uid/{datasource.uid}/health"
        try:
            answer = client.request("GET", path, headers=fresh) or {}
            words = f"{answer.get('status', '')}: {answer.get('message', '')}"
        except ApiError as error:
            words = f"does not work: {error.detail or error.status}"
            if error.status == 404:
                words = "not there"
        said = " ".join(words.split()).rstrip(": ")  # a plugin hands on what has several lines
        lines.append(f"data source {datasource.name} {said}")
    return lines
