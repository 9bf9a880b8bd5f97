"""The deployed artefact: built as `sam build` does, imported from there alone, fed an event."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.log_lines import event, line

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "processor"

PROGRAM = """
import json, sys
folder = sys.argv[1]
assert not any("site-packages" in each for each in sys.path), sys.path
sys.path.insert(0, folder)
from processor.handler import handler

class Context:
    def get_remaining_time_in_millis(self):
        return 30000

answer = handler(json.load(sys.stdin), Context())
outside = sorted(
    name
    for name, module in sys.modules.items()
    if (path := getattr(module, "__file__", None)) and not path.startswith((folder, *sys.argv[2:]))
)
print("RESULT", json.dumps({"answer": answer, "outside": outside}))
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """Build the package in a copy of the folder, with the locked distributions."""
    base = tmp_path_factory.mktemp("sam")
    copy = base / "source"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    artifacts = base / "artifacts"
    install = f"{sys.executable} {ROOT / 'tests/support/pinned.py'} requirements.txt"
    done = subprocess.run(
        ["make", "build-Processor", f"ARTIFACTS_DIR={artifacts}", f"INSTALL={install}"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return artifacts


@pytest.mark.slow
def test_the_package_alone_handles_an_event_as_lambda_starts_it(wire, package, monkeypatch):
    """-I -S: no environment variables of Python's, no site-packages, nothing of the checkout."""
    monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", wire.queue_url)
    monkeypatch.setenv("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "the-stack-processor")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.delenv("POWERTOOLS_METRICS_DISABLED")
    monkeypatch.delenv("LOG_LEVEL")
    standard = [str(Path(json.__file__).parents[1]), str(Path(sys.base_prefix))]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", PROGRAM, str(package), *standard],
        input=json.dumps(event([line(), "bad\n", line()])),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *logged, last = done.stdout.splitlines()
    result = json.loads(last.removeprefix("RESULT "))
    assert result == {"answer": {"batchItemFailures": []}, "outside": []}
    assert len(wire.store.requests()) == 2
    assert [letter["line"] for letter in wire.store.messages] == ["bad"]
    assert wire.store.pipeline()[0]["function_name"] == "the-stack-processor"
    assert "/eu-west-1/timestream/" in wire.store.agents[0]["Authorization"]
    lines = [json.loads(each) for each in logged]
    assert lines[0]["_aws"]["CloudWatchMetrics"]
    assert lines[-1]["message"] == "batch"


@pytest.mark.slow
def test_the_package_holds_the_whole_folder_and_only_the_services_it_calls(package):
    parts = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*")
        if path.suffix in (".py", ".json")
    }
    found = {
        str(path.relative_to(package / "processor"))
        for path in (package / "processor").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert found == parts
    assert {"fields.json", "stores/timestream/encode.py"} <= parts
    models = {path.name for path in (package / "botocore" / "data").iterdir() if path.is_dir()}
    assert models == {"timestream-write", "sqs", "secretsmanager", "ssm"}
    assert not {"boto3", "tests", "local", "bin"} & {path.name for path in package.iterdir()}


def test_every_dependency_is_locked_with_a_hash():
    lock = (SOURCE / "requirements.txt").read_text()
    pins = re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)
    wanted = re.findall(r"^([\w.-]+)==", (SOURCE / "requirements.in").read_text(), re.MULTILINE)
    assert set(wanted) <= set(pins)
    for block in re.split(r"^(?=\S+==)", lock, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in block


def test_the_build_asks_pip_for_lambdas_platform_and_checks_hashes():
    done = subprocess.run(
        ["make", "-n", "build-Processor", "ARTIFACTS_DIR=out"],
        cwd=SOURCE,
        capture_output=True,
        text=True,
        check=True,
    )
    (pip,) = [each for each in done.stdout.replace("\\\n", " ").splitlines() if " pip " in each]
    for option in (
        "--require-hashes",
        "--only-binary=:all:",
        "--platform manylinux2014_aarch64",
        "--requirement requirements.txt",
    ):
        assert option in " ".join(pip.split())
