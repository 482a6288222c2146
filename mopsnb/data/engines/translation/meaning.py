"""Whether all of a query's tree is known to mean the same on another engine."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from mopsnb.data.engines.translation.vocabulary import ADVICE, ALLOWED, CASTS, DIFFERS, FIELDS, FORMATS, STEPS, UNITS

_PLAIN_PATTERN = r"[\w\[\]{}()|?*+,; /-]*"  # parts of regular expressions that every engine reads in the same way


class UntranslatableError(ValueError):
    """Something in a query means different things on different engines; the text says what, and what to write."""


def check_tree(tree: exp.Expr, dialect: str) -> None:
    """Make sure that a query holds nothing but what is known to mean the same on an engine.

    Raises
    ------
    UntranslatableError
        It holds something else.
    """
    for node in tree.walk():
        name = type(node).__name__
        if name not in ALLOWED or name in DIFFERS.get(dialect, ()):
            raise _refuse(node, name)
        for part, value in node.args.items():
            if value not in (None, False, [], "") and part not in ALLOWED[name]:
                raise _refuse(node, f"{name}.{part}")
        said = _CHECKS[name](node) if name in _CHECKS else ""
        if said:
            raise UntranslatableError(said)


def _refuse(node: exp.Expr, name: str) -> UntranslatableError:
    shown = node.sql("duckdb")
    shown = shown if len(shown) < 80 else f"{shown[:77]}…"
    advice = ADVICE.get(name, "")
    return UntranslatableError(f"{shown} ({name}) has no translation that is known to mean the same. {advice}".rstrip())


def _check_cast(node: exp.Expr) -> str:
    kind, to = node.args["to"].this.name, node.args["to"]
    if kind == "ARRAY" and not isinstance(node.this, exp.Null):
        return f"{node.sql('duckdb')} makes a list."
    if kind in CASTS and (kind != "DECIMAL" or len(to.expressions) == 2):
        return ""
    return (
        f"{node.sql('duckdb')} rounds or reads differently elsewhere. "
        "Cast to VARCHAR, DATE, TIMESTAMPTZ, BIGINT, DOUBLE or DECIMAL(18, 6)."
    )


def _check_field(node: exp.Expr) -> str:
    return "" if node.name.upper() in FIELDS else f"EXTRACT({node.name} …) differs. Possible are {_list(FIELDS)}."


def _check_unit(node: exp.Expr) -> str:
    unit = node.text("unit")
    return "" if unit.upper() in UNITS else f"DATE_TRUNC to {unit} differs. Possible are {_list(UNITS)}."


def _check_step(node: exp.Expr) -> str:
    whole = node.this is not None and re.fullmatch(r"\d+", node.name) and node.text("unit").upper() in STEPS
    return "" if whole else f"{node.sql('duckdb')} differs. Take a whole number of {_list(STEPS)}."


def _check_format(node: exp.Expr) -> str:
    return "" if node.text("format") in FORMATS else f"STRFTIME takes one of {_list(FORMATS)}."


def _check_pattern(node: exp.Expr) -> str:
    pattern = node.args["expression"]
    plain = pattern.is_string and re.fullmatch(_PLAIN_PATTERN, pattern.name, re.ASCII)
    return "" if plain else "regexp_full_match takes a pattern in quotes, without backslashes, points and anchors."


def _check_divisor(node: exp.Expr) -> str:
    top, bottom = node.args["this"], node.args["expression"]
    inner = bottom.unnest()
    zero = inner.args["expression"] if isinstance(inner, exp.Nullif) else None
    if zero is not None and zero.is_number and float(zero.name) == 0:
        return ""
    if isinstance(inner, exp.Literal) and inner.is_number and float(inner.name) != 0:
        return ""
    found, bottom_sql = node.sql("duckdb"), bottom.sql("duckdb")
    return f"{found} may divide by zero, which differs. Write {top.sql('duckdb')} / NULLIF({bottom_sql}, 0)."


def _check_like(node: exp.Expr) -> str:
    pattern = node.args["expression"]
    return "" if pattern.is_string and "\\" not in pattern.name else "LIKE takes a text in quotes without a backslash."


def _check_zone(node: exp.Expr) -> str:
    zone = node.args["zone"]
    if isinstance(zone, exp.Placeholder) or zone.is_string:
        return "" if not isinstance(node.this.unnest(), exp.AtTimeZone) else "AT TIME ZONE stands twice."
    return "AT TIME ZONE takes a zone in quotes, or $zone."


def _check_table(node: exp.Expr) -> str:
    return "" if isinstance(node.this, exp.Identifier) else f"{node.sql('duckdb')} is not a table's name."


def _check_distinct(node: exp.Expr) -> str:
    many = isinstance(node.this, exp.Distinct) and len(node.this.expressions) != 1
    return "DISTINCT in an aggregate takes one column. Join several texts with ||." if many else ""


def _check_name(node: exp.Expr) -> str:
    odd = re.search(r'["`:\\%]', node.name)
    return f"the name {node.name} has a mark in it that not every engine takes." if odd else ""


def _list(words: frozenset[str]) -> str:
    return ", ".join(sorted(words))


_CHECKS: dict[str, Callable[[exp.Expr], str]] = {
    "Cast": _check_cast,
    "Extract": _check_field,
    "DateTrunc": _check_unit,
    "TimestampTrunc": _check_unit,
    "Interval": _check_step,
    "TimeToStr": _check_format,
    "RegexpFullMatch": _check_pattern,
    "Div": _check_divisor,
    "Like": _check_like,
    "AtTimeZone": _check_zone,
    "Table": _check_table,
    "Count": _check_distinct,
    "Sum": _check_distinct,
    "Avg": _check_distinct,
    "Identifier": _check_name,
}
