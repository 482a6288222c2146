"""Ways to forecast: the seasonal-naive baseline, and exponential smoothing from statsmodels."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from mopsnb.analysis.season import Floats, estimate_season

CYCLES = 2  # full cycles of a season that a model needs to learn it
LEAST = 12  # the fewest values that any model learns from


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a way to forecast says about the periods ahead.

    Parameters
    ----------
    points
        The forecast of each period, on the working scale.
    echo
        How much of an unforeseen step of size 1 is still in the series so many periods later; the first is 1.
    """

    points: Floats
    echo: Floats

    @property
    def widths(self) -> Floats:
        """How far off each period may be, in units of one unforeseen step: √ of the sum of squared echoes."""
        return np.asarray(np.sqrt(np.cumsum(np.square(self.echo))))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to forecast.

    Parameters
    ----------
    name, title
        For tables, and for sentences.
    period
        How many periods a season has; 1 for none.
    kind
        ``baseline`` repeats the last cycle (without a season: the last value); ``level`` smooths the level, ``steady``
        the level beside a season that stays as it is, ``trend`` the level and a damped trend, and the season where
        there is one; ``mean`` is an average of the others.
    """

    name: str
    title: str
    period: int
    kind: str

    @property
    def is_baseline(self) -> bool:
        """Whether it only repeats what was."""
        return self.kind == "baseline"

    @property
    def least(self) -> int:
        """The fewest values that it can learn from."""
        return max(LEAST, CYCLES * self.period if self.kind in ("steady", "trend") else 0)

    def learn(self, values: Floats) -> tuple[float, ...]:
        """Return the smoothing parameters that fit best; the baseline has none."""
        if self.is_baseline:
            return ()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a search that stops early still gives parameters; the backtest judges
            fitted = self._build(self._adjust(values, 0)[0]).fit(disp=False)
        return tuple(float(number) for number in fitted.params)

    def look_ahead(self, values: Floats, learned: tuple[float, ...], horizon: int) -> Ahead:
        """Return the forecast after these values, with parameters that were learned before."""
        steps = np.arange(horizon)
        if self.is_baseline:
            last = values[-self.period :]
            return Ahead(last[steps % self.period], (steps % self.period == 0).astype(np.float64))
        rest, season = self._adjust(values, horizon)
        # The bare states, because what statsmodels adds to them takes most of its time.
        _, states = self._build(rest).smooth(np.array(learned), return_raw=True)
        points = np.full(horizon, states[-1, 0]) + season
        if self.kind == "trend":
            points += states[-1, 1] * np.cumsum(learned[-1] ** (steps + 1))
            if self.period > 1:
                points += states[-self.period :, 2][steps % self.period]
        return Ahead(points, self._echo(learned, steps))

    def _adjust(self, values: Floats, horizon: int) -> tuple[Floats, Floats]:
        if self.kind != "steady":
            return values, np.zeros(horizon)
        effects = estimate_season(values, self.period).tell(np.arange(len(values) + horizon))
        return values - effects[: len(values)], effects[len(values) :]

    def _build(self, values: Floats) -> Any:
        period = self.period if self.kind == "trend" else 1
        head = values[: _count_head(len(values), period)]
        return _make_model(values, self.kind == "trend", period, **_find_start(head.tobytes(), self.kind, period))

    def _echo(self, learned: tuple[float, ...], steps: NDArray[np.int64]) -> Floats:
        # Hyndman et al. (2008), Forecasting with Exponential Smoothing: the class 1 models of chapter 6.
        echo = np.full(len(steps), learned[0])
        if self.kind == "trend":
            slope, damping = learned[1], learned[-1]
            echo += slope * np.cumsum(np.where(steps > 0, damping**steps, 0.0))
            if self.period > 1:
                echo += np.where(steps % self.period == 0, learned[2], 0.0)
        echo[:1] = 1.0
        return echo


def _count_head(count: int, period: int) -> int:
    """Return how many of the first values say where a model starts: statsmodels looks at no others."""
    if period == 1:
        return 10
    return period * max(min(5, count // period), math.ceil((10 + 2 * (period // 2)) / period))


@lru_cache(maxsize=256)
def _find_start(head: bytes, kind: str, period: int) -> dict[str, Any]:
    """Return where a model starts. The backtest asks the same of the same first values at every date."""
    model = _make_model(np.frombuffer(head), kind == "trend", period, initialization_method="heuristic")
    found = {"initialization_method": "known", "initial_level": model.initial_level}
    found |= {"initial_trend": model.initial_trend} if kind == "trend" else {}
    return found | ({"initial_seasonal": model.initial_seasonal} if period > 1 else {})


def _make_model(values: Floats, has_trend: bool, period: int, **start: Any) -> Any:
    return ETSModel(
        values,
        error="add",
        trend="add" if has_trend else None,
        damped_trend=has_trend,
        seasonal="add" if period > 1 else None,
        seasonal_periods=period if period > 1 else None,
        **start,
    )


def list_candidates(count: int, period: int) -> Sequence[Candidate]:
    """Return the ways to forecast that so many values allow to test, the baseline first.

    Parameters
    ----------
    count
        How many values are known when the first test forecast is made.
    period
        How many periods a season has; 1 for none.
    """
    if period == 1:
        return [
            Candidate("naive", "the last value again", 1, "baseline"),
            Candidate("level", "exponential smoothing of the level", 1, "level"),
            Candidate("trend", "exponential smoothing of level and trend", 1, "trend"),
        ]
    models = [
        Candidate("level", "exponential smoothing of the level", period, "level"),
        Candidate("season", "exponential smoothing of the level with a steady season", period, "steady"),
        Candidate("season_trend", "exponential smoothing of level, season and trend", period, "trend"),
    ]
    baseline = Candidate("seasonal_naive", "the same month a year earlier", period, "baseline")
    return [baseline, *(model for model in models if model.least <= count)]
