"""The study of the page on metrics: pick a metric, a period and a breakdown, and ask "what if it were …"."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from functools import partial

import pandas as pd

from mopsnb.analysis.cards import Card, find_card
from mopsnb.analysis.frames import Row, list_rows
from mopsnb.analysis.months import Month, read_months, shift_month
from mopsnb.analysis.selection import select_months
from mopsnb.analysis.studies.scenarios import tell_scenario
from mopsnb.analysis.studies.study import (
    Answer,
    Choice,
    Study,
    Values,
    build_lines,
    build_parts,
    choose_months,
    is_changed,
    read_amount,
    read_whole,
)
from mopsnb.analysis.wording import FormatValue, format_month, format_plainly

DIMENSIONS = {"channel": "Channel", "campaign": "Campaign", "country": "Country"}
AHEAD = 6  # months that a scenario is drawn ahead
Parts = Mapping[str, Mapping[str, pd.DataFrame]]


def study_metrics(
    monthly: pd.DataFrame,
    parts: Parts,
    catalogue: pd.DataFrame,
    months: int,
    *,
    names: Mapping[str, str] | None = None,
    format_value: FormatValue = format_plainly,
) -> Study:
    """Return the study of metrics.

    Parameters
    ----------
    monthly
        Columns metric, period_start, value, numerator, denominator, is_complete.
    parts
        Breakdown, such as ``channel``, to metric to its figures by month and segment.
    catalogue
        Index: metric.
    months
        How many months are shown at first.
    names
        What people call each segment, by its id.
    format_value
        Turns a value and its unit into text.
    """
    frames = {str(name): frame for name, frame in monthly.groupby("metric", sort=False) if frame["value"].notna().any()}
    known = [name for name in frames if find_card(catalogue, name)]
    named = [name for name in known if any(name in group for group in parts.values())]
    order = list(dict.fromkeys(["email_churn_rate", *named, *known]))
    listed = [name for name in order if name in frames]
    offer = partial(_offer, frames, parts, catalogue, listed, months)
    return Study("metrics", offer, partial(_answer, frames, parts, catalogue, names or {}, format_value))


def _offer(
    frames: Mapping[str, pd.DataFrame],
    parts: Parts,
    catalogue: pd.DataFrame,
    listed: list[str],
    months: int,
    values: Values,
) -> tuple[Choice, ...]:
    if not listed:
        return ()
    name = str(values.get("metric", listed[0]))
    card = _read_card(catalogue, name)
    latest = _find_latest(frames[name])
    options = tuple((_read_card(catalogue, one).title, one) for one in listed)
    fitting = [key for key in parts if name in parts[key] and len(parts[key][name][key].unique()) > 1]
    by = (("None", ""), *((DIMENSIONS.get(key, key), key) for key in fitting))
    scale = 100.0 if card.unit == "fraction" else 1.0
    shown = float(f"{latest.value * scale:.4g}") if latest else None
    unit = " (%)" if card.unit == "fraction" else ""
    return (
        Choice("metric", "Metric", name, options=options),
        choose_months(months),
        Choice("by", "Breakdown", fitting[0] if fitting else "", options=by, key=name),
        Choice("what_if", f"What if it were{unit}", shown, "number", step=_find_step(shown), key=name),
    )


def _answer(
    frames: Mapping[str, pd.DataFrame],
    parts: Parts,
    catalogue: pd.DataFrame,
    names: Mapping[str, str],
    format_value: FormatValue,
    values: Values,
) -> Answer:
    name, by, months = str(values["metric"]), str(values["by"]), read_whole(values, "months")
    card = _read_card(catalogue, name)
    latest = _find_latest(frames[name])
    last = pd.Timestamp(frames[name]["period_start"].max()).date()
    shown = select_months(frames[name], last, months)
    rows: list[Row] = [{"x": row["period_start"], "series": card.title, "value": row["value"],
                        "is_known": bool(row["is_complete"])} for row in list_rows(shown)]  # fmt: skip
    title, sentences = card.title, [f"Formula: {card.formula}."] if card.formula else []
    if latest:
        title = f"{card.title}: {format_value(latest.value, card.unit)} in {format_month(latest.start)}"
        asked = read_amount(values, "what_if") / (100.0 if card.unit == "fraction" else 1.0)
        if is_changed(asked, float(f"{latest.value:.4g}")):
            title += f", and what if it were {format_value(asked, card.unit)}"
            sentences = list(tell_scenario(card, latest, asked, _Others(frames, parts, catalogue), format_value))
            rows += _draw_ahead(latest, asked)
    cut = select_months(_rename(parts[by][name]), last, months) if by else None
    found = _list_parts(cut, by, names) if cut is not None else []
    return Answer(
        title=title,
        lines=build_lines(rows),
        parts=build_parts(found),
        unit=card.unit,
        measure=card.title,
        part_unit=card.unit,
        part_measure=f"{card.title} by {DIMENSIONS.get(by, by).lower()}",
        is_ratio=not card.additive,
        sentences=tuple(sentences),
    )


class _Others:
    """The latest figures of other metrics, for what depends on the one that is tried."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], parts: Parts, catalogue: pd.DataFrame) -> None:
        self.frames, self.parts, self.catalogue = frames, parts, catalogue

    def card(self, name: str) -> Card:
        """Return what the catalogue says of a metric."""
        return _read_card(self.catalogue, name)

    def value(self, name: str, month: date) -> float:
        """Return a metric's value in a month; NaN where it has none."""
        frame = self.frames.get(name)
        return math.nan if frame is None else _pick(frame, frame["period_start"] == pd.Timestamp(month))

    def segment(self, name: str, by: str, segment: str, month: date) -> float:
        """Return a metric's value of one segment in a month; NaN where it has none."""
        frame = self.parts.get(by, {}).get(name)
        if frame is None:
            return math.nan
        return _pick(frame, (frame["month"] == pd.Timestamp(month)) & (frame[by] == segment))


def _pick(frame: pd.DataFrame, rows: pd.Series) -> float:
    found = frame.loc[rows, "value"].to_list()
    return float(found[0]) if len(found) == 1 else math.nan


def _read_card(catalogue: pd.DataFrame, name: str) -> Card:
    card = find_card(catalogue, name)
    if card is None:
        raise KeyError(name)
    return card


def _find_latest(frame: pd.DataFrame) -> Month | None:
    known = [month for month in read_months(frame) if month.is_complete and math.isfinite(month.value)]
    return known[-1] if known else None


def _find_step(value: float | None) -> float:
    return float(10 ** (math.floor(math.log10(abs(value))) - 1)) if value else 1.0


def _draw_ahead(latest: Month, asked: float) -> list[Row]:
    start: Row = {"x": pd.Timestamp(latest.start), "series": "What if", "value": latest.value, "is_known": False}
    days = [pd.Timestamp(shift_month(latest.start, step)) for step in range(1, AHEAD + 1)]
    return [start, *({"x": day, "series": "What if", "value": asked, "is_known": False} for day in days)]


def _rename(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns={"month": "period_start"})


def _list_parts(frame: pd.DataFrame, by: str, names: Mapping[str, str]) -> list[Row]:
    return [
        {"x": row["period_start"], "segment": names.get(str(row[by]), str(row[by]).replace("_", " "))}
        | {name: row[name] for name in ("value", "numerator", "denominator")}
        for row in list_rows(frame)
    ]
