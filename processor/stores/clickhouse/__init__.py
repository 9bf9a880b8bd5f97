"""ClickHouse: a table of requests, a rollup by minute, a table of the processor's reports.

https://clickhouse.com/docs/
"""
