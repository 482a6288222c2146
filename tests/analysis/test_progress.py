"""Progress of goals against their target path."""

import math
from datetime import date

import analysis_samples as samples
import pytest

from mopsnb.analysis import track_goals
from mopsnb.strategy import Channel, Goal, Stakeholder

NAN = math.nan
MARCH_END, END = date(2026, 3, 31), date(2026, 12, 31)


def track(goal: Goal, months, as_of, **options):
    history = {} if months is None else {goal.id: months}
    return track_goals(samples.make_strategy(goal), samples.CATALOGUE, history, as_of, **options).iloc[0]


def test_an_additive_goal_is_the_total_since_its_start_against_a_growing_path():
    """By hand: 90 of 365 days have passed, so the path expects 150,000 × 90/365 = 36,986.30 and the baseline's pace
    29,589.04. 36,000 is (36,000 − 29,589.04) / 7,397.26 = 86.7% of the change expected by then: at risk.
    Nine months are left, so 114,000 clicks are 12,666.67 a month."""
    row = track(samples.make_goal(), samples.clicks(12_000, 11_000, 13_000), MARCH_END)

    assert (row["actual"], row["actual_period"]) == (36_000, "2026-01-01/2026-03-31")
    assert row["expected"] == pytest.approx(36_986.30, abs=0.01)
    assert row["gap"] == pytest.approx(-986.30, abs=0.01)
    assert row["achieved"] == pytest.approx(0.8667, abs=1e-4)
    assert row["share_of_time"] == pytest.approx(90 / 365)
    assert row["status"] == "at_risk"
    assert row["needed_per_month"] == pytest.approx(114_000 / 9)
    assert row["reason"] == (
        "36,000 from January 1 to March 31, 2026; the path expects 36,986. "
        "If every month brings the same, the goal ends with 87% of the asked change. "
        "The path is linear: a seasonal one needs two full years of data before the start."
    )


@pytest.mark.parametrize(
    ("total", "status"),
    [(36_987, "on_track"), (36_247, "on_track"), (36_246, "at_risk"), (33_288, "at_risk"), (33_287, "behind")],
)
def test_on_track_starts_at_nine_tenths_and_at_risk_at_half_of_the_change_expected_so_far(total, status):
    """29,589.04 + 0.9 × 7,397.26 = 36,246.58 and 29,589.04 + 0.5 × 7,397.26 = 33,287.67."""
    row = track(samples.make_goal(), samples.clicks(10_000, 10_000, total - 20_000), MARCH_END)

    assert row["status"] == status


def test_below_the_baseline_s_pace_none_of_the_change_has_come():
    row = track(samples.make_goal(), samples.clicks(9_000, 9_000, 9_000), MARCH_END)

    assert row["status"] == "behind"
    assert "None of the asked change has come yet: the baseline alone would give 29,589." in row["reason"]


def test_a_partial_month_counts_what_happened_and_its_path_by_days():
    """As of April 10, 100 of 365 days: 150,000 × 100/365 = 41,095.89."""
    row = track(samples.make_goal(), samples.clicks(12_000, 11_000, 14_000, 4_100, partial=True), date(2026, 4, 10))

    assert (row["actual"], row["actual_period"]) == (41_100, "2026-01-01/2026-04-10")
    assert row["expected"] == pytest.approx(41_095.89, abs=0.01)
    assert row["status"] == "on_track"


def test_a_month_that_runs_and_has_no_row_yet_is_not_missing():
    row = track(samples.make_goal(), samples.clicks(12_000, 11_000, 14_000, NAN, partial=True), date(2026, 4, 2))

    assert row["actual_period"] == "2026-01-01/2026-03-31"
    assert row["expected"] == pytest.approx(36_986.30, abs=0.01)
    assert "no data" not in row["reason"]


def test_a_missing_month_leaves_figure_and_path_alike_and_is_named():
    """January and March: 62 days, 150,000 × 62/365 = 25,479.45."""
    row = track(samples.make_goal(), samples.clicks(13_000, NAN, 13_000), MARCH_END)

    assert (row["actual"], row["status"]) == (26_000, "on_track")
    assert row["expected"] == pytest.approx(25_479.45, abs=0.01)
    assert "1 month has no data (February 2026) and is left out." in row["reason"]
    assert math.isnan(row["needed_per_month"])


def test_a_month_that_the_frame_does_not_reach_is_missing():
    row = track(samples.make_goal(), samples.clicks(13_000, 13_000), date(2026, 4, 30))

    assert "2 months have no data (March 2026 and April 2026) and are left out." in row["reason"]


def test_a_total_that_covers_less_than_half_of_the_days_has_no_status():
    row = track(samples.make_goal(), samples.clicks(13_000, 13_000), date(2026, 6, 30))

    assert row["status"] == "no_data"
    assert row["reason"].startswith("Data covers 59 of 181 days")


def test_a_goal_that_starts_inside_a_month_counts_that_month_by_days_and_says_so():
    """From January 16: 16 of 31 days of 3,100 clicks are 1,600."""
    goal = samples.make_goal(start=date(2026, 1, 16), baseline=5_000, target=6_000, deadline=date(2026, 2, 28))

    row = track(goal, samples.clicks(3_100, 2_000), date(2026, 2, 20))

    assert row["actual"] == pytest.approx(1_600 + 2_000)
    assert "by its share of days" in row["reason"]


@pytest.mark.parametrize(("total", "status"), [(150_000, "met"), (149_999, "missed")])
def test_after_the_deadline_a_goal_is_met_or_missed(total, status):
    row = track(samples.make_goal(), samples.clicks(*[10_000] * 11, total - 110_000), date(2027, 2, 14))

    assert (row["status"], row["actual"], row["share_of_time"]) == (status, total, 1.0)
    assert math.isnan(row["needed_per_month"])


def test_a_total_that_passes_its_target_is_met_before_the_deadline():
    row = track(samples.make_goal(), samples.clicks(80_000, 70_001), date(2026, 2, 28))

    assert (row["status"], row["needed_per_month"]) == ("met", 0.0)
    assert "306 days before the deadline" in row["reason"]


def test_a_cap_on_a_total_is_missed_as_soon_as_it_is_passed():
    goal = samples.make_goal(metric="spend", baseline=100_000, target=80_000)

    assert track(goal, samples.clicks(30_000, 20_000), date(2026, 2, 28))["status"] == "behind"
    assert track(goal, samples.clicks(50_000, 30_001), date(2026, 2, 28))["status"] == "missed"
    assert track(goal, samples.clicks(6_000, 6_000), date(2026, 2, 28))["status"] == "on_track"


@pytest.mark.parametrize(
    ("baseline", "target", "status"), [(100_000, 140_000, "met"), (200_000, 150_000, "no_data")], ids=["up", "down"]
)
def test_an_ended_goal_with_a_missing_month_has_a_verdict_only_where_that_month_cannot_change_it(
    baseline, target, status
):
    """140,000 clicks are known: enough for a target of 140,000, and no proof that a cap of 150,000 held."""
    goal = samples.make_goal(baseline=baseline, target=target)

    row = track(goal, samples.clicks(*[10_000] * 6, NAN, *[10_000] * 4, 40_000), END)

    assert row["status"] == status


def test_an_ended_goal_without_a_missing_month_that_it_needed_is_not_called_missed():
    row = track(samples.make_goal(), samples.clicks(*[10_000] * 11, NAN), END)

    assert row["status"] == "no_data"
    assert "December 2026" in row["reason"]


def test_a_goal_in_the_future_has_not_started_and_names_what_a_month_must_bring():
    row = track(samples.make_goal(), samples.clicks(), date(2025, 12, 31))

    assert (row["status"], row["share_of_time"]) == ("not_started", 0.0)
    assert row["needed_per_month"] == pytest.approx(12_500)
    assert row["reason"] == "It starts on January 1, 2026 and asks for 150,000 after 120,000."


@pytest.mark.parametrize("missing", ["metric", "baseline", "target", "start", "deadline"])
def test_a_goal_that_lacks_a_field_is_not_defined_and_names_the_field(missing):
    goal = samples.make_goal(**{missing: "" if missing == "metric" else None})

    row = track(goal, samples.clicks(12_000), MARCH_END)

    assert (row["status"], row["reason"]) == ("not_defined", f"The goal names no {missing}.")


def test_a_goal_with_an_unknown_metric_is_not_defined_and_names_the_nearest():
    row = track(samples.make_goal(metric="total_click"), samples.clicks(12_000), MARCH_END)

    assert (row["status"], "Did you mean 'total_clicks'?" in row["reason"]) == ("not_defined", True)


@pytest.mark.parametrize(
    "months", [None, samples.clicks(), samples.clicks(NAN, NAN)], ids=["none", "empty", "all missing"]
)
def test_a_metric_without_data_has_no_data(months):
    row = track(samples.make_goal(), months, MARCH_END)

    assert row["status"] == "no_data"
    assert "no data for Total clicks from email" in row["reason"]


def test_a_goal_without_a_field_is_not_defined_also_where_there_is_no_data():
    assert track(samples.make_goal(target=None), None, None)["status"] == "not_defined"


def test_a_scope_names_channels_as_people_call_them():
    channels = [Channel(id="email", name="Email"), Channel(id="paid_search", name="")]
    goal = samples.make_goal(scope={"channel": ["email", "paid_search", "fax"]})
    strategy = samples.make_strategy(goal).model_copy(update={"channels": channels})
    frame = track_goals(strategy, samples.CATALOGUE, {}, MARCH_END)

    assert frame.loc[0, "scope"] == "channel: Email, paid_search, fax"


def test_a_workspace_without_any_dated_row_tracks_nothing():
    assert track(samples.make_goal(), None, None)["status"] == "no_data"


def test_an_early_pace_comes_with_a_warning():
    row = track(samples.make_goal(), samples.clicks(2_000, partial=True), date(2026, 1, 5))

    assert "It is early: 5 of 365 days have passed." in row["reason"]


def test_a_seasonal_path_expects_what_the_same_months_brought_in_past_years():
    """Two years in which December brings 12/23 of the year and every other month 1/23. By March 31 a linear path
    expects 150,000 × 90/365 = 36,986, a seasonal one 150,000 × 3/23 = 19,565."""
    year = [1_000.0] * 11 + [12_000.0]
    months = samples.additive(date(2024, 1, 1), [*year, *year, 7_000, 7_000, 7_000])
    goal = samples.make_goal()

    seasonal, linear = (track(goal, months, MARCH_END, shape=shape) for shape in ("seasonal", "linear"))

    assert seasonal["expected"] == pytest.approx(150_000 * 3 / 23)
    assert (seasonal["shape"], linear["shape"]) == ("seasonal", "linear")
    assert (seasonal["status"], linear["status"]) == ("on_track", "behind")


def test_a_seasonal_path_with_less_than_two_years_of_data_is_linear_and_says_so():
    months = samples.additive(date(2024, 2, 1), [1_000.0] * 26)
    row = track(samples.make_goal(), months, MARCH_END, shape="seasonal")

    assert row["shape"] == "linear"
    assert "The path is linear" in row["reason"]


def test_a_figure_names_the_period_that_it_and_its_target_cover():
    count = track(samples.make_goal(), samples.clicks(12_000, 11_000, 13_000), MARCH_END)
    rate = track(samples.make_goal(**samples.CHURN), samples.churn(*[(5, 1_000)] * 3), MARCH_END)

    assert (count["basis"], count["aim"]) == ("since Jan 1, 2026", "Jan 1, 2026 to Dec 31, 2026")
    assert (rate["basis"], rate["aim"]) == ("3 months to Mar 2026", "3 months to Dec 2026")


def test_the_path_of_a_ratio_is_linear_without_a_word():
    row = track(samples.make_goal(**samples.CHURN), samples.churn(*[(5, 1_000)] * 3), MARCH_END, shape="seasonal")

    assert row["shape"] == "linear"
    assert "The path is linear" not in row["reason"]


def test_a_row_names_people_scope_and_unit():
    strategy = samples.make_strategy(
        samples.make_goal(scope={"region": ["EU", "US"], "channel": "email"}, stakeholders=["sales", "it"]),
        stakeholders=[
            Stakeholder(id="sales", name="Sales", power=4, interest=5),
            Stakeholder(id="it", power=1, interest=1),
        ],
    )

    row = track_goals(strategy, samples.CATALOGUE, {}, None).iloc[0]

    assert (row["stakeholders"], row["scope"]) == ("Sales, it", "channel: email; region: EU, US")
    assert (row["owner"], row["unit"], row["title"]) == ("maya", "count", "Total clicks from email")


def test_no_goals_give_an_empty_frame_with_the_same_columns_and_types():
    empty = track_goals(samples.make_strategy(), samples.CATALOGUE, {}, END)
    full = track_goals(samples.make_strategy(samples.make_goal()), samples.CATALOGUE, {}, END)

    assert empty.dtypes.equals(full.dtypes)


@pytest.mark.parametrize(("total", "running", "ended"), [(30_000, "at_risk", "met"), (40_000, "behind", "missed")])
def test_a_level_that_nobody_wishes_up_or_down_may_slip_by_a_tenth_to_either_side(total, running, ended):
    """A total of 120,000 to hold expects 29,589 by March 31: 30,000 is 1.4% off, 40,000 is 35% off."""
    goal = samples.make_goal(metric="spend", baseline=120_000, target=120_000)

    assert track(goal, samples.clicks(10_000, 10_000, total - 20_000), MARCH_END)["status"] == running
    assert track(goal, samples.clicks(*[total / 3] * 12), END)["status"] == ended
