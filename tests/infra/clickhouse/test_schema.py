"""The tables: printed, made, made again, added to, kept for other times; on the real engine."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.errors import Problem
from infra.stores.clickhouse import check, tables, users
from infra.stores.clickhouse.server import Server
from processor.stores.clickhouse import schema
from processor.stores.clickhouse.columns import COLUMNS
from processor.stores.clickhouse.rollup import ROLLUPS, TOTALS
from processor.stores.clickhouse.schema import Place

Infra = Callable[..., tuple[int, str]]


def test_what_is_printed_makes_everything_that_is_asked_for(
    infra: Infra, server: Server, settings: dict[str, str], place: Place
) -> None:
    """A person pastes it: every statement of it runs, twice, and the tables are complete then."""
    database = settings["ClickHouseDatabase"]
    _, said = infra(
        *("schema", "--store", "clickhouse", "--print"),
        *("--parameter", f"ClickHouseDatabase={database}"),
    )
    script, _, _ = said.partition("-- Who writes")
    statements = [each for each in re.split(r";\n", script) if each.strip()]
    assert len(statements) == len(list(schema.statements(place)))
    for _ in range(2):
        for statement in statements:
            server.run(statement)
    assert tables.look(server, place).complete
    check.may_write(server, place)


def test_printing_shows_the_users_and_no_password(infra: Infra) -> None:
    status, said = infra("schema", "--store", "clickhouse", "--print", "--days", "14")
    assert status == 0
    assert "CREATE USER IF NOT EXISTS `cloudfront_writer`" in said
    assert "CREATE USER IF NOT EXISTS `cloudfront_reader`" in said
    assert said.count("BY '<password>'") == 2
    assert "INTERVAL 14 DAY" in said


def test_a_cluster_is_in_every_statement_and_replicates(infra: Infra) -> None:
    _, said = infra("schema", "--store", "clickhouse", "--print", "--cluster", "c1")
    statements = re.split(r";\n", said)
    made = [each for each in statements if re.search(r"^(CREATE|GRANT)", each, re.MULTILINE)]
    assert made
    assert all(" ON CLUSTER `c1`" in each for each in made)
    engines = re.findall(r"ENGINE = (\w+)", said)
    assert engines
    assert all(engine.startswith("Replicated") for engine in engines)


def test_applying_makes_what_is_missing_and_then_nothing(
    infra: Infra, administrator: None, of_parameters: list[str], server: Server, place: Place
) -> None:
    status, said = infra("schema", "--yes", *of_parameters)
    assert status == 0, said
    assert tables.look(server, place).complete
    _, again = infra("schema", "--yes", *of_parameters)
    assert "are there; nothing was changed." in again


@pytest.mark.slow
def test_a_column_that_is_missing_is_added_beside_what_is_there(
    infra: Infra, administrator: None, of_parameters: list[str], server: Server, place: Place
) -> None:
    infra("schema", "--yes", *of_parameters)
    server.run(f"INSERT INTO {place.requests} (timestamp, c_ip) VALUES (now(), '192.0.2.7')")
    server.run(f"ALTER TABLE {place.requests} DROP COLUMN c_port")
    server.run(f"ALTER TABLE {place.pipeline} DROP COLUMN lag_max_ms")
    with pytest.raises(Problem, match=r"lacks c_port of .*realtime_logs.*, lag_max_ms of"):
        check.complete(tables.look(server, place), place)
    _, said = infra("schema", "--yes", *of_parameters)
    assert "2 statements" in said
    assert tables.look(server, place).complete
    assert server.ask(f"SELECT c_ip, c_port FROM {place.requests}") == [["192.0.2.7", None]]


def as_version_1(server: Server, place: Place) -> None:
    """Make of the tables what schema 1 had."""
    for each in TOTALS:
        server.run(f"DROP TABLE {place.view(each)}")
        server.run(f"DROP TABLE {place.rollup(each)}")
    server.run(f"ALTER TABLE {place.requests} DROP COLUMN minute")
    server.run(f"ALTER TABLE {place.requests} MODIFY COMMENT 'schema 1'")


@pytest.mark.slow
def test_tables_of_schema_1_get_what_is_new_and_then_the_totals_of_before(
    infra: Infra, administrator: None, of_parameters: list[str], server: Server, place: Place
) -> None:
    """What came between is in them once, too; and filling again changes nothing."""
    infra("schema", "--yes", *of_parameters)
    as_version_1(server, place)
    columns = "timestamp, sc_status, sc_bytes, line_hash"
    insert = f"INSERT INTO {place.requests} ({columns}) SELECT now() - INTERVAL"
    server.run(f"{insert} 26 HOUR, 200, number, number FROM numbers(5)")
    _, said = infra("schema", "--yes", *of_parameters)
    assert "In five minutes, `make schema ARGS=--fill` adds what was there before" in said
    found = tables.look(server, place)
    assert (found.complete, found.version) == (True, schema.VERSION)
    server.run(f"{insert} 25 HOUR, 503, number, number FROM numbers(3)")
    for _ in range(2):
        status, said = infra("schema", "--yes", "--fill", *of_parameters)
        assert status == 0, said
        assert "have the sums of 2 hours." in said
        for each in TOTALS:
            sums = f"SELECT sum(sum_requests), sum(sum_sc_bytes) FROM {place.rollup(each)}"
            assert [list(map(int, row)) for row in server.ask(sums)] == [[8, 13]]
    right = f"SELECT countIf(minute = toStartOfMinute(timestamp)) FROM {place.requests}"
    assert int(server.ask(right)[0][0]) == 8


def test_tables_of_a_newer_checkout_are_left_alone(
    infra: Infra, administrator: None, of_parameters: list[str], server: Server, place: Place
) -> None:
    infra("schema", "--yes", *of_parameters)
    newer = schema.VERSION + 1
    server.run(f"ALTER TABLE {place.requests} MODIFY COMMENT 'schema {newer}'")
    server.run(f"ALTER TABLE {place.requests} DROP COLUMN c_port")
    status, said = infra("schema", "--yes", *of_parameters)
    assert status == 1
    assert f"of schema {newer}, newer than this checkout's {schema.VERSION}; nothing was" in said
    assert [column.name for _, column in tables.look(server, place).columns] == ["c_port"]


@pytest.mark.slow
def test_rows_are_kept_as_long_as_asked_and_otherwise_as_before(
    infra: Infra, administrator: None, of_parameters: list[str], server: Server, place: Place
) -> None:
    infra("schema", "--yes", "--days", "7", *of_parameters)
    kept = tables.look(server, place).days
    by_day = [place.requests, *(place.rollup(each) for each in ROLLUPS if each.by_day)]
    assert [kept.pop(name) for name in by_day] == [7, 7]
    assert set(kept.values()) == {Place().rollup_days}
    infra("schema", "--yes", *of_parameters)
    assert tables.look(server, place).days[place.requests] == 7
    status, said = infra("schema", "--yes", "--days", "90", "--rollup-days", "800", *of_parameters)
    assert status == 0, said
    assert f"{place.database}.realtime_logs keeps rows for 90 days, not for 7." in said
    kept = tables.look(server, place).days
    assert [kept.pop(name) for name in by_day] == [90, 90]
    assert set(kept.values()) == {800}


@pytest.mark.parametrize("days", ["0", "-1", "1.5", "4000", "x", "²"])
def test_days_that_are_no_days(infra: Infra, days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        infra("schema", "--store", "clickhouse", "--print", f"--days={days}")
    assert "whole number of days from 1 to 3650" in capsys.readouterr().err


def test_without_an_administrator_the_way_on_is_said(
    infra: Infra, of_parameters: list[str], server: Server, place: Place
) -> None:
    status, said = infra("schema", "--yes", *of_parameters)
    assert status == 1
    assert "CLICKHOUSE_ADMIN_PASSWORD" in said
    assert "make schema ARGS=--print" in said
    assert tables.look(server, place).empty


def test_of_a_stack_that_stands_the_stack_says_where(
    infra: Infra, administrator: None, stack: Callable[..., None], server: Server, place: Place
) -> None:
    status, said = infra("schema")
    assert status == 0, said
    assert tables.look(server, place).complete
    assert infra("schema", "--store", "clickhouse")[0] == 0


def test_timestream_has_no_schema(infra: Infra) -> None:
    status, said = infra("schema", "--store", "timestream", "--print")
    assert status == 1
    assert "needs no schema: the stack makes its table" in said


@pytest.mark.parametrize("given", ["clickhous", "Timestream", "click house"])
def test_a_store_that_is_misspelled(infra: Infra, given: str) -> None:
    status, said = infra("schema", "--store", given, "--print")
    assert status == 1
    assert f"There is no store {given!r}, only timestream and clickhouse; did you mean" in said


# The engine gives users what its configuration grants them, so each user's statements are handed
# to it as that; who else there is does not matter to what one of them may do.
AS_USER = r"""
import json, sys
import chdb
settings, queries = json.loads(sys.argv[1]), json.loads(sys.argv[2])
connection = chdb.connect(sys.argv[3])
for query in queries:
    try:
        print(json.dumps(str(connection.query(query, "TSV")).strip()))
    except Exception as error:
        text = str(error)
        print(json.dumps("refused " + text.split("Code: ")[1].split(".")[0]))
"""
CONFIG = """<clickhouse><users_config>{folder}/users.xml</users_config></clickhouse>"""
USERS = """<clickhouse>
  <profiles><default>{settings}</default></profiles><quotas><default/></quotas>
  <users><default><password/><profile>default</profile><quota>default</quota>
    <networks><ip>::/0</ip></networks><grants>{grants}</grants></default>
    <administrator><password/><profile>default</profile><quota>default</quota>
    <networks><ip>::/0</ip></networks><grants><query>GRANT ALL ON *.*</query></grants>
    </administrator></users>
</clickhouse>"""


@pytest.fixture
def as_user(tmp_path: Path) -> Callable[..., list[str]]:
    """Ask the engine, in a process of its own, as a user with these rights and settings."""
    import json

    pytest.importorskip("chdb", reason="ClickHouse's engine is not installed")
    (tmp_path / "config.xml").write_text(CONFIG.format(folder=tmp_path))

    def ask(queries: list[str], grants: list[str], **settings: int) -> list[str]:
        (tmp_path / "users.xml").write_text(
            USERS.format(
                settings="".join(f"<{key}>{value}</{key}>" for key, value in settings.items()),
                grants="".join(f"<query>{grant}</query>" for grant in grants),
            )
        )
        where = f"{tmp_path}/data?config-file={tmp_path}/config.xml"
        done = subprocess.run(
            [sys.executable, "-c", AS_USER, "{}", json.dumps(queries), where],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return [json.loads(line) for line in done.stdout.splitlines()]

    everything = ["GRANT ALL ON *.*"]
    # The views work with the rights of whoever made them: of an administrator, not of the writer.
    by = "DEFINER = administrator SQL SECURITY DEFINER AS\nSELECT"
    statements = [each.replace("AS\nSELECT", by, 1) for each in schema.statements(Place())]
    assert sum(by in each for each in statements) == len(ROLLUPS)
    made = ask(
        [*statements, f"INSERT INTO {Place().requests} (timestamp) VALUES (now())"], everything
    )
    assert not [each for each in made if each.startswith("refused")]
    return ask


def grants(statements: list[str]) -> list[str]:
    """Return the rights in the statements, without whose they are."""
    found = [each.partition(" TO ")[0] for each in statements if each.startswith("GRANT")]
    assert len(found) == len(statements) - 1
    return found


@pytest.mark.slow
def test_the_writer_may_write_see_when_rows_are_of_and_nothing_else(
    as_user: Callable[..., list[str]],
) -> None:
    place = Place()
    listed = ", ".join(column.name for column in COLUMNS)
    may = [
        f"INSERT INTO {place.requests} (timestamp, c_ip, sc_status) VALUES (now(), 'x', 500)",
        f"INSERT INTO {place.pipeline} (timestamp) VALUES (now())",
        f"SELECT count(), toUnixTimestamp(max(timestamp)) > 0 FROM {place.requests}",
        f"SELECT total_rows FROM system.tables WHERE name = '{place.table}_minutes'",
        "SELECT count() > 0 FROM system.tables WHERE database = 'cloudfront'",
        f"SELECT count() >= {len(COLUMNS)} FROM system.columns WHERE database = 'cloudfront'",
        "SELECT count() > 0 FROM system.disks",
        "SELECT version() != ''",
    ]
    may_not = [
        f"SELECT c_ip FROM {place.requests}",
        f"SELECT {listed} FROM {place.requests}",
        f"SELECT cs_uri_stem FROM {place.requests} ORDER BY timestamp",
        f"ALTER TABLE {place.requests} DELETE WHERE 1",
        f"ALTER TABLE {place.requests} ADD COLUMN x Int8",
        f"TRUNCATE TABLE {place.requests}",
        f"DROP TABLE {place.requests}",
        "CREATE TABLE cloudfront.other (x Int8) ENGINE = Memory",
        f"INSERT INTO {place.minutes} (sum_requests) VALUES (1)",
        "SELECT * FROM url('http://127.0.0.1:1/', 'TSV', 'x String')",
    ]
    said = as_user([*may, *may_not], grants(list(users.writer(place, "p"))))
    # Sums of two statuses, the second from this insert: the views wrote, too.
    assert said[: len(may)] == ["", "", "2\t1", "2", "1", "1", "1", "1"]
    assert said[len(may) :] == ["refused 497"] * len(may_not)


@pytest.mark.slow
def test_the_reader_may_read_and_nothing_else(as_user: Callable[..., list[str]]) -> None:
    place = Place()
    queries = [
        f"SELECT count() FROM {place.requests} WHERE c_ip != ''",
        f"INSERT INTO {place.requests} (timestamp) VALUES (now())",
        f"DROP TABLE {place.requests}",
        f"ALTER TABLE {place.requests} DELETE WHERE 1",
        "SET max_memory_usage = 1",
        "SELECT 1 FROM system.one SETTINGS readonly = 0",
        "SELECT * FROM url('http://127.0.0.1:1/', 'TSV', 'x String')",
    ]
    said = as_user(queries, grants(list(users.reader(place, "p"))), readonly=1)
    assert said[0] == "1"
    assert all(each.startswith("refused") for each in said[1:]), said
    assert set(said[1:]) <= {"refused 164", "refused 497"}


def test_the_statements_of_users_are_such_for_the_engine(server: Server) -> None:
    """Its own parser reads every one, with and without a cluster."""
    for place in (Place(), Place(cluster="c'`1")):
        for statement in (*users.writer(place, "p"), *users.reader(place, "p")):
            quoted = tables.literal(statement)
            assert server.ask(f"SELECT formatQuery({quoted})")[0][0]


def test_no_password_is_in_a_statement() -> None:
    for statement in (*users.writer(Place(), "geheim"), *users.reader(Place(), "geheim")):
        assert "geheim" not in statement


@pytest.mark.slow
def test_the_printed_way_to_replicated_tables_brings_every_row_over(
    server: Server, settings: dict[str, str]
) -> None:
    """docs/stores.md prints a query, which prints statements; sums come over as they are."""
    name = settings["ClickHouseDatabase"]
    places = Place(database=name), Place(database=f"{name}_replicated")
    for place in places:
        for statement in schema.statements(place):
            server.run(statement)
    old, new = places
    days = ("2026-11-24 10:00:00", "2026-11-25 10:00:00")
    for day in days:
        server.run(f"INSERT INTO {old.requests} (timestamp, sc_bytes) VALUES ('{day}', 7)")
        server.run(f"INSERT INTO {old.pipeline} (timestamp) VALUES ('{day}')")
    server.run(f"INSERT INTO {new.requests} (timestamp) VALUES ('{days[1]}')")
    page = (Path(__file__).parents[3] / "docs" / "stores.md").read_text()
    (query,) = re.findall(r"```sql\n( *SELECT DISTINCT.*?)```", page, re.DOTALL)
    query = query.replace("cloudfront_replicated", f"{name}_replicated")
    query = query.replace("FROM cloudfront.", f"FROM {name}.").replace("'cloudfront'", f"'{name}'")
    for (statement,) in server.ask(query):
        server.run(statement)

    def counted(place: Place) -> list[int]:
        return [
            int(server.ask(f"SELECT {what} FROM {table}")[0][0])
            for what, table in (
                ("count()", place.requests),
                ("count()", place.pipeline),
                ("sum(sum_requests)", place.minutes),
                ("sum(sum_requests)", place.hours),
            )
        ]

    assert counted(old) == [2, 2, 2, 2]
    assert counted(new) == [3, 2, 3, 3]
