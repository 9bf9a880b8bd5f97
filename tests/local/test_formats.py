"""Files that are no real-time logs are named, with what to do; real-time ones are let through."""

import bz2
import contextlib
import gzip
import io
import json
import lzma
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local import formats
from local.traffic import Traffic, line
from processor.catalog import DEFAULT_FIELDS, FIELDS

REQUEST = next(iter(Traffic(1).between(1_790_000_000, 1_790_000_100, 1)))
LINE = line(REQUEST, DEFAULT_FIELDS).encode()
STANDARD_FIELDS = (
    "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) "
    "cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header"
)
STANDARD_LINE = (
    "2026-11-20\t21:02:31\tFRA56-P1\t2390\t192.0.2.10\tGET\td111.cloudfront.net\t/index.html\t200"
    "\t-\tMozilla/5.0\t-\t-\tHit\tabc==\td111.cloudfront.net\n"
)
STANDARD = f"#Version: 1.0\n#Fields: {STANDARD_FIELDS}\n{STANDARD_LINE}".encode()
V2_JSON = json.dumps({"date": "2026-11-20", "x-edge-location": "FRA56-P1", "sc-status": "200"})


def archive(maker) -> bytes:
    held = io.BytesIO()
    maker(held)
    return held.getvalue()


def tar(held: io.BytesIO) -> None:
    with tarfile.open(fileobj=held, mode="w") as file:
        member = tarfile.TarInfo("access.log")
        member.size = len(LINE)
        file.addfile(member, io.BytesIO(LINE))


def zipped(held: io.BytesIO) -> None:
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("access.log", LINE)


def parquet(held: io.BytesIO) -> None:
    import pyarrow
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.table({"sc-bytes": [1]}), held)


FOREIGN = {
    "standard": (STANDARD, "a standard access log of CloudFront; ingest wants real-time log lines"),
    "standard, only its head": (STANDARD[:300], "a standard access log"),
    "standard, CRLF": (STANDARD.replace(b"\n", b"\r\n"), "a standard access log"),
    "standard, BOM": (formats.BOM + STANDARD, "a standard access log"),
    "standard without head": (STANDARD_LINE.encode(), "a standard access log"),
    "v2 plain": (
        (STANDARD_FIELDS.replace(" ", "\t") + "\n" + STANDARD_LINE).encode(),
        "a standard access log",
    ),
    "v2 JSON": (f"{V2_JSON}\n{V2_JSON}\n".encode(), "JSON, such as standard logging (v2)"),
    "v2 Parquet": (archive(parquet), "a Parquet file, such as standard logging (v2) writes"),
    "Kinesis JSON": (json.dumps({"Data": "MTc5"}).encode(), "JSON of Kinesis or Lambda"),
    "other JSON": (b'[\n {"a": 1}\n]\n', "JSON; ingest wants"),
    "ALB": (
        b"https 2026-11-20T23:39:43.945958Z app/my-lb/50dc6c495c0c9188 192.0.2.1:2817 10.0.0.1:80 "
        b'0.086 0.048 0.037 200 200 0 57 "GET https://www.example.com:443/ HTTP/1.1" "curl"\n',
        "an access log of an Application Load Balancer",
    ),
    "NLB": (
        b"tls 2.0 2026-11-20T02:59:40 net/my-lb/c6e77e28c25b2234 g3d4b5e8bb8464cd\n",
        "an access log of a Network Load Balancer",
    ),
    "Classic ELB": (
        b'2026-11-20T23:39:43.945958Z my-lb 192.0.2.1:2817 10.0.0.1:80 0.000073 0.001048 "GET /"\n',
        "an access log of a Classic Load Balancer",
    ),
    "S3": (
        b"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be bucket "
        b"[06/Feb/2026:00:00:38 +0000] 192.0.2.3 - 3E57427F3 REST.GET.VERSIONING - 200\n",
        "an access log of an S3 bucket",
    ),
    "web server": (
        b'192.0.2.1 - - [20/Nov/2026:13:55:36 -0700] "GET / HTTP/1.0" 200 2326 "-" "curl"\n',
        "an access log of a web server",
    ),
    "IIS": (
        b"#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n"
        b"#Fields: date time s-ip cs-method cs-uri-stem\n2026-11-20 00:00:01 10.0.0.1 GET /\n",
        "a log in the W3C format that CloudFront did not write",
    ),
    "headed": (
        "\t".join(field.name for field in DEFAULT_FIELDS).encode() + b"\n" + LINE,
        "give the names with --fields",
    ),
    "headed, commas": (b"timestamp,c-ip,sc-status,sc-bytes\n" + LINE, "give the names with"),
    "UTF-16 LE": (LINE.decode().encode("utf-16"), "UTF-16; try `iconv"),
    "UTF-16 BE": (LINE.decode().encode("utf-16-be"), "UTF-16; try `iconv"),
    "zip": (archive(zipped), "a zip archive; try `unzip -p FILE | python -m local ingest -`"),
    "tar": (archive(tar), "a tar archive; try `tar"),
    "bzip2": (bz2.compress(LINE), "compressed with bzip2; try `bzcat"),
    "xz": (lzma.compress(LINE), "compressed with xz; try `xzcat"),
    "binary": (b"\x7fELF\x02\x01\x01\x00\x00\x03", "no text"),
    "HTML": (b"<!doctype html>\n", "XML or HTML"),
}


def read(data: bytes) -> list[bytes]:
    return list(formats.Plain(io.BytesIO(data), "FILE"))


@pytest.mark.parametrize("name", FOREIGN)
def test_other_files_are_named_with_what_to_do(name):
    data, sentence = FOREIGN[name]
    with pytest.raises(formats.Foreign) as what:
        read(data)
    assert str(what.value).startswith(sentence) or sentence in str(what.value)
    assert (
        "ingest" in str(what.value) or "--fields" in str(what.value) or "base64" in str(what.value)
    )


@pytest.mark.parametrize("name", FOREIGN)
def test_the_same_in_gzip_on_the_command_line(name, tmp_path):
    from local.aws import LocalError
    from local.ingest import look

    data = FOREIGN[name][0]
    path = tmp_path / "some file.log"
    path.write_bytes(gzip.compress(data))
    with pytest.raises(LocalError, match=r"some file\.log is "):
        look(str(path))


@pytest.mark.parametrize("fields", [DEFAULT_FIELDS, FIELDS, DEFAULT_FIELDS[:4]])
def test_real_time_lines_pass_as_they_are(fields):
    lines = [
        line(request, fields).encode()
        for request in Traffic(2).between(1_790_000_000, 1_790_000_100, 2)
    ]
    assert read(b"".join(lines)) == lines


def test_comments_and_a_byte_order_mark_are_no_requests():
    data = formats.BOM + b"# my export\n" + LINE + b"#Fields: timestamp c-ip\n" + LINE
    plain = formats.Plain(io.BytesIO(data), "FILE")
    assert list(plain) == [LINE, LINE]
    assert plain.comments == 2


def test_a_head_of_real_time_fields_is_a_comment():
    assert read(b"#Fields: timestamp c-ip sc-status\n" + LINE) == [LINE]


def test_lines_that_are_merely_broken_pass_so_that_each_gets_its_reason():
    for data in (b"hello world\n", b"\n" + LINE, b"\xff\xfe\xfd"[1:] + b"x\n", b"1790000000\n"):
        assert read(data)


@given(st.binary(max_size=600))
def test_no_bytes_end_in_anything_but_lines_or_a_sentence(data):
    with contextlib.suppress(formats.Foreign):
        assert len(read(data)) <= data.count(b"\n") + 1
