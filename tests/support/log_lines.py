"""Log lines and Kinesis events to test with."""

import base64
import itertools
import time
from collections.abc import Iterable, Sequence
from typing import Any

from processor.catalog import BY_NAME, DEFAULT_FIELDS, FIELDS, Field

SHARD = "shardId-000000000000"
_number = itertools.count(1)

# A line as CloudFront writes it: a viewer's first request for a picture, from a cache's miss.
USUAL = dict.fromkeys(BY_NAME, "-") | {
    "c-ip": "203.0.113.57",
    "s-ip": "198.51.100.24",
    "time-to-first-byte": "0.182",
    "sc-status": "200",
    "sc-bytes": "48213",
    "cs-method": "GET",
    "cs-protocol": "https",
    "cs-host": "www.example.com",
    "cs-uri-stem": "/images/2026/cat.jpg?size=large&from=mail",
    "cs-bytes": "431",
    "x-edge-location": "NRT57-C1",
    "x-host-header": "d111111abcdef8.cloudfront.net",
    "time-taken": "0.184",
    "cs-protocol-version": "HTTP/2.0",
    "c-ip-version": "IPv4",
    "cs-user-agent": (
        "Mozilla/5.0%20(Macintosh;%20Intel%20Mac%20OS%20X%2010_15_7)%20AppleWebKit/537.36"
        "%20(KHTML,%20like%20Gecko)%20Chrome/142.0.0.0%20Safari/537.36"
    ),
    "cs-referer": "https://www.example.com/gallery",
    "cs-cookie": "session=8c1f0a52e7; theme=dark",
    "cs-uri-query": "size=large&from=mail",
    "x-edge-response-result-type": "Miss",
    "ssl-protocol": "TLSv1.3",
    "ssl-cipher": "TLS_AES_128_GCM_SHA256",
    "x-edge-result-type": "Miss",
    "sc-content-type": "image/jpeg",
    "sc-content-len": "47731",
    "c-port": "53914",
    "x-edge-detailed-result-type": "Miss",
    "c-country": "JP",
    "cs-accept-encoding": "gzip,%20deflate,%20br,%20zstd",
    "cs-accept": "image/avif,image/webp,image/*,*/*;q=0.8",
    "cache-behavior-path-pattern": "/images/*",
    "cs-headers": "host:www.example.com%0Aaccept:*/*%0Acookie:session=8c1f0a52e7%0A",
    "cs-header-names": "host%0Aaccept%0Acookie%0A",
    "cs-headers-count": "3",
    "primary-distribution-id": "E2QWRUHEXAMPLE",
    "primary-distribution-dns-name": "d111111abcdef8.cloudfront.net",
    "origin-fbl": "0.151",
    "origin-lbl": "0.153",
    "asn": "2516",
    "r-host": "origin.example.com",
}


def request_id() -> str:
    """Return an id as CloudFront makes them, 56 characters, the next one at each call."""
    return f"{next(_number):054d}=="


def line(
    changes: dict[str, str] | None = None, fields: Sequence[Field] = DEFAULT_FIELDS, **more: str
) -> str:
    """Return a log line, the usual one with these changes; underscores in names are dashes."""
    values = USUAL | {"timestamp": f"{time.time():.3f}", "x-edge-request-id": request_id()}
    values |= (changes or {}) | {name.replace("_", "-"): value for name, value in more.items()}
    assert set(values) == set(BY_NAME), set(values) - set(BY_NAME)
    return "\t".join(values[field.name] for field in fields) + "\n"


def record(data: str | bytes, number: int, shard: str = SHARD) -> dict[str, Any]:
    """Return one record of a Kinesis event."""
    raw = data.encode() if isinstance(data, str) else data
    return {
        "eventID": f"{shard}:{number:021d}",
        "eventSource": "aws:kinesis",
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": "p",
            "sequenceNumber": f"{number:021d}",
            "data": base64.b64encode(raw).decode(),
            "approximateArrivalTimestamp": 1_790_000_000.25,
        },
    }


def event(lines: Iterable[str | bytes], first: int = 0) -> dict[str, Any]:
    """Return a Kinesis event with one record for each."""
    return {"Records": [record(data, first + at) for at, data in enumerate(lines)]}


class Context:
    """What Lambda hands a handler, as far as this one looks."""

    def __init__(self, seconds: float = 60.0) -> None:
        self.end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return int((self.end - time.monotonic()) * 1000)


ALL_FIELDS = FIELDS
