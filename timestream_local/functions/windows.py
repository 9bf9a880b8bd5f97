"""Window functions: ranking and value functions. Any aggregate may have OVER, too."""

from timestream_local.overloads import Family, Overload, words

W = "window"
_VALUES = words("first_value last_value nth_value lead lag")

RULES = (
    *(
        Overload(name, "-> bigint", f"{name}(){{over}}", W)
        for name in ("rank", "dense_rank", "row_number")
    ),
    *(
        Overload(name, "-> double", f"{name}(){{over}}", W)
        for name in ("cume_dist", "percent_rank")
    ),
    Overload("ntile", "bigint -> bigint", "ntile({0}){over}", W),
    *(
        Overload(name, "T -> T", f"{name}({{0}}{{nulls}}){{over}}", W)
        for name in ("first_value", "last_value")
    ),
    Overload("nth_value", "T, bigint -> T", "nth_value({0}, ts_nth({1}){nulls}){over}", W),
    *(
        rule
        for name in ("lead", "lag")
        for rule in (
            Overload(name, "T -> T", f"{name}({{0}}{{nulls}}){{over}}", W),
            Overload(name, "T, bigint -> T", f"{name}({{0}}, {{1}}{{nulls}}){{over}}", W),
            Overload(name, "T, bigint, T -> T", f"{name}({{0}}, {{1}}, {{2}}{{nulls}}){{over}}", W),
        )
    ),
)

MACROS = r"""
CREATE OR REPLACE MACRO ts_nth(n) AS
  CASE WHEN n < 1 THEN ts_error('Offset must be at least 1') ELSE n END;
"""

FAMILY = Family(
    "Window functions",
    "window-functions",
    words(
        "cume_dist dense_rank ntile percent_rank rank row_number first_value last_value nth_value "
        "lead lag"
    ),
    RULES,
    MACROS,
    notes=dict.fromkeys(
        _VALUES,
        "`IGNORE NULLS` or `RESPECT NULLS` before `OVER`: not on the page, in AWS's samples",
    )
    | {"cume_dist": "a double: the page says bigint, but describes a fraction"},
)
