"""docker-compose.yml and the image it builds, as far as they can be checked without Docker."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
GRAFANAS = ("grafana", "grafana-stack")
DOCKERFILE = (ROOT / "local/Dockerfile").read_text()

# The part of the Compose specification that this file uses, and nothing beside it: a misspelt key
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


@pytest.mark.parametrize("name", [n for n, service in SERVICES.items() if "image" in service])
def test_images_are_pinned_to_a_version(name):
    assert re.search(r":v?\d+\.\d+\.\d+$", SERVICES[name]["image"])


@pytest.mark.parametrize("name", GRAFANAS)
class TestGrafana:
    def test_the_timestream_plugin_is_pinned_and_there_before_provisioning(self, name):
        plugin = SERVICES[name]["environment"]["GF_PLUGINS_PREINSTALL_SYNC"]
        assert re.fullmatch(r"grafana-timestream-datasource@\d+\.\d+\.\d+", plugin)
        source = yaml.safe_load((ROOT / "provisioning/datasources/timestream.yaml").read_text())
        assert plugin.partition("@")[0] == source["datasources"][0]["type"]

    def test_what_is_mounted_is_there_and_read_only(self, name):
        # ${NAME:-default} as Compose reads it while NAME is not set
        mounts = [re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", v) for v in SERVICES[name]["volumes"]]
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
    read = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
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
        run = subprocess.run(
            ["make", "--dry-run", "--always-make", target, "PYTHON=python3"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return [shlex.split(command) for command in run.stdout.splitlines()]

    def test_every_step_is_one_that_make_takes(self):
        made = self.make(".venv/ready")
        steps = [shlex.split(step) for step in self.steps("RUN")]
        assert steps
        assert [command for command in made if command in steps] == steps

    def test_it_runs_what_make_serve_runs(self):
        entry = json.loads(self.steps("ENTRYPOINT")[0])
        assert entry in self.make("serve")

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
