"""Campaigns as the tables ``campaign`` and ``campaign_map``."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns, company
from mopsnb.sample.ads import Advertising
from mopsnb.sample.campaigns import Campaign, Plan
from mopsnb.sample.clock import END, KNOWN_DAYS

_GOALS = {
    "total_clicks": "email-clicks",
    "click_through_rate": "email-clicks",
    "cost_per_lead": "cost-per-lead",
    "marketing_qualified_leads": "qualified-leads",
    "new_customers": "new-customers",
}


def tag_name(name: str) -> str:
    """Return a campaign's name as the UTM tag in its links spells it.

    Examples
    --------
    >>> tag_name("Video - The 3 a.m. alarm")
    'video-the-3-a-m-alarm'
    """
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())


def tabulate_campaigns(plan: Plan, ads: Advertising, costs: dict[str, float], scale: int) -> pa.Table:
    """Return the table ``campaign``; those planned for the rest of 2026 are in it.

    Parameters
    ----------
    plan
        The campaigns.
    ads
        What the advertising ones spent.
    costs
        Invoices by campaign id.
    scale
        The sample's size.
    """
    found = plan.campaigns
    spent = {plan.ids[p]: float(s[:KNOWN_DAYS].sum()) for p, s in zip(ads.campaigns, ads.spend, strict=True)}
    actual = [spent.get(c.id, costs.get(c.id, np.nan)) for c in found]
    budget = [np.nan if c.budget is None else c.budget * scale for c in found]
    return pa.table(
        {
            "campaign_id": columns.texts(plan.ids),
            "name": columns.texts([c.name for c in found]),
            "type": columns.texts([c.type for c in found]),
            "channel": columns.texts([c.channel for c in found]),
            "status": columns.texts([_status(c) for c in found]),
            "start_on": pa.array([c.span[0] for c in found], pa.date32()),
            "end_on": pa.array([c.end for c in found], pa.date32()),
            "budgeted_cost": columns.money(np.array(budget)),
            "actual_cost": columns.money(np.array(actual)),
            "currency": columns.fixed(company.CURRENCY, len(found)),
            "goal": columns.texts([_GOALS[c.kpi[0]] for c in found]),
            "owner": columns.texts([c.owner for c in found]),
            "kpi": columns.texts([c.kpi[0] for c in found]),
            "kpi_baseline": columns.decimals(np.array([c.kpi[1] for c in found]), 4),
            "kpi_target": columns.decimals(np.array([c.kpi[2] for c in found]), 4),
        }
    )


def _status(campaign: Campaign) -> str:
    if campaign.span[0] > END:
        return "planned"
    return "finished" if campaign.end <= END else "running"


def tabulate_map(plan: Plan) -> pa.Table:
    """Return the table ``campaign_map``: what links and ad platforms call the campaigns, and names of channels."""
    rows: list[tuple[str, str, str | None, str]] = []
    for campaign in plan.campaigns:
        rows.append(("web", tag_name(campaign.name), campaign.id, campaign.channel))
        if campaign.type == "advertising":
            rows.append((campaign.channel, campaign.name, campaign.id, campaign.channel))
    rows += [("web", "email", None, "email"), ("web", "search-engine", None, "organic_search")]
    source, name, campaign_id, channel = zip(*rows, strict=True)
    return pa.table(
        {
            "source": columns.texts(source),
            "source_name": columns.texts(name),
            "campaign_id": columns.texts(campaign_id),
            "channel": columns.texts(channel),
        }
    )
