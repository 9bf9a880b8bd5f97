"""What DuckDB lacks, or means differently, put in its own words: macros the rules call.

All are created once, before the database is locked.
"""

MACROS = r"""
CREATE OR REPLACE MACRO ts_floor_mod(a, b) AS ((a % b) + b) % b;
CREATE OR REPLACE MACRO ts_floor_div(a, b) AS divide(a - ((a % b) + b) % b, b);
CREATE OR REPLACE MACRO ts_bin(t, n) AS t - ((t % n) + n) % n;
CREATE OR REPLACE MACRO ts_add_months(t, n) AS
  epoch_ns(epoch_ms(0) + to_microseconds(ts_floor_div(t, 1000)) + to_months(n)) + ts_floor_mod(t, 1000);
CREATE OR REPLACE MACRO ts_utc(t) AS make_timestamp(ts_floor_div(t, 1000));
CREATE OR REPLACE MACRO ts_date(t) AS CAST(ts_utc(t) AS DATE);
CREATE OR REPLACE MACRO ts_date_trunc(unit, t) AS epoch_ns(date_trunc(unit, ts_utc(t)));
CREATE OR REPLACE MACRO ts_date_diff(unit, a, b) AS date_sub(unit, ts_utc(a), ts_utc(b));
CREATE OR REPLACE MACRO ts_concat(a, b) AS list_concat(a, b);
CREATE OR REPLACE MACRO ts_subscript(a, i) AS
  CASE WHEN i < 1 OR i > len(a) THEN error('Array subscript out of bounds') ELSE a[i] END;
CREATE OR REPLACE MACRO ts_concat_strings(a) AS
  CASE WHEN list_bool_or(list_transform(a, lambda x: x IS NULL)) THEN NULL ELSE array_to_string(a, '') END;
CREATE OR REPLACE MACRO ts_split_part(s, d, i) AS
  CASE WHEN i < 1 THEN error('Index must be greater than zero')
       WHEN i > len(string_split(s, d)) THEN NULL ELSE string_split(s, d)[i] END;
CREATE OR REPLACE MACRO ts_regexp_extract(s, p, g) AS
  CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, g) END;
CREATE OR REPLACE MACRO ts_to_bigint(s) AS CAST(s AS BIGINT);
CREATE OR REPLACE MACRO ts_to_integer(s) AS CAST(s AS INTEGER);
CREATE OR REPLACE MACRO ts_to_double(s) AS CAST(s AS DOUBLE);
CREATE OR REPLACE MACRO ts_to_boolean(s) AS CAST(s AS BOOLEAN);
CREATE OR REPLACE MACRO ts_to_timestamp(s) AS epoch_ns(CAST(s AS TIMESTAMP_NS));
CREATE OR REPLACE MACRO ts_to_date(s) AS CAST(s AS DATE);
CREATE OR REPLACE MACRO ts_timestamp_text(t) AS strftime(make_timestamp_ns(t), '%Y-%m-%d %H:%M:%S.%n');
CREATE OR REPLACE MACRO ts_double_text(x) AS CAST(x AS VARCHAR);
"""
