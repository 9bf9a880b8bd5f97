"""Recognize files that are not real-time logs, by how they begin.

Real-time log lines have tabs between values, no header and no comments; the first value is a time
in epoch seconds. For other files the error says what they are. Nobody has to find that out from
10,000 dead letters.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
"""

import json
import re
import shlex
from collections.abc import Iterable, Iterator

from processor.catalog import BY_NAME

COMMENT = b"#"
BOM = b"\xef\xbb\xbf"
HEAD = 65_536  # bytes of a first line that are looked at
WANTED = (
    "ingest wants real-time log lines; docs/local.md says where they come from, and docs/deploy.md "
    "how a distribution sends them"
)
STANDARD = f"a standard access log of CloudFront; {WANTED}"

# First bytes: what it is, and the command that makes lines of it.
BINARY: tuple[tuple[bytes, str, str], ...] = (
    (b"PAR1", "a Parquet file, such as standard logging (v2) writes", ""),
    (b"ORC", "an ORC file", ""),
    (b"Obj\x01", "an Avro file", ""),
    (b"PK\x03\x04", "a zip archive", "unzip -p {name}"),
    (b"PK\x05\x06", "an empty zip archive", ""),
    (b"BZh", "compressed with bzip2", "bzcat {name}"),
    (b"\xfd7zXZ\x00", "compressed with xz", "xzcat {name}"),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard", "zstdcat {name}"),
    (b"\x04\x22\x4d\x18", "compressed with LZ4", "lz4cat {name}"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "7z x -so {name}"),
    (b"%PDF", "a PDF", ""),
)
UTF16 = (b"\xff\xfe", b"\xfe\xff")
# The beginning of a text file's first line, and what such a file is.
TEXT: tuple[tuple[str, str], ...] = (
    (r"\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d\t", STANDARD),
    (
        r"(https?|h2|grpcs|wss?) \d{4}-\d\d-\d\dT\S+ (app/)?\S+ \S+:\d+ ",
        f"an access log of an Application Load Balancer; {WANTED}",
    ),
    (
        r"tls \d\.\d \d{4}-\d\d-\d\dT\S+ net/",
        f"an access log of a Network Load Balancer; {WANTED}",
    ),
    (
        r"\d{4}-\d\d-\d\dT\S+Z \S+ \S+:\d+ ",
        f"an access log of a Classic Load Balancer; {WANTED}",
    ),
    (r"[0-9a-f]{64} \S+ \[", f"an access log of an S3 bucket; {WANTED}"),
    (r"(version|\d) (account-id|\d{12}) (interface-id|eni-)", f"a VPC flow log; {WANTED}"),
    (
        r"\S+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:",
        f"an access log of a web server, not of CloudFront; {WANTED}",
    ),
    (r"\s*<", f"XML or HTML; {WANTED}"),
)


def foreign(comments: Iterable[bytes], line: bytes, name: str = "FILE") -> str | None:
    """Return what a file is, as the end of a sentence, or None for what may be real-time lines.

    ``comments`` are the lines before the first that does not begin with #; ``line`` is that one,
    empty when there is none; ``name`` stands in the command that would help.
    """
    found = _binary(line, name)
    if found:
        return found
    for comment in comments:
        text = comment.decode("utf-8", "replace")
        if text.startswith("#Fields:") and not _real_time(text.removeprefix("#Fields:").split()):
            if "x-edge-location" in text:
                return STANDARD
            return f"a log in the W3C format that CloudFront did not write; {WANTED}"
    text = line.decode("utf-8", "replace")
    if text.lstrip()[:1] in ("{", "["):
        return _json(text)
    for pattern, what in TEXT:
        if re.match(pattern, text):
            return what
    return _header(text)


def _binary(line: bytes, name: str) -> str | None:
    for magic, what, command in BINARY:
        if line.startswith(magic):
            return f"{what}; {_piped(command, name) if command else WANTED}"
    if line[257:262] == b"ustar":
        return f"a tar archive; {_piped('tar -xOf {name}', name)}"
    if line.startswith(UTF16) or _half_empty(line):
        return f"UTF-16; {_piped('iconv -f UTF-16 -t UTF-8 {name}', name)}"
    if b"\x00" in line:
        return f"no text; {WANTED}"
    return None


def _half_empty(line: bytes) -> bool:
    """Whether every second byte is 0, as in UTF-16 without a byte order mark."""
    return len(line) > 3 and any(line[1:64:2]) != any(line[0:64:2])


def _piped(command: str, name: str) -> str:
    return f"try `{command.format(name=shlex.quote(name))} | python -m local ingest -`"


def _json(text: str) -> str:
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    keys = set(content) if isinstance(content, dict) else set()
    if keys & {"x-edge-location", "DistributionId", "cs(Host)", "x-edge-request-id"}:
        return f"JSON, such as standard logging (v2) of CloudFront writes; {WANTED}"
    if keys & {"Records", "kinesis", "Data"}:
        return "JSON of Kinesis or Lambda; take the records' data out of it, decoded from base64"
    return f"JSON; {WANTED}"


def _header(text: str) -> str | None:
    """Recognize a line of field names, which stands above the lines of some formats."""
    names = re.split(r"[\t, ;]+", text.strip())
    known = [each for each in names if each in BY_NAME or _STANDARD_NAME.fullmatch(each)]
    if len(known) < 2 or 2 * len(known) < len(names):
        return None
    if _real_time(names):
        return (
            "headed by a line of field names, which real-time logs do not have; take that line "
            "off, and give the names with --fields"
        )
    return STANDARD


def _real_time(names: list[str]) -> bool:
    return bool(names) and all(name in BY_NAME for name in names)


_STANDARD_NAME = re.compile(r"date|time|DistributionId|timestamp\(ms\)|cs\([\w-]+\)|x-edge-\S+")


class Plain:
    """The lines of a file, without a byte order mark and comments.

    Iterating raises Foreign at the first line when the file is something else.
    """

    def __init__(self, lines: Iterable[bytes], name: str) -> None:
        self._lines, self._name = lines, name
        self.comments = 0  # lines that were left out

    def __iter__(self) -> Iterator[bytes]:
        head: list[bytes] | None = []
        for number, line in enumerate(self._lines):
            if number == 0:
                line = line.removeprefix(BOM)
            if line.startswith(COMMENT):
                self.comments += 1
                if head is not None:
                    head.append(line)
                continue
            if head is not None:
                if what := foreign(head, line, self._name):
                    raise Foreign(what)
                head = None
            yield line
        if head and (what := foreign(head, b"", self._name)):
            raise Foreign(what)


class Foreign(Exception):
    """The file holds no real-time log lines; the message is the end of a sentence about it."""
