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


def test_each_grafana_of_compose_is_started_and_tested() -> None:
    """Each store's Grafana, by the profile and the service that it has in docker-compose.yml."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    stores = {"e2e": "timestream", "e2e-clickhouse": "clickhouse"}
    for name, store in stores.items():
        started, tested, *_ = [step["run"] for step in JOBS[name]["steps"] if "run" in step]
        assert tested == ("make e2e" if name == "e2e" else f"make e2e STORE={store}")
        words = started.split()
        assert {"--build", "--wait"} <= set(words)
        if name != "e2e":
            assert (
                compose[words[-1]]["profiles"] == [words[words.index("--profile") + 1]] == [store]
            )
        ended = [step["run"] for step in JOBS[name]["steps"] if step.get("if") == "always()"]
        assert ended == [
            f"docker compose {'' if name == 'e2e' else f'--profile {store} '}down --volumes"
        ]


def test_it_runs_what_anybody_runs() -> None:
    lines = [step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step]
    assert ".ci/run" in lines
    assert {"make demo", "make e2e", "make e2e STORE=clickhouse"} <= set(lines)
