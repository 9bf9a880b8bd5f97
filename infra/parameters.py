"""The template's parameters: which there are, and which values each can have.

CloudFormation checks them too, but it has no type for whole numbers: it would refuse 1.5 shards
only in the middle of the deployment.
"""

import difflib
import re
from argparse import ArgumentTypeError
from collections.abc import Callable
from functools import cache
from typing import Any

from cli.errors import Problem
from infra import transform


@cache
def known() -> dict[str, dict[str, Any]]:
    """Return the template's section Parameters."""
    found: dict[str, dict[str, Any]] = transform.load()["Parameters"]
    return found


def normal(name: str, value: str) -> str:
    """Return the value without blanks around items: the SAM CLI ends a list at a blank."""
    if known()[name]["Type"] == "CommaDelimitedList":
        return ",".join(item.strip() for item in value.split(","))
    return value.strip()


def check(name: str, value: str) -> None:
    """Raise Problem, with what is allowed, for a parameter that the template does not allow."""
    if name not in known():
        near = difflib.get_close_matches(name, known(), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else "; docs/deploy.md lists them."
        raise Problem(f"The template has no parameter {name!r}{hint}")
    allowed = wanted(known()[name], value)
    if allowed:
        raise Problem(f"{name} {allowed}, not {value!r}.")


def number(name: str) -> Callable[[str], int]:
    """Return an argparse type for the whole numbers that the parameter of that name can be."""

    def parse(text: str) -> int:
        if needed := wanted(known()[name], text):
            raise ArgumentTypeError(f"{name} {needed}, not {text!r}")
        return int(text)

    return parse


def wanted(about: dict[str, Any], value: str) -> str | None:
    """Return what a parameter must be, when the value is not; None when it is."""
    if "MinValue" in about:
        low, high = about["MinValue"], about["MaxValue"]
        whole = re.fullmatch(r"[0-9]{1,9}", value)
        if not (whole and low <= int(value) <= high):
            return f"must be a whole number from {low} to {high}"
    choices = [str(choice) for choice in about.get("AllowedValues", [])]
    values = value.split(",") if about["Type"] == "CommaDelimitedList" else [value]
    if choices and not set(values) <= set(choices):
        return f"must be one of {', '.join(choices)}"
    if "AllowedPattern" in about and not re.fullmatch(about["AllowedPattern"], value):
        return str(about["ConstraintDescription"])
    return None
