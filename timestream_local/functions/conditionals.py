"""Comparison functions, conditional expressions, conversion functions."""

from timestream_local.overloads import Family, Overload

_NULL_IF_ANY = "(CASE WHEN len(list_filter([{*}], lambda x: x IS NULL)) = 0 THEN %s([{*}]) END)"

COMPARISON = Family(
    "Comparison functions",
    "comparison-functions",
    ("greatest", "least", "ALL", "ANY", "SOME"),
    (
        Overload("greatest", "T, T... -> T", _NULL_IF_ANY % "list_max"),
        Overload("least", "T, T... -> T", _NULL_IF_ANY % "list_min"),
    ),
    notes={
        "ALL": "a syntax: `x < ALL (SELECT …)` or `(VALUES …)`",
        "ANY": "a syntax: `x = ANY (SELECT …)` or `(VALUES …)`",
        "SOME": "the same as ANY",
    },
)

CONDITIONAL = Family(
    "Conditional expressions",
    "conditional-expressions",
    ("CASE", "if", "coalesce", "nullif", "try"),
    (
        Overload("if", "boolean, T -> T", "(CASE WHEN {0} THEN {1} END)"),
        Overload("if", "boolean, T, T -> T", "(CASE WHEN {0} THEN {1} ELSE {2} END)"),
        Overload("coalesce", "T, T, T... -> T", "coalesce({*})"),
        Overload("coalesce", "T, T -> T", "coalesce({*})"),
        Overload("nullif", "T, T -> T", "nullif({0}, {1})"),
        Overload("try", "T -> T", "TRY({0})"),
    ),
    notes={"CASE": "a syntax, both forms"},
)

CONVERSION = Family(
    "Conversion functions",
    "conversion-functions",
    ("cast", "try_cast", "row"),
    (
        # not on the list, but in the documentation's own examples, as row is
        Overload("typeof", "T -> varchar", "'{0:type}'"),
    ),
    refused={
        "from_big_endian_64": "appears in one sample only; varbinary is not on the list of types",
        "xxhash64": "appears in one sample only; varbinary is not on the list of types",
    },
    notes={
        "cast": "a syntax; which type goes to which is below",
        "try_cast": "a syntax; NULL where CAST would fail",
        "row": "a syntax: `row(x, y)` or `(x, y)`; not on the list, but in the documentation's "
        "examples; `(1,2,3)` is in the tests of AWS's ODBC driver",
    },
)
