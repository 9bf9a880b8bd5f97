"""Build the processor and deploy the stack with the SAM CLI; the first time with questions."""

import os
import shlex
import shutil
import subprocess
import tomllib
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from cli import aws, stack
from cli.errors import Problem
from dashboards.alerts import cadence, files
from dashboards.config import Bundle
from infra import parameters, stores, transform
from processor.config import Config, ConfigError

HELP = "build and deploy the stack (guided the first time, without questions later)"
ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "infra" / "template.yaml"
CONFIG = ROOT / "samconfig.toml"
STORE = "Store"  # the parameter that says where rows go


def arguments(parser: ArgumentParser) -> None:
    """Add this subcommand's arguments."""
    aws.stack_argument(parser)
    settings_arguments(parser)
    parser.add_argument(
        "--yes", action="store_true", help="ask nothing, not even the first time: take the defaults"
    )


def settings_arguments(parser: ArgumentParser) -> None:
    """Add --store and --parameter."""
    stores.argument(parser, default=None)
    parser.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a template parameter, such as RealtimeLogsSamplingPercentage=100; may be repeated",
    )


def run(args: Namespace) -> int:
    """Check, build, deploy, and say what comes next."""
    made = aws.session(args.region)
    given = chosen(args)
    tool = sam()
    keep(made, args.stack, given)
    settings = settings_of(made, args.stack, given)
    store = stores.of(settings[STORE])
    asked = store.deploy.asked(settings, yes=args.yes)
    given, settings = given | asked, settings | asked
    check_rules(settings)
    check_settings(settings)
    store.deploy.prepare(made, settings, yes=args.yes)
    print(price(Bundle(store=settings[STORE]), made.region_name))
    remembers = args.stack in remembered(CONFIG)
    guided = not remembers and not args.yes
    run_sam(tool, build_arguments())
    if guided and not CONFIG.exists():
        CONFIG.write_text("version = 0.1\n", encoding="utf-8")
    run_sam(tool, deploy_arguments(args.stack, made.region_name, given, guided, remembers))
    found = stack.read(aws.client(made, "cloudformation"), args.stack)
    print(f"\nStack {found.name} is deployed in {found.region}; nothing is collected yet. Next:")
    print(f"  make attach STACK={found.name} DISTRIBUTION=E...")
    print(f"  make status STACK={found.name}")
    return 0


def price(bundle: Bundle, region: str) -> str:
    """Return in one line what a bundle's rules cost a month, how late they are, and the choice."""
    said = cadence.sentence(files.groups(bundle), bundle.settings, region)
    return (
        f"{said} Choose another with --cadence of `make push` and `make env`; `make cost` compares "
        "them."
    )


def sam() -> str:
    """Return the path of the SAM CLI: the locked one, or what is on the PATH.

    Raises Problem when there is none.
    """
    locked = ROOT / ".venv-sam" / "bin" / "sam"
    found = str(locked) if locked.exists() else shutil.which("sam")
    if not found:
        raise Problem("The SAM CLI is missing; run `make deploy`, which installs it.")
    return found


def run_sam(tool: str, arguments: list[str]) -> None:
    """Run the SAM CLI in sight of the user; raise Problem when it fails."""
    environment = {**os.environ, "SAM_CLI_TELEMETRY": "0"}
    done = subprocess.run([tool, *arguments], cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise Problem(f"`sam {arguments[0]}` failed; its message is above.")


def chosen(args: Namespace) -> dict[str, str]:
    """Return the parameters that the command line gives; raises Problem as `parse` does."""
    given = parse(args.parameter)
    if args.store is not None:
        stores.of(args.store)  # which says the nearest name
        if given.setdefault(STORE, args.store) != args.store:
            raise Problem(
                f"--store says {args.store} and the parameter Store says {given[STORE]}; give only "
                "one."
            )
    return given


def settings_of(made: Any, name: str, given: dict[str, str]) -> dict[str, str]:
    """Return all parameters: those given, else the deployed stack's, remembered ones, defaults."""
    stands = standing(made, name) or {}
    return defaults() | remembered_parameters(CONFIG, name) | stands | given


def defaults() -> dict[str, str]:
    """Return every parameter's default."""
    return {key: str(about["Default"]) for key, about in parameters.known().items()}


def standing(made: Any, name: str) -> dict[str, str] | None:
    """Return the parameters of the deployed stack of this name; None when there is none."""
    try:
        found = stack.describe(aws.client(made, "cloudformation"), name)
    except Problem:
        return None
    gone = found["StackStatus"].startswith(("ROLLBACK", "DELETE"))
    return None if gone else stack.parameters_of(found)


def parse(given: list[str]) -> dict[str, str]:
    """Return NAME=VALUE pairs as a dict; raise Problem for what the template does not allow."""
    pairs = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not (equals and name.isalnum()):
            raise Problem(f"A parameter is written NAME=VALUE, not {item!r}.")
        if name in parameters.known():
            value = parameters.normal(name, value)
        # Of the fields, the processor's own check knows the nearest name.
        if name != "LogFields":
            parameters.check(name, value)
        pairs[name] = value
    return pairs


def check_settings(settings: dict[str, str]) -> None:
    """Raise Problem for what CloudFormation accepts and the processor refuses."""
    environment = {
        "STORE": settings[STORE],
        "LOG_FIELDS": settings["LogFields"],
        "DROP_FIELDS": settings["DropFields"],
        "VIEWER_IP": settings["ViewerIp"],
        **stores.of(settings[STORE]).deploy.environment(settings),
    }
    try:
        Config.from_env(environment)
    except ConfigError as error:
        raise Problem(f"The processor would refuse this. {error}") from None


def check_rules(settings: dict[str, str]) -> None:
    """Raise Problem, before CloudFormation does, for parameters that do not go together."""
    if said := list(transform.refusals(transform.load(), **settings)):
        raise Problem(" ".join(said))


def remembered_parameters(config: Path, name: str) -> dict[str, str]:
    """Return the parameters that SAM wrote down for a stack."""
    written = remembered(config).get(name, {}).get("deploy", {}).get("parameters", {})
    pairs = written.get("parameter_overrides", "")
    pairs = shlex.split(pairs) if isinstance(pairs, str) else pairs
    found = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    return {key: value for key, value in found.items() if key in parameters.known()}


def remembered(config: Path) -> dict[str, Any]:
    """Return what earlier guided deployments wrote down, by stack."""
    if not config.exists():
        return {}
    try:
        return tomllib.loads(aws.read_text(config))
    except tomllib.TOMLDecodeError as error:
        raise Problem(f"{config.name} is not TOML ({error}); correct or remove it.") from None


def keep(made: Any, name: str, given: dict[str, str]) -> None:
    """Raise Problem when a deployed stack would get another store, or other fields.

    Rows of the first store would be deleted with its table. Lines carry no field names: those that
    are on the stream during a change of fields would be read with the wrong list of fields.
    """
    if not {STORE, "LogFields"} & set(given):
        return
    before = standing(made, name)
    if before is None:
        return
    store = before.get(STORE, stores.DEFAULT)
    if given.get(STORE, store) != store:
        raise Problem(
            f"Stack {name!r} writes to {stores.of(store).NAME}, and changing that would delete "
            "what it made there. Deploy a second stack with the other store (STACK=another-name); "
            "docs/stores.md has how to move."
        )
    if "LogFields" not in given:
        return
    both = (before.get("LogFields", ""), given["LogFields"])
    listed = [{item.strip() for item in text.split(",")} for text in both]
    if listed[0] != listed[1]:
        raise Problem(
            f"Stack {name!r} collects other fields already, and lines on their way would be read "
            "wrongly. Deploy these fields as a second stack (STACK=another-name), attach it with "
            "REPLACE=1, then destroy this one: docs/upgrade.md."
        )


def build_arguments() -> list[str]:
    """Return sam's arguments for the build; it needs make and pip, and no Docker."""
    return ["build", "--template-file", str(TEMPLATE)]


def deploy_arguments(
    name: str, region: str, chosen: dict[str, str], guided: bool, remembers: bool
) -> list[str]:
    """Return sam's arguments for the deployment; each stack is remembered under its own name."""
    command = ["deploy", "--stack-name", name, "--region", region]
    command += ["--capabilities", "CAPABILITY_IAM"]
    if guided or remembers:  # sam fails on a file that is not there, even where it will write it
        command += ["--config-file", str(CONFIG), "--config-env", name]
    if guided:
        command.append("--guided")
    else:
        command += ["--resolve-s3", "--no-confirm-changeset", "--no-fail-on-empty-changeset"]
    if chosen:
        command += ["--parameter-overrides"]
        command += [f"{key}={value}" for key, value in chosen.items()]
    return command
