"""Write the .env, and build the dashboards, that show the stack in the local Grafana."""

import shutil
from argparse import ArgumentParser, Namespace
from pathlib import Path

import dashboards
from dashboards.config import Bundle
from infra import aws, stack
from infra.deploy import ROOT

HELP = "write the .env that points the local Grafana at the stack"
# What the file says besides; a value that is in it already is kept.
KEPT = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
START = "docker compose --profile stack up grafana-stack"


def arguments(parser: ArgumentParser) -> None:
    """Add this verb's arguments."""
    aws.stack_argument(parser)
    parser.add_argument("--out", type=Path, default=ROOT / ".env", help="file (%(default)s)")
    parser.add_argument(
        "--with-keys",
        action="store_true",
        help="put the keys that this command runs with into the file too",
    )


def run(args: Namespace) -> int:
    """Write the file and the dashboards, and say how to start Grafana."""
    made = aws.session(args)
    found = stack.read(aws.client(made, "cloudformation"), args.stack)
    before = parse(args.out.read_text(encoding="utf-8")) if args.out.exists() else {}
    values = before | settings(found)
    if args.with_keys:
        values |= keys(made)
    elif not before:
        values |= dict.fromkeys(KEPT, "")
    build(found)
    write(args.out, render(values))
    print(f"{args.out} points at stack {found.name} in {found.region}.")
    if not values.get(KEPT[0]):
        print(
            "Fill in the keys of a user or role that has the stack's policy "
            f"{found.grafana_read_policy_arn}, or run again with ARGS=--with-keys."
        )
    print(f"Then: {START}, and http://localhost:3001")
    return 0


def settings(found: stack.Stack) -> dict[str, str]:
    """Return the variables that docker-compose.yml reads, for this stack."""
    return {
        "TIMESTREAM_DATABASE": found.timestream_database,
        "TIMESTREAM_TABLE": found.timestream_table,
        "AWS_REGION": found.region,
        "TIMESTREAM_AUTH_TYPE": "keys",
        "TIMESTREAM_ENDPOINT": "",
        "PROVISIONING": f"./{folder(found.name).relative_to(ROOT)}",
    }


def folder(name: str) -> Path:
    """Return where the files that Grafana reads for this stack are put."""
    return ROOT / "build" / "grafana" / name


def bundle(found: stack.Stack) -> Bundle:
    """Return the dashboards' settings for this stack."""
    return Bundle(
        layout=found.record_layout,
        fields=found.stored_fields,
        sampling=found.sampling_percentage,
        database=found.timestream_database,
        table=found.timestream_table,
        grafana_url="http://localhost:3001",
    )


def build(found: stack.Stack) -> None:
    """Build what Grafana reads for this stack's fields, layout and sampling.

    Raises Problem when the project's own settings cannot be built; what was built before stays.
    """
    try:
        made = dashboards.build(bundle(found))
    except ValueError as error:
        raise aws.Problem(f"The dashboards cannot be built: {error}") from None
    shutil.rmtree(folder(found.name), ignore_errors=True)
    for path, text in made.items():
        target = folder(found.name) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def keys(made: object) -> dict[str, str]:
    """Return the session's keys; raise Problem when it has none."""
    credentials = made.get_credentials()  # type: ignore[attr-defined]
    if credentials is None:
        raise aws.Problem("There are no AWS credentials to write; log in first.")
    frozen = credentials.get_frozen_credentials()
    return dict(zip(KEPT, (frozen.access_key, frozen.secret_key, frozen.token or ""), strict=True))


def parse(text: str) -> dict[str, str]:
    """Return the variables of an .env file."""
    pairs = (line.partition("=") for line in text.splitlines() if not line.startswith("#"))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def render(values: dict[str, str]) -> str:
    """Return the text of an .env file."""
    lines = [f"{name}={value}" for name, value in values.items()]
    return "# Written by `make env`; .env.example says what each is.\n" + "\n".join(lines) + "\n"


def write(path: Path, text: str) -> None:
    """Write a file that only its owner may read: it can hold keys."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, encoding="utf-8")
