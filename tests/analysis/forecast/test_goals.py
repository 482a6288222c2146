"""Each goal's forecast stands beside its status: where it ends, how likely, and what the months left must bring."""

from datetime import date

import analysis_samples as samples
import numpy as np
import pandas as pd
import pytest

from mopsnb.analysis import forecast, track_goals
from mopsnb.analysis.cards import find_card
from mopsnb.analysis.forecast.goals import follow_period, say_share
from mopsnb.analysis.forecast.paces import measure_pace
from mopsnb.analysis.months import read_months
from mopsnb.analysis.wording import format_plainly
from mopsnb.strategy import Strategy

AS_OF, FIRST = date(2026, 9, 30), date(2023, 1, 1)
SOURCE = np.random.default_rng(11)
CLICKS = np.round(1000 * np.exp(SOURCE.normal(0, 0.08, 45))).tolist()
CHURN = [(int(top), 10_000) for top in SOURCE.normal(50, 4, 45)]
FRAMES = {"clicks": samples.additive(FIRST, CLICKS), "churn": samples.ratio(FIRST, CHURN)}
FIELDS = {"start": date(2026, 1, 1), "deadline": date(2026, 12, 31), "owner": "mara"}


def make(**changes):
    clicks = {"id": "clicks", "metric": "total_clicks", "statement": "More clicks", "baseline": 11_000} | FIELDS
    churn = samples.CHURN | {"id": "churn"} | FIELDS
    goals = [samples.Goal(**clicks | {"target": 12_500} | changes), samples.Goal(**churn)]
    return Strategy(goals=goals)


def look(strategy, frames=FRAMES, as_of=AS_OF):
    tracked = track_goals(strategy, samples.CATALOGUE, frames, as_of)
    forecasts = forecast.forecast_goals(strategy.goals, samples.CATALOGUE, frames, as_of)
    return forecast.add_chances(tracked, forecasts, frames), forecasts


def test_the_figures_beside_a_status_are_those_of_the_possible_futures():
    """By plain sums over the draws: nine months that came and three that the futures add."""
    found, forecasts = look(make())
    row = found.set_index("goal").loc["clicks"]

    ends = sum(CLICKS[36:]) + forecasts["clicks"].outlook.draws[:, :3].sum(axis=1)
    assert row["forecast"] == pytest.approx(np.median(ends))
    assert (row["forecast_low"], row["forecast_high"]) == pytest.approx(tuple(np.quantile(ends, [0.1, 0.9])))
    assert row["probability"] == pytest.approx(np.mean(ends >= 12_500))
    assert row["pace_per_month"] == pytest.approx(sum(CLICKS[-3:]) / 3)
    assert row["status"] == track_goals(make(), samples.CATALOGUE, FRAMES, AS_OF)["status"].iloc[0]
    assert f"the chance is {100 * row['probability']:.0f}%" in row["outlook"]


def test_a_rate_is_said_to_move_in_points_and_its_pace_is_worked_out_by_hand():
    row = look(make())[0].set_index("goal").loc["churn"]

    tops = [top for top, _ in CHURN]
    assert row["pace_per_month"] == pytest.approx((sum(tops[-3:]) - sum(tops[-6:-3])) / 30_000 / 3)
    assert row["needed"].startswith("−")
    assert row["needed"].endswith(" points a month")


def test_goals_on_the_same_metric_and_scope_share_one_forecast_and_one_that_is_over_has_none():
    goals = [goal.model_copy(update={"id": name}) for name, goal in zip("ab", make().goals[:1] * 2)]
    goals += [goals[0].model_copy(update={"id": "c", "deadline": date(2026, 6, 30)})]
    goals += [goals[0].model_copy(update={"id": "d", "scope": {"channel": "email"}})]
    frames = dict.fromkeys("abcd", FRAMES["clicks"])

    found = forecast.forecast_goals(goals, samples.CATALOGUE, frames, AS_OF)

    assert list(found) == ["a", "b", "d"]
    assert found["a"] is found["b"]
    assert found["a"] is not found["d"]


def test_a_short_history_gives_a_reason_and_no_probability():
    frames = {"clicks": samples.additive(date(2026, 1, 1), CLICKS[-9:]), "churn": FRAMES["churn"]}
    row = look(make(), frames)[0].set_index("goal").loc["clicks"]

    assert np.isnan(row["probability"])
    assert (row["chance"], row["range"]) == ("", "")
    assert row["outlook"] == "The history is too short for a forecast: 9 months."
    assert row["needed"].endswith(" a month")


def test_a_deadline_too_far_away_gives_a_reason_and_no_probability():
    row = look(make(deadline=date(2029, 12, 31)))[0].set_index("goal").loc["clicks"]

    assert np.isnan(row["probability"])
    assert row["outlook"].startswith("The deadline lies beyond what can be forecast.")


def test_a_goal_that_is_over_keeps_its_status_without_a_forecast():
    row = look(make(deadline=date(2026, 8, 31)))[0].set_index("goal").loc["clicks"]

    assert row["status"] in ("met", "missed")
    assert (row["outlook"], row["chance"]) == ("", "")


def test_without_any_data_there_is_no_forecast_and_no_error():
    found, forecasts = look(make(), {}, None)

    assert forecasts == {}
    assert found["probability"].isna().all()
    assert forecast.describe_chances(found) == ""


def test_status_and_forecast_that_disagree_are_named():
    """Every year's last months bring most: behind the even path of its choice in September, and yet nearly sure."""
    season = [500.0] * 9 + [3000.0] * 3
    noise = 1 + SOURCE.normal(0, 0.02, 45)
    frame = samples.additive(FIRST, np.round(np.array((season * 4)[:45]) * noise).tolist())
    goal = make(baseline=6000, target=12_000, path="linear")
    row = look(goal, {"clicks": frame})[0].set_index("goal").loc["clicks"]

    assert row["status"] == "behind"
    assert row["probability"] > 0.75
    assert "it is behind its path, but the forecast carries it to the target" in row["outlook"]


def test_the_summary_counts_goals_that_are_more_likely_than_not():
    progress = pd.DataFrame(
        {
            "statement": ["A", "B", "C", "D"],
            "status": ["behind", "on_track", "on_track", "met"],
            "probability": [0.2, 0.5, np.nan, np.nan],
        }
    )

    assert forecast.describe_chances(progress) == (
        "Of the 2 running goals with a forecast, 1 is more likely than not to be reached. The least likely: A (20%)."
    )


@pytest.mark.parametrize(
    ("start", "deadline", "following"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), (date(2027, 1, 1), date(2027, 12, 31))),
        (date(2026, 10, 1), date(2026, 12, 31), (date(2027, 10, 1), date(2027, 12, 31))),
        (date(2023, 2, 1), date(2023, 2, 28), (date(2024, 2, 1), date(2024, 2, 29))),
        (date(2025, 7, 1), date(2026, 12, 31), (date(2027, 7, 1), date(2028, 12, 31))),
    ],
)
def test_the_next_period_has_the_same_days_of_the_year(start, deadline, following):
    assert follow_period(start, deadline) == following


def test_a_pace_with_a_missing_month_is_missing():
    card = find_card(samples.CATALOGUE, "total_clicks")

    assert np.isnan(measure_pace(card, read_months(samples.clicks(10, 20, samples.NAN, 30))))
    assert measure_pace(card, read_months(samples.clicks(10, 20, 40, 30))) == pytest.approx(30)


def test_a_month_that_bends_the_recent_pace_is_named_with_the_pace_without_it():
    """About 50 of 10,000 each month, but 150 in May 2026: by plain sums over the other months."""
    tops = [top for top, _ in CHURN]
    tops[-5] = 150
    frames = FRAMES | {"churn": samples.ratio(FIRST, [(top, 10_000) for top in tops])}
    row = look(make(), frames)[0].set_index("goal").loc["churn"]

    pace = (sum(tops[-3:]) - sum(tops[-6:-3])) / 30_000 / 3
    without = (sum(tops[-3:]) / 30_000 - (tops[-6] + tops[-4]) / 20_000) / 3
    assert row["pace_per_month"] == pytest.approx(pace)
    told = f"{'−' if without < 0 else '+'}{format_plainly(abs(without), 'fraction').rstrip('%')} points a month"
    assert row["pace"].endswith(f" points a month ({told} without May 2026)")
    assert row["outlook"].endswith(
        f"The recent pace counts May 2026, which lies outside the usual range; without it the pace would be {told}."
    )
    assert "recent pace" not in look(make())[0].set_index("goal").loc["churn", "outlook"]


def test_the_pace_of_a_count_without_a_month_is_the_mean_of_the_others():
    card = find_card(samples.CATALOGUE, "total_clicks")
    months = read_months(samples.clicks(10, 20, 90, 30))
    assert measure_pace(card, months, [months[2].start]) == pytest.approx(25)
    assert np.isnan(measure_pace(card, months, [month.start for month in months]))


def test_a_probability_is_never_said_to_be_nothing_or_certain():
    assert [say_share(share) for share in (0.0, 0.004, 0.5, 0.996)] == ["below 1%", "below 1%", "50%", "above 99%"]


def test_a_goal_and_the_page_of_its_metric_show_one_forecast():
    """Goals look farther ahead than the page on metrics; where both look at a month, they say the same of it."""
    names = {"clicks": "total_clicks", "churn": make().goals[1].metric}
    monthly = pd.concat([FRAMES[goal].assign(metric=name) for goal, name in names.items()])

    goals = forecast.forecast_goals(make().goals, samples.CATALOGUE, FRAMES, AS_OF)
    metrics = forecast.forecast_metrics(monthly, samples.CATALOGUE, list(names.values()), horizon=3)

    for goal, name in names.items():
        far, near = goals[goal], metrics[name]
        assert far.starts[:3] == near.starts
        assert len(far.starts) > 3
        assert far.outlook.median[:3] == pytest.approx(near.outlook.median)
        assert np.array(far.outlook.limits())[:, :3] == pytest.approx(np.array(near.outlook.limits()))
