"""Take pictures of every dashboard in a running Grafana, with a browser that is installed.

GRAFANA_URL names the Grafana (default: http://localhost:3000), GRAFANA_TOKEN a token of it, if it
lets nobody look who has not signed in, and CHROMIUM the browser, if it is not found by itself.

The calm hour and the incident are found by the alerts of the last day. Without an incident, make
one: `make incident`, wait for its mail, then take the pictures.

Lists of alerts show now, whatever hour is chosen. So do tiles and tables of the last minutes in an
hour such as now-3h/now-2h; in one with a fixed end they show its last minutes. Take the calm ones
with --state calm while it is calm, and those of an incident while it goes on.
"""

import argparse
import os
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from cli.errors import Problem
from provisioning.push.client import Client, address
from provisioning.push.errors import Unreachable
from provisioning.push.secrets import Secrets
from shots import browser, grafana, moments, page
from shots.moments import Range
from shots.pictures import DOCS, SIZES, STATES, THEMES, Picture, Size, every

ROOT = Path(__file__).resolve().parents[1]
OUT = Path("build") / "shots"
IMAGES = ROOT / "docs" / "images"
_SMALLEST, _LARGEST = 200, 8000  # pixels


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    made = argparse.ArgumentParser(
        prog="python -m shots",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = made.add_argument
    add("--only", type=_words, metavar="BOARD,…", help="these dashboards, by the end of their uid")
    add("--state", type=_some(STATES), default=STATES, help="of calm,incident (default: both)")
    add("--theme", type=_some(THEMES), default=THEMES, help="of dark,light (default: both)")
    add(
        "--size",
        type=_sizes,
        default=SIZES,
        metavar="WxH,…",
        help=f"of the window; a picture has the page's whole height "
        f"(default: {','.join(map(str, SIZES))})",
    )
    add("--bare", action="store_true", help="without Grafana's own bars and menu")
    add("--calm", type=_range, metavar="FROM/TO", help="the calm hour, as now-2h/now-1h")
    add("--incident", type=_range, metavar="FROM/TO", help="the incident, in the same way")
    add("--name", default="cloudfront", help="the bundle's name (default: %(default)s)")
    add("--out", type=Path, default=OUT, help="where the pictures go (default: %(default)s)")
    add("--docs", action="store_true", help="take those of README.md and docs/, in their place")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Take the pictures. The exit status is 1 when a panel shows an error."""
    given = parser().parse_args(argv)
    program = browser.find()
    url = address(os.environ.get("GRAFANA_URL") or "http://localhost:3000")
    token = os.environ.get("GRAFANA_TOKEN", "").strip()
    client = Client(url, token, Secrets())
    try:
        boards = grafana.boards(client, given.name)
        ranges = _ranges(given, client)
    except Unreachable as error:
        raise Problem(
            f"{error} Start one (docker compose up), or name another in $GRAFANA_URL."
        ) from None
    finally:
        client.close()
    pictures = _pictures(given, boards, ranges)
    folder = IMAGES if given.docs else given.out
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{len(pictures)} pictures of {url} into {_shown(folder)}")
    broken = 0
    with browser.opened(program, url, token) as running:
        for _, alike in groupby(pictures, key=lambda each: (each.board, each.state, each.theme)):
            by_size = {each.size: each for each in alike}
            one = next(iter(by_size.values()))
            for shot in running.take(boards[one.board], ranges[one.state], by_size, folder):
                print(f"{shot.picture.file}{_flaws(shot)}", flush=True)
                broken += shot.broken
    if not given.docs:
        print(f"All of them on one page: {_shown(page.write(folder, pictures))}")
    if broken:
        print("Some panels show an error.")
    return 1 if broken else 0


def _pictures(
    given: argparse.Namespace, boards: Mapping[str, str], ranges: Mapping[str, Range]
) -> list[Picture]:
    """Return what is to be taken; raises Problem for a dashboard or a state that is not there."""
    states = [state for state in given.state if state in ranges]
    if given.docs:
        wanted = list(DOCS)
        if given.only:
            wanted = [each for each in wanted if each.board in given.only]
        lacking = {each.state for each in wanted} - set(ranges)
        if lacking:
            raise Problem(
                "The pictures in the docs show an incident, and no alert fired within the last "
                "day: `make incident`, wait for its mail, and come again."
            )
    else:
        wanted = every(given.only or boards, states, given.theme, given.size, bare=given.bare)
    unknown = sorted({*(given.only or ()), *(each.board for each in wanted)} - set(boards))
    if unknown:
        raise Problem(f"There is no dashboard {unknown[0]!r}; there are {', '.join(boards)}.")
    if not wanted:
        raise Problem("No picture is left to take: no alert fired within the last day.")
    return wanted


def _ranges(given: argparse.Namespace, client: Client) -> dict[str, Range]:
    """Return the time range of each state that there is."""
    now = round(time.time() * 1000)
    fired = moments.firings(grafana.changes(client, now))
    found = {"calm": given.calm or moments.calm(fired, now)}
    if wrong := given.incident or moments.incident(fired, now):
        found["incident"] = wrong
    elif "incident" in given.state and not given.docs:
        print(
            "No alert fired within the last day, so there are no pictures of an incident: `make "
            "incident`, wait for its mail, and come again."
        )
    return found


def _flaws(shot: browser.Shot) -> str:
    said = []
    if shot.broken:
        said.append(f"{shot.broken} panels show an error")
    if shot.late:
        said.append("still loading after two minutes")
    if shot.cut:
        said.append("cut: the page is longer than a browser paints")
    return f": {'; '.join(said)}" if said else ""


def _shown(path: Path) -> str:
    """Return a path as short as it can be."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _some(known: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    def parse(text: str) -> tuple[str, ...]:
        words = _words(text)
        if not words or not set(words) <= set(known):
            raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(known)}")
        return words

    return parse


def _sizes(text: str) -> tuple[Size, ...]:
    found = []
    for word in _words(text):
        width, _, height = word.partition("x")
        if not (width.isdecimal() and height.isdecimal()):
            raise argparse.ArgumentTypeError(f"{word!r} is no size; write it as 1366x768")
        size = Size(int(width), int(height))
        if not all(_SMALLEST <= each <= _LARGEST for each in (size.width, size.height)):
            raise argparse.ArgumentTypeError(
                f"{word!r} is no window: take {_SMALLEST} to {_LARGEST} pixels each way"
            )
        found.append(size)
    if len({size.width for size in found}) < len(found) or not found:
        raise argparse.ArgumentTypeError(f"{text!r} has no size, or two of one width")
    return tuple(found)


def _range(text: str) -> Range:
    try:
        return moments.parsed(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error).rstrip(".")) from None
