"""SMART verdicts, letter by letter."""

import math
from datetime import date

import analysis_samples as samples
import pandas as pd
import pytest

from mopsnb.analysis import find_flaws, judge_goals
from mopsnb.strategy import Channel, Goal

NAN = math.nan
# 96,000 clicks in 2024 and 120,000 in 2025: +25% to the click in each month, and 27% more in December.
GROWTH = [8_000.0] * 11 + [8_000.0] + [10_000.0] * 11 + [10_200.0]


def judge(goal: Goal, months=None, *others: Goal, **changes):
    strategy = samples.make_strategy(goal, *others, **changes)
    frame = judge_goals(strategy, samples.CATALOGUE, {} if months is None else {goal.id: months})
    return frame[frame["goal"] == goal.id].set_index("letter")


def test_the_framework_s_sample_goal_passes_all_five_letters():
    """P19, "Increase total clicks from email by 25% in one year", after a year that grew by 25.2%."""
    verdicts = judge(samples.make_goal(baseline=120_200, target=150_250), samples.additive(date(2024, 1, 1), GROWTH))

    assert verdicts["verdict"].to_dict() == dict.fromkeys("SMART", "pass")
    assert verdicts["name"].tolist() == ["Specific", "Measurable", "Attainable", "Relevant", "Time-bound"]
    assert (verdicts["fix"] == "").all()
    assert "+25%" in verdicts.loc["A", "reason"]
    assert "+25.2%, reached it" in verdicts.loc["A", "reason"]


def test_every_goal_has_five_rows_in_the_order_of_the_word():
    strategy = samples.make_strategy(samples.make_goal(id="b"), samples.make_goal(id="a"))

    frame = judge_goals(strategy, samples.CATALOGUE, {})

    assert frame["goal"].tolist() == ["b"] * 5 + ["a"] * 5
    assert "".join(frame["letter"]) == "SMARTSMART"


def test_an_empty_strategy_has_an_empty_frame_with_the_same_columns():
    assert judge_goals(samples.make_strategy(), samples.CATALOGUE, {}).columns.tolist() == [
        *("goal", "statement", "letter", "name", "verdict", "reason", "fix", "owner")
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"metric": ""}, "names no metric"),
        ({"statement": "Increase clicks by 25% and cut churn by 10%"}, "names 2 outcomes"),
        ({"statement": "Do better in email"}, "does not say what changes"),
        ({"statement": ""}, "no statement"),
        ({"metric": "leads", "statement": "Win 90 leads from webinars", "scope": {}}, "counts everything"),
        ({"metric": "leads", "statement": "Win 90 trade fair leads", "scope": {}}, "is about trade fair"),
    ],
)
def test_a_goal_is_not_specific_without_one_metric_one_outcome_and_the_scope_that_it_speaks_of(changes, reason):
    channels = [Channel(id="fair", name="Trade fair")]

    row = judge(samples.make_goal(**changes), channels=channels).loc["S"]

    assert row["verdict"] == "fail"
    assert reason in row["reason"]
    assert row["fix"]


@pytest.mark.parametrize(
    "changes",
    [
        {"scope": {}},
        {"metric": "leads", "statement": "Win 90 leads in 2026", "scope": {}},
        {"metric": "leads", "statement": "Win 90 leads from webinars", "scope": {"channel": "webinar"}},
    ],
    ids=["the metric is about the channel", "everything counts", "the scope names the channel"],
)
def test_a_goal_needs_no_scope_where_its_metric_counts_what_the_statement_says(changes):
    assert judge(samples.make_goal(**changes)).loc["S", "verdict"] == "pass"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"metric": ""}, "names no metric"),
        ({"metric": "total_click"}, "Did you mean 'total_clicks'?"),
        ({"baseline": None}, "no baseline"),
        ({"statement": "Improve email clicks", "target": None}, "no target"),
        ({"baseline": None, "target": None}, "no baseline and no target"),
        ({"target": 90_000.0, "statement": "Change email clicks"}, "more is better"),
        ({"target": 132_000.0}, "statement says 25%"),
        ({"metric": "email_churn_rate", "baseline": 0.5, "target": 4.0, "statement": "Cut churn"}, "is a fraction"),
    ],
)
def test_a_goal_is_not_measurable_without_a_known_metric_and_figures_that_agree(changes, reason):
    row = judge(samples.make_goal(**changes)).loc["M"]

    assert row["verdict"] == "fail"
    assert reason in row["reason"]
    assert row["fix"]


def test_a_relative_change_of_a_rate_may_be_meant_in_points():
    fields = {"metric": "click_through_rate", "baseline": 0.10, "target": 0.12}

    for statement in ("Raise email click-through by 20%", "Raise email click-through by 2%", "Raise it by 2 points"):
        assert judge(samples.make_goal(statement=statement, **fields)).loc["M", "verdict"] == "pass"
    statement = "Raise email click-through by 5%"
    assert judge(samples.make_goal(statement=statement, **fields)).loc["M", "verdict"] == "fail"


def test_a_monthly_baseline_of_a_yearly_total_is_found_in_the_data():
    """10,000 clicks are one month; the year before the start had 120,200."""
    months = samples.additive(date(2024, 1, 1), GROWTH)

    row = judge(samples.make_goal(baseline=10_000, target=12_500), months).loc["M"]

    assert row["verdict"] == "fail"
    assert "the data give 120,200 for the 12 months before the start" in row["reason"]
    assert "baseline: 120200" in row["fix"]


def test_a_baseline_of_a_short_goal_may_be_the_same_months_a_year_earlier():
    """The first quarter of 2025 brought 30,000, the quarter right before the start 90,000."""
    months = samples.additive(date(2025, 1, 1), [10_000.0] * 9 + [30_000.0] * 3)
    fields = {"deadline": date(2026, 3, 31), "statement": "Grow email clicks", "target": 40_000.0}

    assert judge(samples.make_goal(baseline=30_000, **fields), months).loc["M", "verdict"] == "pass"
    assert judge(samples.make_goal(baseline=10_000, **fields), months).loc["M", "verdict"] == "fail"


def test_a_small_count_may_be_far_from_its_baseline_by_chance():
    """3 and 7 differ by 4, within 1.96 × √10 = 6.2; 30 and 70 differ by 40, beyond 1.96 × √100 = 19.6."""
    few, many = [0.0] * 9 + [1.0] * 3, [0.0] * 9 + [10.0] * 3
    fields = {"deadline": date(2026, 3, 31), "statement": "Grow email clicks"}

    near = judge(samples.make_goal(baseline=7, target=9, **fields), samples.additive(date(2025, 1, 1), few))
    far = judge(samples.make_goal(baseline=70, target=90, **fields), samples.additive(date(2025, 1, 1), many))

    assert near.loc["M", "verdict"] == "pass"
    assert far.loc["M", "verdict"] == "fail"


def test_a_metric_that_nobody_wishes_up_or_down_may_go_either_way():
    goal = samples.make_goal(metric="spend", baseline=100, target=80, statement="Cut spend on email")

    assert judge(goal).loc["M", "verdict"] == "pass"


def test_holding_a_level_is_measurable():
    fields = {"metric": "email_churn_rate", "baseline": 0.004, "target": 0.004}
    row = judge(samples.make_goal(statement="Keep email churn at 0.4%", **fields)).loc["M"]

    assert (row["verdict"], "holds 0.4%" in row["reason"]) == ("pass", True)


@pytest.mark.parametrize(
    ("changes", "lack"),
    [
        ({"stakeholders": []}, "no stakeholder"),
        ({"stakeholders": ["ghost"]}, "no stakeholder"),
        ({"benefit_team": ""}, "benefit_team"),
        ({"benefit_customers": "", "benefit_team": ""}, "benefit_customers and benefit_team"),
        ({"owner": ""}, "no owner"),
    ],
)
def test_a_goal_is_not_relevant_without_stakeholder_link_and_owner(changes, lack):
    row = judge(samples.make_goal(**changes)).loc["R"]

    assert (row["verdict"], lack in row["reason"]) == ("fail", True)


def test_a_parent_goal_stands_in_for_the_benefits_and_must_exist():
    fields = {"benefit_customers": "", "benefit_team": "", "parent": "revenue"}
    goal, parent = samples.make_goal(**fields), samples.make_goal(id="revenue")

    assert judge(goal, None, parent).loc["R", "verdict"] == "pass"
    assert judge(goal).loc["R", "verdict"] == "fail"


@pytest.mark.parametrize("missing", ["start", "deadline"])
def test_a_goal_is_not_time_bound_without_start_and_deadline(missing):
    row = judge(samples.make_goal(**{missing: None})).loc["T"]

    assert (row["verdict"], missing in row["reason"]) == ("fail", True)


def test_a_goal_without_checkpoints_and_without_monthly_data_is_not_time_bound():
    """The fix proposes days that divide the time into three parts."""
    row = judge(samples.make_goal()).loc["T"]

    assert row["verdict"] == "fail"
    assert "[2026-05-02, 2026-08-31]" in row["fix"]


def test_a_checkpoint_counts_only_inside_the_goal_s_time():
    inside, outside = date(2026, 6, 30), date(2027, 6, 30)

    assert judge(samples.make_goal(checkpoints=[inside])).loc["T", "verdict"] == "pass"
    row = judge(samples.make_goal(checkpoints=[outside])).loc["T"]
    assert (row["verdict"], "1 outside" in row["reason"]) == ("fail", True)


def test_monthly_figures_are_no_checkpoint_of_a_goal_within_one_month():
    months = samples.additive(date(2024, 1, 1), GROWTH)
    goal = samples.make_goal(start=date(2026, 1, 5), deadline=date(2026, 1, 25))

    assert judge(goal, months).loc["T", "verdict"] == "fail"


def test_a_goal_that_fails_letters_is_one_warning_that_names_them_for_its_owner():
    flawed, fine = samples.make_goal(owner="maya", baseline=None, stakeholders=[]), samples.make_goal(id="fine")
    history = {"fine": samples.additive(date(2024, 1, 1), GROWTH)}
    verdicts = judge_goals(samples.make_strategy(flawed, fine), samples.CATALOGUE, history)

    (found,) = find_flaws(verdicts)

    assert (found.id, found.severity, found.owner, found.where) == ("goals.smart.clicks", "warning", "maya", "clicks")
    assert found.title.endswith("is not measurable, relevant and time-bound")
    assert "Measurable: It has no baseline." in found.evidence
    assert "Write baseline under goals, clicks." in found.fix


def test_the_order_of_the_months_does_not_matter():
    months = samples.additive(date(2024, 1, 1), GROWTH)

    assert judge(samples.make_goal(), months).equals(judge(samples.make_goal(), months.sample(frac=1, random_state=3)))


def test_numbers_in_reasons_are_written_by_the_given_function():
    strategy = samples.make_strategy(samples.make_goal())

    frame = judge_goals(strategy, samples.CATALOGUE, {}, format_value=lambda value, unit: f"<{value:g} {unit}>")

    assert "<120000 count>" in frame.set_index("letter").loc["M", "reason"]


def test_a_goal_on_track_has_shown_that_it_is_attainable():
    verdicts = pd.DataFrame(
        {
            "goal": ["a", "b"],
            "statement": ["A", "B"],
            "letter": ["A", "A"],
            "name": ["Attainable", "Attainable"],
            "verdict": ["fail", "fail"],
            "reason": ["r", "r"],
            "fix": ["f", "f"],
            "owner": ["", ""],
        }
    )
    progress = pd.DataFrame({"goal": ["a", "b"], "status": ["on_track", "behind"]})
    assert [finding.where for finding in find_flaws(verdicts, progress)] == ["b"]
    assert [finding.where for finding in find_flaws(verdicts)] == ["a", "b"]
