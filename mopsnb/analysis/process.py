"""Process-behavior charts: natural limits, run rules, and limits worked out anew after a lasting shift."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mopsnb.analysis.intervals import LIMIT_FACTOR, RANGE_TO_SIGMA, ProcessLimits, estimate_limits, measure_ranges
from mopsnb.analysis.season import Floats, Season, estimate_season, set_aside

RUN = 8  # so many values in a row on one side of the center are a shift
LEAST = 8  # fewer values do not show what is usual
DROPPED = 0.125  # share of a stretch that may be left out of its limits because it lies outside them
MISTAKEN = 2  # so many months of an old level may lie on the new one's side by chance
AFTER = RUN - MISTAKEN - 1  # a new level is confirmed already; it may lack mistaken months and one far outside
CONFIRMED = 3  # standard errors that the mean of eight values must lie away, so that a shift is confirmed
MEDIAN_FACTOR = 3.145  # as 2.66, for the median of the moving ranges
SEVERAL = 4 / 3  # so much farther out lie months that are left out beside the farthest one
SEASON_CHANCE = 0.01  # a season counts where chance alone makes one as strong less often than this
SEASON_CYCLES = 3  # fewer show ups and downs, not a season


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a series in which the level is the same.

    Parameters
    ----------
    first, last
        The places of its first and last value.
    limits
        Its natural process limits, of seasonally adjusted values; NaN where it is too short.
    left_out
        The places of values that lie too far outside to be part of what the limits rest on.
    """

    first: int
    last: int
    limits: ProcessLimits
    left_out: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Process:
    """A series with its limits and signals.

    Parameters
    ----------
    values
        The series; NaN where missing.
    factors
        What the season multiplies each value with; 1 everywhere where there is no season.
    stretches
        The parts with a level of their own, in time order.
    signals
        For each value ``outside`` (its limits), ``shift`` (the first of eight that are a level of their own) or empty.
    season
        The season found; its factors are 1 where it may be chance.
    """

    values: Floats
    factors: Floats
    stretches: Sequence[Stretch]
    signals: Sequence[str]
    season: Season

    @property
    def is_seasonal(self) -> bool:
        """Whether a season was taken off before the limits were worked out."""
        return bool(np.any(self.factors != 1))

    @property
    def adjusted(self) -> Floats:
        """The values without the season."""
        return np.asarray(self.values / self.factors)

    @property
    def left_out(self) -> list[int]:
        """The places of values that lie too far outside to be part of what the limits rest on, in time order."""
        return [place for one in self.stretches for place in one.left_out]

    def limits_at(self, place: int) -> tuple[float, float, float]:
        """Return lower limit, center and upper limit of a value, its season put back."""
        found = next(one for one in self.stretches if one.first <= place <= one.last)
        factor = float(self.factors[place])
        return found.limits.low * factor, found.limits.center * factor, found.limits.high * factor

    def side_at(self, place: int) -> str:
        """Return ``above`` or ``below`` the center; empty where the value is missing."""
        _, center, _ = self.limits_at(place)
        value = float(self.values[place])
        return "" if math.isnan(value) or math.isnan(center) else "above" if value > center else "below"


def chart_process(values: Sequence[float], period: int = 12) -> Process:
    """Return a series' process-behavior chart.

    The limits of a stretch are ``mean ± 2.66 × mean moving range`` of its seasonally adjusted values; where no value is
    negative, no limit is. Two rules make a signal. A value outside its limits. Eight in a row on one side of the
    center, whose mean lies at least three standard errors away: a confirmed shift, from whose first value on the limits
    are worked out anew. The farthest value is left out of the limits from three standard deviations on, others from
    four on, unless they are more than an eighth of the stretch; one that then lies inside is put back. The third of the
    usual rules (three of four near a limit) is left out: with many metrics it mostly finds chance.

    A season counts from three cycles on, for values that are never 0 or negative, where an F test finds it (less than
    1% by chance). It multiplies, and it is shrunk by what chance adds to it. Where there are shifts, it is estimated
    once more from the values divided by their level's center, and the shifts are looked for again.

    Parameters
    ----------
    values
        One value a period in time order; NaN where missing.
    period
        How many periods a season has.

    References
    ----------
    Wheeler, D. J. (1993). Understanding Variation: The Key to Managing Chaos, for limits and rules.
    """
    return _chart(np.asarray(values, dtype=np.float64).tobytes(), period)


@lru_cache(maxsize=256)  # a page asks for the same series three times: for its summary, its chart and its words
def _chart(content: bytes, period: int) -> Process:
    series = np.frombuffer(content, dtype=np.float64)
    season, factors = _find_season(series, period)
    adjusted = series / factors
    stretches = _cut(adjusted)
    if len(stretches) > 1 and np.nanmin(series) > 0:  # steps bend the season, which makes signals: look without them
        season, factors = _find_season(series / _list_centers(stretches, len(series)), period)
        adjusted = series / factors
        stretches = _cut(adjusted)
    signals = [""] * len(series)
    for stretch in stretches:
        for place in range(stretch.first, stretch.last + 1):
            if stretch.limits.place(float(adjusted[place])) in ("above", "below"):
                signals[place] = "outside"
        if stretch.first > 0:
            signals[stretch.first] = signals[stretch.first] or "shift"
    return Process(series, factors, stretches, tuple(signals), season)


def _find_season(series: Floats, period: int) -> tuple[Season, Floats]:
    plain = np.ones(len(series))
    known = np.isfinite(series)
    none = estimate_season(np.full(len(series), np.nan), period)
    if int(known.sum()) < SEASON_CYCLES * period or float(np.min(series[known])) <= 0:
        return none, plain
    season = estimate_season(set_aside(np.log(series), period), period)
    if season.p_value >= SEASON_CHANCE:
        return season, plain
    return season, np.asarray(np.exp(season.tell(np.arange(len(series)))))


def _list_centers(stretches: Sequence[Stretch], count: int) -> Floats:
    """Return the center of each value's stretch."""
    centers = np.ones(count)
    for one in stretches:
        centers[one.first : one.last + 1] = one.limits.center
    return centers


def _cut(adjusted: Floats) -> list[Stretch]:
    """Return the stretches: eight values that confirm a shift begin a new one.

    All stretches share one mean moving range: a level moves more often than the noise around it does, and a few
    months alone tell little about noise.
    """
    begins = [0]
    while (start := _find_shift(adjusted, begins[-1])) is not None:
        begins.append(start)
    ends = [*(begin - 1 for begin in begins[1:]), len(adjusted) - 1]
    wholes = [adjusted[first : last + 1] for first, last in zip(begins, ends, strict=True)]
    parts, limits = _limit_all(wholes, [_leave_out(whole) for whole in wholes])
    return [
        Stretch(
            first, last, one, tuple(first + int(place) for place in np.flatnonzero(np.isfinite(whole) & np.isnan(part)))
        )
        for first, last, one, whole, part in zip(begins, ends, limits, wholes, parts, strict=True)
    ]


def _limit_all(wholes: Sequence[Floats], parts: Sequence[Floats]) -> tuple[Sequence[Floats], Sequence[ProcessLimits]]:
    """Return what the limits of each stretch rest on, and the limits.

    A value that was left out and lies inside the limits made without it is put back, and the limits are worked out
    again. Each round puts back at least one, so it ends.
    """
    while True:
        ranges = [step for part in parts for step in measure_ranges(part.tolist())]
        mean_range = math.fsum(ranges) / len(ranges) if ranges else math.nan
        limits = [_draw_limits(part, mean_range, least=AFTER if place else LEAST) for place, part in enumerate(parts)]
        inside = [
            np.isnan(part) & (whole >= one.low) & (whole <= one.high)
            for whole, part, one in zip(wholes, parts, limits, strict=True)
        ]
        if not any(bool(one.any()) for one in inside):
            return parts, limits
        parts = [np.where(one, whole, part) for whole, part, one in zip(wholes, parts, inside, strict=True)]


def _draw_limits(values: Floats, mean_range: float, *, least: int) -> ProcessLimits:
    limits = estimate_limits(values.tolist())
    if limits.count < least or math.isnan(mean_range):
        return ProcessLimits(limits.center, math.nan, math.nan, math.nan, limits.count)
    low, high = limits.center - LIMIT_FACTOR * mean_range, limits.center + LIMIT_FACTOR * mean_range
    low = max(low, 0.0) if np.nanmin(values) >= 0 else low
    return ProcessLimits(limits.center, low, high, mean_range, limits.count)


def _find_shift(adjusted: Floats, first: int) -> int | None:
    """Return where a new level begins; None for none.

    The first run of eight that confirms a shift may begin with a month or two of the old level that lay to the same
    side by chance: the split counts that leaves the least squared distance to the two means.
    """
    starts = range(first + LEAST, len(adjusted) - RUN + 1)
    found = (at for at in starts if _measure_shift(adjusted[first:at], adjusted[at : at + RUN]) > CONFIRMED)
    begin = next(found, None)
    if begin is None:
        return None
    window = adjusted[first : begin + RUN]
    choices = [at for at in range(begin, begin + MISTAKEN + 1) if at in starts]
    return min(choices, key=lambda at: _spread(window[: at - first]) + _spread(window[at - first :]))


def _spread(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.sum(np.square(known - known.mean())))


def _measure_shift(before: Floats, run: Floats) -> float:
    """Return how far the mean of eight in a row lies from the center before, in standard errors; 0 for no such run."""
    limits = _limit(before)
    if not np.isfinite(run).all() or math.isnan(limits.mean_moving_range):
        return 0.0
    if not ((run > limits.center).all() or (run < limits.center).all()):
        return 0.0
    error = limits.mean_moving_range / RANGE_TO_SIGMA * math.sqrt(1 / limits.count + 1 / RUN)
    return abs(float(np.mean(run)) - limits.center) / error if error > 0 else math.inf


def _limit(values: Floats) -> ProcessLimits:
    limits = estimate_limits(_leave_out(values).tolist())
    if limits.count < LEAST:
        return ProcessLimits(limits.center, math.nan, math.nan, math.nan, limits.count)
    return limits


def _leave_out(values: Floats) -> Floats:
    """Return values with NaN for those far outside, found with medians, which they cannot widen.

    The farthest one goes from three standard deviations on, the others from four on: of many months a few lie a little
    outside three by chance, and limits without all of them would be too narrow for their neighbors.
    """
    known = values[np.isfinite(values)]
    ranges = measure_ranges(values.tolist())
    if len(known) <= LEAST or not ranges:
        return values
    reach = MEDIAN_FACTOR * float(np.median(ranges))
    away = np.nan_to_num(np.abs(values - np.median(known)))
    is_out = (away > reach * SEVERAL) | ((away > reach) & (away == away.max()))
    return values if is_out.sum() > max(1, DROPPED * len(known)) else np.where(is_out, np.nan, values)
