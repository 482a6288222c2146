"""The study of the page on lead scoring: from which score on a lead gets a call."""

from __future__ import annotations

import math
from functools import partial

import pandas as pd

from mopsnb.analysis.frames import Row, list_rows
from mopsnb.analysis.scoring import LeadTable, Scoring
from mopsnb.analysis.scoring.calls import list_open
from mopsnb.analysis.scoring.leads import TRAITS
from mopsnb.analysis.studies.study import (
    Answer,
    Choice,
    Study,
    Values,
    build_lines,
    build_parts,
    read_whole,
)
from mopsnb.analysis.wording import FormatValue, count_things, format_plainly

FEWEST, MOST = 11, 24  # leads on the page's call list
UNKNOWN = "(unknown)"


def study_leads(leads: LeadTable, scores: Scoring, calls: int, *, format_value: FormatValue = format_plainly) -> Study:
    """Return the study of lead scores.

    Parameters
    ----------
    leads
        What ``prepare_leads`` returned.
    scores
        What ``score_leads`` returned.
    calls
        How many leads the call list shows at first.
    format_value
        Turns a value and its unit into text.
    """
    found = list_open(leads, scores)
    traits = [name for name in TRAITS if name in leads.frame and 1 < leads.frame[name].nunique() <= 60]
    labels = {name: [_read(value) for value in leads.frame[name].loc[found.index]] for name in traits}
    table = found.assign(**labels).sort_values("probability", ascending=False, kind="stable")
    return Study("lead_scoring", partial(_offer, table, traits, calls), partial(_answer, table, format_value))


def _read(value: object) -> str:
    return UNKNOWN if value is None or value != value or not str(value).strip() else str(value)  # noqa: PLR0124


def _offer(table: pd.DataFrame, traits: list[str], calls: int, values: Values) -> tuple[Choice, ...]:
    if not len(table):
        return ()
    low, high = int(table["score"].min()), int(table["score"].max())
    start = int(table["score"].quantile(0.9))
    options = (("None", ""), *((name.replace("_", " ").capitalize(), name) for name in traits))
    return (
        Choice("threshold", "Call from score", start, "whole", low=low, high=high),
        Choice("by", "Breakdown", traits[0] if traits else "", options=options),
        Choice("calls", "Leads on the call list", calls, "whole", low=FEWEST, high=MOST, is_parameter=True),
    )


def _answer(table: pd.DataFrame, format_value: FormatValue, values: Values) -> Answer:
    threshold, by, calls = read_whole(values, "threshold"), str(values["by"]), read_whole(values, "calls")
    chosen, first = table[table["score"] >= threshold], table.head(calls)
    counts = table.groupby("score")["contact_id"].size()
    rows: list[Row] = [
        {"x": float(score), "series": name, "value": float(counts.get(score, 0)), "is_known": True}
        for score in range(int(table["score"].min()), int(table["score"].max()) + 1)
        for name in [f"From {threshold} on" if score >= threshold else "Below"]
    ]
    found: list[Row] = []
    if by:
        cut = table.groupby(["score", by], sort=True)["probability"].sum().reset_index()
        found = [
            {"x": float(str(item["score"])), "segment": item[by], "value": item["probability"]}
            for item in list_rows(cut)
        ]
    expected = math.fsum(chosen["probability"])
    rate = expected / len(chosen) if len(chosen) else math.nan
    sentences = [
        f"{count_things(len(chosen), 'open lead')} of {len(table):,} have a score of {threshold} or more. Together "
        f"they are expected to bring {format_value(expected, 'count')} conversions"
        + (f", {format_value(rate, 'fraction')} of them." if len(chosen) else ".")
        + " Formula: the sum of each lead's chance to still convert.",
        f"The {len(first)} leads of the call list are expected to bring "
        f"{format_value(math.fsum(first['probability']), 'count')}.",
    ]
    if len(chosen):
        low, high = (format_value(math.fsum(chosen[name]), "count") for name in ("low", "high"))
        sentences.append(
            f"With every chance at the lower or the upper end of its interval it would be {low} or {high}. The chances "
            "rest on leads of the past."
        )
    return Answer(
        title=f"{count_things(len(chosen), 'lead')} from score {threshold} on: "
        f"{format_value(expected, 'count')} expected conversions",
        lines=build_lines(rows),
        parts=build_parts(found),
        measure="Open leads",
        axis="Score",
        part_measure=f"Expected conversions by {by.replace('_', ' ')}",
        sentences=tuple(sentences),
    )
