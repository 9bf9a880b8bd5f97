"""python -m provisioning plan|apply|destroy|status: the dashboards and alerts in a running Grafana.

plan      show what apply would change; with --exit-code, exits with 2 when that is anything
apply     make it so
destroy   remove what apply made, and nothing else
status    compare what is live with what is built; exits with 0 when they are the same, else 2
"""

import argparse
import contextlib
import os
import sys
from pathlib import Path
from typing import NoReturn, TextIO

from provisioning.push import amg, apply, asked, discovery, targets
from provisioning.push.client import Client
from provisioning.push.errors import ApiError, PushError
from provisioning.push.model import Desired
from provisioning.push.plan import Action, Change, Plan
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


class Terminal:
    """Where all output goes, so that none of it can hold a secret."""

    def __init__(self, secrets: Secrets, *, yes: bool) -> None:
        self._secrets = secrets
        self._yes = yes

    def say(self, text: str) -> None:
        """Print `text`."""
        _print(self._secrets.scrub(text), sys.stdout)

    def complain(self, text: str) -> None:
        """Print `text` as an error."""
        _print(f"provisioning: {self._secrets.scrub(text)}", sys.stderr)

    def ask(self, question: str) -> bool:
        """Ask; --yes answers, and no terminal to ask on means no."""
        if self._yes:
            return True
        if not sys.stdin.isatty():
            self.say(f"{question} No one to ask: say --yes to agree.")
            return False
        try:
            return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
        except (EOFError, UnicodeDecodeError):
            return False


def _print(text: str, stream: TextIO) -> None:
    """Print a line; when nobody reads on (`plan | head`), go on without output."""
    try:
        print(text, file=stream, flush=True)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        print(text.encode(encoding, "replace").decode(encoding), file=stream, flush=True)
    except BrokenPipeError:
        with contextlib.suppress(OSError, ValueError):  # a stream without a file of its own
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


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
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="plan|apply|destroy|status")
    for verb in ("plan", "apply", "destroy", "status"):
        one = verbs.add_parser(verb)
        targets.arguments(one)
        one.add_argument("--yes", action="store_true", help="do not ask")
        if verb == "plan":
            one.add_argument(
                "--exit-code",
                action="store_true",
                help="exit with 0 when nothing would change, 2 when something would, 1 on an error",
            )
        one.add_argument(
            "--overwrite", action="store_true", help="replace dashboards that a user edited too"
        )
    return parser


def main(argv: list[str]) -> int:
    """Run the command line; return its exit status."""
    given = _parser().parse_args(argv)
    secrets = Secrets()
    terminal = Terminal(secrets, yes=given.yes)
    try:
        return _run(given, secrets, terminal)
    except PushError as error:
        terminal.complain(str(error))
        return 1
    except KeyboardInterrupt:
        terminal.complain("stopped.")
        return 130
    except Exception as error:
        words = " ".join(str(error).split())
        terminal.complain(
            f"this is a fault of the tool itself, please report it: {type(error).__name__}"
            f"{f': {words}' if words else ''}."
        )
        return 1


def _run(given: argparse.Namespace, secrets: Secrets, terminal: Terminal) -> int:
    verb = given.verb
    target = targets.resolve(given, terminal.say)
    lenient = verb in ("destroy", "status")
    desired, missing = targets.desired(target, given, secrets, lenient=lenient)
    if missing and verb == "status":
        terminal.say(f"not compared, since unset: {', '.join(sorted(missing))}")
    with targets.connected(
        target, given, secrets, terminal.say, terminal.ask, write=verb == "apply"
    ) as client:
        grafana = discovery.identify(client)
        terminal.say(f"Grafana {grafana.text} at {client.url}, bundle {desired.name!r}")
        client.get("/api/datasources")  # a token that may not do so may do nothing that is needed
        plugin = amg.has_plugin(client)
        if verb == "apply" and not plugin:
            if not terminal.ask("Install the Timestream plugin in this Grafana?"):
                raise PushError("Nothing was changed: a push needs the Timestream plugin.")
            amg.install_plugin(client, terminal.say)
        elif verb != "destroy" and not plugin:
            terminal.say(f"the plugin {amg.PLUGIN} is not installed; apply would install it")
        if verb in ("plan", "apply"):
            asked.check(client, desired, target.datasource)
        plan = discovery.plan(
            client,
            grafana,
            desired,
            secrets,
            backups=BACKUPS,
            overwrite=given.overwrite,
            remove=verb == "destroy",
            quota=target.quota,
        )
        if verb == "status":
            return _status(plan, client, desired, terminal)
        if verb == "plan":
            return _plan(plan, terminal, exit_code=given.exit_code)
        return _act(verb, plan, client, desired, terminal)


def _plan(plan: Plan, terminal: Terminal, *, exit_code: bool) -> int:
    _show(plan, terminal)
    if plan.blocked:
        raise PushError(f"{len(plan.blocked)} things are in the way; apply would refuse.")
    return 2 if plan.steps and exit_code else 0


def _act(verb: str, plan: Plan, client: Client, desired: Desired, terminal: Terminal) -> int:
    _show(plan, terminal)
    if not plan.steps and not plan.blocked:
        return 0
    if not plan.blocked and not terminal.ask(f"Carry out these {len(plan.steps)} steps?"):
        terminal.say("Nothing was changed.")
        return 1
    outcome = apply.carry_out(plan, terminal.say)
    terminal.say(f"{outcome.done} steps done.")
    if verb == "apply":
        for line in _health(client, desired):
            terminal.say(line)
    return 0


def _show(plan: Plan, terminal: Terminal) -> None:
    for note in plan.notes:
        terminal.say(note)
    for change in plan.changes:
        if change.action is not Action.SAME:
            why = f": {change.why}" if change.why else ""
            terminal.say(f"{_SIGNS[change.action]} {change.kind} {change.name}{why}")
            for line in change.diff:
                terminal.say(f"      {line}")
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
    terminal.say(", ".join(listed) if listed else "There is nothing of this bundle here.")


def _status(plan: Plan, client: Client, desired: Desired, terminal: Terminal) -> int:
    width = max((len(f"{c.kind} {c.name}") for c in plan.changes), default=0)
    for change in plan.changes:
        word = _WORDS[change.action]
        if change.action is Action.KEEP and not change.uid:
            word = change.why
        terminal.say(f"{_label(change):<{width}}  {word}")
    for line in _health(client, desired):
        terminal.say(line)
    return 2 if any(change.action is not Action.SAME for change in plan.changes) else 0


def _label(change: Change) -> str:
    return f"{change.kind} {change.name}"


def _health(client: Client, desired: Desired) -> list[str]:
    """Ask the data sources for one row, and return what they say."""
    lines = []
    for datasource in desired.datasources:
        try:
            answer = client.find(f"/api/datasources/uid/{datasource.uid}/health") or {}
            words = f"{answer.get('status', 'not there')}: {answer.get('message', '')}"
        except ApiError as error:
            words = f"does not work: {error.detail or error.status}"
        lines.append(f"data source {datasource.name} {words.rstrip(': ')}")
    return lines
