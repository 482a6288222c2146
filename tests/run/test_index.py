"""The first page, gathered from results."""

import math

import pandas as pd
import pytest
import site_samples as samples
from site_answers import make_headline

from mopsnb.run.index import build_index, measure_way, read_goals
from mopsnb.run.site import ExecutedStep
from mopsnb.steps import find_step

pytestmark = pytest.mark.slow


@pytest.fixture
def index(tmp_path):
    """The first page of a run that went well."""
    steps = samples.make_steps()
    samples.fill_results(tmp_path, steps)
    changes = {
        "new": ["freshness.email_event"],
        "resolved": ["goals.behind.clicks", {"id": "x", "title": "Too few leads."}],
    }
    context = samples.make_context(steps, changes=changes, people={"jo": "Jo Adler"})
    return build_index(tmp_path / "results", context)


def test_state_counts_goals_and_findings(index):
    assert [sentence.text for sentence in index.state] == [
        "Goals: 2 on track and 1 at risk; 1 missed and 1 without data.",
        "1 error and 1 warning need attention.",
    ]


def make_budget(findings, **headline):
    """Return the budget page with a projection of 787,127 against a plan of 756,000."""
    figures = {"value": 787_127.0, "target": 756_000.0, "period": "2026-01-01/2026-12-31"} | headline
    value = figures.pop("value")
    row = make_headline("projected_year_end", "Projected for the year", value, "USD", **figures)
    result = samples.make_result("budget_pacing", headline=[row], findings=findings)
    return ExecutedStep(find_step("budget_pacing"), None, result, "ok")


def make_finding(key, severity="warning", title="Something is wrong"):
    return samples.FINDINGS[0] | {"id": key, "severity": severity, "title": title}


def tell(tmp_path, *steps):
    """Return the sentences on the state."""
    return [sentence.text for sentence in build_index(tmp_path / "results", samples.make_context(steps)).state]


def test_page_leads_with_the_year_that_ends_off_its_plan_then_with_what_else_there_is(tmp_path):
    title = "Spend on all areas together will exceed the plan for 2026"
    findings = [make_finding("budget_pacing.over.total.2026", title=title), make_finding("budget_pacing.over.a.2026")]
    index = build_index(tmp_path / "results", samples.make_context([make_budget(findings)]))
    assert [(sentence.text, sentence.page, sentence.anchor) for sentence in index.state] == [
        (f"{title}: $787,127 projected, $31,127 (4.1%) above the plan of $756,000.", "budget_pacing", ""),
        ("1 warning needs attention, too.", "", "attention"),
    ]


def test_page_tells_results_from_data_and_lists(tmp_path):
    title = "Spend on all areas together will exceed the plan for 2026"
    outlook = make_finding("budget_pacing.over.total.2026", title=title) | {"stake": "result"}
    others = [make_finding("budget_pacing.over.a.2026") | {"stake": "result"}, make_finding("x.y"), make_finding("x.z")]
    assert tell(tmp_path, make_budget([outlook, *others]))[1] == (
        "3 warnings need attention, too: 1 on results, 2 on data, lists and definitions."
    )


def test_money_that_is_left_over_leads_the_page_as_well(tmp_path):
    finding = make_finding("budget_pacing.under.total.2026", "info", "Spend will stay below the plan for 2026")
    assert tell(tmp_path, make_budget([finding], value=700_000.0)) == [
        "Spend will stay below the plan for 2026: $700,000 projected, $56,000 (7.4%) below the plan of $756,000."
    ]


def test_area_that_is_off_its_plan_does_not_lead_the_page(tmp_path):
    assert tell(tmp_path, make_budget([make_finding("budget_pacing.over.total-shop.2026")])) == [
        "1 warning needs attention."
    ]


def test_findings_stand_in_the_order_of_their_steps_and_not_of_their_ids(tmp_path):
    steps = [
        ExecutedStep(find_step("goals"), None, samples.make_result("goals", findings=[make_finding("goals.z")]), "ok"),
        make_budget([make_finding(f"budget_pacing.{name}", title=name) for name in ("z", "a")]),
        ExecutedStep(find_step("metrics"), None, None, "failed", "No kernel."),
    ]
    index = build_index(tmp_path / "results", samples.make_context(steps))
    assert [line.title for line in index.findings] == [
        "The page 'Metrics' stopped before its end.",
        "Something is wrong",
        "z",
        "a",
    ]


def test_goal_that_is_not_defined_is_told_from_one_without_data(tmp_path):
    frame = samples.make_goals()
    frame.loc[frame["goal"] == "revenue", ["status", "reason"]] = ["not_defined", "The goal names no target."]
    frame.to_parquet(tmp_path / "progress.parquet")
    goals = read_goals(tmp_path / "progress.parquet", samples.make_context())
    words = {goal.status: goal.status_words for goal in goals}
    assert (words["not_defined"], words["no_data"]) == ("Not defined yet", "Without data")


def test_page_that_needs_no_table_is_not_defined_and_one_that_does_has_no_data(tmp_path):
    steps = [
        ExecutedStep(find_step(slug), None, samples.make_result(slug, status="no_data"), "no_data")
        for slug in ("goals", "metrics")
    ]
    groups = build_index(tmp_path / "results", samples.make_context(steps)).groups
    assert [line.status_words for _, lines in groups for line in lines] == ["Not defined yet", "No data yet"]


@pytest.mark.parametrize(
    ("signal", "words"),
    [
        ("inside", "inside its usual range, 0.30% to 0.47%"),
        ("above", "outside: above its usual range, 0.30% to 0.47%"),
        ("", ""),
    ],
)
def test_figure_of_a_metric_says_whether_it_lies_inside_its_usual_range(tmp_path, signal, words):
    steps = samples.make_steps()
    samples.fill_results(tmp_path, steps)
    row = {"metric": "email_churn_rate", "unit": "fraction", "signal": signal, "usual_low": 0.003, "usual_high": 0.0047}
    (tmp_path / "results" / "metrics").mkdir()
    pd.DataFrame([row]).to_parquet(tmp_path / "results" / "metrics" / "summary.parquet")
    [group] = build_index(tmp_path / "results", samples.make_context(steps)).cards
    assert [card.usual for card in group.cards[:2]] == [words, ""]


def test_figure_with_an_interval_names_it(tmp_path):
    page = make_budget([], low=769_084.0, high=805_171.0)
    [group] = build_index(tmp_path / "results", samples.make_context([page])).cards
    assert group.cards[0].usual == "interval $769,084 to $805,171"


def test_goal_whose_gap_is_noise_says_so_beside_what_is_expected(tmp_path):
    frame = samples.make_goals().assign(low=math.nan, high=math.nan)
    frame.loc[frame["goal"] == "churn", ["low", "high"]] = [0.0042, 0.0049]
    frame.to_parquet(tmp_path / "progress.parquet")
    goals = read_goals(tmp_path / "progress.parquet", samples.make_context())
    paces = {goal.statement: goal.pace for goal in goals}
    assert paces["Bring email churn down to 0.4%"] == "0.46% expected by now, a difference within the noise"
    assert paces["Increase total clicks from email by 25% in one year"] == "112,000 expected by now"


def test_running_goals_stand_worst_first_and_ended_ones_apart(index):
    assert [goal.status for goal in index.goals] == ["at_risk", "on_track", "on_track", "no_data"]
    assert [goal.status for goal in index.ended] == ["missed"]
    assert (index.ended[0].owner, index.ended[0].deadline) == ("Jo Adler", "December 31, 2026")


def test_goal_on_its_path_whose_forecast_is_against_it_is_told_apart(tmp_path):
    frame = samples.make_goals().assign(probability=0.9, chance="90%")
    frame.loc[frame["goal"] == "churn", ["probability", "chance"]] = [0.35, "35%"]
    frame.loc[frame["goal"] == "clicks", ["probability", "chance"]] = [0.1, "10%"]
    (tmp_path / "results" / "goals").mkdir(parents=True)
    frame.to_parquet(tmp_path / "results" / "goals" / "progress.parquet")
    steps = [ExecutedStep(find_step("goals"), None, samples.make_result("goals"), "ok")]
    index = build_index(tmp_path / "results", samples.make_context(steps))
    assert index.state[0].text == (
        "Goals: 2 on track (1 of them with a chance below 50%) and 1 at risk; 1 missed and 1 without data."
    )
    assert [goal.chance for goal in index.goals] == ["10%", "90%", "35%", ""]
    assert [goal.is_unlikely for goal in index.goals] == [True, False, True, False]
    assert index.ended[0].chance == ""


def test_running_goal_says_where_it_should_be_by_now_and_an_ended_one_does_not(index):
    assert index.goals[0].pace == "112,000 expected by now"
    assert (index.ended[0].pace, index.ended[0].due) == ("", None)


def test_figures_carry_their_units(index):
    shown = {goal.statement: (goal.actual, goal.aim) for goal in index.goals}
    assert shown["Bring email churn down to 0.4%"] == ("0.45%", "target 0.40%")
    assert shown["Increase total clicks from email by 25% in one year"] == ("108,000", "of 150,000")
    assert shown["Fill the four regional events"][0] == "–"


def test_total_goes_from_nothing_to_its_target():
    row = {"baseline": 120000.0, "target": 150000.0, "actual": 75000.0, "expected": 90000.0, "denominator": math.nan}
    assert measure_way(row) == (0.5, 0.6)


def test_ratio_goes_from_its_baseline_to_its_target():
    row = {"baseline": 0.006, "target": 0.004, "actual": 0.0055, "expected": 0.005, "denominator": 1000.0}
    assert measure_way(row) == pytest.approx((0.25, 0.5))


def test_ratio_that_moved_away_from_its_target_has_an_empty_bar():
    row = {"baseline": 0.006, "target": 0.004, "actual": 0.007, "expected": 0.005, "denominator": 1000.0}
    assert measure_way(row)[0] == 0.0


def test_expected_count_is_a_whole_number(tmp_path):
    frame = samples.make_goals().assign(expected=901.3)
    frame.to_parquet(tmp_path / "progress.parquet")
    assert read_goals(tmp_path / "progress.parquet", samples.make_context())[0].pace == "901 expected by now"


def test_bar_of_a_missing_figure_is_missing_not_empty(index):
    assert index.goals[-1].filled is None
    assert index.goals[-1].reason == "There is no event in the data yet."


def test_finding_that_two_steps_share_stands_once(index):
    assert [line.severity for line in index.findings] == ["error", "warning"]
    assert [line.severity for line in index.notes] == ["info"]


def test_what_is_new_and_what_is_resolved_is_said(index):
    assert index.has_previous
    assert index.new == 1
    assert [line.is_new for line in index.findings] == [False, True]
    assert list(index.resolved) == ["goals.behind.clicks", "Too few leads."]


def test_missing_headline_figure_is_shown_as_missing(index):
    [group] = index.cards
    cards = group.cards
    assert group.slug == "metrics"
    assert {card.title: card.value for card in cards}["Cost per lead"] == "–"
    assert (cards[0].period, cards[0].change) == ("September 2026", "down 8.0% on August")
    assert cards[2].period == "Jan 1\u2009–\u2009Sep 30, 2026"


def test_failed_page_is_an_error_on_the_first_page(tmp_path):
    steps = samples.make_steps(failed=True)
    samples.fill_results(tmp_path, steps)
    index = build_index(tmp_path / "results", samples.make_context(steps))
    assert not index.has_previous
    assert index.findings[0].title == "The page 'Metrics' stopped before its end."
    assert index.state[0].text == "1 of 2 pages stopped before the end."
    assert [line.status for _, lines in index.groups for line in lines] == ["ok", "failed"]


def test_workspace_without_anything_gets_first_steps_not_an_all_clear(tmp_path):
    steps = [ExecutedStep(find_step("goals"), None, samples.make_result("goals", status="no_data"), "no_data")]
    context = samples.make_context(steps, as_of=None, data_through=None)
    index = build_index(tmp_path / "results", context)
    assert [sentence.text for sentence in index.state] == ["No goal yet.", "No data yet."]
    assert index.is_empty


def test_run_with_data_and_no_goal_says_so(tmp_path):
    steps = [ExecutedStep(find_step("goals"), None, samples.make_result("goals"), "ok")]
    index = build_index(tmp_path / "results", samples.make_context(steps))
    assert [sentence.text for sentence in index.state] == ["No goal yet.", "Nothing needs attention."]


def test_run_of_other_steps_says_nothing_about_goals(tmp_path):
    [_, metrics] = samples.make_steps()
    index = build_index(tmp_path / "results", samples.make_context([metrics]))
    assert [sentence.text for sentence in index.state] == ["1 warning needs attention."]


def test_page_with_many_figures_folds_the_later_ones_away(tmp_path):
    headline = [make_headline(f"m{n}", f"Metric {n}", n, "count") for n in range(10)]
    steps = [ExecutedStep(find_step("metrics"), None, samples.make_result("metrics", headline=headline), "ok")]
    [group] = build_index(tmp_path / "results", samples.make_context(steps)).cards
    assert [card.title for card in group.more] == ["Metric 8", "Metric 9"]


def test_goals_are_not_repeated_as_figures(tmp_path):
    headline = [make_headline("clicks", "Clicks", 5, "count")]
    steps = [ExecutedStep(find_step("goals"), None, samples.make_result("goals", headline=headline), "ok")]
    assert len(build_index(tmp_path / "results", samples.make_context(steps)).cards) == 1
    samples.fill_results(tmp_path, steps)
    assert build_index(tmp_path / "results", samples.make_context(steps)).cards == []


def test_long_list_of_warnings_is_folded_but_no_error_is(tmp_path):
    findings = [
        samples.FINDINGS[0] | {"id": f"a.{place}", "severity": severity}
        for place, severity in enumerate(["error"] * 10 + ["warning"] * 3)
    ]
    steps = [ExecutedStep(find_step("metrics"), None, samples.make_result("metrics", findings=findings), "ok")]
    index = build_index(tmp_path / "results", samples.make_context(steps))
    assert [line.severity for line in index.findings] == ["error"] * 10
    assert [line.severity for line in index.more] == ["warning"] * 3


def test_failed_goals_page_is_not_taken_for_a_team_without_goals(tmp_path):
    steps = [ExecutedStep(find_step("goals"), None, None, "failed", "No kernel.")]
    state = build_index(tmp_path / "results", samples.make_context(steps)).state
    assert [sentence.text for sentence in state] == ["1 of 1 page stopped before the end.", "1 error needs attention."]
