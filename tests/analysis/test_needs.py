"""Needs by rank, how far interviews agree, and what no goal answers."""

from datetime import date

import analysis_samples as samples
import pytest

from mopsnb.analysis import check_needs, describe_agreement, measure_agreement, rank_needs
from mopsnb.strategy import Interview, Need, Stakeholder

PEOPLE = [Stakeholder(id=name, name=name.title(), power=3, interest=3) for name in ("sales", "ceo", "it")]
NEEDS = [Need(id="leads", name="Good leads"), Need(id="speed", name="A fast call"), Need(id="proof", name="Proof")]
TALKS = [
    Interview(stakeholder="sales", ranking=["leads", "speed", "proof"]),
    Interview(stakeholder="ceo", ranking=["proof", "leads", "speed"]),
    Interview(stakeholder="it", ranking=["leads"]),
]


def make(*goals, talks=TALKS, needs=NEEDS):
    return samples.make_strategy(*goals, stakeholders=PEOPLE, needs=needs, interviews=talks)


def test_needs_stand_in_the_order_of_their_mean_rank():
    """Leads (1 + 2 + 1) / 3, proof (3 + 1 + 2.5) / 3, speed (2 + 3 + 2.5) / 3."""
    frame = rank_needs(make(samples.make_goal(needs=["leads"], stakeholders=["sales"])))

    assert frame["need"].tolist() == ["leads", "proof", "speed"]
    assert frame["mean_rank"].tolist() == pytest.approx([4 / 3, 6.5 / 3, 7.5 / 3])
    assert frame["rank"].tolist() == [1, 2, 3]
    assert (frame["best"].tolist(), frame["worst"].tolist()) == ([1, 1, 2], [2, 3, 3])
    assert frame["first_for"].tolist() == ["Sales and It", "Ceo", ""]
    assert frame["last_for"].tolist() == ["", "Sales", "Ceo"]
    assert frame["named"].tolist() == [3, 2, 2]
    assert frame["served"].tolist() == ["yes", "no", "no"]


def test_the_order_of_interviews_does_not_matter():
    assert (
        rank_needs(make())
        .drop(columns="first_for")
        .equals(rank_needs(make(talks=TALKS[::-1])).drop(columns="first_for"))
    )


def test_needs_without_interviews_have_no_rank():
    frame = rank_needs(make(talks=[]))

    assert frame["rank"].isna().all()
    assert "nobody can say how far stakeholders agree" in describe_agreement(measure_agreement(make(talks=[])))


def test_agreement_is_said_with_its_probability():
    alike = make(talks=[Interview(stakeholder="sales", ranking=["leads", "speed", "proof"])] * 4)

    text = describe_agreement(measure_agreement(alike))

    assert "Kendall's W is **1.00**" in text
    assert "a probability of 0.005 (exact)" in text
    assert "The interviews agree to a large part" in text
    assert "do not agree beyond chance" in describe_agreement(measure_agreement(make()))


def test_needs_without_a_goal_and_goals_without_a_need_are_findings():
    asked, unasked = (
        samples.make_goal(id="a", needs=["leads"], stakeholders=["sales"]),
        samples.make_goal(id="b", stakeholders=["ceo"]),
    )
    over = samples.make_goal(id="c", stakeholders=["ceo"])
    alone = samples.make_goal(id="d", stakeholders=[])

    found = {item.id: item for item in check_needs(make(asked, unasked, alone), date(2026, 6, 30))}

    assert set(found) == {"needs.unserved.speed", "needs.unserved.proof", "goals.no-need.b"}
    assert found["needs.unserved.proof"].severity == "warning"
    assert "number 2 of 3" in found["needs.unserved.proof"].evidence
    assert found["goals.no-need.b"].severity == "info"
    assert all(item.where != "c" for item in check_needs(make(asked, over), date(2027, 6, 30)))


def test_without_any_need_nothing_is_asked():
    assert check_needs(make(samples.make_goal(), talks=[], needs=[]), None) == []
