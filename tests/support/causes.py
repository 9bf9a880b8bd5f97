"""What failing requests have in common, in plain Python: the sentence that messages have to say."""

from collections import Counter
from collections.abc import Callable, Sequence

from local.traffic import Request
from tests.support.expected import LABELS, hit, miss, origin_error, origin_request

Holds = Callable[[Request], bool]

ASPECTS = ("country", "behavior", "host", "edge")
_BEFORE = {"country": "from", "behavior": "to", "host": "to", "edge": "from"}


def how(request: Request) -> str:
    """Return how an answer came about, and on which side to look."""
    if hit(request):
        return "on hits (edge side)"
    if miss(request) or origin_error(request):
        return f"on misses ({'origin' if origin_request(request) else 'edge'} side)"
    return "on the edge side"


def percent(part: int, whole: int) -> str:
    """Return a share, in whole percent; neither nothing nor all unless it is."""
    return f"{min(99, max(1, int(100 * part / whole + 0.5)))} %"


def tells(name: str, rows: Sequence[Request], bad: Sequence[Request]) -> tuple[int, str] | None:
    """Return a dimension's telling value, and by how many twentieths its share is greater."""
    label = LABELS[name]
    value, many = Counter(map(label, bad)).most_common(1)[0]
    among = sum(label(each) == value for each in rows)
    if value == "-" or 2 * many <= len(bad) or many * len(rows) * 4 < among * len(bad) * 5:
        return None
    return 20 * (many * len(rows) - among * len(bad)) // (len(bad) * len(rows)), value


def cause(
    rows: Sequence[Request],
    fails: Holds,
    *,
    by: str | None = None,
    noun: str = "errors",
    told: bool = True,
) -> str:
    """Return the sentence about the requests of one alert instance; `told` is about hits."""
    bad = [each for each in rows if fails(each)]
    if not bad:
        return ""
    found = {name: tells(name, rows, bad) for name in ASPECTS if name != by}
    facts = [(name, *fact) for name, fact in found.items() if fact]
    facts.sort(key=lambda fact: -fact[1])  # stable: the more familiar first
    chain: list[tuple[str, str, Holds]] = [
        (name, value, lambda r, name=name, value=value: LABELS[name](r) == value)  # type: ignore[misc]
        for name, _, value in facts
    ]
    way, many = Counter(map(how, bad)).most_common(1)[0]
    if told and 2 * many > len(bad):
        chain.append(("how", way, lambda r: how(r) == way))
    words: list[str] = []
    alone = not facts
    left = bad
    for name, value, holds in chain:
        before, left = left, [each for each in left if holds(each)]
        if 2 * len(left) <= len(bad):
            break
        all_ = len(left) == len(before)
        shown = value[:60]
        if not words:
            share = "All" if all_ else percent(len(left), len(before))
            words.append(f"{share} of the {noun}: {'' if name == 'how' else name + ' '}{shown}")
        elif name == "how":
            words.append(shown if all_ else f"{percent(len(left), len(before))} {shown}")
        else:
            share = "all" if all_ else percent(len(left), len(before))
            words.append(f"{share} {_BEFORE[name]} {name} {shown}")
    said = ", ".join(words) or f"Nothing stands out among the {noun}"
    if words and alone:
        said += "; nothing else stands out"
    uris = Counter(LABELS["uri"](each) for each in bad)
    uri, many = min(uris.items(), key=lambda item: (-item[1], item[0]))
    share = "all" if many == len(bad) else percent(many, len(bad))
    return f"{said}. Worst URI: {uri[:60]} ({share})."
