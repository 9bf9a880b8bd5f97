"""Build what Grafana reads from the code here, or check that it is up to date.

python -m dashboards                      write provisioning/ and the generated docs
python -m dashboards --check              exit with 1 and say what differs
python -m dashboards test-rules FILE...   test alert rules against made-up traffic

Options that are not defaults build for another stack: write those elsewhere with --out.
"""

import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until all is imported, Ctrl-C just ends it

import argparse
import contextlib
import os
import sys
from collections.abc import Mapping
from dataclasses import Field, fields, replace
from pathlib import Path
from typing import Any

from dashboards import build, docs, manifest, stores, text
from dashboards.alerts import docs as alert_docs
from dashboards.alerts import thresholds
from dashboards.alerts.knobs import Thresholds
from dashboards.config import BuildError, Bundle
from dashboards.files import beside
from dashboards.lint import lint_texts

ROOT = Path(__file__).resolve().parent.parent
# What Grafana reads, and the pages of which a half is generated.
PROVISIONING = "provisioning"
PAGES = {"docs/dashboards.md": docs.page, "docs/alerts.md": alert_docs.page}


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dashboards",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="write nothing, fail on differences")
    parser.add_argument("--out", help="write only what Grafana reads, into this folder")
    knobs = parser.add_argument_group("the bundle (dashboards/config.py says when to change what)")
    for knob in fields(Bundle):
        flag = f"--{knob.name.replace('_', '-')}"
        if knob.type is bool:
            action = argparse.BooleanOptionalAction  # so that a default of True can be undone
            knobs.add_argument(flag, action=action, default=None)
        else:
            knobs.add_argument(flag, metavar=knob.name.upper(), help=f"default: {_shown(knob)}")
    return parser


def _shown(knob: Field[Any]) -> str:
    default = knob.default
    if isinstance(default, tuple):
        return f"{len(default)} fields" if len(default) > 5 else ",".join(default)
    return repr(default).replace("%", "%%")


def _bundle(given: argparse.Namespace) -> Bundle:
    chosen: dict[str, Any] = {}
    for knob in fields(Bundle):
        value = getattr(given, knob.name)
        if value is None:
            continue
        if knob.type is int:
            try:
                value = int(value)
            except ValueError:
                raise BuildError(f"{knob.name} {value!r} is no whole number") from None
        elif knob.type not in (str, bool):
            value = tuple(part.strip() for part in value.split(",") if part.strip())
        chosen[knob.name] = value
    try:
        return Bundle(**chosen)
    except ValueError as error:  # the catalog's, of a field
        raise BuildError(str(error)) from None


def wanted(bundle: Bundle) -> dict[Path, str]:
    """Return every generated file of the checkout: path below its root, and text."""
    limits = thresholds.load()
    return _checkout(build(composed(bundle), limits), limits)


def _checkout(files: Mapping[str, str], limits: Thresholds) -> dict[Path, str]:
    """Return what Grafana reads with the list of it, and the pages."""
    listed = manifest.with_list(files)
    return {Path(PROVISIONING, path): made for path, made in listed.items()} | _pages(limits)


def composed(bundle: Bundle) -> Bundle:
    """Return the bundle of provisioning/, which docker-compose.yml gives its Grafana to read.

    Nothing else is in that Grafana, and there a refresh costs nothing.
    """
    return replace(bundle, default_datasource=True, refresh=bundle.refresh or "1m")


def _pages(limits: Thresholds) -> dict[Path, str]:
    """Return the pages with a generated half, that half made anew."""
    return {Path(path): made(text.read(ROOT / path), limits) for path, made in PAGES.items()}


def drift(root: Path, files: Mapping[Path, str]) -> list[str]:
    """Say, a line each, where the files below `root` differ from what the code makes."""
    pages = {path: made for path, made in files.items() if path.parts[0] != PROVISIONING}
    others = {
        path.relative_to(PROVISIONING).as_posix(): made
        for path, made in files.items()
        if path not in pages
    }
    found = manifest.drift(root / PROVISIONING, others)
    for path, made in pages.items():
        if not (root / path).exists():
            found.append(f"missing: {path}")
        elif text.read(root / path) != made:
            found.append(f"differs: {path}")
    return found


def _check(bundle: Bundle, out: Path | None) -> int:
    if out:
        files = _beside(bundle)
        name = manifest.of(bundle.name)
        found = manifest.drift(out, manifest.with_list(files, name), name)
        again = f"python -m dashboards --out {out}, with the same options"
    else:
        limits = thresholds.load()
        files = build(composed(bundle), limits)
        found, again = drift(ROOT, _checkout(files, limits)), "make dashboards"
    if found:
        found.append(f"The code says otherwise; run: {again}")
    found = lint_texts(files) + found
    for line in found:
        print(line)
    return 1 if found else 0


def _beside(bundle: Bundle) -> dict[str, str]:
    """Return what Grafana reads, in a folder that may hold other bundles."""
    return {beside(bundle, path): made for path, made in build(bundle).items()}


def _write(bundle: Bundle, out: Path | None) -> int:
    limits = thresholds.load()
    files = _beside(bundle) if out else build(composed(bundle), limits)
    pages = {} if out else _pages(limits)
    name = manifest.of(bundle.name) if out else manifest.NAME
    changed, notes = manifest.write(out or ROOT / PROVISIONING, files, name)
    for path, made in pages.items():
        if text.read(ROOT / path) != made:
            manifest.put(ROOT / path, made)
            changed += 1
    for note in notes:
        print(note)
    where = f"files written below {out}" if out else "generated files changed"
    print(f"{changed} of {len(files) + len(pages)} {where}")
    return 0


def _run(argv: list[str]) -> int:
    if argv[:1] == ["test-rules"]:
        from ruletest.command import main as test_rules

        return test_rules(argv[1:], "python -m dashboards test-rules", stores.DEFAULT.RULE_TRAFFIC)
    parser = _arguments()
    given = parser.parse_args(argv)
    if given.out == "":
        parser.error("--out needs the name of a folder")
    act = _check if given.check else _write
    return act(_bundle(given), given.out and Path(given.out))


def _no_more_output() -> None:
    """Let what could not be printed go: Python would try again on its way out."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(argv: list[str]) -> int:
    """Run the command line; return its exit status: 2 for what a sentence on stderr says."""
    try:
        try:
            return _run(argv)
        finally:
            if sys.stdout:  # None where it was closed from the start
                sys.stdout.flush()
    except BuildError as error:
        print(f"dashboards: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read the output has seen enough
        _no_more_output()
        return 128 + 13  # SIGPIPE, which not every system names
    except OSError as error:
        where = f" {text.shown(Path(error.filename))}" if error.filename else ""
        print(f"dashboards: cannot write{where}: {error.strerror or error}", file=sys.stderr)
        _no_more_output()
        return 2
    except KeyboardInterrupt:
        print("dashboards: stopped; what was begun is finished by another run", file=sys.stderr)
        return 128 + 2  # SIGINT


if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(main(sys.argv[1:]))
