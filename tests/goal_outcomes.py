"""How the goals of a sample company ended, beside what their forecasts had said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from mopsnb import analysis
from mopsnb.analysis import forecast
from mopsnb.workspace import Workspace


class Ending(NamedTuple):
    goal: str
    low: float
    high: float
    probability: float
    outcome: float
    is_reached: bool

    @property
    def is_covered(self) -> bool:
        return self.low <= self.outcome <= self.high


def list_endings(ws: Workspace, folder: Path) -> list[Ending]:
    """Every goal that had not ended, with its 80% interval, its probability, and its planted outcome."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["goals"]
    asked = (ws.strategy, ws.catalogue, ws.goal_history())
    forecasts = forecast.forecast_goals(ws.strategy.goals, ws.catalogue, ws.goal_history(), ws.as_of)
    progress = forecast.add_chances(analysis.track_goals(*asked, ws.as_of), forecasts, ws.goal_history())
    known = progress[progress["probability"].notna()]
    names = ["goal", "forecast_low", "forecast_high", "probability"]
    return [
        Ending(*row, truth[row[0]]["outcome"], truth[row[0]]["is_reached"])
        for row in known[names].itertuples(index=False, name=None)
    ]
