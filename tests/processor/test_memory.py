"""A batch in the memory of a small Lambda."""

import gc
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from processor.catalog import FIELDS
from processor.handler import _uncollected

ROOT = Path(__file__).parents[2]
MEGABYTE = 1024 * 1024

PROGRAM = """
import json, resource, sys
sys.path.insert(0, {root!r})
from tests.support.log_lines import ALL_FIELDS, Context, event, line
lines = [line(fields=ALL_FIELDS) for _ in range(int(sys.argv[1]))]
batch = json.loads(json.dumps(event(lines)))
del lines
# All that the process can write to, threads' stacks in full: more than is ever resident.
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
from processor.handler import handler
answer = handler(batch, Context())
print(json.dumps(answer))
"""


def run(lines, limit):
    """Run a batch in a fresh interpreter that cannot have more than so many bytes."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            PROGRAM.format(root=str(ROOT)),
            str(lines),
            str(limit),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["multi", "classic"])
def test_1_000_lines_fit_in_256_mb(wire, monkeypatch, layout):
    monkeypatch.setenv("RECORD_LAYOUT", layout)
    monkeypatch.setenv("LOG_FIELDS", ",".join(field.name for field in FIELDS))
    assert run(1000, 256 * MEGABYTE) == {"batchItemFailures": []}
    assert len(wire.store.requests()) == 1000


@pytest.mark.slow
def test_the_largest_batch_that_lambda_delivers_fits_in_256_mb(wire, monkeypatch):
    """Lambda's events are at most 6 MB: some 4,500 lines with all fields."""
    monkeypatch.setenv("LOG_FIELDS", ",".join(field.name for field in FIELDS))
    assert run(4500, 256 * MEGABYTE) == {"batchItemFailures": []}
    assert len(wire.store.requests()) == 4500


def test_python_looks_for_cycles_again_after_a_batch_however_it_ended():
    with suppress(RuntimeError), _uncollected():
        assert not gc.isenabled()
        raise RuntimeError
    assert gc.isenabled()
