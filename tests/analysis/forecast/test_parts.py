"""The forecast of a ratio stands beside what the forecasts of its parts make."""

import numpy as np
import pandas as pd
import pytest

from mopsnb.analysis import forecast

MONTHS = pd.date_range("2023-01-01", periods=36, freq="MS")
DRAWS = np.random.default_rng(8)
COST = 5000 + 40 * np.arange(36) + DRAWS.normal(0, 60, 36)
LEADS = 100 + 12 * np.sin(np.arange(36) / 6 * np.pi) + DRAWS.normal(0, 3, 36)
CATALOGUE = pd.DataFrame(
    {
        "title": ["Spend", "Leads", "Cost per lead", "Other"],
        "unit": ["USD", "count", "USD", "count"],
        "direction": ["", "up", "down", "up"],
        "additive": [True, True, False, True],
    },
    index=["spend", "leads", "cost_per_lead", "other"],
)


def make_monthly(cost=COST, leads=LEADS, ratio=None, scale=1.0):
    """Return months of spend, leads, another count and what a lead costs."""
    ratio = cost / leads * scale if ratio is None else ratio
    none = np.full(36, np.nan)
    figures = {
        "spend": (cost, none, none),
        "leads": (leads, none, none),
        "other": (leads * 2, none, none),
        "cost_per_lead": (ratio, cost, leads),
    }
    frames = [
        pd.DataFrame({"metric": name, "period_start": MONTHS, "value": value, "numerator": top, "denominator": base})
        for name, (value, top, base) in figures.items()
    ]
    return pd.concat(frames).assign(is_complete=True)


def look_ahead(monthly):
    """Return the forecasts, and what those of the parts make."""
    names = [name for name in CATALOGUE.index if name in set(monthly["metric"])]
    forecasts = forecast.forecast_metrics(monthly, CATALOGUE, names)
    return forecasts, forecast.compare_parts(forecasts, monthly)


@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_the_parts_are_found_by_their_figures_and_divided_in_the_last_month(scale):
    forecasts, [found] = look_ahead(make_monthly(scale=scale))
    ends = {name: float(one.outlook.median[-1]) for name, one in forecasts.items()}

    assert [one.card.name for one in (found.forecast, found.above, found.below)] == ["cost_per_lead", "spend", "leads"]
    assert found.value == pytest.approx(ends["spend"] / ends["leads"] * scale)
    assert found.is_inside and forecast.report_parts([found]) == []
    low, high = forecasts["cost_per_lead"].outlook.limits()
    assert found.limits == (float(low[-1]), float(high[-1]))


def test_a_reading_goes_on_with_it_and_others_stay():
    readings = pd.DataFrame({"metric": ["leads", "cost_per_lead"], "reading": ["Up.", "Down."]})
    _, found = look_ahead(make_monthly())
    told = forecast.tell_parts(readings, found, format_value=lambda value, unit: f"{value:.0f} {unit}")["reading"]

    assert told[0] == "Up."
    assert told[1] == (
        f"Down. The forecasts of Spend ÷ Leads for June 2026 make {found[0].value:.0f} USD, inside the interval around "
        "its own forecast."
    )


def test_a_ratio_far_from_its_parts_is_a_finding():
    """The ratio is told as steady, while its parts were what they were: months that only the ratio's table corrects."""
    _, found = look_ahead(make_monthly(ratio=np.full(36, 20.0) + DRAWS.normal(0, 0.01, 36)))
    [finding] = forecast.report_parts(found)

    assert not found[0].is_inside
    assert (finding.id, finding.severity, finding.period) == ("metrics.forecasts.cost_per_lead", "info", "2026-06")
    assert "outside the interval" in finding.evidence and "trust neither alone" in finding.evidence


def test_parts_that_are_no_metric_of_the_page_or_known_for_too_few_months_make_nothing():
    monthly = make_monthly()
    assert look_ahead(monthly[monthly["metric"] != "leads"])[1] == []
    few = monthly[(monthly["metric"] != "leads") | (monthly["period_start"] >= "2025-03-01")]
    assert look_ahead(few)[1] == []
    assert look_ahead(make_monthly(leads=LEADS)[lambda frame: frame["metric"] != "cost_per_lead"])[1] == []
