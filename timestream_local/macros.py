"""The macros that the rules' templates call, as one script for DuckDB.

Each exists twice: as ``ts_name``, which raises what Timestream would raise, and as ``tsn_name``,
which returns NULL instead. TRY and TRY_CAST use the second kind, because DuckDB's own TRY cannot
hold a function that raises at will.
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
