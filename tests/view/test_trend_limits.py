"""A metric's chart with the usual range of each month and its forecast; small lines in a table."""

import base64
import re

import altair
import jsonschema
import pandas as pd
import pytest
from chart_samples import records, texts

from mopsnb import view
from mopsnb.view.sparks import draw_spark, write_blocks

pytestmark = pytest.mark.slow
SUMMARY = {"metric": "leads", "title": "Leads", "unit": "count", "target": 120.0, "usual_low": 80, "usual_high": 120}
MONTHLY = pd.DataFrame(
    {
        "metric": "leads",
        "period_start": pd.date_range("2026-01-01", periods=5, freq="MS"),
        "value": [100.0, None, 160.0, 104.0, 12.0],
        "is_complete": [True, True, True, True, False],
    }
)
LIMITS = pd.DataFrame(
    {
        "metric": "leads",
        "period_start": pd.date_range("2026-01-01", periods=4, freq="MS"),
        "low": [80.0, 80.0, 81.0, 82.0],
        "high": 120.0,
        "level": [0, 0, 0, 1],
        "signal": ["", "", "outside", "shift"],
    }
)
AHEAD = pd.DataFrame(
    {
        "metric": "leads",
        "period_start": pd.date_range("2026-05-01", periods=2, freq="MS"),
        "median": [101.0, 102.0],
        "low": [91.0, 90.0],
        "high": [111.0, 113.0],
        "beside": [99.0, 160.0],
    }
)


def test_each_month_has_its_own_usual_range_and_a_new_level_breaks_the_band():
    band = records(view.trend(MONTHLY, SUMMARY, limits=LIMITS), "mops-band", "area")

    assert [(one["y"], one["y2"], one["level"]) for one in band] == [
        *((80.0, 120.0, 0), (80.0, 120.0, 0), (81.0, 120.0, 0), (82.0, 120.0, 1)),
    ]


def test_a_month_that_lacks_days_of_data_has_a_triangle_and_says_how_many():
    limits = LIMITS.assign(missing_days=[0, 0, 3, 1])
    figure = view.trend(MONTHLY, SUMMARY, limits=limits)

    assert [(one["x"], one["lack"]) for one in records(figure, "mops-lack", "point")] == [
        ("2026-03-01", "3 days missing"),
        ("2026-04-01", "1 day missing"),
    ]
    assert {"3 days missing", "1 day missing"} <= set(texts(figure))
    assert "Triangle: a month that lacks days of data, so a dip there may be no signal." in figure.words.subtitle
    assert "Days of data missing: 3 in March 2026, 1 in April 2026." in figure.words.alt
    assert figure.rows[2][-1] == "outside its usual range, 3 days missing"
    assert not records(view.trend(MONTHLY, SUMMARY, limits=LIMITS), "mops-lack", "point")


def test_a_month_outside_its_range_has_a_ring_and_is_named():
    figure = view.trend(MONTHLY, SUMMARY, limits=LIMITS)

    assert [one["x"] for one in records(figure, "mops-goal", "point")] == ["2026-03-01"]
    assert "Outside the usual range: March 2026." in figure.words.alt
    assert "Ring: a month outside it." in figure.words.subtitle
    assert "Shaded: the usual range of each month, 80 to 120 for the latest." in figure.words.subtitle
    assert [row[-1] for row in figure.rows] == [
        *("–", "no data", "outside its usual range", "a new level begins about here", "not over yet")
    ]


def test_the_forecast_stands_behind_the_months_with_its_interval_and_the_other_way():
    figure = view.trend(MONTHLY, SUMMARY, limits=LIMITS, ahead=AHEAD)

    assert [one["y"] for one in records(figure, "mops-hollow", "point")] == [101.0, 102.0, 12.0]
    assert [(one["y"], one["y2"]) for one in records(figure, "mops-area", "area")] == [(91.0, 111.0), (90.0, 113.0)]
    assert [one["y"] for one in records(figure, "mops-plan", "line")] == [99.0, 160.0]
    assert {"102", "other way", "104"} <= set(texts(figure))
    assert "Forecast for June 2026: 102, 80% interval 90 to 113." in figure.words.alt
    assert [row[1] for row in figure.rows[-2:]] == ["101", "102"]
    assert figure.rows[-1][-1] == "forecast"
    assert "<svg" in figure.draw_svg()


def test_a_chart_keeps_to_the_schema_of_vega_lite_which_is_not_checked_when_a_page_is_made():
    spec = dict(view.trend(MONTHLY, SUMMARY | {"interval": "Wilson 95%", "low": 95, "high": 113}, limits=LIMITS).spec)

    altair.LayerChart.from_dict({key: value for key, value in spec.items() if key != "config"}).to_dict()
    with pytest.raises(jsonschema.ValidationError):
        altair.LayerChart.from_dict({"layer": [{"mark": {"type": "no such mark"}}]}).to_dict()


def test_months_before_those_that_are_drawn_have_no_range():
    figure = view.trend(MONTHLY.iloc[2:], SUMMARY, limits=LIMITS)

    assert [one["y"] for one in records(figure, "mops-band", "area")] == [81.0, 82.0]


def test_ranges_and_forecasts_of_other_metrics_are_left_out():
    others = {"limits": LIMITS.assign(metric="spend"), "ahead": AHEAD.assign(metric="spend")}

    assert view.trend(MONTHLY, SUMMARY, **others).spec == view.trend(MONTHLY, SUMMARY).spec


def test_a_frame_that_lacks_a_column_is_refused():
    with pytest.raises(ValueError, match="signal"):
        view.trend(MONTHLY, SUMMARY, limits=LIMITS.drop(columns="signal"))


def test_a_gallery_has_a_chart_for_each_row_and_a_note_where_there_is_no_data():
    items = view.trend_gallery(MONTHLY, [SUMMARY, {"metric": "spend", "title": "Spend"}], limits=LIMITS).items

    assert [type(item) for item in items] == [view.Figure, view.Html]


def test_a_spark_has_a_block_a_month_and_a_space_where_one_is_missing():
    """By hand: of eight blocks, 0 is the first, 7 the last, 3 the fourth."""
    assert write_blocks([0.0, 7.0, None, 3.0]) == "▁█ ▄"
    assert write_blocks([5.0, 5.0]) == "▁▁"
    assert write_blocks([None]) == "–"


def test_a_spark_is_drawn_from_low_to_high_and_breaks_at_a_gap():
    picture = draw_spark([0.0, 2.0, None, 1.0], 'of "four"')
    svg = base64.b64decode(re.search(r"base64,([^\"]+)", picture)[1]).decode()

    assert 'd="M4.0 22.0L36.0 4.0M100.0 13.0"' in svg
    assert 'cx="100.0" cy="13.0"' in svg
    assert 'alt="of &quot;four&quot;"' in picture


def test_metrics_at_a_glance_are_a_table_a_group_with_a_small_line():
    rows = pd.DataFrame(
        {
            "group": ["Email", "Email", "Leads"],
            "title": ["Churn", "Clicks", "Leads"],
            "unit": ["fraction", "count", "count"],
            "history": pd.Series([[0.1, 0.2], [1.0, None], []], dtype=object),
            "value": [0.2, 1.0, 3.0],
            "target_text": ["10% over 3 months to Dec 2026", "", ""],
            "change": [1.0, None, None],
            "change_last_year": [None, None, 0.5],
            "verdict": ["Noise", "Signal: above usual", "Too few months"],
            "forecast": ["15% (10% to 20%) in Dec 2026", "", ""],
        }
    )
    email, leads = view.glance(rows).items

    assert email.html.count("<img ") == 2
    assert "▁█" in email.text
    assert "15% (10% to 20%) in Dec 2026" in email.html
    assert "10% over 3 months to Dec 2026" in email.html
    assert "<img" not in leads.html
    (nothing,) = view.glance(rows.iloc[:0]).items
    assert "no data" in nothing.text
