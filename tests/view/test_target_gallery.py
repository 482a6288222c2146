"""Proposed targets: the goals' own periods in sight, the next ones behind a line."""

import numpy as np
import pandas as pd

from mopsnb import view

ROW = {"statement": "Clicks", "unit": "count", "target": 100.0, "chance": "40%", "conservative_text": "80 (90%)"}
ROW |= {"likely_text": "97 (50%)", "stretch_text": "120 (10%)", "reason": ""}


def test_the_next_period_is_folded_and_has_no_target_of_its_own():
    view.use_theme("USD", "en_US")
    later = ROW | {"period": "next", "span": "2027", "target": np.nan, "chance": ""}
    first, following = view.target_gallery(pd.DataFrame([ROW | {"period": "this", "span": "2026"}, later])).items

    assert "Target today" in first.text
    assert "40%" in first.text
    assert "Why none" not in first.text
    assert following.html.startswith("<details")
    assert "Target today" not in following.text
    assert "120 (10%)" in following.text


def test_a_reason_has_a_column_and_without_goals_there_is_one_note():
    view.use_theme("USD", "en_US")
    lacking = dict.fromkeys(("chance", "conservative_text", "likely_text", "stretch_text"), "")
    frame = pd.DataFrame([ROW | lacking | {"period": "this", "span": "2026", "reason": "Too short."}])

    assert "Too short." in view.target_gallery(frame).items[0].text
    (note,) = view.target_gallery(frame.iloc[:0]).items
    assert note.text == "No goal has a forecast."
