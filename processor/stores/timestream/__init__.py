"""Amazon Timestream for LiveAnalytics: one table, one record a request.

https://docs.aws.amazon.com/timestream/latest/developerguide/what-is-timestream.html
"""

from collections.abc import Iterable, Iterator

from processor.aws import Aws
from processor.config import Config
from processor.report import Report
from processor.split import Rows
from processor.stores import Outcome
from processor.stores.timestream.client import Client
from processor.stores.timestream.encode import Encoded, Encoder
from processor.stores.timestream.layout import check
from processor.stores.timestream.pipeline import pipeline_body
from processor.stores.timestream.schema import schema_body
from processor.stores.timestream.settings import Settings, settings_from
from processor.stores.timestream.write import Writer

__all__ = ["Settings", "check", "connect", "settings_from"]


class TimestreamStore:
    """One table; see processor.stores.Store."""

    def __init__(self, config: Config, aws: Aws) -> None:
        self._config = config
        self._client = Client(aws)
        self._encoder = Encoder(config)
        self._writer = Writer(self._client)

    def prepare(self) -> None:
        """Load botocore and read credentials."""
        self._client.prepare()

    def announce(self, seconds: float) -> str:
        """Write records that hold every column."""
        return self._put(schema_body(self._config), seconds)

    def encode(self, rows: Rows) -> Iterator[Encoded]:
        """Encode rows, some at a time."""
        return self._encoder.encode(rows)

    def write(self, parts: Iterable[Encoded], deadline: float) -> Outcome:
        """Write requests side by side."""
        return self._writer.write(parts, deadline)

    def write_report(self, report: Report, seconds: float) -> str:
        """Write the ``pipeline`` record."""
        return self._put(pipeline_body(report, self._config), seconds)

    def _put(self, body: bytes, seconds: float) -> str:
        if seconds <= 0:
            return "OutOfTime"
        response = self._client.write(body, seconds)
        return "" if response.status == 200 else response.code or str(response.status)


def connect(config: Config, aws: Aws) -> TimestreamStore:
    """Return the store of the configured table."""
    return TimestreamStore(config, aws)
