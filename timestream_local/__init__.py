"""An embedded Timestream for LiveAnalytics: the write and query protocol over DuckDB."""

from timestream_local.server import Server

__all__ = ["Server"]
