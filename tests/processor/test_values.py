import ipaddress
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor import values
from processor.catalog import BY_NAME
from processor.config import Config
from processor.stores.timestream.layout import cleaner
from processor.stores.timestream.settings import Settings
from processor.values import (
    Malformed,
    cut,
    decode,
    hidden_headers,
    mask,
    mask_list,
    milliseconds,
)

CMCD_TEXTS = [name for name, each in BY_NAME.items() if name[:5] == "cmcd-" and each.decode]


def clean(name, value, **config):
    settings = Settings(layout=config.pop("layout", "multi"))
    return cleaner(BY_NAME[name], Config(settings=settings, **config))(value)


@given(st.text().filter(lambda text: "\0" not in text))
def test_what_was_percent_encoded_once_comes_back_whole(text):
    assert decode(quote(text, safe="")) == text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_an_escape_cut_anywhere_leaves_only_whole_characters(text):
    encoded = quote(text, safe="")
    for end in range(len(encoded)):
        assert text.startswith(decode(encoded[:end]))


def test_an_encoded_escape_is_decoded_once_only():
    assert decode("100%2525") == "100%25"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("50% off", "50% off"),
        ("%zz%41", "%zzA"),
        ("a%", "a"),
        ("a%4", "a"),
        ("%E3%81%82%E3%81", "\u3042"),
        ("%FF!", "\ufffd!"),
        ("%00", "\ufffd"),
        ("", ""),
        ("%", ""),
    ],
)
def test_what_is_no_escape_stays_and_what_is_no_text_is_marked(value, expected):
    assert decode(value) == expected


def test_the_catalog_says_what_is_decoded():
    assert clean("cs-user-agent", "curl/8%20x") == "curl/8 x"
    # An encoded slash or ampersand would read as a separator.
    assert clean("cs-uri-stem", "/a%2Fb") == "/a%2Fb"
    assert clean("cs-uri-query", "q=a%26b") == "q=a%26b"


def test_the_query_string_is_split_off_the_path():
    assert clean("cs-uri-stem", "/a/b.jpg?x=1?y") == "/a/b.jpg"


def test_classic_keeps_values_as_the_original_solution_wrote_them():
    assert clean("cs-uri-stem", "/a?x=1", layout="classic") == "/a?x=1"
    assert clean("cs-user-agent", "a%20b", layout="classic") == "a%20b"
    assert clean("time-taken", "0.100", layout="classic") == "0.1"
    assert clean("timestamp", "1671005351.100", layout="classic") == "1671005351.1"
    assert clean("sc-status", "000", layout="classic") == "0"
    assert clean("sc-content-len", "-", layout="classic") == "-"
    assert clean("cs-cookie", "", layout="classic") == "-"


@pytest.mark.parametrize("value", ["-", ""])
@pytest.mark.parametrize("name", ["sc-bytes", "origin-fbl", "cs-referer", "sr-reason"])
def test_an_absent_value_is_left_out(name, value):
    assert clean(name, value) == ""


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("sc-status", "000", "0"),
        ("sc-bytes", "9223372036854775807", "9223372036854775807"),
        ("sc-range-start", "-1", "-1"),
        ("time-taken", "0.001", "0.001"),
        ("cmcd-playback-rate", "2", "2"),
        ("time-taken", "1e-3", "1e-3"),
        ("cmcd-playback-rate", "1.0499999999999998", "1.0499999999999998"),
        ("cmcd-playback-rate", "+1.5", "1.5"),
        ("cmcd-encoded-bitrate", "1200.5", "1201"),
        ("cmcd-encoded-bitrate", "-1200.5", "-1201"),
        ("cmcd-encoded-bitrate", "1200.4999", "1200"),
        ("cmcd-object-duration", "4004.0", "4004"),
        ("cmcd-deadline", "-0.4", "0"),
        ("cmcd-deadline", "+5", "5"),
        ("cmcd-deadline", "1e3", "1000"),
        ("cmcd-deadline", "000000000000000000000000005", "5"),
        ("sc-content-len", "9223372036854775806.5", "9223372036854775807"),
    ],
)
def test_numbers_are_stored_as_numbers(name, value, stored):
    assert clean(name, value) == stored


@given(st.integers(-(10**17), 10**17), st.integers(0, 9))
def test_a_whole_number_that_came_as_a_decimal_is_rounded_half_away_from_zero(whole, tenth):
    stored = int(clean("cmcd-object-duration", f"{whole}.{tenth}"))
    away = -1 if str(whole).startswith("-") else 1
    assert stored == whole + (away if tenth >= 5 else 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sc-bytes", "12a"),
        ("sc-bytes", "9223372036854775808"),
        ("sc-bytes", "9223372036854775807.5"),
        ("sc-bytes", "1e21"),
        ("sc-bytes", "9" * 5000),
        ("sc-bytes", "0x1F"),
        ("sc-bytes", "1,000"),
        ("sc-bytes", "1,5"),
        ("sc-bytes", "%31"),
        ("sc-bytes", "%22200%22"),
        ("sc-bytes", '"200"'),
        ("sc-bytes", "5 "),
        ("sc-bytes", "--5"),
        ("sc-bytes", "true"),
        ("sc-bytes", "NaN"),
        ("time-taken", "Infinity"),
        ("time-taken", "-inf"),
        ("time-taken", "0,5"),
        ("time-taken", "9" * 400),
        ("sc-bytes", "\u0663"),
        ("sc-bytes", " 1"),
        ("sc-bytes", "1_000"),
        ("time-taken", "NaN"),
        ("time-taken", "inf"),
        ("time-taken", "1e999"),
        ("time-taken", "."),
    ],
)
@pytest.mark.parametrize("layout", ["multi", "classic"])
def test_a_number_that_is_none_is_malformed_and_the_reason_does_not_quote_it(name, value, layout):
    with pytest.raises(Malformed) as caught:
        clean(name, value, layout=layout)
    assert caught.value.reason == f"{name} is not a number"


@given(st.integers(0, 9_999_999_999_999))
def test_a_timestamp_is_read_to_the_millisecond(moment):
    assert milliseconds(f"{moment // 1000}.{moment % 1000:03d}") == moment


@pytest.mark.parametrize(
    ("value", "moment"), [("1671005351", 1671005351000), ("1.1", 1100), ("1.123456789", 1123)]
)
def test_a_timestamp_with_other_decimals_is_understood(value, moment):
    assert milliseconds(value) == moment


@pytest.mark.parametrize("value", ["-", "", "-1.0", "99999999999.000", "1.6E9", "now", "1.", ".5"])
def test_a_time_that_is_none_is_malformed(value):
    with pytest.raises(Malformed):
        milliseconds(value)


@given(st.ip_addresses())
def test_masking_keeps_the_network_and_nothing_of_the_host(address):
    bits = 24 if address.version == 4 else 48
    if address.version == 6 and address.ipv4_mapped:
        address, bits = address.ipv4_mapped, 24
    network = ipaddress.ip_network((address, bits), strict=False)
    assert mask(str(address)) == str(network.network_address)


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("203.0.113.57", "203.0.113.0"),
        ("203.0.113.57:8080", "203.0.113.0"),
        ("[2001:db8:1:2::3]:443", "2001:db8:1::"),
        ("fe80::1%eth0", "fe80::"),
        ("john", ""),
        ("1.2.3.4 john@example.com", ""),
    ],
)
def test_what_is_no_address_is_left_out_when_masking(value, masked):
    assert mask(value) == masked


def test_every_address_of_a_forwarded_for_header_is_masked():
    assert clean("x-forwarded-for", "203.0.113.57,%2010.1.2.3,%20unknown", viewer_ip="mask") == (
        "203.0.113.0, 10.1.2.0"
    )
    assert mask_list("john, jane") == ""


@pytest.mark.parametrize("name", CMCD_TEXTS)
@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("%22abc%22", "abc"),
        ("%22a%5C%22b%5C%5Cc%22", 'a"b\\c'),
        ("abc", "abc"),
        ('"abc"', "abc"),
        ("%22abc", '"abc'),
        ("..%252Fnext.m4v", "..%2Fnext.m4v"),
        ("a%20b", "a b"),
        ("%22", '"'),
        ("%22%22", ""),
    ],
)
def test_all_cmcd_texts_are_decoded_alike(name, value, stored):
    assert clean(name, value) == stored
    assert clean(name, value, layout="classic") == value


def test_every_text_of_cmcd_is_among_them():
    assert {"cmcd-content-id", "cmcd-session-id", "cmcd-next-object-request"} < set(CMCD_TEXTS)
    texts = {n for n, each in BY_NAME.items() if n[:5] == "cmcd-" and each.type == "VARCHAR"}
    assert texts == set(CMCD_TEXTS)


FORGED = "host:www.example.com%0Acookie:session=abc%250Asecret=xyz%0Aaccept:*/*%0A"


@pytest.mark.parametrize(
    ("layout", "stored"),
    [
        ("multi", "host:www.example.com\naccept:*/*\n"),
        ("classic", "host:www.example.com%0Aaccept:*/*%0A"),
    ],
)
def test_a_value_cannot_forge_a_header(layout, stored):
    drop = frozenset({"cs-cookie"})
    assert clean("cs-headers", FORGED, layout=layout, drop=drop) == stored
    assert clean("cs-headers", FORGED, layout="classic") == FORGED
    assert clean("cs-headers", FORGED).count("\n") == 3  # decoded once, nothing dropped


@pytest.mark.parametrize(
    "cookie",
    [
        "cookie:SECRET%0A",
        "Cookie:SECRET%0A",
        "COOKIE%20:SECRET%0A",
        "%20cookie:SECRET%0A",
        "%63ookie:SECRET%0A",
        "cookie%3ASECRET%0A",
        "cookie%253ASECRET%0A",
        "cookie:a%0ASECRET%0A",
        "cookie:a%0aSECRET%0a",
        "cookie:a%0D%0A%20SECRET%0A",
        "cookie:a%0D%0A%09x:SECRET%0A",
        "cookie:a%0ASECRET=1:2%0A",
        "cookie:%0ASECRET%0A",
        "cookie%0ASECRET%0A",
        "cookie:a%250Ax:SECRET%0A",
        "cookie:a%25250Ax:SECRET%0A",
        "cookie:a%0Dx SECRET%0A",
        "cookie:SECRET",
        "cookie:SECRET%",
        "cookie:SECRET%0",
        ":cookie:SECRET%0A",
    ],
)
@pytest.mark.parametrize("layout", ["multi", "classic"])
def test_a_dropped_header_is_gone_however_it_is_spelled(cookie, layout):
    value = f"host:www.example.com%0A{cookie}"
    if cookie.lower().endswith("%0a"):
        value += "accept:*/*%0A"
    found = clean("cs-headers", value, layout=layout, drop=frozenset({"cs-cookie"}))
    assert "SECRET" not in found
    assert "host:www.example.com" in found
    assert ("accept:*/*" in found) == ("accept" in value)


NAMES = st.sampled_from(["host", "Cookie", "accept", "x-own", "REFERER", "user-agent"])
BITS = st.sampled_from(
    ["\n", "\r\n", "\r", "\t", ":", "%", "%0A", "%3A", "%250A", "cookie:", " ", ";", "=", "\u00e9"]
)


@given(
    st.lists(st.tuples(NAMES, st.lists(BITS, max_size=6)), max_size=6),
    st.sets(st.sampled_from(["cs-cookie", "cs-referer", "cs-user-agent"])),
    st.sampled_from(["multi", "classic"]),
    st.one_of(st.none(), st.integers(0, 300)),
)
def test_no_byte_of_a_dropped_headers_value_is_in_what_is_written(headers, drop, layout, end):
    """A value is marked at either end and between any two of its pieces.

    The marks are no names of headers: a line end followed by one would be a header of its own, and
    HTTP allows no line end in a value.
    """
    config = Config(settings=Settings(layout=layout), drop=frozenset(drop))
    hidden = hidden_headers(config)
    sent = ""
    for number, (name, bits) in enumerate(headers):
        mark = f"S{number};" if name.lower() in hidden else "kept"
        value = mark + mark.join(bits) + mark
        # As CloudFront writes it: what is in a value is encoded, its percent signs too.
        sent += f"{quote(name)}:{quote(value, safe='')}%0A"
    stored = cleaner(BY_NAME["cs-headers"], config)(sent[:end])  # as cut at 800 bytes
    for number in range(len(headers)):
        assert f"S{number}" not in stored
    if end is None and not hidden and layout == "classic" and sent:
        assert stored == sent


def test_headers_do_not_bring_back_what_was_dropped_or_masked():
    config = {
        "viewer_ip": "mask",
        "drop": frozenset({"cs-cookie", "cs-uri-query"}),
    }
    value = (
        "Host:a%0ACookie:session=1%0AX-Forwarded-For:203.0.113.57%0A"
        "referer:https://a/?secret%0Aaccept:*/*%0A"
    )
    assert clean("cs-headers", value, **config) == "Host:a\naccept:*/*\n"


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-For",
        "Forwarded",
        "X-Real-IP",
        "X-Client-IP",
        "X-Cluster-Client-IP",
        "Client-IP",
        "CF-Connecting-IP",
        "Fastly-Client-IP",
        "True-Client-IP",
        "CloudFront-Viewer-Address",
    ],
)
@pytest.mark.parametrize("viewer_ip", ["mask", "drop"])
def test_no_header_that_proxies_put_the_viewers_address_in_is_kept(header, viewer_ip):
    value = f"host:a%0A{header}:203.0.113.57%0Aaccept:*/*%0A"
    assert clean("cs-headers", value, viewer_ip=viewer_ip) == "host:a\naccept:*/*\n"


def test_what_is_dropped_is_dropped_from_whatever_repeats_it():
    cmcd = frozenset({"cmcd-session-id"})
    assert clean("cs-uri-query", "a=1&CMCD=sid%3D%22x%22&b=2", drop=cmcd) == "a=1&b=2"
    assert clean("cs-uri-query", "cmcd=sid%3D%22x%22", drop=cmcd) == ""
    assert clean("cs-uri-stem", "/v?CMCD=x&b=2", drop=cmcd, layout="classic") == "/v?b=2"
    headers = "host:a%0ACMCD-Session:sid=%22x%22%0Aaccept:*/*%0A"
    assert clean("cs-headers", headers, drop=cmcd) == "host:a\naccept:*/*\n"
    addresses = "host:a%0Ax-real-ip:203.0.113.57%0A"
    assert clean("cs-headers", addresses, drop=frozenset({"x-forwarded-for"})) == "host:a\n"
    country = "host:a%0ACloudFront-Viewer-Country:JP%0A"
    assert clean("cs-headers", country, drop=frozenset({"c-country"})) == "host:a\n"


def test_dropping_the_query_string_drops_it_from_wherever_it_appears():
    drop = frozenset({"cs-uri-query"})
    path = "cs-headers", ":path:/b?token=1%0Ahost:a%0A"
    assert clean(*path, drop=drop) == "host:a\n"
    following = "cmcd-next-object-request"
    for value in ("%22n.ts?token=1%22", "n.ts%3Ftoken=1", "n.ts%253Ftoken=1"):
        assert "token" not in clean(following, value, drop=drop)
        assert "token" not in clean(following, value, drop=drop, layout="classic")
    assert clean("cs-referer", "https://a/b?token=1", drop=drop) == "https://a/b"
    assert clean("cs-uri-stem", "/b?token=1", drop=drop, layout="classic") == "/b"


@given(st.text(), st.integers(0, 40))
def test_text_is_cut_on_a_characters_boundary(text, limit):
    text = text.encode("utf-8", "ignore").decode()
    kept = cut(text, limit)
    assert text.startswith(kept)
    assert len(kept.encode()) <= limit
    if kept != text:
        assert len(text[: len(kept) + 1].encode()) > limit


@pytest.mark.parametrize(
    ("usual", "value"),
    [
        (values.USUAL["BIGINT"], "12"),
        (values.USUAL["DOUBLE"], "0.25"),
        (values.usual_times, "1790000000.123"),
    ],
)
def test_a_column_with_an_empty_value_anywhere_is_not_usual(usual, value):
    assert usual("\t".join([value] * 3))
    for at in range(3):
        column = [value] * 3
        column[at] = ""
        assert not usual("\t".join(column))
