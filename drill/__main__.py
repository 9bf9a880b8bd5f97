"""Count how often each alert rule cries wolf, and how late it comes.

python -m drill                    do all of it, write drill/results.json and the page
python -m drill --check            exit with 1 if what was kept is not what comes out now
python -m drill --page             write the page from what was kept
python -m drill --thresholds FILE  try other thresholds: print the tables, write nothing
"""

import argparse
import sys
import time
from pathlib import Path

from cli.command import ROOT, finish
from dashboards.alerts import thresholds
from dashboards.alerts.rules import RULES
from dashboards.config import BuildError, Bundle, nearest
from drill import report, run

PAGE = ROOT / "docs/alerts.md"


def main() -> int:
    """Run the command line."""
    return finish(_run, lambda error: f"drill: {error}" if isinstance(error, BuildError) else None)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m drill",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="write nothing, fail on differences")
    parser.add_argument("--page", action="store_true", help="count nothing, write the page")
    parser.add_argument(
        "--thresholds",
        type=Path,
        metavar="FILE",
        help="judge with these instead, and write nothing",
    )
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="RULE", help="judge these rules; write nothing"
    )
    parser.add_argument(
        "--site", metavar="NAME", help="draw this site only, such as small; write nothing"
    )
    parser.add_argument(
        "--cadence", metavar="TIME", help="evaluate all rules together, such as 5m; write nothing"
    )
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="default: 2")
    return parser.parse_args()


def _run() -> int:
    given = _arguments()
    for name in given.only:
        if name not in RULES:
            raise BuildError(f"there is no alert rule {name!r}{nearest(name, RULES)}")
    if given.check:
        return _check(given.processes)
    if given.page:
        _write_page(run.load())
        return 0
    limits = thresholds.load(given.thresholds) if given.thresholds else None
    what = [task for task in run.tasks() if given.site in (None, task[1])]
    if not what:
        known = dict.fromkeys(task[1] for task in run.tasks())
        raise BuildError(f"there is no site {given.site!r}{nearest(given.site, known)}")
    found = []
    began = time.monotonic()
    bundle = Bundle(cadence=given.cadence) if given.cadence else run.BUNDLE
    for each in run.run(what, given.processes, limits, given.only, bundle):
        found.append(each)
        if sys.stderr.isatty():
            print(f"\r{len(found)} scenarios", end="", file=sys.stderr, flush=True)
    judges = run.choose(limits, given.only, bundle)
    made = run.results(found)
    print(report.generated(made, judges))
    print(f"\n{len(found)} scenarios in {time.monotonic() - began:.0f} seconds")
    if limits or given.only or given.site or given.cadence:
        return 0
    run.save(made)
    _write_page(made)
    return 0


def _page(kept: run.Results) -> tuple[str, str]:
    """Return the page as it is, and as it has to be."""
    existing = PAGE.read_text(encoding="utf-8")
    return existing, report.page(existing, kept, run.choose())


def _write_page(kept: run.Results) -> None:
    PAGE.write_text(_page(kept)[1], encoding="utf-8")


def _check(processes: int) -> int:
    kept = run.load()
    if kept.rules != run.digest(run.choose()):
        found = ["differs: the rules, their thresholds or delivery, or the drill itself"]
    else:
        found = run.drift(kept, list(run.run(run.SHORT, processes)))
    if found:
        found.append("drill/results.json was counted on something else; run: make drill")
    existing, wanted = _page(kept)
    if existing != wanted:
        found += [
            "differs: docs/alerts.md",
            "It is not what was counted; run: python -m drill --page",
        ]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
