"""Bitwise functions."""

from timestream_local.overloads import Family, Overload

RULES = (
    Overload("bit_count", "bigint, bigint -> bigint", "ts_bit_count({0}, {1})"),
    Overload("bitwise_and", "bigint, bigint -> bigint", "({0} & {1})"),
    Overload("bitwise_or", "bigint, bigint -> bigint", "({0} | {1})"),
    Overload("bitwise_xor", "bigint, bigint -> bigint", "xor({0}, {1})"),
    Overload("bitwise_not", "bigint -> bigint", "(~{0})"),
)

MACROS = r"""
CREATE OR REPLACE MACRO ts_bit_count(x, bits) AS
  CASE WHEN bits < 2 OR bits > 64
       THEN ts_error('Bits specified in bit_count must be between 2 and 64, got ' || bits)
       WHEN bits < 64 AND (x < -(CAST(1 AS HUGEINT) << CAST(bits - 1 AS INTEGER))
                           OR x >= (CAST(1 AS HUGEINT) << CAST(bits - 1 AS INTEGER)))
       THEN ts_error('Number must be representable with the bits specified. ' || x
                  || ' can not be represented with ' || bits || ' bits')
       WHEN bits = 64 THEN CAST(bit_count(x) AS BIGINT)
       ELSE CAST(bit_count(CAST(x AS HUGEINT)
                           & ((CAST(1 AS HUGEINT) << CAST(bits AS INTEGER)) - 1)) AS BIGINT) END;
"""

FAMILY = Family(
    "Bitwise functions",
    "bitwise-functions",
    ("bit_count", "bitwise_and", "bitwise_not", "bitwise_or", "bitwise_xor"),
    RULES,
    MACROS,
)
