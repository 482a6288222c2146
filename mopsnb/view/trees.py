"""The driver tree: what a goal asks of each step that leads to it, drawn from the goal down."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd

from mopsnb.view import theme
from mopsnb.view.formats import Formats, is_known
from mopsnb.view.html import Html
from mopsnb.view.series import list_records, require_columns
from mopsnb.view.text import no_data

_COLUMNS = ("metric", "title", "unit", "above", "rate", "needed", "low", "high", "brought", "times", "months")
_FIX = "It needs a running goal for revenue, customers or leads, and six months of that figure and of a step below it."


def driver_tree(tree: pd.DataFrame) -> Html:
    """Return the driver tree as steps below one another, each indented below the one that it leads to.

    Parameters
    ----------
    tree
        What ``analysis.grow_goal_tree`` returned.

    Returns
    -------
    Html
        A note that there is no data, where there is no tree.

    Raises
    ------
    ValueError
        A column is missing.
    """
    require_columns(tree, _COLUMNS, "a driver tree")
    if not len(tree):
        return no_data("Driver tree", fix=_FIX)
    rows, formats = list_records(tree), theme.current().formats
    titles = {row["metric"]: str(row["title"]) for row in rows}
    told = [_tell(row, titles, formats) for row in rows]
    name = f"Driver tree of the goal “{rows[0]['statement']}”" if "statement" in rows[0] else "Driver tree"
    body = f'<p class="mops-tree-caption">{escape(name)}</p>{_nest(told)}'
    plain = "\n".join("  " * depth + ": ".join(filter(None, texts)) for depth, texts in enumerate(told))
    return Html(f'<div class="mops-tree">{body}</div>', f"{name}\n{plain}")


def _nest(told: Sequence[tuple[str, str, str, str]]) -> str:
    """Return nested lists, so that a screen reader tells how deep a step lies."""
    (name, needed, pace, rate), *rest = told
    facts = f'<p><span class="mops-tree-name">{escape(name)}</span> <strong>{escape(needed)}</strong></p>'
    facts += "".join(f'<p class="mops-tree-note">{escape(text)}</p>' for text in (rate, pace) if text)
    return f"<ul><li>{facts}{_nest(rest) if rest else ''}</li></ul>"


def _tell(row: dict[str, Any], titles: dict[str, str], formats: Formats) -> tuple[str, str, str, str]:
    """Return name, what is needed, the pace so far, and the rate to the step above."""
    unit, months = str(row["unit"]), int(row["months"])
    needed = formats.value(row["needed"], unit)
    if row["above"]:
        needed += f" ({formats.value(row['low'], unit)} to {formats.value(row['high'], unit)})"
    pace = f"The last {months} months brought {formats.value(row['brought'], unit)}"
    if is_known(row["times"]) and not row["above"]:  # at the same rates, it is the same for every step
        pace += f"; the goal asks for {formats.percent(row['times'], 0)} of that pace"
    return str(row["title"]), needed, f"{pace}.", _rate(row, titles)


def _rate(row: dict[str, Any], titles: dict[str, str]) -> str:
    return str(row.get("rate_text") or "") if row["above"] in titles else ""
