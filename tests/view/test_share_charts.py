"""Shares by month draw their intervals, the promise and what is clearly below it, nothing where nothing is known."""

import numpy as np
import pandas as pd
import pytest
from chart_samples import records, texts

from mopsnb import view

pytestmark = pytest.mark.slow


def test_a_month_surely_below_its_promise_is_a_triangle_and_an_open_month_is_hollow(kept):
    figure = view.shares(kept, title="Tickets fell short")
    assert [point["x"] for point in records(figure, "mops-latest", "point")] == ["2026-02-01"]
    assert [point["x"] for point in records(figure, "mops-hollow", "point")] == ["2026-03-01"]
    assert [point["x"] for point in records(figure, "mops-point", "point")] == ["2026-01-01", "2026-03-01"]
    assert "Triangle: clearly below the promise." in figure.words.subtitle
    assert "Hollow: the month is not over" in figure.words.subtitle


def test_the_scale_starts_at_the_quarter_below_everything_and_says_so(kept):
    figure = view.shares(kept, title="Tickets fell short")
    assert figure.words.subtitle.startswith("Each strip runs from 25% to 100%.")
    bars = records(figure, "mops-interval", "rule")
    top, bottom = (1 + 0.06 + share * 0.62 for share in ((0.98 - 0.25) / 0.75, (0.90 - 0.25) / 0.75))
    assert (bars[0]["y2"], bars[0]["y1"]) == (pytest.approx(top, abs=1e-6), pytest.approx(bottom, abs=1e-6))
    high = kept.assign(low=0.8, value=0.9, high=0.95, target=0.9)
    assert view.shares(high, title="x").words.subtitle.startswith("Each strip runs from 75% to 100%.")
    low = kept.assign(low=0.1)
    assert view.shares(low, title="x").words.subtitle.startswith("Each strip runs from 0")


def test_only_a_promise_has_a_dashed_line_and_labels_are_written_out(kept):
    figure = view.shares(kept, title="Tickets fell short")
    assert len(records(figure, "mops-target", "rule")) == 1
    assert {"Tickets are solved", "News arrive", "promise 90%", "last 92.0%", "last 60.0%", "25%"} <= set(texts(figure))


def test_text_and_table_say_what_is_drawn(kept):
    figure = view.shares(kept, title="Tickets fell short")
    assert figure.words.alt == (
        "Shares by month with intervals, January 2026 to March 2026: Tickets are solved 92.0% in March 2026, promised "
        "90.0%, clearly below in February 2026; News arrive 60.0% in March 2026."
    )
    assert [column["label"] for column in figure.columns][:3] == ["Month", "Promise", "Decided requests"]
    assert figure.rows[0] == ("March 2026", "News arrive", "9", "60.0%", "30.0%", "85.0%", "–")
    assert len(figure.rows) == 4


def test_a_long_name_is_broken_over_lines(kept):
    name = "All parties have what they need and hear from each other"
    figure = view.shares(kept.assign(name=name).drop_duplicates("period_start"), title="x")
    assert name.replace("need and hear", "need and hear\n").replace("\n ", "\n") in set(texts(figure))


def test_nothing_known_is_a_note_and_a_missing_column_or_too_many_strips_are_refused(kept):
    assert view.shares(kept.assign(value=np.nan), title="Promises").text.startswith("Promises: no data")
    assert view.shares(kept.head(0), title="Promises").text.startswith("Promises: no data")
    with pytest.raises(ValueError, match="needs the column target"):
        view.shares(kept.drop(columns="target"), title="x")
    many = pd.concat([kept.head(1).assign(name=f"Promise {place}") for place in range(13)])
    with pytest.raises(ValueError, match="13 strips are too many to read, at most 12"):
        view.shares(many, title="x")
