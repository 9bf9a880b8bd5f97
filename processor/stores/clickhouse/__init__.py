"""ClickHouse: a table of requests, a rollup by minute, a table of the processor's reports.

https://clickhouse.com/docs/
"""

from collections.abc import Iterable, Iterator

from processor.aws import Aws
from processor.config import Config, ConfigError
from processor.report import Report, log
from processor.split import Rows
from processor.stores import Outcome
from processor.stores.clickhouse import pipeline
from processor.stores.clickhouse.client import Client
from processor.stores.clickhouse.encode import Encoded, Encoder
from processor.stores.clickhouse.settings import Settings, settings_from
from processor.stores.clickhouse.table import look
from processor.stores.clickhouse.write import Writer

__all__ = ["Settings", "check", "connect", "settings_from"]


class ClickHouseStore:
    """The tables of one place; see processor.stores.Store."""

    def __init__(self, config: Config, aws: Aws) -> None:
        self._config = config
        self._client = Client(config.settings, aws)
        self._encoder = Encoder(config)
        self._writer = Writer(self._client)

    def prepare(self) -> None:
        """Load libraries and read the secret."""
        self._client.prepare()

    def announce(self, seconds: float) -> str:
        """Look whether the server and its tables are as they have to be; log what is not.

        The columns are there from the start: the tables are made of the catalog.
        """
        table, trouble = look(self._client, seconds)
        found = [trouble] if table is None else table.problems(self._config.settings)
        for each in filter(None, found):
            log("WARNING", each.sentence, code=each.code)
        return found[0].code if found and found[0] else ""

    def encode(self, rows: Rows) -> Iterator[Encoded]:
        """Encode rows, all at once."""
        return self._encoder.encode(rows)

    def write(self, parts: Iterable[Encoded], deadline: float) -> Outcome:
        """Write a batch as one insert."""
        return self._writer.write(parts, deadline)

    def write_report(self, report: Report, seconds: float) -> str:
        """Write the rows of an invocation."""
        if seconds <= 0:
            return "OutOfTime"
        rows = pipeline.pipeline_rows(report, self._config.function_name)
        table = self._config.settings.place.pipeline
        body = self._client.body(rows)
        trouble = self._client.insert(table, pipeline.NAMES, body, "", seconds)
        if trouble is None:
            return ""
        log("WARNING", trouble.sentence, code=trouble.code)
        return trouble.code


def check(config: Config) -> None:
    """Raise ConfigError when no row can be made of the configured fields."""
    if "timestamp" not in {field.name for field in config.fields}:
        raise ConfigError(
            "LOG_FIELDS lacks 'timestamp', which every row needs; add it there and to the "
            "real-time log configuration"
        )
    if "timestamp" in config.drop:
        raise ConfigError("DROP_FIELDS cannot hold 'timestamp': every row needs it")


def connect(config: Config, aws: Aws) -> ClickHouseStore:
    """Return the store of the configured tables."""
    return ClickHouseStore(config, aws)
