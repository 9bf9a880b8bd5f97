"""The dashboards fit the bundle: fields, names, layout; and the command line keeps them so."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards import __main__ as cli
from dashboards import build, config, docs, lint
from dashboards.boards import boards
from dashboards.grafana.panels import Panel, Row, panel_id
from dashboards.grafana.variables import CHAIN
from dashboards.signals import DIMENSIONS, SIGNALS
from dashboards.stores import STORES
from processor.catalog import BY_NAME, FIELDS, UnknownField
from tests.support.usual import Bundle

NAMES = [
    "home",
    "overview",
    "edges",
    "countries",
    "latency",
    "errors",
    "cache",
    "viewers",
    "traffic",
    "changes",
    "requests",
    "request",
    "pipeline",
    "slo",
]


def panels(bundle: Bundle) -> dict[str, Panel]:
    return {
        f"{board.name}/{panel.key}": panel
        for board in boards(bundle)
        for panel in board.panels()
        if isinstance(panel, Panel)
    }


def test_the_dashboards_come_in_the_order_a_reader_meets_them() -> None:
    """The runbook last."""
    assert [board.name for board in boards(Bundle())] == [*NAMES, "runbook"]


COMPLETE = panels(Bundle(personal=True))
READ = sorted({name for panel in COMPLETE.values() for name in panel.reads})


@pytest.mark.slow
@pytest.mark.parametrize("missing", READ)
def test_a_panel_whose_field_is_not_collected_is_left_out(missing: str) -> None:
    """No query reads the column, and everything else is still there."""
    fields = tuple(name for name in Bundle().fields if name != missing)
    without = panels(Bundle(fields=fields, personal=True))
    column = BY_NAME[missing].column
    words = f" {column} ", f"({column} ", f"({column})", f" {column},", f"({column},"
    for name, panel in without.items():
        for target in panel.targets:
            text = " ".join(target.sql.split())
            assert not any(word in text for word in words), (name, missing)
    unaffected = {name for name, panel in COMPLETE.items() if missing not in panel.reads}
    unaffected -= {name for name in COMPLETE if name.startswith("home/")}  # a list of dashboards
    assert unaffected <= set(without)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    chosen=st.sets(st.sampled_from([field.name for field in FIELDS])),
    layout=st.sampled_from(["multi", "classic"]),
    sampling=st.sampled_from([1, 5, 30, 100]),
)
def test_any_fields_make_sound_dashboards(chosen: set[str], layout: str, sampling: int) -> None:
    """Whatever is collected: every rule is kept, and nothing asks for what is not there."""
    fields = ("timestamp", "sc-bytes", *chosen)
    bundle = Bundle(fields=fields, layout=layout, sampling=sampling, personal=True)
    boarded = [board.json() for board in boards(bundle)]
    assert lint.lint_texts({f"{n}.json": text for n, text in enumerate(boarded)}) == []
    assert all(set(panel.reads) <= set(fields) for panel in panels(bundle).values())


def test_time_alone_leaves_counting_and_the_pipeline() -> None:
    """Dashboards without a panel are not made, and no link leads to them."""
    files = build(Bundle(fields=("timestamp",)))
    made = {path for path in files if path.startswith("dashboards/") and path.endswith(".json")}
    assert made == {
        "dashboards/CloudFront/cloudfront-home.json",
        "dashboards/CloudFront/cloudfront-overview.json",
        "dashboards/CloudFront/cloudfront-pipeline.json",
        "dashboards/CloudFront/cloudfront-requests.json",
        "dashboards/CloudFront/cloudfront-runbook.json",
    }


def test_a_hit_is_told_without_the_detailed_result() -> None:
    """Origin Shield's hits are then unknown, and the rest still counts."""
    fields = tuple(n for n in Bundle().fields if n != "x-edge-detailed-result-type")
    sql = panels(Bundle(fields=fields))["overview/now-error_rate_5xx_bound"].targets[0].sql
    assert "count_if(x_edge_result_type IN ('Hit', 'RefreshHit'))" in sql


def test_lines_have_no_holes_where_a_panel_is_left_out() -> None:
    """Its neighbours have the room: every line of the grid is full."""
    for fields in (Bundle().fields, ("timestamp", "sc-status", "c-country", "cs-uri-stem")):
        for board in boards(Bundle(fields=fields)):
            lines: dict[tuple[str, int], int] = {}
            rows = [each for each in board.panels() if isinstance(each, Row)]
            rooms = {panel.key: row.key for row in rows for panel in row.held}
            for panel in board.panels():
                line = rooms.get(panel.key, ""), panel.gridPos.y
                lines[line] = lines.get(line, 0) + panel.gridPos.w
            assert set(lines.values()) == {24}, board.name


def test_a_row_of_details_is_closed_and_holds_its_panels() -> None:
    """Grafana asks for the panels on top; those that a row holds wait until it is opened."""
    found = {}
    for board in boards(Bundle()):
        on_top = json.loads(board.json())["panels"]
        held = {row["title"]: row["panels"] for row in on_top if row.get("collapsed")}
        assert all(held.values())
        assert on_top.index(next(p for p in on_top if p["type"] != "row")) == 1  # one row is open
        found[board.name] = {title: len(panels) for title, panels in held.items()}
    assert found["viewers"] == {
        "URIs by bytes, and referrers": 2,
        "Devices, methods and TLS": 4,
        "Video quality of experience (CMCD)": 6,
    }
    assert found["latency"] == {"By HTTP version, origin and URI": 3}
    assert not found["overview"]


def test_personal_data_is_listed_on_request_only() -> None:
    """No label of a panel is personal unless the operator says so."""
    personal = {field.name for field in FIELDS if field.personal}

    def listed(bundle: Bundle) -> set[str]:
        found = set()
        for board in boards(bundle):
            for panel in board.panels():
                for split in getattr(panel, "dimensions", ()):
                    found |= personal & set(board.collected.fields_of(split))
        return found

    assert listed(Bundle()) == set()
    assert listed(Bundle(personal=True)) == {"c-ip", "cs-uri-query"}


@pytest.mark.slow
def test_another_name_gives_another_set_beside_the_first() -> None:
    """No uid of one bundle occurs in the other's dashboards."""
    blue = build(Bundle(name="blue"))
    dashboards = [json.loads(text) for path, text in blue.items() if path.endswith(".json")]
    assert {model["uid"] for model in dashboards} == {
        f"blue-{name}" for name in (*NAMES, "runbook")
    }
    assert not any("/d/cloudfront" in text for text in blue.values())
    assert all(model["links"][0]["tags"] == ["blue"] for model in dashboards)


@pytest.mark.slow
def test_building_twice_gives_the_same_bytes() -> None:
    """Whatever order sets and dictionaries had."""
    code = "from dashboards import build, Bundle; import hashlib; " + (
        "print(hashlib.sha256(repr(build(Bundle())).encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(cli.ROOT)},
            cwd=cli.ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_every_dashboard_has_every_filter_and_number() -> None:
    """Save those of other records, of single requests, and those to which alerts lead."""
    named = {"datasource", "host", "country", "edge", "behavior"}
    chain = {DIMENSIONS[name].variable for name in CHAIN} | {"datasource"}
    few = {
        "home": {"datasource"},
        "traffic": chain | {"against", "top", "percentile"},
        "changes": chain | {"measure", "against"},
        "pipeline": {"datasource"},
        "request": {"datasource", "request"},
        "requests": chain | {"uri", "code", "request", "only"},
        "runbook": named,
        "slo": {"datasource"},
    }
    wanted = chain | {"top", "percentile"}
    for board in boards(Bundle()):
        names = {item["name"] for item in board.dashboard()["templating"].list}
        assert names == few.get(board.name, wanted), board.name


def test_panel_ids_stay_when_panels_come_and_go() -> None:
    """They come from the panel's key: alerts and bookmarks point to them."""
    assert panel_id("hit-ratio") == panel_id("hit-ratio") != panel_id("ttfb")
    few = panels(Bundle(fields=("timestamp", "sc-bytes", "x-edge-location")))
    many = panels(Bundle())
    for name, panel in few.items():
        assert panel.to_json_data()["id"] == many[name].to_json_data()["id"]


@pytest.mark.parametrize(
    ("knobs", "says"),
    [
        ({"name": "Cloud Front"}, "lower-case"),
        ({"name": "c" * 21}, "20"),
        ({"layout": "wide"}, "multi, classic"),
        ({"sampling": 0}, "1 to 100"),
        ({"sampling": 101}, "1 to 100"),
        ({"datasource": "a b"}, "uid"),
        ({"database": 'x"y'}, "Timestream name"),
        ({"table": "ab"}, "Timestream name"),
        ({"min_interval": "1"}, "duration"),
        ({"time_range": "week"}, "duration"),
        ({"refresh": "30s"}, "1m"),
        ({"top": 0}, "at least 1"),
        ({"fields": ()}, "no log fields"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(knobs: dict[str, object], says: str) -> None:
    """With what is wrong, when the bundle is made."""
    with pytest.raises(ValueError, match=says):
        Bundle(**knobs)  # type: ignore[arg-type]


def test_an_unknown_field_is_refused_with_the_nearest() -> None:
    """As everywhere that fields are named."""
    with pytest.raises(UnknownField, match="did you mean 'c-country'"):
        Bundle(fields=("timestamp", "c-county"))


def test_fields_are_put_in_delivery_order() -> None:
    """So that two ways to write the same set make the same bundle."""
    one = Bundle(fields=("sc-bytes", "timestamp"))
    assert one == Bundle(fields=("timestamp", "sc-bytes"))


def test_the_data_source_serves_both_worlds_from_the_environment() -> None:
    """Names stay in quotes for the SQL, and nothing in jsonData can turn into a number."""
    (source,) = yaml.safe_load(build(Bundle())["datasources/timestream.yaml"])["datasources"]
    assert source["uid"] == "timestream"
    settings = source["jsonData"]
    assert settings["defaultDatabase"] == '"$TIMESTREAM_DATABASE"'
    assert settings["defaultTable"] == '"$TIMESTREAM_TABLE"'
    assert settings["endpoint"] == "$TIMESTREAM_ENDPOINT"
    assert settings["authType"] == "$TIMESTREAM_AUTH_TYPE"
    assert settings["defaultRegion"] == "$AWS_REGION"
    assert set(source["secureJsonData"]) == {"accessKey", "secretKey", "sessionToken"}
    classic = yaml.safe_load(build(Bundle(layout="classic"))["datasources/timestream.yaml"])
    assert classic["datasources"][0]["jsonData"]["defaultMeasure"] == "sc_bytes"


def test_the_provider_reads_the_folder_it_lies_in() -> None:
    """Wherever Grafana's provisioning is."""
    (provider,) = yaml.safe_load(build(Bundle())["dashboards/provider.yaml"])["providers"]
    assert provider["options"]["path"] == "$GF_PATHS_PROVISIONING/dashboards"
    assert provider["options"]["foldersFromFilesStructure"] is True
    # Grafana refuses both beside it.
    assert not {"folder", "folderUid"} & set(provider)


def test_a_generated_file_says_so() -> None:
    """Where a file can hold a comment; the list of what was made names all of them."""
    for path, text in build(Bundle()).items():
        assert path.endswith(".json") or text.startswith("# Generated by `make dashboards`"), path


@pytest.mark.parametrize("store", STORES)
def test_committed_files_are_what_the_code_makes(store: str) -> None:
    """Run `make dashboards` when this fails."""
    assert cli.drift(cli.ROOT, cli.wanted(config.Bundle(store=store))) == [], "run: make dashboards"


def test_the_command_line_builds_for_another_stack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each knob of the bundle is an option."""
    options = ["--layout", "classic", "--sampling", "5", "--fields", "timestamp,sc-bytes,sc-status"]
    assert cli.main(["--out", str(tmp_path), *options]) == 0
    (path,) = tmp_path.rglob("*-overview.json")
    text = path.read_text()
    assert "20 * sum(measure_value::bigint)" in text
    assert "files written below" in capsys.readouterr().out


def test_every_signal_panel_and_split_is_documented() -> None:
    """In the page that people read."""
    text = (cli.ROOT / "docs" / "dashboards.md").read_text()
    for signal in SIGNALS.values():
        assert f'<a id="{signal.name}"></a>' in text
    for board in boards(config.Bundle(personal=True)):
        assert f"## {board.title}\n" in text
        for panel in board.panels():
            closed = " (closed)" if isinstance(panel, Row) and panel.closed else ""
            assert f"| {docs._plain(panel.title)}{closed} |" in text
    for split in DIMENSIONS.values():
        assert f"| {split.title} |" in text


def test_what_people_wrote_in_the_page_is_kept() -> None:
    """Only the part behind the marker is made anew."""
    page = docs.page("# Mine\n\nwords\n")
    assert page.startswith(f"# Mine\n\nwords\n\n{docs.MARKER}\n")
    assert docs.page(page) == page
