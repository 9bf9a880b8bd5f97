"""The profile `clickhouse` of docker-compose.yml, as far as it can be checked without Docker."""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as Xml
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from infra.stores.clickhouse import users
from infra.stores.clickhouse.place import READER
from processor.stores.clickhouse.schema import Place
from provisioning.push.plugin import _numbers
from provisioning.push.stores import clickhouse
from tests.test_compose import COMPOSE, DOCKERFILE, OFFLINE, ROOT, SERVICES, as_set

SERVER = SERVICES["clickhouse"]
LOCAL = SERVICES["local-clickhouse"]
GRAFANA = SERVICES["grafana-clickhouse"]
FOLDER = ROOT / "local/stores/clickhouse/docker"
USERS = Xml.parse(FOLDER / "users.xml").getroot()
FILES = ROOT / "provisioning/clickhouse"


def wanted(*profiles: str) -> set[str]:
    """Return the services that `docker compose --profile ... up` starts."""
    return {
        name
        for name, service in SERVICES.items()
        if not service.get("profiles") or set(service["profiles"]) & set(profiles)
    }


def needed(name: str) -> set[str]:
    """Return what starts with a service that is named."""
    return {name}.union(*(needed(one) for one in SERVICES[name].get("depends_on", {})))


def test_the_profile_adds_a_server_its_traffic_and_a_grafana_to_what_runs_without():
    without = wanted()
    assert without == {"local", "grafana", "mailpit"}
    assert wanted("clickhouse") - without == {
        "clickhouse",
        "local-clickhouse",
        "grafana-clickhouse",
    }


def test_half_of_it_can_run_alone_and_waits_for_nothing_of_the_other():
    assert needed("grafana-clickhouse") == {
        *("grafana-clickhouse", "local-clickhouse", "clickhouse", "mailpit")
    }
    assert "up grafana-clickhouse" in (ROOT / "docs/local.md").read_text()


def test_the_traffic_goes_into_the_server_as_the_user_that_it_has():
    command = LOCAL["command"]
    options = dict(zip(command[::2], command[1::2], strict=True))
    assert options["--store"] == "clickhouse"
    host, _, port = options["--endpoint"].removeprefix("http://").partition(":")
    assert SERVICES[host] is SERVER
    assert SERVER["ports"][0].endswith(f":{port}")
    assert LOCAL["environment"] == {
        name: SERVER["environment"][name] for name in ("CLICKHOUSE_USER", "CLICKHOUSE_PASSWORD")
    }
    # Where the image keeps its own, and listens: the same as without a profile.
    usual = json.loads(re.search(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)[1])
    assert command[-len(usual) :] == usual
    assert LOCAL["volumes"] == [f"local-clickhouse:/app/{options['--data']}"]
    assert {key: LOCAL[key] for key in ("build", "cap_drop", "security_opt", "init")} == {
        key: SERVICES["local"][key] for key in ("build", "cap_drop", "security_opt", "init")
    }


def test_grafana_asks_the_server_as_a_user_that_can_only_read():
    environment = GRAFANA["environment"]
    reader = environment["CLICKHOUSE_READER"]
    user = USERS.find(f"users/{reader}")
    profile = USERS.find(f"profiles/{user.findtext('profile')}")
    assert profile.findtext("readonly") == "1"
    # The plugin sends this one with every query.
    assert profile.find("constraints/max_execution_time/changeable_in_readonly") is not None
    assert [query.text for query in user.findall("grants/query")] == [
        f"GRANT SELECT ON {environment['CLICKHOUSE_DATABASE']}.*"
    ]
    assert user.find("password").get("from_env") == "CLICKHOUSE_READER_PASSWORD"
    assert user.findtext("password") in (None, "")
    passwords = {
        service["environment"]["CLICKHOUSE_READER_PASSWORD"] for service in (SERVER, GRAFANA)
    }
    assert len(passwords) == 1
    assert SERVICES[environment["CLICKHOUSE_HOST"]] is SERVER
    assert SERVER["ports"][0].endswith(f":{environment['CLICKHOUSE_PORT']}")
    assert environment["CLICKHOUSE_DATABASE"] == SERVER["environment"]["CLICKHOUSE_DB"]


def test_the_reader_is_the_one_that_a_deployed_stack_has():
    """There it is made by statements, here by a file, with the same rights and limits."""
    environment = GRAFANA["environment"]
    assert environment["CLICKHOUSE_READER"] == READER
    user, grant = users.reader(Place(environment["CLICKHOUSE_DATABASE"]), None)
    element = USERS.find(f"users/{READER}")
    assert grant.replace("`", "") == f"{element.findtext('grants/query')} TO {READER}"
    profile = USERS.find(f"profiles/{element.findtext('profile')}")
    limits = [
        f"{one.tag} = {one.text}"
        + " CHANGEABLE_IN_READONLY" * (profile.find(f"constraints/{one.tag}/*") is not None)
        for one in profile
        if one.tag != "constraints"
    ]
    assert limits == user.partition(" SETTINGS ")[2].split(", ")


def test_passwords_can_be_changed_in_one_place_each():
    services = as_set(CLICKHOUSE_PASSWORD="one", CLICKHOUSE_READER_PASSWORD="two")["services"]
    found = {
        (name, variable): service["environment"][variable]
        for name, service in services.items()
        for variable in ("CLICKHOUSE_PASSWORD", "CLICKHOUSE_READER_PASSWORD")
        if variable in service.get("environment", {})
    }
    assert found == {
        ("clickhouse", "CLICKHOUSE_PASSWORD"): "one",
        ("local-clickhouse", "CLICKHOUSE_PASSWORD"): "one",
        ("clickhouse", "CLICKHOUSE_READER_PASSWORD"): "two",
        ("grafana-clickhouse", "CLICKHOUSE_READER_PASSWORD"): "two",
        ("grafana-stack", "CLICKHOUSE_READER_PASSWORD"): "two",
    }


def test_the_plugin_is_pinned_to_one_that_the_push_would_take_too():
    plugin, _, version = GRAFANA["environment"]["GF_PLUGINS_PREINSTALL_SYNC"].partition("@")
    assert plugin == clickhouse.PLUGIN
    assert _numbers(version) >= clickhouse.PLUGINS[0].oldest
    assert (
        f"/api/plugins/{plugin}/versions/{version}/download" in (ROOT / "docs/local.md").read_text()
    )


@pytest.mark.parametrize(
    ("store", "service"), [("timestream", "grafana"), ("clickhouse", "grafana-clickhouse")]
)
def test_a_stacks_own_grafana_has_the_plugin_of_its_store(store: str, service: str):
    """`make env` writes which, into the .env that compose reads."""
    pinned = SERVICES[service]["environment"]["GF_PLUGINS_PREINSTALL_SYNC"]
    assert pinned == import_module(f"infra.stores.{store}.grafana").PLUGIN
    services = as_set(GRAFANA_STACK_PLUGIN=pinned)["services"]
    assert services["grafana-stack"]["environment"]["GF_PLUGINS_PREINSTALL_SYNC"] == pinned


def test_it_is_healthy_only_when_others_can_reach_it():
    """The image's first start runs a server on 127.0.0.1 alone, and ends it."""
    kind, check = SERVER["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    assert "$$HOSTNAME:8123/ping" in check
    assert "127.0.0.1" not in check
    assert LOCAL["depends_on"] == {"clickhouse": {"condition": "service_healthy"}}


def test_what_the_server_says_of_itself_does_not_fill_the_disk():
    config = Xml.parse(FOLDER / "config.xml").getroot()
    size = int(config.findtext("logger/size").removesuffix("M"))
    assert size * int(config.findtext("logger/count")) <= 100
    logs = {one.tag: one for one in config if one.tag.endswith("_log")}
    assert {tag for tag, one in logs.items() if one.get("remove") is None} == {"query_log"}
    assert "INTERVAL 3 DAY DELETE" in logs["query_log"].findtext("ttl")
    assert config.findtext("*/settings_constraints_replace_previous") == "true"
    assert {"metric_log", "asynchronous_metric_log", "trace_log", "text_log"} <= set(logs)


@pytest.mark.slow
def test_the_engine_takes_the_users_as_they_are_meant(tmp_path: Path):
    """By the engine in process, which has no setting for the constraint and is given none."""
    pytest.importorskip("chdb")
    text = (FOLDER / "users.xml").read_text()
    (tmp_path / "users.d").mkdir()
    (tmp_path / "users.d/cloudfront.xml").write_text(
        re.sub(r"<constraints>.*</constraints>", "", text, flags=re.DOTALL)
    )
    (tmp_path / "users.xml").write_text(
        "<clickhouse><profiles><default/></profiles><quotas><default/></quotas><users><default>"
        "<password/><profile>default</profile><quota>default</quota>"
        "<networks><ip>::/0</ip></networks><access_management>1</access_management>"
        "</default></users></clickhouse>"
    )
    (tmp_path / "config.xml").write_text(
        f"<clickhouse><users_config>{tmp_path}/users.xml</users_config></clickhouse>"
    )
    code = """
import sys, chdb
engine = chdb.connect(f":memory:?config-file={sys.argv[1]}/config.xml")
for question in (
    "SHOW GRANTS FOR cloudfront_reader",
    "SELECT setting_name, value FROM system.settings_profile_elements"
    " WHERE profile_name = 'cloudfront_reader' ORDER BY ALL",
):
    print(engine.query(question, "TSV").data())
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={**os.environ, "CLICKHOUSE_READER_PASSWORD": "secret"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n") == [
        "GRANT SELECT ON cloudfront.* TO cloudfront_reader",
        *("", "max_execution_time\t60", "max_memory_usage\t4000000000", "readonly\t1", "", ""),
    ]


def test_mounted_files_are_there():
    files = [mount for mount in SERVER["volumes"] if mount.startswith(".")]
    assert len(files) == 2
    for mount in files:
        source, target, mode = mount.split(":")
        assert (ROOT / source).is_file()
        assert re.fullmatch(r"/etc/clickhouse-server/(config|users)\.d/cloudfront\.xml", target)
        assert mode == "ro"
    named = {
        mount.split(":")[0]
        for service in (SERVER, LOCAL, GRAFANA)
        for mount in service["volumes"]
        if not mount.startswith(".")
    }
    assert named == {"clickhouse", "local-clickhouse", "grafana-clickhouse"}
    assert named <= set(COMPOSE["volumes"])


def test_it_has_every_setting_of_the_other_grafana_but_the_store_and_its_name():
    other = SERVICES["grafana"]["environment"]
    own = GRAFANA["environment"]
    differs = {name for name in own.keys() & other.keys() if own[name] != other[name]}
    assert differs == {"GF_PLUGINS_PREINSTALL_SYNC", "GF_SERVER_ROOT_URL"}
    assert {name for name in other.keys() - own.keys() if name.startswith("GF_")} == set()
    assert own["GF_SERVER_ROOT_URL"].rpartition(":")[2] == GRAFANA["ports"][0].split(":")[1]
    moved = as_set(GRAFANA_CLICKHOUSE_PORT="14002")["services"]["grafana-clickhouse"]
    assert moved["environment"]["GF_SERVER_ROOT_URL"] == "http://localhost:14002"


def test_offline_it_takes_the_plugin_from_the_folder_too():
    assert OFFLINE["services"]["grafana-clickhouse"] == OFFLINE["services"]["grafana"]


class TestFiles:
    """The mounted files, which `make dashboards` builds."""

    @pytest.fixture(autouse=True)
    def built(self) -> None:
        if not FILES.is_dir():
            pytest.skip("the files are not built yet")

    def test_what_grafana_mounts_is_built_for_this_store(self):
        mounts = [mount.split(":") for mount in GRAFANA["volumes"] if mount.startswith(".")]
        assert {target for _, target, _ in mounts} == {
            f"/etc/grafana/provisioning/{kind}"
            for kind in ("datasources", "dashboards", "alerting")
        }
        for source, _, mode in mounts:
            assert (ROOT / source).parent == FILES
            assert list((ROOT / source).glob("*.yaml"))
            assert mode == "ro"

    def test_its_data_source_is_of_the_plugin_that_is_installed(self):
        found = [
            source["type"]
            for path in (FILES / "datasources").glob("*.yaml")
            for source in yaml.safe_load(path.read_text())["datasources"]
        ]
        assert found == [clickhouse.PLUGIN]

    @pytest.mark.parametrize("name", ["grafana-clickhouse", "grafana-stack"])
    def test_every_variable_of_the_files_is_set(self, name: str):
        used = set()
        for path in FILES.glob("*/*.yaml"):
            used |= set(re.findall(r"(?<!\$)\$\{?([A-Z][A-Z0-9_]+)", path.read_text()))
        assert clickhouse.PASSWORD in used
        assert used <= set(SERVICES[name]["environment"])

    def test_the_home_dashboard_is_one_of_the_mounted(self):
        home = Path(GRAFANA["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
        mounted = FILES / home.relative_to("/etc/grafana/provisioning")
        assert json.loads(mounted.read_text())["uid"]
