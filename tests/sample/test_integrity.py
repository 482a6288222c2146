"""The tables of the sample agree with each other, and hold nothing later than the last day."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pandas as pd
import pytest

from tests.sample.conftest import Company, local

pytestmark = pytest.mark.slow

END = date(2026, 9, 30)
PAST = {
    "email_event": "occurred_at",
    "stage_event": "entered_at",
    "deal_stage_event": "entered_at",
    "lead_activity": "occurred_at",
    "assignment_event": "assigned_at",
    "service_event": "opened_at",
    "task_event": "occurred_at",
    "touchpoint": "occurred_at",
}
REFERENCES = [
    ("contact", "account_id", "account", "account_id"),
    ("contact", "merged_into", "contact", "contact_id"),
    ("email_event", "contact_id", "contact", "contact_id"),
    ("email_event", "campaign_id", "campaign", "campaign_id"),
    ("stage_event", "contact_id", "contact", "contact_id"),
    ("ad_daily", "campaign_id", "campaign", "campaign_id"),
    ("campaign_map", "campaign_id", "campaign", "campaign_id"),
    ("campaign_member", "campaign_id", "campaign", "campaign_id"),
    ("campaign_member", "contact_id", "contact", "contact_id"),
    ("spend_actual", "campaign_id", "campaign", "campaign_id"),
    ("touchpoint", "contact_id", "contact", "contact_id"),
    ("touchpoint", "campaign_id", "campaign", "campaign_id"),
    ("deal", "account_id", "account", "account_id"),
    ("deal", "campaign_id", "campaign", "campaign_id"),
    ("deal_stage_event", "deal_id", "deal", "deal_id"),
    ("deal_contact", "deal_id", "deal", "deal_id"),
    ("deal_contact", "contact_id", "contact", "contact_id"),
    ("lead_activity", "contact_id", "contact", "contact_id"),
    ("assignment_event", "contact_id", "contact", "contact_id"),
    ("service_event", "contact_id", "contact", "contact_id"),
    ("task_event", "task_id", "task", "task_id"),
    ("tool_usage", "tool_id", "tool", "tool_id"),
]
KEYS = {
    "contact": ["contact_id"],
    "account": ["account_id"],
    "email_event": ["event_id"],
    "stage_event": ["contact_id", "stage", "entered_at"],
    "campaign": ["campaign_id"],
    "campaign_map": ["source", "source_name"],
    "campaign_member": ["campaign_id", "contact_id"],
    "ad_daily": ["channel", "account_id", "campaign_id", "date"],
    "spend_actual": ["spend_id"],
    "budget_plan": ["version", "month", "area"],
    "web_daily": ["date", "source", "medium", "campaign"],
    "touchpoint": ["touch_id"],
    "deal": ["deal_id"],
    "deal_stage_event": ["deal_id", "stage", "entered_at"],
    "deal_contact": ["deal_id", "contact_id"],
    "lead_activity": ["contact_id", "activity_type", "occurred_at"],
    "assignment_event": ["contact_id", "assigned_at"],
    "task": ["task_id"],
    "task_event": ["task_id", "occurred_at"],
    "tool": ["tool_id"],
    "tool_usage": ["tool_id", "person"],
    "service_event": ["agreement", "request_id"],
    "feedback": ["feedback_id"],
    "content": ["content_id", "measured_on"],
    "event_calendar": ["event_id"],
    "decision": ["decision_id"],
    "approval": ["approval_id"],
}


def test_every_table_has_a_key_that_is_tested_here(sample: Company) -> None:
    assert sorted(KEYS) == sample.names


@pytest.mark.parametrize("name", sorted(KEYS))
def test_the_key_of_a_table_is_unique(sample: Company, name: str) -> None:
    assert not sample.table(name).duplicated(KEYS[name]).any()


@pytest.mark.parametrize(("table", "column", "target", "key"), REFERENCES)
def test_an_id_points_to_a_row_that_exists(sample: Company, table: str, column: str, target: str, key: str) -> None:
    found = sample.table(table)[column].dropna()
    assert len(found)
    assert found.isin(sample.table(target)[key]).all()


@pytest.mark.parametrize(("name", "column"), PAST.items())
def test_nothing_that_happened_lies_after_the_last_day(sample: Company, name: str, column: str) -> None:
    assert local(sample.table(name)[column]).max().date() == END or name == "task_event"
    assert local(sample.table(name)[column]).max().date() <= END


def test_only_committed_spend_lies_after_the_last_day(sample: Company) -> None:
    spend = sample.table("spend_actual")
    assert set(spend.status) == {"committed", "invoiced", "paid"}
    assert set(spend[spend["date"] > END].status) == {"committed"}
    assert set(spend[spend["date"] <= END].status) == {"invoiced", "paid"}


@pytest.mark.parametrize(
    ("name", "column"),
    [("ad_daily", "date"), ("web_daily", "date")],
)
def test_daily_tables_cover_every_day(sample: Company, name: str, column: str) -> None:
    days = pd.DatetimeIndex(pd.to_datetime(sample.table(name)[column]).unique())
    assert set(days) == set(pd.date_range("2023-10-01", "2026-09-30"))


def test_ids_with_leading_zeros_survive_as_text(sample: Company) -> None:
    campaigns = sample.table("campaign").campaign_id
    assert campaigns.str.fullmatch(r"0\d{3}").all()
    assert sample.table("ad_daily").account_id.str.fullmatch(r"00\d{4}").all()


@pytest.fixture(scope="module")
def pairs(sample: Company) -> dict[str, pd.MultiIndex]:
    """Contact and email of each type of event."""
    events = sample.table("email_event")
    named = events[events.email_id.notna()]
    return {
        kind: pd.MultiIndex.from_frame(found[["contact_id", "email_id"]].drop_duplicates())
        for kind, found in named.groupby("event_type")
    }


class TestEmail:
    """What happens to an email follows from its being sent."""

    @pytest.mark.parametrize("kind", ["open", "click", "unsubscribe", "spam"])
    def test_reactions_belong_to_a_delivered_email(self, pairs: dict[str, pd.MultiIndex], kind: str) -> None:
        assert pairs[kind].isin(pairs["delivered"]).all()

    @pytest.mark.parametrize("kind", ["delivered", "bounce_hard", "bounce_soft", "deferred"])
    def test_what_arrives_or_bounces_was_sent(self, pairs: dict[str, pd.MultiIndex], kind: str) -> None:
        assert pairs[kind].isin(pairs["sent"]).all()

    def test_an_email_is_either_delivered_or_bounced(self, pairs: dict[str, pd.MultiIndex]) -> None:
        assert not pairs["delivered"].isin(pairs["bounce_hard"].union(pairs["bounce_soft"])).any()
        assert not pairs["dropped"].isin(pairs["sent"]).any()

    def test_reactions_come_after_delivery(self, sample: Company) -> None:
        events = sample.table("email_event")
        events = events[events.email_id.notna()]
        arrived = events[events.event_type == "delivered"].set_index(["contact_id", "email_id"]).occurred_at
        later = events[events.event_type.isin(["open", "click", "unsubscribe", "spam"])]
        first = later.groupby(["contact_id", "email_id"]).occurred_at.min()
        assert (first > arrived.reindex(first.index)).all()

    def test_nobody_is_mailed_before_they_agreed_or_while_they_are_unsubscribed(self, sample: Company) -> None:
        events = sample.table("email_event").sort_values("occurred_at", kind="stable")
        contacts = sample.table("contact").set_index("contact_id")
        sent = events[events.event_type == "sent"]
        agreed = contacts.consent_at.reindex(sent.contact_id).to_numpy()
        broken = set(sample.truth["broken_records"]["consent_in_1970"]["contact_ids"])
        known = ~sent.contact_id.isin(broken).to_numpy()
        assert (sent.occurred_at.to_numpy()[known] >= agreed[known]).all()
        moves = events[events.event_type.isin(["unsubscribe", "resubscribe", "sent"])]
        state = moves.event_type.where(moves.event_type != "sent").groupby(moves.contact_id).ffill()
        assert not ((moves.event_type == "sent") & (state == "unsubscribe")).any()

    def test_the_contact_record_says_who_has_opted_out(self, sample: Company) -> None:
        events = sample.table("email_event").sort_values("occurred_at", kind="stable")
        moves = events[events.event_type.isin(["unsubscribe", "resubscribe"])]
        last = moves.groupby("contact_id").event_type.last()
        contacts = sample.table("contact").set_index("contact_id")
        assert set(contacts.index[contacts.email_opt_out]) == set(last.index[last == "unsubscribe"])

    def test_a_hard_bounce_ends_the_mailing(self, sample: Company) -> None:
        events = sample.table("email_event")
        dead = events[events.event_type == "bounce_hard"].groupby("contact_id").occurred_at.min()
        sent = events[(events.event_type == "sent") & events.contact_id.isin(dead.index)]
        assert (sent.occurred_at <= sent.contact_id.map(dead)).all()

    def test_only_clicks_come_from_bots(self, sample: Company) -> None:
        events = sample.table("email_event")
        assert set(events[events.is_bot].event_type) == {"click"}

    def test_the_known_irregularities_are_there(self, sample: Company) -> None:
        events = sample.table("email_event")
        gone = events[events.event_type == "unsubscribe"]
        assert gone.campaign_id.isna().sum() > 20
        assert gone.contact_id.duplicated().sum() > 5
        assert (events.event_type == "resubscribe").sum() > 5
        here, utc = local(events.occurred_at), events.occurred_at.dt.tz_localize(None)
        assert (here.dt.strftime("%Y-%m") != utc.dt.strftime("%Y-%m")).sum() > 1_000


class TestSales:
    """Stages, deals and touches are in order."""

    def test_a_contact_enters_the_stages_of_a_sale_in_their_order(self, sample: Company) -> None:
        order = ["lead", "mql", "sal", "sql", "opportunity", "customer"]
        events = sample.table("stage_event")
        first = events.pivot_table(index="contact_id", columns="stage", values="entered_at", aggfunc="min")
        for before, after in pairwise(order):
            both = first[[before, after]].dropna()
            assert len(both) > 100
            assert (both[before] <= both[after]).all(), (before, after)

    def test_stages_begin_with_the_record(self, sample: Company) -> None:
        events = sample.table("stage_event").merge(sample.table("contact")[["contact_id", "created_at"]])
        assert (events.entered_at >= events.created_at).all()

    def test_the_record_shows_the_latest_stage(self, sample: Company) -> None:
        events = sample.table("stage_event").sort_values("entered_at", kind="stable")
        last = events.groupby("contact_id").stage.last()
        shown = sample.table("contact").set_index("contact_id").lifecycle_stage
        assert (shown.reindex(last.index) == last).mean() == 1.0

    def test_converted_contacts_are_those_who_became_an_opportunity(self, sample: Company) -> None:
        contacts = sample.table("contact").set_index("contact_id")
        assert (contacts.converted_at.notna() == contacts.is_converted).all()
        events = sample.table("stage_event")
        entered = events[events.stage == "opportunity"].set_index("contact_id").entered_at
        assert (contacts.converted_at.reindex(entered.index) == entered).all()

    def test_a_deal_belongs_to_the_account_of_its_contacts(self, sample: Company) -> None:
        joined = sample.table("deal_contact").merge(sample.table("deal")[["deal_id", "account_id"]], on="deal_id")
        joined = joined.merge(sample.table("contact")[["contact_id", "account_id"]], on="contact_id")
        same = joined.account_id_x.eq(joined.account_id_y) | (joined.account_id_x.isna() & joined.account_id_y.isna())
        assert same.all()

    def test_deal_stages_run_from_creation_to_close(self, sample: Company) -> None:
        deals = sample.table("deal").set_index("deal_id")
        events = sample.table("deal_stage_event")
        first, last = events.groupby("deal_id").entered_at.min(), events.groupby("deal_id").entered_at.max()
        assert (first == deals.created_at.reindex(first.index)).all()
        closed = deals[deals.is_closed]
        assert (last.reindex(closed.index) == closed.closed_at).all()
        latest = events.sort_values("entered_at", kind="stable").groupby("deal_id").stage.last()
        assert (latest.reindex(deals.index) == deals.stage).all()

    def test_won_and_lost_deals_are_marked_alike_in_all_columns(self, sample: Company) -> None:
        deals = sample.table("deal")
        assert (deals.closed_at.notna() == deals.is_closed).all()
        assert (deals.is_won == (deals.stage == "closed_won")).all()
        assert (deals.loss_reason.notna() == (deals.stage == "closed_lost")).all()
        assert (deals.closed_at.dropna() > deals.created_at[deals.closed_at.notna()]).all()

    def test_touches_lead_to_new_deals(self, sample: Company) -> None:
        deals = sample.table("deal")
        new = deals[(deals.type == "new") & (deals.created_at >= pd.Timestamp("2024-06-01", tz="UTC"))]
        joined = sample.table("deal_contact").merge(new[["deal_id", "created_at"]], on="deal_id")
        primary = joined[joined.deal_id.isin(new.deal_id)].drop_duplicates("deal_id")
        touches = sample.table("touchpoint").merge(primary, on="contact_id")
        before = touches[touches.occurred_at < touches.created_at].deal_id.nunique()
        assert before / len(primary) > 0.9

    def test_a_customer_has_one_new_deal(self, sample: Company) -> None:
        deals = sample.table("deal")
        won = deals[(deals.type == "new") & deals.is_won & deals.account_id.notna()]
        assert not won.account_id.duplicated().any()

    def test_renewals_come_after_the_first_purchase(self, sample: Company) -> None:
        deals = sample.table("deal")
        bought = (
            deals[(deals.type == "new") & deals.is_won & deals.account_id.notna()].set_index("account_id").closed_at
        )
        renewed = deals[deals.type != "new"]
        both = renewed[renewed.account_id.isin(bought.index)]
        assert len(both) > 100
        assert (both.created_at > both.account_id.map(bought)).all()

    def test_assignments_follow_the_qualified_lead_within_half_an_hour(self, sample: Company) -> None:
        events = sample.table("stage_event")
        due = events[events.stage == "mql"].sort_values("entered_at")[["contact_id", "entered_at"]]
        given = sample.table("assignment_event").sort_values("assigned_at")
        given = pd.merge_asof(given, due, left_on="assigned_at", right_on="entered_at", by="contact_id")
        waited = given.assigned_at - given.entered_at
        assert waited.min() > pd.Timedelta(0)
        assert waited.max() < pd.Timedelta(minutes=30)
        answered = given.dropna(subset=["first_response_at"])
        assert (answered.first_response_at > answered.assigned_at).all()
