"""The sample's strategy file: a template by hand, filled with figures that the data bears out."""

from __future__ import annotations

from importlib.resources import files
from string import Template
from typing import Any

from mopsnb.sample.budget import AREAS, VERSIONS
from mopsnb.sample.clock import KNOWN_MONTHS, month_name
from mopsnb.sample.outcomes import Ledger, measure_months
from mopsnb.sample.story import read_rows
from mopsnb.sample.team import PEOPLE

UNSERVED = ("battle-cards", "one-page")  # needs that no goal of the template answers
# Goals of 2026 for which no task is planned.
UNTENDED = ("click-rate", "social-cost", "stocking-season", "visibility", "better-leads")


def set_figures(ledger: Ledger) -> dict[str, float]:
    """Return the baselines and targets of the goals, from what 2024 and 2025 really were."""
    measured = measure_months(ledger)
    names = [month_name(month) for month in range(KNOWN_MONTHS)]

    def total(metric: str, year: int, first: int = 1) -> float:
        """Return a metric over a year, or from a month of it on: a sum, or sum over sum."""
        span = slice(names.index(f"{year}-{first:02d}"), names.index(f"{year}-12") + 1)
        top, bottom = measured[metric]
        return float(top[span].sum() / (1.0 if bottom is None else bottom[span].sum()))

    churn, rate = total("email_churn_rate", 2025), total("click_through_rate", 2025)
    click, lead, back = total("cost_per_click", 2025), total("cost_per_lead", 2025), total("return_on_ad_spend", 2025)
    return {
        **_pair("revenue_baseline", "revenue_target", total("revenue_won", 2025), 1.12),
        **_pair("customers_baseline", "customers_target", total("new_customers", 2025), 1.15),
        **_pair("clicks_2024", "clicks_target_2025", total("total_clicks", 2024), 1.2),
        **_pair("clicks_baseline", "clicks_target", total("total_clicks", 2025), 1.25),
        **_pair("churn_baseline", "churn_target", churn, 0.6, 4),
        **_pair("ctr_baseline", "ctr_target", rate, 1.06, 4),
        **_pair("mql_baseline", "mql_target", total("marketing_qualified_leads", 2025), 1.2),
        **_pair("leads_2024", "leads_target_2025", total("leads", 2024), 1.15),
        **_pair("season_baseline", "season_target", total("leads", 2025, 10), 1.1),
        **_pair("cpl_baseline", "cpl_target", lead, 0.92),
        **_pair("roas_baseline", "roas_target", back, 1.06, 2),
        **_pair("cpc_baseline", "cpc_target", click, 0.96, 2),
        "budget_total": int(VERSIONS[2026]) * ledger.scale,
    }


def _pair(baseline: str, target: str, value: float, times: float, places: int = 0) -> dict[str, float]:
    """Return a baseline and its target, rounded alike; a half is rounded up."""
    step = 10**places
    known, wanted = (int(number * step + 0.5) / step for number in (value, value * times))
    return {baseline: known, target: wanted} if places else {baseline: int(known), target: int(wanted)}


def write_strategy(figures: dict[str, float]) -> str:
    """Return the text of ``strategy.yml``."""
    values: dict[str, Any] = dict(figures)
    values["revenue_target_text"] = f"${figures['revenue_target'] / 1e6:.2f} million"
    for name in ("churn_baseline", "churn_target", "ctr_baseline", "ctr_target"):
        values[f"{name}_text"] = f"{figures[name] * 100:.2f}%"
    for name in ("mql_target", "leads_target_2025", "season_target"):
        values[f"{name}_text"] = f"{figures[name]:,}"
    values["areas"] = "\n".join(_write_area(number) for number in range(len(AREAS)))
    values["people"] = "\n".join(_write_people())
    values["tools"] = "\n".join(
        "  - {{id: {id}, name: {name}, owner: {owner}}}".format(**row) for row in read_rows("tools")
    )
    text = (files("mopsnb.sample") / "strategy_template.yml").read_text(encoding="utf-8")
    return Template(text).substitute(values)


def _write_area(number: int) -> str:
    area = AREAS[number]
    phasing = ", ".join(f"{part / 1000:.3f}" for part in area.phasing)
    channel = f"\n      channel: {area.channel}" if area.channel else ""
    return f"    - id: {area.id}{channel}\n      share: {area.share}\n      phasing: [{phasing}]"


def _write_people() -> list[str]:
    lines = []
    for person in PEOPLE:
        skills = ", ".join(f"{skill}: {level}" for skill, level in person.skills.items())
        lines += [
            f"  - id: {person.id}",
            f"    name: {person.name}",
            f"    role: {person.role}",
            f"    skills: {{{skills}}}",
            f"    hours_per_week: {person.hours}",
        ]
        lines += ["    coordinator: true"] if person.coordinator else []
    return lines
