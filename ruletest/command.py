"""`python -m ruletest FILE...`: run tests of alert rules."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ruletest.cases import Case, Outcome, load_tests, run_test
from ruletest.datasource import Opened, Source, SourceError, source
from ruletest.versions import Version, version
from ruletest.yamlfile import FileError

STATIC = "ruletest.static:SOURCE"


def _arguments(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Test Grafana alert rules on made-up data, without a Grafana. "
        "ruletest/README.md describes the format of a test file.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a test file (YAML)")
    parser.add_argument(
        "--rules", action="append", type=Path, default=[], metavar="FILE",
        help="a file of rules, contact points or templates, instead of those the tests name",
    )  # fmt: skip
    parser.add_argument(
        "--grafana", type=_version, metavar="VERSION",
        help="the Grafana to behave as, such as 12.2 or 13; default: as the tests say, or latest",
    )  # fmt: skip
    parser.add_argument(
        "--show", action="store_true", help="print every instance at every evaluation"
    )
    return parser


def _version(text: str) -> Version:
    try:
        return version(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def main(
    argv: Sequence[str], prog: str = "python -m ruletest", given: Source | str | None = None
) -> int:
    """Run the command line: 0 when every test passes, 1 when one fails, 2 for bad input.

    ``given`` is the source of the tests' data, or its name. Without it, --source names one.
    """
    me = prog.split()[-1]
    parser = _arguments(prog)
    try:
        return _main(argv, parser, given)
    except (FileError, SourceError) as error:
        print(f"{me}: {error}", file=sys.stderr)
        return 2


def _main(argv: Sequence[str], parser: argparse.ArgumentParser, given: Source | str | None) -> int:
    if given is None:
        first = argparse.ArgumentParser(parser.prog, add_help=False, allow_abbrev=False)
        parser.allow_abbrev = False  # `first` below finds --source only when it is written out
        for each in (first, parser):
            each.add_argument(
                "--source", default=STATIC, metavar="MODULE:NAME",
                help="where the tests' data comes from; default: the test files themselves",
            )  # fmt: skip
        given = first.parse_known_args(argv)[0].source
    chosen = source(given) if isinstance(given, str) else given
    chosen.add_arguments(parser)
    options = parser.parse_args(argv)
    tests = [
        test
        for path in options.files
        for test in load_tests(path, chosen, options.rules, options.grafana)
    ]
    with chosen.opened(options) as opened:
        failed = 0
        for test in tests:
            outcome = run(test, opened, show=options.show)
            failed += not outcome.ok
            print(report(outcome))
    print(f"{len(tests) - failed} of {len(tests)} tests passed")
    return 1 if failed else 0


def run(test: Case, opened: Opened, *, show: bool = False) -> Outcome:
    """Run a test on its data; raises SourceError, with the test's name, and FileError."""
    try:
        with opened.prepared(test.data, test.start) as answers:
            return run_test(test, answers, show=show)
    except (SourceError, FileError) as error:
        raise SourceError(f"{test.path}, {test.name!r}: {error}") from None


def report(outcome: Outcome) -> str:
    """Return a test's result for the terminal."""
    test = outcome.test
    lines = [f"{'ok  ' if outcome.ok else 'FAIL'} {test.rule.uid}: {test.name}"]
    for text in (*outcome.seen, *outcome.problems):
        lines.extend(f"     {line}" for line in text.splitlines())
    return "\n".join(lines)
