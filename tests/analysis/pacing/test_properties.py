"""What holds for any spend and any plan."""

import math
import os
from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pacing_samples import make_plan, make_spend, make_strategy, paid

from mopsnb.analysis.pacing import draw_path, pace_budget
from mopsnb.strategy.fiscal import open_year

pytestmark = [pytest.mark.slow, pytest.mark.tenth]

EXAMPLES = 300 if os.environ.get("MOPSNB_SOAK") else 30
STARTS = st.sampled_from(["01-01", "04-06", "10-01"])
MONEY = st.integers(0, 100_000).map(lambda cents: cents / 100)
AREAS = ("a", "b", "c")


@st.composite
def cases(draw):
    """Return spend, plan, strategy and a day of the year."""
    start = draw(STARTS)
    year = open_year(start, 2026)
    areas = draw(st.lists(st.sampled_from(AREAS), unique=True, max_size=3))
    plans = {area: draw(st.lists(MONEY, min_size=12, max_size=12)) for area in areas}
    channels = {area: draw(st.sampled_from(["", "search", "social"])) for area in AREAS}
    bookings = draw(
        st.lists(
            st.tuples(st.integers(-300, 364), st.sampled_from(AREAS), MONEY, st.sampled_from([False, False, True])),
            max_size=15,
        )
    )
    rows = [
        paid(f"{year.first + timedelta(days=number)}", amount, area, channel=channels[area], is_committed=owed)
        for number, area, amount, owed in bookings
    ]
    as_of = year.first + timedelta(days=draw(st.integers(0, 364)))
    return make_spend(rows), make_plan(plans, year=year, **channels), make_strategy(start=start), as_of


@pytest.mark.slow
@settings(max_examples=EXAMPLES, deadline=None)
@given(cases())
def test_areas_add_up_to_the_total_and_to_the_channels(case):
    spend, plan, strategy, as_of = case
    areas, channels, total = (pace_budget(spend, plan, strategy, as_of, by=by) for by in ("area", "channel", "total"))

    assert len(total) == (1 if len(areas) else 0)
    for name in ("spent", "committed", "plan_year", "expected", "projected"):
        amounts = [math.fsum(frame[name].dropna()) for frame in (areas, channels, total)]
        assert amounts[0] == pytest.approx(amounts[2], abs=1e-4)
        if name != "projected":  # a channel may join areas, whose paces then differ
            assert amounts[1] == pytest.approx(amounts[2], abs=1e-4)


@pytest.mark.slow
@settings(max_examples=EXAMPLES, deadline=None)
@given(cases())
def test_spend_and_plan_to_date_agree_with_a_loop_over_days(case):
    spend, plan, strategy, as_of = case
    for row in pace_budget(spend, plan, strategy, as_of).to_dict("records"):
        paid_rows = [
            item.amount
            for item in spend.itertuples()
            if item.area == row["id"]
            and not item.is_committed
            and row["year_start"].date() <= item.date.date() <= as_of
        ]
        days = [
            item.planned / ((item.period_end - item.period_start).days + 1)
            for item in plan.itertuples()
            if item.area == row["id"]
            for day in pd.date_range(item.period_start, item.period_end)
            if day.date() <= as_of
        ]
        assert row["spent"] == pytest.approx(math.fsum(paid_rows), abs=1e-6)
        if math.fsum(plan.loc[plan["area"] == row["id"], "planned"]) > 0:
            assert row["expected"] == pytest.approx(math.fsum(days), abs=1e-4)


@settings(max_examples=EXAMPLES, deadline=None)
@given(cases())
def test_the_projection_never_ends_below_what_is_spent_and_committed_and_lies_in_its_interval(case):
    spend, plan, strategy, as_of = case
    frames = [pace_budget(spend, plan, strategy, as_of, by=by) for by in ("area", "total")]
    for row in [row for frame in frames for row in frame.to_dict("records")]:
        assert row["projected"] >= row["spent"] + row["committed"] - 1e-4
        if math.isfinite(row["high"]):
            assert row["spent"] + row["committed"] - 1e-4 <= row["low"] <= row["projected"] + 1e-4
            assert row["projected"] <= row["high"] + 1e-4


@pytest.mark.slow
@settings(max_examples=EXAMPLES, deadline=None)
@given(cases())
def test_the_path_ends_where_the_figures_say(case):
    spend, plan, strategy, as_of = case
    for row in pace_budget(spend, plan, strategy, as_of).to_dict("records"):
        path = draw_path(spend, plan, strategy, as_of, by="area", key=row["id"]).set_index("date")
        assert path.loc[pd.Timestamp(as_of), "spent"] == pytest.approx(row["spent"], abs=1e-4)
        if math.isfinite(row["plan_year"]):
            assert path["planned"].iloc[-1] == pytest.approx(row["plan_year"], abs=1e-4)
        if as_of < row["year_end"].date():
            assert path["projected"].iloc[-1] == pytest.approx(row["projected"], abs=1e-4)
        if row["crosses_on"] is not pd.NaT and not row["has_crossed"]:
            crossed = path.index[path["projected"] > row["plan_year"] + 0.005]
            assert crossed[0] == row["crosses_on"]
