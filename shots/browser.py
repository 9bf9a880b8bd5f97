"""Drives an installed Chromium or Chrome over its DevTools protocol, with Playwright.

https://playwright.dev/python/
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from cli.errors import Problem
from shots.moments import Range
from shots.pictures import Picture, Size

# As they are called on Debian, Fedora, macOS and elsewhere; the first that is there is taken.
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_PATIENCE = 120_000  # milliseconds for a page, and then for its panels
_SETTLED = 700  # milliseconds for which a page has to be at rest
_TALLEST = 16_000  # pixels; a longer page is cut: Chromium paints no more at once

# The height of all that can be scrolled to; before Grafana 12 an element scrolls, not the page.
_HEIGHT = """() => Math.ceil(Math.max(
  document.documentElement.scrollHeight,
  ...[...document.querySelectorAll('.scrollbar-view')].map(
    each => each.getBoundingClientRect().top + each.scrollHeight)))"""
_HAS_PANELS = """() => document.querySelector('section[data-testid^="data-testid Panel header"]')"""
# All that says in Grafana that something is loading turns or moves for ever: bars and spinners.
_AT_REST = """settled => {
  const now = performance.now();
  const moves = document.getAnimations().some(each =>
    each.playState === 'running' && each.effect?.getComputedTiming().iterations === Infinity);
  if (moves) window.shotsSince = now;
  return now - (window.shotsSince ??= now) > settled;
}"""
_BROKEN = '[data-testid="data-testid Panel status error"]'


@dataclass(frozen=True)
class Shot:
    """A picture that was taken, and how many of its panels show an error."""

    picture: Picture
    path: Path
    broken: int
    cut: bool  # the page is longer than can be painted
    late: bool  # something was still loading


def find() -> str:
    """Return the path of the browser; raises Problem when there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        path = shutil.which(named)
        if path is None:
            raise Problem(f"CHROMIUM names {named}, which is no program; correct or unset it.")
        return path
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    raise Problem(
        "There is no browser: install Chromium or Chrome (Debian: apt install chromium), or name "
        "one with CHROMIUM=/path/to/it."
    )


class Browser:
    """A browser that looks at one Grafana, with a token if there is one."""

    def __init__(self, running: Any, url: str, token: str) -> None:
        self._running, self._url, self._token = running, url, token

    def take(
        self, uid: str, range_: Range, pictures: Mapping[Size, Picture], folder: Path
    ) -> Iterator[Shot]:
        """Take pictures of a dashboard that differ in their size only; yields each when done.

        Raises Problem when the dashboard does not appear.
        """
        from playwright.sync_api import Error

        one = next(iter(pictures.values()))
        query = {"from": range_.start, "to": range_.end, "theme": one.theme, "refresh": ""}
        address = f"{self._url}/d/{uid}?{urlencode(query)}{'&kiosk' if one.bare else ''}"
        context = self._running.new_context(
            viewport={"width": one.size.width, "height": one.size.height},
            color_scheme=one.theme,
        )
        context.set_default_timeout(_PATIENCE)
        if self._token:
            # To the Grafana alone: a page may also ask a server of maps.
            context.route(f"{self._url}/**", self._signed)
        try:
            page = context.new_page()
            answer = page.goto(address)
            if answer is None or not answer.ok or "/login" in page.url:
                raise Problem(f"{address} does not open; is the token good for it?")
            for size, picture in pictures.items():
                yield self._shot(page, size, picture, folder)
        except Error as error:
            first = str(error).splitlines()[0]
            raise Problem(f"The browser cannot show {address}: {first}") from None
        finally:
            context.close()

    def _shot(self, page: Any, size: Size, picture: Picture, folder: Path) -> Shot:
        page.set_viewport_size({"width": size.width, "height": size.height})
        page.wait_for_function(_HAS_PANELS)
        rests = height = 0
        # Panels load when they come into view, and some then grow.
        while height < (taller := _wanted(page, size, picture)):
            height = taller
            page.set_viewport_size({"width": size.width, "height": height})
            rests = _rests(page)
        path = folder / picture.file
        page.screenshot(path=path, animations="disabled", caret="hide")
        broken = page.locator(_BROKEN).count()
        return Shot(picture, path, broken, cut=height == _TALLEST, late=not rests)

    def _signed(self, route: Any) -> None:
        headers = {**route.request.headers, "authorization": f"Bearer {self._token}"}
        route.continue_(headers=headers)


def _wanted(page: Any, size: Size, picture: Picture) -> int:
    """Return the height that the window should have, in pixels."""
    return min(page.evaluate(_HEIGHT), _TALLEST) if picture.whole else size.height


def _rests(page: Any) -> bool:
    """Wait until nothing is loading; return whether that came in time."""
    from playwright.sync_api import TimeoutError as Late

    try:
        page.evaluate("() => { window.shotsSince = undefined; }")
        page.wait_for_function(_AT_REST, arg=_SETTLED, polling=100)
    except Late:
        return False
    return True


@contextmanager
def opened(program: str, url: str, token: str) -> Iterator[Browser]:
    """Start the browser, and end it; raises Problem when it does not start."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise Problem("Playwright is not installed; `make shots` installs it.") from None

    with sync_playwright() as driver:
        try:
            running = driver.chromium.launch(executable_path=program)
        except Error as error:
            first = str(error).splitlines()[0]
            raise Problem(
                f"{program} does not start ({first}); name another with CHROMIUM=/path/to/it."
            ) from None
        try:
            yield Browser(running, url, token)
        finally:
            running.close()
