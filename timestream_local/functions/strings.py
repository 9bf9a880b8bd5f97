"""String functions."""

from timestream_local.overloads import Family, Overload, words

RULES = (
    Overload("chr", "bigint -> varchar", "chr(CAST({0} AS INTEGER))"),
    Overload("codepoint", "varchar -> integer", "ts_codepoint({0})"),
    Overload("concat", "varchar, varchar, varchar... -> varchar", "ts_concat([{*}])"),
    Overload("concat", "varchar, varchar -> varchar", "({0} || {1})"),
    Overload("hamming_distance", "varchar, varchar -> bigint", "ts_hamming({0}, {1})"),
    Overload("length", "varchar -> bigint", "length({0})"),
    Overload("levenshtein_distance", "varchar, varchar -> bigint", "levenshtein({0}, {1})"),
    Overload("lower", "varchar -> varchar", "lower({0})"),
    Overload("upper", "varchar -> varchar", "upper({0})"),
    Overload("lpad", "varchar, bigint, varchar -> varchar", "ts_lpad({0}, {1}, {2})"),
    Overload("rpad", "varchar, bigint, varchar -> varchar", "ts_rpad({0}, {1}, {2})"),
    Overload("ltrim", "varchar -> varchar", "ltrim({0}, ts_blanks())"),
    Overload("rtrim", "varchar -> varchar", "rtrim({0}, ts_blanks())"),
    Overload("trim", "varchar -> varchar", "trim({0}, ts_blanks())"),
    Overload("replace", "varchar, varchar -> varchar", "replace({0}, {1}, '')"),
    Overload("replace", "varchar, varchar, varchar -> varchar", "replace({0}, {1}, {2})"),
    Overload("reverse", "varchar -> varchar", "reverse({0})"),
    Overload("split", "varchar, varchar -> array(varchar)", "ts_split({0}, {1})"),
    Overload(
        "split", "varchar, varchar, bigint -> array(varchar)", "ts_split_limit({0}, {1}, {2})"
    ),
    Overload("split_part", "varchar, varchar, bigint -> varchar", "ts_split_part({0}, {1}, {2})"),
    Overload("strpos", "varchar, varchar -> bigint", "strpos({0}, {1})"),
    Overload("strpos", "varchar, varchar, bigint -> bigint", "ts_strpos({0}, {1}, {2}, 1)"),
    Overload("strrpos", "varchar, varchar -> bigint", "ts_strpos({0}, {1}, 1, -1)"),
    Overload("strrpos", "varchar, varchar, bigint -> bigint", "ts_strpos({0}, {1}, {2}, -1)"),
    Overload("substr", "varchar, bigint -> varchar", "ts_substr({0}, {1})"),
    Overload("substr", "varchar, bigint, bigint -> varchar", "ts_substr_length({0}, {1}, {2})"),
)

MACROS = r"""
CREATE OR REPLACE MACRO ts_blanks() AS E' \t\n\r\f\v';
CREATE OR REPLACE MACRO ts_codepoint(s) AS
  CASE WHEN length(s) = 1 THEN ord(s)
       ELSE ts_error('Input string must be a single character string') END;
CREATE OR REPLACE MACRO ts_concat(a) AS
  CASE WHEN len(list_filter(a, lambda x: x IS NULL)) = 0 THEN array_to_string(a, '') END;
CREATE OR REPLACE MACRO ts_hamming(a, b) AS
  CASE WHEN length(a) <> length(b)
       THEN ts_error('The input strings to hamming_distance function must have the same length')
       ELSE CAST(len(list_filter(list_zip(string_split(a, ''), string_split(b, '')),
                                 lambda p: p[1] <> p[2])) AS BIGINT) END;
CREATE OR REPLACE MACRO ts_check_pad(n, p) AS
  CASE WHEN n < 0 OR n > 2147483647
       THEN ts_error('Target length must be in the range [0..2147483647]')
       WHEN p = '' THEN ts_error('Padding string must not be empty') ELSE CAST(n AS INTEGER) END;
CREATE OR REPLACE MACRO ts_lpad(s, n, p) AS lpad(s, ts_check_pad(n, p), p);
CREATE OR REPLACE MACRO ts_rpad(s, n, p) AS rpad(s, ts_check_pad(n, p), p);
CREATE OR REPLACE MACRO ts_split(s, d) AS
  CASE WHEN d = '' THEN ts_error('The delimiter may not be the empty string')
       ELSE string_split(s, d) END;
CREATE OR REPLACE MACRO ts_split_limit(s, d, n) AS
  CASE WHEN n < 1 THEN ts_error('Limit must be positive')
       WHEN len(ts_split(s, d)) <= n THEN ts_split(s, d)
       ELSE list_append(ts_split(s, d)[1:n - 1], array_to_string(ts_split(s, d)[n:], d)) END;
CREATE OR REPLACE MACRO ts_split_part(s, d, i) AS
  CASE WHEN i < 1 THEN ts_error('Index must be greater than zero')
       WHEN i = 1 THEN split_part(s, d, 1)
       WHEN split_part(s, d, i) <> '' THEN split_part(s, d, i)
       WHEN len(string_split(s, d)) >= i THEN '' END;
CREATE OR REPLACE MACRO ts_places(s, x) AS
  list_filter(range(1, length(s) - length(x) + 2), lambda i: substr(s, i, length(x)) = x);
CREATE OR REPLACE MACRO ts_strpos(s, x, n, side) AS
  CASE WHEN n < 1 THEN ts_error('''instance'' must be a positive or negative number.')
       WHEN s IS NULL OR x IS NULL OR n IS NULL THEN NULL
       ELSE coalesce(ts_places(s, x)[n * side], 0) END;
CREATE OR REPLACE MACRO ts_substr(s, i) AS
  CASE WHEN i > 0 THEN substr(s, i) WHEN i = 0 OR -i > length(s) THEN '' ELSE substr(s, i) END;
CREATE OR REPLACE MACRO ts_substr_length(s, i, n) AS
  CASE WHEN i > 0 AND n >= 0 THEN substr(s, i, n)
       WHEN n <= 0 OR i = 0 OR -i > length(s) THEN '' ELSE substr(s, i, n) END;
"""

FAMILY = Family(
    "String functions",
    "string-functions",
    words(
        "chr codepoint concat hamming_distance length levenshtein_distance lower lpad ltrim "
        "replace reverse rpad rtrim split split_part strpos strrpos position substr trim "
        "upper"
    ),
    RULES,
    MACROS,
    notes={"position": "a syntax: `position(x IN y)`"},
)
