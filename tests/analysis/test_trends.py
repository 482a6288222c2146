"""Metrics' latest month: change, interval, usual range, reading and signals."""

import math
from datetime import date

import analysis_samples as samples
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsnb.analysis import find_signals, summarize_metrics, track_goals

NAN = math.nan
RECIPIENTS = 12_034
# Unsubscribes from January 2025 to September 2026; August 2026 has 51 and September 38 of 12,034.
UNSUBSCRIBES = [*[44, 52, 47, 55, 49, 43, 50, 46, 54, 48, 45, 53], *[47, 51, 44, 50, 49, 53, 46, 51, 38]]


def summarize(*frames, goals=None, **options):
    return summarize_metrics(pd.concat(frames), samples.CATALOGUE, goals, **options).set_index("metric", drop=False)


def churn_months(*, partial=False):
    counts = [*UNSUBSCRIBES, 3] if partial else UNSUBSCRIBES
    return samples.ratio(date(2025, 1, 1), [(count, RECIPIENTS) for count in counts], partial=partial)


def test_the_reading_gives_value_base_change_and_usual_range_in_one_sentence():
    """By hand: the 21 months have a mean of 1,015/21 = 48.33 and a mean moving range of 122/20 = 6.1, so the limits are
    48.33 ± 16.23, which is 32.11 to 64.56 of 12,034."""
    row = summarize(churn_months()).loc["email_churn_rate"]

    assert row["usual_low"] * RECIPIENTS == pytest.approx(32.107, abs=0.005)
    assert row["usual_high"] * RECIPIENTS == pytest.approx(64.559, abs=0.005)
    assert row["reading"] == (
        "Email churn rate was 0.32% in September 2026 (38 of 12,034 recipients), down from 0.42% in August "
        "and 0.45% a year earlier; the month lies inside the usual range of 0.27% to 0.54%."
    )


def test_changes_are_fractions_of_the_month_before_and_of_the_same_month_a_year_earlier():
    """38 after 51 is −25.5%, 38 after 54 is −29.6%."""
    row = summarize(churn_months()).loc["email_churn_rate"]

    assert row["change"] == pytest.approx(-13 / 51)
    assert row["change_last_year"] == pytest.approx(-16 / 54)
    assert (row["previous"], row["last_year"]) == (pytest.approx(51 / RECIPIENTS), pytest.approx(54 / RECIPIENTS))


def test_a_proportion_has_a_wilson_interval():
    """Wilson of 38 of 12,034, by hand: center 0.003317, reach 0.001014."""
    row = summarize(churn_months()).loc["email_churn_rate"]

    assert (row["low"], row["high"]) == (pytest.approx(0.002302, abs=2e-6), pytest.approx(0.004331, abs=2e-6))
    assert row["interval"] == "Wilson 95%"


def test_a_metric_that_is_no_proportion_has_its_usual_range_as_interval():
    frame = samples.additive(date(2025, 12, 1), [100.0, 110.0] * 5)

    row = summarize(frame).loc["total_clicks"]

    assert (row["low"], row["high"]) == (row["usual_low"], row["usual_high"])
    assert row["interval"] == "usual range of 10 months"


def test_only_a_complete_month_counts():
    open_month = summarize(churn_months(partial=True))
    closed = summarize(churn_months())

    pd.testing.assert_frame_equal(open_month, closed)


def test_the_usual_range_needs_eight_months():
    few = summarize(samples.additive(date(2026, 1, 1), [100.0, 120.0, 100.0, 120.0, 100.0, 120.0, 100.0]))

    row = few.loc["total_clicks"]
    assert math.isnan(row["usual_low"])
    assert (row["signal"], row["usual_months"]) == ("", 7)
    assert "7 months are too few to say what is usual" in row["reading"]


@pytest.mark.parametrize(
    ("last", "signal", "severity"), [(176.0, "inside", None), (177.0, "above", "info"), (37.0, "below", "warning")]
)
def test_a_month_outside_the_usual_range_is_a_signal_and_for_the_worse_a_warning(last, signal, severity):
    """By hand, after 12 months of 100 and 120: for 176, mean 1,496/13 = 115.1 and mean moving range 276/12 = 23, so
    115.1 + 61.2 = 176.3; for 177, 115.2 + 61.4 = 176.6. 37 lies more than 3.145 × 20 from the median and is left out of
    the limits, which then are 110 ± 53.2."""
    summary = summarize(samples.additive(date(2025, 1, 1), [*[100.0, 120.0] * 6, last]))

    findings = find_signals(summary)

    assert summary.loc["total_clicks", "signal"] == signal
    assert [(found.id, found.severity) for found in findings] == (
        [("metrics.signal.total_clicks", severity)] if severity else []
    )


def test_a_signal_names_direction_range_and_cause_to_look_for():
    summary = summarize(samples.additive(date(2025, 1, 1), [*[100.0, 120.0] * 6, 20.0]))

    (found,) = find_signals(summary)

    assert found.title == "Total clicks from email in January 2026: below the usual range"
    assert found.evidence == (
        "Total clicks from email were 20 in January 2026, down from 120 in December 2025 and 100 a year earlier; "
        "the month lies below the usual range of 57 to 163, a change for the worse that chance rarely makes."
    )
    assert "event_calendar" in found.fix


def test_a_past_month_that_was_a_signal_does_not_widen_the_usual_range():
    """Months of 100 and 120 have limits 110 ± 53.2 by hand; months of 500 and 210 among them leave them as they are."""
    usual = [100.0, 120.0] * 5
    summary = summarize(samples.additive(date(2025, 1, 1), [*usual, 500.0, *usual, 210.0]))

    row = summary.loc["total_clicks"]
    assert (row["usual_low"], row["usual_high"]) == (pytest.approx(56.8), pytest.approx(163.2))
    assert (row["usual_months"], row["signal"]) == (20, "above")


def test_after_a_lasting_shift_the_months_of_the_new_level_alone_are_usual():
    """By hand: mean 201 and 23 moving ranges, 11 of 2 in the old level, 11 of 2 and one of 1 in the new one: 45/23."""
    moved = summarize(samples.additive(date(2025, 1, 1), [*[100.0, 102.0] * 6, *[200.0, 202.0] * 6, 201.0]))

    row = moved.loc["total_clicks"]
    assert (row["usual_months"], row["signal"]) == (13, "inside")
    assert row["usual_high"] == pytest.approx(201 + 2.66 * 45 / 23)


def test_the_month_furthest_outside_its_range_comes_first_and_a_silent_table_before_all():
    usual = [100.0, 120.0] * 6
    frames = [
        samples.additive(date(2025, 1, 1), [*usual, 30.0], metric="leads"),
        samples.additive(date(2025, 1, 1), [*usual, 10.0], metric="total_clicks"),
        samples.additive(date(2025, 1, 1), [*usual, NAN], metric="spend"),
    ]

    found = find_signals(summarize(*frames))

    assert [item.where for item in found] == ["ad_daily", "total_clicks", "leads"]


def test_a_metric_that_nobody_wishes_up_or_down_has_no_better_or_worse():
    frame = samples.additive(date(2025, 1, 1), [*[100.0, 120.0] * 6, 500.0], metric="spend")

    (found,) = find_signals(summarize(frame))

    assert found.severity == "info"
    assert "a change that chance rarely makes" in found.evidence


def test_metrics_that_stop_having_data_are_one_finding_per_table():
    clicks = samples.additive(date(2026, 1, 1), [100.0, 110.0, NAN])
    churn = samples.ratio(date(2026, 1, 1), [(1, 100), (NAN, NAN), (NAN, NAN)])
    spend = samples.additive(date(2026, 1, 1), [100.0, 110.0, 120.0], metric="spend")

    summary = summarize(clicks, churn, spend)
    (found,) = find_signals(summary)

    assert (found.id, found.severity) == ("metrics.no-data.email_event", "warning")
    assert found.title == "2 metrics: no data in March 2026"
    assert (
        "Total clicks from email (last in February 2026) and Email churn rate (last in January 2026)" in found.evidence
    )
    assert summary.loc["total_clicks", "reading"] == (
        "Total clicks from email has no data in March 2026. The last month with data is February 2026."
    )


def test_a_metric_that_never_had_data_and_a_base_of_zero_are_no_finding():
    never = samples.additive(date(2026, 1, 1), [NAN, NAN], metric="spend")
    nothing = samples.ratio(date(2026, 1, 1), [(40, 5), (30, 0)], metric="cost_per_lead")

    summary = summarize(never, nothing)

    assert find_signals(summary) == []
    assert summary.loc["cost_per_lead", "reading"] == (
        "Cost per lead has no value in February 2026: there is nothing to divide by (leads)."
    )
    assert math.isnan(summary.loc["cost_per_lead", "value"])


def test_a_metric_without_a_complete_month_says_so():
    row = summarize(samples.additive(date(2026, 1, 1), [5.0], partial=True)).loc["total_clicks"]

    assert row["reading"] == "Total clicks from email has no complete month yet."
    assert row["period"] is pd.NaT


def test_figures_that_read_the_same_are_not_called_a_move():
    frame = samples.ratio(date(2026, 1, 1), [(4_000, 1_000_000), (4_001, 1_000_000)])

    assert ", the same as in January;" in summarize(frame).loc["email_churn_rate", "reading"]


def test_metrics_come_in_the_catalogue_s_order_and_those_without_rows_are_left_out():
    churn = samples.churn((1, 100))

    frame = summarize(samples.additive(date(2026, 1, 1), [3.0], metric="leads"), churn, samples.clicks(1.0))

    assert frame["metric"].tolist() == ["total_clicks", "email_churn_rate", "leads"]


def test_no_rows_give_an_empty_summary_with_the_same_columns_and_types():
    empty = summarize_metrics(samples.clicks(), samples.CATALOGUE)

    assert empty.dtypes.equals(summarize_metrics(samples.clicks(1.0), samples.CATALOGUE).dtypes)
    assert find_signals(empty) == []


def summarize_with(goal, months, as_of, history=None):
    progress = track_goals(
        samples.make_strategy(goal), samples.CATALOGUE, {goal.id: months if history is None else history}, as_of
    )
    return summarize(months, goals=progress).iloc[0]


def test_the_target_of_an_additive_metric_is_the_month_s_share_by_days():
    """March has 31 of 365 days: 150,000 × 31/365 = 12,739.73."""
    row = summarize_with(samples.make_goal(scope={}), samples.clicks(12_000, 11_000, 13_000), date(2026, 3, 31))

    assert row["target"] == pytest.approx(12_739.73, abs=0.01)
    assert row["target_note"] == "March's share, by days, of 150,000 by December 31, 2026"
    assert (row["status"], row["goal"], row["owner"]) == ("at_risk", "clicks", "maya")


def test_the_target_of_a_month_follows_a_seasonal_path():
    """By hand: each December brings half of its year, so that December 2026 is asked for half of the goal, and March
    for a 22nd."""
    year = [100.0] * 11 + [1_100.0]
    months = samples.additive(date(2023, 1, 1), year * 3 + [120.0] * 3)
    goal = samples.make_goal(scope={}, baseline=2_200, target=2_420, path="seasonal")
    row = summarize_with(goal, months, date(2026, 3, 31))

    assert row["target"] == pytest.approx(2_420 / 22)
    assert row["target_note"] == "March's share, as in other years, of 2,420 by December 31, 2026"


@pytest.mark.slow
def test_the_sample_s_targets_of_the_month_are_steps_of_the_goals_paths():
    """The page Goals draws each path to the end of each month; a month's target is the step between two of them."""
    import mopsnb
    from mopsnb.analysis import draw_paths

    ws = mopsnb.open("")
    asked = (ws.strategy, ws.catalogue, ws.goal_history(), ws.as_of)
    paths, progress = draw_paths(*asked), track_goals(*asked)
    summary = summarize_metrics(ws.monthly(), ws.catalogue, progress).set_index("metric")
    compared = 0
    for name, row in summary[summary["target_span"] == "for the month"].iterrows():
        path = paths[paths["goal"] == row["goal"]].set_index("period_start")["expected"]
        step = path.loc[row["period"]] - path.loc[row["period"] - pd.DateOffset(months=1)]
        assert row["target"] == pytest.approx(step), name
        compared += 1
    assert compared >= 3


def test_the_target_of_a_ratio_is_the_goal_s():
    months = samples.churn((40, 10_000), (41, 10_000))

    row = summarize_with(samples.make_goal(**(samples.CHURN | {"scope": {}})), months, date(2026, 2, 28))

    assert (row["target"], row["target_note"]) == (0.004, "0.4% by December 31, 2026")
    assert row["target_span"] == "3 months to Dec 2026"
    assert row["deadline"] == pd.Timestamp("2026-12-31")


def test_a_scope_that_leaves_nothing_out_gives_the_whole_metric_its_target():
    months = samples.clicks(12_000, 11_000, 13_000, 900, partial=True)

    assert summarize_with(samples.make_goal(), months, date(2026, 4, 3))["goal"] == "clicks"


def test_the_target_of_a_part_says_nothing_about_the_whole():
    part = samples.clicks(6_000, 6_000, 6_000)

    row = summarize_with(samples.make_goal(), samples.clicks(12_000, 11_000, 13_000), date(2026, 3, 31), part)

    assert (row["goal"], row["status"], row["owner"]) == ("", "", "maya")
    assert math.isnan(row["target"])


def test_a_goal_that_does_not_run_in_the_month_sets_no_target():
    goal = samples.make_goal(scope={}, start=date(2027, 1, 1), deadline=date(2027, 12, 31))

    assert summarize_with(goal, samples.clicks(12_000, 11_000), date(2026, 2, 28))["goal"] == ""


@pytest.mark.slow
@given(
    values=st.lists(st.one_of(st.just(NAN), st.floats(0, 1e9)), min_size=1, max_size=40),
    partial=st.booleans(),
    seed=st.integers(0, 99),
)
def test_any_months_in_any_order_give_the_same_summary(values, partial, seed):
    frame = samples.additive(date(2023, 1, 1), values, partial=partial)

    summary = summarize_metrics(frame, samples.CATALOGUE)
    shuffled = summarize_metrics(frame.sample(frac=1, random_state=seed), samples.CATALOGUE)

    pd.testing.assert_frame_equal(summary, shuffled)
    assert all(found.evidence for found in find_signals(summary))
