"""The months of one metric: read from a frame, added up, cut into windows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

NAN = math.nan


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month of a metric.

    Parameters
    ----------
    start
        The first day of the month.
    value
        The metric's value; NaN where it is missing.
    numerator, denominator
        What the value was divided from; the denominator is NaN for a metric that is no ratio.
    is_complete
        Whether the whole month lies on or before the day that the data is as of.
    """

    start: date
    value: float
    numerator: float
    denominator: float
    is_complete: bool

    @property
    def end(self) -> date:
        """The last day of the month."""
        return shift_month(self.start, 1) - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days the month has."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Total:
    """Several months of a metric as one figure.

    Parameters
    ----------
    value
        The sum of an additive metric, sum over sum of a ratio; NaN where no month has data.
    numerator, denominator
        The sums; the denominator is NaN for an additive metric.
    present, missing
        How many months had data, and how many had none.
    """

    value: float
    numerator: float
    denominator: float
    present: int
    missing: int


def find_month_end(day: date) -> date:
    """Return the last day of the month that a day lies in."""
    return shift_month(day.replace(day=1), 1) - timedelta(days=1)


def shift_month(day: date, months: int) -> date:
    """Return the first day of the month that lies so many months after the month of a day."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def count_months(first: date, last: date) -> int:
    """Return how many months lie between the months of two days; 0 within one month."""
    return (last.year - first.year) * 12 + last.month - first.month


def measure_rest(day: date, deadline: date) -> float:
    """Return how many calendar months lie after a day until the end of a deadline; of a month in part, its share.

    Examples
    --------
    >>> measure_rest(date(2026, 9, 30), date(2026, 12, 31)), measure_rest(date(2026, 9, 15), date(2026, 9, 30))
    (3.0, 0.5)
    """
    shares = [one.day / (shift_month(one, 1) - one.replace(day=1)).days for one in (day, deadline)]
    return count_months(day, deadline) + shares[1] - shares[0]


def measure_length(start: date, deadline: date) -> int:
    """Return the length of a period in months, both days included, rounded; at least 1."""
    return max(1, round(((deadline - start).days + 1) / (365.25 / 12)))


def read_months(frame: pd.DataFrame | None) -> list[Month]:
    """Return the months of one metric in time order, gaps filled with missing months.

    Parameters
    ----------
    frame
        Columns period_start, value, numerator, denominator and is_complete; one row a month, in any order.
        None and an empty frame have no months.

    Raises
    ------
    ValueError
        Two rows stand for the same month, for example because the frame holds several metrics.
    """
    if frame is None or frame.empty:
        return []
    found: dict[date, Month] = {}
    columns = [frame[name].to_list() for name in ("period_start", "value", "numerator", "denominator", "is_complete")]
    for stamp, value, numerator, denominator, is_complete in zip(*columns, strict=True):
        start = pd.Timestamp(stamp).date().replace(day=1)
        if start in found:
            raise ValueError(f"two rows stand for the month {start:%Y-%m}; hand in one metric at a time")
        found[start] = Month(start, _number(value), _number(numerator), _number(denominator), bool(is_complete))
    first, last = min(found), max(found)
    starts = (shift_month(first, step) for step in range(count_months(first, last) + 1))
    return [found.get(start, Month(start, NAN, NAN, NAN, True)) for start in starts]


def has_data(month: Month, *, additive: bool) -> bool:
    """Tell whether a month can be added up: it has a value, or both parts of a ratio (whose base may be 0)."""
    if additive:
        return math.isfinite(month.value)
    return math.isfinite(month.numerator) and math.isfinite(month.denominator)


def add_up(months: Sequence[Month], *, additive: bool) -> Total:
    """Return months as one figure: the sum of an additive metric, sum over sum of a ratio.

    Months without data are left out and counted. A ratio whose base adds up to 0 has no value.
    """
    present = [month for month in months if has_data(month, additive=additive)]
    missing = len(months) - len(present)
    if not present:
        return Total(NAN, NAN, NAN, 0, missing)
    if additive:
        value = math.fsum(month.value for month in present)
        return Total(value, value, NAN, len(present), missing)
    numerator = math.fsum(month.numerator for month in present)
    denominator = math.fsum(month.denominator for month in present)
    value = _find_factor(present) * numerator / denominator if denominator != 0 else NAN
    return Total(value, numerator, denominator, len(present), missing)


def _find_factor(months: Sequence[Month]) -> float:
    # A ratio may carry a factor, such as 1,000 for a cost per thousand; each month shows it.
    for month in months:
        if math.isfinite(month.value) and month.numerator != 0 and month.denominator != 0:
            return month.value * month.denominator / month.numerator
    return 1.0


def _number(value: object) -> float:
    if value is None or value is pd.NA:
        return NAN
    number = float(value)  # type: ignore[arg-type]
    return number if math.isfinite(number) else NAN
