"""What a workspace says of data that it cannot use: faults, several currencies, goals that no table answers."""

import pytest
from workspaces import STRATEGY, write_workspace

import mopsnb
from mopsnb.analysis import lead_with_goals, track_goals
from mopsnb.errors import CurrencyError, DataError

pytestmark = pytest.mark.slow

ADS = "date,channel,campaign_id,spend,currency,clicks\n"
GOALS_ON_ADS = f"""{STRATEGY}goals:
  - {{id: clicks, metric: ad_clicks, baseline: 100, target: 200, start: 2026-01-01, deadline: 2026-12-31}}
  - {{id: cost, metric: cost_per_click, baseline: 0.5, target: 0.4, start: 2026-01-01, deadline: 2026-12-31}}
"""


def test_faults_stop_a_table_at_its_first_use(tmp_path):
    """A workspace with a faulty table opens; that table and its figures are refused, other tables answer."""
    ws = mopsnb.open(
        write_workspace(tmp_path, ad_daily=ADS + "2026-01-30,search,1,1;5,EUR,7\n", task="task_id,name\n1,x\n")
    )
    assert len(ws.table("task")) == 1
    for use in (lambda: ws.sql("SELECT 1 FROM ad_daily"), lambda: ws.monthly(["spend"])):
        with pytest.raises(DataError, match="row 2, spend: found '1;5'"):
            use()
    (fault,) = ws.faults()
    assert (fault.file, fault.place, fault.field) == ("data/ad_daily.csv", "row 2", "spend")
    assert [finding.id for finding in ws.findings()] == ["faults.ad_daily.spend.kind"]


def test_faults_may_be_let_through(tmp_path):
    """Opened without strictness, the bad cell is missing and an error finding says so."""
    path = write_workspace(tmp_path, ad_daily=ADS + "2026-01-30,search,1,x,EUR,7\n2026-01-31,search,1,2,EUR,7\n")
    ws = mopsnb.open(path, strict=False)
    assert ws.monthly(["spend"])["value"].tolist() == [2.0]
    assert [finding.severity for finding in ws.findings()] == ["error"]


def test_a_currency_problem_is_a_fault(tmp_path):
    """Two currencies without rates are among the faults, so that a check of the workspace finds them."""
    rows = "2026-01-30,search,1,1,EUR,7\n2026-01-31,search,1,2,USD,7\n"
    ws = mopsnb.open(write_workspace(tmp_path, ad_daily=ADS + rows))
    assert [fault.field for fault in ws.faults()] == ["currency"]


def test_figures_without_money_go_on_where_currencies_cannot_be_added(tmp_path):
    """Clicks of ads in two currencies add up; their spend, and what is divided by it, does not."""
    rows = "2026-01-30,search,1,1,EUR,7\n2026-01-31,search,1,2,USD,8\n"
    ws = mopsnb.open(write_workspace(tmp_path, ad_daily=ADS + rows))
    assert ws.monthly(["ad_clicks"])["value"].tolist() == [15]
    for name in ("ad_spend", "cost_per_click", "return_on_ad_spend"):
        with pytest.raises(CurrencyError):
            ws.monthly([name])
    with pytest.raises(CurrencyError):
        ws.sql("SELECT clicks FROM ad_daily")
    assert ws.shown_currency is None
    assert "in several currencies" in ws.catalogue.loc["ad_spend", "lacks"]
    assert "several currencies" not in ws.catalogue.loc["ad_clicks", "lacks"]


def test_goals_on_money_that_cannot_be_added_say_so_and_the_others_are_tracked(tmp_path):
    rows = "2026-01-30,search,1,1,EUR,7\n2026-01-31,search,1,2,USD,8\n"
    path = write_workspace(tmp_path, GOALS_ON_ADS, ad_daily=ADS + rows)
    ws = mopsnb.open(path)
    progress = track_goals(ws.strategy, ws.catalogue, ws.goal_history(), ws.as_of).set_index("goal")
    assert progress.loc["clicks", "actual"] == 15
    assert progress.loc["cost", "status"] == "no_data"
    assert progress.loc["cost", "reason"].startswith("There is no data for Cost per click. Its amounts are in several")
    result = ws.result("goals", headline=lead_with_goals(progress.reset_index()))
    assert [item.value for item in result.headline][1:] == [15, None]


def test_the_history_of_goals(tmp_path):
    """Each goal's metric comes in the goal's scope; a goal with a metric of its own making is left out."""
    goals = """
goals:
  - {id: search-spend, metric: spend, scope: {channel: search}}
  - {id: fame, metric: fame}
"""
    rows = "2026-01-30,search,1,10,EUR,7\n2026-01-31,social,1,5,EUR,7\n"
    history = mopsnb.open(write_workspace(tmp_path, STRATEGY + goals, ad_daily=ADS + rows)).goal_history()
    assert {goal: frame["value"].tolist() for goal, frame in history.items()} == {"search-spend": [10.0]}


def test_what_limits_a_metric_is_among_the_findings(tmp_path):
    """An email source that reports no sent events is named, since delivered ones stand in for them."""
    events = "contact_id,event_type,occurred_at\n1,delivered,2026-01-05T10:00:00Z\n"
    ws = mopsnb.open(write_workspace(tmp_path, email_event=events))
    assert [item.id for item in ws.findings() if "sent" in item.title] != []


def test_a_goal_whose_scope_does_not_fit_its_metric_leaves_the_others_alone(tmp_path):
    """Cost per lead cannot be limited to a channel: that goal has no history, the next one has."""
    goals = (
        "goals: [{id: a, metric: cost_per_lead, scope: {channel: search}},"
        " {id: b, metric: ad_spend, scope: {channel: search}}]\n"
    )
    ads = "date,channel,campaign_id,spend,currency\n2026-01-05,search,c1,10,EUR\n"
    contacts = "contact_id,created_at\n1,2026-01-05T10:00:00Z\n"
    ws = mopsnb.open(write_workspace(tmp_path, STRATEGY + goals, ad_daily=ads, contact=contacts))
    assert list(ws.goal_history()) == ["b"]
