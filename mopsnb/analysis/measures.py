"""What a goal's metric has come to so far, and what its path expects for the same days."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mopsnb.analysis.cards import is_proportion
from mopsnb.analysis.cases import Case, list_starts
from mopsnb.analysis.intervals import estimate_mean_interval, estimate_wilson, measure_ranges
from mopsnb.analysis.months import NAN, Month, add_up, has_data, shift_month
from mopsnb.analysis.process import chart_process

RATIO_MONTHS = 3  # a ratio is measured over so many months, so that one good month is not success
NOISE_MONTHS = 24  # how far back month-to-month noise is measured
WITHOUT_SEASON = ", the season taken off"
NOISE_LEAST = 8  # the fewest months that tell something about noise


@dataclass(frozen=True, slots=True)
class Measure:
    """A goal's figure so far.

    Parameters
    ----------
    actual, expected, base
        The figure, where the path expects it, and where the baseline would leave it; for the same days.
    first, last
        The days that the figure covers.
    numerator, denominator
        What the figure is made of.
    low, high, interval
        The 95% interval of a ratio, and how it is worked out; NaN and empty where there is none.
    season
        What a confirmed season multiplies the level with in the months of a ratio that is no proportion; else 1.
    missing
        The months without data among those that should count.
    covered
        The share of the elapsed days that the figure covers.
    year_before
        The figure of the same months a year earlier; NaN where it is not known, or where a month counts in part.
    is_estimate
        Whether a month counts by its share of days, because the goal starts or ends inside it.
    """

    actual: float
    expected: float
    base: float
    first: date
    last: date
    numerator: float = NAN
    denominator: float = NAN
    low: float = NAN
    high: float = NAN
    interval: str = ""
    season: float = 1.0
    missing: tuple[date, ...] = ()
    covered: float = 1.0
    year_before: float = NAN
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What one calendar month has brought to an additive goal's total.

    Parameters
    ----------
    month
        The month's first day.
    first, last
        The days of the month that count.
    value
        What they have brought; NaN where the month has no data.
    is_estimate
        Whether the value is a share of the month's, by days.
    """

    month: date
    first: date
    last: date
    value: float
    is_estimate: bool = False


def measure(case: Case) -> Measure | None:
    """Return a goal's figure so far, or None where no day of it has data."""
    return _measure_total(case) if case.card.additive else _measure_ratio(case)


def split_total(case: Case) -> list[Part]:
    """Return the part of an additive goal's total that each calendar month has brought, from the start on.

    A month in which the goal starts or ends counts by its share of days. A month that still runs and has no
    row yet is left out; any other month without data is a part whose value is missing.
    """
    known = {month.start: month for month in case.months}
    start, until = case.path.start, case.until
    parts = []
    for begin in list_starts(start, until):
        month = known.get(begin, Month(begin, NAN, NAN, NAN, False))
        seen = min(month.end, case.as_of)
        first, last = max(begin, start), min(seen, until)
        days, seen_days = (last - first).days + 1, (seen - begin).days + 1
        if has_data(month, additive=True):
            value = month.value if days == seen_days else month.value * days / seen_days
            parts.append(Part(begin, first, last, value, is_estimate=days != seen_days))
        elif month.end <= case.as_of or case.as_of >= case.path.deadline:
            parts.append(Part(begin, first, last, NAN))
    return parts


def _measure_total(case: Case) -> Measure | None:
    parts = split_total(case)
    known = [part for part in parts if math.isfinite(part.value)]
    if not known:
        return None
    actual = math.fsum(part.value for part in known)
    expected, base = case.path.expect_total([(part.first, part.last) for part in known])
    elapsed = (case.until - case.path.start).days + 1
    full = {month.start: month for month in case.months if month.is_complete}
    used = [full[part.month] for part in known if part.month in full and not part.is_estimate]
    return Measure(
        actual,
        expected,
        base,
        known[0].first,
        known[-1].last,
        numerator=actual,
        missing=tuple(part.month for part in parts if math.isnan(part.value)),
        year_before=_look_back(full, used, additive=True) if len(used) == len(parts) else NAN,
        covered=sum((part.last - part.first).days + 1 for part in known) / elapsed,
        is_estimate=any(part.is_estimate for part in known),
    )


def _measure_ratio(case: Case) -> Measure | None:
    known = {month.start: month for month in case.months if month.is_complete}
    begins = list_starts(case.path.start, case.until)
    starts = [begin for begin in begins if begin >= case.path.start and _ends_by(begin, case.until)][-RATIO_MONTHS:]
    used = [known[begin] for begin in starts if begin in known and has_data(known[begin], additive=False)]
    total = add_up(used, additive=False)
    if not math.isfinite(total.value):
        return None
    expected = math.fsum(case.path.expect_level(month.start, month.end) for month in used) / len(used)
    if case.as_of >= case.path.deadline:
        expected = case.path.target
    low, high, interval, season = _find_noise(case, used)
    return Measure(
        total.value,
        expected,
        case.path.baseline,
        used[0].start,
        used[-1].end,
        numerator=total.numerator,
        denominator=total.denominator,
        low=low,
        high=high,
        interval=interval,
        season=season,
        year_before=_look_back(known, used, additive=False),
        missing=tuple(begin for begin in starts if begin not in {month.start for month in used}),
    )


def _look_back(known: Mapping[date, Month], used: Sequence[Month], *, additive: bool) -> float:
    days = [shift_month(month.start, -12) for month in used]
    total = add_up([known[day] for day in days if day in known], additive=additive)
    return total.value if total.present == len(used) else NAN


def _ends_by(begin: date, until: date) -> bool:
    return (shift_month(begin, 1) - until).days <= 1


def _find_noise(case: Case, used: Sequence[Month]) -> tuple[float, float, str, float]:
    total = add_up(used, additive=False)
    if is_proportion(case.card, used):
        low, high = estimate_wilson(total.numerator, total.denominator)
        return low, high, "Wilson 95%", 1.0
    past = [month for month in case.months if month.is_complete and month.end <= case.until]
    chart = chart_process([month.value for month in past])
    # A season makes neighbors differ without any noise, so a confirmed one is taken off, and put back for these months.
    values = chart.adjusted.tolist()[-NOISE_MONTHS:]
    own = [factor for month, factor in zip(past, chart.factors.tolist(), strict=True) if month in used]
    ranges = measure_ranges(values)
    if sum(math.isfinite(value) for value in values) < NOISE_LEAST or not ranges:
        return NAN, NAN, "", 1.0
    season = math.fsum(own) / len(own)
    mean_range = math.fsum(ranges) / len(ranges) * season
    low, high = estimate_mean_interval(total.value, mean_range, total.present)
    how = f"95%, from month-to-month differences{WITHOUT_SEASON if chart.is_seasonal else ''}"
    return low, high, how, season
