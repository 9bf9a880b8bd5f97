"""Mathematical functions."""

from timestream_local.overloads import Family, Overload, words

_NUMBERS = ("integer", "bigint", "double")
_WHOLE = ("integer", "bigint")


def _same(name: str, template: str, *kinds: str) -> tuple[Overload, ...]:
    """Return one rule a type, each giving back the type it takes."""
    return tuple(Overload(name, f"{t} -> {t}", template.replace("TYPE", t)) for t in kinds)


def _double(name: str, template: str | None = None) -> Overload:
    return Overload(name, "double -> double", template or f"{name}({{0}})")


RULES = (
    *_same("abs", "abs({0})", *_NUMBERS),
    *_same("sign", "CAST(sign({0}) AS TYPE)", *_WHOLE),
    _double("sign", "(CASE WHEN isnan({0}) THEN {0} ELSE CAST(sign({0}) AS DOUBLE) END)"),
    *(
        rule
        for name in ("ceil", "ceiling", "floor", "round")
        for rule in (
            *_same(name, "{0}", *_WHOLE),
            _double(name, "ceil({0})" if name == "ceiling" else None),
        )
    ),
    *(
        Overload(
            "round", f"{t}, bigint -> {t}", f"CAST(round({{0}}, CAST({{1}} AS INTEGER)) AS {t})"
        )
        for t in _NUMBERS
    ),
    _double("truncate", "trunc({0})"),
    *(Overload("mod", f"{t}, {t} -> {t}", "({0} % {1})") for t in _NUMBERS),
    *(
        _double(name)
        for name in words(
            "degrees exp ln log2 log10 radians sqrt acos asin atan cos cosh sin tan tanh"
        )
    ),
    _double("cbrt", "ts_cbrt({0})"),
    Overload("atan2", "double, double -> double", "atan2({0}, {1})"),
    *(Overload(name, "double, double -> double", "pow({0}, {1})") for name in ("pow", "power")),
    Overload("e", "-> double", "exp(1.0e0)"),
    Overload("pi", "-> double", "pi()"),
    Overload("infinity", "-> double", "CAST('Infinity' AS DOUBLE)"),
    Overload("nan", "-> double", "CAST('NaN' AS DOUBLE)"),
    Overload("is_finite", "double -> boolean", "isfinite({0})"),
    Overload("is_infinite", "double -> boolean", "isinf({0})"),
    Overload("is_nan", "double -> boolean", "isnan({0})"),
    *(Overload(name, "-> double", "random()") for name in ("rand", "random")),
    *(
        Overload(name, f"{t} -> {t}", f"CAST(ts_random({{0}}) AS {t})")
        for name in ("rand", "random")
        for t in _WHOLE
    ),
    Overload("from_base", "varchar, bigint -> bigint", "ts_from_base({0}, {1})"),
    Overload("to_base", "bigint, bigint -> varchar", "ts_to_base({0}, {1})"),
)

MACROS = r"""
CREATE OR REPLACE MACRO ts_cbrt(x) AS
  CASE WHEN pow(round(cbrt(x)), 3) = x THEN round(cbrt(x)) ELSE cbrt(x) END;
CREATE OR REPLACE MACRO ts_random(n) AS
  CASE WHEN n <= 0 THEN ts_error('bound must be positive') ELSE floor(random() * n) END;
CREATE OR REPLACE MACRO ts_digits(s, radix) AS
  list_transform(string_split(lower(s), ''),
                 lambda c: strpos('0123456789abcdefghijklmnopqrstuvwxyz', c) - 1);
CREATE OR REPLACE MACRO ts_radix(radix) AS
  CASE WHEN radix BETWEEN 2 AND 36 THEN radix
       ELSE ts_error('Radix must be between 2 and 36') END;
CREATE OR REPLACE MACRO ts_from_base(s, radix) AS
  CASE WHEN NOT regexp_full_match(s, '[+-]?[0-9A-Za-z]+')
         OR list_max(ts_digits(ltrim(s, '+-'), radix)) >= ts_radix(radix)
       THEN ts_error('Not a valid base-' || radix || ' number: ' || s)
       ELSE CAST(CASE WHEN s LIKE '-%' THEN -1 ELSE 1 END
            * list_reduce(ts_digits(ltrim(s, '+-'), radix), lambda a, d: a * radix + d,
                          CAST(0 AS HUGEINT)) AS BIGINT) END;
CREATE OR REPLACE MACRO ts_to_base(x, radix) AS
  CASE WHEN x < 0 THEN '-' ELSE '' END
  || lower(to_base(abs(x), CAST(ts_radix(radix) AS INTEGER)));
"""

FAMILY = Family(
    "Mathematical functions",
    "mathematical-functions",
    words(
        "abs cbrt ceiling ceil degrees e exp floor from_base ln log2 log10 mod pi pow power "
        "radians rand random round sign sqrt to_base truncate acos asin atan atan2 cos cosh sin "
        "tan tanh infinity is_finite is_infinite is_nan nan"
    ),
    RULES,
    MACROS,
)
