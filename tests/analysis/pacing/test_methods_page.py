"""The page on budget pacing states the constants that the code uses."""

import re

import pytest

from mopsnb.analysis.pacing import crossing, deviations, gaps, pace, projection, ratio, status


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("of the last **{}** complete months", projection.PACE_MONTHS),
        ("With fewer than **{}** complete months", ratio.LEAST),
        ("as if it had a {} of the mean plan", {0.1: "tenth"}[ratio.LEAST_BASE]),
        ("on at least **{}** of the days", f"{crossing.DAILY:.0%}"),
        ("the {} or longer whose mean", {7: "week"}[crossing.LEAST_DAYS]),
        ("by more than **{:g}** standard deviations", crossing.CLEAR),
        ("Spend is more than **{:g}%** above the plan", status.EXCEEDED * 100),
        ("end more than **{:g}%** above the plan", status.AREA_TOLERANCE * 100),
        ("(all areas together: **{:g}%**)", status.TOTAL_TOLERANCE * 100),
        ("are both more than **{:g}%** above", status.EARLY_TOLERANCE * 100),
        ("more than **{}** days before the year's end", status.EARLY_DAYS),
        ("warning from **{:g}%** of the plan on", deviations.MUCH_LEFT * 100),
        ("warning from **{:g}%** of the year's spend on", gaps.MATTERS * 100),
        ("a month has {:.1f} days", pace.MONTH_DAYS),
    ],
)
def test_the_page_states_the_constant_of_the_code(repository, sentence, value):
    page = re.sub(r"\s+", " ", (repository / "docs" / "budget-pacing.md").read_text(encoding="utf-8"))

    assert sentence.format(value) in page


def test_the_page_lists_every_status(repository):
    page = (repository / "docs" / "budget-pacing.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ([a-z ]+) \|", page, flags=re.MULTILINE)
    named = {*status.OVER, *status.UNDER, "on_plan", "no_spend", "no_plan", "too_early"}

    assert {name.replace(" ", "_") for name in listed} == named
