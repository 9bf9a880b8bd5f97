"""What benches read of another process, and how they print: a line as soon as it is known."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


def cpu_seconds(pid: int) -> float:
    """Return a process's seconds of processor time."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def megabytes_of(pid: int, which: str = "VmRSS") -> int:
    """Return a process's resident megabytes; of VmHWM, the most they ever were."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{which}:"):
            return int(line.split()[1]) // 1024
    return 0


def show(head: Sequence[str], lines: Iterable[Sequence[Any]], width: int = 20) -> None:
    """Print a table."""
    print("  ".join(f"{title:>{width}}" for title in head))
    for line in lines:
        print("  ".join(f"{cell:>{width}}" for cell in line), flush=True)
