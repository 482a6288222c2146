"""Several outputs of one cell, and definitions that open on demand."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from mopsnb.view.figure import Figure
from mopsnb.view.goal_presets import PLAN_COLUMNS
from mopsnb.view.goals import goal_progress
from mopsnb.view.html import Html, Prose
from mopsnb.view.series import list_records
from mopsnb.view.tables import table
from mopsnb.view.text import no_data

_FACTS = (
    *(("formula", "Formula"), ("base", "Base"), ("unit", "Unit"), ("wish", "Direction"), ("role", "Role")),
    *(("goals", "Goals that it serves"), ("owner", "Owner"), ("source", "Defined by"), ("caveat", "Caveat")),
)


@dataclass(frozen=True, slots=True)
class Gallery:
    """Outputs that one cell shows below one another.

    Parameters
    ----------
    items
        Figures, tables or notes, in the order in which they are shown.
    """

    items: tuple[Figure | Html | Prose, ...]

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for item in self.items:
            display(item)  # type: ignore[no-untyped-call]


def fold(summary: str, *items: Html | Prose) -> Html:
    """Return outputs behind a line that opens them: proof for those who look for it.

    Parameters
    ----------
    summary
        What lies behind the line.
    items
        Tables, notes or prose, in the order in which they are shown.

    Examples
    --------
    >>> print(fold("How it was worked out", Prose("By hand.")))
    How it was worked out
    By hand.
    """
    bundles = [item._repr_mimebundle_() for item in items]
    body = "".join(bundle["text/html"] for bundle in bundles)
    text = "\n".join(bundle["text/plain"] for bundle in bundles)
    html = f'<details class="mops-fold"><summary>{escape(summary)}</summary>{body}</details>'
    return Html(html, f"{summary}\n{text}")


def goal_gallery(paths: pd.DataFrame, progress: pd.DataFrame) -> Gallery:
    """Return a chart for each goal against its target path.

    Parameters
    ----------
    paths
        What ``analysis.draw_paths`` returned.
    progress
        Rows of ``analysis.track_goals``: one chart a row, in this order.

    Returns
    -------
    Gallery
        One note where there is no goal to draw.
    """
    if not len(progress):
        return Gallery((no_data("Charts of running goals", fix="No goal runs on the day of this report."),))
    return Gallery(tuple(goal_progress(paths, row) for row in progress.to_dict("records")))


def target_gallery(proposed: pd.DataFrame) -> Gallery:
    """Return the targets that history proposes as two tables: for the goals' own periods, and for the next ones.

    Parameters
    ----------
    proposed
        What ``forecast.propose_for_goals`` returned.
    """
    tables = []
    for period, caption in (("this", "Targets for this period"), ("next", "Targets for the next period")):
        rows = proposed[proposed["period"] == period]
        columns = dict(PLAN_COLUMNS)
        if period == "next":
            del columns["target"], columns["chance"]  # the goal's own target is one of its own period
        if not rows["reason"].str.len().any():
            del columns["reason"]
        tables.append(table(rows, caption=caption, columns=columns, limit=12, empty="No goal has a forecast."))
    first, following = tables
    return Gallery((first, fold("Targets for the next period", following)) if len(proposed) else (first,))


def definitions(catalogue: pd.DataFrame) -> Html:
    """Return what each metric means, as a list that opens entry by entry.

    Parameters
    ----------
    catalogue
        Index: metric. Columns title, formula and, where known, base, unit, wish, role, goals, owner, source and caveat.

    Returns
    -------
    Html
        A note where there is no metric.
    """
    if not len(catalogue):
        return no_data("Definitions")
    rows = list_records(catalogue)
    body = "".join(
        f"<details><summary>{escape(str(row['title']))}</summary><dl>{_list_facts(row)}</dl></details>" for row in rows
    )
    plain = "\n".join(f"{row['title']}: {row['formula']}" for row in rows)
    return Html(f'<div class="mops-definitions">{body}</div>', plain)


def _list_facts(row: dict[str, Any]) -> str:
    known = [(label, str(row[key])) for key, label in _FACTS if row.get(key)]
    return "".join(f"<dt>{label}</dt><dd>{escape(text)}</dd>" for label, text in known)
