"""Every metric on PostgreSQL: what the pandas reference says, and what DuckDB says of the same data in files."""

from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from metric_random import CATALOGUE, draw_case
from metric_reference import CUTS, METRICS, Reference, compare
from metric_tables import ad, make_tables, split
from postgres_samples import load_tables

import mopsnb
from mopsnb.data.breakdown import Request, break_down
from mopsnb.data.contract import TABLES
from mopsnb.data.engine import Engine
from mopsnb.data.metrics import list_tables
from mopsnb.data.months import Calendar

BREAKDOWNS = [
    ("spend", ["channel", "month"]),
    ("ad_spend", "to_date"),
    ("email_churn_rate", ["week"]),
    ("email_churn_rate", "country"),
    ("total_clicks", ["campaign", "quarter"]),
    ("leads", "channel"),
    ("list_churn_rate", "quarter"),
    ("deals_created", "owner"),
    ("marketing_touches", "campaign"),
    ("sessions", ["channel_group", "fiscal_year"]),
    ("on_time_task_rate", "total"),
]


@pytest.fixture(scope="module")
def files():
    return mopsnb.open("")


@pytest.fixture(scope="module")
def remote(company, tmp_path_factory, repository):
    """The sample company, its tables in the server."""
    folder = tmp_path_factory.mktemp("company")
    strategy = (repository / "data" / "samples" / "strategy.yml").read_text(encoding="utf-8")
    (folder / "strategy.yml").write_text(f"{strategy}\ndata: secret://company\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOPSNB_SECRET_COMPANY", company.address("company"))
        yield mopsnb.open(folder)


@pytest.fixture(scope="module")
def monthly(remote):
    return remote.monthly()


def same(found, expected):
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.slow
def test_every_month_of_every_metric_is_that_of_the_files(files, monthly):
    assert set(monthly["metric"]) == {name for name in CATALOGUE if not name.startswith("send_")}  # no such table
    same(monthly, files.monthly())


@pytest.mark.soak  # random tables are compared with it each time, and the sample's files elsewhere
def test_every_month_of_every_metric_equals_the_pandas_reference(remote, monthly):
    held = [name for name in list_tables(CATALOGUE) if name in remote.tables]
    tables = {name: remote.sql(f'SELECT * FROM "{name}"') for name in held}
    truth = Reference(tables, remote.time_zone, remote.as_of)
    for metric in METRICS:
        mine = monthly[monthly["metric"] == metric].rename(columns={"period_start": "month"})
        compare(mine, "month", truth.work_out(metric, CUTS["month"]), metric)


@pytest.mark.slow
@pytest.mark.parametrize(("metric", "by"), BREAKDOWNS)
def test_breakdowns_are_those_of_the_files(files, remote, metric, by):
    found = remote.metric(metric, by=by)
    same(found, files.metric(metric, by=by))
    assert len(found)


@pytest.mark.soak
@pytest.mark.parametrize("by", CUTS)
def test_every_metric_over_every_span_is_that_of_the_files(files, remote, by):
    for metric in CATALOGUE:
        same(remote.metric(metric, by=by), files.metric(metric, by=by))


@pytest.mark.slow
def test_everything_else_that_a_workspace_answers_is_that_of_the_files(files, remote):
    assert remote.tables == files.tables
    assert (remote.as_of, remote.data_through, remote.currency) == (files.as_of, files.data_through, files.currency)
    assert repr(remote) == repr(files)
    for ask in ("spend", "plan", "freshness", "unmapped"):
        same(getattr(remote, ask)(), getattr(files, ask)())
    same(remote.leads(), files.leads().sort_values("contact_id", ignore_index=True))
    for name in files.tables:
        if not TABLES[name].grows:
            same(remote.table(name), files.table(name))
    assert remote.findings() == files.findings()
    assert remote.faults() == []
    expected, found = files.goal_history(), remote.goal_history()
    assert [*found] == [*expected]
    for goal, frame in expected.items():
        same(found[goal], frame)


@pytest.mark.slow
def test_growing_tables_are_aggregated_where_they_lie(remote, company, repository, monkeypatch):
    """No question about emails brings more rows here than there are days and sources."""
    server = remote._engine.place.remote.server
    fetch, counts = server.fetch, []

    def count(sql, values):
        rows = fetch(sql, values)
        counts.append(len(rows))
        return rows

    monkeypatch.setattr(server, "fetch", count)
    events = remote.sql("SELECT COUNT(*) AS n FROM email_event")["n"][0]
    assert "email_event" in repr(remote)  # the days and faults of all tables are looked at before
    counts.clear()
    email = [name for name, metric in CATALOGUE.items() if "email_event" in metric.needs]
    remote.monthly(email)
    remote.metric("email_churn_rate", by=["channel", "week"])
    anew = Engine(repository, address=remote.strategy.data, time_zone=remote.time_zone)
    monkeypatch.setattr(anew.place.remote.server, "fetch", count)
    assert anew.days("email_event").rows == events
    assert anew.faults("email_event") == []
    assert 10 < len(counts) < 200
    assert max(counts) < 3000 < events / 20


@pytest.mark.parametrize("seed", [pytest.param(0, marks=pytest.mark.slow), *(
    pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 12))])  # fmt: skip
def test_every_metric_of_random_tables_equals_the_reference(database, tmp_path, monkeypatch, seed):
    """Missing cells, zero denominators, twins, moments around midnight, months without rows, tables without any."""
    case = draw_case(seed)
    load_tables(database, f"random_{seed}", make_tables(**case.rows), case.rows)
    monkeypatch.setenv(f"MOPSNB_SECRET_RANDOM_{seed}", database.address(f"random_{seed}"))
    # Faults are let through, and no day cuts anything off: the reference knows neither.
    options = {"time_zone": case.zone, "currency": "EUR", "as_of": date.max, "strict": False}
    engine = Engine(tmp_path, address=f"secret://random_{seed}", **options)
    engine.prepare(case.rows)
    case.check(engine.connection)


@pytest.mark.slow
def test_totals_across_months_and_names_of_campaigns_are_those_of_the_files(database, tmp_path, monkeypatch):
    """1,000 for a quarter win over 30 of a day in it; two campaigns share a name."""
    rows = [
        ad("2026-01-01", "1000", "f1", campaign_name="Flyer", period_end="2026-03-31"),
        ad("2026-02-10", "30", "f1", campaign_name="Flyer"),
        ad("2026-02-11", "7", "f2", campaign_name="Flyer"),
    ]
    load_tables(database, "titles", make_tables(ad_daily=rows), {"ad_daily": rows})
    monkeypatch.setenv("MOPSNB_SECRET_TITLES", database.address("titles"))
    engine = Engine(tmp_path, address="secret://titles", time_zone="UTC", currency="EUR", as_of=date(2026, 3, 31))
    engine.prepare(["ad_daily"])
    for by in (("quarter", "campaign"), ("month",)):
        request = Request(by, tables=("ad_daily",))
        found = break_down(engine.connection, CATALOGUE["ad_spend"], request, Calendar(ZoneInfo("UTC"), engine.as_of))
        expected = split(make_tables(ad_daily=rows), "ad_spend", *by, as_of="2026-03-31")
        same(found, expected)
        shown = expected.dropna(subset="value")[["value", "is_complete"]].to_numpy().tolist()
        assert shown == ([[1000, True], [7, True]] if "campaign" in by else [[37, False]])
