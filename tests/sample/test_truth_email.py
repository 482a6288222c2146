"""What the truth says about email is in the events, recomputed here with plain pandas."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.sample.conftest import Company, local, month


@pytest.fixture(scope="module")
def people(sample: Company) -> pd.DataFrame:
    """Email events that no bot caused, with their local month."""
    events = sample.table("email_event")
    return events[~events.is_bot].assign(month=lambda frame: month(frame.occurred_at))


@pytest.mark.parametrize(
    ("series", "kind"),
    [
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("clicks", "click"),
        ("unsubscribe_events", "unsubscribe"),
        ("hard_bounces", "bounce_hard"),
        ("spam_complaints", "spam"),
    ],
)
def test_monthly_totals_are_those_of_the_events(sample: Company, people: pd.DataFrame, series: str, kind: str) -> None:
    counted = people[people.event_type == kind].month.value_counts()
    expected = pd.Series(sample.truth["monthly"][series])
    assert counted.reindex(expected.index, fill_value=0).to_dict() == expected.to_dict()
    assert counted.sum() == expected.sum()


@pytest.mark.parametrize(
    ("series", "kind", "columns"),
    [
        ("recipients", "sent", ["contact_id"]),
        ("unsubscribed_contacts", "unsubscribe", ["contact_id"]),
        ("delivered_pairs", "delivered", ["contact_id", "campaign_id"]),
    ],
)
def test_monthly_distinct_counts_are_those_of_the_events(
    sample: Company, people: pd.DataFrame, series: str, kind: str, columns: list[str]
) -> None:
    distinct = people[people.event_type == kind].drop_duplicates(["month", *columns])
    expected = pd.Series(sample.truth["monthly"][series])
    assert distinct.month.value_counts().reindex(expected.index, fill_value=0).to_dict() == expected.to_dict()


def test_clicks_of_bots_are_counted_apart(sample: Company) -> None:
    events = sample.table("email_event")
    bots = month(events[events.is_bot].occurred_at).value_counts()
    expected = pd.Series(sample.truth["monthly"]["bot_clicks"])
    assert bots.reindex(expected.index, fill_value=0).to_dict() == expected.to_dict()


def test_nobody_clicked_in_the_letter_with_broken_links(sample: Company, people: pd.DataFrame) -> None:
    item = sample.anomaly("broken-links")
    letter = people[people.email_id == item["where"]["email_id"]]
    counted = letter.event_type.value_counts()
    assert counted["delivered"] == item["size"]["delivered"] > 1_500
    assert counted.get("click", 0) == item["size"]["clicks"] == 0
    assert local(letter.occurred_at).min().date().isoformat() == item["start_on"]


def test_scanners_clicked_one_letter_within_a_minute_and_are_flagged(sample: Company) -> None:
    item = sample.anomaly("bot-burst")
    events = sample.table("email_event")
    letter = events[events.email_id == item["where"]["email_id"]]
    bots = letter[letter.is_bot]
    assert len(bots) == item["size"]["bot_clicks"]
    arrived = letter[letter.event_type == "delivered"].set_index("contact_id").occurred_at
    waited = bots.occurred_at - bots.contact_id.map(arrived)
    assert waited.max() <= pd.Timedelta(minutes=1)
    others = events[events.is_bot & (events.email_id != item["where"]["email_id"])].email_id.value_counts()
    assert len(bots) > 5 * others.max()


def test_the_over_mailing_week_shows_in_churn_and_complaints(sample: Company, people: pd.DataFrame) -> None:
    churn, angry = sample.anomaly("over-mailing-churn"), sample.anomaly("over-mailing-complaints")
    gone = people[people.event_type == "unsubscribe"].groupby("month").contact_id.nunique()
    mailed = people[people.event_type == "sent"].groupby("month").contact_id.nunique()
    spam = people[people.event_type == "spam"].groupby("month").size()
    arrived = people[people.event_type == "delivered"].groupby("month").size()
    rates = (gone / mailed).fillna(0)
    assert rates["2026-05"] == pytest.approx(churn["size"]["rate"], abs=1e-6)
    assert rates.drop("2026-05").mean() == pytest.approx(churn["size"]["usual_rate"], abs=1e-6)
    assert rates["2026-05"] > 1.5 * rates.drop("2026-05").max()
    complaints = (spam / arrived).fillna(0)
    assert complaints["2026-05"] == pytest.approx(angry["size"]["rate"], abs=1e-6)
    assert complaints["2026-05"] > 3 * complaints.drop("2026-05").max()
    week = people[people.campaign_id == churn["where"]["campaign_id"]]
    sends = local(week[week.event_type == "sent"].occurred_at).dt.date.astype(str)
    assert (sends.min(), sends.max()) == (churn["start_on"], churn["end_on"])
    assert sends.nunique() == 3


def test_about_a_fifth_of_the_contacts_open_nearly_everything_by_machine(sample: Company, people: pd.DataFrame) -> None:
    named = people[people.email_id.notna()]
    got = named[named.event_type == "delivered"].groupby("contact_id").email_id.nunique()
    opened = named[named.event_type == "open"].groupby("contact_id").email_id.nunique()
    often = got[got >= 8]
    share = opened.reindex(often.index).fillna(0) / often
    expected = sample.truth["email"]["contacts_behind_a_privacy_proxy"]
    assert (share > 0.75).mean() == pytest.approx(expected, abs=0.03)
    assert share[share <= 0.75].mean() < 0.25


def test_bounces_fell_with_the_better_provider(sample: Company, people: pd.DataFrame) -> None:
    day = next(item for item in sample.truth["not_anomalies"] if item["id"] == "email-provider-move")["start_on"]
    before = local(people.occurred_at) < day
    kinds = pd.crosstab(before, people.event_type)
    rate = (kinds.bounce_hard + kinds.bounce_soft) / kinds.sent
    assert rate[False] < 0.7 * rate[True]


def test_fewer_people_leave_since_the_frequency_cap(sample: Company, people: pd.DataFrame) -> None:
    day = next(item for item in sample.truth["not_anomalies"] if item["id"] == "frequency-cap")["start_on"]
    spring = sample.anomaly("over-mailing-churn")["where"]["campaign_id"]
    usual = people[people.campaign_id != spring]
    after = usual[local(usual.occurred_at) >= day].event_type.value_counts()
    before = usual[local(usual.occurred_at) < day].event_type.value_counts()
    assert after.unsubscribe / after.delivered < before.unsubscribe / before.delivered
