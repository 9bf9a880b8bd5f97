"""Traffic that costs or attacks: who takes most, what CloudFront bills for it, what is refused."""

from collections.abc import Sequence

from dashboards.boards.changes import compared, name_of
from dashboards.grafana import figures
from dashboards.grafana.board import Board, Line, Outline
from dashboards.grafana.panels import Panel
from dashboards.grafana.tables import table_height
from dashboards.signals import DIMENSIONS, SIGNALS
from dashboards.signals.comparisons import AGAINST, LONGEST

_MOST = 7
_LONG = ("uri", "agent")  # labels that need a line of their own
_ESTIMATE = (
    "An estimate: CloudFront's own bill has volume discounts, a free tier or flat rates, and "
    "charges for other things, too. Edges in no price region have the highest price per GB."
)


def bill(board: Board) -> tuple[str, list[Line]]:
    """Estimate what CloudFront bills."""
    tiles = [
        _tile(board, "bill", "The time range above", asks=("bill", "bill_month")),
        _tile(board, "bill_month", "A month at this pace", of="tile-bill"),
    ]
    table = board.table(
        "bill-regions",
        "By price region",
        ["bill", "bytes", "requests"],
        ["price_region"],
        width=12,
    )
    tables: Line = [
        board.table("bill-hosts", "By host", ["bill", "bytes", "requests"], ["host"], width=12),
        table,
    ]
    return "What CloudFront bills for it (an estimate)", [tiles, tables]


def _tile(
    board: Board, name: str, title: str, asks: Sequence[str] = (), of: str = ""
) -> Panel | None:
    """Show one number; asks for all of some, or is `of` the panel that does."""
    signal = SIGNALS[name]
    if not board.collected.available(signal):
        return None
    asked = [SIGNALS[each] for each in asks]
    queries = [board.ask.instant(asked, filters=board.filters)] if asked else []
    scaled = board.bundle.sampling != 100
    return figures.tile(
        **board.asking(f"tile-{name}", f"{title} (scaled)" if scaled else title, queries),
        of=of,
        about=signal.title.lower(),
        description=f"{signal.described(board.store.settings.TITLE)} {_ESTIMATE}",
        reads=board.collected.fields_of(signal),
        uses=board.chosen_by(),
        number=signal.name,
        unit=signal.unit,
        decimals=2,
        width=12,
        height=4,
    )


def takers(board: Board) -> tuple[str, list[Line]]:
    """List who takes most, by bytes and by requests, with what it was before."""
    return "Who takes most, and what they took before", _both(board, ("asn", "host"))


def more_takers(board: Board) -> tuple[str, list[Line]]:
    """List what takes most."""
    return "URIs, devices and user agents that take most", _both(board, ("uri", "device", "agent"))


def _both(board: Board, names: Sequence[str]) -> list[Line]:
    lines: list[Line] = []
    for name in filter(board.usable, names):
        both = [_most(board, name, of) for of in ("bytes", "requests")]
        lines += [[each] for each in both] if name in _LONG else [both]
    return lines


def _most(board: Board, name: str, of: str) -> Panel | None:
    signal, dimension = SIGNALS[of], DIMENSIONS[name]
    if not board.collected.available(signal, dimension):
        return None
    query = board.ask.differences(
        dimension, [signal], filters=board.filters, most=_MOST, by_amount=True
    )
    return figures.ranking(
        **board.asking(f"most-{name}-{of}", f"{signal.title} by {name_of(name)}", [query]),
        about="who has most, with the change",
        description=f"Those with most, over the time range above or its last {LONGEST}; what they "
        "had in the time before it, as long, and at the same time a day earlier. Change: since the "
        "one that is chosen above.",
        reads=board.collected.fields_of(dimension, signal),
        uses=board.chosen_by() | {AGAINST},
        columns=compared(name, board.links_of(name), signal.unit),
        width=24 if name in _LONG else 12,
        height=table_height(_MOST),
    )


def refused(board: Board) -> tuple[str, list[Line]]:
    """Draw what is refused, and list by network whom it is refused."""
    return "Refused: 403 and 429", [
        [
            board.series(
                "refused-shares",
                "Requests that are refused",
                ["forbidden_share", "throttled_share"],
                width=10,
            ),
            board.table(
                "worst-refused",
                "Networks that are refused most",
                ["refused", "requests", "forbidden_share", "throttled_share"],
                ["asn"],
                having=((SIGNALS["refused"], ">=", 1),),
                width=12,
            ),
        ]
    ]


def strangers(board: Board) -> tuple[str, list[Line]]:
    """List bots by the name they give, and sites that embed what is not theirs."""
    return "Bots, and other sites that embed yours", [
        [
            board.table(
                "bots",
                "Bots by the name they give",
                ["requests", "bytes", "error_rate_4xx"],
                ["bot"],
                where=["declared_bot"],
                width=12,
                description="Requests whose user agent says that it is a bot. Whoever lies about "
                "it is not here.",
            ),
            board.table(
                "hot-links",
                "Sites that embed pictures, video or sound",
                ["bytes", "requests"],
                ["referring_site"],
                where=["hot_link"],
                width=12,
                description="Other sites, by the last two parts of their name, on whose pages your "
                "pictures, video or sound are.",
            ),
        ]
    ]


def misses(board: Board) -> tuple[str, list[Line]]:
    """List what the origin had to send."""
    return "Misses that the origin pays for", [
        [
            board.table(
                "missed-traffic",
                "URIs with most bytes of misses",
                ["missed_bytes", "misses", "origin_fbl_p95"],
                ["uri", "host"],
                where=["miss"],
                width=24,
            )
        ]
    ]


def addresses(board: Board) -> tuple[str, list[Line]]:
    """List viewers' addresses; only on request of the operator."""
    return "Personal data", [
        [
            board.table(
                "addresses",
                "Viewer addresses by requests",
                ["requests", "bytes", "forbidden_share", "throttled_share"],
                ["viewer", "country"],
                width=24,
            )
        ]
    ]


OUTLINE = Outline(
    "traffic",
    "CloudFront traffic and cost",
    "Who takes most, what it costs, and who is up to no good?",
    (bill, takers, refused),
    closed=(more_takers, strangers, misses, addresses),
)
