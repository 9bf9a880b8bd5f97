"""Check the template: SAM's and CloudFormation's rules, security, and a build that runs.

    sam validate --lint   cfn-lint, warnings included
    cfripper              security, on the stack with every option on, after SAM's transform
    sam build             makes the package; Lambda's Python imports it, if that is installed

Nothing asks AWS; only the build needs the network, for packages.
Run by ``make lint-infra``, in the environment that has the tools.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from infra import deploy, stores, transform
from infra.stores import Permissions

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(sys.executable).parent
ENVIRONMENT = {
    **os.environ,
    "SAM_CLI_TELEMETRY": "0",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    # sam asks for credentials before it validates, and uses none of them.
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
}


def main() -> int:
    """Run every check; return 1 when one finds something."""
    template = transform.TEMPLATE
    checks: tuple[tuple[str, Callable[[], bool]], ...] = (
        (
            "sam validate --lint",
            lambda: run([TOOLS / "sam", "validate", "--lint", "--template-file", template]),
        ),
        ("cfn-lint", lambda: run([TOOLS / "cfn-lint", "-c", "I", "--", template])),
        *(
            (f"cfripper, store {name}", partial(security, stores.of(name).permissions))
            for name in stores.STORES
        ),
        ("sam build", build),
    )
    failed = [name for name, check in checks if not report(name, check())]
    return 1 if failed else 0


def report(name: str, passed: bool) -> bool:
    """Print one check's result."""
    print(f"{'ok' if passed else 'FAILED'}  {name}", flush=True)
    return passed


def run(command: list[str | Path]) -> bool:
    """Run a tool; print what it said only when it failed."""
    done = subprocess.run(
        command, cwd=ROOT, env=ENVIRONMENT, text=True, capture_output=True, check=False
    )
    if done.returncode:
        print(done.stdout + done.stderr)
    return done.returncode == 0


def security(permissions: Permissions) -> bool:
    """Return whether cfripper finds what is accepted, and nothing else."""
    accepted = {key: actions for key, (actions, _) in permissions.ACCEPTED.items()}
    with tempfile.TemporaryDirectory() as folder:
        stack = Path(folder) / "stack.json"
        stack.write_text(transform.everything(**permissions.OPTIONS), encoding="utf-8")
        command: list[str | Path] = [
            TOOLS / "cfripper",
            stack,
            "--resolve",
            "--logging",
            "ERROR",
            "--format",
            "json",
        ]
        done = subprocess.run(command, env=ENVIRONMENT, text=True, capture_output=True, check=False)
    if done.returncode not in (0, 2):  # 2: it has something to say
        print(done.stdout + done.stderr)
        return False
    result = json.loads(done.stdout)
    unmet = set(accepted)
    found = [f"cfripper could not look: {exception}" for exception in result["exceptions"]]
    for failure in result["failures"]:
        for resource in failure["resource_ids"]:
            key = (failure["rule"], resource)
            unmet.discard(key)
            if key not in accepted or not set(failure["actions"] or ()) <= accepted[key]:
                found.append(f"{failure['rule']} ({failure['risk_value']}): {failure['reason']}")
    found += [f"{rule} of {resource} is accepted for nothing" for rule, resource in sorted(unmet)]
    print("\n".join(found), end="\n" if found else "")
    return not found


def build() -> bool:
    """Return whether the package builds, and Lambda's Python, if installed, imports its handler.

    In a folder of its own: what `make deploy` built last stays as it is.
    """
    with tempfile.TemporaryDirectory() as folder:
        made = run([TOOLS / "sam", *deploy.build_arguments(), "--build-dir", folder])
        package = Path(folder) / "Processor"
        if not made or not (package / "processor" / "handler.py").exists():
            return False
        runtime = transform.load()["Resources"]["Processor"]["Properties"]["Runtime"]
        python = shutil.which(runtime)
        # A version manager's stand-in can be on the PATH without the Python behind it.
        probe = [python or "", "--version"]
        if python is None or subprocess.run(probe, capture_output=True, check=False).returncode:
            print(
                f"    {runtime} is not installed: the package was built, its import was not tried"
            )
            return True
        # Isolated (-I), so that nothing but the package can be imported.
        code = f"import sys; sys.path.insert(0, {str(package)!r}); import processor.handler"
        return run([python, "-I", "-c", f"{code}; processor.handler.build()"])


if __name__ == "__main__":
    sys.exit(main())
