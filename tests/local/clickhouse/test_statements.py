"""Where an INSERT's rows begin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.stores.clickhouse.statements import (
    Insert,
    asked_format,
    file_clause,
    insert,
    is_several,
    text,
)


@pytest.mark.parametrize(
    ("statement", "sql", "form", "rows"),
    [
        ("INSERT INTO t FORMAT TSV\n1\t2\n", "INSERT INTO t ", "TSV", "1\t2\n"),
        ("insert into `a b`.t (x) format JSONEachRow {}", "insert into `a b`.t (x) ",
         "JSONEachRow", "{}"),
        ("INSERT INTO t (values, `format`) VALUES (1)", "INSERT INTO t (values, `format`) ",
         "Values", "(1)"),
        ("INSERT INTO t SETTINGS a = 'FORMAT x' FORMAT CSV\r\n1", "INSERT INTO t SETTINGS a ="
         " 'FORMAT x' ", "CSV", "1"),
        ("-- FORMAT x\n/* SELECT */ INSERT INTO t FORMAT Native;", "-- FORMAT x\n/* SELECT */"
         " INSERT INTO t ", "Native", ""),
        ("INSERT INTO t (a)", "INSERT INTO t (a)", "", ""),
        ("INSERT INTO t VALUES\n(1),\n(2)", "INSERT INTO t ", "Values", "\n(1),\n(2)"),
    ],
)  # fmt: skip
def test_what_stands_before_the_rows_and_what_they_are(statement, sql, form, rows):
    assert insert(statement.encode()) == Insert(sql, form, rows.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO t SELECT 1",
        "INSERT INTO t (a) WITH 1 AS x SELECT x",
        "SELECT 'INSERT INTO t FORMAT TSV'",
        "SELECT 1 -- INSERT INTO t VALUES (1)",
        "ALTER TABLE t DELETE WHERE s = 'x'",
        "",
    ],
)
def test_what_has_no_rows_of_its_own(statement):
    assert insert(statement.encode()) is None


@given(st.text(st.characters(codec="utf-8")), st.binary())
def test_a_quoted_text_never_ends_the_statement(value, rows):
    sql = f"INSERT INTO t SETTINGS log_comment = {text(value)} ".encode()
    assert insert(sql + b"FORMAT TSV\n" + rows) == Insert(sql.decode(), "TSV", rows)


@pytest.mark.parametrize(
    ("statement", "form"),
    [
        ("SELECT 1 FORMAT JSON", "JSON"),
        ("SELECT 1 format TSVRaw ; ", "TSVRaw"),
        ("SELECT 1 FORMAT CSV SETTINGS max_threads = 1", "CSV"),
        ("SELECT 'FORMAT CSV'", ""),
        ("SELECT 1", ""),
    ],
)
def test_a_query_may_name_its_format(statement, form):
    assert asked_format(statement.encode()) == form


@pytest.mark.parametrize(
    ("statement", "clause"),
    [
        ("SELECT 1 INTO OUTFILE '/x'", "INTO OUTFILE"),
        ("select 1 into /* y */ outfile '/x'", "INTO OUTFILE"),
        ("INSERT INTO t FROM INFILE '/x' FORMAT TSV", "FROM INFILE"),
        ("SELECT 'INTO OUTFILE'", ""),
        ("SELECT infile FROM t", ""),
    ],
)
def test_what_reads_or_writes_a_clients_file_is_found(statement, clause):
    assert file_clause(statement.encode()) == clause


@pytest.mark.parametrize(
    ("statement", "several"),
    [
        ("SELECT 1; SELECT 2", True),
        ("SELECT 1;'x'", True),
        ("SELECT 1 ;\n -- the end; no more\n", False),
        ("SELECT ';', `a;b` /* ; */", False),
        ("SELECT 1", False),
        ("SELECT 1;;", False),
    ],
)
def test_one_statement_is_told_from_several(statement, several):
    assert is_several(statement.encode()) is several
