"""ClickHouse on this machine: its HTTP interface over chdb, its tables, and what is asked of it."""
