"""docker-compose.yml and the image it builds, as far as they can be checked without Docker."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from local.stores import DEFAULT

ROOT = Path(__file__).parents[1]
MAKES = re.compile(r"^(MAKE|MFLAGS$|ARGS$|STORE$|PYTHON$)")
TEXT = (ROOT / "docker-compose.yml").read_text()


def as_set(name: str = "docker-compose.yml", **variables: str) -> dict[str, Any]:
    """Return a compose file with ${NAME:-default} filled in, as Compose does: value by value."""

    def walk(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: walk(value) for key, value in node.items()}
        if isinstance(node, list):
            return [walk(value) for value in node]
        if not isinstance(node, str):
            return node
        return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda use: variables.get(use[1]) or use[2], node)

    return walk(yaml.safe_load((ROOT / name).read_text()))


COMPOSE = as_set()
OFFLINE = as_set("docker-compose.offline.yml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
GRAFANAS = ("grafana", "grafana-stack")
DOCKERFILE = (ROOT / "local/Dockerfile").read_text()

# The part of the Compose specification that this file uses, and nothing beside it: a misspelled key
# is an error to Compose too. https://github.com/compose-spec/compose-spec/blob/main/spec.md
STRINGS = {"type": "array", "items": {"type": "string"}}
DURATION = {"type": "string", "pattern": r"^(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$"}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "patternProperties": {"^x-": {}},
    "required": ["name", "services", "volumes"],
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "volumes": {"type": "object", "additionalProperties": {"type": "null"}},
        "services": {
            "type": "object",
            "propertyNames": {"pattern": "^[a-zA-Z0-9._-]+$"},
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "oneOf": [{"required": ["image"]}, {"required": ["build"]}],
                "required": ["healthcheck", "restart", "logging"],  # no log fills the disk
                "properties": {
                    "image": {"type": "string"},
                    "build": {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {
                            "context": {"type": "string"},
                            "dockerfile": {"type": "string"},
                        },
                    },
                    "logging": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["driver", "options"],
                        "properties": {
                            "driver": {"const": "json-file"},
                            "options": {
                                "type": "object",
                                "required": ["max-size", "max-file"],
                                "additionalProperties": {"type": "string"},
                            },
                        },
                    },
                    "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
                    "init": {"type": "boolean"},
                    "cap_drop": STRINGS,
                    "security_opt": STRINGS,
                    "profiles": STRINGS,
                    "command": STRINGS,
                    "ports": STRINGS,
                    "volumes": STRINGS,
                    "environment": {"type": "object", "additionalProperties": {"type": "string"}},
                    "depends_on": {
                        "type": "object",
                        "additionalProperties": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["condition"],
                            "properties": {
                                "condition": {"enum": ["service_started", "service_healthy"]}
                            },
                        },
                    },
                    "healthcheck": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["test"],
                        "properties": {
                            "test": STRINGS,
                            "interval": DURATION,
                            "timeout": DURATION,
                            "start_period": DURATION,
                            "retries": {"type": "integer", "minimum": 1},
                        },
                    },
                },
            },
        },
    },
}


def test_the_file_is_what_compose_understands():
    jsonschema.Draft202012Validator(SCHEMA).validate(COMPOSE)


def test_without_a_profile_the_local_pipeline_is_shown_and_with_one_a_stack():
    plain = {name for name, service in SERVICES.items() if "profiles" not in service}
    assert plain == {"local", "grafana", "mailpit"}
    assert SERVICES["grafana-stack"]["profiles"] == ["stack"]


def test_what_a_service_waits_for_exists_and_can_become_healthy():
    for service in SERVICES.values():
        for name, wait in service.get("depends_on", {}).items():
            assert name in SERVICES
            if wait["condition"] == "service_healthy":
                assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    # A stack is looked at without the local pipeline running.
    assert set(SERVICES["grafana-stack"]["depends_on"]) == {"mailpit"}


def test_every_port_is_bound_to_loopback_and_no_two_share_one():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert all(re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port) for port in ports)
    published = [port.split(":")[1] for port in ports]
    assert len(published) == len(set(published))


def test_every_port_has_a_variable_and_grafanas_links_follow_theirs():
    names = set(re.findall(r"127\.0\.0\.1:\$\{(\w+):-\d+\}", TEXT))
    assert len(names) == sum(len(service.get("ports", [])) for service in SERVICES.values())
    moved = {name: str(14000 + number) for number, name in enumerate(sorted(names))}
    services = as_set(**moved)["services"]
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert {port.split(":")[1] for port in published} == set(moved.values())
    # Inside, nothing moves: services find each other where they did.
    assert {port.split(":")[2] for port in published} == {
        port.split(":")[2] for service in SERVICES.values() for port in service.get("ports", [])
    }
    for name, variable in zip(GRAFANAS, ("GRAFANA_PORT", "GRAFANA_STACK_PORT"), strict=True):
        url = services[name]["environment"]["GF_SERVER_ROOT_URL"]
        assert url == f"http://localhost:{moved[variable]}"


def test_mounts_can_be_labeled_for_selinux():
    services = as_set(MOUNT_OPTIONS="ro,z")["services"]
    for service in services.values():
        for mount in service.get("volumes", []):
            # A named volume is labeled by the engine; a folder of the host's is not.
            assert mount.endswith(":ro,z") == mount.startswith(".")


def test_without_internet_the_plugin_is_the_one_in_the_folder():
    assert set(OFFLINE["services"]) == {name for name in SERVICES if name.startswith("grafana")}
    for service in OFFLINE["services"].values():
        assert set(service) == {"volumes", "environment"}
        assert service["volumes"] == ["./plugins:/var/lib/grafana/plugins:ro"]
        assert service["environment"] == {
            "GF_PLUGINS_PREINSTALL_SYNC": "",
            "GF_PLUGINS_PREINSTALL_DISABLED": "true",
        }
    plugin, _, version = SERVICES["grafana"]["environment"]["GF_PLUGINS_PREINSTALL_SYNC"].partition(
        "@"
    )
    page = (ROOT / "docs/local.md").read_text()
    assert f"/api/plugins/{plugin}/versions/{version}/download" in page


def test_images_are_named_in_full():
    """Podman has no registry of its own to look in."""
    images = [service["image"] for service in SERVICES.values() if "image" in service]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert images
    assert all(image.startswith("docker.io/") for image in images)


@pytest.mark.parametrize("name", [n for n, service in SERVICES.items() if "image" in service])
def test_images_are_pinned_to_a_version(name):
    assert re.search(r":v?\d+(\.\d+){2,3}$", SERVICES[name]["image"])


@pytest.mark.parametrize("name", GRAFANAS)
class TestGrafana:
    def test_the_timestream_plugin_is_pinned_and_there_before_provisioning(self, name):
        plugin = SERVICES[name]["environment"]["GF_PLUGINS_PREINSTALL_SYNC"]
        assert re.fullmatch(r"grafana-timestream-datasource@\d+\.\d+\.\d+", plugin)
        source = yaml.safe_load((ROOT / "provisioning/datasources/timestream.yaml").read_text())
        assert plugin.partition("@")[0] == source["datasources"][0]["type"]

    def test_what_is_mounted_is_there_and_read_only(self, name):
        mounts = SERVICES[name]["volumes"]
        binds = [mount.split(":") for mount in mounts if mount.startswith(".")]
        assert {target for _, target, _ in binds} == {
            f"/etc/grafana/provisioning/{kind}"
            for kind in ("datasources", "dashboards", "alerting")
        }
        for source, _, mode in binds:
            assert list((ROOT / source).glob("*.yaml"))
            assert mode == "ro"
        named = {mount.split(":")[0] for mount in mounts if not mount.startswith(".")}
        assert named <= set(COMPOSE["volumes"])

    def test_every_variable_of_the_provisioning_files_is_set(self, name):
        """Grafana reads an unset variable as nothing, and may not start on what is left."""
        used = set()
        for path in (ROOT / "provisioning").glob("*/*.yaml"):
            # $$ is a dollar; lower case is a template's own
            used |= set(re.findall(r"(?<!\$)\$\{?([A-Z][A-Z0-9_]+)", path.read_text()))
        assert used
        # Without temporary keys there is no token, and empty is what is meant.
        assert used - set(SERVICES[name]["environment"]) <= {"AWS_SESSION_TOKEN"}

    def test_the_home_dashboard_is_one_of_the_mounted(self, name):
        home = Path(SERVICES[name]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
        mounted = ROOT / "provisioning" / home.relative_to("/etc/grafana/provisioning")
        assert json.loads(mounted.read_text())["uid"]

    def test_anybody_may_look_and_nobody_is_let_in_to_change(self, name):
        environment = SERVICES[name]["environment"]
        assert environment["GF_AUTH_ANONYMOUS_ENABLED"] == "true"
        assert environment["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"

    def test_its_own_links_lead_to_the_published_port(self, name):
        port = SERVICES[name]["ports"][0].split(":")[1]
        url = SERVICES[name]["environment"]["GF_SERVER_ROOT_URL"]
        assert url == f"http://localhost:{port}"

    def test_mail_goes_to_the_catcher(self, name):
        environment = SERVICES[name]["environment"]
        assert environment["GF_SMTP_ENABLED"] == "true"
        assert environment["GF_SMTP_HOST"].partition(":")[0] in SERVICES


def test_the_local_grafana_asks_the_local_endpoint_with_keys_that_open_nothing():
    environment = SERVICES["grafana"]["environment"]
    host, _, port = environment["TIMESTREAM_ENDPOINT"].removeprefix("http://").partition(":")
    assert host in SERVICES
    assert any(published.endswith(f":{port}") for published in SERVICES[host]["ports"])
    # From here, not from the shell of whoever starts it.
    assert not [value for name, value in environment.items() if "AWS_" in name and "${" in value]


def test_the_example_env_names_exactly_what_the_file_reads():
    read = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    example = (ROOT / ".env.example").read_text()
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == read


class TestImage:
    def steps(self, *instructions: str) -> list[str]:
        joined = re.sub(r"\\\n\s*", " ", DOCKERFILE)
        return [
            text.strip()
            for word, _, text in (line.partition(" ") for line in joined.splitlines())
            if word in instructions
        ]

    def make(self, target: str) -> list[list[str]]:
        """Return the commands that make would run."""
        if shutil.which("make") is None:
            pytest.skip("make is not installed")
        # Without what a make that runs the tests hands on, such as ARGS.
        env = {name: value for name, value in os.environ.items() if not MAKES.search(name)}
        run = subprocess.run(
            ["make", "--dry-run", "--always-make", target, "PYTHON=python3"],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        return [shlex.split(command) for command in run.stdout.splitlines()]

    def test_it_installs_as_make_does_but_only_what_local_runs_on(self):
        made = self.make(".venv/ready")
        steps = [shlex.split(step) for step in self.steps("RUN")]
        installs = [step for step in steps if ".venv" in " ".join(step)]
        assert len(installs) == 2
        for step in installs:
            words = [
                word.replace("requirements/local.txt", "requirements/dev.txt") for word in step
            ]
            assert words in made
        assert any("requirements/local.txt" in step for step in installs)

    def test_every_package_is_the_one_that_was_tested(self):
        def pins(name: str) -> dict[str, str]:
            text = (ROOT / "requirements" / name).read_text()
            return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))

        local, dev = pins("local.txt"), pins("dev.txt")
        assert local
        assert {name: dev.get(name) for name in local} == local
        assert not {"grafanalib", "pytest", "ruff", "hypothesis"} & set(local)

    @pytest.mark.slow
    def test_it_runs_without_any_package_that_is_not_in_it(self):
        """Every module that `serve` loads is imported while all other packages are hidden."""
        names = (ROOT / "requirements/local.txt").read_text()
        pinned = re.findall(r"^([A-Za-z0-9._-]+)==", names, re.MULTILINE)
        code = """
import importlib, importlib.metadata, pkgutil, re, sys
pinned = set(sys.argv[1:]) | {"pip", "setuptools"}
owners = importlib.metadata.packages_distributions()
hidden = {
    name for name, by in owners.items()
    if not {re.sub("[-_.]+", "-", each).lower() for each in by} & pinned
}
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in hidden:
            raise ModuleNotFoundError(f"{name} is not in the image", name=name)
sys.meta_path.insert(0, Hidden())
import local, timestream_local
import moto.server
for module in (
    *pkgutil.walk_packages(local.__path__, "local."),
    *pkgutil.walk_packages(timestream_local.__path__, "timestream_local."),
):
    if ".tests" in module.name:
        continue
    # The demo also tells which of the rules in dashboards/ fire; test-rules is not for the image.
    stem = module.name.rpartition(".")[2]
    if stem not in ("demo", "alerts", "rulecases", "rulequeries", "__main__"):
        importlib.import_module(module.name)
print(*sorted(hidden & set(sys.modules)), "of", len(hidden))
"""
        run = subprocess.run(
            [sys.executable, "-c", code, *(re.sub("[-_.]+", "-", name).lower() for name in pinned)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        assert re.fullmatch(r" *of [1-9]\d+", run.stdout.strip())

    def test_it_does_not_run_as_root_and_a_new_volume_is_its_own(self):
        user = self.steps("USER")[0]
        assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
        owner, group = user.split(":")
        folder = json.loads(self.steps("CMD")[0])
        folder = folder[folder.index("--data") + 1]
        made = shlex.split(self.steps("RUN")[-1])
        assert made == ["install", "--directory", f"--owner={owner}", f"--group={group}", folder]
        assert DOCKERFILE.index("RUN install") < DOCKERFILE.index("USER ")
        page = (ROOT / "docs/local.md").read_text()
        assert f"-R {user} /data" in page  # a volume that root made, before

    def test_it_runs_what_make_serve_runs(self):
        entry = json.loads(self.steps("ENTRYPOINT")[0])
        [made] = [command for command in self.make("serve") if "serve" in command]
        store = made.index("--store")
        assert made[store + 1] == DEFAULT  # without being said
        assert entry == made[:store] + made[store + 2 :]

    def test_what_it_copies_is_there_and_in_the_build_context(self):
        ignored = (ROOT / ".dockerignore").read_text().split()
        for step in self.steps("COPY"):
            for source in step.split()[:-1]:
                assert (ROOT / source).exists()
                assert "!" + source.partition("/")[0] in ignored

    def test_the_service_listens_where_compose_publishes_and_keeps_its_tables_in_the_volume(self):
        command = json.loads(self.steps("CMD")[0])
        assert command[command.index("--host") + 1] == "0.0.0.0"
        folder = command[command.index("--data") + 1]
        workdir = self.steps("WORKDIR")[0]
        assert SERVICES["local"]["volumes"] == [f"tables:{workdir}/{folder}"]
