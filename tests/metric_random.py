"""Random small tables for the tests of metrics, and every metric of them compared with the reference."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from metric_reference import CUTS, METRICS, Reference, compare

from mopsnb.data.breakdown import Request, break_down
from mopsnb.data.contract import TABLES
from mopsnb.data.metrics import compute_monthly, list_tables, read_catalogue
from mopsnb.data.months import Calendar

CATALOGUE = read_catalogue()
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati")


@dataclass
class Case:
    """Tables as rows, and what is asked of them."""

    rows: dict[str, list[dict[str, Any]]]
    zone: str
    as_of: date
    start: str
    cuts: dict[str, Any]

    def check(self, connection):
        """Fail unless a connection that holds these tables answers as the reference, monthly and broken down."""
        truth = Reference({table: to_frame(table, some) for table, some in self.rows.items()}, self.zone, self.as_of)
        calendar = Calendar(ZoneInfo(self.zone), self.as_of)
        monthly = compute_monthly(connection, CATALOGUE, None, time_zone=self.zone, as_of=self.as_of)
        for metric in METRICS:
            for by, cut in self.cuts.items():
                request = Request((by,), fiscal_start=self.start, tables=tuple(self.rows))
                found = break_down(connection, CATALOGUE[metric], request, calendar)
                compare(found, by, truth.work_out(metric, cut or CUTS[by]), (metric, by))
            mine = monthly[monthly["metric"] == metric].rename(columns={"period_start": "month"})
            compare(mine, "month", truth.work_out(metric, CUTS["month"]), metric)


def draw_case(seed):
    """Return missing cells, zero denominators, twins, moments around midnight, months without rows, empty tables."""
    luck = random.Random(seed)
    zone = luck.choice(ZONES)
    as_of = date(2026, 6, luck.randint(1, 30))
    rows = {table: draw_rows(luck, table) for table in list_tables(CATALOGUE) if luck.random() < 0.9}
    start = luck.choice(("01-01", "04-06", "07-01"))
    cuts = {"month": CUTS["month"], luck.choice(("week", "quarter")): None, "fiscal_year": make_fiscal(start)}
    return Case(rows, zone, as_of, start, cuts)


def make_fiscal(start):
    month = int(start[:2])

    def year(day):
        begin = date(day.year, month, int(start[3:]))
        return begin if day >= begin else begin.replace(year=day.year - 1)

    return year


def draw_rows(luck, table):
    """Return random rows of a table: cells missing, twins, odd moments; ids from small sets."""
    fields = TABLES[table].fields
    begin = datetime(2025, 11, 1, tzinfo=UTC)
    months = luck.sample(range(8), 5)  # three months of the eight have no row

    def moment():
        edge = luck.choice((0, 0, 1))
        start = begin + timedelta(days=30.5 * luck.choice(months))
        passed = timedelta(hours=luck.randint(-14, 14)) if edge else timedelta(seconds=luck.randint(0, 30 * 86400))
        return start + passed

    rows = []
    for number in range(luck.randint(0, 30)):
        row = {}
        for name, spec in fields.items():
            if name in ("period_start", "period_end", "ad_group_id", "source_file", "source_row", "merged_into"):
                continue
            if name != "date" and not spec.required and luck.random() < 0.25:
                continue
            row[name] = _draw_cell(luck, table, name, spec.kind, moment)
        key = TABLES[table].key[0]
        if table in ("deal", "spend_actual", "task", "service_event", "feedback"):
            row[key] = f"{table}-{number}"
        if table == "contact":
            row["contact_id"] = f"p{number}"
            row["is_deleted"] = luck.choice((None, False, True))
        if "currency" in fields:
            row["currency"] = "EUR"
        if table in ("ad_daily", "web_daily"):
            _draw_span(luck, table, row)
        rows.append(row)
    return rows + rows[: luck.randint(0, 2)] * (table in ("ad_daily", "email_event", "web_daily", "touchpoint"))


def _draw_span(luck, table, row):
    """Make some rows totals of several days, and some figures of an ad group."""
    if luck.random() < 0.4:
        row["period_end"] = row["date"] + timedelta(days=luck.choice((0, 3, 6, 30, 45, 90)))
        row["period_start"] = row["date"]
        row["date"] = luck.choice((row["date"], None))
    if table == "ad_daily" and luck.random() < 0.3:
        row["ad_group_id"] = luck.choice(("g1", "g2"))
    for name in ("account_id", "medium", "campaign"):  # so that rows share their owner
        if luck.random() < 0.7:
            row.pop(name, None)


def _draw_cell(luck, table, name, kind, moment):
    words = {
        "event_type": (
            "sent",
            "delivered",
            "delivered",
            "open",
            "click",
            "unsubscribe",
            "bounce_soft",
            "bounce_hard",
            "spam",
        ),
        "stage": ("mql", "MQL", "sal", "sql", "lead"),
        "type": ("new", "New", "renewal", "expansion"),
        "who_kind": ("customer", "colleague"),
        "status": ("committed", "invoiced", "paid"),
        "source": ("a", "b"),
    }
    if kind == "timestamp":
        return moment()
    if kind == "date":
        return moment().date()
    if kind == "boolean":
        return luck.choice((True, True, False))
    if kind == "integer":
        return luck.choice((0, 1, 7, 120))
    if kind in ("decimal", "rate"):
        return luck.choice(("0", "0.1", "12.345678", "-3.3") if name == "amount" else ("0", "0.1", "12.345678"))
    if kind == "number":
        return luck.choice((0.0, 0.5, 3.25))
    if kind in ("id", "text"):
        return luck.choice(words.get(name, ("k1", "k2", "k3")))
    return None


def to_frame(table, rows):
    names = list(TABLES[table].fields)
    frame = pd.DataFrame([{name: row.get(name) for name in names} for row in rows], columns=names, dtype=object)
    for name, spec in TABLES[table].fields.items():
        if spec.kind == "timestamp":
            frame[name] = pd.to_datetime(frame[name], utc=True)
        if spec.kind in ("id", "text"):
            frame[name] = frame[name].astype("str")
    return frame
