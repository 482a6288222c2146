"""The changes to a query's tree that make it mean on another engine what it means on DuckDB."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlglot import exp

from mopsnb.data.engines.translation import engines
from mopsnb.data.engines.translation.families import Families
from mopsnb.data.engines.translation.meaning import UntranslatableError, check_tree
from mopsnb.data.engines.translation.nodes import Change, cast_to, count_where

_WINDOW = ("partition_by", "order", "spec")
# What DuckDB's TRIM takes away: the characters that Unicode calls space separators. Others take away the first alone.
SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"


def rewrite(tree: exp.Expr, dialect: str) -> exp.Expr:
    """Return a query's tree, changed for a dialect.

    Raises
    ------
    UntranslatableError
        Something in it has no translation that means the same.
    """
    tree = _apply(tree, [_name_zone])
    check_tree(tree, dialect)
    families = Families(tree)
    families.check_arithmetic()
    families.check_joins()
    _write_windows_out(tree)
    fold = _fold_upper if dialect == "snowflake" else _fold_lower
    common = (_divide, _average, _trim, _unwrap, count_where, fold)
    return _apply(tree, [*common, *engines.list_changes(dialect, families)])


def _apply(tree: exp.Expr, changes: Sequence[Change]) -> exp.Expr:
    """Change every node, the innermost first; each may be changed in place, or become another."""
    for found in reversed(list(tree.walk(bfs=False))):
        node = found
        for change in changes:
            changed = change(node)
            if changed is not node:
                tree = changed if node is tree else tree
                node.replace(changed)
                node = changed
    return tree


def _name_zone(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Anonymous) and node.name.casefold() == "timezone" and len(node.expressions) == 2:
        zone, moment = node.expressions
        return exp.AtTimeZone(this=exp.Paren(this=moment.copy()), zone=zone.copy())
    return node


def _write_windows_out(tree: exp.Expr) -> None:
    """Write each named window out where it is used; not every engine has the clause."""
    for select in tree.find_all(exp.Select):
        named = {window.name.casefold(): window for window in select.args.get("windows") or ()}
        for window in list(select.find_all(exp.Window)) if named else ():
            name = window.args.get("alias")
            if name is None or isinstance(window.this, exp.Identifier):
                continue
            source = named.get(name.name.casefold())
            if source is None or source.args.get("alias") or any(window.args.get(part) for part in _WINDOW):
                raise UntranslatableError(f"the window {name.name} builds on another. Write it out in full.")
            copied = source.copy()
            window.set("alias", None)
            for part in _WINDOW:
                window.set(part, copied.args.get(part))
        select.set("windows", None)


def _divide(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Div):  # DuckDB divides all numbers as DOUBLE
        return exp.Div(this=cast_to(node.this, "DOUBLE"), expression=cast_to(node.expression, "DOUBLE"), typed=False)
    return node


def _average(node: exp.Expr) -> exp.Expr:
    return exp.Avg(this=cast_to(node.this, "DOUBLE")) if isinstance(node, exp.Avg) else node


def _trim(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Trim):
        node.set("expression", exp.Literal.string(SPACES))
    return node


def _unwrap(node: exp.Expr) -> exp.Expr:
    return node.this if isinstance(node, exp.Coalesce) and not node.expressions else node


def _fold_lower(node: exp.Expr) -> exp.Expr:
    # DuckDB knows no case in names, quoted ones included; a server's columns are given in small letters.
    if isinstance(node, exp.Identifier):
        node.set("this", node.name.lower())
    return node


def _fold_upper(node: exp.Expr) -> exp.Expr:
    # Snowflake keeps unquoted names in capitals; a quoted name in small letters is its column, too.
    if isinstance(node, exp.Identifier):
        plain = not node.args.get("quoted") or re.fullmatch(r"[a-z_][a-z0-9_]*", node.name)
        node.set("this", node.name.upper() if plain else node.name)
    return node
