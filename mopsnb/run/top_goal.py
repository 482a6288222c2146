"""The goal that most others serve, in a sentence for the top of the first page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from mopsnb.run.context import SiteContext
from mopsnb.run.lines import Sentence
from mopsnb.view.formats import is_known

HEALTH = {"on_track": "on track", "at_risk": "at risk", "behind": "behind", "met": "met", "missed": "missed"}
LIKELY = (
    (0.9, "will very likely be reached"),
    (0.66, "will likely be reached"),
    (0.34, "may or may not be reached"),
    (0.1, "is unlikely to be reached"),
    (0.0, "is very unlikely to be reached"),
)
RUNNING = ("on_track", "at_risk", "behind")


def read_top(folder: Path, context: SiteContext) -> Sentence | None:
    """Return how likely the top goal is, where it stands, and how its weakest part does.

    Parameters
    ----------
    folder
        The tables of the step ``goals``: ``progress`` and ``parents``.
    context
        What every page knows.

    Returns
    -------
    Sentence or None
        None where no running goal has others below it. Of several, the one with the most counts, then the first.
    """
    tables = [folder / f"{name}.parquet" for name in ("progress", "parents")]
    if not all(table.is_file() for table in tables):
        return None
    progress, parents = (pd.read_parquet(table).to_dict("records") for table in tables)
    rows = {str(row["goal"]): row for row in progress if row["status"] in RUNNING}
    known = [row for row in parents if str(row["goal"]) in rows]
    if not known:
        return None
    parent = max(known, key=lambda row: row["key_results"])
    row = rows[str(parent["goal"])]
    return Sentence(f"{_tell_goal(row, context)}{_tell_parts(parent)}", page="goals")


def _tell_goal(row: Mapping[Any, Any], context: SiteContext) -> str:
    actual = context.formats.value(row["actual"], str(row["unit"]))
    period = context.formats.period(str(row["actual_period"] or ""))
    goal, now = f"\u201c{row['statement']}\u201d", f"{actual} so far" + (f" ({period})" if period else "")
    if not is_known(row.get("probability")):
        return f"{goal} is {HEALTH[str(row['status'])]}, without a forecast: {now}."
    likely = next(words for least, words in LIKELY if row["probability"] >= least)
    return f"{goal} {likely}: the chance is {row['chance']}. {now}; forecast {row['range']} (80% interval)."


def _tell_parts(parent: Mapping[Any, Any]) -> str:
    count, health = int(parent["key_results"]), HEALTH.get(str(parent["health"]), "")
    if not health or count < 2:
        return ""
    weakest = str(parent["weakest"] or "")
    named = f": {weakest}" if weakest and ";" not in weakest and health in ("behind", "at risk", "missed") else ""
    return f" Of the {count} goals that serve it, the weakest is {health}{named}."
