"""Exports by month whose dates are the first days of their months: each row is the total of its month."""

from __future__ import annotations

from mopsnb.data.importing.assembly import Assembled, Assembly
from mopsnb.data.importing.text import normalize

_LEAST = 2  # different first days of months, and no other day: by chance, days do not look like that


def read_month_rows(assembly: Assembly, found: Assembled) -> None:
    """Give rows of an export the last day of their month as ``period_end`` where all dates are first days of months.

    A single date may be a day. Where its header speaks of a start, a note asks for the end.

    Parameters
    ----------
    assembly
        Runs the queries.
    found
        The rows of a file, before any are added up.
    """
    shape = found.part.shape
    if not shape.is_dated or shape.source.shape != "export" or "date" not in shape.mapped:
        return
    if "period_end" in shape.mapped or not {"date", "period_start", "period_end"} <= {*found.columns}:
        return
    days = f"SELECT DISTINCT date FROM {found.view} WHERE date IS NOT NULL"
    firsts, others, first = assembly.query(
        f"SELECT count(*), count(*) FILTER (date_trunc('month', date) <> date), min(date) FROM ({days})"
    )[0]
    header = shape.match.headers[shape.mapped["date"][0]].strip()
    if others or not firsts:
        return
    if firsts < _LEAST:
        if normalize(header).startswith("start"):
            found.part.notes.append(
                f"all rows count on {first}, by '{header}'; if they total a month, export by day or with the end date"
            )
        return
    ends = "date AS period_start, last_day(date) AS period_end"
    found.view = assembly.make_view(f"SELECT * REPLACE ({ends}) FROM {found.view}")
    found.part.notes.append(
        f"each row is the total of a month: all dates in '{header}' are the first days of {firsts:,} months"
    )
