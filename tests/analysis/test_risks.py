"""Findings about goals in trouble."""

from datetime import date

import analysis_samples as samples
import pytest

from mopsnb.analysis import find_risks, track_goals

MARCH_END = date(2026, 3, 31)


def test_a_goal_in_trouble_is_a_finding_with_numbers_a_fix_and_its_owner():
    progress = track_goals(
        samples.make_strategy(
            samples.make_goal(id="behind"),
            samples.make_goal(id="risky", baseline=100, target=158_000),
            samples.make_goal(id="fine", baseline=100, target=120_000),
            samples.make_goal(id="empty", start=date(2025, 1, 1), deadline=date(2025, 12, 31)),
            samples.make_goal(id="unknown", metric="likes"),
            samples.make_goal(id="blank", baseline=None, metric=""),
            samples.make_goal(id="over", deadline=date(2026, 2, 28), baseline=10, target=30_000),
            samples.make_goal(**samples.CHURN | {"id": "churn"}),
        ),
        samples.CATALOGUE,
        dict.fromkeys(("behind", "risky", "fine", "unknown", "over"), samples.clicks(10_000, 10_000, 10_000))
        | {"churn": samples.churn(*[(60, 10_000)] * 3)},
        MARCH_END,
    )

    findings = {found.where: found for found in find_risks(progress)}

    assert {where: (found.id, found.severity) for where, found in findings.items()} == {
        "behind": ("goals.behind.behind", "warning"),
        "risky": ("goals.at_risk.risky", "info"),
        "empty": ("goals.no_data.empty", "warning"),
        "over": ("goals.missed.over", "error"),
        "churn": ("goals.behind.churn", "warning"),
    }
    assert {found.owner for found in findings.values()} == {"maya"}
    assert "30,000" in findings["behind"].evidence
    assert findings["behind"].fix.startswith("Bring Total clicks from email to 13,334 a month until December 31, 2026")
    assert findings["churn"].fix.startswith("Bring Email churn rate from 0.6% to 0.4% by December 31, 2026")
    assert findings["empty"].fix.startswith("Supply the missing months of Total clicks from email")
    assert findings["churn"].cost == (
        "What it costs to miss the target is not in the data: what each step of Email churn rate from 0.6% to 0.4% "
        "earns or saves would tell."
    )
    assert findings["empty"].cost == ""


@pytest.mark.parametrize(
    ("counts", "severity", "title"),
    [((10, 2_000), "info", "behind its path, within the noise"), ((60, 10_000), "warning", "behind its path")],
)
def test_a_goal_that_is_behind_by_no_more_than_the_noise_is_for_information(counts, severity, title):
    """30 of 6,000 lies between 0.35% and 0.71% and the path at 0.49%; 180 of 30,000 between 0.52% and 0.69%."""
    goal = samples.make_goal(**samples.CHURN)
    history = {goal.id: samples.churn(*[counts] * 3)}

    (found,) = find_risks(track_goals(samples.make_strategy(goal), samples.CATALOGUE, history, MARCH_END))

    assert (found.severity, found.title.endswith(title)) == (severity, True)
    assert found.id == f"goals.behind.{goal.id}"


def test_the_goal_with_the_least_of_its_change_comes_first():
    goals = [samples.make_goal(id=name, target=target) for name, target in (("b", 125_000), ("c", 160_000))]
    goals.append(samples.make_goal(id="a", start=date(2025, 1, 1), deadline=date(2025, 12, 31)))
    history = {name: samples.clicks(*[10_000] * 3) for name in "bc"}

    found = find_risks(track_goals(samples.make_strategy(*goals), samples.CATALOGUE, history, MARCH_END))

    assert [item.where for item in found] == ["c", "b", "a"]


def test_a_cap_in_trouble_names_what_a_month_may_still_take():
    """15,000 are left for 9 months."""
    goal = samples.make_goal(metric="spend", baseline=100_000, target=60_000)
    progress = track_goals(
        samples.make_strategy(goal), samples.CATALOGUE, {"clicks": samples.clicks(*[15_000] * 3)}, MARCH_END
    )

    (found,) = find_risks(progress)

    assert found.fix.startswith("Keep Marketing spend to at most 1,666 EUR a month until December 31, 2026")


@pytest.mark.parametrize(("as_of", "severity"), [(date(2026, 5, 31), "error"), (date(2026, 6, 1), "info")])
def test_a_goal_missed_more_than_a_quarter_ago_is_for_information(as_of, severity):
    """The deadline is February 28; May 31 is 92 days later."""
    goal = samples.make_goal(deadline=date(2026, 2, 28))
    history = {"clicks": samples.clicks(*[1_000] * 6)}

    (found,) = find_risks(track_goals(samples.make_strategy(goal), samples.CATALOGUE, history, as_of))

    assert (found.id, found.severity) == ("goals.missed.clicks", severity)


@pytest.mark.parametrize(("chance", "start"), [(0.09, "Agree with the stakeholders on a target"), (0.1, "Bring Email")])
def test_a_goal_that_the_forecast_all_but_rules_out_needs_another_target_first(chance, start):
    goal = samples.make_goal(**samples.CHURN)
    history = {goal.id: samples.churn(*[(60, 10_000)] * 3)}
    progress = track_goals(samples.make_strategy(goal), samples.CATALOGUE, history, MARCH_END)

    [found] = find_risks(progress.assign(probability=chance, chance=f"{chance:.0%}"))

    assert found.fix.startswith(start)
    assert ("the chance of 0.4% by December 31, 2026 is 9%." in found.fix) == (chance < 0.1)
