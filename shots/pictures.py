"""Which pictures are taken, as data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

STATES = ("calm", "incident")
THEMES = ("dark", "light")


@dataclass(frozen=True, order=True)
class Size:
    """A window of the browser, in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        """``1366x768``."""
        return f"{self.width}x{self.height}"


# A screen on a desk, and a laptop.
SIZES = (Size(1600, 1000), Size(1366, 768))


@dataclass(frozen=True)
class Picture:
    """One picture: a dashboard, by the end of its uid, in one state, theme and size."""

    board: str
    state: str
    theme: str
    size: Size
    whole: bool = True  # the page's whole height, or only what the window shows
    bare: bool = False  # without Grafana's own bars
    name: str = ""  # of the file; "" makes one of the rest

    @property
    def file(self) -> str:
        """The file's name."""
        made = f"{self.board}-{self.state}-{self.theme}-{self.size.width}"
        return f"{self.name or made}.png"


def _docs(board: str, state: str = "incident") -> Picture:
    return Picture(board, state, "light", Size(1366, 768), bare=True, name=board)


# Those in docs/images/: README.md and docs/dashboards.md show them.
DOCS: Sequence[Picture] = (
    _docs("overview"),
    _docs("edges"),
)
# Others there: a message in a mail catcher, and an entry of the runbook that was opened.
BY_HAND = ("alert-mail.png", "runbook.png")


def every(
    boards: Iterable[str],
    states: Sequence[str],
    themes: Sequence[str],
    sizes: Sequence[Size],
    *,
    bare: bool = False,
) -> list[Picture]:
    """Return a picture of each dashboard in each state, theme and size."""
    return [
        Picture(board, state, theme, size, bare=bare)
        for board in boards
        for state in states
        for theme in themes
        for size in sizes
    ]
