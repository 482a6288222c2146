"""What moved the page's metrics between its two latest complete months, by channel or campaign."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from mopsnb.analysis.cards import Card, find_card
from mopsnb.analysis.drivers import DRIVER_COLUMNS, Figure, read_figures, split_change, tell_change, write_change
from mopsnb.analysis.frames import TEXT, Row, build_frame, list_rows
from mopsnb.analysis.months import Month, read_months
from mopsnb.analysis.process import chart_process
from mopsnb.analysis.wording import FormatValue, format_month, format_plainly, name_segment

BREAKDOWNS: Mapping[str, str] = {"total_clicks": "campaign", "leads": "channel", "return_on_ad_spend": "channel"}
MOVE_COLUMNS = {**dict.fromkeys(("metric", "dimension"), TEXT), **DRIVER_COLUMNS}
READING_COLUMNS = dict.fromkeys(("metric", "title", "unit", "dimension", "reading"), TEXT)


def explain_moves(
    parts: Mapping[str, pd.DataFrame],
    monthly: pd.DataFrame,
    catalogue: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    format_value: FormatValue = format_plainly,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what moved metrics from the month before to the latest complete month; see ``split_change``.

    Parameters
    ----------
    parts
        Metric to its figures by month and segment, as ``Workspace.break_down`` returns them. The column that is no
        figure and not ``month`` names the segments.
    monthly
        Columns metric, period_start, value, numerator, denominator, is_complete.
    catalogue
        Index: metric.
    names
        What people call each segment, by its id; an id without a name is spelled in words.
    format_value
        Turns a value and its unit into text.

    Returns
    -------
    tuple of pandas.DataFrame
        The effects: metric, dimension, then the columns of ``split_change``. And a row a metric: metric, title (the
        finding), unit, dimension and reading, which says where the change may be noise. A metric without two complete
        months with a value is left out.
    """
    effects: list[Row] = []
    readings: list[Row] = []
    frames = {str(name): frame for name, frame in monthly.groupby("metric", sort=False)}
    for name, given in parts.items():
        card, months = find_card(catalogue, name), [one for one in read_months(frames.get(name)) if one.is_complete]
        if card is None or len(months) < 2 or not all(math.isfinite(month.value) for month in months[-2:]):
            continue
        dimension = next(str(column) for column in given.columns if column not in _FIGURES)
        totals = _read(months[-2]), _read(months[-1])
        frame = given.assign(**{dimension: [name_segment(str(one), names or {}) for one in given[dimension]]})
        old, new = (read_figures(frame, dimension, pd.Timestamp(month.start)) for month in months[-2:])
        drivers = split_change(old, new, totals, additive=card.additive)
        words = format_month(months[-2].start), format_month(months[-1].start)
        shared = {"metric": name, "dimension": dimension}
        effects += [dict(row) | shared for row in list_rows(drivers)]
        told = {"unit": card.unit, "title": _find_title(card, totals, words, dimension, format_value)}
        reading = tell_change(drivers, card, totals, words, format_value)
        readings.append(shared | told | {"reading": f"{reading} {_tell_noise(months)}".rstrip()})
    return build_frame(effects, MOVE_COLUMNS), build_frame(readings, READING_COLUMNS)


_FIGURES = ("month", "value", "numerator", "denominator", "is_complete")


def _read(month: Month) -> Figure:
    return Figure(month.value, month.numerator, month.denominator)


def _tell_noise(months: Sequence[Month]) -> str:
    """Return that two months differ by no more than months usually do; empty where one stands out, or it is unknown."""
    chart = chart_process([month.value for month in months])
    places = (len(months) - 2, len(months) - 1)
    if any(chart.signals[place] == "outside" or math.isnan(chart.limits_at(place)[0]) for place in places):
        return ""
    return "Both months lie inside their usual range: the change and its parts may be noise."


def _find_title(
    card: Card, totals: tuple[Figure, Figure], words: tuple[str, str], dimension: str, format_value: FormatValue
) -> str:
    change = write_change(totals[1].value - totals[0].value, card.unit, format_value)
    return f"{card.title}: {change} from {words[0]} to {words[1]}, by {dimension}"
