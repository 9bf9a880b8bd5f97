"""Signals: one record per metric, from which panels, alert rules, docs and tests are made.

A signal says what is measured; a store turns it into queries. Units are Grafana's ids. Rates are
percent, 0 to 100, because people write thresholds so.
https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboards.signals.expressions import (
    CHOSEN,
    Aggregate,
    Balance,
    Count,
    Distinct,
    Divided,
    Enough,
    Field,
    Linear,
    LowerBound,
    Max,
    Named,
    Percentile,
    PerSecond,
    Predicate,
    Priced,
    Ratio,
    Reported,
    SecondsSinceLatest,
    Share,
    Sum,
    parts,
)
from dashboards.signals.prices import AS_OF, BY_AIRPORT, REGIONS


@dataclass(frozen=True, slots=True)
class Signal:
    """One metric."""

    name: str  # also the column's name in results: lower case and underscores
    title: str
    unit: str  # a Grafana unit id
    description: str
    value: Aggregate
    scaled: bool = False  # grows with the number of requests: scaled by sampling, may be summed
    # What it is about: "request", or what the processor says of itself: "pipeline", "left_out".
    record: str = "request"
    # What labels are ranked by where this cannot be summed, such as errors for an error rate.
    ranked: str = "requests"
    of: str = ""  # of a bound: the signal whose bound it is
    short: str = ""  # the title in a table's heading, where there is little room

    @property
    def heading(self) -> str:
        """What a table's column is called."""
        return self.short or self.title

    @property
    def summable(self) -> bool:
        """Whether the whole is the sum of the parts."""
        return self.scaled or self.record == "left_out"

    @property
    def percentile_chosen(self) -> bool:
        """Whether the reader chooses the percentile that is shown."""
        return any(getattr(part, "fraction", None) is CHOSEN for part in parts(self.value))

    def described(self, store: str) -> str:
        """Return the description; in it, {store} is the store's title."""
        return self.description.replace("{store}", store)


_PERCENTILES = (50, 95, 99)
# In a title, the percentile the reader chose.
CHOSEN_TEXT = "${percentile:text}"
_MEDIANS = {50: "Half of the requests", 95: "95 of 100 requests", 99: "99 of 100 requests"}

TRAFFIC = (
    Signal("requests", "Requests", "short", "Number of viewer requests.", Count(), scaled=True),
    Signal(
        "request_rate",
        "Requests per second",
        "reqps",
        "Viewer requests per second.",
        PerSecond(Count()),
        scaled=True,
    ),
    Signal(
        "bytes",
        "Bytes sent",
        "decbytes",
        "Bytes sent to viewers, headers included.",
        Sum(Field("sc-bytes")),
        scaled=True,
        short="Bytes",
    ),
    Signal(
        "megabytes",
        "Megabytes sent",
        "short",
        "Millions of bytes sent to viewers, headers included.",
        Linear(Sum(Field("sc-bytes")), 1e-6),
        scaled=True,
    ),
    Signal(
        "byte_rate",
        "Bytes per second",
        "Bps",
        "Bytes sent to viewers per second, headers included.",
        PerSecond(Sum(Field("sc-bytes"))),
        scaled=True,
    ),
    Signal(
        "bytes_in",
        "Bytes received",
        "decbytes",
        "Bytes viewers sent, headers included.",
        Sum(Field("cs-bytes")),
        scaled=True,
    ),
    Signal(
        "bill",
        "Estimated bill",
        "currencyUSD",
        f"CloudFront's list prices of {AS_OF} for what was sent and for the requests, as if all "
        f"were HTTPS, without free tier, discounts, taxes or other charges. {BY_AIRPORT}.",
        Priced(Field("x-edge-location"), Field("sc-bytes"), REGIONS),
        scaled=True,
    ),
    Signal(
        "bill_month",
        "Estimated bill of a month",
        "currencyUSD",
        f"The estimated bill of 730 hours, if all of them were like the range. {BY_AIRPORT}.",
        Linear(PerSecond(Priced(Field("x-edge-location"), Field("sc-bytes"), REGIONS)), 730 * 3600),
        scaled=True,
    ),
    Signal(
        "viewers",
        "Viewer addresses",
        "short",
        "Different viewer addresses among the logged requests, approximately; not scaled.",
        Distinct(Field("c-ip")),
    ),
)

ERRORS = (
    Signal(
        "error_rate_4xx",
        "4xx rate",
        "percent",
        "Share of requests answered with a status from 400 to 499; status 000 does not count.",
        Share(Named("client_error")),
        ranked="errors_4xx",
    ),
    Signal(
        "error_rate_5xx",
        "5xx rate",
        "percent",
        "Share of requests answered with a status from 500 to 599; status 000 does not count.",
        Share(Named("server_error")),
        ranked="errors_5xx",
    ),
    *(
        Signal(
            f"error_rate_{kind}_bound",
            f"{kind} rate, at least",
            "percent",
            f"What the {kind} rate is at least, however few the requests: the lower end of its 95 %"
            " interval. 3 errors in 24 requests say 4.3 %, 40 in 320 say 9.3 %; fewer than 3 say"
            " nothing.",
            LowerBound(Share(Named(predicate))),
            ranked=f"errors_{kind}",
            of=f"error_rate_{kind}",
            short="at least",
        )
        for kind, predicate in (("4xx", "client_error"), ("5xx", "server_error"))
    ),
    Signal(
        "errors_4xx",
        "4xx responses",
        "short",
        "Number of responses with a status from 400 to 499.",
        Count(Named("client_error")),
        scaled=True,
        short="4xx",
    ),
    Signal(
        "errors_5xx",
        "5xx responses",
        "short",
        "Number of responses with a status from 500 to 599.",
        Count(Named("server_error")),
        scaled=True,
        short="5xx",
    ),
    Signal(
        "refused",
        "Refused requests",
        "short",
        "Number of requests answered with 403 or 429.",
        Count(Named("refused")),
        scaled=True,
    ),
    Signal(
        "forbidden_share",
        "403 share",
        "percent",
        "Share of requests answered with 403: by the WAF, a geo restriction, a missing signature.",
        Share(Named("forbidden")),
    ),
    Signal(
        "throttled_share",
        "429 share",
        "percent",
        "Share of requests answered with 429: by a rate limit.",
        Share(Named("throttled")),
    ),
    Signal(
        "aborted_rate",
        "Aborted by the viewer",
        "percent",
        "Share of requests whose viewer hung up or whose connection broke.",
        Share(Named("aborted")),
    ),
    Signal(
        "origin_error_share",
        "Failed at the origin",
        "percent",
        "Share of all requests that ended in an error on the origin's side.",
        Share(Named("origin_error")),
    ),
)

CACHE = (
    Signal(
        "hit_ratio",
        "Cache hit ratio",
        "percent",
        "Hit, RefreshHit and OriginShieldHit among requests, leaving out LimitExceeded and "
        "CapacityExceeded.",
        Share(Named("hit"), Named("answerable")),
        short="Hit ratio",
    ),
    Signal(
        "byte_hit_ratio",
        "Byte hit ratio",
        "percent",
        "Bytes of Hit, RefreshHit and OriginShieldHit among bytes sent, leaving out LimitExceeded "
        "and CapacityExceeded.",
        Ratio(Sum(Field("sc-bytes"), Named("hit")), Sum(Field("sc-bytes"), Named("answerable"))),
        short="Byte hits",
    ),
    Signal(
        "misses",
        "Misses",
        "short",
        "Number of requests the cache could not answer.",
        Count(Named("miss")),
        scaled=True,
    ),
    Signal(
        "missed_bytes",
        "Bytes of misses",
        "decbytes",
        "Bytes sent for requests the cache could not answer.",
        Sum(Field("sc-bytes"), Named("miss")),
        scaled=True,
        short="Missed bytes",
    ),
    Signal(
        "shield_hits",
        "Origin Shield hits",
        "short",
        "Number of requests answered by the Origin Shield cache.",
        Count(Named("shield_hit")),
        scaled=True,
    ),
    Signal(
        "shield_hit_share",
        "Origin Shield hit share",
        "percent",
        "Share of requests answered by the Origin Shield cache.",
        Share(Named("shield_hit")),
    ),
)

ORIGIN = (
    Signal(
        "origin_request_rate",
        "Origin requests per second",
        "reqps",
        "Requests per second that went to the origin: misses and errors on the origin's side, "
        "without those answered by Origin Shield or a function at the edge.",
        PerSecond(Count(Named("origin_request"))),
        scaled=True,
    ),
    Signal(
        "origin_share",
        "Origin share",
        "percent",
        "Share of requests that went to the origin.",
        Share(Named("origin_request")),
    ),
    Signal(
        "origin_error_rate",
        "Origin error rate",
        "percent",
        "Share of the requests to the origin that ended in an error on its side.",
        Share(Named("origin_error"), Named("origin_request")),
        ranked="origin_errors",
        short="Origin errors",
    ),
    Signal(
        "origin_errors",
        "Origin errors",
        "short",
        "Number of requests that ended in an error on the origin's side.",
        Count(Named("origin_error")),
        scaled=True,
    ),
    Signal(
        "failovers",
        "Origin failovers",
        "short",
        "Number of requests that went to the second origin of an origin group.",
        Count(Named("failover")),
        scaled=True,
    ),
)


def _percentiles(
    name: str,
    title: str,
    meaning: str,
    field: str,
    where: Predicate | None = None,
    ranked: str = "requests",
    short: str = "",
) -> Iterable[Signal]:
    """One signal per percentile, and one for the percentile the reader chose."""
    for p in _PERCENTILES:
        yield Signal(
            f"{name}_p{p}",
            f"{title} p{p}",
            "s",
            f"{_MEDIANS[p]} have at most this {meaning}.",
            Percentile(Field(field), p / 100, where),
            ranked=ranked,
            short=f"{short} p{p}" if short else "",
        )
    yield Signal(
        name,
        f"{title} {CHOSEN_TEXT}",
        "s",
        f"The chosen percentile of the {meaning}.",
        Percentile(Field(field), CHOSEN, where),
        ranked=ranked,
        short=f"{short} {CHOSEN_TEXT}" if short else "",
    )


_TTFB = "time to first byte: from receiving the request to writing the first byte of the response"
# Of fewer requests, a single slow one would decide the percentile.
_ENOUGH = {95: 40, 99: 200}
_TAKEN = "time taken: from receiving the request to queueing the last byte of the response"
LATENCY = (
    *_percentiles("ttfb", "TTFB", _TTFB, "time-to-first-byte", ranked="slow_first_bytes"),
    *(
        Signal(
            f"ttfb_p{p}_enough",
            f"TTFB p{p} of enough requests",
            "s",
            f"{_MEDIANS[p]} have at most this {_TTFB}. Nothing where there are fewer than {least}: "
            "one slow request would decide it.",
            Enough(Percentile(Field("time-to-first-byte"), p / 100), least),
            ranked="slow_first_bytes",
            of=f"ttfb_p{p}",
        )
        for p, least in _ENOUGH.items()
    ),
    *_percentiles("time_taken", "Time taken", _TAKEN, "time-taken"),
    *_percentiles(
        "ttfb_hit",
        "TTFB on hits",
        f"{_TTFB}, on requests the cache answered",
        "time-to-first-byte",
        Named("hit"),
    ),
    *_percentiles(
        "ttfb_miss",
        "TTFB on misses",
        f"{_TTFB}, on requests the cache could not answer",
        "time-to-first-byte",
        Named("miss"),
        short="TTFB",
    ),
    *_percentiles(
        "time_taken_hit",
        "Time taken on hits",
        f"{_TAKEN}, on requests the cache answered",
        "time-taken",
        Named("hit"),
    ),
    *_percentiles(
        "time_taken_miss",
        "Time taken on misses",
        f"{_TAKEN}, on requests the cache could not answer",
        "time-taken",
        Named("miss"),
    ),
    *_percentiles(
        "origin_fbl",
        "Origin first byte",
        "first-byte latency between CloudFront and the origin",
        "origin-fbl",
        short="Origin",
    ),
    *_percentiles(
        "origin_lbl",
        "Origin last byte",
        "last-byte latency between CloudFront and the origin",
        "origin-lbl",
    ),
    Signal(
        "slow_share",
        "Requests of 1 s or more",
        "percent",
        "Share of requests whose time taken is a second or more.",
        Share(Named("slow")),
    ),
    Signal(
        "slow_first_byte_share",
        "First byte after 1 s or more",
        "percent",
        "Share of requests whose time to first byte is a second or more.",
        Share(Named("slow_first_byte")),
        ranked="slow_first_bytes",
    ),
    Signal(
        "slow_first_byte_bound",
        "First byte after 1 s or more, at least",
        "percent",
        "What the share of requests whose time to first byte is a second or more is at least, "
        "however few the requests: the lower end of its 95 % interval, 0 of fewer than 3.",
        LowerBound(Share(Named("slow_first_byte"))),
        ranked="slow_first_bytes",
        of="slow_first_byte_share",
        short="at least",
    ),
    Signal(
        "slow_first_bytes",
        "Slow first bytes",
        "short",
        "Number of requests whose time to first byte is a second or more.",
        Count(Named("slow_first_byte")),
        scaled=True,
    ),
)

VIEWERS = (
    Signal(
        "ipv6_share",
        "IPv6 share",
        "percent",
        "Share of requests that came over IPv6.",
        Share(Named("ipv6")),
    ),
    Signal(
        "http3_share",
        "HTTP/3 share",
        "percent",
        "Share of requests that came over HTTP/3.",
        Share(Named("http3")),
    ),
    Signal(
        "plain_http_share",
        "Unencrypted share",
        "percent",
        "Share of requests that came over plain HTTP.",
        Share(Named("plain_http")),
    ),
)

# Common Media Client Data, CTA-5004: what video players say about themselves.
MEDIA = (
    Signal(
        "media_sessions",
        "Playback sessions",
        "short",
        "Different playback sessions among the logged requests, approximately; not scaled.",
        Distinct(Field("cmcd-session-id")),
        short="Sessions",
    ),
    Signal(
        "starved_share",
        "Share after a stall",
        "percent",
        "Share of players' requests that say their buffer ran empty (CMCD bs).",
        Share(Named("starved"), Named("media")),
        ranked="starved_requests",
        short="Stalls",
    ),
    Signal(
        "starved_requests",
        "Requests after a stall",
        "short",
        "Number of players' requests that say their buffer ran empty (CMCD bs).",
        Count(Named("starved")),
        scaled=True,
        short="After a stall",
    ),
    Signal(
        "media_bitrate",
        "Encoded bitrate",
        "Kbits",
        "Median encoded bitrate of the requested media objects (CMCD br).",
        Percentile(Field("cmcd-encoded-bitrate"), 0.5),
    ),
    Signal(
        "media_throughput",
        "Measured throughput",
        "Kbits",
        "Median throughput the players measured (CMCD mtp).",
        Percentile(Field("cmcd-measured-throughput"), 0.5),
        short="Throughput",
    ),
    Signal(
        "media_buffer",
        "Buffer length",
        "ms",
        "Median length of the players' buffers (CMCD bl).",
        Percentile(Field("cmcd-buffer-length"), 0.5),
    ),
)


def _pipeline(name: str, title: str, unit: str, description: str, value: Aggregate) -> Signal:
    return Signal(name, title, unit, description, value, record="pipeline")


PIPELINE = (
    _pipeline(
        "received", "Lines received", "short", "Log lines received.", Sum(Reported("received"))
    ),
    _pipeline(
        "written", "Rows written", "short", "Log lines newly written.", Sum(Reported("written"))
    ),
    _pipeline(
        "duplicates",
        "Duplicates",
        "short",
        "Log lines whose row was there already: the stream delivers at least once.",
        Sum(Reported("duplicates")),
    ),
    _pipeline(
        "malformed",
        "Malformed lines",
        "short",
        "Log lines that could not be understood; they are kept as dead letters.",
        Sum(Reported("malformed")),
    ),
    _pipeline(
        "rejected",
        "Rejected rows",
        "short",
        "Rows that {store} refused; they are kept as dead letters.",
        Sum(Reported("rejected")),
    ),
    _pipeline(
        "trimmed",
        "Trimmed rows",
        "short",
        "Rows of which some text was cut to fit the size of a record.",
        Sum(Reported("trimmed")),
    ),
    Signal(
        "left_out",
        "Values left out",
        "short",
        "Values in numeric fields that are not numbers, such as NaN from a video player. The"
        " request is written without the value.",
        Sum(Reported("left_out")),
        record="left_out",
    ),
    _pipeline(
        "retried", "Retried calls", "short", "Write calls made again.", Sum(Reported("retried"))
    ),
    _pipeline(
        "malformed_share",
        "Malformed",
        "percent",
        "Share of the received lines that could not be understood.",
        Ratio(Sum(Reported("malformed")), Sum(Reported("received"))),
    ),
    _pipeline(
        "rejected_share",
        "Rejected",
        "percent",
        "Share of the received lines that {store} refused.",
        Ratio(Sum(Reported("rejected")), Sum(Reported("received"))),
    ),
    _pipeline(
        "lost_share",
        "Lines not written",
        "percent",
        "Share of the received lines that were malformed or rejected.",
        Ratio(
            Sum(Balance((Reported("malformed"), Reported("rejected")))), Sum(Reported("received"))
        ),
    ),
    _pipeline(
        "unaccounted",
        "Lines unaccounted for",
        "short",
        "Received lines that are neither written, duplicates, malformed nor rejected; always 0.",
        Sum(
            Balance(
                (Reported("received"),),
                tuple(map(Reported, ("written", "duplicates", "malformed", "rejected"))),
            )
        ),
    ),
    _pipeline("invocations", "Invocations", "short", "Batches the processor finished.", Count()),
    _pipeline(
        "lag_p50",
        "Lag, median",
        "s",
        "From the end of a request at the edge to its processing: median of the batches' medians.",
        Divided(Percentile(Reported("lag_p50_ms"), 0.5), 1000),
    ),
    _pipeline(
        "lag_max",
        "Lag, longest",
        "s",
        "From the end of a request at the edge to its processing: the longest.",
        Divided(Max(Reported("lag_max_ms")), 1000),
    ),
    _pipeline(
        "write_time_p95",
        "Write time p95",
        "ms",
        "Time a batch spent writing to {store}.",
        Percentile(Reported("write_ms"), 0.95),
    ),
    _pipeline(
        "duration_p95",
        "Duration p95",
        "ms",
        "Total time of a batch.",
        Percentile(Reported("duration_ms"), 0.95),
    ),
    _pipeline(
        "bytes_written",
        "Bytes written",
        "decbytes",
        "Bytes sent to {store}, repeated calls included; not the bytes it bills or keeps.",
        Sum(Reported("bytes_sent")),
    ),
    _pipeline(
        "write_units",
        "Write units",
        "short",
        "Writes of 1 KiB, which is what {store} bills.",
        Sum(Reported("write_units")),
    ),
    _pipeline(
        "silence",
        "Seconds since the last batch",
        "s",
        "Time since the processor last finished a batch.",
        SecondsSinceLatest(),
    ),
)

SIGNALS: dict[str, Signal] = {
    signal.name: signal
    for group in (TRAFFIC, ERRORS, CACHE, ORIGIN, LATENCY, VIEWERS, MEDIA, PIPELINE)
    for signal in group
}
