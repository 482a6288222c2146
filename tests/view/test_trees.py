"""The driver tree: nested steps with what is needed, the pace and the rate."""

import numpy as np
import pandas as pd
import pytest

from mopsnb import view

TREE = pd.DataFrame(
    {
        "metric": ["revenue_won", "new_customers"],
        "title": ["Revenue won", "New <customers>"],
        "unit": ["currency", "count"],
        "above": ["", "revenue_won"],
        "rate": [np.nan, 0.00002],
        "needed": [1_000_000.0, 20.0],
        "low": [1_000_000.0, 18.0],
        "high": [1_000_000.0, 24.0],
        "brought": [800_000.0, 16.0],
        "times": [1.25, 1.25],
        "months": [12, 12],
        "rate_text": ["", "Revenue won ÷ New customers: $50,000"],
        "statement": ["Win a million"] * 2,
    }
)


def test_each_step_lies_inside_the_one_above_with_its_range_pace_and_rate():
    view.use_theme("USD", "en_US")
    shown = view.driver_tree(TREE)

    assert shown.text.splitlines() == [
        "Driver tree of the goal “Win a million”",
        "Revenue won: $1,000,000: The last 12 months brought $800,000; the goal asks for 125% of that pace.",
        "  New <customers>: 20 (18 to 24): The last 12 months brought 16.: Revenue won ÷ New customers: $50,000",
    ]
    assert shown.html.count("<ul>") == shown.html.count("</ul>") == 2
    assert "<customers>" not in shown.html


def test_without_a_tree_a_note_says_what_it_needs_and_without_a_column_there_is_an_error():
    assert "six months" in view.driver_tree(TREE.iloc[:0]).text
    with pytest.raises(ValueError, match="needed"):
        view.driver_tree(TREE.drop(columns="needed"))


def test_what_is_folded_stands_behind_its_line_in_full():
    view.use_theme("USD", "en_US")
    shown = view.fold("Proof <1>", view.say("By **hand**."), view.no_data("Clicks"))

    assert shown.html.startswith('<details class="mops-fold"><summary>Proof &lt;1&gt;</summary>')
    assert "<strong>hand</strong>" in shown.html
    assert shown.text.splitlines()[:2] == ["Proof <1>", "By hand."]
