"""What is changed for one engine alone."""

from __future__ import annotations

from sqlglot import exp

from mopsnb.data.engines.translation.families import Families
from mopsnb.data.engines.translation.meaning import UntranslatableError
from mopsnb.data.engines.translation.nodes import (
    Change,
    call,
    cast_to,
    count_microseconds,
    divide_by_million,
    hide_colon,
    is_epoch,
    is_truncation,
    truncate,
)

_LOCAL = "is_local"  # on AT TIME ZONE: it turns a time without a zone into an instant


def list_changes(dialect: str, families: Families) -> list[Change]:
    """Return the changes for a dialect, in order.

    Parameters
    ----------
    dialect
        As `mopsnb.data.engines.dialects.translate` names it.
    families
        Those of the query.
    """
    if dialect == "postgres":
        return [_match_postgres, _extract_number, _cast_zone, truncate, hide_colon, _name_parameter]
    if dialect == "spark":
        _show_zone(families)
        for node in families.list_local():
            node.meta[_LOCAL] = True
        return [_match_spark, _name_table, _round_whole, _shift, count_microseconds, truncate]
    if families.list_local():
        raise UntranslatableError("AT TIME ZONE takes an instant, not a time without a zone.")
    if dialect == "bigquery":
        return [_match_bigquery, count_microseconds, _truncate_bigquery, _round_decimal, _sort_nulls]
    return [_match_snowflake, _count_snowflake, _drop_zone, _truncate_snowflake, hide_colon]


def _match_postgres(node: exp.Expr) -> exp.Expr:
    return _match(node, "^({})$") if isinstance(node, exp.RegexpFullMatch) else node


def _match_spark(node: exp.Expr) -> exp.Expr:
    # In Java a $ also stands before a line's end, which \z does not.
    return _match(node, r"^({})\z") if isinstance(node, exp.RegexpFullMatch) else node


def _match_bigquery(node: exp.Expr) -> exp.Expr:
    return _match(node, r"^({})$") if isinstance(node, exp.RegexpFullMatch) else node


def _match_snowflake(node: exp.Expr) -> exp.Expr:
    return _match(node, "{}") if isinstance(node, exp.RegexpFullMatch) else node  # it matches as a whole there


def _match(node: exp.Expr, frame: str) -> exp.Expr:
    pattern = exp.Literal.string(frame.format(node.args["expression"].name))
    return exp.RegexpLike(this=node.this.copy(), expression=pattern)


def _extract_number(node: exp.Expr) -> exp.Expr:
    if not isinstance(node, exp.Extract):
        return node
    return cast_to(node, "DOUBLE" if is_epoch(node) else "BIGINT")


def _cast_zone(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.AtTimeZone) and not node.args["zone"].is_string:
        node.set("zone", cast_to(node.args["zone"], "TEXT"))
    return node


def _name_parameter(node: exp.Expr) -> exp.Expr:
    return exp.var(f":{node.name}") if isinstance(node, exp.Placeholder) else node


def _show_zone(families: Families) -> None:
    """Write instants as text with the zone, which Spark leaves out."""
    for node in families.list_shown():
        text = exp.DPipe(expression=exp.Literal.string("+00"))
        node.replace(exp.Paren(this=text))
        text.set("this", node)


def _name_table(node: exp.Expr) -> exp.Expr:
    # Spark may read FROM deal WHERE (is_won) as a table with the alias WHERE(is_won); after an alias it cannot.
    if isinstance(node, exp.Table) and not node.alias:
        node.set("alias", exp.TableAlias(this=node.this.copy()))
    return node


def _round_whole(node: exp.Expr) -> exp.Expr:
    # Spark cuts the fraction off where all others round.
    if isinstance(node, exp.Cast) and node.to.this.name == "BIGINT" and not isinstance(node.this, exp.Null):
        node.set("this", exp.Round(this=node.this.copy(), decimals=exp.Literal.number(0)))
    return node


def _shift(node: exp.Expr) -> exp.Expr:
    if not isinstance(node, exp.AtTimeZone):
        return node
    if node.meta.get(_LOCAL):
        return call("TO_UTC_TIMESTAMP", cast_to(node.this, "TIMESTAMPTZ"), node.args["zone"])
    return cast_to(call("FROM_UTC_TIMESTAMP", node.this, node.args["zone"]), "TIMESTAMPNTZ")


def _truncate_bigquery(node: exp.Expr) -> exp.Expr:
    if not is_truncation(node):
        return node
    unit = "ISOWEEK" if node.text("unit").upper() == "WEEK" else node.text("unit")
    return exp.DateTrunc(this=cast_to(node.this, "DATE"), unit=exp.var(unit))  # type: ignore[no-untyped-call]


def _sort_nulls(node: exp.Expr) -> exp.Expr:
    # BigQuery has no NULLS LAST in every window; a test for NULL in front of the key says the same.
    if not isinstance(node, exp.Order) or not isinstance(node.parent, exp.Window):
        return node
    keys: list[exp.Expr] = []
    for key in node.expressions:
        if not key.args.get("desc") and not key.args.get("nulls_first"):
            keys.append(exp.Ordered(this=exp.Is(this=key.this.copy(), expression=exp.Null()), nulls_first=True))
            key.set("nulls_first", True)
        keys.append(key)
    node.set("expressions", keys)
    return node


def _round_decimal(node: exp.Expr) -> exp.Expr:
    # BigQuery's NUMERIC keeps nine digits, whatever is asked for.
    if not isinstance(node, exp.Cast) or node.to.this.name != "DECIMAL":
        return node
    return exp.Round(this=cast_to(node.this, "DECIMAL"), decimals=node.to.expressions[1].this.copy())


def _count_snowflake(node: exp.Expr) -> exp.Expr:
    if not is_epoch(node):
        return node
    node.set("this", exp.var("EPOCH_MICROSECOND"))  # EPOCH is whole seconds there
    return divide_by_million(node)


def _drop_zone(node: exp.Expr) -> exp.Expr:
    return cast_to(node, "TIMESTAMPNTZ") if isinstance(node, exp.AtTimeZone) else node


def _truncate_snowflake(node: exp.Expr) -> exp.Expr:
    if is_truncation(node) and node.text("unit").upper() == "WEEK":
        raise UntranslatableError("the first day of a week is a setting of each Snowflake account.")
    return truncate(node)
