"""The functions and operators of Timestream, each a row: name, signature, DuckDB template.

There is one module for each page of the documentation's list. A function on no page does not exist.
https://docs.aws.amazon.com/timestream/latest/developerguide/reference.html
"""

from timestream_local.functions import (
    aggregates,
    arrays,
    bits,
    conditionals,
    datetimes,
    numbers,
    operators,
    regexes,
    series,
    strings,
    windows,
)
from timestream_local.overloads import Family, Overload

FAMILIES: tuple[Family, ...] = (
    series.FAMILY,
    operators.FAMILY,
    conditionals.COMPARISON,
    conditionals.CONDITIONAL,
    conditionals.CONVERSION,
    numbers.FAMILY,
    strings.FAMILY,
    arrays.FAMILY,
    bits.FAMILY,
    regexes.FAMILY,
    datetimes.FAMILY,
    aggregates.FAMILY,
    windows.FAMILY,
)

RULES: dict[str, list[Overload]] = {}
for _family in FAMILIES:
    for _rule in _family.rules:
        RULES.setdefault(_rule.name, []).append(_rule)

MACROS = "\n".join(family.macros for family in FAMILIES)
REFUSED: dict[str, str] = {n: why for family in FAMILIES for n, why in family.refused.items()}
EXTRACT = datetimes.EXTRACT
