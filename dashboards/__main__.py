"""Build what Grafana reads from the code here, or check that it is up to date.

python -m dashboards                      write provisioning/ and the generated docs
python -m dashboards --check              exit with 1 and say what differs
python -m dashboards test-rules FILE...   test alert rules against made-up traffic; of a store that
                                          is not the usual one with --store STORE --rules FILE

Without --store, provisioning/ gets the files of every store, each in a folder of its own but the
usual one. Options that are not defaults build for another stack: write those elsewhere with --out.
"""

import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C during imports: no traceback

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
# The folder that Grafana reads, and the pages that have a generated half.
PROVISIONING = "provisioning"
# The folder of each store; a Grafana of its own reads it.
FOLDERS = {
    name: Path(PROVISIONING) if name == stores.DEFAULT_NAME else Path(PROVISIONING, name)
    for name in stores.STORES
}
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
    except ValueError as error:  # from the catalog, about a field
        raise BuildError(str(error)) from None


def wanted(bundle: Bundle) -> dict[Path, str]:
    """Return every generated file of a bundle in the checkout: path below its root, and text."""
    limits = thresholds.load()
    return _checkout(bundle, limits) | _pages(limits)


def _checkout(bundle: Bundle, limits: Thresholds) -> dict[Path, str]:
    """Return the files that the bundle's Grafana reads, with their manifest."""
    listed = manifest.with_list(build(composed(bundle), limits))
    return {FOLDERS[bundle.store] / path: made for path, made in listed.items()}


def _bundles(bundle: Bundle, given: argparse.Namespace) -> list[Bundle]:
    """Return the bundles to build: the one that was asked for, or one for each store."""
    if given.store is not None or given.out:
        return [bundle]
    others = [name for name in stores.STORES if name != bundle.store]
    return [bundle, *(_over(bundle, name) for name in others)]


def _over(bundle: Bundle, store: str) -> Bundle:
    """Return the bundle over another store; a layout and a data source are one store's."""
    layout = stores.STORES[store].LAYOUTS[0]
    return replace(bundle, store=store, layout=layout, datasource="")


def composed(bundle: Bundle) -> Bundle:
    """Return the bundle of provisioning/, which the Grafana of docker-compose.yml reads.

    That Grafana has no other data source, and there asking costs nothing.
    """
    return replace(bundle, default_datasource=True, billed=False, refresh=bundle.refresh or "1m")


def _pages(limits: Thresholds) -> dict[Path, str]:
    """Return the pages that have a generated half, with that half built again."""
    return {Path(path): made(text.read(ROOT / path), limits) for path, made in PAGES.items()}


def drift(root: Path, files: Mapping[Path, str]) -> list[str]:
    """Return a line for each file below `root` that differs from what the code makes."""
    found = []
    # The deepest first: a file below two of them belongs to the deeper one.
    folders = sorted(FOLDERS.values(), key=lambda folder: len(folder.parts), reverse=True)
    rest = dict(files)
    for folder in folders:
        inside = {path: rest.pop(path) for path in files if path in rest and folder in path.parents}
        if inside:
            below = {path.relative_to(folder).as_posix(): made for path, made in inside.items()}
            found += manifest.drift(root / folder, below)
    for path, wanted in rest.items():
        if not (root / path).exists():
            found.append(f"missing: {path}")
        elif text.read(root / path) != wanted:
            found.append(f"differs: {path}")
    return found


def _check(bundles: list[Bundle], out: Path | None) -> int:
    found, breaches = [], []
    limits = thresholds.load()
    for bundle in bundles:
        if out:
            files = _beside(bundle)
            name = manifest.of(bundle.name)
            found += manifest.drift(out, manifest.with_list(files, name), name)
            again = f"python -m dashboards --out {out}, with the same options"
            breaches += lint_texts(files)
        else:
            made = _checkout(bundle, limits)
            found += drift(ROOT, made)
            again = "make dashboards"
            breaches += lint_texts({path.as_posix(): text for path, text in made.items()})
    if not out:
        found += drift(ROOT, _pages(limits))
    if found:
        found.append(f"These files differ from what the code makes; run: {again}")
    found = breaches + found
    for line in found:
        print(line)
    return 1 if found else 0


def _beside(bundle: Bundle) -> dict[str, str]:
    """Return what Grafana reads, in a folder that may hold other bundles."""
    return {beside(bundle, path): made for path, made in build(bundle).items()}


def _write(bundles: list[Bundle], out: Path | None) -> int:
    limits = thresholds.load()
    pages = {} if out else _pages(limits)
    changed, total = 0, len(pages)
    for bundle in bundles:
        files = _beside(bundle) if out else build(composed(bundle), limits)
        name = manifest.of(bundle.name) if out else manifest.NAME
        new, notes = manifest.write(out or ROOT / FOLDERS[bundle.store], files, name)
        changed, total = changed + new, total + len(files)
        for note in notes:
            print(note)
    for path, made in pages.items():
        if text.read(ROOT / path) != made:
            manifest.put(ROOT / path, made)
            changed += 1
    where = f"files written below {out}" if out else "generated files changed"
    print(f"{changed} of {total} {where}")
    return 0


def _run(argv: list[str]) -> int:
    if argv[:1] == ["test-rules"]:
        from ruletest.command import main as test_rules

        return test_rules(*_rules(argv[1:]))
    parser = _arguments()
    given = parser.parse_args(argv)
    if given.out == "":
        parser.error("--out needs the name of a folder")
    act = _check if given.check else _write
    return act(_bundles(_bundle(given), given), given.out and Path(given.out))


def _rules(argv: list[str]) -> tuple[list[str], str, str]:
    """Return what the rule tester takes: its arguments, its name, and where its data is from."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--store", default=stores.DEFAULT_NAME)
    given, rest = parser.parse_known_args(argv)
    return rest, "python -m dashboards test-rules", stores.named(given.store).RULE_TRAFFIC


def _no_more_output() -> None:
    """Discard output that could not be printed: Python would try again when it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(argv: list[str]) -> int:
    """Run the command line; return its exit status: 2 for bad input, with a sentence on stderr."""
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
        print("dashboards: stopped; run it again to write the rest", file=sys.stderr)
        return 128 + 2  # SIGINT


if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(main(sys.argv[1:]))
