"""Columns that describe the time and not the lead: the same for every lead of a period."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from mopsnb.analysis.scoring.roles import CONTEXT, Judgment
from mopsnb.analysis.scoring.values import Bools, Column, Floats, Ints
from mopsnb.analysis.wording import count_things

FEW_CHANGES = 0.1  # changes from lead to lead, as a share of those that chance would make
SAME_DAY = 0.98  # the share of leads of a day that agree with each other
RISING = 0.99  # from this rank correlation with time on, a column is a clock
NEIGHBORS = 200  # fewer pairs of a day do not show it


def find_context(column: Column, days: Ints | None) -> Judgment | None:
    """Return the judgment that a column describes the time; None where it differs between leads of a period.

    Leads stand in time order. Where their days are known, leads of one day are compared; else the changes from
    one lead to the next are counted and compared with those of a random order, which
    is ``1 + (n - 1) (1 - Σ share²)`` stretches of equal value (Wald and Wolfowitz).

    Parameters
    ----------
    column
        The column, of leads in time order.
    days
        Each lead's day as a number, ascending; None where it is unknown.

    References
    ----------
    Wald, A., Wolfowitz, J. (1940). On a test whether two samples are from the same population. Annals of
    Mathematical Statistics 11, 147-162.
    """
    cells = np.where(np.isnan(column.cells), -np.inf, column.cells)
    if len(cells) < NEIGHBORS:
        return None
    if not column.is_text and not np.isnan(column.cells).any() and abs(_correlate_order(cells)) > RISING:
        return Judgment(column.name, "context", CONTEXT, "It rises or falls with time from lead to lead.")
    _, counts = np.unique(cells, return_counts=True)
    alike = float(((counts / len(cells)) ** 2).sum())
    changed = cells[1:] != cells[:-1]
    if days is not None:
        same_day = days[1:] == days[:-1]
        if same_day.sum() >= NEIGHBORS:
            return _judge_days(column, changed[same_day], alike)
    stretches = 1 + int(changed.sum())
    by_chance = 1 + (len(cells) - 1) * (1 - alike)
    if len(counts) < 2 or stretches >= FEW_CHANGES * by_chance:
        return None
    evidence = (
        f"It changes only {count_things(stretches - 1, 'time')} from one of {len(cells):,} leads to the next;"
        f" a trait of the lead would change about {by_chance:,.0f} times."
    )
    return Judgment(column.name, "context", CONTEXT, evidence)


def _correlate_order(cells: Floats) -> float:
    """Return the rank correlation of a column with time order; 0 where all values are equal."""
    ranks = rankdata(cells) - (len(cells) + 1) / 2
    order = np.arange(len(cells)) - (len(cells) - 1) / 2
    scale = float(np.sqrt((ranks @ ranks) * (order @ order)))
    return float(ranks @ order) / scale if scale else 0.0


def _judge_days(column: Column, changed: Bools, alike: float) -> Judgment | None:
    share = 1 - float(np.mean(changed))
    if share < SAME_DAY or 1 - share >= FEW_CHANGES * (1 - alike):
        return None
    evidence = (
        f"{share * 100:.1f}% of neighboring leads of a day have the same value; {alike * 100:.0f}% would by chance."
    )
    return Judgment(column.name, "context", CONTEXT, evidence)


def number_days(created: pd.Series | None) -> Ints | None:
    """Return each lead's day as a number; None where a lead has none."""
    if created is None or created.isna().any():
        return None
    return np.asarray((created - pd.Timestamp(0, tz="UTC")).dt.days, dtype=np.int64)
