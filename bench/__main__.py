"""`python -m bench [names]`: run the modules of this package that have a run()."""

import argparse
import importlib
import pkgutil
import sys

import bench
from cli.command import finish


def _benches() -> dict[str, str]:
    """Return each bench's name and what it measures: the first line of its docstring."""
    found = {}
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name.startswith("_"):
            continue
        loaded = importlib.import_module(f"bench.{module.name}")
        if hasattr(loaded, "run"):
            found[module.name] = (loaded.__doc__ or "").strip().partition("\n")[0]
    return found


def main() -> int:
    """Run the named benches, or all."""
    return finish(_run, lambda error: None)


def _run() -> int:
    benches = _benches()
    listed = "\n".join(f"  {name:12} {what}" for name, what in benches.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure speed, cost and memory.",
        epilog=f"benches:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="which to run; all if none")
    names = parser.parse_args().names or list(benches)
    if unknown := [name for name in names if name not in benches]:
        known = ", ".join(benches)
        print(f"There is no bench named {unknown[0]!r}; there are: {known}.", file=sys.stderr)
        return 2
    for name in names:
        print(f"== {name}: {benches[name]}")
        importlib.import_module(f"bench.{name}").run()
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
