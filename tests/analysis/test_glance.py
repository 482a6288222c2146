"""All metrics at a glance: what each row says in words."""

from datetime import date

import analysis_samples as samples
import pandas as pd

from mopsnb.analysis import chart_metrics, glance_at_metrics, summarize_metrics, track_goals

CATALOGUE = samples.CATALOGUE.assign(group="Email")
AHEAD = pd.DataFrame(
    {
        "metric": "total_clicks",
        "period_start": pd.to_datetime(["2026-10-01", "2026-11-01"]),
        **{"median": [90.0, 95.0], "low": [80.0, 82.0], "high": [100.0, 108.0]},
    }
)


def glance(values, metric="total_clicks"):
    monthly = samples.additive(date(2025, 1, 1), values, metric=metric)
    limits = chart_metrics(monthly, CATALOGUE, [metric])
    return glance_at_metrics(summarize_metrics(monthly, CATALOGUE), limits, AHEAD, CATALOGUE).to_dict("records")


def test_noise_is_called_noise_with_the_last_24_months_and_the_last_month_ahead():
    (row,) = glance([100.0, 120.0] * 15)

    assert (row["verdict"], row["group"]) == ("Noise", "Email")
    assert row["history"] == [100.0, 120.0] * 12
    assert row["forecast"] == "95 (82 to 108) in Nov 2026"


def test_a_target_names_the_time_that_it_is_for():
    goal = samples.make_goal(target=12_000, start=date(2026, 1, 1), deadline=date(2026, 12, 31))
    monthly = samples.additive(date(2025, 1, 1), [1_000.0] * 15)
    strategy = samples.make_strategy(goal)
    progress = track_goals(strategy, samples.CATALOGUE, {goal.id: monthly}, date(2026, 3, 31))
    summary = summarize_metrics(monthly, CATALOGUE, progress)

    (row,) = glance_at_metrics(summary, chart_metrics(monthly, CATALOGUE, ["total_clicks"]), AHEAD, CATALOGUE).to_dict(
        "records"
    )

    # 12,000 clicks of 365 days, for the 31 days of March.
    assert row["target_text"] == "1,019 for the month"


def test_a_month_outside_on_a_new_level_is_both():
    (row,) = glance([*[100.0, 102.0] * 5, *[50.0, 52.0] * 4, 200.0], metric="leads")

    assert row["verdict"] == "New level since about Nov 2025; signal: above"
    assert row["forecast"] == ""


def test_a_quiet_month_on_a_new_level_is_not_only_noise():
    (row,) = glance([*[100.0, 102.0] * 5, *[50.0, 52.0] * 4])

    assert row["verdict"] == "New level since about Nov 2025; now inside"


def test_an_old_level_is_not_called_new():
    (row,) = glance([*[100.0, 102.0] * 5, *[50.0, 52.0] * 8])

    assert row["verdict"] == "Noise"


def test_a_short_history_says_so():
    assert glance([1.0, 2.0])[0]["verdict"] == "Too few months"


def test_a_metric_without_a_value_has_no_row():
    assert glance([1.0, float("nan")]) == []
