"""The matrix of goals and what they are tied to."""

import pandas as pd
import pytest
from chart_samples import records, texts

from mopsnb import view
from mopsnb.view.figure import Figure

LINKS = pd.DataFrame(
    {
        "goal": ["a", "a", "a", "b", "b", "b"],
        "statement": ["Same words"] * 6,
        "link": ["Metric", "Tasks", "Sales"] * 2,
        "kind": ["metric", "task", "stakeholder"] * 2,
        "count": [1.0, 12.0, 1.0, 1.0, 0.0, 0.0],
    }
)


def test_a_tie_is_a_filled_cell_and_none_is_a_hollow_one():
    figure = view.trace_matrix(LINKS)

    full, empty = records(figure, "mops-bar", "rect"), records(figure, "mops-gap", "rect")
    assert [(cell["column"], cell["text"]) for cell in full] == [
        ("Metric", "1"),
        ("Tasks", "12"),
        ("Sales", "1"),
        ("Metric", "1"),
    ]
    assert [cell["column"] for cell in empty] == ["Tasks", "Sales"]
    assert {"Metric", "Tasks", "Sales", "Same words"} <= set(texts(figure))


def test_two_goals_of_the_same_words_are_two_rows_and_the_gaps_are_said():
    figure = view.trace_matrix(LINKS)

    assert figure.words.title == "1 of 2 goals lack a metric, a task or a stakeholder"
    assert figure.words.alt.endswith("Without a tie: Same words: no task and no stakeholder.")
    assert view.trace_matrix(LINKS.head(3)).words.title == "Every goal has its ties"


def test_a_column_that_nobody_can_count_is_left_out():
    links = LINKS.assign(count=LINKS["count"].where(LINKS["link"] != "Tasks"))

    assert "Tasks" not in texts(view.trace_matrix(links))


def test_without_goals_there_is_a_note_and_without_a_column_an_error():
    assert not isinstance(view.trace_matrix(LINKS.head(0)), Figure)
    with pytest.raises(ValueError, match="count"):
        view.trace_matrix(LINKS.drop(columns="count"))
