"""Count how often each alert rule cries wolf, and how late it comes.

python -m drill                    do all of it, write drill/results.json and the page
python -m drill --seed 4 5 6       the same on other days, on which no line was chosen
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
        "--seed",
        nargs="+",
        type=_seed,
        default=[run.USUAL],
        metavar="N",
        help=f"draw other days, by any whole number; {run.USUAL} is the usual ones. The page shows "
        f"{', '.join(map(str, report.SEEDS))} beside them; others are printed and not kept",
    )
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
    known = dict.fromkeys(task.site for task in run.tasks())
    if given.site not in (None, *known):
        raise BuildError(f"there is no site {given.site!r}{nearest(given.site, known)}")
    if given.check:
        return _check(given.processes)
    if given.page:
        _write_page()
        return 0
    limits = thresholds.load(given.thresholds) if given.thresholds else None
    bundle = Bundle(cadence=given.cadence) if given.cadence else run.BUNDLE
    kept = [_count(seed, given, limits, bundle) for seed in given.seed]
    if any(kept):
        _write_page()
    return 0


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no seed: give a whole number, such as 1")
    return int(text)


def _count(
    seed: int, given: argparse.Namespace, limits: thresholds.Thresholds | None, bundle: Bundle
) -> bool:
    """Count the days of a seed, print the tables; keep what the page shows, and say whether."""
    found = []
    began = time.monotonic()
    what = [task for task in run.tasks(seed) if given.site in (None, task.site)]
    for each in run.run(what, given.processes, limits, given.only, bundle):
        found.append(each)
        if sys.stderr.isatty():
            print(f"\r{len(found)} scenarios", end="", file=sys.stderr, flush=True)
    judges = run.choose(limits, given.only, bundle)
    made = run.results(found)
    print(report.generated(made, judges))
    print(f"\nSeed {seed}: {len(found)} scenarios in {time.monotonic() - began:.0f} seconds")
    trying = limits or given.only or given.site or given.cadence
    if trying or seed not in (run.USUAL, *report.SEEDS):
        return False
    run.save(made, run.path(seed))
    return True


def _page() -> tuple[str, str]:
    """Return the page as it is, and as it has to be."""
    existing = PAGE.read_text(encoding="utf-8")
    kept = [run.load(seed) for seed in (run.USUAL, *report.SEEDS)]
    return existing, report.page(existing, kept[0], kept[1:], run.choose())


def _write_page() -> None:
    PAGE.write_text(_page()[1], encoding="utf-8")


def _check(processes: int) -> int:
    kept = run.load()
    digest = run.digest(run.choose())
    found = []
    if kept.rules != digest:
        found = ["differs: the rules, their thresholds or delivery, or the drill itself"]
    else:
        found = run.drift(kept, list(run.run(run.SHORT, processes)))
    if found:
        found.append("drill/results.json was counted on something else; run: make drill")
    if old := [str(seed) for seed in report.SEEDS if run.load(seed).rules != digest]:
        found.append(
            "differs: the days that no line was chosen on; run: python -m drill --seed "
            + " ".join(old)
        )
    existing, wanted = _page()
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
