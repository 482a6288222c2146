"""Every metric once more, in pandas and plain Python: what the tests compare the SQL with.

Nothing here is taken from the catalogue: the rules are written down a second time.
"""

import math
from datetime import date, timedelta

import pandas as pd
import pytest
from metric_parts import PARTS
from metric_sources import list_months, open_sources
from metric_spans import SpanSource

NEVER = date(1900, 1, 1)
TOLERANCE = 1e-9
CUTS = {
    "month": lambda day: day.replace(day=1),
    "week": lambda day: day - timedelta(days=day.weekday()),
    "quarter": lambda day: date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
    "total": lambda day: None,
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
    "send_recipients": (["posted"], None, 1),
    "send_clicks": (["send clicks"], None, 1),
    "send_click_through_rate": (["total_clicks|came"], "came|total_clicks", 1),
    "send_unique_click_rate": (["unique_clicks|came"], "came|unique_clicks", 1),
    "send_open_rate": (["unique_opens|came"], "came|unique_opens", 1),
    "send_unsubscribe_rate": (["unsubscribes|came"], "came|unsubscribes", 1),
    "send_spam_complaint_rate": (["spam|came"], "came|spam", 1),
    "send_delivery_rate": (["came"], "posted|came", 1),
    "send_hard_bounce_rate": (["send hard"], "posted|hard", 1),
    "send_soft_bounce_rate": (["send soft"], "posted|soft", 1),
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
        self.month_sets = {}
        chosen = {name: (source, pick(self.sources[source].rows), number)
                  for name, (source, pick, number) in PARTS.items() if source in self.sources}  # fmt: skip
        self.parts = {
            name: (source, rows.assign(month=[day.replace(day=1) for day in rows["day"]]), number)
            for name, (source, rows, number) in chosen.items()
        }

    def _know(self, part, cut):
        """Return the months in which a part is known; those of totals depend on the periods that are asked for."""
        name = self.parts[part][0]
        source = self.sources[name]
        if not isinstance(source, SpanSource):
            cut = None
        if (name, cut) not in self.month_sets:
            found = source.months_of(cut, self.as_of) if cut else source.months(self.as_of)
            self.month_sets[name, cut] = found
        return self.month_sets[name, cut]

    def work_out(self, metric, cut):
        """Return {label: (value, numerator, denominator)}; ``cut`` gives the label of a day's period."""
        tops, bottom, factor = METRICS[metric]
        begun = [part for part in tops if part in self.parts and self._know(part, cut)]
        if not begun or (bottom and (bottom not in self.parts or not self._know(bottom, cut))):
            return {}
        firsts = {part: min(self._know(part, cut)) for part in (*begun, *([bottom] if bottom else []))}
        start = max(min(firsts[part] for part in begun), firsts[bottom] if bottom else NEVER)
        months = []
        for month in list_months(start, self.as_of):
            asked = [part for part in begun if firsts[part] <= month] + ([bottom] if bottom else [])
            if all(month in self._know(part, cut) for part in asked):
                months.append(month)
        spans, day = {}, start
        while day <= self.as_of:
            spans.setdefault(cut(day), []).append(day)
            day += timedelta(days=1)
        monthly = all(label == days[-1].replace(day=1) for label, days in spans.items() if label) and None not in spans
        known = {part: self._know(part, cut) if monthly else set(months) for part in firsts}
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
        if isinstance(self.sources[source], SpanSource):
            settled = self.sources[source].settle(label_of)
            groups = {label: settled[[item == label for item in settled["label"]]] for label in {*settled["label"]}}
            return {label: number(PARTS[part][1](group)) for label, group in groups.items()}
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


def compare(frame, label, expected, metric):
    """Fail unless a frame says what the reference says, to 9 digits."""
    found = {row[label].date() if label else None: row for row in frame.to_dict("records")}
    assert list(found) == list(expected), metric
    for key, numbers in expected.items():
        for name, number in zip(("value", "numerator", "denominator"), numbers, strict=True):
            got = found[key][name]
            assert pd.isna(got) if number is None else got == pytest.approx(number, rel=TOLERANCE, abs=TOLERANCE), (
                metric,
                key,
                name,
                got,
                number,
            )
