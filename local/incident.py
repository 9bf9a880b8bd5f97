"""``python -m local incident``: break the live traffic of a running serve for a while."""

import argparse
import time

from local.control import ask
from local.incidents import ALIASES, KINDS
from local.stores import Store

HELP = "break the live traffic of a running serve for a while"
DESCRIPTION = """Break the live traffic of a running `python -m local serve` for a while.

  python -m local incident country=BR kind=5xx minutes=10
  python -m local incident edge=FRA56-P12 kind=slow share=0.6
  python -m local incident behavior='/checkout/*' kind=silence
  python -m local incident stop

Keys: kind (default 5xx), minutes (default 10), share of the matching requests (default 1),
{aliases}, and every other field by CloudFront's name; several must all match.
Kinds:
{kinds}""".format(
    aliases=", ".join(key for key in ALIASES if key != "behaviour"),
    kinds="\n".join(f"  {kind:<12} {meaning}" for kind, meaning in KINDS.items()),
)
DEFAULT_CONTROL = "http://127.0.0.1:8088"


def arguments(parser: argparse.ArgumentParser, store: Store | None = None) -> None:
    """Add the subcommand's options, the same for every store."""
    parser.add_argument(
        "words", metavar="KEY=VALUE", nargs="+", help="what breaks, see above; stop ends it all"
    )
    parser.add_argument(
        "--control",
        metavar="URL",
        default=DEFAULT_CONTROL,
        help="the control URL that serve prints (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Ask the running serve for the incident."""
    if args.words == ["stop"]:
        ended = ask(args.control, "DELETE", "/incidents")["ended"]
        print(f"{ended} incident{'' if ended == 1 else 's'} ended")
        return 0
    answer = ask(args.control, "POST", "/incidents", {"words": args.words})
    print(
        f"{answer['incident']}, until {time.strftime('%H:%M:%S', time.localtime(answer['until']))}"
    )
    return 0
