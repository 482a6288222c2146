"""What a process-behavior chart says in words: how many months of how many, and which."""

from __future__ import annotations

import pytest
from analysis_samples import CATALOGUE, clicks

from mopsnb.analysis import chart_metrics, summarize_metrics, tell_processes

CALM = [10.0, 12.0, 11.0, 13.0, 10.0, 12.0, 13.0, 11.0]


@pytest.mark.parametrize(
    ("jumps", "words"),
    [
        ([], "No month on record lies outside its range: what moves from month to month is noise."),
        (
            [9],
            "Of 24 months on record, 1 lies outside the range of its time: October 2026 (above). "
            "It may have a cause worth finding.",
        ),
        (
            [9, 17],
            "Of 24 months on record, 2 lie outside the range of its time: October 2026 (above) and June 2027 (above). "
            "Each may have a cause worth finding.",
        ),
    ],
)
def test_months_outside_are_counted_among_all_and_named(jumps: list[int], words: str) -> None:
    values = [90.0 if place in jumps else CALM[place % 8] for place in range(24)]
    monthly = clicks(*values)
    (reading,) = tell_processes(summarize_metrics(monthly, CATALOGUE), monthly, CATALOGUE)["reading"]
    assert reading.startswith("Total clicks from email were ")
    assert words in reading


def test_the_last_row_of_the_chart_and_the_summary_give_one_verdict() -> None:
    monthly = clicks(*CALM, *CALM, *(60.0 + value for value in CALM), 200.0)
    (row,) = summarize_metrics(monthly, CATALOGUE).to_dict("records")
    last = chart_metrics(monthly, CATALOGUE, ["total_clicks"]).iloc[-1]
    assert (row["usual_low"], row["usual_high"]) == (last["low"], last["high"])
    assert (row["signal"], last["signal"], last["level"]) == ("above", "outside", 1)


def test_too_few_months_add_no_words() -> None:
    monthly = clicks(10.0, 12.0)
    summary = summarize_metrics(monthly, CATALOGUE)
    assert tell_processes(summary, monthly, CATALOGUE)["reading"].tolist() == summary["reading"].tolist()
