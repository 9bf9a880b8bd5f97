"""What a field's value becomes: percent-decoded, masked, cut. One function per configured field.

Timestream's limits: https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html
"""

import re
from codecs import utf_8_decode
from collections.abc import Callable

from processor.catalogue import Field
from processor.config import Config

Clean = Callable[[str], str]  # the value to store; "" to leave it out
ABSENT = ("-", "")

_integer = re.compile(r"-?[0-9]{1,19}").fullmatch
_decimal = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?(?:[eE][+-]?[0-9]{1,2})?").fullmatch
_timestamp = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,9}))?").fullmatch
_escaped = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ascii = {f"%{code:02X}": chr(code) for code in range(1, 128)}
# Columns as CloudFront writes them, tab-separated: stored as they are, with nothing to look at.
USUAL = {
    "BIGINT": re.compile(r"(?:(?:0|[1-9][0-9]{0,17})(?:\t|$))+").fullmatch,
    "DOUBLE": re.compile(r"(?:[0-9]{1,15}(?:\.[0-9]{1,15})?(?:\t|$))+").fullmatch,
}
usual_times = re.compile(r"(?:[0-9]{10}\.[0-9]{3}(?:\t|$))+").fullmatch
_BIGINT_MAX = 2**63 - 1


class Malformed(ValueError):
    """A value that is not what its field holds; ``code`` is what metrics count by."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def milliseconds(value: str) -> int:
    """CloudFront's timestamp, epoch seconds with three decimals, as epoch milliseconds."""
    match = _timestamp(value)
    if not match:
        raise Malformed("not_a_time", "timestamp is not a number of seconds")
    return int(match[1]) * 1000 + int((match[2] or "").ljust(3, "0")[:3])


def cleaner(field: Field, config: Config) -> Clean:
    """Return what makes the stored value of one field. It raises Malformed."""
    classic = config.layout == "classic"
    if field.type == "BIGINT":
        return _with_name(_python_integer if classic else _clean_integer, field)
    if field.type in ("DOUBLE", "TIMESTAMP"):
        return _with_name(_python_float if classic else _clean_decimal, field)
    steps = _steps(field, config)
    if field.decode and not classic:
        steps.insert(0, decode)
    absent = "-" if classic else ""

    def clean(value: str) -> str:
        if value in ABSENT:
            return absent
        for step in steps:
            value = step(value)
        return value or absent

    return clean


def is_plain(field: Field, config: Config) -> bool:
    """Whether the field's text is stored as it comes, but for its length (and decoding)."""
    return field.type == "VARCHAR" and not _steps(field, config)


def _steps(field: Field, config: Config) -> list[Clean]:
    """Return what is done to the field's text beside decoding it."""
    classic = config.layout == "classic"
    steps: list[Clean] = []
    if field.name == "cs-uri-stem" and (not classic or "cs-uri-query" in config.drop):
        steps.append(_path)
    if field.name == "cs-referer" and "cs-uri-query" in config.drop:
        steps.append(_path)
    if field.name == "cs-headers":
        hidden = _hidden_headers(config)
        if hidden:
            steps.append(lambda value: _without_headers(value, hidden))
    if config.viewer_ip == "mask" and field.name == "c-ip":
        steps.append(mask)
    if config.viewer_ip == "mask" and field.name == "x-forwarded-for":
        steps.append(lambda value: mask_list(value if not classic else decode(value)))
    return steps


def decode(value: str) -> str:
    """Percent-decode once. An escape that CloudFront cut in two at its end is dropped.

    Bytes that are not UTF-8 become U+FFFD; so does NUL, which no reader can show.
    """
    if "%" not in value:
        return value
    # The usual ones first, without a function call for each.
    value = value.replace("%20", " ").replace("%0A", "\n").replace("%22", '"')
    if "%" not in value:
        return value
    if value[-1] == "%" or value[-2:-1] == "%":
        value = value[: value.rindex("%")]
    end = len(value)

    def run(match: re.Match[str]) -> str:
        text = match[0]
        if text in _ascii:
            return _ascii[text]
        # A character whose last bytes were cut off at the end of the value is dropped.
        raw = bytes.fromhex(text.replace("%", ""))
        return utf_8_decode(raw, "replace", match.end() != end)[0].replace("\0", "\ufffd")

    return _escaped.sub(run, value)


def mask(address: str) -> str:
    """Keep the network: /24 of an IPv4 address, /48 of an IPv6 one. "" if it is no address."""
    import ipaddress  # only a stack that masks pays for the import

    address = address.strip().strip('"')
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:  # IPv4 with a port
        address = address.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if parsed.version == 6 and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    bits = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, bits), strict=False).network_address)


def mask_list(addresses: str) -> str:
    """Mask every address of an X-Forwarded-For header; what is no address is left out."""
    return ", ".join(filter(None, map(mask, addresses.split(","))))


def cut(text: str, limit: int) -> str:
    """Return as much of the text as fits the limit in UTF-8 bytes, in whole characters."""
    if len(text) <= limit and (text.isascii() or len(text.encode()) <= limit):
        return text
    return text.encode()[: max(limit, 0)].decode("utf-8", "ignore")


def _with_name(clean: Clean, field: Field) -> Clean:
    def named(value: str) -> str:
        try:
            return clean(value)
        except ValueError:
            raise Malformed("not_a_number", f"{field.name} is not a number") from None

    return named


def _clean_integer(value: str) -> str:
    if value in ABSENT:
        return ""
    if not _integer(value) or not -_BIGINT_MAX <= (number := int(value)) <= _BIGINT_MAX:
        raise ValueError
    return str(number)


def _clean_decimal(value: str) -> str:
    if value in ABSENT:
        return ""
    if not _decimal(value):
        raise ValueError
    return value


def _python_integer(value: str) -> str:
    return _clean_integer(value) or "-"


def _python_float(value: str) -> str:
    return str(float(value)) if _clean_decimal(value) else "-"


def _path(value: str) -> str:
    return value.partition("?")[0]


def _hidden_headers(config: Config) -> frozenset[str]:
    """Name the request headers whose values must not come back in through cs-headers."""
    hidden = {
        header
        for header, name in (
            ("cookie", "cs-cookie"),
            ("referer", "cs-referer"),
            ("user-agent", "cs-user-agent"),
            ("accept", "cs-accept"),
            ("accept-encoding", "cs-accept-encoding"),
            ("host", "cs-host"),
            ("x-forwarded-for", "x-forwarded-for"),
        )
        if name in config.drop
    }
    if "cs-uri-query" in config.drop:
        hidden.add("referer")
    if config.viewer_ip != "keep" or "c-ip" in config.drop:
        hidden |= {
            "x-forwarded-for",
            "forwarded",
            "x-real-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "client-ip",
            "cf-connecting-ip",
            "fastly-client-ip",
            "true-client-ip",
            "cloudfront-viewer-address",
        }
    return frozenset(hidden)


def _without_headers(value: str, hidden: frozenset[str]) -> str:
    lines = decode(value).split("\n")
    return "\n".join(line for line in lines if line.partition(":")[0].strip().lower() not in hidden)
