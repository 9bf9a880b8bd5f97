"""The GitHub workflow: pinned actions, a cache that follows the locks, both architectures."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / ".github/workflows/ci.yml").read_text()
JOBS: dict[str, Any] = yaml.safe_load(TEXT)["jobs"]


def test_every_action_is_pinned_by_commit_and_says_its_version() -> None:
    used = re.findall(r"uses: (.+)", TEXT)
    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action
    versions = {action.split("@")[0]: action for action in used}
    assert set(used) == set(versions.values()), "one action has two versions"


@pytest.mark.parametrize("job", JOBS)
def test_pip_is_cached_by_what_is_locked(job: str) -> None:
    (setup,) = (step for step in JOBS[job]["steps"] if "setup-python" in step.get("uses", ""))
    assert setup["with"]["cache"] == "pip"
    locks = list(ROOT.glob(setup["with"]["cache-dependency-path"]))
    assert ROOT / "requirements" / "dev.txt" in locks
    assert all("--hash=" in lock.read_text() for lock in locks)


def test_compose_runs_on_both_architectures() -> None:
    job = JOBS["e2e"]
    assert job["runs-on"] == "${{ matrix.runner }}"
    assert [runner.endswith("-arm") for runner in job["strategy"]["matrix"]["runner"]] == [
        False,
        True,
    ]


def test_it_runs_what_anybody_runs() -> None:
    lines = [step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step]
    assert ".ci/run" in lines
    assert {"make demo", "make e2e"} <= set(lines)
