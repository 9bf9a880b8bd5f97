"""The macros that the rules' templates call, as one script for DuckDB.

Each exists twice: ``ts_name`` raises what Timestream would raise, and ``tsn_name`` returns NULL
instead. TRY and TRY_CAST use the second, because DuckDB's own TRY does not accept error().
"""

import re

from timestream_local import casts, functions


def text() -> str:
    """Return the statements that make every macro."""
    script = functions.MACROS + casts.MACROS
    quiet = re.sub(r"\bts_", "tsn_", script)
    return (
        "CREATE OR REPLACE MACRO ts_error(message) AS error(message);\n"
        "CREATE OR REPLACE MACRO tsn_error(message) AS NULL;\n" + script + quiet
    )
