"""Rolling-origin backtest: what each way to forecast would have said at earlier dates, against what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from mopsnb.analysis.forecast.candidates import CYCLES, LEAST, Ahead, Candidate, list_candidates
from mopsnb.analysis.season import Floats

ORIGINS_LEAST = 6  # fewer test dates do not show which way is better
ORIGINS_MOST = 18  # more add time and little else
TESTED_AHEAD = 6  # how many periods ahead the test looks
WIDER = 1.1  # the best of several looks better at the test dates than it is; found by tests/analysis/forecast
SHARED = 3  # so many test dates count as one that stands alone: neighbors share most of their errors


@dataclass(frozen=True, slots=True)
class Trial:
    """How one way to forecast did at earlier dates.

    Parameters
    ----------
    candidate
        The way.
    errors
        What came minus what it had said, on the working scale: a row a date, a column a period ahead; NaN
        where the truth is not known yet.
    ahead
        What it says now.
    """

    candidate: Candidate
    errors: Floats
    ahead: Ahead

    @property
    def mean_error(self) -> float:
        """The mean absolute error over all dates and periods ahead."""
        return float(np.nanmean(np.abs(self.errors)))

    @property
    def origins(self) -> int:
        """At how many dates it was tested."""
        return len(self.errors)

    @property
    def step(self) -> float:
        """The size of one period's unforeseen step: 1.1 × the root mean square error one period ahead."""
        return WIDER * float(np.sqrt(np.mean(np.square(self.errors[:, 0]))))

    @property
    def freedom(self) -> float:
        """The degrees of freedom of the step's t distribution: a third of the dates."""
        return self.origins / SHARED


def run_trials(values: Floats, period: int, horizon: int) -> Sequence[Trial]:
    """Return the trials of every way that the values allow, the baseline first; none where they are too few.

    At each of the last dates, each way forecasts from the values up to there. A model learns its
    smoothing parameters from the values before the first of these dates, and keeps them: nothing that came later
    helps it. What it says now rests on parameters learned from all values.

    Parameters
    ----------
    values
        The series on its working scale, without gaps.
    period
        How many periods a season has; 1 for none.
    horizon
        How many periods ahead to forecast now.
    """
    count, enough = len(values), CYCLES * period if period > 1 else LEAST
    first = enough if count - enough >= ORIGINS_LEAST else LEAST
    first = max(first, count - ORIGINS_MOST)
    if count - first < ORIGINS_LEAST:
        return []
    with _find_pools().limit(limits=1):  # on such short series, several threads cost many times what they save
        trials = [_try(one, values, first, horizon) for one in list_candidates(first, period)]
    return [*trials, _average(trials[1:])] if len(trials) > 2 else trials


@cache
def _find_pools() -> Any:
    """Return what limits the threads of the libraries that are loaded: looking for them takes longer than a trial."""
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

    return ThreadpoolController()


def _try(candidate: Candidate, values: Floats, first: int, horizon: int) -> Trial:
    learned = candidate.learn(values[:first])
    errors = np.full((len(values) - first, TESTED_AHEAD), np.nan)
    for row, origin in enumerate(range(first, len(values))):
        truth = values[origin : origin + TESTED_AHEAD]
        said = candidate.look_ahead(values[:origin], learned, TESTED_AHEAD).points
        errors[row, : len(truth)] = truth - said[: len(truth)]
    return Trial(candidate, errors, candidate.look_ahead(values, candidate.learn(values), horizon))


def _average(trials: Sequence[Trial]) -> Trial:
    # Forecasts, errors and echoes are all linear in what each model says.
    points = np.mean([one.ahead.points for one in trials], axis=0)
    echo = np.mean([one.ahead.echo for one in trials], axis=0)
    title = f"the mean of {len(trials)} kinds of exponential smoothing"
    candidate = Candidate("mean", title, trials[0].candidate.period, "mean")
    return Trial(candidate, np.mean([one.errors for one in trials], axis=0), Ahead(points, echo))
