"""What `status` looks at in Timestream."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from infra.chain import Context, Link

LAG_LIMIT = timedelta(minutes=10)
# The records that stand for one request each, by layout.
MEASURE_NAMES = {"multi": "request", "classic": "sc_bytes"}


def _rows(context: Context) -> Link:
    """Look for the newest row."""
    stack = context.stack
    answer = context.client("timestream-query").query(
        QueryString=(
            f'SELECT max(time) FROM "{stack.database}"."{stack.table}" '
            f"WHERE measure_name = '{MEASURE_NAMES[stack.record_layout]}' AND time > ago(24h)"
        )
    )
    newest = next((row["Data"][0].get("ScalarValue") for row in answer["Rows"]), None)
    if newest is None:
        return Link(
            "Timestream",
            "no row in 24 hours",
            "Begin with the first red line above; when there is none, read the processor's log.",
        )
    when = datetime.fromisoformat(newest.split(".")[0]).replace(tzinfo=UTC)
    behind = context.now - when
    found = (
        f"newest row of {when:%Y-%m-%d %H:%M:%S} UTC, {max(behind.total_seconds(), 0):.0f} s ago"
    )
    if behind > LAG_LIMIT:
        return Link(
            "Timestream",
            found,
            "Nothing newer came: with traffic on the distribution, begin with the first red line "
            "above.",
        )
    return Link("Timestream", found)


def _reports(context: Context) -> Link:
    """Look for late rows that Timestream rejected afterwards."""
    bucket = context.stack.rejected_data_bucket_name
    answer = context.client("s3").list_objects_v2(Bucket=bucket, MaxKeys=1000)
    count = answer["KeyCount"]
    if count:
        more = " or more" if answer.get("IsTruncated") else ""
        return Link(
            "late rows",
            f"{count}{more} reports of rejected rows",
            f"The reasons are in s3://{bucket}; older than 30 days they are deleted.",
        )
    return Link("late rows", "none rejected")


ROWS: tuple[str, Callable[[Context], Link]] = ("Timestream", _rows)
LATE: tuple[str, Callable[[Context], Link]] = ("late rows", _reports)
