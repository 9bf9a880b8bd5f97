"""What can go wrong with a request: whether it passes, and what an operator is told.

Sentences hold neither a password nor a value of a line: ClickHouse quotes rows in its messages.
https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp
"""

import re
from dataclasses import dataclass
from enum import Enum

from processor.stores.clickhouse import schema
from processor.stores.clickhouse.columns import COLUMNS
from processor.stores.clickhouse.settings import Settings

OLDEST = (24, 8)  # views know a batch that is delivered again, a long-term release


class Verdict(Enum):
    """What to do with the lines of a request that failed."""

    PASSES = "try again while there is time"
    OPERATOR = "leave them for the next delivery: somebody has to mend something"
    DATA = "one of the lines is to blame: look for it"
    DAYS = "the lines are of too many days for one request: divide them by days"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A request's failure."""

    code: str  # what metrics and the log count by
    verdict: Verdict
    sentence: str  # for the log
    reason: str = ""  # ClickHouse's own words, for a dead letter


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back of a request. ``status`` is 0 when nothing usable did."""

    status: int
    code: int = 0  # ClickHouse's
    text: str = ""  # the body
    error: str = ""  # what became of the connection
    says: str = ""  # more about that

    @property
    def ok(self) -> bool:
        """Whether the request was carried out."""
        return self.status == 200 and not self.code and not self.error


_AUTHENTICATION = (192, 193, 194, 516)
# ClickHouse's codes: it is the server's state, and may be over in seconds.
_PASSING = {
    32: ("ATTEMPT_TO_READ_AFTER_EOF", "got a body that was cut on its way"),
    33: ("CANNOT_READ_ALL_DATA", "got a body that was cut on its way"),
    159: ("TIMEOUT_EXCEEDED", "took too long over an insert"),
    160: ("TOO_SLOW", "took too long over an insert"),
    202: ("TOO_MANY_SIMULTANEOUS_QUERIES", "has too many queries to answer at once"),
    203: ("NO_FREE_CONNECTION", "has no free connection"),
    209: ("SOCKET_TIMEOUT", "lost its connection to another server"),
    210: ("NETWORK_ERROR", "lost its connection to another server"),
    225: ("NO_ZOOKEEPER", "has no connection to its Keeper"),
    236: ("ABORTED", "broke an insert off, as it does when it stops"),
    241: ("MEMORY_LIMIT_EXCEEDED", "has no memory left for an insert"),
    242: ("TABLE_IS_READ_ONLY", "holds the table read-only, as when it has lost its Keeper"),
    252: ("TOO_MANY_PARTS", "is behind with merging, and slows writers down"),
    285: ("TOO_FEW_LIVE_REPLICAS", "has too few live replicas"),
    286: ("UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE", "waits for its replicas"),
    319: ("UNKNOWN_STATUS_OF_INSERT", "does not know how an insert ended"),
    354: ("ZLIB_INFLATE_FAILED", "got a body that was damaged on its way"),
    394: ("QUERY_WAS_CANCELLED", "had an insert canceled"),
    425: ("SYSTEM_ERROR", "met an error of its operating system"),
    473: ("DEADLOCK_AVOIDED", "waited for a lock too long"),
    499: ("S3_ERROR", "met an error of its object store"),
    999: ("KEEPER_EXCEPTION", "has trouble with its Keeper"),
    1000: ("POCO_EXCEPTION", "met an error of its own"),
    1002: ("UNKNOWN_EXCEPTION", "met an error of its own"),
}
# A row is to blame, or may be: the others are written without it.
_DATA = {
    6: "CANNOT_PARSE_TEXT",
    25: "CANNOT_PARSE_ESCAPE_SEQUENCE",
    26: "CANNOT_PARSE_QUOTED_STRING",
    27: "CANNOT_PARSE_INPUT_ASSERTION_FAILED",
    38: "CANNOT_PARSE_DATE",
    41: "CANNOT_PARSE_DATETIME",
    69: "ARGUMENT_OUT_OF_BOUND",
    70: "CANNOT_CONVERT_TYPE",
    72: "CANNOT_PARSE_NUMBER",
    117: "INCORRECT_DATA",
    131: "TOO_LARGE_STRING_SIZE",
    321: "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE",
    349: "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN",
    376: "CANNOT_PARSE_UUID",
    395: "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO",
    407: "DECIMAL_OVERFLOW",
    441: "CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING",
    467: "CANNOT_PARSE_BOOL",
    469: "VIOLATED_CONSTRAINT",
    675: "CANNOT_PARSE_IPV4",
    676: "CANNOT_PARSE_IPV6",
    691: "UNKNOWN_ELEMENT_OF_ENUM",
}
_name = re.compile(r"\(([A-Z][A-Z0-9_]+)\)").search
_column = re.compile(r"[Nn]o such column ([\w-]+)").search
_version = re.compile(r"\(version ([0-9.]+)").search
_view = re.compile(r"while pushing to view (\S+?)\.? ?(?:\(|$)", re.MULTILINE).search


def explain(answer: Answer, settings: Settings, user: str) -> Trouble:
    """Say what is the matter with an answer that is not ok."""
    if answer.code:
        return _of_the_server(answer, settings, user)
    if not answer.status:
        return _of_the_connection(answer, settings)
    return _of_something_else(answer, settings)


def is_refused(answer: Answer) -> bool:
    """Whether the user or the password was not taken."""
    return answer.code in _AUTHENTICATION


def is_old(version: str) -> bool:
    """Whether a server's version is older than what views need to know a batch again."""
    return tuple(map(int, re.findall(r"\d+", version)[:2])) < OLDEST


def too_old(version: str) -> str:
    """Return the sentence about an old server."""
    return (
        f"the ClickHouse server is too old, version {version}: with one older than "
        f"{'.'.join(map(str, OLDEST))} a batch that is delivered again counts twice"
    )


def missing_column(name: str, settings: Settings) -> str:
    """Return the sentence about a column that the table does not have."""
    known = {each.name: each for each in COLUMNS}
    if name not in known:
        return f"a table of {settings.database} has no column {name}; make the tables anew"
    return (
        f"the table {settings.place.requests} has no column {name}; add it with: "
        f"{schema.adding(settings.place, known[name])}"
    )


def no_table(settings: Settings) -> str:
    """Return the sentence about a table that is not there."""
    return (
        f"the server at {settings.url} has no table {settings.place.requests}, or not one of its "
        "companions, or hides it from this user; `make deploy STORE=clickhouse` makes them"
    )


def _of_the_server(answer: Answer, settings: Settings, user: str) -> Trouble:
    code, where = answer.code, f"the ClickHouse server at {settings.url}"
    found = _name(answer.text)
    name = found[1] if found else f"CODE_{code}"
    if (view := _view(answer.text)) and code not in _PASSING:
        sentence = f"the view {view[1]} cannot take the rows ({name}): make it anew"
        return Trouble(name, Verdict.OPERATOR, sentence)
    if code == 252 and "single INSERT block" in answer.text:
        sentence = f"{where} takes rows of fewer days at once than were sent ({name})"
        return Trouble(name, Verdict.DAYS, sentence)
    if code in _PASSING:
        name, what = _PASSING[code]
        return Trouble(name, Verdict.PASSES, f"{where} {what} ({name})")
    if code in _DATA:
        name = _DATA[code]
        reason = answer.text.partition("\n")[0][:300]
        return Trouble(name, Verdict.DATA, f"{where} refuses a line ({name})", reason)
    return Trouble(name, Verdict.OPERATOR, _for_an_operator(answer, name, settings, user))


def _for_an_operator(answer: Answer, name: str, settings: Settings, user: str) -> str:
    code, where, place = answer.code, f"the ClickHouse server at {settings.url}", settings.place
    if code in _AUTHENTICATION:
        source = settings.secret_arn or "CLICKHOUSE_PASSWORD"
        return f"{where} does not take user {user!r} with the password in {source}"
    if "No space left on device" in answer.text:  # whatever the server was doing
        code = 243
    if code == 16 and (column := _column(answer.text)):
        return missing_column(column[1], settings)
    if code == 60:
        return no_table(settings)
    if code == 115:
        version = _version(answer.text)
        return too_old(version[1] if version else "unknown")
    return {
        81: f"the server at {settings.url} has no database {settings.database!r}; "
        "`make deploy STORE=clickhouse` makes it",
        164: f"user {user!r} may only read at {settings.url}: give the processor the writer",
        195: f"{where} does not let user {user!r} in from this address",
        201: f"user {user!r} has used up its quota at {settings.url}",
        243: f"{where} has no room left on its disk: free some, or keep rows for fewer days",
        452: f"the profile of user {user!r} forbids a setting that the processor needs; its words: "
        f"{answer.text.partition(chr(10))[0][:200]}",
        497: f"user {user!r} may not insert into {place.requests} and {place.pipeline}: give it "
        "the grants of the writer",
    }.get(code, f"{where} refuses an insert with code {code} ({name})")


def _of_the_connection(answer: Answer, settings: Settings) -> Trouble:
    error, says = answer.error, answer.says
    if error == "NameResolutionError":
        sentence = f"the host of {settings.url} is not known: see CLICKHOUSE_URL"
        return Trouble(error, Verdict.OPERATOR, sentence)
    if error == "SSLError":
        return Trouble(error, Verdict.OPERATOR, _of_tls(says, settings))
    what = {
        "NewConnectionError": "takes no connection",
        "ConnectTimeoutError": "does not answer: see security groups and its list of addresses",
        "ReadTimeoutError": "did not answer in time",
    }.get(error, "broke the connection")
    return Trouble(error, Verdict.PASSES, f"the server at {settings.url} {what}")


def _of_tls(says: str, settings: Settings) -> str:
    if "CERTIFICATE_VERIFY_FAILED" not in says:
        return (
            f"the server at {settings.url} does not speak TLS at this port: see that it is the "
            "port of its HTTPS interface, usually 8443"
        )
    if "ostname mismatch" in says or "not valid for" in says:
        return f"the certificate of the server at {settings.url} is for another name"
    if "expired" in says:
        return f"the certificate of the server at {settings.url} has expired"
    return (
        f"the certificate of the server at {settings.url} comes from nobody who is trusted here: "
        "give its authority's certificate as CLICKHOUSE_CA"
    )


def _of_something_else(answer: Answer, settings: Settings) -> Trouble:
    """Explain an answer without ClickHouse's code: a proxy's, or another program's."""
    status = answer.status
    code = "NotClickHouse" if status == 200 else str(status)
    sentence = f"what answers at {settings.url} is not ClickHouse, or something in front of it"
    if status in (0, 200, 408, 425, 429) or status >= 500:
        return Trouble(code, Verdict.PASSES, f"{sentence} (HTTP {status})")
    if status == 413:
        sentence = f"something in front of {settings.url} takes no body of this size (HTTP 413)"
        return Trouble(code, Verdict.DATA, sentence, sentence)
    return Trouble(code, Verdict.OPERATOR, f"{sentence} (HTTP {status})")
