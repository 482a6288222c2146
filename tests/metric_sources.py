"""The rows that metrics count and the days on which they do, in pandas."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pandas as pd


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


def is_true(column):
    """Return which cells are true; a missing one is not."""
    return column.map(lambda cell: cell is not None and not pd.isna(cell) and bool(cell)).astype(bool)


def to_mask(frame, flags):
    """Return flags as a column beside a frame's rows; also where there is no row."""
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
    rows = rows[to_mask(rows, [day is not None and day <= as_of for day in rows["day"]])]
    return Source(rows, covered, found)


def _spanned(frame, as_of, keys, group=""):
    from metric_spans import SpanSource

    cells = [_days(frame, name, "UTC") for name in ("date", "period_start", "period_end")]
    begun = [day or start for day, start, _ in zip(*cells, strict=True)]
    ended = [end or day for day, end in zip(begun, cells[2], strict=True)]
    used = [day is not None and day <= as_of for day in ended]
    rows = frame.assign(day=pd.Series(ended, index=frame.index, dtype=object))[to_mask(frame, used)]
    return SpanSource(
        rows.reset_index(drop=True), "rows", [], keys, [day for day, use in zip(begun, used) if use], group
    )


def open_sources(tables, zone, as_of):
    """Return the rows that metrics count, by a short name; tables that are absent are left out."""
    found = {}
    if "email_event" in tables:
        human = tables["email_event"][~is_true(tables["email_event"]["is_bot"])]
        found["email"] = _source(human, "occurred_at", zone, as_of, "rows")
    if "email_send_summary" in tables:
        found["send"] = _source(tables["email_send_summary"], "sent_at", zone, as_of, "rows")
    if "ad_daily" in tables:
        found["ads"] = _spanned(tables["ad_daily"], as_of, ["channel", "campaign_id", "account_id"], "ad_group_id")
    if "spend_actual" in tables:
        booked = _source(tables["spend_actual"], "date", zone, as_of, "since", ["date"])
        found["books"] = booked
    if "web_daily" in tables:
        found["web"] = _spanned(tables["web_daily"], as_of, ["channel_group", "source", "medium", "campaign"])
    if "contact" in tables:
        people = tables["contact"]
        kept = people[~is_true(people["is_deleted"]) & people["merged_into"].isna()]
        marks = ("created_at", "updated_at", "last_activity_at")
        found["people"] = _source(kept, "created_at", zone, as_of, "span")
        created, *others = [_days(people, mark, zone) for mark in marks]
        later = [[max(d, c) if d and c else d for d, c in zip(days, created, strict=True)] for days in others]
        found["people"].marks = [created, *later]
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
        members = members[is_true(members["has_responded"])]
        found["member"] = _source(members, "first_responded_at", zone, as_of, "since", ["first_responded_at"])
    if "deal" in tables:
        deals = tables["deal"]
        kept = deals[~is_true(deals["is_deleted"])]
        marks = [_days(deals, mark, zone) for mark in ("created_at", "closed_at")]
        closed = kept[
            kept["is_won"].notna() & is_true(kept["is_closed"].where(kept["is_closed"].notna(), kept["is_won"]))
        ]
        for name, rows, column in (
            ("opened", kept, "created_at"),
            ("closed", closed, "closed_at"),
            ("won", kept[is_true(kept["is_won"])], "closed_at"),
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
