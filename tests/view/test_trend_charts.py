"""A trend and the path of a goal draw what is there, leave out what is not, and say so."""

import numpy as np
import pandas as pd
import pytest
from chart_samples import records, texts

from mopsnb import view

pytestmark = pytest.mark.slow


def test_a_trend_says_value_month_change_and_whether_it_is_usual(monthly, summary):
    monthly["value"] = [0.004] * 21 + [0.005, 0.0045, 0.001]
    figure = view.trend(monthly, summary)
    assert (
        figure.words.title == "Email churn rate: 0.45% in September 2026, down 10.0% on August, inside the usual range"
    )
    assert figure.words.reading == "The month lies inside the usual range."
    formula = "Formula: contacts who unsubscribed ÷ contacts who were sent an email."
    assert figure.words.subtitle.startswith(f"{formula} Usual range of the latest month: 0.25% to 0.56%.")


def test_a_trend_takes_the_words_that_it_is_given(monthly, summary):
    figure = view.trend(monthly, summary, title="Churn is calm", reading="Nothing to do.")
    assert (figure.words.title, figure.words.reading) == ("Churn is calm", "Nothing to do.")


def test_a_line_breaks_where_months_are_missing_and_never_falls_to_zero(monthly, summary):
    points = records(view.trend(monthly, summary), "mops-line", "line")
    by_segment = {}
    for point in points:
        by_segment.setdefault(point["segment"], []).append(point["x"])
    before, after = by_segment.values()
    assert (before[-1], after[0]) == ("2025-06-01", "2025-09-01")
    assert min(point["y"] for point in points) > 0


def test_a_missing_month_carries_a_cross_and_the_subtitle_explains_it(monthly, summary):
    figure = view.trend(monthly, summary)
    assert [gap["x"] for gap in records(figure, "mops-gap", "point")] == ["2025-07-01", "2025-08-01"]
    assert "Cross: a month without data." in figure.words.subtitle
    assert "2 months have no data." in figure.words.alt


def test_a_month_that_is_not_over_is_hollow_and_dotted(monthly, summary):
    figure = view.trend(monthly, summary)
    assert [point["x"] for point in records(figure, "mops-hollow", "point")] == ["2026-10-01"]
    assert [point["x"] for point in records(figure, "mops-open", "line")] == ["2026-09-01", "2026-10-01"]
    assert "2026-10-01" not in [point["x"] for point in records(figure, "mops-line", "line")]
    assert "so far" in texts(figure)
    assert "Hollow: October 2026, not over yet." in figure.words.subtitle


def test_the_target_is_a_labeled_dashed_rule(monthly, summary):
    figure = view.trend(monthly, summary)
    assert [rule["y"] for rule in records(figure, "mops-target", "rule")] == [0.0038]
    assert "target\n0.38%" in texts(figure)


def test_a_trend_without_target_range_or_base_draws_none(monthly):
    figure = view.trend(monthly[["period_start", "value"]], {"title": "Churn", "unit": "fraction"})
    styles = {part["mark"]["style"] for part in figure.spec["layer"]}
    assert not styles & {"mops-target", "mops-band", "mops-interval", "mops-hollow"}
    assert [column["name"] for column in figure.columns] == ["month", "value", "note"]


def test_the_interval_of_a_proportion_is_a_bar_at_the_latest_complete_month(monthly, summary):
    bars = records(view.trend(monthly, summary), "mops-interval", "rule")
    assert [(bar["y"], bar["y2"]) for bar in bars] == [(0.0041, 0.0049)]
    usual = summary | {"interval": "usual range of 22 earlier months"}
    assert records(view.trend(monthly, usual), "mops-interval", "rule") == []


def test_the_data_table_has_every_month_with_base_and_note(monthly, summary):
    figure = view.trend(monthly, summary)
    assert len(figure.rows) == 24
    assert figure.rows[8] == ("July 2025", "–", "–", "no data")
    assert figure.rows[-1][3] == "not over yet"
    assert figure.rows[0][2] == "41,000"


def test_months_that_are_not_listed_count_as_missing(monthly, summary):
    figure = view.trend(monthly.drop(index=[3]), summary)
    assert figure.rows[3] == ("February 2025", "–", "–", "no data")


def test_months_before_the_first_value_are_left_out(monthly, summary):
    monthly.loc[:4, "value"] = np.nan
    assert view.trend(monthly, summary).rows[0][0] == "April 2025"


def test_a_trend_picks_the_rows_of_its_metric(monthly, summary):
    other = monthly.assign(metric="total_clicks", value=5000.0)
    both = pd.concat([monthly, other])
    assert view.trend(both, summary).rows == view.trend(monthly, summary).rows
    with pytest.raises(ValueError, match="2024-11 stands twice"):
        view.trend(both)


@pytest.mark.parametrize("months", [1, 2])
def test_a_trend_of_one_or_two_months_is_drawn(monthly, months):
    figure = view.trend(monthly.head(months), {"title": "Churn", "unit": "fraction"})
    assert len(figure.rows) == months
    assert "<svg" in figure.draw_svg()


def test_a_first_month_that_is_not_over_is_drawn_alone(monthly):
    figure = view.trend(monthly.tail(1), {"title": "Churn", "unit": "fraction"})
    assert figure.words.title == "Churn: no complete month yet"
    assert "<svg" in figure.draw_svg()


def test_a_day_within_a_month_is_refused(monthly):
    monthly["period_start"] += pd.Timedelta(days=3)
    with pytest.raises(ValueError, match="no first day of a month"):
        view.trend(monthly)


def test_a_running_total_starts_at_zero_and_ends_where_the_data_ends(paths, progress):
    figure = view.goal_progress(paths, progress)
    points = records(figure, "mops-line", "line")
    assert (points[0]["x"], points[0]["y"]) == ("2026-01-01", 0)
    assert (points[-1]["x"], points[-1]["y"]) == ("2026-09-30", 108000)
    plan = records(figure, "mops-plan", "line")
    assert (plan[-1]["x"], plan[-1]["y"]) == ("2026-12-31", 150000)
    assert "target\n150,000\nDec 31, 2026" in texts(figure)


def test_a_goal_says_statement_status_and_reason(paths, progress):
    figure = view.goal_progress(paths, progress)
    assert figure.words.title == "Increase total clicks from email by 25% in one year: at risk"
    assert figure.words.reading == "108,000 clicks of 112,500 that were expected."
    assert "Owner: mara." in figure.words.subtitle
    assert figure.words.alt.endswith("Actual 108,000, expected 112,500.")


def test_a_ratio_is_drawn_by_month_without_a_start_at_zero(figures):
    figure = figures["goal_ratio"]
    points = records(figure, "mops-line", "line")
    assert points[0]["x"] == "2026-01-01"
    assert min(point["y"] for point in points) > 0.004
    assert records(figure, "mops-plan", "line")[-1]["y"] == 0.004


def test_a_rate_over_several_months_is_drawn_over_them_and_named_with_its_period(paths, progress):
    row = progress | {"unit": "fraction", "target": 0.004, "actual": 0.0047, "denominator": 41000.0}
    row |= {"actual_period": "2026-07-01/2026-09-30", "basis": "3 months to Sep 2026", "aim": "3 months to Dec 2026"}
    levels = paths.assign(expected=np.linspace(0.0059, 0.0041, 12), actual=paths["actual"] / 3e7 + 0.004)
    figure = view.goal_progress(levels, row)

    (span,) = records(figure, "mops-whole", "rule")
    assert (span["x"], span["x2"], span["y"]) == ("2026-07-01", "2026-09-01", 0.0047)
    assert "0.47% over 3 months" in texts(figure)
    assert "Thick line: the figure that counts, over 3 months to Sep 2026." in figure.words.subtitle
    assert "Dashed: the planned path to the target, over 3 months to Dec 2026." in figure.words.subtitle


def test_a_goal_that_has_not_started_shows_its_path_alone(paths, progress):
    ahead = {key: value for key, value in progress.items() if key not in ("actual", "expected")} | {
        "status": "not_started"
    }
    figure = view.goal_progress(paths.assign(actual=np.nan, actual_through=pd.NaT), ahead)
    assert records(figure, "mops-line", "line") == []
    assert figure.words.alt.endswith("There is no actual figure yet.")


def test_a_total_that_has_not_started_is_recognized_by_its_path(paths, progress):
    ahead = {key: value for key, value in progress.items() if key not in ("actual", "expected")} | {
        "status": "not_started"
    }
    empty = paths.assign(actual=np.nan, actual_through=pd.NaT)
    total = view.goal_progress(empty, ahead)
    assert "total since the start" in total.words.subtitle
    assert (records(total, "mops-plan", "line")[0]["x"], records(total, "mops-plan", "line")[0]["y"]) == (
        "2026-01-01",
        0,
    )
    level = view.goal_progress(empty.assign(expected=np.linspace(0.0059, 0.0041, 12)), ahead | {"target": 0.004})
    assert "by month" in level.words.subtitle
    assert records(level, "mops-plan", "line")[0]["y"] == 0.0059


def test_progress_may_be_a_row_of_a_frame(paths, progress):
    frame = pd.DataFrame([progress])
    assert view.goal_progress(paths, frame).id == view.goal_progress(paths, frame.iloc[0]).id
    with pytest.raises(ValueError, match="one row is expected"):
        view.goal_progress(paths, pd.concat([frame, frame]))
