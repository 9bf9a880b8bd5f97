"""An embedded Timestream for LiveAnalytics: the write and query protocol over DuckDB."""

from local.timestream.server import Server

__all__ = ["Server"]
