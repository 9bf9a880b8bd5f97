"""Timestream as a Store of one bundle, put together from its parts."""

from dashboards.config import Bundle
from dashboards.signals import Collected
from dashboards.stores import Answer, Format
from dashboards.stores import timestream as settings
from dashboards.stores.timestream import datasource, query, runbook, scan
from dashboards.stores.timestream.dialect import ALL, Dialect
from dashboards.stores.timestream.queries import Queries


class TimestreamStore:
    """One bundle's records in Timestream."""

    settings = settings
    all_value = f"'{ALL}'"

    def __init__(self, bundle: Bundle) -> None:
        dialect = Dialect(bundle)
        self.bundle = bundle
        self.collected: Collected = dialect.collected
        self.queries = Queries(bundle, dialect)

    def target(self, text: str, shape: Format, ref_id: str = "A") -> query.Target:
        """Return a query as a panel's target."""
        return query.Target(sql=text, shape=shape, refId=ref_id)

    def scanned(self, target: query.Target) -> float:
        """Return the bytes that it reads of each request, on average."""
        return scan.scanned(target.sql)

    def rule_model(self, text: str, ref_id: str) -> query.Json:
        """Return a query as the model of an alert rule's."""
        return query.rule_model(ref_id, text)

    def datasource(self) -> tuple[str, str]:
        """Return the path of the data source's provisioning file, and its text."""
        return datasource.PATH, datasource.file(self.bundle)

    def confirm(self, rule: str) -> str | None:
        """Return the query that confirms an alert, as a person types it."""
        query = settings.confirm(rule)
        return query and runbook.renamed(self.bundle, query)

    def confirm_refused(self) -> str:
        """Return why such queries do not fit this bundle, or nothing."""
        return runbook.cannot(self.bundle)

    def confirm_answer(self, rule: str) -> Answer | None:
        """Return that query as a panel's, if its fields are collected."""
        query = settings.confirm(rule)
        return runbook.answer(self.bundle, query) if query else None


store = TimestreamStore
