"""What ties entries together: ids, references, parents and shares."""

import pytest

from mopsnb.strategy import parse_strategy

SALES = "stakeholders: [{id: sales, power: 1, interest: 1}]\n"


@pytest.mark.parametrize(
    ("text", "field", "fix"),
    [
        ("goals: [{id: a, stakeholders: [sale]}]", "goals[a].stakeholders[0]", "Did you mean 'sales'?"),
        ("goals: [{id: a, stakeholders: [zebra]}]", "goals[a].stakeholders[0]", "Declare 'zebra', or correct the id."),
        ("goals: [{id: a, stakeholders: [marketing]}]", "goals[a].stakeholders[0]", "Declare 'marketing'"),
        ("needs: [{id: leads}]\ngoals: [{id: a, needs: [lead]}]", "goals[a].needs[0]", "Did you mean 'leads'?"),
        ("interviews: [{stakeholder: sale}]", "interviews[0].stakeholder", "Did you mean 'sales'?"),
        ("needs: [{id: leads}]\ninterviews: [{stakeholder: sales, ranking: [leads, zebra]}]",
         "interviews[0].ranking[1]", "Declare 'zebra'"),
        ("goals: [{id: revenue}, {id: a, parent: Revenue}]", "goals[a].parent", "Did you mean 'revenue'?"),
        ("agreements: [{id: a, provider: slaes, consumer: sales}]", "agreements[a].provider", "Did you mean 'sales'?"),
        ("agreements: [{id: a, provider: sales, consumer: finance}]", "agreements[a].consumer", "Declare 'finance'"),
        ("channels: [{id: search}]\nbudget: {year: 2026, total: 1, areas: [{id: x, channel: serch, share: 1}]}",
         "budget.areas[x].channel", "Did you mean 'search'?"),
    ],
)  # fmt: skip
def test_a_reference_to_nothing_is_a_fault_with_the_nearest_id(find_faults, text, field, fix):
    (fault,) = find_faults(SALES + text)
    assert fault.field == field
    assert fix in fault.fix
    assert "the id of a" in fault.expected


def test_parties_of_an_agreement_are_stakeholders_people_and_the_team_itself():
    text = SALES + "people: [{id: ada}]\nagreements:\n"
    text += "  - {id: a, provider: sales, consumer: marketing}\n  - {id: b, provider: ada, consumer: sales}\n"
    assert [agreement.provider for agreement in parse_strategy(text).agreements] == ["sales", "ada"]


def test_an_owner_may_be_anybody():
    assert parse_strategy("goals: [{id: a, owner: The agency}]").goals[0].owner == "The agency"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("stakeholders: [{id: x, power: 1, interest: 1}, {id: 'x', power: 1, interest: 1}]", "stakeholders[x].id"),
        ("needs: [{id: x}, {id: x}]", "needs[x].id"),
        ("goals: [{id: x}, {id: y}, {id: x}]", "goals[x].id"),
        ("channels: [{id: 01}, {id: '01'}]", "channels[01].id"),
        ("people: [{id: x}, {id: x}]", "people[x].id"),
        ("tools: [{id: x}, {id: x}]", "tools[x].id"),
        ("budget: {year: 2026, total: 1, areas: [{id: x, share: 0.5}, {id: x, share: 0.5}]}", "budget.areas[x].id"),
        ("agreements: [{id: x, provider: marketing, consumer: marketing},"
         " {id: x, provider: marketing, consumer: marketing}]", "agreements[x].id"),
    ],
)  # fmt: skip
def test_an_id_that_stands_twice_in_a_list_is_a_fault(find_faults, text, field):
    (fault,) = find_faults(text)
    assert (fault.field, fault.expected) == (field, "an id that no other entry of the list has")


def test_the_same_id_may_stand_in_two_lists():
    assert parse_strategy("tools: [{id: x}]\npeople: [{id: x}]").people[0].id == "x"


def test_ids_that_differ_in_leading_zeros_are_different():
    assert [tool.id for tool in parse_strategy("tools: [{id: 1}, {id: 01}]").tools] == ["1", "01"]


@pytest.mark.parametrize(
    ("parents", "circle"),
    [
        ({"a": "a"}, "a → a"),
        ({"a": "b", "b": "a"}, "a → b → a"),
        ({"top": None, "x": "a", "a": "b", "b": "c", "c": "a"}, "a → b → c → a"),
    ],
)
def test_a_circle_of_parents_is_one_fault_that_shows_the_circle(find_faults, parents, circle):
    goals = ", ".join(f"{{id: {goal}, parent: {parent or 'null'}}}" for goal, parent in parents.items())
    (fault,) = find_faults(f"goals: [{goals}]")
    assert fault.field == "goals[a].parent"
    assert circle in fault.fix


def test_a_chain_of_parents_is_no_circle():
    strategy = parse_strategy("goals: [{id: a, parent: b}, {id: b, parent: c}, {id: c}, {id: d, parent: b}]")
    assert [goal.parent for goal in strategy.goals] == ["b", "c", None, "b"]


@pytest.mark.parametrize(("shares", "total"), [([0.6, 0.5], "1.1"), ([0.5, 0.5, 0.002], "1.002")])
def test_shares_that_sum_to_more_than_one_are_a_fault(find_faults, shares, total):
    areas = ", ".join(f"{{id: a{number}, share: {share}}}" for number, share in enumerate(shares))
    (fault,) = find_faults(f"budget: {{year: 2026, total: 1, areas: [{areas}]}}")
    assert (fault.field, fault.value) == ("budget.areas", f"{total} in total")


@pytest.mark.parametrize("shares", [[0.6, 0.4], [0.334, 0.333, 0.3335], [0.5, 0.3], [0.4], []])
def test_shares_that_sum_to_at_most_one_within_a_thousandth_are_valid(shares):
    areas = ", ".join(f"{{id: a{number}, share: {share}}}" for number, share in enumerate(shares))
    budget = parse_strategy(f"budget: {{year: 2026, total: 1, areas: [{areas}]}}").budget
    assert budget is not None
    assert [area.share for area in budget.areas] == shares


@pytest.mark.parametrize(
    ("phasing", "value", "fix"),
    [
        (["0.5", "0.5"], "a list of 2", "one number for each of the 12 months"),
        (["0"] * 12, "0 in total", "Leave phasing out"),
    ],
)
def test_phasing_is_twelve_numbers_that_are_not_all_zero(find_faults, phasing, value, fix):
    (fault,) = find_faults(
        f"budget: {{year: 2026, total: 1, areas: [{{id: a, share: 1, phasing: [{', '.join(phasing)}]}}]}}"
    )
    assert (fault.field, fault.value) == ("budget.areas[a].phasing", value)
    assert fix in fault.fix


def test_a_month_of_phasing_that_is_no_number_is_named_by_its_position(find_faults):
    phasing = ", ".join(["0.5", "half", *["0"] * 10])
    (fault,) = find_faults(f"budget: {{year: 2026, total: 1, areas: [{{id: a, share: 1, phasing: [{phasing}]}}]}}")
    assert (fault.field, fault.value) == ("budget.areas[a].phasing[1]", "half")


def test_a_deadline_before_the_start_is_a_fault(find_faults):
    (fault,) = find_faults("goals:\n  - id: a\n    deadline: 2026-01-31\n    start: 2026-02-01\n")
    assert (fault.place, fault.field, fault.value) == ("line 3", "goals[a].deadline", "2026-01-31")
    assert "2026-02-01" in fault.expected


def test_a_deadline_on_the_day_of_the_start_is_valid():
    goal = parse_strategy("goals: [{id: a, start: 2026-02-01, deadline: 2026-02-01}]").goals[0]
    assert goal.start == goal.deadline
