"""What a process-behavior chart says in words: how many months of how many, and which."""

from __future__ import annotations

import pytest
from analysis_samples import CATALOGUE, clicks

from mopsnb.analysis import read_processes

CALM = [10.0, 12.0, 11.0, 13.0, 10.0, 12.0, 13.0, 11.0]


@pytest.mark.parametrize(
    ("jumps", "words"),
    [
        ([], "No month lies outside its limits: what moves from month to month is noise."),
        ([9], "Of 24 months on record, 1 lies outside the limits: October 2026 (above). It has a cause worth finding."),
        (
            [9, 17],
            "Of 24 months on record, 2 lie outside the limits: October 2026 (above) and June 2027 (above). "
            "Each has a cause worth finding.",
        ),
    ],
)
def test_months_outside_are_counted_among_all_and_named(jumps: list[int], words: str) -> None:
    values = [90.0 if place in jumps else CALM[place % 8] for place in range(24)]
    (row,) = read_processes(clicks(*values), CATALOGUE, ["total_clicks"]).to_dict("records")
    assert row["signals"] == len(jumps)
    assert words in row["reading"]
