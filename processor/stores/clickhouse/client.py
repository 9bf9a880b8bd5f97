"""ClickHouse's HTTP interface: one pool of connections, one login, answers that can be told apart.

https://clickhouse.com/docs/interfaces/http
"""

import threading
import zlib
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode, urlsplit

from processor.aws import CONNECT_SECONDS, Aws
from processor.stores.clickhouse.secret import Login, Secret, SecretError
from processor.stores.clickhouse.settings import Settings
from processor.stores.clickhouse.trouble import Answer, Trouble, Verdict, explain, is_refused

# An insert takes tenths of a second. So much of the time is waited for an answer, and so long at
# least: a server that is slow is not helped by the same insert again.
ANSWER_SHARE = 0.5
ANSWER_SECONDS = 10.0
LEVEL = 1  # of gzip: CPU costs more than the last bytes
# Said aloud, whatever the user's profile has: rows are there when the server says so, a batch that
# comes again is known by its token, in the rollup too, and no bad row is passed over in silence.
INSERT = {
    "async_insert": "0",
    "insert_deduplicate": "1",
    "deduplicate_blocks_in_dependent_materialized_views": "1",
    "input_format_parallel_parsing": "0",
    "input_format_allow_errors_num": "0",
    "input_format_allow_errors_ratio": "0",
    "wait_end_of_query": "1",
    # A number that is absent is written as CloudFront writes it. In a text that is no NULL.
    "format_tsv_null_representation": "-",
    "input_format_null_as_default": "0",
    # A batch has no line twice: there is nothing to merge in it.
    "optimize_on_insert": "0",
}


class Client:
    """Sends requests. Safe for threads; nothing is loaded before it is needed."""

    def __init__(self, settings: Settings, aws: Aws) -> None:
        self.settings = settings
        self._path = urlsplit(settings.url).path
        self._secret = Secret(settings, aws)
        self._lock = threading.Lock()
        self._pool: Any = None
        self._user = settings.user

    def prepare(self) -> None:
        """Load libraries, and read the secret: what cannot be read now is read when needed."""
        self._connect()
        with suppress(SecretError):
            self._secret.login()

    def body(self, rows: Iterable[str]) -> bytes:
        """Return tab-separated rows as an INSERT takes them, in an order that gzip likes."""
        text = ("\n".join(sorted(rows)) + "\n").encode()
        if self.settings.compression == "none":
            return text
        packer = zlib.compressobj(LEVEL, wbits=31)
        return packer.compress(text) + packer.flush()

    def insert(
        self, table: str, columns: str, body: bytes, token: str, seconds: float
    ) -> Trouble | None:
        """Insert what body() made; return None when its rows are there. Never raises.

        ``token`` names the rows: what has the same one is there once.
        """
        query = f"INSERT INTO {table} ({columns}) FORMAT TabSeparated"
        asked = INSERT | {"query": query, "insert_deduplication_token": token}
        coding = self.settings.compression
        headers = {} if coding == "none" else {"Content-Encoding": coding}
        answer, trouble = self._ask(asked, body, headers, seconds)
        if trouble is None and answer.text.strip():  # success says nothing
            answer = Answer(answer.status, text=answer.text, error="NotUnderstood")
            trouble = explain(answer, self.settings, "")
        return trouble

    def select(self, query: str, seconds: float) -> tuple[str, Trouble | None]:
        """Return what a query answers, or the trouble with it. Never raises."""
        answer, trouble = self._ask({"wait_end_of_query": "1"}, query.encode(), {}, seconds)
        return answer.text, trouble

    def _ask(
        self, asked: dict[str, str], body: bytes, headers: dict[str, str], seconds: float
    ) -> tuple[Answer, Trouble | None]:
        """Ask once; once more with another login if the secret has one now."""
        try:
            login = self._secret.login()
            answer = self._post(asked, body, headers, login, seconds)
            if is_refused(answer) and (other := self._secret.again(login)):
                login = other
                answer = self._post(asked, body, headers, login, seconds)
        except SecretError as error:
            return Answer(0), Trouble(error.code, Verdict.OPERATOR, str(error))
        if answer.ok:
            return answer, None
        return answer, explain(answer, self.settings, login.user)

    def _post(
        self,
        asked: dict[str, str],
        body: bytes,
        headers: dict[str, str],
        login: Login,
        seconds: float,
    ) -> Answer:
        from urllib3 import Timeout
        from urllib3.exceptions import HTTPError

        limit = max(min(seconds, max(ANSWER_SECONDS, seconds * ANSWER_SHARE)), 0.05)
        try:
            response = self._connect().urlopen(
                "POST",
                f"{self._path}/?{urlencode(asked)}",
                body=body,
                headers={
                    "X-ClickHouse-User": _header(login.user),
                    "X-ClickHouse-Key": _header(login.password),
                    "User-Agent": "cloudfront-realtime-logs",
                    **headers,
                },
                timeout=Timeout(connect=min(CONNECT_SECONDS, limit), read=limit, total=limit),
                redirect=False,
            )
        except (HTTPError, OSError) as error:
            return Answer(0, error=type(error).__name__, says=str(error))
        return _read(response)

    def _connect(self) -> Any:
        with self._lock:
            if self._pool is None:
                self._pool = _pool(self.settings)
            return self._pool


def _pool(settings: Settings) -> Any:
    import urllib3
    from botocore.utils import get_environ_proxies

    options: dict[str, Any] = {"maxsize": 2, "retries": False}
    if settings.url.startswith("https"):
        options["ssl_context"] = _tls(settings.ca)
    proxy = get_environ_proxies(settings.url).get(settings.url.partition(":")[0])
    if proxy:
        return urllib3.ProxyManager(proxy, **options).connection_from_url(settings.url)
    return urllib3.connection_from_url(settings.url, **options)


def _tls(ca: str) -> Any:
    """Return a context that believes the usual authorities, or the given one alone."""
    import ssl

    from botocore.httpsession import get_cert_path

    if not ca:
        return ssl.create_default_context(cafile=get_cert_path(True))
    context = ssl.create_default_context(cadata=ca)
    # Of one's own authority, Python asks since 3.13 for extensions that few have put in.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _header(text: str) -> str:
    """Return what goes over the wire as the text's UTF-8."""
    return text.encode().decode("latin-1")


def _read(response: Any) -> Answer:
    text = response.data.decode("utf-8", "replace")
    code = response.headers.get("X-ClickHouse-Exception-Code", "")
    if code.isdigit():
        return Answer(response.status, int(code), text)
    if text.startswith("Code: ") and (number := text[6:].partition(".")[0]).isdigit():
        return Answer(response.status, int(number), text)
    if response.status == 200 and not _is_clickhouse(response.headers):
        return Answer(200, text=text, error="NotClickHouse")
    return Answer(response.status, text=text)


def _is_clickhouse(headers: Any) -> bool:
    return any(name.lower().startswith("x-clickhouse-") for name in headers)
