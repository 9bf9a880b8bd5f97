"""Array functions."""

from timestream_local.overloads import Family, Overload, words

_DAY, _MONTH = "interval day to second", "interval year to month"

RULES = (
    Overload("array_distinct", "array(T) -> array(T)", "ts_distinct({0})"),
    Overload("array_intersect", "array(T), array(T) -> array(T)", "ts_intersect({0}, {1})"),
    Overload("array_union", "array(T), array(T) -> array(T)", "ts_distinct(list_concat({0}, {1}))"),
    Overload("array_except", "array(T), array(T) -> array(T)", "ts_except({0}, {1})"),
    *(
        Overload(
            "array_join",
            f"array({t}), varchar{', varchar' * replaced} -> varchar",
            ("ts_join_nulls" if replaced else "ts_join")
            + f"(list_transform({{0}}, lambda x: {text}), {{1}}{', {2}' * replaced})",
        )
        for replaced in (0, 1)
        for t, text in (
            ("varchar", "x"),
            ("bigint", "CAST(x AS VARCHAR)"),
            ("double", "ts_double_text(x)"),
            ("boolean", "CAST(x AS VARCHAR)"),
            ("timestamp", "ts_timestamp_text(x)"),
            ("date", "CAST(x AS VARCHAR)"),
        )
    ),
    Overload("array_max", "array(T) -> T", "ts_no_null({0}, list_max({0}))"),
    Overload("array_min", "array(T) -> T", "ts_no_null({0}, list_min({0}))"),
    Overload("array_position", "array(T), T -> bigint", "ts_position({0}, {1})"),
    Overload("array_remove", "array(T), T -> array(T)", "ts_remove({0}, {1})"),
    Overload("array_sort", "array(T) -> array(T)", "list_sort({0}, 'ASC', 'NULLS LAST')"),
    Overload("arrays_overlap", "array(T), array(T) -> boolean", "ts_overlap({0}, {1})"),
    Overload("cardinality", "array(T) -> bigint", "len({0})"),
    Overload("concat", "array(T), array(T)... -> array(T)", "ts_array_concat([{*}])"),
    Overload("element_at", "array(T), bigint -> T", "ts_element_at({0}, {1})"),
    Overload("repeat", "T, bigint -> array(T)", "ts_repeat({0}, {1})"),
    Overload("reverse", "array(T) -> array(T)", "list_reverse({0})"),
    Overload(
        "sequence",
        "bigint, bigint -> array(bigint)",
        "ts_sequence({0}, {1}, CASE WHEN {0} <= {1} THEN 1 ELSE -1 END)",
    ),
    Overload("sequence", "bigint, bigint, bigint -> array(bigint)", "ts_sequence({0}, {1}, {2})"),
    Overload(
        "sequence",
        "timestamp, timestamp -> array(timestamp)",
        "ts_sequence({0}, {1}, CASE WHEN {0} <= {1} THEN 1 ELSE -1 END * 86400000000000)",
    ),
    Overload(
        "sequence",
        f"timestamp, timestamp, {_DAY} -> array(timestamp)",
        "ts_sequence({0}, {1}, {2})",
    ),
    Overload(
        "sequence",
        f"timestamp, timestamp, {_MONTH} -> array(timestamp)",
        "ts_sequence_months({0}, {1}, {2})",
    ),
    Overload("shuffle", "array(T) -> array(T)", "ts_shuffle({0})"),
    Overload("slice", "array(T), bigint, bigint -> array(T)", "ts_slice({0}, {1}, {2})"),
    *(
        Overload(
            "zip",
            f"{', '.join(f'array({letter})' for letter in letters)}"
            f" -> array(row({', '.join(letters)}))",
            "list_transform(list_zip({*}), lambda z: struct_pack("
            + ", ".join(f"f{i} := z[{i + 1}]" for i in range(len(letters)))
            + "))",
        )
        for letters in ("ABCDE"[:n] for n in range(2, 6))
    ),
)

MACROS = r"""
CREATE OR REPLACE MACRO ts_distinct(a) AS
  list_filter(a, lambda x, i: list_position(a, x) = i);
CREATE OR REPLACE MACRO ts_intersect(a, b) AS
  list_filter(ts_distinct(a), lambda x: list_position(b, x) IS NOT NULL);
CREATE OR REPLACE MACRO ts_except(a, b) AS
  list_filter(ts_distinct(a), lambda x: list_position(b, x) IS NULL);
CREATE OR REPLACE MACRO ts_join(a, d) AS array_to_string(a, d);
CREATE OR REPLACE MACRO ts_join_nulls(a, d, n) AS
  array_to_string(list_transform(a, lambda x: coalesce(x, n)), d);
CREATE OR REPLACE MACRO ts_no_null(a, result) AS
  CASE WHEN list_position(a, NULL) IS NULL THEN result END;
CREATE OR REPLACE MACRO ts_position(a, x) AS
  CASE WHEN a IS NOT NULL AND x IS NOT NULL
       THEN CAST(coalesce(list_position(a, x), 0) AS BIGINT) END;
CREATE OR REPLACE MACRO ts_remove(a, x) AS
  CASE WHEN x IS NOT NULL THEN list_filter(a, lambda y: y IS NULL OR y <> x) END;
CREATE OR REPLACE MACRO ts_overlap(a, b) AS
  CASE WHEN len(list_filter(a, lambda x: x IS NOT NULL AND list_position(b, x) IS NOT NULL)) > 0
       THEN TRUE
       WHEN len(a) > 0 AND len(b) > 0
            AND (list_position(a, NULL) IS NOT NULL OR list_position(b, NULL) IS NOT NULL) THEN NULL
       WHEN a IS NULL OR b IS NULL THEN NULL ELSE FALSE END;
CREATE OR REPLACE MACRO ts_element_at(a, i) AS
  CASE WHEN i = 0 THEN ts_error('SQL array indices start at 1')
       WHEN abs(i) > len(a) THEN NULL ELSE a[i] END;
CREATE OR REPLACE MACRO ts_count_limit(n) AS
  CASE WHEN n > 10000 THEN ts_error('the result must not have more than 10000 entries') ELSE n END;
CREATE OR REPLACE MACRO ts_repeat(x, n) AS list_transform(range(ts_count_limit(n)), lambda i: x);
CREATE OR REPLACE MACRO ts_sequence(a, b, step) AS
  CASE WHEN step = 0 THEN ts_error('step must not be zero')
       WHEN (step > 0 AND a > b) OR (step < 0 AND a < b)
       THEN ts_error('sequence stop value should be greater than or equal to start value '
                     'if step is greater than zero otherwise stop should be less than or equal '
                     'to start')
       ELSE list_transform(range(ts_count_limit(divide(b - a, nullif(step, 0)) + 1)),
                           lambda i: a + i * step) END;
CREATE OR REPLACE MACRO ts_sequence_months(a, b, step) AS
  CASE WHEN step = 0 THEN ts_error('step must not be zero')
       ELSE list_filter(
         list_transform(
           range(ts_count_limit(
             divide(date_sub('month', ts_utc(a), ts_utc(b)), nullif(step, 0)) + 1)),
           lambda i: ts_add_months(a, i * step)),
         lambda t: (step > 0 AND t <= b) OR (step < 0 AND t >= b)) END;
CREATE OR REPLACE MACRO ts_shuffle(a) AS
  list_transform(list_sort(list_transform(a, lambda x: struct_pack(r := random(), x := x))),
                 lambda s: s.x);
CREATE OR REPLACE MACRO ts_slice(a, i, n) AS
  CASE WHEN i = 0 THEN ts_error('SQL array indices start at 1')
       WHEN n < 0 THEN ts_error('length must be greater than or equal to 0')
       WHEN abs(i) > len(a) THEN a[1:0]
       WHEN i > 0 THEN a[i:i + n - 1]
       ELSE a[len(a) + i + 1:len(a) + i + n] END;
"""

FAMILY = Family(
    "Array functions",
    "array-functions",
    words(
        "array_distinct array_intersect array_union array_except array_join array_max array_min "
        "array_position array_remove array_sort arrays_overlap cardinality concat element_at "
        "repeat reverse sequence shuffle slice zip"
    ),
    RULES,
    MACROS,
    notes={
        "sequence": "10,000 entries at most, as in Trino",
        "repeat": "10,000 entries at most, as in Trino",
        "zip": "two to five arrays",
    },
)
