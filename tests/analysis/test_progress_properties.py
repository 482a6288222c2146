"""What holds for the progress of any goal and any months."""

import math
from datetime import date, timedelta

import analysis_samples as samples
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsnb.analysis import track_goals
from mopsnb.strategy import Goal

NAN = math.nan
RANK = ["missed", "behind", "at_risk", "on_track", "met"]


def track(goal: Goal, months, as_of, **options):
    history = {} if months is None else {goal.id: months}
    return track_goals(samples.make_strategy(goal), samples.CATALOGUE, history, as_of, **options).iloc[0]


months_of_clicks = st.lists(st.integers(0, 30_000), min_size=1, max_size=12)


@pytest.mark.slow
@given(values=months_of_clicks, lost=st.integers(0, 20_000), day=st.integers(1, 28), down=st.booleans())
def test_the_status_is_never_better_when_a_total_is_worse(values, lost, day, down):
    goal = samples.make_goal(baseline=150_000, target=120_000) if down else samples.make_goal()
    worse = [value + lost if down else max(0, value - lost) for value in values]
    as_of = date(2026, len(values), day)

    better, after = (track(goal, samples.clicks(*series, partial=True), as_of)["status"] for series in (values, worse))

    assert RANK.index(after) <= RANK.index(better)


@pytest.mark.slow
@given(
    unsubscribes=st.lists(st.integers(0, 200), min_size=1, max_size=12),
    more=st.integers(0, 100),
    target=st.sampled_from([0.002, 0.004, 0.005, 0.007]),
)
def test_the_status_is_never_better_when_a_ratio_is_worse(unsubscribes, more, target):
    goal = samples.make_goal(**(samples.CHURN | {"target": target}))
    sign = 1 if target <= 0.005 else -1
    as_of = samples.shift_month(samples.JANUARY, len(unsubscribes)) - timedelta(days=1)
    worse = [max(0, count + sign * more) for count in unsubscribes]

    better, after = (
        track(goal, samples.churn(*[(count, 10_000) for count in series]), as_of)["status"]
        for series in (unsubscribes, worse)
    )

    assert RANK.index(after) <= RANK.index(better)


@pytest.mark.slow
@given(values=st.lists(st.one_of(st.just(NAN), st.floats(0, 1e6)), min_size=1, max_size=14), seed=st.integers(0, 99))
def test_missing_months_and_their_order_never_break_the_tracking(values, seed):
    months = samples.additive(date(2025, 12, 1), values)
    as_of = date(2026, 11, 20)

    row = track(samples.make_goal(), months, as_of)
    shuffled = track(samples.make_goal(), months.sample(frac=1, random_state=seed), as_of)

    assert row["status"] in [*RANK, "no_data"]
    assert math.isnan(row["actual"]) == (not any(value == value for value in values[1:12]))
    assert row.to_json() == shuffled.to_json()
