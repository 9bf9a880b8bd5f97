"""`python -m timestream_local`: the endpoint alone."""

import contextlib
import os
import sys

from timestream_local.server import main

status = main()
with contextlib.suppress(OSError, ValueError):
    sys.stdout.flush()
    sys.stderr.flush()
# All is closed. Taking the interpreter down as well would gain nothing, and DuckDB, where a thread
# of its own outlives it, then tells of "leaked instances" on the terminal of whoever asked.
os._exit(status)
