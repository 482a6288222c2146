"""What was planted in the sample company is flagged, and little else."""

import json

import pandas as pd
import pytest

import mopsnb
from mopsnb import analysis
from mopsnb.analysis.drivers import read_figure, read_figures, split_change
from mopsnb.assets import folder
from mopsnb.sample.generation import generate

pytestmark = pytest.mark.slow
MONTHLY = {
    "broken-links": [("click_through_rate", "2024-08")],
    "over-mailing-churn": [("email_churn_rate", "2026-05")],
    "over-mailing-complaints": [("spam_complaint_rate", "2026-05")],
}
DAILY = {"spend-spike": ("spend", "spike"), "tracking-outage": ("conversions", "silence")}
CHANNEL = "professional_social"


@pytest.fixture(
    scope="module",
    params=[7, *(pytest.param(seed, marks=pytest.mark.soak) for seed in (11, 12, 13, 14, 15))],
)
def company(request, tmp_path_factory):
    path = folder("data/samples")
    if request.param != 7:
        path = tmp_path_factory.mktemp("company") / "ws"
        generate(path, seed=request.param)
    ws = mopsnb.open(str(path))
    truth = json.loads((path / "truth.json").read_text(encoding="utf-8"))
    monthly = ws.monthly(analysis.list_shown([]))
    monthly = monthly[monthly["period_start"] >= pd.Timestamp(truth["period"]["start"])]
    return ws, truth, monthly


def chart(ws, monthly):
    found = analysis.chart_metrics(monthly, ws.catalogue, list(ws.catalogue.index))
    return found.assign(month=found["period_start"].dt.strftime("%Y-%m"))


def test_every_planted_anomaly_of_a_month_is_outside_its_limits(company):
    ws, truth, monthly = company
    charts = chart(ws, monthly).set_index(["metric", "month"])["signal"]

    planted = {item["id"] for item in truth["anomalies"]}
    assert planted == {*MONTHLY, *DAILY, "bot-burst", "social-overspend"}  # scanners' clicks are never counted
    for places in MONTHLY.values():
        for place in places:
            assert charts[place] == "outside", place


def test_every_planted_anomaly_of_a_few_days_stands_out_among_the_days(company):
    ws, truth, _ = company
    found = analysis.find_odd_days(ws.ad_days()).set_index(["measure", "kind"])

    for item in truth["anomalies"]:
        if item["id"] in DAILY:
            row = found.loc[[DAILY[item["id"]]]]
            assert row["first_on"].dt.strftime("%Y-%m-%d").tolist() == [item["start_on"]]
            assert row["last_on"].dt.strftime("%Y-%m-%d").tolist() == [item["end_on"]]
    assert len(found) == len(DAILY)


def test_the_channel_that_overspent_moved_the_total(company):
    ws, _, monthly = company
    parts = ws.metric("ad_spend", by=["month", "channel"])
    months = pd.Timestamp("2025-07-01"), pd.Timestamp("2026-07-01")
    old, new = (read_figures(parts, "channel", month) for month in months)
    rows = monthly[monthly["metric"] == "ad_spend"].set_index("period_start").loc[list(months)]
    totals = [read_figure(row) for row in rows.to_dict("records")]

    drivers = split_change(old, new, (totals[0], totals[1]), additive=True)

    assert drivers["segment"].iloc[0] == CHANNEL
    assert drivers["effect"].sum() == pytest.approx(totals[1].value - totals[0].value)


def test_false_signals_are_rare(company):
    ws, truth, monthly = company
    found = chart(ws, monthly)
    known = {item.get("month") for item in truth["anomalies"]} | {"2026-06", "2026-07", "2026-08"}
    odd = found[(found["signal"] == "outside") & ~found["month"].isin(known)]

    years = found.groupby(["metric", found["period_start"].dt.year]).ngroups
    a_year = odd.groupby(["metric", odd["period_start"].dt.year]).size()
    assert len(odd) / years <= 0.25
    # Chance alone brings two to some metric in some year: over six seeds, 3 of 624 metric-years have two.
    is_shipped = truth["seed"] == 7
    assert (a_year > 1).sum() <= (0 if is_shipped else 0.01 * years)
    assert a_year.max() <= 2
