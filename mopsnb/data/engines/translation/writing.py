"""A query's tree as text of a dialect."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import Dialect, ErrorLevel, exp
from sqlglot.generators.spark import SparkGenerator


class _Generator(SparkGenerator):
    # sqlglot lifts every WITH to the top, where two of one name meet, and one hides a table of its name.
    EXPRESSIONS_WITHOUT_NESTED_CTES: ClassVar[set[type[exp.Expr]]] = set()


def write(tree: exp.Expr, dialect: str) -> str:
    """Return a query's text, every name quoted.

    Raises
    ------
    sqlglot.errors.UnsupportedError
        The dialect has no words for something in it.
    """
    kind = _Generator if dialect == "spark" else Dialect.get_or_raise(dialect).generator_class
    return kind(dialect=dialect, unsupported_level=ErrorLevel.RAISE, identify=True).generate(tree)
