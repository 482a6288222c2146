"""Every metric compared with pandas and plain Python on the sample company."""

import pandas as pd
import pytest
from metric_reference import CUTS, METRICS, Reference, compare

import mopsnb
from mopsnb.data.metrics import list_tables, read_catalogue

CATALOGUE = read_catalogue()
ALONE = {"list_churn_rate"}  # its list is a running total; test_metrics_property.py works it out person by person
LONG = pytest.mark.soak  # random tables try these breakdowns in every run of the tests


def test_the_reference_knows_every_metric():
    assert {*METRICS, *ALONE} == set(CATALOGUE)


@pytest.fixture(scope="module")
def company():
    return mopsnb.open("")


@pytest.fixture(scope="module")
def truth(company):
    held = [name for name in list_tables(CATALOGUE) if name in company.tables]
    tables = {name: company.sql(f'SELECT * FROM "{name}"') for name in held}
    return Reference(tables, company.time_zone, company.as_of)


@pytest.mark.slow
@pytest.mark.parametrize(
    "by", [pytest.param(by, marks=LONG if by in ("week", "quarter", "total") else ()) for by in CUTS]
)
def test_every_metric_of_the_sample_equals_the_reference(company, truth, by):
    for metric in METRICS:
        compare(company.metric(metric, by=by), "" if by == "total" else by, truth.work_out(metric, CUTS[by]), metric)


@LONG
def test_by_month_is_what_the_monthly_table_says(company):
    monthly = company.monthly()
    for metric in CATALOGUE:
        rows = monthly[monthly["metric"] == metric].drop(columns="metric").reset_index(drop=True)
        for by in ("month", ["month", "month"]):  # the second takes the way of all other breakdowns
            found = company.metric(metric, by=by).rename(columns={"month": "period_start"})
            pd.testing.assert_frame_equal(found, rows)
