"""Mark a release or an invalidation on the dashboards: an annotation in a running Grafana.

https://grafana.com/docs/grafana/latest/developers/http_api/annotations/
"""

import argparse
import contextlib
import os
import time
from datetime import datetime

from dashboards.config import Bundle
from provisioning.push import discovery, targets
from provisioning.push.client import Json
from provisioning.push.console import Console
from provisioning.push.errors import ApiError, PushError, Unreachable
from provisioning.push.login import Login
from provisioning.push.secrets import Secrets

KINDS = ("deploy", "invalidation")
_PATH = "/api/annotations"
_PASSWORD = "GRAFANA_ADMIN_PASSWORD"  # noqa: S105 - the variable that has it
_LONGEST = 1000  # characters: it is read in a tooltip
_LONGEST_MINUTES = 31 * 24 * 60


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is written, and where to."""
    parser.add_argument("words", metavar="TEXT", nargs="+", help='what happened, as "release 42"')
    parser.add_argument(
        "--kind", choices=KINDS, default=KINDS[0], help="what it is (default: %(default)s)"
    )
    parser.add_argument(
        "--at",
        metavar="TIME",
        help="when it began, as 2026-11-26T14:05 (local time) or …T14:05Z; default: now",
    )
    parser.add_argument(
        "--minutes", type=float, metavar="N", help="how long it took, to mark the whole time"
    )
    parser.add_argument("--name", help="the bundle whose dashboards show it; default: the stack's")
    targets.where(parser)
    parser.add_argument("--stack", help="read the workspace and the region from a stack's outputs")


def run(given: argparse.Namespace, secrets: Secrets, console: Console) -> int:
    """Write the annotation once, and say where."""
    body = _body(given, time.time())
    place = targets.named(given, console.print)
    own = given.token or given.token_file
    if place is None:
        # A token in the environment is for the Grafana that is not named here.
        place, local = targets.Place(_local()), not own
    else:
        local = place.local and not (own or os.environ.get("GRAFANA_TOKEN"))
    signs_in = _administrator(secrets) if local else None
    with targets.connected(place, given, secrets, console.print, signs_in) as client:

        def there() -> Json | None:
            """Look for it after an unclear answer, so that it is not written twice."""
            found = client.get(_PATH, **{"from": body["time"], "to": body["time"] + 1})
            return next((each for each in found if each.get("text") == body["text"]), None)

        try:
            grafana = discovery.identify(client)
            client.create(_PATH, body, there)
        except ApiError as error:
            if error.status == 401 and signs_in:
                raise PushError(
                    f"Grafana at {client.url} does not let {signs_in.user} in; put its password "
                    f"into ${_PASSWORD}, or a service account's token (role Editor) into "
                    "$GRAFANA_TOKEN and the address into $GRAFANA_URL."
                ) from None
            raise
        except Unreachable as error:
            if not place.local:
                raise
            raise PushError(
                f"{error} Start it (docker compose up), or name another with --url or --stack."
            ) from None
        console.print(f"Grafana {grafana.text} at {client.url}: marked {body['text']!r}")
        console.print(f"tags: {', '.join(body['tags'])}; dashboards of {body['tags'][0]} show it")
    return 0


def _local() -> str:
    """Return the address of docker compose's Grafana."""
    return f"http://localhost:{os.environ.get('GRAFANA_PORT') or 3000}"


def _administrator(secrets: Secrets) -> Login:
    """Return how docker compose's Grafana lets its administrator in."""
    password = os.environ.get(_PASSWORD)
    return Login(secrets.add(password) if password else "admin", "admin")


def _body(given: argparse.Namespace, now: float) -> dict[str, Json]:
    """Return the annotation, its times in milliseconds; raises PushError for what cannot be."""
    text = " ".join(" ".join(given.words).split())
    if not text:
        raise PushError('There is no text; say what happened: "release 42".')
    if len(text) > _LONGEST:
        raise PushError(f"The text has {len(text)} characters; {_LONGEST} is the most.")
    name = given.name or (targets.bundle_name(given.stack) if given.stack else Bundle.name)
    try:
        Bundle(name=name)
    except ValueError as error:
        raise PushError(f"{error}.") from None
    began = _moment(given.at) if given.at else now
    body: dict[str, Json] = {
        "text": text,
        "tags": [name, given.kind],
        "time": round(began * 1000),
    }
    if given.minutes is not None:
        if not 0 < given.minutes <= _LONGEST_MINUTES:
            raise PushError(f"--minutes {given.minutes:g} is not between 0 and 31 days.")
        body["timeEnd"] = round((began + given.minutes * 60) * 1000)
    return body


def _moment(text: str) -> float:
    """Return a time in epoch seconds; without a zone it is local."""
    with contextlib.suppress(ValueError, OverflowError, OSError):
        if (moment := datetime.fromisoformat(text).timestamp()) > 0:
            return moment
    raise PushError(
        f"--at {text!r} is no time; write it as 2026-11-26T14:05, or as 2026-11-26T14:05Z."
    )
