"""Every metric compared with pandas and plain Python, on the sample company and on random small tables."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from metric_reference import METRICS, Reference
from metric_tables import make_tables

import mopsnb
from mopsnb.data.breakdown import Request, break_down
from mopsnb.data.contract import TABLES
from mopsnb.data.metrics import compute_monthly, list_tables, read_catalogue
from mopsnb.data.months import Calendar

CATALOGUE = read_catalogue()
NAMED = sorted(CATALOGUE)
ALONE = {"list_churn_rate"}  # its list is a running total; test_metrics_property.py works it out person by person
TOLERANCE = 1e-9
LONG = pytest.mark.soak  # random tables try these breakdowns in every run of the tests


def _fiscal(start):
    month = int(start[:2])

    def year(day):
        begin = date(day.year, month, int(start[3:]))
        return begin if day >= begin else begin.replace(year=day.year - 1)

    return year


CUTS = {
    "month": lambda day: day.replace(day=1),
    "week": lambda day: day - timedelta(days=day.weekday()),
    "quarter": lambda day: date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
    "total": lambda day: None,
}


def _compare(frame, label, expected, metric):
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


def test_the_reference_knows_every_metric():
    assert {*METRICS, *ALONE} == set(CATALOGUE)


@pytest.fixture(scope="module")
def company():
    return mopsnb.open("")


@pytest.fixture(scope="module")
def truth(company):
    tables = {name: company.sql(f'SELECT * FROM "{name}"') for name in list_tables(CATALOGUE)}
    return Reference(tables, company.time_zone, company.as_of)


@pytest.mark.slow
@pytest.mark.parametrize("by", [pytest.param(by, marks=LONG if by in ("week", "quarter") else ()) for by in CUTS])
def test_every_metric_of_the_sample_equals_the_reference(company, truth, by):
    for metric in METRICS:
        _compare(company.metric(metric, by=by), "" if by == "total" else by, truth.work_out(metric, CUTS[by]), metric)


@LONG
def test_by_month_is_what_the_monthly_table_says(company):
    monthly = company.monthly()
    for metric in CATALOGUE:
        rows = monthly[monthly["metric"] == metric].drop(columns="metric").reset_index(drop=True)
        for by in ("month", ["month", "month"]):  # the second takes the way of all other breakdowns
            found = company.metric(metric, by=by).rename(columns={"month": "period_start"})
            pd.testing.assert_frame_equal(found, rows)


def _draw_rows(luck, table):
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
        rows.append(row)
    return rows + rows[: luck.randint(0, 2)] * (table in ("ad_daily", "email_event", "web_daily", "touchpoint"))


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


def _to_frame(table, rows):
    names = list(TABLES[table].fields)
    frame = pd.DataFrame([{name: row.get(name) for name in names} for row in rows], columns=names, dtype=object)
    for name, spec in TABLES[table].fields.items():
        if spec.kind == "timestamp":
            frame[name] = pd.to_datetime(frame[name], utc=True)
        if spec.kind in ("id", "text"):
            frame[name] = frame[name].astype("str")
    return frame


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.slow if seed < 2 else LONG) for seed in range(20)]
)
def test_every_metric_of_random_tables_equals_the_reference(seed):
    """Missing cells, zero denominators, twins, moments around midnight, months without rows, tables without any."""
    luck = random.Random(seed)
    zone = luck.choice(("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"))
    as_of = date(2026, 6, luck.randint(1, 30))
    rows = {table: _draw_rows(luck, table) for table in list_tables(CATALOGUE) if luck.random() < 0.9}
    connection = make_tables(**rows)
    truth = Reference({table: _to_frame(table, some) for table, some in rows.items()}, zone, as_of)
    calendar = Calendar(ZoneInfo(zone), as_of)
    monthly = compute_monthly(connection, CATALOGUE, None, time_zone=zone, as_of=as_of)
    start = luck.choice(("01-01", "04-06", "07-01"))
    cuts = {"month": CUTS["month"], luck.choice(("week", "quarter")): None, "fiscal_year": _fiscal(start)}
    for metric in METRICS:
        for by, cut in cuts.items():
            request = Request((by,), fiscal_start=start, tables=tuple(rows))
            found = break_down(connection, CATALOGUE[metric], request, calendar)
            _compare(found, by, truth.work_out(metric, cut or CUTS[by]), (metric, by))
        mine = monthly[monthly["metric"] == metric].rename(columns={"period_start": "month"})
        _compare(mine, "month", truth.work_out(metric, CUTS["month"]), metric)
