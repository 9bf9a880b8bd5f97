from collections.abc import Iterator, Mapping, Sequence

BUCKETS: Sequence[str] = ("RejectedDataBucket",)


def losses(resources: Mapping[str, str]) -> Iterator[str]:
    """Yield the table, and the reports on what it rejected."""
    if table := resources.get("LogTable"):
        database, _, name = table.rpartition("|")
        yield f"Timestream table {database}.{name}: every row, and its database"
    if bucket := resources.get("RejectedDataBucket"):
        yield f"S3 bucket {bucket}: Timestream's reports on rejected rows"
