"""Write the .env, and build the dashboards, that show the stack in the local Grafana."""

import os
import re
import shutil
from argparse import ArgumentParser, Namespace
from pathlib import Path

import dashboards
from cli import aws, stack
from cli.errors import Problem
from dashboards.config import Bundle
from infra import stores
from infra.deploy import ROOT, price

HELP = "write the .env that points the local Grafana at the stack"
PORT, PORT_NAME = 3001, "GRAFANA_STACK_PORT"  # in docker-compose.yml
HEADER = "# Written by `make env`; .env.example says what each is.\n"
# NAME=value, as far as the value's closing quote; a comment may stand behind it.
_ENTRY = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*="
    r"(?P<value>[ \t]*(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^\n]*))",
    re.MULTILINE | re.DOTALL | re.ASCII,
)
START = "docker compose --profile stack up grafana-stack"


def arguments(parser: ArgumentParser) -> None:
    """Add this subcommand's arguments."""
    aws.stack_argument(parser)
    parser.add_argument("--out", type=Path, default=ROOT / ".env", help="file (%(default)s)")
    parser.add_argument(
        "--with-keys",
        action="store_true",
        help="put the keys that this command runs with into the file too",
    )
    parser.add_argument(
        "--cadence",
        default="",
        help="how often alert rules are evaluated, 1m to 30m (5m where that is paid for, else 1m)",
    )


def run(args: Namespace) -> int:
    """Write the file and the dashboards, and say how to start Grafana."""
    if args.out.is_dir() or not args.out.parent.is_dir():
        raise Problem(f"{args.out} cannot be written; name a file in a folder that exists.")
    made = aws.session(args.region)
    found = stack.read(aws.client(made, "cloudformation"), args.stack)
    text = aws.read_text(args.out) if args.out.exists() else HEADER
    before = parse(text)
    values = settings(found)
    grafana = stores.of(found.store).grafana
    if args.with_keys:
        values |= grafana.keys(made)
    elif not before:
        values |= dict.fromkeys(grafana.KEPT, "")
    # As Compose reads it: the shell before the file.
    port = os.environ.get(PORT_NAME) or before.get(PORT_NAME) or PORT
    url = f"http://localhost:{port}"
    shown = bundle(found, url, args.cadence)
    build(found, shown)
    write(args.out, merged(text, values))
    print(f"{args.out} points at stack {found.name} in {found.region}.")
    if not (before | values).get(grafana.KEPT[0]):
        print(grafana.fill_in(found))
    print(price(shown, found.region))
    print(f"Then: {START}, and {url}")
    return 0


def settings(found: stack.Stack) -> dict[str, str]:
    """Return the variables that docker-compose.yml reads, for this stack."""
    return {
        **stores.of(found.store).grafana.environment(found),
        "AWS_REGION": found.region,
        "PROVISIONING": f"./{folder(found.name).relative_to(ROOT)}",
    }


def folder(name: str) -> Path:
    """Return where the files that Grafana reads for this stack are put."""
    return ROOT / "build" / "grafana" / name


def bundle(found: stack.Stack, url: str = f"http://localhost:{PORT}", cadence: str = "") -> Bundle:
    """Return the dashboards' settings for this stack and the Grafana at this address.

    Raises Problem for a cadence that cannot be.
    """
    try:
        return Bundle(**found.bundle, grafana_url=url, default_datasource=True, cadence=cadence)
    except ValueError as error:
        raise Problem(f"The dashboards cannot be built: {error}.") from None


def build(found: stack.Stack, shown: Bundle) -> None:
    """Build what Grafana reads for this stack's fields, layout and sampling.

    Raises Problem when the project's own settings cannot be built; what was built before is kept.
    """
    try:
        made = dashboards.build(shown)
    except ValueError as error:
        raise Problem(f"The dashboards cannot be built: {error}") from None
    shutil.rmtree(folder(found.name), ignore_errors=True)
    for path, text in made.items():
        target = folder(found.name) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def parse(text: str) -> dict[str, str]:
    """Return the variables of an .env file, without the quotes that Compose takes off."""
    return {found["name"]: _unquoted(found["value"]) for found in _ENTRY.finditer(text)}


def merged(text: str, values: dict[str, str]) -> str:
    """Return the text of an .env file with `values` set, and everything else unchanged."""
    left = dict(values)

    def entry(found: re.Match[str]) -> str:
        name = found["name"]
        if name not in values or values[name] == _unquoted(found["value"]):
            left.pop(name, None)
            return found[0]
        left.pop(name, None)
        return f"{name}={quoted(values[name])}"

    text = _ENTRY.sub(entry, text)
    if text and not text.endswith("\n"):
        text += "\n"
    return text + "".join(f"{name}={quoted(value)}\n" for name, value in left.items())


def quoted(value: str) -> str:
    """Return a value as Compose reads it: in quotes only where something in it needs them.

    https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/
    """
    if re.fullmatch(r"[\w./:@%+,=~-]*", value, re.ASCII):
        return value
    if not set(value) & set("'\\\n\r"):
        return f"'{value}'"  # literal: no variables, no escapes
    escapes = {"\\": "\\\\", '"': '\\"', "$": "\\$", "\n": "\\n", "\r": "\\r"}
    return '"' + "".join(escapes.get(character, character) for character in value) + '"'


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("\\'", "'")
    if len(value) > 1 and value[0] == value[-1] == '"':
        escapes = {"n": "\n", "r": "\r"}
        return re.sub(r"\\(.)", lambda m: escapes.get(m[1], m[1]), value[1:-1], flags=re.DOTALL)
    return re.sub(r"\s#.*", "", value).strip()


def write(path: Path, text: str) -> None:
    """Write a file that only its owner may read: it can hold keys."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, encoding="utf-8")
