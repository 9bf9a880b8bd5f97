"""How a push recognizes what it made: a mark for each kind, which survives edits. No state file.

| kind | the mark |
|---|---|
| folder | its uid ends in `mark(name)`, which nobody types by accident |
| datasource | `jsonData.managedBy` |
| dashboard | a uid of ours in a folder of ours; or, elsewhere, the tag or the first message |
| contact point | the uid of each receiver ends in `mark(name)` and a fingerprint of its secrets |
| template | the comment in its first line |
| mute timing | provenance `api` and exactly the name that is built |
| alert rule | provenance `api` and a uid of ours in a folder of ours |
| notification policy | the reserved matcher (only where rules cannot name their receiver) |

`name` is the bundle's: two bundles side by side do not see each other's things.
"""

import hashlib
import re

PRODUCT = "cloudfront-grafana"
PRODUCT_TITLE = "CloudFront"
MARK_LENGTH = 8
ROUTE_LABEL = "cloudfront_grafana"
_UID = re.compile(r"[a-z][a-z0-9-]{0,39}")


def mark(name: str) -> str:
    """Eight hex digits that stand for this product's bundle `name`."""
    return hashlib.sha256(f"{PRODUCT}/{name}".encode()).hexdigest()[:MARK_LENGTH]


def valid_uid(uid: str) -> bool:
    """Whether every Grafana from 10.4 to 13 takes `uid`, also as a Kubernetes name."""
    return _UID.fullmatch(uid) is not None


def grafana_uid(uid: str) -> bool:
    """Whether Grafana takes `uid` for something new."""
    return re.fullmatch(r"[A-Za-z0-9_-]{1,40}", uid) is not None


def prefixed(uid: str, name: str) -> bool:
    """Whether `uid` is of the bundle `name` by its first part."""
    return uid == name or uid.startswith(f"{name}-")


def slug(text: str) -> str:
    """`text` as lower-case words joined by `-`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _shortened(text: str, length: int) -> str:
    """`text`, or its beginning and a digest of the whole, in at most `length` characters."""
    if len(text) <= length:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:4]
    return f"{text[: length - 5].rstrip('-')}-{digest}"


def folder_uid(name: str, title: str) -> str:
    """Return the uid of our folder `title`: `cloudfront-alerts-1a2b3c4d`, at most 40 characters.

    Two titles never share one: where the words alone do not tell them apart (other scripts, signs,
    case, length), a digest of the title does.
    """
    words = slug(title)
    stem = words if prefixed(words, name) else "-".join(filter(None, (name, words)))
    if title not in _plain_titles(name) or len(stem) > 39 - MARK_LENGTH:
        digest = hashlib.sha256(title.encode(errors="surrogatepass")).hexdigest()[:8]
        stem = f"{stem[: 30 - MARK_LENGTH].rstrip('-')}-{digest}"
    return f"{stem}-{mark(name)}"


def _plain_titles(name: str) -> set[str]:
    """Return the titles that a bundle's folders have by default: their words are enough."""
    usual = (PRODUCT_TITLE, f"{PRODUCT_TITLE} ({name})")
    return {f"{title}{more}" for title in usual for more in ("", " alerts")}


def owns_folder(name: str, uid: str) -> bool:
    """Whether the folder `uid` was made by a push of `name`."""
    return uid.endswith(f"-{mark(name)}")


def managed_by(name: str) -> str:
    """Return what a datasource of ours says in `jsonData.managedBy`."""
    return f"{PRODUCT}/{name}"


def dashboard_tag(name: str) -> str:
    """Return the tag of every dashboard of ours."""
    return f"managed:{name}"


def receiver_uid(name: str, uid: str, secret: str) -> str:
    """Return the uid of a receiver of ours; `secret` is its secrets' fingerprint, or "".

    A rotated secret gives another uid: the new receiver is there before the old one goes.
    """
    return f"{_shortened(uid, 39 - MARK_LENGTH - 6)}-{mark(name)}{secret or '0' * 6}"


def owns_receiver(name: str, uid: str) -> bool:
    """Whether the contact-point receiver `uid` was made by a push of `name`."""
    return re.search(rf"-{mark(name)}[0-9a-f]{{6}}$", uid) is not None


def same_receiver(uid: str, other: str) -> bool:
    """Whether two receivers of ours differ in their secrets only."""
    return uid[:-6] == other[:-6]


def template_comment(name: str) -> str:
    """Return the first line of a template of ours."""
    return f"{{{{/* managed by {managed_by(name)}: a push overwrites what is edited here */}}}}"


def route_value(name: str, key: str) -> str:
    """Return the value of the reserved matcher of one of our notification policies."""
    return f"{name}/{key}"
