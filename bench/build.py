"""Dashboards: seconds to build everything Grafana reads and compare it, interpreter included."""

import subprocess
import sys
import time

RUNS = 5


def run() -> None:
    """Print the least and the median of a few runs of `python -m dashboards --check`."""
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "dashboards", "--check"], check=True)
        taken.append(time.perf_counter() - start)
    taken.sort()
    print(f"least {taken[0]:.2f} s, median {taken[RUNS // 2]:.2f} s of {RUNS} runs")


if __name__ == "__main__":
    run()
