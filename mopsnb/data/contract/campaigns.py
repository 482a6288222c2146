"""Campaigns, what was sent and shown in them, and the calendar around them."""

from mopsnb.data.contract.columns import at_least, column, declare_table, one_of
from mopsnb.data.contract.spend import ISO_CURRENCY

EMAIL_EVENTS = (
    "sent",
    "delivered",
    "open",
    "click",
    "unsubscribe",
    "resubscribe",
    "bounce_hard",
    "bounce_soft",
    "spam",
    "dropped",
    "deferred",
)

CAMPAIGN = declare_table(
    "campaign",
    "a campaign of any kind",
    {
        "campaign_id": column("id", "The campaign's id.", required=True),
        "name": column("text", "The campaign's name.", required=True),
        "type": column("text", "The kind of campaign, in the team's own words."),
        "channel": column("text", "The main channel."),
        "status": column("text", "The status at the time of the export."),
        "start_on": column("date", "The first day."),
        "end_on": column("date", "The last day."),
        "budgeted_cost": column("decimal", "What it may cost.", unit="money"),
        "actual_cost": column("decimal", "What it has cost so far, at the time of the export.", unit="money"),
        "currency": column("text", "The currency of the row's money.", ISO_CURRENCY),
        "goal": column("text", "The goal that it serves: an id of the strategy file."),
        "owner": column("text", "Who is responsible."),
        "kpi": column("text", "The metric by which it is judged."),
        "kpi_baseline": column("number", "The metric's value before."),
        "kpi_target": column("number", "The metric's value aimed at."),
    },
    key=("campaign_id",),
    role="plan",
    money_on=("start_on",),
)

CAMPAIGN_MAP = declare_table(
    "campaign_map",
    "what another system calls a campaign or channel",
    {
        "source": column("text", "The other system.", required=True),
        "source_name": column("text", "The name or id there.", required=True),
        "campaign_id": column("id", "The campaign's id here."),
        "channel": column("text", "The channel's name here."),
    },
    key=("source", "source_name"),
    role="reference",
)

CAMPAIGN_MEMBER = declare_table(
    "campaign_member",
    "a contact in a campaign",
    {
        "campaign_id": column("id", "The campaign.", required=True),
        "contact_id": column("id", "The person.", required=True),
        "status": column("text", "The person's status in the campaign, in the team's own words."),
        "has_responded": column("boolean", "True: the person responded.", known_at="first_responded_at"),
        "first_responded_at": column("timestamp", "When the person first responded.", known_at="first_responded_at"),
    },
    key=("campaign_id", "contact_id"),
    role="record",
    grows=True,
)

EMAIL_EVENT = declare_table(
    "email_event",
    "one thing that happened to one email",
    {
        "event_id": column("id", "The event's id, where the source has one."),
        "contact_id": column("id", "The recipient.", required=True),
        "campaign_id": column("id", "The campaign."),
        "email_id": column("id", "The email within the campaign."),
        "variant": column("text", "The variant of a test."),
        "subscription_type": column("text", "The list or kind of message."),
        "event_type": column("text", "What happened.", one_of(*EMAIL_EVENTS), required=True),
        "occurred_at": column("timestamp", "When.", required=True),
        "is_bot": column("boolean", "True: a machine opened or clicked. Such rows never count."),
    },
    key=("event_id",),
    other_key=("contact_id", "campaign_id", "event_type", "occurred_at"),
    role="event",
    time=("occurred_at",),
    grows=True,
)

EMAIL_SEND_SUMMARY = declare_table(
    "email_send_summary",
    "totals of one send, where events are not available",
    {
        "campaign_id": column("id", "The campaign, or the send where it has no campaign.", required=True),
        "sent_at": column("timestamp", "When it was sent.", required=True),
        "recipients": column("integer", "To how many it was sent.", at_least(0), required=True, unit="count"),
        "delivered": column("integer", "How many emails arrived.", at_least(0), unit="count"),
        "unique_opens": column("integer", "How many recipients opened it.", at_least(0), unit="count"),
        "total_opens": column("integer", "How often it was opened.", at_least(0), unit="count"),
        "unique_clicks": column("integer", "How many recipients clicked.", at_least(0), unit="count"),
        "total_clicks": column("integer", "How often it was clicked.", at_least(0), unit="count"),
        "unsubscribes": column("integer", "How many recipients unsubscribed.", at_least(0), unit="count"),
        "bounces_hard": column("integer", "How many emails bounced for good.", at_least(0), unit="count"),
        "bounces_soft": column("integer", "How many emails bounced for now.", at_least(0), unit="count"),
        "spam": column("integer", "How many recipients complained.", at_least(0), unit="count"),
    },
    key=("campaign_id", "sent_at"),
    role="event",
    time=("sent_at",),
    every_days=31,
)

CONTENT = declare_table(
    "content",
    "a post, page, asset or send on the day it was measured",
    {
        "content_id": column("id", "The content's id.", required=True),
        "title": column("text", "Its title."),
        "type": column("text", "Its kind, such as post or page."),
        "channel": column("text", "The channel it appeared on."),
        "published_at": column("timestamp", "When it was published.", required=True),
        "measured_on": column("date", "The day on which the counts were read."),
        "impressions": column("integer", "How often it was shown.", at_least(0), unit="count"),
        "engagements": column("integer", "Likes, shares, replies and the like.", at_least(0), unit="count"),
        "clicks": column("integer", "How often it was clicked.", at_least(0), unit="count"),
        "conversions": column("decimal", "Conversions that came from it.", unit="count"),
    },
    key=("content_id", "measured_on"),
    role="record",
    time=("measured_on", "published_at"),
)

EVENT_CALENDAR = declare_table(
    "event_calendar",
    "something that moves numbers: a holiday, launch or outage",
    {
        "event_id": column("id", "The entry's id."),
        "start_on": column("date", "The first day.", required=True),
        "end_on": column("date", "The last day; empty: one day."),
        "kind": column("text", "Holiday, launch, outage, or another word.", required=True),
        "note": column("text", "What it is."),
    },
    key=("event_id",),
    role="plan",
)

TABLES = (CAMPAIGN, CAMPAIGN_MAP, CAMPAIGN_MEMBER, EMAIL_EVENT, EMAIL_SEND_SUMMARY, CONTENT, EVENT_CALENDAR)
