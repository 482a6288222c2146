"""Rows of figures that say what others say: totals by another name, and ids that became equal in a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

from mopsnb.data.importing.assembly import Assembled, Assembly
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.overlaps import SPLITS, Overlaps, Side
from mopsnb.data.sql import quote_name


def check_figures(assembly: Assembly, found: Assembled) -> None:
    """Refuse rows that are the sum of all others of their days, and ids that stand for several campaigns.

    Parameters
    ----------
    assembly
        Runs the queries.
    found
        The rows of a file, before any are added up.

    Raises
    ------
    DataError
        There are some.
    """
    shape = found.part.shape
    if not shape.source.is_grouped or shape.source.count:
        return
    rows = Side(found.view, found.columns)
    Overlaps(assembly, shape.table.name, shape.file).check_part(rows)
    _check_sums(assembly, found, rows, list(shape.measures))
    if {"campaign_id", "campaign_name"} <= {*found.columns}:
        _check_ids(assembly, found)


def _check_sums(assembly: Assembly, found: Assembled, rows: Side, measures: Sequence[str]) -> None:
    if len(measures) < 2:
        return
    table = found.part.shape.table.name
    naming = ("campaign_name", "campaign_id") if table == "ad_daily" else (*SPLITS, "medium")
    called = ", ".join(rows.pick(name) for name in naming)
    span = f"date AS first, {rows.pick('period_end')} AS last"
    sums = ", ".join(f"sum({quote_name(name)}) AS {quote_name(name)}" for name in measures)
    periods = f"SELECT {span}, {sums} FROM {rows.relation} GROUP BY ALL HAVING count(*) > 2"
    halves = " AND ".join(
        f"(items.{quote_name(name)} IS NULL OR 2 * items.{quote_name(name)} = periods.{quote_name(name)})"
        for name in measures
    )
    filled = " + ".join(f"CAST(coalesce(items.{quote_name(name)}, 0) <> 0 AS INTEGER)" for name in measures)
    # One name that is such a sum in each period of the file: by chance that does not happen.
    clash = assembly.query(
        f"WITH periods AS MATERIALIZED ({periods}) SELECT name, min(source_row) FROM ("
        f"SELECT coalesce({called}, '') AS name, items.source_row FROM "
        f"(SELECT *, {span} FROM {rows.relation}) AS items JOIN periods ON items.first = periods.first "
        f"AND items.last IS NOT DISTINCT FROM periods.last WHERE {halves} AND {filled} > 1) "
        f"GROUP BY name HAVING count(*) = (SELECT count(*) FROM periods) ORDER BY 2 LIMIT 1"
    )
    if clash:
        name, row = clash[0]
        seen = f"'{name}', whose figures are the sum of all others"
        fix = "Remove the line if it is a total; if it is none, import it as a file of its own."
        raise refuse(found.part.shape.file, seen, "rows that do not sum up others", fix, f"row {row:,}")


def _check_ids(assembly: Assembly, found: Assembled) -> None:
    clash = assembly.query(
        f"SELECT campaign_id, min(source_row), max(source_row) FROM {found.view} WHERE campaign_id LIKE '%E+%' "
        "GROUP BY ALL HAVING count(DISTINCT campaign_name) > 1 ORDER BY ALL LIMIT 1"
    )
    if clash:
        campaign, first, last = clash[0]
        seen = f"the id {campaign} under several names, as a spreadsheet cut its digits"
        fix = "Import the file as it was downloaded, without opening it in a spreadsheet."
        raise refuse(found.part.shape.file, seen, "an id for each campaign", fix, f"rows {first:,} to {last:,}")
