"""Expressions for people to read: the formulas of docs/dashboards.md."""

from typing import Any

from dashboards.signals import expressions as x

_PATTERNS: dict[type, str] = {
    x.Field: "`{name}`",
    x.Reported: "`{name}`",
    x.Equals: "{field} = {value}",
    x.OneOf: "{field} is one of {values}",
    x.Between: "{field} from {low} to {high}",
    x.AtLeast: "{field} ≥ {value}",
    x.Contains: "{field} contains {text}",
    x.StartsWith: "{field} starts with {text}",
    x.OtherSite: "{field} is not of {host}'s site",
    x.Site: "host in {field}",
    x.Has: "{field} is there",
    x.CountValues: "count of {of}",
    x.Max: "maximum of {of}",
    x.Distinct: "different {of}",
    x.PerSecond: "{of} / *seconds*",
    x.Divided: "{of} / {by}",
    x.OrZero: "{of}, or 0",
    x.Enough: "{of}, of {least} requests or more",
    x.SecondsSinceLatest: "seconds since the latest record",
    x.LowerBound: "lower end of the 95 % interval of {of}, 0 of fewer than 3",
    x.Ratio: "100 * {part} / {whole}",
    x.AsText: "{field}",
    x.Prefix: "first {length} characters of {field}",
    x.Before: "{field} up to {separator}",
    x.Hundreds: "hundreds of {field}",
}


def formula(node: Any) -> str:
    """Return an expression in words: fields as code, predicates in bold."""
    if pattern := _PATTERNS.get(type(node)):
        said = {name: _term(getattr(node, name)) for name in node.__dataclass_fields__}
        return pattern.format_map(said)
    match node:
        case x.Named(name=name):
            return f"**{name}**"
        case x.Not(of=x.Equals(field=field, value=value)):
            return f"{formula(field)} ≠ {_term(value)}"
        case x.Not(of=x.OneOf(field=field, values=values)):
            return f"{formula(field)} is none of {_term(values)}"
        case x.AllOf(of=terms):
            return " and ".join(map(_grouped, terms))
        case x.AnyOf(of=terms):
            return " or ".join(map(_grouped, terms))
        case x.Count(where=where):
            return f"count{_among(where)}"
        case x.Sum(of=of, where=where):
            return f"sum of {formula(of)}{_among(where)}"
        case x.Balance(add=add, less=less):
            return " + ".join(map(formula, add)) + "".join(f" - {formula(each)}" for each in less)
        case x.Linear(of=of, factor=factor, offset=offset):
            return (
                f"{offset:g} + {factor:g} * {formula(of)}"
                if offset
                else (f"{factor:g} * {formula(of)}")
            )
        case x.Percentile(of=of, fraction=fraction, where=where):
            which = "*percentile*" if isinstance(fraction, x.Chosen) else f"{fraction:g}-quantile"
            return f"{which} of {formula(of)}{_among(where)}"
        case x.Share(of=of, among=among):
            return f"100 * count{_among(of)} / count{_among(among)}"
        case x.Priced(edge=edge, sent=sent):
            return f"list price of {formula(sent)} and of the requests, by {formula(edge)}"
        case x.InRegion(field=field):
            return f"CloudFront's price region of {formula(field)}"
        case x.Classes(field=field, patterns=patterns, other=other):
            found = ", ".join(f"{label} if `{pattern}`" for pattern, label in patterns)
            return f"by what is in {formula(field)}: {found}, else {other}"
    raise TypeError(f"there is no formula of {type(node).__name__}")


def _among(where: x.Predicate | None) -> str:
    return f" where {_grouped(where)}" if where else ""


def _grouped(node: Any) -> str:
    text = formula(node)
    return f"({text})" if isinstance(node, x.AllOf | x.AnyOf) else text


def _term(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_term, value))
    if isinstance(value, str):
        return value if value.replace("-", "").replace("_", "").isalnum() else f"`{value}`"
    return str(value) if isinstance(value, int | float) else formula(value)
