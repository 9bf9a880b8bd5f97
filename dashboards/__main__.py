"""Build what Grafana reads from the code here, or check that it is up to date.

python -m dashboards                      write provisioning/ and the generated docs
python -m dashboards --check              exit with 1 and say what differs
python -m dashboards test-rules FILE...   test alert rules against made-up traffic

Options that are not defaults build for another stack: write those elsewhere with --out.
"""

import argparse
import sys
from dataclasses import fields
from pathlib import Path

from dashboards import build, docs
from dashboards.alerts import docs as alert_docs
from dashboards.config import Bundle
from dashboards.lint import lint_texts

ROOT = Path(__file__).resolve().parent.parent
# Folders of provisioning/ where every file is generated: one that is no longer made is deleted.
GENERATED = ("alerting", "dashboards", "datasources")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dashboards",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="write nothing, fail on differences")
    parser.add_argument("--out", type=Path, help="write only what Grafana reads, into this folder")
    knobs = parser.add_argument_group("the bundle (dashboards/config.py says when to change what)")
    for knob in fields(Bundle):
        flag = f"--{knob.name.replace('_', '-')}"
        if isinstance(knob.default, bool):
            knobs.add_argument(flag, action="store_true", default=None)
        else:
            knobs.add_argument(flag, metavar=knob.name.upper(), help=f"default: {_shown(knob)}")
    return parser


def _shown(knob: object) -> str:
    default = knob.default  # type: ignore[attr-defined]
    if isinstance(default, tuple):
        return f"{len(default)} fields" if len(default) > 5 else ",".join(default)
    return repr(default)


def _bundle(given: argparse.Namespace) -> Bundle:
    chosen: dict[str, object] = {}
    for knob in fields(Bundle):
        value = getattr(given, knob.name)
        if value is None:
            continue
        if isinstance(knob.default, tuple):
            value = tuple(part.strip() for part in value.split(",") if part.strip())
        elif isinstance(knob.default, int) and not isinstance(knob.default, bool):
            try:
                value = int(value)
            except ValueError:
                raise ValueError(f"{knob.name} {value!r} is no whole number") from None
        chosen[knob.name] = value
    return Bundle(**chosen)  # type: ignore[arg-type]


def wanted(bundle: Bundle) -> dict[Path, str]:
    """Return every generated file of the checkout: path below its root, and text."""
    files = {Path("provisioning", path): text for path, text in build(bundle).items()}
    for name, made in (("dashboards.md", docs.page), ("alerts.md", alert_docs.page)):
        page = ROOT / "docs" / name
        files[Path("docs", name)] = made(page.read_text() if page.exists() else "")
    return files


def drift(root: Path, files: dict[Path, str]) -> list[str]:
    """Say, a line each, where the files below `root` differ from what the code makes."""
    found = []
    for path, text in files.items():
        there = root / path
        if not there.exists():
            found.append(f"missing: {path}")
        elif there.read_text() != text:
            found.append(f"differs: {path}")
    return found + [f"no longer made: {path}" for path in leftovers(root, files)]


def leftovers(root: Path, files: dict[Path, str]) -> list[Path]:
    """Return the files in generated folders that the code does not make."""
    there = (
        path.relative_to(root)
        for folder in GENERATED
        for path in sorted((root / "provisioning" / folder).rglob("*"))
        if path.suffix in (".json", ".yaml", ".yml")
    )
    return [path for path in there if path not in files]


def _write(root: Path, files: dict[Path, str]) -> int:
    written = 0
    for path, text in files.items():
        there = root / path
        if not there.exists() or there.read_text() != text:
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_text(text)
            written += 1
    return written


def main(argv: list[str]) -> int:
    """Run the command line; return its exit status."""
    if argv[:1] == ["test-rules"]:
        from dashboards.alerts import testing  # needs an engine that building does without

        return testing.main(argv[1:])
    given = _arguments().parse_args(argv)
    try:
        bundle = _bundle(given)
    except (ValueError, LookupError) as error:
        print(f"dashboards: {error}", file=sys.stderr)
        return 2
    if given.out:
        files = {Path(path): text for path, text in build(bundle).items()}
        print(f"{_write(given.out, files)} of {len(files)} files written below {given.out}")
        return 0
    files = wanted(bundle)
    if given.check:
        breaches = lint_texts({str(path): text for path, text in files.items()})
        found = drift(ROOT, files)
        if found:
            found.append("The code says otherwise; run: make dashboards")
        print("\n".join(breaches + found), end="\n" if breaches or found else "")
        return 1 if breaches or found else 0
    written = _write(ROOT, files)
    for path in leftovers(ROOT, files):
        (ROOT / path).unlink()
        print(f"deleted {path}")
    print(f"{written} of {len(files)} generated files changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
