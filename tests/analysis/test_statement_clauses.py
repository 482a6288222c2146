"""Clauses of a statement that are no part of the change, and figures whose sign or brackets say what they are."""

from datetime import date

import pytest
import smart_goal_samples as goals

from mopsnb.analysis.statements import read_statement
from mopsnb.analysis.statements.sizes import find_change
from mopsnb.strategy import Goal, Stakeholder, Strategy

TODAY = date(2025, 12, 31)
SUPPORT = Strategy(
    goals=[Goal(id="revenue", statement="Revenue 2026: win 20% more"), Goal(id="leads", statement="More leads")],
    stakeholders=[Stakeholder(id="sales", name="Sales", power=4, interest=5)],
)


@pytest.mark.parametrize(
    ("statement", "parent"),
    [
        ("In support of Revenue 2026, raise SQLs from 90 to 101 a month by 30 June 2026", "revenue"),
        ("Raise SQLs from 90 to 101 a month by 30 June 2026, which feeds Revenue 2026", "revenue"),
        ("For Sales: raise SQLs from 90 to 101 a month by 30 June 2026 (linked to leads)", "leads"),
        ("Raise SQLs from 90 to 101 a month by 30 June 2026, requested by Sales", None),
    ],
)
def test_a_clause_that_names_the_larger_goal_or_the_asker_is_no_part_of_the_change(statement, parent):
    found = read_statement(statement, SUPPORT, goals.make_catalogue(), TODAY)

    assert found.metric == "sales_qualified_leads"
    assert (found.change.baseline.value, found.change.target.value) == (90, 101)
    assert found.period.deadline == date(2026, 6, 30)
    assert found.parent == parent


@pytest.mark.parametrize("statement", ["Reach revenue won of 2m in 2026", "Leads from Sales up by 10% in 2026"])
def test_a_metric_with_the_name_of_a_goal_is_no_parent(statement):
    found = read_statement(statement, SUPPORT, goals.make_catalogue(), TODAY)

    assert found.parent is None
    assert found.metric in ("revenue_won", "leads")
    assert found.period.deadline == date(2026, 12, 31)


def test_a_goal_that_opens_with_its_own_name_keeps_its_year():
    strategy = Strategy(goals=[Goal(id="a", statement="Open rate 2026: from 30% to 33% by the end of 2026")])
    found = read_statement(strategy.goals[0].statement, strategy, goals.make_catalogue(), TODAY)

    assert (found.parent, found.metric, found.period.deadline) == (None, "open_rate", date(2026, 12, 31))


@pytest.mark.parametrize(
    ("text", "kind", "way", "amount"),
    [
        ("pipeline +18%", "fraction", "up", 0.18),
        ("plus 18% pipeline", "fraction", "up", 0.18),
        ("cost: minus 9%", "fraction", "down", 0.09),
        ("cost: -9%", "fraction", "down", 0.09),
        ("cut the cost - 9%", "fraction", "down", 0.09),
    ],
)
def test_a_sign_before_a_figure_is_a_direction(text, kind, way, amount):
    found = find_change(text)

    assert (found.kind, found.way, found.amount) == (kind, way, pytest.approx(amount))


def test_a_figure_in_brackets_beside_a_word_such_as_currently_is_where_the_change_starts():
    level, relative = find_change("a rate of 2.8 % (average: 2.5%)"), find_change("raise it by 10 % (now 40)")

    assert (level.kind, level.baseline.value, level.target.value, level.way) == ("level", 2.5, 2.8, "up")
    assert (relative.kind, relative.baseline.value, relative.amount) == ("fraction", 40, pytest.approx(0.1))


def test_content_that_is_published_is_a_metric_and_content_alone_is_none():
    said = [
        read_statement(text, SUPPORT, goals.make_catalogue(), TODAY).metric
        for text in ("Publish 11% more content in 2026", "Make our content 11% more relevant in 2026")
    ]

    assert said == ["content_published", ""]
