"""Every metric on Spark: what DuckDB says of the same data in files, and what the pandas reference says."""

import os
from datetime import date

import pandas as pd
import pytest
from metric_random import CATALOGUE, draw_case
from metric_reference import CUTS
from metric_tables import make_tables
from spark_samples import write_tables

import mopsnb
from mopsnb.data.contract import TABLES
from mopsnb.data.engine import Engine

pytestmark = pytest.mark.slow
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
    ("content_published", "type"),
]


@pytest.fixture(scope="module")
def files():
    return mopsnb.open("")


@pytest.fixture(scope="module")
def remote(company, tmp_path_factory, repository):
    """The sample company, its tables in Spark."""
    folder = tmp_path_factory.mktemp("workspace")
    strategy = (repository / "data" / "samples" / "strategy.yml").read_text(encoding="utf-8")
    (folder / "strategy.yml").write_text(f"{strategy}\ndata: '{company}'\n", encoding="utf-8")
    return mopsnb.open(folder)


def same(found, expected):
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9, atol=1e-9)


def test_every_month_of_every_metric_is_that_of_the_files(files, remote):
    found = remote.monthly()
    assert set(found["metric"]) == {name for name in CATALOGUE if not name.startswith("send_")}  # no such table
    same(found, files.monthly())


@pytest.mark.skipif(os.environ.get("MOPSNB_SPARK") == "connect", reason="a local session has answered it before")
@pytest.mark.parametrize("by", ["total", *(pytest.param(by, marks=pytest.mark.soak) for by in CUTS if by != "total")])
def test_every_metric_over_a_span_is_that_of_the_files(files, remote, by):
    for metric in CATALOGUE:
        same(remote.metric(metric, by=by), files.metric(metric, by=by))


@pytest.mark.parametrize(("metric", "by"), BREAKDOWNS)
def test_breakdowns_are_those_of_the_files(files, remote, metric, by):
    found = remote.metric(metric, by=by)
    same(found, files.metric(metric, by=by))
    assert len(found)


def test_everything_else_that_a_workspace_answers_is_that_of_the_files(files, remote):
    assert remote.tables == files.tables
    assert (remote.as_of, remote.data_through, remote.currency) == (files.as_of, files.data_through, files.currency)
    for ask in ("spend", "plan", "freshness", "unmapped"):
        same(getattr(remote, ask)(), getattr(files, ask)())
    same(remote.leads(), files.leads().sort_values("contact_id", ignore_index=True))
    for name in files.tables:
        if not TABLES[name].grows:
            same(remote.table(name), files.table(name))
    assert remote.findings() == files.findings()
    assert remote.faults() == []


@pytest.mark.parametrize("seed", range(3))
def test_every_month_of_every_metric_of_random_tables_equals_the_reference(master, tmp_path, seed):
    """Missing cells, zero denominators, twins, moments around midnight, months without rows, tables without any."""
    case = draw_case(seed)
    case.cuts = {}  # the months alone; each other span is a query for each part of each metric
    folder = write_tables(make_tables(**case.rows), case.rows, tmp_path / "data")
    # Faults are let through, and no day cuts anything off: the reference knows neither.
    options = {"time_zone": case.zone, "currency": "EUR", "as_of": date.max, "strict": False}
    engine = Engine(tmp_path, address=f"{master}?folder={folder}", **options)
    engine.prepare(case.rows)
    case.check(engine.connection)
