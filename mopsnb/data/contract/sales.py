"""Deals, and the web visits and touches on the way to them."""

from mopsnb.data.contract.columns import any_filled, at_least, column, declare_table, usually
from mopsnb.data.contract.spend import ISO_CURRENCY

DEAL = declare_table(
    "deal",
    "an opportunity",
    {
        "deal_id": column("id", "The deal's id.", required=True),
        "name": column("text", "The deal's name."),
        "type": column("text", "New business, renewal or expansion.", usually("new", "renewal", "expansion")),
        "pipeline": column("text", "The pipeline, where there are several."),
        "stage": column("text", "The stage at the time of the export.", required=True),
        "amount": column("decimal", "What the deal is worth.", unit="money"),
        "currency": column("text", "The currency of the amount.", ISO_CURRENCY),
        "created_at": column("timestamp", "When the deal was opened."),
        "expected_close_on": column("date", "When it is expected to close."),
        "closed_at": column("timestamp", "When it was won or lost.", known_at="closed_at"),
        "is_won": column("boolean", "True: won.", known_at="closed_at"),
        "is_closed": column("boolean", "True: won or lost.", known_at="closed_at"),
        "probability": column("number", "The chance of winning, as the sales tool gives it."),
        "owner": column("text", "Who works on it."),
        "account_id": column("id", "The company."),
        "campaign_id": column("id", "The campaign that it came from, as the sales tool says."),
        "loss_reason": column("text", "Why it was lost.", known_at="closed_at"),
        "competitor": column("text", "Who else was in the running."),
        "is_deleted": column("boolean", "True: the record is in the recycle bin."),
    },
    key=("deal_id",),
    role="record",
    time=("created_at",),
    marks=("created_at", "closed_at"),
    every_days=14,
    money_on=("closed_at", "created_at"),
)

DEAL_STAGE_EVENT = declare_table(
    "deal_stage_event",
    "a deal enters a stage",
    {
        "deal_id": column("id", "The deal.", required=True),
        "stage": column("text", "The stage that it enters.", required=True),
        "entered_at": column("timestamp", "When.", required=True),
    },
    key=("deal_id", "stage", "entered_at"),
    role="event",
    time=("entered_at",),
    grows=True,
    every_days=7,
)

DEAL_CONTACT = declare_table(
    "deal_contact",
    "a contact on a deal",
    {
        "deal_id": column("id", "The deal.", required=True),
        "contact_id": column("id", "The person.", required=True),
        "role": column("text", "The person's part in the decision."),
    },
    key=("deal_id", "contact_id"),
    role="reference",
)

WEB_DAILY = declare_table(
    "web_daily",
    "a traffic source on a day, or in a period",
    {
        "date": column("date", "The day; in the total of a period, its first day."),
        "period_start": column("date", "The first day of the period that the row totals."),
        "period_end": column("date", "The last day of the period. Filled: the row totals a period, not a day."),
        "channel_group": column("text", "The analytics tool's channel group."),
        "source": column("text", "The traffic source, such as google."),
        "medium": column("text", "The traffic medium, such as cpc."),
        "campaign": column("text", "The campaign name in the link."),
        "sessions": column("integer", "Visits.", at_least(0), required=True, unit="count"),
        "engaged_sessions": column("integer", "Visits that were more than a glance.", at_least(0), unit="count"),
        "users": column("integer", "Visitors; they do not add up over days.", at_least(0), unit="count"),
        "key_events": column("decimal", "Events that the team counts as a success.", unit="count"),
        "revenue": column("decimal", "Revenue that the tool gives to the visits.", unit="money"),
    },
    any_filled("date", "period_start"),
    key=("date", "period_start", "channel_group", "source", "medium", "campaign"),
    role="event",
    time=("period_end", "date", "period_start"),
    grows=True,
    money_on=("period_end", "date", "period_start"),
)

TOUCHPOINT = declare_table(
    "touchpoint",
    "a marketing touch",
    {
        "touch_id": column("id", "The touch's id, where the source has one."),
        "contact_id": column("id", "The person, where known."),
        "anonymous_id": column("id", "The visitor, where the person is not known."),
        "occurred_at": column("timestamp", "When.", required=True),
        "channel": column("text", "The channel.", required=True),
        "campaign_id": column("id", "The campaign."),
        "utm_source": column("text", "utm_source in the link."),
        "utm_medium": column("text", "utm_medium in the link."),
        "utm_campaign": column("text", "utm_campaign in the link."),
        "cost": column("decimal", "What the touch cost.", unit="money"),
    },
    key=("touch_id",),
    other_key=("contact_id", "anonymous_id", "occurred_at", "channel"),
    role="event",
    time=("occurred_at",),
    grows=True,
    money_on=("occurred_at",),
)

TABLES = (DEAL, DEAL_STAGE_EVENT, DEAL_CONTACT, WEB_DAILY, TOUCHPOINT)
