"""One definition, many engines: the project's SQL, which DuckDB runs, as SQL of another engine.

Only the parsed tree is changed, never text. What has no translation that is tested to mean the same is refused
(`mopsnb.data.engines.translation.vocabulary`), because a figure that differs without a word is worse than none.

PostgreSQL and Spark run what comes out in the tests. For BigQuery and Snowflake it is parsed, and has run nowhere.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from mopsnb.errors import UsageError

if TYPE_CHECKING:
    from sqlglot import exp

DIALECTS: Final = {"postgres": "PostgreSQL", "spark": "Spark", "bigquery": "BigQuery", "snowflake": "Snowflake"}


@functools.lru_cache(maxsize=4096)
def translate(sql: str, dialect: str) -> str:
    """Return SQL of the project as SQL of an engine.

    The session of the engine must keep its clock in UTC, and compare texts by code points, as DuckDB's does here.
    Columns of the canonical tables are taken to have the types of the contract, whose times are instants.

    Parameters
    ----------
    sql
        One SELECT in DuckDB's dialect, with parameters as ``$name``.
    dialect
        ``postgres``, ``spark``, ``bigquery`` or ``snowflake``.

    Returns
    -------
    str
        The query with parameters as the engine's driver takes them: ``@name`` for BigQuery; ``:name`` for
        `sqlalchemy.text` (PostgreSQL, Snowflake) and for ``spark.sql(..., args=...)``.

    Raises
    ------
    UsageError
        It is not one SELECT, or something in it means different things on different engines.

    Examples
    --------
    >>> translate("SELECT TRUE FROM deal WHERE closed_at < $end", "postgres")
    'SELECT TRUE FROM "deal" WHERE "closed_at" < :end'
    """
    from sqlglot.errors import ParseError, SqlglotError

    from mopsnb.data.engines.translation.meaning import UntranslatableError
    from mopsnb.data.engines.translation.rewrites import rewrite
    from mopsnb.data.engines.translation.writing import write

    if dialect not in DIALECTS:
        raise UsageError(f"There is no SQL dialect '{dialect}'. Possible are {', '.join(DIALECTS)}.")
    try:
        return write(rewrite(_parse(sql), dialect), dialect)
    except ParseError as error:
        said = "; ".join(str(fault["description"]) for fault in error.errors) or str(error)
        raise UsageError(f"This is not SQL: {said.rstrip('.')}. Query: {sql}") from error
    except SqlglotError as error:
        raise UsageError(f"{DIALECTS[dialect]} cannot run this query: {str(error).strip()}. Query: {sql}") from error
    except UntranslatableError as error:
        raise UsageError(
            f"The query cannot run on {DIALECTS[dialect]} with the same result as on DuckDB: {error} Query: {sql}"
        ) from error


def _parse(sql: str) -> exp.Expr:
    import sqlglot
    from sqlglot import exp

    from mopsnb.data.engines.translation.meaning import UntranslatableError

    trees = [tree for tree in sqlglot.parse(sql, read="duckdb") if tree is not None]
    if len(trees) != 1 or not isinstance(trees[0], exp.Select | exp.SetOperation):
        raise UntranslatableError("it is not one SELECT.")
    return trees[0]
