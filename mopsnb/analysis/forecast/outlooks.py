"""What a series will do: the way that did best at earlier dates, its interval, and the baseline beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mopsnb.analysis.forecast.backtest import Trial, run_trials
from mopsnb.analysis.forecast.scales import Scale, choose_scale
from mopsnb.analysis.season import Floats

COVERAGE = 0.8  # the share of outcomes that an interval is to hold
DRAWS = 4000  # how many possible futures a chance is counted in
SEED = 20_260_101  # the same draws each time


@dataclass(frozen=True)
class Outlook:
    """The forecast of one series.

    Parameters
    ----------
    chosen
        The way with the smallest mean error at earlier dates.
    other
        What stands beside it: the baseline; where the baseline itself was best, the best model. None: there is none.
    scale
        The scale on which both work.
    """

    chosen: Trial
    other: Trial | None
    scale: Scale

    @property
    def median(self) -> Floats:
        """The forecast of each period, in the metric's unit: as likely too high as too low."""
        return self.scale.back(self.chosen.ahead.points)

    @property
    def beside(self) -> Floats:
        """What the other way says, in the metric's unit; NaN where there is none."""
        if self.other is None:
            return np.full(len(self.median), np.nan)
        return self.scale.back(self.other.ahead.points)

    def limits(self, coverage: float = COVERAGE) -> tuple[Floats, Floats]:
        """Return the lower and upper end of each period's interval, in the metric's unit.

        The limits are ``forecast ± t × step × width`` on the working scale: the step is 1.1 × the root mean square
        error one period ahead at the test dates, t its quantile with a third of these dates as degrees of
        freedom, and the width grows with the periods ahead as the model says.

        Parameters
        ----------
        coverage
            The share of outcomes that the interval is to hold, between 0 and 1.
        """
        from scipy.special import stdtrit

        trial = self.chosen
        reach = float(stdtrit(trial.freedom, 0.5 + coverage / 2)) * trial.step * trial.ahead.widths
        return self.scale.back(trial.ahead.points - reach), self.scale.back(trial.ahead.points + reach)

    @cached_property
    def draws(self) -> Floats:
        """Possible futures in the metric's unit, a row each: shape (DRAWS, periods ahead).

        Steps of a future are normal around 0; the size of a step differs between futures as its t distribution says.
        """
        trial, count = self.chosen, len(self.chosen.ahead.points)
        source = np.random.default_rng(SEED)
        steps = source.standard_normal((DRAWS, count))
        sizes = np.sqrt(trial.freedom / source.chisquare(trial.freedom, DRAWS))[:, None] * trial.step
        lags = np.subtract.outer(np.arange(count), np.arange(count)).T  # of the later period to the earlier
        echoes = np.where(lags >= 0, trial.ahead.echo[np.maximum(lags, 0)], 0.0)
        return self.scale.back(trial.ahead.points + sizes * (steps @ echoes))


def look_out(values: Floats, horizon: int, *, period: int = 12, is_share: bool = False) -> Outlook | None:
    """Return the forecast of a series, or None where it is too short to test any way to forecast.

    Parameters
    ----------
    values
        The series in its unit, oldest first, without gaps.
    horizon
        How many periods ahead.
    period
        How many periods a season has; 1 for none.
    is_share
        Whether a value is a share that can never leave 0 to 1.
    """
    scale = choose_scale(values, is_share=is_share)
    trials = run_trials(scale.forward(values), period, horizon)
    if not trials:
        return None
    baseline, *models = trials
    best = min(models, key=lambda one: one.mean_error, default=None)
    if best is None or best.mean_error >= baseline.mean_error:
        return Outlook(baseline, best, scale)
    return Outlook(best, baseline, scale)
