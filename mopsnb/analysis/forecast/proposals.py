"""Targets that a metric's own history proposes, each with its probability."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from mopsnb.analysis.forecast.chances import draw_outcomes
from mopsnb.analysis.forecast.metrics import Forecast
from mopsnb.analysis.frames import NUMBER, TEXT, Row, build_frame
from mopsnb.analysis.months import Month

PROPOSALS = {"conservative": 0.9, "likely": 0.5, "stretch": 0.1}
FIGURES = 3  # a target is said with so many figures, which nobody needs more of
PROPOSAL_COLUMNS = {
    **{"metric": TEXT, "title": TEXT, "unit": TEXT, "kind": TEXT, "target": NUMBER, "probability": NUMBER},
    **{"reason": TEXT},
}


def propose_targets(
    forecast: Forecast, months: Sequence[Month], start: date, deadline: date, *, sign: int = 0
) -> pd.DataFrame:
    """Return a conservative, a likely and a stretch target for a metric's figure from start to deadline.

    They are the figures that nine in ten, one in two and one in ten of the possible futures reach, if the team goes
    on as before. They are rounded to three figures, and the probability is that of the rounded target.

    Parameters
    ----------
    forecast
        Of the metric; it must reach the deadline.
    months
        The metric's months in time order.
    start, deadline
        The first and last day of the goal.
    sign
        1 where more is asked for, -1 where less; 0: as the metric wishes, up by default.

    Returns
    -------
    pandas.DataFrame
        metric, title, unit, kind (``conservative``, ``likely``, ``stretch``), target, probability (0 to 1), reason. One
        row with the reason and no target where the history does not allow one.
    """
    card = forecast.card
    shared = {"metric": card.name, "title": card.title, "unit": card.unit}
    outcomes = draw_outcomes(forecast, months, start, deadline)
    if isinstance(outcomes, str):
        return build_frame([shared | {"reason": outcomes}], PROPOSAL_COLUMNS)
    direction = sign or card.wish or 1
    rows: list[Row] = []
    for kind, share in PROPOSALS.items():
        exact = float(np.quantile(outcomes, 1 - share if direction > 0 else share))
        target = _round(exact)
        reached = float(np.mean(outcomes * direction >= target * direction))
        rows.append(shared | {"kind": kind, "target": target, "probability": reached})
    return build_frame(rows, PROPOSAL_COLUMNS)


def _round(value: float) -> float:
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, FIGURES - 1 - math.floor(math.log10(abs(value))))
