"""Every ready-made chart draws in a browser that forbids evaluation, on a phone and on a desk, light and dark."""

import json

import numpy as np
import pandas as pd
import pytest

from mopsnb import view
from mopsnb.run.vega import build_bundle
from mopsnb.view import theme

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; script-src 'self' file:; style-src 'unsafe-inline'">
<title>Charts</title><body style="margin: 16px; background: {paper}">{figures}
<script src="vega.js"></script><script src="draw.js"></script></body></html>"""
DRAW = """
const [specs, config] = %s;
document.querySelectorAll(".chart").forEach(async (chart, place) => {
  await vegaEmbed(chart, specs[place], { config, ast: true, actions: false, renderer: "svg" });
  chart.dataset.drawn = "";
});
"""


@pytest.fixture(scope="module")
def figures():
    """One of each chart that has its own way to draw."""
    before = theme.current()
    view.use_theme("USD", "de_DE", channels=["search", "social"])
    months = pd.date_range("2025-10-01", periods=12, freq="MS")
    churn = pd.DataFrame(
        {"period_start": months, "value": 0.004 + 0.0001 * np.arange(12), "is_complete": [True] * 11 + [False]}
    )
    churn.loc[4, "value"] = np.nan
    row = {"title": "Email churn rate", "unit": "fraction", "usual_low": 0.003, "usual_high": 0.0045, "target": 0.0038}
    spend = pd.concat(
        [churn.assign(channel=name, value=churn["value"] * 1e7) for name in ("search", "social", "print")]
    )
    paths = pd.DataFrame({"period_start": months, "expected": np.linspace(0.006, 0.004, 12), "actual": churn["value"]})
    goal = {
        "title": "Churn",
        "unit": "fraction",
        "target": 0.004,
        "actual": 0.0045,
        "denominator": 100.0,
        "deadline": "2026-09-30",
    }
    people = pd.DataFrame(
        {"name": ["Sales leadership", "Finance"], "power": [5, 4], "interest": [5, 2], "quadrant": "x", "goals": [1, 0]}
    )
    names = ["Metric", "Tasks", "Sales leadership", "Finance and controlling"]
    links = pd.DataFrame({"link": names * 2, "kind": ["metric", "task", "stakeholder", "stakeholder"] * 2})
    links = links.assign(goal=["a"] * 4 + ["b"] * 4, count=[1, 12, 1, 0, 0, 0, 0, 0])
    links["statement"] = links["goal"].map({"a": "Increase total clicks from email by 25% in 2026", "b": "Be seen"})
    costs = pd.DataFrame({"channel": ["Paid search in all countries", "Email"], "cost": [42.1, 9.4]})
    kept = churn.assign(
        value=0.9, low=0.7, high=0.97, counted=30, target=0.95, is_below=[place == 5 for place in range(12)],
        name="All parties have what they need and hear from each other",
    )  # fmt: skip
    made = {
        "trend": view.trend(churn, row),
        "first_month": view.trend(churn.tail(1), row),
        "lines": view.lines(spend, by="channel", unit="currency", title="t"),
        "strips": view.small_multiples(spend, by="channel", unit="currency", title="t"),
        "stack": view.spend_by_channel(spend, title="t"),
        "goal": view.goal_progress(paths, goal),
        "people": view.stakeholder_map(people),
        "shares": view.shares(kept, title="t"),
        "matrix": view.trace_matrix(links),
        "bars": view.bars(costs, category="channel", value="cost", unit="currency", title="t"),
    }
    theme._in_force = before
    return made


@pytest.fixture(scope="module")
def bundle():
    """Vega as one script."""
    return build_bundle()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_chart_fits_the_page_without_a_word_on_the_console(figures, bundle, visit, tmp_path, mode, width):
    data = json.dumps([[figure.make_payload()["spec"] for figure in figures.values()], view.site_configs()[mode]])
    (tmp_path / "vega.js").write_text(bundle, encoding="utf-8")
    (tmp_path / "draw.js").write_text(DRAW % data, encoding="utf-8")
    places = "".join(f'<div class="chart" id="{name}" style="width: 100%"></div>' for name in figures)
    page = tmp_path / "index.html"
    page.write_text(PAGE.format(paper="#14181d" if mode == "dark" else "#ffffff", figures=places), encoding="utf-8")
    with visit(page, width=width, dark=mode == "dark") as opened:
        opened.page.wait_for_function(
            "wanted => document.querySelectorAll('.chart[data-drawn]').length === wanted",
            arg=len(figures),
            timeout=30_000,
        )
        assert opened.console == []
        assert opened.requests == []
        widths = opened.run(
            "[...document.querySelectorAll('.chart svg.marks')].map(svg => svg.getBoundingClientRect().width)"
        )
        assert widths == [pytest.approx(width - 32, abs=1)] * len(figures)
        outside = opened.run(
            """[...document.querySelectorAll('.chart')].filter(chart => {
              const box = chart.querySelector('svg.marks').getBoundingClientRect();
              return [...chart.querySelectorAll('svg.marks text')].some(text => {
                const place = text.getBoundingClientRect();
                return place.width > 0 && (place.right > box.right + 1 || place.left < box.left - 1);
              });
            }).map(chart => chart.id)"""
        )
        assert outside == [], "no text is cut off at the side"
        months = opened.run("[...document.querySelectorAll('#trend text')].map(text => text.textContent)")
        assert "Jan2026" in "".join(months), "months are labeled"
        assert "50.000" in opened.run("document.querySelector('#stack').textContent"), "numbers follow the locale"
