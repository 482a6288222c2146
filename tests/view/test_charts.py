"""The ready-made charts draw what is there, leave out what is not, and say so."""

import numpy as np
import pandas as pd
import pytest

from mopsnb import view
from mopsnb.view.figure import Figure


def records(figure, style, kind):
    """The data behind the marks of one style and kind."""
    found = []
    for part in figure.spec["layer"]:
        if part["mark"]["style"] == style and part["mark"]["type"] == kind:
            found += figure.spec["datasets"][part["data"]["name"]]
    return found


def texts(figure):
    return [row["text"] for style in ("mops-label", "mops-note", "mops-name") for row in records(figure, style, "text")]


def test_a_trend_says_value_month_change_and_whether_it_is_usual(monthly, summary):
    monthly["value"] = [0.004] * 21 + [0.005, 0.0045, 0.001]
    figure = view.trend(monthly, summary)
    assert (
        figure.words.title == "Email churn rate: 0.45% in September 2026, down 10.0% on August, inside the usual range"
    )
    assert figure.words.reading == "The month lies inside the usual range."
    assert figure.words.subtitle.startswith(
        "Formula: contacts who unsubscribed ÷ contacts who were sent an email. Shaded: the usual range, 0.25% to 0.56%."
    )


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


def test_no_data_is_a_note_and_not_an_empty_frame(monthly, summary, spend, paths, progress, people):
    empty = monthly.assign(value=np.nan)
    amounts = spend.assign(value=np.nan)
    unplanned = paths.assign(expected=np.nan)
    bars = pd.DataFrame({"name": ["a"], "n": [np.nan]})
    notes = [
        view.trend(empty, summary),
        view.trend(monthly.head(0), summary),
        view.lines(amounts, by="channel", unit="currency", title="Spend"),
        view.small_multiples(amounts, by="channel", unit="currency", title="Spend"),
        view.spend_by_channel(amounts, title="Spend"),
        view.goal_progress(unplanned, progress),
        view.goal_progress(paths.head(0), progress),
        view.stakeholder_map(people.head(0)),
        view.bars(bars, category="name", value="n", unit="count", title="Bars"),
    ]
    for note in notes:
        assert not isinstance(note, Figure)
        assert "no data" in note.text


def test_a_note_about_a_goal_gives_the_reason(paths, progress):
    note = view.goal_progress(paths.head(0), progress | {"reason": "The goal has no deadline."})
    assert "The goal has no deadline." in note.text


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
    assert figure.words.title == "Increase total clicks from email by 25 % in one year: at risk"
    assert figure.words.reading == "108,000 clicks of 112,500 that were expected."
    assert "Owner: mara." in figure.words.subtitle
    assert figure.words.alt.endswith("Actual 108,000, expected 112,500.")


def test_a_ratio_is_drawn_by_month_without_a_start_at_zero(figures):
    figure = figures["goal_ratio"]
    points = records(figure, "mops-line", "line")
    assert points[0]["x"] == "2026-01-01"
    assert min(point["y"] for point in points) > 0.004
    assert records(figure, "mops-plan", "line")[-1]["y"] == 0.004


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


def test_people_in_one_place_stand_side_by_side_under_one_label(people):
    figure = view.stakeholder_map(people)
    points = [point for point in records(figure, "mops-latest", "point") if point["y"] == 5 and point["x"] > 4]
    assert len({point["x"] for point in points}) == 2
    assert "Sales\nleadership,\nChief\nmarketing\nofficer" in texts(figure)


def test_a_stakeholder_without_a_goal_is_hollow(people):
    figure = view.stakeholder_map(people)
    assert [point["name"] for point in records(figure, "mops-hollow", "point")] == ["Agencies"]
    assert figure.words.title == "2 of 5 stakeholders are to be managed closely; 1 has no goal"
    assert "Hollow: no goal serves them." in figure.words.subtitle
    everyone = view.stakeholder_map(people.assign(goals=1))
    assert everyone.words.title.endswith("every one has a goal")
    assert "Hollow" not in everyone.words.subtitle


def test_spend_is_stacked_without_gaps_and_adds_up(spend):
    figure = view.spend_by_channel(spend, title="Spend", names={"search": "Paid search"})
    rows = figure.spec["datasets"][figure.spec["data"]["name"]]
    first = [row for row in rows if row["month"] == "October 2025"]
    assert [row["name"] for row in first] == ["Paid search", "social", "print"]
    assert first[0]["y"] == 0
    assert [row["y"] for row in first[1:]] == [row["y2"] for row in first[:-1]]
    assert first[-1]["y2"] == pytest.approx(13700)
    assert figure.rows[0] == ("October 2025", "$9,000", "$4,000", "$700.00", "$13,700")


def test_channels_carry_the_names_of_the_theme_and_an_area_a_capital(spend):
    view.use_theme("USD", channels={"search": "Paid search", "social": "Social media"})
    labels = [column["label"] for column in view.spend_by_channel(spend, title="Spend").columns]
    assert labels == ["Month", "Paid search", "Social media", "Print", "All channels"]


def test_a_month_of_spend_that_is_not_over_is_pale(spend):
    figure = view.spend_by_channel(spend, title="Spend")
    rows = figure.spec["datasets"][figure.spec["data"]["name"]]
    assert {row["opacity"] for row in rows if row["month"] == "September 2026"} == {0.45}
    assert {row["opacity"] for row in rows if row["month"] != "September 2026"} == {1}
    assert figure.words.subtitle == "Pale: September 2026, not over yet."


def test_a_bar_that_lacks_a_channel_says_so(spend):
    spend.loc[(spend["channel"] == "social") & (spend["period_start"] == "2026-02-01"), "value"] = np.nan
    figure = view.spend_by_channel(spend, title="Spend", names={"social": "Paid social"})
    assert figure.words.subtitle == "Pale: September 2026, not over yet. Without data: Paid social in February 2026."
    assert figure.rows[4][2] == "–"
    spend.loc[
        (spend["channel"] == "social")
        & (spend["period_start"] > "2025-11-01")
        & (spend["period_start"] < "2026-08-01"),
        "value",
    ] = np.nan
    assert "and 5 more, see the data." in view.spend_by_channel(spend, title="Spend").words.subtitle


def test_a_channel_has_the_same_color_whatever_stands_beside_it(spend):
    def slot(figure, name):
        return figure.spec["encoding"]["color"]["scale"]["domain"].index(name)

    alone = view.spend_by_channel(spend[spend["channel"] == "social"], title="Social")
    assert slot(alone, "social") == slot(view.spend_by_channel(spend, title="All"), "social") == 1


def test_channels_beyond_the_colors_are_shown_as_other(spend):
    many = pd.concat([spend[spend["channel"] == "search"].assign(channel=f"channel-{place:02}") for place in range(12)])
    figure = view.spend_by_channel(many, title="Spend")
    assert [column["label"] for column in figure.columns][-2:] == ["Other", "All channels"]
    assert len(figure.columns) == 1 + 7 + 1 + 1, "month, seven free colors, Other, total"
    assert figure.rows[0][-1] == "$108,000", "nothing is lost"
    one = view.spend_by_channel(many[many["channel"] < "channel-08"], title="Spend")
    assert one.columns[-2]["label"] == "channel-07", "a single one keeps its name"


def test_spend_without_a_channel_is_named_so(spend):
    spend.loc[spend["channel"] == "print", "channel"] = None
    assert "No channel" in [column["label"] for column in view.spend_by_channel(spend, title="Spend").columns]


def test_spend_that_stands_twice_or_is_negative_is_refused(spend):
    with pytest.raises(ValueError, match="stands twice"):
        view.spend_by_channel(pd.concat([spend, spend]), title="Spend")
    with pytest.raises(ValueError, match="negative"):
        view.spend_by_channel(spend.assign(value=-1.0), title="Spend")


def test_lines_are_named_at_their_ends_with_their_latest_complete_value(spend):
    figure = view.lines(spend, by="channel", unit="currency", title="Spend", names={"search": "Paid search"})
    assert "Paid search\n$16,500" in texts(figure)
    assert figure.rows[0] == ("October 2025", "$9,000", "$4,000", "$700.00")


def test_lines_differ_in_color_also_where_the_channels_use_all(spend):
    view.use_theme("USD", channels=[f"known-{place}" for place in range(12)])
    figure = view.lines(spend, by="channel", unit="currency", title="Spend")
    domain = next(
        part["encoding"]["color"]["scale"]["domain"] for part in figure.spec["layer"] if "color" in part["encoding"]
    )
    assert {"search", "social", "print"} <= set(domain)


def test_too_many_lines_strips_or_bars_are_refused(spend):
    many = pd.concat([spend[spend["channel"] == "search"].assign(channel=f"c{place:02}") for place in range(13)])
    with pytest.raises(ValueError, match="13 lines"):
        view.lines(many, by="channel", unit="currency", title="Spend")
    with pytest.raises(ValueError, match="13 strips"):
        view.small_multiples(many, by="channel", unit="currency", title="Spend")
    with pytest.raises(ValueError, match="26 bars"):
        view.bars(
            pd.DataFrame({"a": list(map(str, range(26))), "b": 1.0}), category="a", value="b", unit="count", title="t"
        )


def test_series_with_the_same_name_stay_apart(spend):
    figure = view.lines(spend, by="channel", unit="currency", title="Spend", names={"search": "Paid", "social": "Paid"})
    assert [column["label"] for column in figure.columns] == ["Month", "Paid (search)", "Paid (social)", "print"]


def test_each_strip_has_its_own_unit_and_says_its_latest_and_highest(spend):
    figure = view.small_multiples(
        spend, by="channel", unit={"search": "currency", "social": "count", "print": "EUR"}, title="All"
    )
    shown = texts(figure)
    assert {"search", "$16,500", "max $17,250", "7,333", "max 7,667", "€1,283"} <= set(shown)


def test_strips_hold_negative_values(spend):
    spend.loc[spend["channel"] == "print", "value"] -= 1000
    figure = view.small_multiples(spend, by="channel", unit="currency", title="All")
    heights = [point["y"] for point in records(figure, "mops-line", "line")]
    assert 0 <= min(heights) <= max(heights) <= 3


def test_bars_carry_their_figures_and_say_what_is_missing(figures):
    figure = figures["bars"]
    assert "$42.10" in texts(figure)
    assert [row["name"] for row in records(figure, "mops-bar", "rect")] == ["Search", "Email"]
    assert figure.words.alt == "Bars: Search $42.10; Email $9.40; Print no data."
    assert figure.rows[2] == ("Print", "–")


def test_bars_of_a_category_that_stands_twice_are_refused():
    frame = pd.DataFrame({"a": ["x", "x"], "b": [1.0, 2.0]})
    with pytest.raises(ValueError, match="stands twice"):
        view.bars(frame, category="a", value="b", unit="count", title="t")


def test_a_missing_column_is_named(monthly, paths, progress, people, spend):
    with pytest.raises(ValueError, match="needs the column value"):
        view.trend(monthly.drop(columns="value"))
    with pytest.raises(ValueError, match="needs the column expected"):
        view.goal_progress(paths.drop(columns="expected"), progress)
    with pytest.raises(ValueError, match="needs the column quadrant"):
        view.stakeholder_map(people.drop(columns="quadrant"))
    with pytest.raises(ValueError, match="needs the column area"):
        view.lines(spend, by="area", unit="currency", title="t")


def test_names_from_data_are_text_everywhere(spend, people, evil):
    spend["channel"] = spend["channel"].replace({"print": evil})
    people.loc[0, "name"] = evil
    for figure in (
        view.spend_by_channel(spend, title=evil),
        view.lines(spend, by="channel", unit="currency", title=evil),
        view.stakeholder_map(people, title=evil),
    ):
        assert "<img" not in figure.draw_svg()
