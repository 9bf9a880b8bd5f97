"""Make stored values: percent-decoded, masked, cut. There is one function per configured field.

A store may ask for values ``raw``: as CloudFront wrote them, changed only for privacy.
"""

import re
import sys
from codecs import utf_8_decode
from collections.abc import Callable

from processor.catalog import Field
from processor.config import ADDRESS_FIELDS, Config

Clean = Callable[[str], str]  # the value to store; "" to leave it out
ABSENT = ("-", "")
QUERIES = ("cs-uri-query", "cs-uri-stem", "cs-referer")  # may hold a query string

_integer = re.compile(r"-?[0-9]{1,19}").fullmatch
_decimal = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?(?:[eE][+-]?[0-9]{1,2})?").fullmatch
# Numbers as players and origins write them. A longer text is not taken for a number.
_number = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?").fullmatch
_timestamp = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,9}))?").fullmatch
_escaped = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ascii = {f"%{code:02X}": chr(code) for code in range(1, 128)}
_header_end = re.compile(r"(%0[AaDd]|[\r\n])")
_header_start = re.compile(r":?[!#$&'*+.^_`|~0-9A-Za-z-]+:").match
# A question mark in a value that is percent-encoded any number of times.
_encoded_question = re.compile(r"\?|%(?:25)*3[Ff]").split
_cmcd_parameter = re.compile(r"(?:(?<=[?&])|^)CMCD=[^&]*&?", re.IGNORECASE).sub
_backslash = re.compile(r'\\(["\\])')
# Columns that CloudFront writes as they are stored, tab-separated: no value needs a look.
USUAL = {
    "BIGINT": re.compile(r"(?:(?:0|[1-9][0-9]{0,17})(?:\t(?!$)|$))+").fullmatch,
    "DOUBLE": re.compile(r"(?:[0-9]{1,15}(?:\.[0-9]{1,15})?(?:\t(?!$)|$))+").fullmatch,
}
usual_times = re.compile(r"(?:[0-9]{10}\.[0-9]{3}(?:\t(?!$)|$))+").fullmatch
_BIGINT_MAX = 2**63 - 1


class Malformed(ValueError):
    """A value that is not what its field holds; ``code`` is what metrics count by.

    It is fatal for the line only where the store can make no row without the value.
    """

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


def cleaner(field: Field, config: Config, *, raw: bool = False) -> Clean:
    """Return the function that makes a field's stored value; that one raises Malformed."""
    if field.type == "BIGINT":
        return _with_name(_clean_integer, field)
    if field.type in ("DOUBLE", "TIMESTAMP"):
        return _with_name(_clean_decimal, field)
    steps = _steps(field, config, raw)

    def clean(value: str) -> str:
        if value in ABSENT:
            return ""
        for step in steps:
            value = step(value)
        return value

    return clean


def is_plain(field: Field, config: Config, *, raw: bool = False) -> bool:
    """Whether the field's text is stored unchanged, except for its length (and decoding)."""
    return field.type == "VARCHAR" and set(_steps(field, config, raw)) <= {decode, unquote}


def changed_by(field: Field, config: Config) -> str | None:
    """Return the characters of which a text holds one if cleaning changes it; None: no telling."""
    marks: dict[Clean, str] = {decode: "%", unquote: '"', _path: "?"}
    steps = _steps(field, config, False)
    if field.type != "VARCHAR" or not marks.keys() >= set(steps):
        return None
    return "".join(marks[step] for step in steps)


def _steps(field: Field, config: Config, raw: bool) -> list[Clean]:
    """Return what is done to the field's text, in order."""
    steps: list[Clean] = []
    hidden = hidden_headers(config) if field.name == "cs-headers" else frozenset()
    if hidden:
        # Before it is decoded: what a header's value holds can look like a header afterwards.
        steps.append(lambda value: without_headers(value, hidden))
    if field.decode and not raw:
        steps.append(decode)
        if field.name.startswith("cmcd-"):
            steps.append(unquote)
    if field.name == "cs-uri-stem" and (not raw or "cs-uri-query" in config.drop):
        steps.append(_path)
    if field.name == "cs-referer" and "cs-uri-query" in config.drop:
        steps.append(_path)
    if field.name == "cmcd-next-object-request" and "cs-uri-query" in config.drop:
        steps.append(lambda value: _encoded_question(value, 1)[0])
    if field.name in QUERIES and any(name.startswith("cmcd-") for name in config.drop):
        steps.append(lambda value: _cmcd_parameter("", value))
    if config.viewer_ip == "mask" and field.name == "c-ip":
        steps.append(mask)
    if config.viewer_ip == "mask" and field.name == "x-forwarded-for":
        steps.append(lambda value: mask_list(decode(value) if raw else value))
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


def unquote(value: str) -> str:
    """Return what is between the quotes of a CMCD string, its escapes resolved; else the value.

    Only strings have quotes in CMCD (CTA-5004, by RFC 8941, section 3.3.3); some players put them
    around tokens, too.
    """
    if len(value) > 1 and value[0] == value[-1] == '"':
        return _backslash.sub(r"\1", value[1:-1])
    return value


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
    """Return a BIGINT's text. A decimal is rounded, half away from zero as in SQL."""
    if value in ABSENT:
        return ""
    if _integer(value):
        number = int(value)
    elif _number(value):
        from decimal import ROUND_HALF_UP, Decimal

        exact = Decimal(value)
        if abs(exact) > _BIGINT_MAX:
            raise ValueError
        number = int(exact.to_integral_value(ROUND_HALF_UP))
    else:
        raise ValueError
    if not -_BIGINT_MAX <= number <= _BIGINT_MAX:
        raise ValueError
    return str(number)


def _clean_decimal(value: str) -> str:
    if value in ABSENT:
        return ""
    if _decimal(value):
        return value
    if not _number(value) or abs(number := float(value)) > sys.float_info.max:
        raise ValueError
    return repr(number)


def _path(value: str) -> str:
    return value.partition("?")[0]


# Request headers that repeat what a field holds, in lower case.
_HEADERS_OF: dict[str, tuple[str, ...]] = {
    "cs-cookie": ("cookie",),
    "cs-referer": ("referer",),
    "cs-user-agent": ("user-agent",),
    "cs-accept": ("accept",),
    "cs-accept-encoding": ("accept-encoding",),
    "cs-host": ("host", "authority"),
    "cs-uri-stem": ("path",),
    "cs-uri-query": ("referer", "path"),
    "c-country": ("cloudfront-viewer-country", "cloudfront-viewer-country-name"),
    "c-port": ("cloudfront-viewer-address",),
    "asn": ("cloudfront-viewer-asn",),
}
_ADDRESS_HEADERS = (
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
)
_CMCD_HEADERS = ("cmcd-object", "cmcd-request", "cmcd-session", "cmcd-status")


def hidden_headers(config: Config) -> frozenset[str]:
    """Name the request headers whose values must not come back in through cs-headers."""
    hidden = {header for name in config.drop for header in _HEADERS_OF.get(name, ())}
    if config.viewer_ip != "keep" or config.drop & set(ADDRESS_FIELDS):
        hidden.update(_ADDRESS_HEADERS)
    if any(name.startswith("cmcd-") for name in config.drop):
        hidden.update(_CMCD_HEADERS)
    return frozenset(hidden)


def without_headers(value: str, hidden: frozenset[str]) -> str:
    """Leave the hidden headers out of cs-headers, as CloudFront encoded it.

    CloudFront ends a header with an encoded line feed. A line that does not begin with a valid
    header name and a colon continues the header before it, and is hidden with it.
    https://www.rfc-editor.org/rfc/rfc9110#section-5.1
    """
    kept: list[str] = []
    hide = False
    pieces = _header_end.split(value)
    for at in range(0, len(pieces), 2):
        text = decode(pieces[at])
        name = _fully_decoded(text).lstrip(":").partition(":")[0].strip().lower()
        if name in hidden:
            hide = True
        elif _header_start(text):
            hide = False
        if not hide:
            kept += pieces[at : at + 2]
    return "".join(kept)


def _fully_decoded(text: str) -> str:
    """Decode until nothing changes: an odd spelling of a name is still that name."""
    for _ in range(5):
        decoded = decode(text)
        if decoded == text:
            break
        text = decoded
    return text
