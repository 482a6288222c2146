"""Every metric once more, in pandas and plain Python: what the tests compare the SQL with.

Nothing here is taken from the catalogue: the rules are written down a second time.
"""

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

NEVER = date(1900, 1, 1)


@dataclass
class Source:
    """Rows with the local day on which each counts, and when a month without a row is a fact."""

    rows: pd.DataFrame
    covered: str  # rows, span or since
    marks: list = field(default_factory=list)

    def months(self, as_of):
        """Return the months that are known."""
        days = [day for mark in self.marks for day in mark if day is not None and day <= as_of]
        if self.covered == "rows":
            return {day.replace(day=1) for day in self.rows["day"]}
        if not days:
            return set()
        last = max(days) if self.covered == "span" else as_of
        return set(list_months(min(days), last))


def list_months(first, last):
    """Return the first day of each month from one day to another."""
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    return found


def local_day(moment, zone):
    """Return the local day of an instant or date; None where there is none."""
    if moment is None or pd.isna(moment):
        return None
    if isinstance(moment, date) and not isinstance(moment, pd.Timestamp) and not hasattr(moment, "tzinfo"):
        return moment
    stamp = pd.Timestamp(moment)
    return stamp.tz_convert(ZoneInfo(zone)).date() if stamp.tzinfo else stamp.date()


def _truth(column):
    return column.map(lambda cell: cell is not None and not pd.isna(cell) and bool(cell)).astype(bool)


def _flags(frame, flags):
    return pd.Series(flags, index=frame.index, dtype=bool)


def _days(frame, column, zone):
    cells = frame[column]
    if isinstance(cells.dtype, pd.DatetimeTZDtype):
        cells = cells.dt.tz_convert(ZoneInfo(zone))
    days = cells.dt.date if pd.api.types.is_datetime64_any_dtype(cells) else [local_day(cell, zone) for cell in cells]
    return [None if pd.isna(day) else day for day in days]


def _source(frame, column, zone, as_of, covered, marks=()):
    found = [_days(frame, mark, zone) for mark in marks]
    rows = frame.assign(day=pd.Series(_days(frame, column, zone), index=frame.index, dtype=object))
    rows = rows[_flags(rows, [day is not None and day <= as_of for day in rows["day"]])]
    return Source(rows, covered, found)


def open_sources(tables, zone, as_of):
    """Return the rows that metrics count, by a short name; tables that are absent are left out."""
    found = {}
    if "email_event" in tables:
        human = tables["email_event"][~_truth(tables["email_event"]["is_bot"])]
        found["email"] = _source(human, "occurred_at", zone, as_of, "rows")
    if "ad_daily" in tables:
        found["ads"] = _source(tables["ad_daily"], "date", zone, as_of, "rows")
    if "spend_actual" in tables:
        booked = _source(tables["spend_actual"], "date", zone, as_of, "since", ["date"])
        found["books"] = booked
    if "web_daily" in tables:
        found["web"] = _source(tables["web_daily"], "date", zone, as_of, "rows")
    if "contact" in tables:
        people = tables["contact"]
        kept = people[~_truth(people["is_deleted"]) & people["merged_into"].isna()]
        marks = ("created_at", "updated_at", "last_activity_at")
        found["people"] = _source(kept, "created_at", zone, as_of, "span")
        found["people"].marks = [_days(people, mark, zone) for mark in marks]
    if "stage_event" in tables:
        stages = tables["stage_event"]
        for stage in ("mql", "sal", "sql"):
            entered = stages[stages["stage"].str.lower() == stage]
            first = entered.sort_values("entered_at").drop_duplicates("contact_id")
            found[stage] = _source(first, "entered_at", zone, as_of, "span")
            found[stage].marks = [_days(stages, "entered_at", zone)]
    if "assignment_event" in tables:
        marks = ["assigned_at", "first_response_at"]
        found["given"] = _source(tables["assignment_event"], "assigned_at", zone, as_of, "span", marks)
    if "touchpoint" in tables:
        found["touch"] = _source(tables["touchpoint"], "occurred_at", zone, as_of, "rows")
    if "campaign_member" in tables:
        members = tables["campaign_member"]
        members = members[_truth(members["has_responded"])]
        found["member"] = _source(members, "first_responded_at", zone, as_of, "since", ["first_responded_at"])
    if "deal" in tables:
        deals = tables["deal"]
        kept = deals[~_truth(deals["is_deleted"])]
        marks = [_days(deals, mark, zone) for mark in ("created_at", "closed_at")]
        closed = kept[
            kept["is_won"].notna() & _truth(kept["is_closed"].where(kept["is_closed"].notna(), kept["is_won"]))
        ]
        for name, rows, column in (
            ("opened", kept, "created_at"),
            ("closed", closed, "closed_at"),
            ("won", kept[_truth(kept["is_won"])], "closed_at"),
        ):
            found[name] = _source(rows, column, zone, as_of, "span")
            found[name].marks = marks
    if "content" in tables:
        content = tables["content"]
        first = content.groupby("content_id", as_index=False)["published_at"].min()
        found["piece"] = _source(first, "published_at", zone, as_of, "since", ["published_at"])
        found["gain"] = _source(_gain(content), "measured_on", zone, as_of, "rows")
    if "task" in tables:
        found["task"] = _source(tables["task"], "completed_at", zone, as_of, "span", ["created_at", "completed_at"])
        found["task"].rows["done_on"] = found["task"].rows["day"]
    if "service_event" in tables:
        found["request"] = _source(
            tables["service_event"], "opened_at", zone, as_of, "span", ["opened_at", "closed_at"]
        )
    if "feedback" in tables:
        found["answer"] = _source(tables["feedback"], "submitted_at", zone, as_of, "span", ["submitted_at", "reply_at"])
    return found


def _gain(content):
    """Return what each reading adds to the highest reading before, one piece of content at a time."""
    rows = []
    for _, piece in content[content["measured_on"].notna()].groupby("content_id"):
        highest = {}
        for row in piece.sort_values("measured_on").to_dict("records"):
            for name in ("impressions", "engagements", "clicks", "conversions"):
                count = row[name]
                if count is None or pd.isna(count):
                    row[name] = None
                    continue
                before = highest.get(name, 0)
                row[name] = max(0, float(count) - before)
                highest[name] = max(before, float(count))
            rows.append(row)
    return pd.DataFrame(rows, columns=content.columns)


def _count(rows):
    return len(rows)


def _distinct(*columns):
    return lambda rows: len(rows[list(columns)].fillna("\0").drop_duplicates())


def _sum(*columns):
    def add(rows):
        amounts = [
            [float(cell) for cell in rows[column] if cell is not None and not pd.isna(cell)] for column in columns
        ]
        return math.fsum(amounts[0]) if len(amounts[0]) else None

    return add


def _hold(column, *values):
    return lambda rows: rows[rows[column].isin(values)]


def _filled(*columns):
    return lambda rows: rows[rows[list(columns)].notna().all(axis=1)]


def _sent(rows):
    with_sent = set(rows["source"].where(rows["event_type"] == "sent").dropna())
    blank = bool(((rows["event_type"] == "sent") & rows["source"].isna()).any())
    stands_in = ~rows["source"].isin(with_sent) & ~(rows["source"].isna() & blank)
    return rows[(rows["event_type"] == "sent") | ((rows["event_type"] == "delivered") & stands_in)]


def _ordered(later, earlier):
    return lambda rows: rows[(rows[later] >= rows[earlier]).fillna(False).astype(bool)] if len(rows) else rows


def _seconds(later, earlier, paused=""):
    def add(rows):
        spans = [
            (pd.Timestamp(row[later]) - pd.Timestamp(row[earlier])).total_seconds()
            - (float(row[paused]) * 3600 if paused and not pd.isna(row[paused]) else 0)
            for row in rows.to_dict("records")
        ]
        return math.fsum(spans) if spans else None

    return add


def _is_type(name):
    return lambda rows: rows[rows["type"].str.lower() == name] if len(rows) else rows


def _new(rows):
    return rows[(rows["type"].str.lower() == "new") | (rows["type"].isna() & rows["untyped"])] if len(rows) else rows


def _customers(rows):
    return len(
        {
            f"account {a}" if a is not None and not pd.isna(a) else f"deal {d}"
            for a, d in zip(rows["account_id"], rows["deal_id"], strict=True)
        }
    )


def _in_time(rows):
    due = [local_day(cell, "UTC") for cell in rows["due_on"]]
    flags = [limit is not None and done <= limit for done, limit in zip(rows["done_on"], due, strict=True)]
    return rows[_flags(rows, flags)]


def _bounced(rows):
    return (
        math.fsum(float(a) - float(b) for a, b in zip(rows["sessions"], rows["engaged_sessions"], strict=True))
        if len(rows)
        else None
    )


def _customer(rows):
    return rows[rows["who_kind"] == "customer"]


def _colleague(rows):
    return rows[rows["who_kind"] == "colleague"]


def _all(rows):
    return rows


def _paid(rows):
    return rows[rows["status"].fillna("paid") != "committed"]


def _rated(kind, column):
    return lambda rows: _filled(column)(kind(rows))


# source, filter, number; `whole` filters look at all rows of the source before they are cut to a period
PARTS = {
    "clicks": ("email", _hold("event_type", "click"), _count),
    "delivered": ("email", _hold("event_type", "delivered"), _count),
    "sent": ("email", _sent, _count),
    "recipients": ("email", _sent, _distinct("contact_id")),
    "left": ("email", _hold("event_type", "unsubscribe"), _distinct("contact_id")),
    "leavers": ("email", _hold("event_type", "unsubscribe", "bounce_hard", "spam"), _distinct("contact_id")),
    "delivered pairs": ("email", _hold("event_type", "delivered"), _distinct("contact_id", "campaign_id")),
    "opening pairs": ("email", _hold("event_type", "open"), _distinct("contact_id", "campaign_id")),
    "clicking pairs": ("email", _hold("event_type", "click"), _distinct("contact_id", "campaign_id")),
    "hard": ("email", _hold("event_type", "bounce_hard"), _count),
    "soft": ("email", _hold("event_type", "bounce_soft"), _count),
    "spam": ("email", _hold("event_type", "spam"), _count),
    "ad spend": ("ads", _all, _sum("spend")),
    "ad shown": ("ads", _all, _sum("impressions")),
    "ad clicks": ("ads", _all, _sum("clicks")),
    "ad won": ("ads", _all, _sum("conversions")),
    "ad value": ("ads", _all, _sum("conversion_value")),
    "spend|clicks": ("ads", _filled("clicks"), _sum("spend")),
    "spend|value": ("ads", _filled("conversion_value"), _sum("spend")),
    "spend|shown": ("ads", _filled("impressions"), _sum("spend")),
    "spend|won": ("ads", _filled("conversions"), _sum("spend")),
    "clicks|shown": ("ads", _filled("impressions"), _sum("clicks")),
    "shown|clicks": ("ads", _filled("clicks"), _sum("impressions")),
    "won|clicks": ("ads", _filled("clicks"), _sum("conversions")),
    "clicks|won": ("ads", _filled("conversions"), _sum("clicks")),
    "booked": ("books", _paid, _sum("amount")),
    "sessions": ("web", _all, _sum("sessions")),
    "engaged": ("web", _filled("sessions"), _sum("engaged_sessions")),
    "bounced": ("web", _filled("sessions", "engaged_sessions"), _bounced),
    "sessions|engaged": ("web", _filled("engaged_sessions"), _sum("sessions")),
    "key": ("web", _all, _sum("key_events")),
    "sessions|key": ("web", _filled("key_events"), _sum("sessions")),
    "web revenue": ("web", _all, _sum("revenue")),
    "leads": ("people", _all, _count),
    "converted": ("people", lambda rows: rows[_truth(rows["is_converted"])], _count),
    "mqls": ("mql", _all, _count),
    "sals": ("sal", _all, _count),
    "sqls": ("sql", _all, _count),
    "answer seconds": (
        "given",
        _ordered("first_response_at", "assigned_at"),
        _seconds("first_response_at", "assigned_at"),
    ),
    "answered": ("given", _ordered("first_response_at", "assigned_at"), _count),
    "given": ("given", _all, _count),
    "touches": ("touch", _all, _count),
    "responses": ("member", _all, _count),
    "opened": ("opened", _all, _count),
    "opened amount": ("opened", _all, _sum("amount")),
    "closed": ("closed", _all, _count),
    "closed won": ("closed", lambda rows: rows[_truth(rows["is_won"])], _count),
    "won amount": ("won", _all, _sum("amount")),
    "won priced": ("won", _filled("amount"), _count),
    "deal seconds": ("won", _ordered("closed_at", "created_at"), _seconds("closed_at", "created_at")),
    "deal aged": ("won", _ordered("closed_at", "created_at"), _count),
    "campaign amount": ("won", _filled("campaign_id"), _sum("amount")),
    "expansion": ("won", _is_type("expansion"), _sum("amount")),
    "renewal": ("won", _is_type("renewal"), _sum("amount")),
    "customers": ("won", _new, _customers),
    "ratings": ("answer", _customer, _sum("rating")),
    "rated": ("answer", _rated(_customer, "rating"), _count),
    "efforts": ("answer", _colleague, _sum("effort_rating")),
    "strained": ("answer", _rated(_colleague, "effort_rating"), _count),
    "reply seconds": ("answer", _ordered("reply_at", "submitted_at"), _seconds("reply_at", "submitted_at")),
    "replied": ("answer", _ordered("reply_at", "submitted_at"), _count),
    "pieces": ("piece", _all, _count),
    "seen": ("gain", _all, _sum("impressions")),
    "gained": ("gain", _all, _sum("conversions")),
    "acts|seen": ("gain", _filled("impressions"), _sum("engagements")),
    "seen|acts": ("gain", _filled("engagements"), _sum("impressions")),
    "clicks|seen": ("gain", _filled("impressions"), _sum("clicks")),
    "seen|clicks": ("gain", _filled("clicks"), _sum("impressions")),
    "done": ("task", _all, _count),
    "due": ("task", _filled("due_on"), _count),
    "in time": ("task", _in_time, _count),
    "task seconds": ("task", _ordered("completed_at", "created_at"), _seconds("completed_at", "created_at")),
    "worked": ("task", _ordered("completed_at", "created_at"), _count),
    "asked": ("request", _all, _count),
    "request seconds": (
        "request",
        _ordered("closed_at", "opened_at"),
        _seconds("closed_at", "opened_at", "paused_hours"),
    ),
    "met": ("request", _ordered("closed_at", "opened_at"), _count),
}
# numerator parts, denominator part, factor; the list churn rate's level is worked out by itself
METRICS = {
    "email_churn_rate": (["left"], "recipients", 1),
    "unsubscribe_rate": (["left"], "delivered", 1),
    "click_through_rate": (["clicks"], "delivered pairs", 1),
    "total_clicks": (["clicks"], None, 1),
    "unique_click_rate": (["clicking pairs"], "delivered pairs", 1),
    "click_to_open_rate": (["clicking pairs"], "opening pairs", 1),
    "open_rate": (["opening pairs"], "delivered pairs", 1),
    "emails_sent": (["sent"], None, 1),
    "emails_delivered": (["delivered"], None, 1),
    "hard_bounce_rate": (["hard"], "sent", 1),
    "spam_complaint_rate": (["spam"], "delivered", 1),
    "delivery_rate": (["delivered"], "sent", 1),
    "soft_bounce_rate": (["soft"], "sent", 1),
    "spend": (["ad spend", "booked"], None, 1),
    "ad_spend": (["ad spend"], None, 1),
    "ad_impressions": (["ad shown"], None, 1),
    "ad_clicks": (["ad clicks"], None, 1),
    "ad_click_through_rate": (["clicks|shown"], "shown|clicks", 1),
    "cost_per_click": (["spend|clicks"], "ad clicks", 1),
    "ad_conversions": (["ad won"], None, 1),
    "return_on_ad_spend": (["ad value"], "spend|value", 1),
    "cost_per_thousand_impressions": (["spend|shown"], "ad shown", 1000),
    "cost_per_conversion": (["spend|won"], "ad won", 1),
    "ad_conversion_rate": (["won|clicks"], "clicks|won", 1),
    "sessions": (["sessions"], None, 1),
    "engagement_rate": (["engaged"], "sessions|engaged", 1),
    "bounce_rate": (["bounced"], "sessions|engaged", 1),
    "key_events": (["key"], None, 1),
    "key_events_per_session": (["key"], "sessions|key", 1),
    "web_revenue": (["web revenue"], None, 1),
    "leads": (["leads"], None, 1),
    "marketing_qualified_leads": (["mqls"], None, 1),
    "sales_accepted_leads": (["sals"], None, 1),
    "sales_qualified_leads": (["sqls"], None, 1),
    "mql_to_sql_rate": (["sqls"], "mqls", 1),
    "lead_conversion_rate": (["converted"], "leads", 1),
    "lead_response_hours": (["answer seconds"], "answered", 1 / 3600),
    "lead_response_rate": (["answered"], "given", 1),
    "cost_per_mql": (["ad spend", "booked"], "mqls", 1),
    "marketing_touches": (["touches"], None, 1),
    "campaign_responses": (["responses"], None, 1),
    "cost_per_lead": (["ad spend", "booked"], "leads", 1),
    "deals_created": (["opened"], None, 1),
    "pipeline_created": (["opened amount"], None, 1),
    "win_rate": (["closed won"], "closed", 1),
    "average_deal_size": (["won amount"], "won priced", 1),
    "sales_cycle_days": (["deal seconds"], "deal aged", 1 / 86400),
    "campaign_revenue_share": (["campaign amount"], "won amount", 1),
    "new_customers": (["customers"], None, 1),
    "customer_acquisition_cost": (["ad spend", "booked"], "customers", 1),
    "revenue_won": (["won amount"], None, 1),
    "expansion_revenue": (["expansion"], None, 1),
    "renewal_revenue": (["renewal"], None, 1),
    "customer_satisfaction": (["ratings"], "rated", 1),
    "content_published": (["pieces"], None, 1),
    "content_impressions": (["seen"], None, 1),
    "content_engagement_rate": (["acts|seen"], "seen|acts", 1),
    "content_click_rate": (["clicks|seen"], "seen|clicks", 1),
    "content_conversions": (["gained"], None, 1),
    "tasks_completed": (["done"], None, 1),
    "on_time_task_rate": (["in time"], "due", 1),
    "task_cycle_days": (["task seconds"], "worked", 1 / 86400),
    "service_requests": (["asked"], None, 1),
    "service_resolution_hours": (["request seconds"], "met", 1 / 3600),
    "feedback_reply_hours": (["reply seconds"], "replied", 1 / 3600),
    "marketer_effort": (["efforts"], "strained", 1),
}


class Reference:
    """Answers for every metric from frames, one period at a time."""

    def __init__(self, tables, zone, as_of):
        self.as_of = as_of
        self.sources = open_sources(tables, zone, as_of)
        if "won" in self.sources:
            untyped = tables["deal"]["type"].isna().all()
            self.sources["won"].rows["untyped"] = untyped
        self.days = {name: {*source.rows["day"]} for name, source in self.sources.items()}
        self.known = {name: source.months(as_of) for name, source in self.sources.items()}
        chosen = {name: (source, pick(self.sources[source].rows), number)
                  for name, (source, pick, number) in PARTS.items() if source in self.sources}  # fmt: skip
        self.parts = {
            name: (source, rows.assign(month=[day.replace(day=1) for day in rows["day"]]), number)
            for name, (source, rows, number) in chosen.items()
        }

    def work_out(self, metric, cut):
        """Return {label: (value, numerator, denominator)}; ``cut`` gives the label of a day's period."""
        tops, bottom, factor = METRICS[metric]
        begun = [part for part in tops if part in self.parts and self.known[self.parts[part][0]]]
        if not begun or (bottom and (bottom not in self.parts or not self.known[self.parts[bottom][0]])):
            return {}
        firsts = {part: min(self.known[self.parts[part][0]]) for part in (*begun, *([bottom] if bottom else []))}
        start = max(min(firsts[part] for part in begun), firsts[bottom] if bottom else NEVER)
        months = []
        for month in list_months(start, self.as_of):
            asked = [part for part in begun if firsts[part] <= month] + ([bottom] if bottom else [])
            if all(month in self.known[self.parts[part][0]] for part in asked):
                months.append(month)
        spans, day = {}, start
        while day <= self.as_of:
            spans.setdefault(cut(day), []).append(day)
            day += timedelta(days=1)
        monthly = all(label == days[-1].replace(day=1) for label, days in spans.items() if label) and None not in spans
        known = {part: self.known[self.parts[part][0]] if monthly else set(months) for part in firsts}
        every = [(day, day.replace(day=1), label) for label, days in spans.items() for day in days]
        label_of = {part: {day: label for day, month, label in every if month in known[part]} for part in firsts}
        answers = {part: self._read(part, label_of[part]) for part in firsts}
        return {
            label: self._answer([part for part in tops if part in firsts and firsts[part] <= days[-1]], bottom, factor,
                                {part: found.get(label) for part, found in answers.items()})
            for label, days in spans.items()
        }  # fmt: skip

    @staticmethod
    def _answer(tops, bottom, factor, found):
        numbers = [found[part] for part in tops]
        top = None if not numbers or None in numbers else math.fsum(numbers)
        base = found[bottom] if bottom else None
        value = None
        if top is not None and (not bottom or base):
            value = top / base * factor if bottom else top * factor
        return value, top, base

    def _read(self, part, label_of):
        """Return one part's number in each period that is known."""
        source, rows, number = self.parts[part]
        covered = self.sources[source].covered
        held = {label_of[day] for day in self.days[source] if day in label_of}
        labels = held if covered == "rows" else {*label_of.values()}
        labeled = rows["day"].map(label_of.get)
        inside = rows[rows["day"].isin(set(label_of))]
        groups = dict(list(inside.groupby(labeled.fillna("whole")))) if len(inside) else {}
        found = {}
        for label in labels:
            group = groups.get("whole" if label is None else label, rows.iloc[:0])
            found[label] = number(group)
            if found[label] is None and covered != "rows" and not len(group):
                found[label] = 0
        return found
