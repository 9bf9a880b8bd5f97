import ipaddress
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor.catalogue import BY_NAME
from processor.config import Config
from processor.values import Malformed, cleaner, cut, decode, mask, mask_list, milliseconds


def clean(name, value, **config):
    return cleaner(BY_NAME[name], Config(**config))(value)


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


def test_the_catalogue_says_what_is_decoded():
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
    ],
)
def test_numbers_are_stored_as_numbers(name, value, stored):
    assert clean(name, value) == stored


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sc-bytes", "12a"),
        ("sc-bytes", "1.5"),
        ("sc-bytes", "9223372036854775808"),
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


def test_dropping_the_query_string_drops_it_from_wherever_it_appears():
    drop = frozenset({"cs-uri-query"})
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
