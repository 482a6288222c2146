"""The SMART letter A: the asked change among past changes of the same length."""

import math
from datetime import date

import analysis_samples as samples
import pandas as pd
import pytest

from mopsnb.analysis import Prospects, judge_goals
from mopsnb.analysis.cards import find_card
from mopsnb.analysis.months import read_months
from mopsnb.analysis.smart_history import find_changes
from mopsnb.strategy import Goal

NAN = math.nan
GROWTH = [8_000.0] * 12 + [10_000.0] * 12


def judge(goal: Goal, months=None):
    strategy = samples.make_strategy(goal)
    frame = judge_goals(strategy, samples.CATALOGUE, {} if months is None else {goal.id: months})
    return frame[frame["goal"] == goal.id].set_index("letter")


def changes_of(values, deadline, *, metric="total_clicks"):
    card = find_card(samples.CATALOGUE, metric)
    frame = samples.additive(date(2023, 1, 1), values) if card.additive else samples.ratio(date(2023, 1, 1), values)
    start = date(2023 + len(values) // 12, 1, 1)
    return find_changes(card, read_months(frame), start, deadline, are_relative=True)


def test_a_yearly_total_is_compared_with_the_year_before_month_by_month():
    """36 months of 100, 110, 132 a month: the windows slide from +10% to +20%, 13 of them, one of its own."""
    past = changes_of([100.0] * 12 + [110.0] * 12 + [132.0] * 12, date(2026, 12, 31))

    assert (len(past.changes), past.needed, past.independent) == (13, 24, 1)
    assert (past.changes[0], past.changes[-1]) == (pytest.approx(0.1), pytest.approx(0.2))
    assert past.count_reached(0.2, 1) == 1


def test_a_quarter_is_compared_with_the_same_quarter_a_year_earlier():
    """Each fourth quarter doubles, each year brings 10% more: only the growth of the year counts."""
    year = [100.0] * 9 + [200.0] * 3

    past = changes_of([*year, *(1.1 * value for value in year)], date(2025, 3, 31))

    assert [round(change, 6) for change in past.changes] == [0.1] * 10
    assert past.comparison == "3 months against the same months a year earlier"


def test_a_quarter_with_a_short_history_is_compared_with_the_months_right_before():
    card = find_card(samples.CATALOGUE, "total_clicks")
    months = read_months(samples.additive(date(2025, 7, 1), [100.0] * 3 + [120.0] * 3))

    past = find_changes(card, months, date(2026, 1, 1), date(2026, 3, 31), are_relative=True)

    assert past.changes == (pytest.approx(0.2),)
    assert past.comparison == "3 months against the 3 months right before"


def test_a_ratio_is_compared_over_three_months_at_the_distance_of_the_goal():
    """15 months: three at 50 of 10,000 now, against three at 40 of 8,000 (0.5%) a year earlier: no change at all."""
    past = changes_of([(40, 8_000)] * 12 + [(50, 10_000)] * 12, date(2025, 12, 31), metric="email_churn_rate")

    assert (len(past.changes), past.needed, past.independent) == (10, 15, 1)
    assert past.changes[-1] == pytest.approx(0.0)


def test_a_window_with_a_missing_month_is_no_evidence():
    values = [100.0] * 12 + [110.0] * 12 + [132.0] * 12
    values[20] = NAN

    assert len(changes_of(values, date(2026, 12, 31)).changes) == 0


@pytest.mark.parametrize(
    ("target", "verdict"), [(132_000, "pass"), (150_000, "unknown"), (200_000, "fail")], ids=["10%", "25%", "67%"]
)
def test_attainable_depends_on_how_far_past_years_went(target, verdict):
    """Past years brought +20%: 10% was reached, 25% is a stretch, 67% is more than twice as far."""
    months = samples.additive(date(2024, 1, 1), [8_333.0] * 12 + [10_000.0] * 12)

    row = judge(samples.make_goal(target=target, statement="Grow email clicks"), months).loc["A"]

    assert row["verdict"] == verdict
    assert "+20%" in row["reason"]
    assert (row["fix"] == "") == (verdict == "pass")


def test_the_fix_of_an_unattainable_goal_proposes_the_largest_past_change():
    months = samples.additive(date(2024, 1, 1), [8_000.0] * 12 + [10_000.0] * 12)

    row = judge(samples.make_goal(target=300_000, statement="Grow email clicks"), months).loc["A"]

    assert "target: 150000" in row["fix"]


@pytest.mark.parametrize(
    ("metric", "baseline", "proposed"), [("total_clicks", 1_009, "target: 1050 "), ("spend", 1_009, "target: 1050.17 ")]
)
def test_a_proposed_count_is_a_whole_number_and_an_amount_is_not(metric, baseline, proposed):
    """The one past change is 1,020 to 1,061.616, or 4.08%; 1,009 × 1.0408 is 1,050.1672."""
    months = samples.additive(date(2024, 1, 1), [85.0] * 12 + [88.468] * 12, metric=metric)
    goal = samples.make_goal(metric=metric, scope={}, baseline=baseline, target=2_000, statement="Grow")

    assert proposed in judge(goal, months).loc["A"]["fix"]


def test_a_change_that_never_went_the_asked_way_is_not_attainable():
    months = samples.additive(date(2024, 1, 1), [12_000.0] * 12 + [10_000.0] * 12)

    row = judge(samples.make_goal(), months).loc["A"]

    assert row["verdict"] == "fail"
    assert "First show a change in this direction" in row["fix"]


def test_a_share_of_past_changes_names_windows_and_how_many_do_not_overlap():
    months = samples.additive(date(2023, 1, 1), [100.0] * 12 + [110.0] * 12 + [132.0] * 12)
    goal = samples.make_goal(baseline=1584, target=1925, statement="Grow email clicks")

    row = judge(goal, months).loc["A"]

    assert row["verdict"] == "unknown"
    assert "0 of 13 past changes" in row["reason"]
    assert "holds 1 without overlap" in row["reason"]


def test_holding_a_level_is_attainable_where_it_has_been_held():
    """Churn was 0.5% in all of 24 months, so each past change held the level."""
    months = samples.ratio(date(2024, 1, 1), [(50, 10_000)] * 24)
    fields = {
        "metric": "email_churn_rate",
        "baseline": 0.005,
        "target": 0.005,
        "statement": "Keep email churn at 0.5%",
    }

    row = judge(samples.make_goal(**fields), months).loc["A"]

    assert row["verdict"] == "pass"
    assert row["reason"].startswith("It holds the level for 12 months. 10 of 10 past changes")


@pytest.mark.parametrize("count", [0, 1, 23])
def test_a_short_history_leaves_attainable_unknown_and_never_passes(count):
    row = judge(samples.make_goal(), samples.additive(date(2024, 2, 1), [9_000.0] * count)).loc["A"]

    assert row["verdict"] == "unknown"
    assert f"there {'is' if count == 1 else 'are'} {count} in all" in row["reason"]


def test_months_after_the_start_say_nothing_about_what_was_attainable():
    before = samples.additive(date(2024, 1, 1), GROWTH)
    after = samples.additive(date(2024, 1, 1), [*GROWTH, *[99_000.0] * 9])

    assert judge(samples.make_goal(), before).loc["A"].equals(judge(samples.make_goal(), after).loc["A"])


@pytest.mark.parametrize("missing", ["baseline", "target", "start", "deadline"])
def test_attainable_is_unknown_without_a_field_that_it_needs(missing):
    row = judge(samples.make_goal(**{missing: None}), samples.additive(date(2024, 1, 1), GROWTH)).loc["A"]

    assert (row["verdict"], missing in row["reason"]) == ("unknown", True)


def make_progress(goal, chance=float("nan"), **fields):
    return Prospects(pd.DataFrame([{"goal": goal, "probability": chance, **fields}]))


@pytest.mark.parametrize(("chance", "verdict"), [(0.6, "pass"), (0.25, "pass"), (0.1, "unknown"), (0.04, "fail")])
def test_a_forecast_decides_where_the_past_leaves_it_open(chance, verdict):
    """Without months there is no past change; the probability is then all that is known."""
    strategy = samples.make_strategy(samples.make_goal())

    frame = judge_goals(strategy, samples.CATALOGUE, {}, prospects=make_progress("clicks", chance)).set_index("letter")

    assert frame.loc["A", "verdict"] == verdict
    assert f"a probability of {chance:.0%}" in frame.loc["A", "reason"]


def test_a_forecast_beside_a_past_without_such_a_change():
    """From two in five on the forecast leaves it open; a smaller chance changes nothing, a missing one says nothing."""
    goal = samples.make_goal(baseline=120_000, target=240_000, statement="Double email clicks")
    months = {goal.id: samples.additive(date(2023, 1, 1), [10_000.0] * 36)}
    strategy = samples.make_strategy(goal)

    cases = (
        ({goal.id: 0.9}, "unknown"),
        ({goal.id: 0.39}, "fail"),
        ({goal.id: 0.4}, "unknown"),
        ({goal.id: float("nan")}, "fail"),
        (None, "fail"),
    )
    for chances, verdict in cases:
        known = make_progress(goal.id, chances[goal.id]) if chances else None
        row = judge_goals(strategy, samples.CATALOGUE, months, prospects=known).set_index("letter").loc["A"]
        assert row["verdict"] == verdict
        assert ("The forecast" in row["reason"]) == (bool(chances) and chances[goal.id] > 0)
        assert ("disagree" in row["reason"]) == (verdict == "unknown")


def test_a_share_beyond_its_whole_is_out_of_reach():
    goal = samples.make_goal(metric="email_churn_rate", baseline=0.5, target=1.2, statement="Raise email churn")

    row = judge_goals(samples.make_strategy(goal), samples.CATALOGUE, {}).set_index("letter").loc["A"]

    assert (row["verdict"], "can never exceed 100%" in row["reason"]) == ("fail", True)


@pytest.mark.parametrize(
    ("status", "verdict", "words"),
    [
        ("on_track", "unknown", "That does not fit"),
        ("met", "pass", "So it was attainable."),
        ("behind", "fail", "it is behind its path, 60,000 where the path expects 59,178 by now."),
        ("not_started", "fail", "(0%"),
    ],
)
def test_progress_stands_beside_a_past_that_says_no(status, verdict, words):
    """Three flat years promise no doubling; what the goal has brought since then is told with it."""
    goal = samples.make_goal(baseline=120_000, target=240_000, statement="Double email clicks")
    months = {goal.id: samples.additive(date(2023, 1, 1), [10_000.0] * 36)}
    known = make_progress(goal.id, status=status, actual=60_000.0, expected=59_178.0, target=240_000.0)

    row = (
        judge_goals(samples.make_strategy(goal), samples.CATALOGUE, months, prospects=known)
        .set_index("letter")
        .loc["A"]
    )

    assert (row["verdict"], words in row["reason"]) == (verdict, True)
    assert ("Progress" in row["reason"]) == (status != "not_started")


@pytest.mark.parametrize(
    ("status", "words"), [("behind", "has not come as planned so far"), ("missed", "did not come")]
)
def test_a_change_that_the_past_has_shown_and_progress_has_not_is_explained(status, words):
    goal = samples.make_goal()
    months = {goal.id: samples.additive(date(2023, 1, 1), [100.0] * 12 + [200.0] * 12 + [400.0] * 12)}
    known = make_progress(goal.id, status=status, actual=1.0, expected=2.0, target=3.0)

    row = (
        judge_goals(samples.make_strategy(goal), samples.CATALOGUE, months, prospects=known)
        .set_index("letter")
        .loc["A"]
    )

    assert (row["verdict"], words in row["reason"]) == ("pass", True)


NOISE = [0, 3, -2, 1, -3, 2, 0, -1, 3, -2, 1, -1]


def test_a_window_that_spans_a_jump_of_the_level_is_counted():
    """A year of about 100, then one of about 200: the one window of a year against a year holds both levels."""
    values = [*(100.0 + step for step in NOISE), *(200.0 + step for step in NOISE)]
    past = changes_of(values, date(2025, 12, 31))

    assert (len(past.changes), past.spanning) == (1, 1)
    [jump] = past.jumps
    assert jump.start == date(2024, 1, 1)
    assert (jump.before, jump.after) == (pytest.approx(sum(values[:12]) / 12), pytest.approx(sum(values[12:]) / 12))


def test_a_verdict_that_rests_on_a_jump_says_so_and_a_small_step_does_not():
    """Of 13 windows of two years over 36 months all but the first hold month 25, where the level doubles."""
    goal = samples.make_goal(scope={}, start=date(2026, 1, 1), deadline=date(2026, 12, 31))
    reasons = []
    for level in (200.0, 130.0):
        values = [*(100.0 + step for step in NOISE * 2), *(level + step for step in NOISE)]
        reasons.append(judge(goal, samples.additive(date(2023, 1, 1), values)).loc["A", "reason"])
    assert (
        "12 of the windows span a jump of its level about January 2025 from 100 to 200: they count for little if what "
        "is recorded changed then."
    ) in reasons[0]
    assert "jump" not in reasons[1]
