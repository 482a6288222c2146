"""Process-behavior charts of metrics as frames, with a sentence that names signals and shifts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from mopsnb.analysis.cards import Card, find_card
from mopsnb.analysis.frames import DAY, NUMBER, TEXT, WHOLE, Row, build_frame
from mopsnb.analysis.months import Month, read_months
from mopsnb.analysis.process import Process, chart_process
from mopsnb.analysis.wording import FormatValue, count_things, format_month, format_plainly, join_words

PROCESS_COLUMNS = {
    **{"metric": TEXT, "period_start": DAY, "value": NUMBER, "low": NUMBER, "center": NUMBER, "high": NUMBER},
    **{"factor": NUMBER, "level": WHOLE, "signal": TEXT, "side": TEXT},
}
NAMED = 4  # so many months outside are named, the newest ones


def chart_metrics(monthly: pd.DataFrame, catalogue: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the process-behavior charts of metrics, a row a metric and complete month; see ``chart_process``.

    Parameters
    ----------
    monthly
        Columns metric, period_start, value, numerator, denominator, is_complete; any order.
    catalogue
        Index: metric.
    names
        The metrics, in the order of the answer.

    Returns
    -------
    pandas.DataFrame
        metric, period_start, value, low, center and high (natural limits with the season put back; NaN where a
        level has too few months), factor (of the season; 1 for none), level (0 for the first), signal (``outside``,
        ``shift`` or empty), side (of the center: ``above`` or ``below``).
    """
    rows: list[Row] = []
    for card, months, chart in _chart(monthly, catalogue, names):
        for place, month in enumerate(months):
            low, center, high = chart.limits_at(place)
            level = next(at for at, one in enumerate(chart.stretches) if one.first <= place <= one.last)
            known = {"value": month.value, "factor": chart.factors[place], "signal": chart.signals[place]}
            limits = {"low": low, "center": center, "high": high, "level": level, "side": chart.side_at(place)}
            rows.append({"metric": card.name, "period_start": month.start} | known | limits)
    return build_frame(rows, PROCESS_COLUMNS)


def tell_processes(
    summary: pd.DataFrame, monthly: pd.DataFrame, catalogue: pd.DataFrame, *, format_value: FormatValue = format_plainly
) -> pd.DataFrame:
    """Return a summary whose readings go on with what each metric's chart says of its levels and earlier months.

    Parameters
    ----------
    summary
        What ``summarize_metrics`` returned.
    monthly, catalogue
        As `chart_metrics` takes them.
    format_value
        Turns a value and its unit into text.
    """
    charted = _chart(monthly, catalogue, list(summary["metric"]))
    told = {card.name: _read(card, months, chart, format_value) for card, months, chart in charted}
    pairs = zip(summary["metric"], summary["reading"], strict=True)
    return summary.assign(reading=[f"{text} {told.get(name, '')}".rstrip() for name, text in pairs])


def _chart(
    monthly: pd.DataFrame, catalogue: pd.DataFrame, names: Sequence[str]
) -> list[tuple[Card, list[Month], Process]]:
    frames = {str(name): frame for name, frame in monthly.groupby("metric", sort=False)}
    found = []
    for name in names:
        card = find_card(catalogue, name)
        months = [month for month in read_months(frames.get(name)) if month.is_complete]
        if card is not None and months:
            found.append((card, months, chart_process([month.value for month in months])))
    return found


def _read(card: Card, months: Sequence[Month], chart: Process, format_value: FormatValue) -> str:
    if math.isnan(chart.stretches[-1].limits.low) and len(chart.stretches) == 1:
        return ""
    sentences = []
    for before, after in zip(chart.stretches, chart.stretches[1:]):
        old, new = (format_value(one.limits.center, card.unit) for one in (before, after))
        when = format_month(months[after.first].start)
        sentences.append(f"Its level moved about {when} from {old} to {new}; the usual range starts anew there.")
    outside = [place for place, signal in enumerate(chart.signals) if signal == "outside"]
    if outside:
        named = [f"{format_month(months[place].start)} ({chart.side_at(place)})" for place in outside[-NAMED:]]
        more = f", the newest {NAMED}" if len(outside) > NAMED else ""
        lie, each = ("lies", "It") if len(outside) == 1 else ("lie", "Each")
        known = count_things(sum(not math.isnan(month.value) for month in months), "month")
        counted = f"Of {known} on record, {len(outside)} {lie} outside the range of its time{more}"
        sentences.append(f"{counted}: {join_words(named)}. {each} may have a cause worth finding.")
    else:
        sentences.append("No month on record lies outside its range: what moves from month to month is noise.")
    if chart.left_out:
        named = [format_month(months[place].start) for place in chart.left_out[-NAMED:]]
        named += [f"{len(chart.left_out) - NAMED} before"] if len(chart.left_out) > NAMED else []
        sentences.append(f"The range rests on the months without {join_words(named)}, which would widen it.")
    if chart.is_seasonal:
        sentences.append("The usual season was taken off first.")
    return " ".join(sentences)
