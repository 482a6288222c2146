"""Nodes that several engines need."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

Change = Callable[[exp.Expr], exp.Expr]


def cast_to(node: exp.Expr, kind: str) -> exp.Expr:
    """Return a cast of an expression to a type of sqlglot."""
    return exp.Cast(this=node.copy(), to=exp.DataType.build(kind))


def call(name: str, *parts: exp.Expr) -> exp.Expr:
    """Return the call of a function that sqlglot writes as it stands."""
    return exp.Anonymous(this=name, expressions=[part.copy() for part in parts])


def count_where(node: exp.Expr) -> exp.Expr:
    """Turn aggregates with a condition into aggregates over CASE, which every engine has."""
    if isinstance(node, exp.CountIf):
        return exp.Count(this=exp.Case().when(node.this.copy(), exp.Literal.number(1)))
    if not isinstance(node, exp.Filter):
        return node
    counted = node.this.this
    distinct = isinstance(counted, exp.Distinct)
    value = counted.expressions[0] if distinct else exp.Literal.number(1) if isinstance(counted, exp.Star) else counted
    chosen: exp.Expr = exp.Case().when(node.expression.this.copy(), value.copy())
    filtered: exp.Expr = type(node.this)(this=exp.Distinct(expressions=[chosen]) if distinct else chosen)
    return filtered


def is_truncation(node: exp.Expr) -> bool:
    """Tell whether an expression cuts a time down to the start of a unit."""
    return isinstance(node, exp.DateTrunc | exp.TimestampTrunc)


def truncate(node: exp.Expr) -> exp.Expr:
    """Make the start of a unit a date, whatever it is the start of."""
    return cast_to(node, "DATE") if is_truncation(node) else node


def is_epoch(node: exp.Expr) -> bool:
    """Tell whether an expression is the seconds since 1970."""
    return isinstance(node, exp.Extract) and node.name.upper() == "EPOCH"


def count_microseconds(node: exp.Expr) -> exp.Expr:
    """Work seconds since 1970 out of whole microseconds, as DuckDB does."""
    if not is_epoch(node):
        return node
    return divide_by_million(exp.UnixMicros(this=cast_to(node.args["expression"], "TIMESTAMPTZ")))


def divide_by_million(micros: exp.Expr) -> exp.Expr:
    """Return seconds from microseconds."""
    million = exp.Literal.number(1000000)
    return exp.Paren(this=exp.Div(this=cast_to(micros, "DOUBLE"), expression=million, typed=False))


def hide_colon(node: exp.Expr) -> exp.Expr:
    """Write a text without its colons: SQLAlchemy takes a colon and a word for a parameter, even inside a text."""
    if not node.is_string or ":" not in node.name:
        return node
    first, *rest = node.name.split(":")
    joined: exp.Expr = exp.Literal.string(first)
    for part in rest:
        joined = exp.DPipe(this=joined, expression=exp.Chr(expressions=[exp.Literal.number(58)]))
        joined = exp.DPipe(this=joined, expression=exp.Literal.string(part))
    return exp.Paren(this=joined)
