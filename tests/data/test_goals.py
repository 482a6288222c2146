"""Goals that cannot be measured as they are written are found, with what to write instead."""

import pytest

from mopsnb.data.goals import alternatives_missing, fits_scope, review_goals
from mopsnb.data.metrics import read_catalogue
from mopsnb.strategy import Channel, Goal, Strategy

CATALOGUE = read_catalogue()


def review(metric, scope=None, channels=(), tables=None):
    """Return the findings about one goal."""
    goal = Goal(id="g1", metric=metric, scope=scope or {})
    strategy = Strategy(goals=[goal], channels=[Channel(id=name) for name in channels])
    return review_goals(strategy, CATALOGUE, tables)


@pytest.mark.parametrize(
    ("metric", "scope"),
    [
        ("", {"chanel": "search"}),
        ("total_clicks", {"channel": "email"}),
        ("cost_per_click", {"channel": "search"}),
        ("spend", {"channel": ["search", "print"]}),
        ("leads", {}),
    ],
)
def test_a_goal_that_can_be_measured_or_has_no_metric_is_left_alone(metric, scope):
    """Fitting scopes give no finding; a goal without any metric is left to its SMART verdict."""
    assert review(metric, scope, channels=["search", "print"]) == []


def test_an_unknown_metric_is_an_error_with_the_nearest_name():
    """The finding says which goal, which name and which was probably meant."""
    (found,) = review("total_click")
    assert (found.id, found.severity, found.where) == ("goals.metric.g1", "error", "g1")
    assert "Did you mean 'total_clicks'?" in found.evidence
    assert "under the key metric" in found.fix


def test_a_misspelled_scope_key_is_an_error_with_the_nearest_key():
    """`chanel` is no column of ads; `channel` is, and the fix says so."""
    (found,) = review("cost_per_click", {"chanel": "search"})
    assert (found.id, found.severity) == ("goals.scope.g1", "error")
    assert "Did you mean 'channel'?" in found.evidence
    assert "can be limited by account_id, brand, campaign_id, campaign_name, channel, region, source." in found.evidence
    assert found.fix == "In strategy.yml, goal g1, write channel instead of chanel under the key scope."


def test_a_key_that_one_part_of_a_ratio_lacks_is_an_error():
    """Spend has a channel, contacts have none, so the cost per lead has no channel either."""
    (found,) = review("cost_per_lead", {"channel": "search"})
    assert found.evidence.startswith("contact cannot be limited by channel.")
    assert "can be limited by brand, region, source." in found.evidence


def test_a_channel_that_no_email_has_is_an_error():
    """Clicks of emails in the channel search do not exist."""
    (found,) = review("total_clicks", {"channel": "search"}, channels=["search"])
    assert found.id == "goals.scope.g1"
    assert found.evidence.startswith("Every row of email_event has channel email, so none has channel search.")


def test_several_keys_that_do_not_fit_are_one_finding():
    """Each key is named, so that one correction is enough."""
    (found,) = review("leads", {"chanel": "search", "ownr": "ann"})
    assert "its scope chanel, ownr does not fit" in found.title
    assert "write owner instead of ownr" in found.fix


def test_an_undeclared_channel_is_a_warning_where_channels_are_declared():
    """A typing error in a channel's name gives no rows, so it is named; without declared channels none is expected."""
    (found,) = review("ad_spend", {"channel": "serch"}, channels=["search", "social"])
    assert (found.id, found.severity) == ("goals.channel.g1", "warning")
    assert "Did you mean 'search'?" in found.evidence
    assert review("ad_spend", {"channel": "serch"}) == []


def test_parts_of_a_metric_that_the_tables_do_not_allow_need_not_fit():
    """Bookings have no campaign name; where there are none, spend can be limited by it."""
    scope = {"campaign_name": "Spring"}
    assert not fits_scope(CATALOGUE["spend"], scope)
    assert not fits_scope(CATALOGUE["spend"], scope, ["ad_daily", "spend_actual"])
    assert fits_scope(CATALOGUE["spend"], scope, ["ad_daily"])
    assert review("spend", scope, tables=["ad_daily"]) == []


@pytest.mark.parametrize(
    ("metric", "tables", "missing"),
    [
        ("spend", [], [["ad_daily", "spend_actual"]]),
        ("spend", ["spend_actual"], []),
        ("cost_per_lead", [], [["ad_daily", "spend_actual"], ["contact"]]),
        ("cost_per_lead", ["ad_daily"], [["contact"]]),
        ("list_churn_rate", ["email_event"], [["contact"]]),
        ("list_churn_rate", [], [["email_event"], ["contact"]]),
        ("leads", ["contact"], []),
    ],
)
def test_the_tables_that_a_metric_lacks(metric, tables, missing):
    """Of each group one table is enough; tables that are there are not asked for."""
    assert alternatives_missing(CATALOGUE[metric], tables) == missing
