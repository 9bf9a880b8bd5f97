"""Names: which words need quotes, and which columns a name finds."""

import pytest

from timestream_local import statements
from timestream_local.compiler import compile_query
from timestream_local.engine import Engine
from timestream_local.errors import SqlError
from timestream_local.lexer import RESERVED
from timestream_local.store import Store
from timestream_local.tests.support import RETENTION, dimensions, values, write

# Words of Presto's grammar and of other dialects that are names like any other.
_FREE = """
add admin after all analyze any array asc at authorization bernoulli bigint boolean call cascade
catalogs collate column columns comment commit committed copy count country current data database
date day default desc distributed double error excluding explain fetch file filter first following
format functions get grant granted grants graphviz hour if ignore ilike including index input int
integer interval isolation json key last lateral level limit listagg load local logical map matched
materialized merge minute month name next nfc no none nullif nulls offset only option ordinality
output over partition partitions path percent pivot position preceding privileges properties put
qualify range read references refresh rename repeatable replace reset respect restrict revoke role
roles rollback row rows schema schemas second security serializable session set sets show skip some
start stats status substring system tables tablesample text ties time timestamp to top transaction
trim truncate try try_cast type unbounded uncommitted unique update use user validate value varchar
verbose view window without work write year zone
"""
FREE = _FREE.split()

# Every place of a name, as `{}`, and a query that would run if it were one.
PLACES = {
    "an alias": "SELECT 1 AS {} FROM (VALUES 1) AS t(x)",
    "an alias at the end": "SELECT 1 AS {}",
    "a qualified column": "SELECT t.{} FROM (SELECT 1 AS {}) AS t",
    "a table's alias": "SELECT {}.x FROM (SELECT 1 AS x) AS {}",
    "a WITH query": "WITH {} AS (SELECT 1 AS x) SELECT x FROM {}",
    "a column's alias": "SELECT y FROM (VALUES (1, 2)) AS t({}, y)",
    "the last column's alias": "SELECT y FROM (VALUES (1, 2)) AS t(y, {})",
    "a WITH query's column": "WITH t({}, y) AS (SELECT 1, 2) SELECT y FROM t",
    "a USING column": "SELECT 1 FROM (SELECT 1 AS {}) AS a JOIN (SELECT 1 AS {}) AS b USING ({})",
    "an unnested table": "SELECT {}.x FROM (SELECT 1) CROSS JOIN UNNEST(ARRAY[1]) AS {}(x)",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_reserved_word_is_a_name_in_quotes_only(samples: Engine, place: str) -> None:
    """It is refused bare, in any case; quoted, it is a name like any other."""
    sql = PLACES[place]
    for word in RESERVED:
        for bare in (word, word.lower()):
            with pytest.raises(SqlError):
                compile_query(sql.replace("{}", bare), samples.store)
        compile_query(sql.replace("{}", f'"{word}"'), samples.store)


@pytest.mark.parametrize("place", PLACES)
def test_any_other_word_is_a_name(samples: Engine, place: str) -> None:
    """A word of other dialects, a type or a function needs no quotes."""
    for word in FREE:
        compile_query(PLACES[place].replace("{}", word), samples.store)


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_a_reserved_word_names_no_column_or_table(samples: Engine, word: str) -> None:
    """A column, a table and a database of such a name are found in quotes only."""
    column = f'SELECT "{word}" FROM (SELECT 1 AS "{word}")'
    assert compile_query(column, samples.store).columns[0].name == word
    if word not in ("TRUE", "FALSE", "NULL") and not word.startswith(("CURRENT_", "LOCAL")):
        with pytest.raises(SqlError):
            compile_query(column.replace(f'SELECT "{word}"', f"SELECT {word}"), samples.store)
    for table in (f"{word}", f'"sampleDB".{word}', f'{word}."DevOps"'):
        with pytest.raises(SqlError):
            compile_query(f"SELECT 1 FROM {table}", samples.store)
    with pytest.raises(SqlError, match="a reserved word is a name in quotes only"):
        statements.answer(f'DESCRIBE "sampleDB".{word}', samples.store)
    with pytest.raises(SqlError, match="a reserved word is a name in quotes only"):
        statements.answer(f"SHOW TABLES FROM {word.lower()}", samples.store)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT 1 AS order", "line 1:13: mismatched input 'order'; a reserved word is a name"),
        ("SELECT 1\n  table", "line 2:3: mismatched input 'table'; a reserved word is a name"),
        ("SELECT 1 AS FROM (VALUES 1) AS t(x)", "line 1:13: mismatched input 'FROM'"),
        ("SELECT x FROM (VALUES 1) AS WHERE x = 1", "line 1:29: mismatched input 'WHERE'"),
        ("SELECT 1 AS", "line 1:10: the query ends too early"),
        ("SELECT x FROM (VALUES 1) AS", "line 1:26: the query ends too early"),
        ("DELETE FROM t", "line 1:1: mismatched input 'DELETE'; expected SELECT"),
    ],
)
def test_the_refusal_says_where_and_what(samples: Engine, sql: str, message: str) -> None:
    """The word is named with its place."""
    with pytest.raises(SqlError) as caught:
        compile_query(sql, samples.store)
    assert caught.value.message.startswith(message)


def test_stored_columns_are_told_apart_by_their_case(store: Store) -> None:
    """Names are case-sensitive in a table, also where ORDER BY means the output."""
    store.create_database("db", {"created": 0.0, "updated": 0.0, "tags": {}, "key": "k"})
    store.create_table("db", "t", RETENTION)
    record = {
        "Dimensions": dimensions(host="a"),
        "MeasureName": "m",
        "MeasureValueType": "MULTI",
        "Time": "1577836800",
        "TimeUnit": "SECONDS",
    }
    for at, (one, other) in enumerate((("1", "9"), ("2", "8"))):
        measures = values(cpu=("BIGINT", one), Cpu=("BIGINT", other))
        time = str(1577836800 + at)
        write(store, "db", "t", [{**record, "MeasureValues": measures, "Time": time}])
    engine = Engine(store, timeout=60)
    try:
        for key, expected in (("cpu", ["1", "2"]), ('"Cpu"', ["2", "1"]), ("cpu + Cpu * 2", "21")):
            answer = engine.query({"QueryString": f"SELECT cpu, Cpu FROM db.t ORDER BY {key}"})
            assert [row["Data"][0]["ScalarValue"] for row in answer["Rows"].decoded()] == list(
                expected
            )
    finally:
        engine.close()
    with pytest.raises(SqlError, match="'CPU' does not exist; names are case-sensitive"):
        compile_query("SELECT CPU FROM db.t", store)
