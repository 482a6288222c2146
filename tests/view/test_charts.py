"""The ready-made charts of parts and comparisons draw what is there, leave out what is not, and say so."""

import altair
import jsonschema
import numpy as np
import pandas as pd
import pytest
import vl_convert
from chart_samples import records, texts

from mopsnb import view
from mopsnb.view.figure import Figure, Words, make_figure, read_layers, read_spec
from mopsnb.view.marks import layer

pytestmark = pytest.mark.slow


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
    assert (
        figure.words.subtitle
        == "Pale: September 2026, not over yet. Nothing is recorded: Paid social in February 2026."
    )
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


def test_charts_of_these_tests_are_compared_with_the_schema_of_vega_lite():
    wrong = layer([{"x": 1, "y": 2}]).mark_point().encode(altair.X("x:Q"))
    wrong.mark = {"type": "no such mark"}
    words = Words("Title", "Text")

    with pytest.raises(jsonschema.ValidationError):
        make_figure(read_layers([wrong], 100), words, pd.DataFrame({"x": [1]}))
    wrong.mark = "point"
    assert make_figure(read_layers([wrong], 100), words, pd.DataFrame({"x": [1]})).spec["height"] == 100


def test_layers_are_drawn_as_altair_layers_them():
    points = layer([{"x": 1, "y": 2}, {"x": 3, "y": 1}]).encode(altair.X("x:Q"), altair.Y("y:Q"))
    bars = layer([{"x": 2, "y": 2}]).mark_bar(width=5).encode(altair.X("x:Q"), altair.Y("y:Q"))
    layers = [points.mark_line(), points.mark_point(), bars]
    known = read_spec(altair.layer(*layers).properties(height=100, width=200))

    drawn = vl_convert.vegalite_to_svg(read_layers(layers, 100) | {"width": 200})
    assert drawn == vl_convert.vegalite_to_svg(known)
    assert drawn.count("<path") > 5


def test_layers_share_their_records():
    one = layer([{"x": 1, "y": 2}])

    assert one.copy(deep=True).data is one.data
    assert altair.layer(one.mark_point(), one.mark_line()).to_dict()["layer"][0].keys() >= {"mark"}
