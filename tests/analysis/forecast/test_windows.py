"""A goal's forecast stands beside that of its metric's parts, and beside the same months a year before."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from mopsnb.analysis import forecast, track_goals
from mopsnb.strategy import Goal, Strategy

AS_OF = date(2026, 9, 30)
MONTHS = pd.date_range("2023-01-01", periods=45, freq="MS")  # to September 2026
DRAWS = np.random.default_rng(8)
SEASON = 1 + 0.3 * np.cos((np.arange(45) % 12 - 10) / 6 * np.pi)  # most leads in November
LEADS = np.round(100 * SEASON + DRAWS.normal(0, 2, 45))
COST = 20_000 + DRAWS.normal(0, 200, 45)
CATALOGUE = pd.DataFrame(
    {
        "title": ["Spend", "Leads", "Cost per lead"],
        "unit": ["USD", "count", "USD"],
        "direction": ["", "up", "down"],
        "additive": [True, True, False],
    },
    index=["spend", "leads", "cost_per_lead"],
)
YEAR = slice(24, 36)
BASELINE = COST[YEAR].sum() / LEADS[YEAR].sum()


def make_frame(name, top, base=None):
    figures = {"value": top, "numerator": np.nan, "denominator": np.nan}
    if base is not None:
        figures = {"value": top / base, "numerator": top, "denominator": base}
    return pd.DataFrame({"metric": name, "period_start": MONTHS, "is_complete": True} | figures)


def make_goal(**changes):
    fields = {"id": "cost", "statement": "Cheaper leads", "metric": "cost_per_lead", "target": BASELINE * 0.95}
    fields |= {"baseline": BASELINE, "start": date(2026, 1, 1), "deadline": date(2026, 12, 31)}
    return Goal(**fields | changes)


def work_out(goal, cost=COST, leads=LEADS):
    """Return the goal's row, its forecast, and what the parts make."""
    history = {"cost": make_frame("cost_per_lead", cost, leads)}
    steps = {"spend": make_frame("spend", cost), "leads": make_frame("leads", leads)}
    tracked = track_goals(Strategy(goals=[goal]), CATALOGUE, history, AS_OF)
    forecasts = forecast.forecast_goals([goal], CATALOGUE, history, AS_OF)
    parts = forecast.compare_goal_parts([goal], forecasts, history, steps, CATALOGUE)
    row = forecast.add_chances(tracked, forecasts, history, beside=parts).to_dict("records")[0]
    return row, forecasts["cost"], parts


def test_the_parts_are_added_up_over_the_months_of_the_target():
    """By their own forecasts: three months of spend over three months of leads."""
    row, own, [found] = work_out(make_goal())
    alone = forecast.forecast_metrics(
        pd.concat([make_frame("spend", COST), make_frame("leads", LEADS)]), CATALOGUE, ["spend", "leads"], horizon=3
    )
    spend, leads = (alone[name].outlook.median[:3].sum() for name in ("spend", "leads"))

    assert found.value == pytest.approx(spend / leads)
    assert found.median == pytest.approx(np.median(own.outlook.draws[:, :3].mean(axis=1)))
    assert found.told.startswith("The forecasts of Spend ÷ Leads for October to December 2026 make ")
    assert found.told in row["outlook"]


def test_parts_outside_the_interval_put_the_chance_in_doubt_and_are_a_finding():
    """Leads fall by half in the last months, which their own forecast takes up and the cost's may not."""
    row, _, [found] = work_out(make_goal())
    apart = forecast.GoalParts("cost", "Cheaper leads", found.high * 1.1, found.median, found.low, found.high, "Told.")
    assert found.is_inside and "in doubt" not in row["chance"] and forecast.report_goal_parts([found]) == []

    history = {"cost": make_frame("cost_per_lead", COST, LEADS)}
    tracked = track_goals(Strategy(goals=[make_goal()]), CATALOGUE, history, AS_OF)
    forecasts = forecast.forecast_goals([make_goal()], CATALOGUE, history, AS_OF)
    doubted = forecast.add_chances(tracked, forecasts, history, beside=[apart])["chance"].iloc[0]
    assert doubted == f"{row['chance']}, in doubt"
    [finding] = forecast.report_goal_parts([apart])
    assert (finding.id, finding.severity, finding.where) == ("goals.forecasts.cost", "info", "cost")
    assert (finding.title, finding.evidence) == (
        "The forecast of the goal 'Cheaper leads' and those of its parts disagree",
        "Told.",
    )


@pytest.mark.parametrize(
    "change", [{"scope": {"channel": "email"}}, {"metric": "leads", "baseline": 1000, "target": 1200}]
)
def test_a_goal_with_a_scope_and_one_on_a_total_have_no_parts(change):
    goal = make_goal(**change)
    history = {"cost": make_frame(goal.metric, LEADS if goal.metric == "leads" else COST, None)}
    if goal.scope:
        history = {"cost": make_frame("cost_per_lead", COST, LEADS)}
    steps = {"spend": make_frame("spend", COST), "leads": make_frame("leads", LEADS)}
    forecasts = forecast.forecast_goals([goal], CATALOGUE, history, AS_OF)
    assert set(forecasts) == {"cost"}
    assert forecast.compare_goal_parts([goal], forecasts, history, steps, CATALOGUE) == []


def test_a_part_that_is_not_known_leaves_nothing_to_compare():
    history = {"cost": make_frame("cost_per_lead", COST, LEADS)}
    forecasts = forecast.forecast_goals([make_goal()], CATALOGUE, history, AS_OF)
    steps = {"spend": make_frame("spend", COST), "leads": make_frame("leads", LEADS + 1)}
    assert forecast.compare_goal_parts([make_goal()], forecasts, history, steps, CATALOGUE) == []
    assert forecast.compare_goal_parts([make_goal()], forecasts, history, {}, CATALOGUE) == []


def test_a_target_that_the_season_met_a_year_before_says_so_and_what_the_baseline_is():
    """By hand: October to December 2025 are the months 33 to 35, the baseline all twelve of 2025."""
    row = work_out(make_goal())[0]
    value = COST[33:36].sum() / LEADS[33:36].sum()
    assert value < BASELINE * 0.95
    assert (
        f"October to December 2025 came to {value:,.2f} USD, which met the target already: the season of these months "
        "may reach it again. The baseline is the level of January to December 2025."
    ) in row["outlook"]


def test_another_baseline_is_not_said_to_be_the_year_s():
    outlook = work_out(make_goal(baseline=BASELINE * 1.02))[0]["outlook"]
    assert "which met the target already" in outlook
    assert "The baseline is" not in outlook


@pytest.mark.parametrize("target", [BASELINE * 0.5, BASELINE])
def test_a_target_that_was_not_met_and_a_level_to_hold_say_nothing_of_the_season(target):
    assert "met the target already" not in work_out(make_goal(target=target))[0]["outlook"]


EVENTS = pd.DataFrame(
    [
        ("trade show", "Autumn fair", "2025-10-07", "2025-10-09"),
        ("webinar", "Costs", "2025-11-05", "2025-11-05"),
        ("holiday", "Christmas", "2025-12-25", "2025-12-25"),
        ("incident", "Power cut", "2025-12-01", "2025-12-02"),
        ("trade show", "Spring fair", "2026-03-03", "2026-03-05"),
        ("webinar", "Costs again", "2026-11-04", "2026-11-04"),
    ],
    columns=["kind", "note", "first_day", "last_day"],
).astype({"first_day": "datetime64[us]", "last_day": "datetime64[us]"})
RUNNING = pd.DataFrame({"status": ["on_track", "met"], "deadline": [date(2026, 12, 31), date(2025, 12, 31)]})


def test_a_planned_event_that_the_months_ahead_lack_is_named():
    assert forecast.compare_calendars(EVENTS, RUNNING, AS_OF) == (
        "The table event_calendar names no trade show from October 1 to December 31, 2026. A year before there was the "
        "trade show “Autumn fair” (October 7 to October 9, 2025): a forecast that follows the season counts what it "
        "brought."
    )


def test_several_events_are_named_up_to_three():
    more = [EVENTS.iloc[[0]].assign(note=note) for note in ("", "Second", "Third")]
    text = forecast.compare_calendars(pd.concat([EVENTS, *more]), RUNNING, AS_OF)
    assert "there were the trade show “Autumn fair” (October 7 to October 9, 2025), a trade show (" in text
    assert text.endswith("and 1 more: a forecast that follows the season counts what they brought.")


@pytest.mark.parametrize(
    ("events", "progress", "as_of"),
    [
        (EVENTS.iloc[:5], RUNNING, AS_OF),  # nobody has planned the months ahead yet
        (EVENTS.iloc[1:], RUNNING, AS_OF),
        (EVENTS, RUNNING.iloc[1:], AS_OF),
        (EVENTS, RUNNING, None),
        (EVENTS, RUNNING, date(2024, 9, 30)),  # the deadline lies more than a year ahead
        (EVENTS.iloc[:0], RUNNING, AS_OF),
    ],
)
def test_without_such_an_event_nothing_is_said(events, progress, as_of):
    assert forecast.compare_calendars(events, progress, as_of) == ""


@pytest.mark.slow
def test_the_sample_s_cost_per_lead_is_doubted_for_its_season_and_its_parts(repository):
    """Facts of the sample's tables, added up: spend and leads of October to December 2025."""
    import mopsnb
    from mopsnb import analysis

    ws = mopsnb.open("")
    history, steps = ws.goal_history(), ws.goal_history(analysis.list_steps(ws.strategy.goals))
    forecasts = forecast.forecast_goals(ws.strategy.goals, ws.catalogue, history, ws.as_of)
    found = forecast.compare_goal_parts(ws.strategy.goals, forecasts, history, steps, ws.catalogue)
    assert [(one.goal, one.is_inside) for one in found] == [("cost-per-lead", False)]

    tracked = track_goals(ws.strategy, ws.catalogue, history, ws.as_of)
    progress = forecast.add_chances(tracked, forecasts, history, beside=found).set_index("goal")
    span = "date BETWEEN '2025-10-01' AND '2025-12-31'"
    paid = "SELECT date, amount FROM spend_actual UNION ALL SELECT date, spend FROM ad_daily"
    spend = ws.sql(f"SELECT sum(amount) AS s FROM ({paid}) WHERE {span}")
    leads = ws.sql(
        "SELECT count(*) AS n FROM contact WHERE NOT coalesce(is_deleted, false) AND merged_into IS NULL AND "
        f"timezone('{ws.time_zone}', created_at)::DATE BETWEEN '2025-10-01' AND '2025-12-31'"
    )
    value = float(spend["s"].iloc[0]) / int(leads["n"].iloc[0])
    assert f"October to December 2025 came to {value:,.0f}" in progress.loc["cost-per-lead", "outlook"]
    assert progress.loc["cost-per-lead", "chance"].endswith("%, in doubt")
    assert "Great Lakes Food Safety Summit 2025" in forecast.compare_calendars(ws.events(), tracked, ws.as_of)
