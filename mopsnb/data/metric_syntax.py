"""What SQL a team may write in its own metrics: expressions and SELECTs over canonical tables, nothing else."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from mopsnb.data.contract import TABLES

if TYPE_CHECKING:
    from sqlglot import exp

_ALONE = "Write one expression without SELECT, FROM or a semicolon."
_NO_SQL = "It is not SQL: check brackets and quotes."
_ROWS = "It looks at several rows. Write what one row holds, and count: rows, sum, distinct or level beside it."
_UNSTEADY = "{} differs from run to run: a figure depends on the data alone."
# Functions that ask the clock, chance, the session or the machine.
_CHANGING = re.compile(
    r"(get_)?current_\w+|(clock|statement|transaction|utc)_\w+|local(time|timestamp)|now|today|ago|timeofday|"
    r"random|rand|setseed|\w*uuid\w*|nextval|currval|setval|(session_|system_)?user|version|getvariable|getenv|"
    r"(inet|pg|txid)_\w+|sleep\w*|write_log|error|stats|vector_type|in_search_path"
)


def check_expression(text: str, tables: Collection[str] = TABLES) -> str:
    """Return why a text is not one SQL expression; nothing where it is.

    Parameters
    ----------
    text
        What stands in the file, such as ``event_type = 'click'``.
    tables
        The tables that a subquery in it may read.

    Examples
    --------
    >>> check_expression("spend IS NOT NULL")
    ''
    >>> check_expression("TRUE) OR (TRUE")
    'It is not SQL: check brackets and quotes.'
    """
    from sqlglot import exp

    trees = _parse(f"SELECT ({text}\n) AS value")
    if not trees:
        return _NO_SQL
    select = trees[0]
    is_bare = len(trees) == 1 and isinstance(select, exp.Select)
    if not is_bare or len(select.expressions) != 1 or any(v for k, v in select.args.items() if k != "expressions"):
        return _ALONE
    if not isinstance(select.expressions[0].this, exp.Paren):  # a bracket closes what it did not open
        return _NO_SQL
    if any(node.find_ancestor(exp.Select) is select for node in select.find_all(exp.AggFunc, exp.Window)):
        return _ROWS
    return _check_reading(select, text, tables)


def check_query(text: str, tables: Collection[str]) -> str:
    """Return why a text is not one SELECT over tables; nothing where it is.

    Parameters
    ----------
    text
        What stands in the file.
    tables
        The tables that it may read.
    """
    from sqlglot import exp

    trees = _parse(text)
    if not trees:
        return _NO_SQL
    if len(trees) != 1 or not isinstance(trees[0], exp.Select | exp.SetOperation) or ";" in text:
        return "Write one SELECT (or WITH … SELECT), without a semicolon."
    return _check_reading(trees[0], text, tables)


def _parse(text: str) -> list[exp.Expr]:
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        return [tree for tree in sqlglot.parse(text, read="duckdb") if tree is not None]
    except SqlglotError:
        return []


def _check_reading(tree: exp.Expr, text: str, allowed: Collection[str]) -> str:
    from sqlglot import exp

    if any(mark in text for mark in ("--", "/*")):
        return "Write comments with # outside of the SQL."
    own = {cte.alias_or_name.casefold() for cte in tree.find_all(exp.CTE)}
    taken = sorted(own & {*TABLES})
    if taken:
        return f"It calls a query of its own {taken[0]}, as a table of the workspace is called: rename it."
    for call in tree.find_all(exp.Func):
        name = call.name if isinstance(call, exp.Anonymous) else call.sql_name()
        if _CHANGING.fullmatch(name.lower()) or (name.lower() == "age" and len(call.expressions) == 1):
            return _UNSTEADY.format(call.sql(dialect="duckdb").lower())
    for table in tree.find_all(exp.Table):
        is_plain = isinstance(table.this, exp.Identifier) and not table.args.get("db")
        name = table.name.casefold()
        if not is_plain or (name not in own and name not in allowed):
            return f"It reads {table.sql()}, which is not a table that it names."
    return "It may only read." if any(tree.find_all(exp.DML, exp.DDL, exp.Command)) else ""
