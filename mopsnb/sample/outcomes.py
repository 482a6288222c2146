"""How the goals end: the simulation goes on to the end of 2026, and the truth holds what the files cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mopsnb.sample import company
from mopsnb.sample.ads import Advertising
from mopsnb.sample.campaigns import Plan
from mopsnb.sample.clock import DAYS, KNOWN_MONTHS, MONTHS, Floats, Ints, month_name, month_of_day
from mopsnb.sample.totals import Totals


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a whole sample added up to.

    Parameters
    ----------
    plan, ads, totals
        Campaigns, advertising, and what the blocks added up to.
    invoices
        Spend outside the ad platforms by month, commitments of the last months included, shape (MONTHS,).
    seed, scale
        What the sample was made with.
    """

    plan: Plan
    ads: Advertising
    totals: Totals
    invoices: Floats
    seed: int
    scale: int

    def monthly(self, days: Floats | Ints) -> Floats:
        """Return sums by month of a daily series, shape (MONTHS,)."""
        weights = np.asarray(days, dtype=np.float64)
        return np.bincount(month_of_day(np.arange(DAYS)), weights=weights, minlength=MONTHS).astype(np.float64)

    def spend(self) -> Floats:
        """Return all spend by month."""
        return np.asarray(self.invoices + self.monthly(self.ads.spend.sum(axis=0)))


# goal: metric, first month, last month, and the names of its baseline and target among the figures
_GOALS = {
    "revenue": ("revenue_won", "2026-01", "2026-12", "revenue_baseline", "revenue_target"),
    "new-customers": ("new_customers", "2026-01", "2026-12", "customers_baseline", "customers_target"),
    "email-clicks": ("total_clicks", "2026-01", "2026-12", "clicks_baseline", "clicks_target"),
    "email-churn": ("email_churn_rate", "2026-01", "2026-12", "churn_baseline", "churn_target"),
    "click-rate": ("click_through_rate", "2026-01", "2026-12", "ctr_baseline", "ctr_target"),
    "qualified-leads": ("marketing_qualified_leads", "2026-01", "2026-12", "mql_baseline", "mql_target"),
    "cost-per-lead": ("cost_per_lead", "2026-01", "2026-12", "cpl_baseline", "cpl_target"),
    "return-on-ad-spend": ("return_on_ad_spend", "2026-01", "2026-12", "roas_baseline", "roas_target"),
    "social-cost": ("cost_per_click", "2026-01", "2026-12", "cpc_baseline", "cpc_target"),
    "clicks-2025": ("total_clicks", "2025-01", "2025-12", "clicks_2024", "clicks_target_2025"),
    "leads-2025": ("leads", "2025-01", "2025-12", "leads_2024", "leads_target_2025"),
    "stocking-season": ("leads", "2026-10", "2026-12", "season_baseline", "season_target"),
}
FLAWED = {
    "visibility": "SMART fails in every letter, and no stakeholder asked for it",
    "better-leads": "no target, no deadline",
}
_DOWN = ("email_churn_rate", "cost_per_lead", "cost_per_click")


def measure_months(ledger: Ledger) -> dict[str, tuple[Floats, Floats | None]]:
    """Return numerator and denominator by month of each metric that a goal uses, shapes (MONTHS,)."""
    months = {name: values.astype(np.float64) for name, values in ledger.totals.months.items()}
    social = ledger.ads.channels == company.CHANNEL_IDS.index("professional_social")
    return {
        "revenue_won": (months["revenue_won"], None),
        "new_customers": (months["new_customers"], None),
        "total_clicks": (months["clicks"], None),
        "marketing_qualified_leads": (months["marketing_qualified_leads"], None),
        "leads": (months["leads"], None),
        "email_churn_rate": (months["unsubscribed_contacts"], months["recipients"]),
        "click_through_rate": (months["clicks"], months["delivered_pairs"]),
        "cost_per_lead": (ledger.spend(), months["leads"]),
        "return_on_ad_spend": (
            ledger.monthly(ledger.ads.values.sum(axis=0)),
            ledger.monthly(ledger.ads.spend.sum(axis=0)),
        ),
        "cost_per_click": (
            ledger.monthly(ledger.ads.spend[social].sum(axis=0)),
            ledger.monthly(ledger.ads.clicks[social].sum(axis=0)),
        ),
    }


def describe_goals(ledger: Ledger, figures: dict[str, float]) -> dict[str, Any]:
    """Return each goal with its figure to date and how it ends.

    A total runs from the goal's first month. A ratio is sum over sum: to date over the last three months of
    data, at the end over the goal's last three months; ``outcome_year`` is over all its months.
    """
    measured = measure_months(ledger)
    names = [month_name(month) for month in range(MONTHS)]
    described: dict[str, Any] = {}
    for goal, (metric, first, last, baseline, target) in _GOALS.items():
        top, bottom = measured[metric]
        start, end = names.index(first), names.index(last) + 1
        known = min(end, KNOWN_MONTHS)
        wanted = figures[target]
        if bottom is None:
            actual = float(top[start:known].sum()) if known > start else None
            outcome = year = float(top[start:end].sum())
        else:
            actual = float(top[known - 3 : known].sum() / bottom[known - 3 : known].sum())
            outcome = float(top[end - 3 : end].sum() / bottom[end - 3 : end].sum())
            year = float(top[start:end].sum() / bottom[start:end].sum())
        described[goal] = {
            "metric": metric,
            "baseline": figures[baseline],
            "target": wanted,
            "actual_to_date": actual,
            "outcome": outcome,
            "outcome_year": year,
            "is_reached": outcome <= wanted if metric in _DOWN else outcome >= wanted,
            "outcome_by_month": [
                {
                    "month": names[m],
                    "numerator": float(top[m]),
                    "denominator": None if bottom is None else float(bottom[m]),
                }
                for m in range(max(start, KNOWN_MONTHS), end)
            ],
        }
    described |= {goal: {"flaw": text} for goal, text in FLAWED.items()}
    return described
