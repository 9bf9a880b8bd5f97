"""ClickHouse, put together: what dashboards/stores/ promises of a store."""

from dashboards.config import Bundle
from dashboards.signals import Collected
from dashboards.stores import Answer, Format
from dashboards.stores import clickhouse as settings
from dashboards.stores.clickhouse import datasource, query, runbook
from dashboards.stores.clickhouse.dialect import ALL, Dialect
from dashboards.stores.clickhouse.queries import Queries


class ClickHouseStore:
    """One bundle's records in ClickHouse."""

    settings = settings
    all_value = ALL

    def __init__(self, bundle: Bundle) -> None:
        dialect = Dialect(bundle)
        self.bundle = bundle
        self.collected: Collected = dialect.collected
        self.queries = Queries(bundle, dialect)

    def target(self, text: str, shape: Format, ref_id: str = "A") -> query.Target:
        """Return a query as a panel's target."""
        return query.Target(sql=text, shape=shape, refId=ref_id)

    def scanned(self, target: query.Target) -> float:
        """Return 0: no bill is made of what is read."""
        return 0.0

    def rule_model(self, text: str, ref_id: str) -> query.Json:
        """Return a query as the model of an alert rule's."""
        return query.rule_model(ref_id, text)

    def datasource(self) -> tuple[str, str]:
        """Return the path of the data source's provisioning file, and its text."""
        return datasource.PATH, datasource.file(self.bundle)

    def confirm(self, rule: str) -> str | None:
        """Return the query that confirms an alert, as a person types it."""
        found = settings.confirm(rule)
        return found and runbook.renamed(self.bundle, found)

    def confirm_refused(self) -> str:
        """Return nothing: every bundle's tables are of the one kind."""
        return ""

    def confirm_answer(self, rule: str) -> Answer | None:
        """Return that query as a panel asks it, if its fields are collected."""
        found = settings.confirm(rule)
        return runbook.answer(self.bundle, found) if found else None


store = ClickHouseStore
