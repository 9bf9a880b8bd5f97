"""README.md shows the endpoint working, as it does."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[1]
TEXT = (HOUSE / "README.md").read_text()


@pytest.mark.slow
def test_its_program_prints_what_it_says(tmp_path: Path) -> None:
    """Where there is a copy of this folder and nothing else."""
    shutil.copytree(HOUSE, tmp_path / "timestream_local")
    program, shown = re.findall(r"```python\n(.*?)```\n\n    (.*)\n", TEXT, re.DOTALL)[0]
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == shown.splitlines()[0] + "\n"


@pytest.mark.slow
def test_its_command_prints_its_address(tmp_path: Path) -> None:
    command = re.findall(r"```sh\npython (-m timestream_local .*)\n```", TEXT)[0]
    words = command.replace("--port 8086", "--port 0").replace("/tmp/timestream", str(tmp_path))
    running = subprocess.Popen(
        [sys.executable, *words.split()], cwd=HOUSE.parent, stdout=subprocess.PIPE, text=True
    )
    with running:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+\n", running.stdout.readline())
        running.terminate()
    assert running.returncode == 0
