"""What the first page takes from the figures of single steps: where the budget will end, and what is usual."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from mopsnb.run.context import SiteContext
from mopsnb.run.lines import Sentence
from mopsnb.view.formats import Formats, is_known
from mopsnb.view.text import describe_signal

BUDGET, PROJECTION = "budget_pacing", "projected_year_end"
_TOTAL = re.compile(rf"{BUDGET}\.(?:over|under)\.total\.")


def find_outlook(context: SiteContext) -> Mapping[str, Any] | None:
    """Return the finding that the whole budget ends above or below its plan; None where there is none."""
    for page in context.steps:
        if page.step.slug == BUDGET and page.result:
            return next((item for item in page.result["findings"] if _TOTAL.match(str(item["id"]))), None)
    return None


def tell_outlook(context: SiteContext) -> Sentence | None:
    """Return the sentence that the whole budget ends above or below its plan, with the amounts; None if it does not.

    It is the most expensive news of a year, so the first page leads with it.
    """
    finding = find_outlook(context)
    if finding is None:
        return None
    [result] = [page.result for page in context.steps if page.step.slug == BUDGET and page.result]
    row: Mapping[str, Any] = next((item for item in result["headline"] if item["name"] == PROJECTION), {})
    return Sentence(f"{finding['title']}{_write_amounts(row, context.formats)}.", page=BUDGET)


def _write_amounts(row: Mapping[str, Any], formats: Formats) -> str:
    value, plan, unit = row.get("value"), row.get("target"), str(row.get("unit") or "")
    if value is None or not plan:
        return ""
    gap = value - plan
    share = formats.percent(abs(gap) / plan, 1)
    side = "above" if gap > 0 else "below"
    projected, planned, size = (formats.value(amount, unit) for amount in (value, plan, abs(gap)))
    return f": {projected} projected, {size} ({share}) {side} the plan of {planned}"


def read_signals(table: Path, formats: Formats) -> dict[str, str]:
    """Return for each metric whether its month lies inside its usual range, in words.

    Parameters
    ----------
    table
        The table ``summary`` of the step ``metrics``. Without it, nothing is known.
    formats
        How figures are written.
    """
    if not table.is_file():
        return {}
    rows = pd.read_parquet(table, columns=["metric", "unit", "signal", "usual_low", "usual_high"]).to_dict("records")
    known = (row for row in rows if is_known(row["metric"]))
    return {str(row["metric"]): describe_signal({str(key): row[key] for key in row}, formats) for row in known}
