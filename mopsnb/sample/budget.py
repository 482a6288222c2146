"""Budget: the phased plan by area, and the invoices outside the ad platforms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns, company
from mopsnb.sample.campaigns import Plan
from mopsnb.sample.clock import END, MONTHS, START, Floats, day_of, month_name, month_of_day
from mopsnb.sample.streams import stream

VERSIONS = {2023: Decimal(612_000), 2024: Decimal(668_000), 2025: Decimal(708_000), 2026: Decimal(756_000)}


@dataclass(frozen=True, slots=True)
class Area:
    """A budget area: its share of the year's total and the share of each month in it (thousandths)."""

    id: str
    channel: str | None
    share: Decimal
    phasing: tuple[int, ...]

    def planned(self, year: int, month: int, scale: int) -> Decimal:
        """Return the planned spend of a month (1 … 12), in US dollars."""
        return VERSIONS[year] * scale * self.share * self.phasing[month - 1] / 1000


_ADS = (74, 76, 87, 86, 85, 76, 70, 72, 86, 94, 113, 81)
_SHOWS = (190, 80, 160, 90, 50, 90, 10, 100, 80, 120, 20, 10)
_WEBINARS = (95, 60, 95, 60, 110, 60, 95, 60, 110, 75, 120, 60)
_PRINT = (40, 180, 60, 40, 180, 60, 40, 60, 180, 60, 60, 40)
_AGENCY = (80, 80, 85, 85, 85, 85, 80, 80, 85, 85, 85, 85)
_SOFTWARE = (140, 70, 70, 70, 80, 80, 80, 80, 80, 80, 85, 85)
_CONTENT = (80, 80, 90, 90, 80, 80, 70, 70, 90, 90, 90, 90)
AREAS = (
    Area("search_ads", "paid_search", Decimal("0.220"), _ADS),
    Area("social_ads", "professional_social", Decimal("0.145"), _ADS),
    Area("display_ads", "display", Decimal("0.050"), _ADS),
    Area("video_ads", "video", Decimal("0.045"), _ADS),
    Area("retargeting_ads", "retargeting", Decimal("0.040"), _ADS),
    Area("review_listings", "review_sites", Decimal("0.070"), _ADS),
    Area("trade_shows", "events", Decimal("0.120"), _SHOWS),
    Area("webinars", "webinar", Decimal("0.030"), _WEBINARS),
    Area("print", "print", Decimal("0.040"), _PRINT),
    Area("agency", None, Decimal("0.115"), _AGENCY),
    Area("software", None, Decimal("0.065"), _SOFTWARE),
    Area("content", "content", Decimal("0.060"), _CONTENT),
)
# Areas outside the ad platforms with an invoice or more a month, and who sends them.
_MONTHLY = {
    "agency": ("Ferry Lane Studio",),
    "software": ("Pigeonpost", "Ledgerlight", "Tallyboard"),
    "content": ("Freelance writers", "Freelance translators"),
    "webinars": ("Stagehand",),
    "print": ("Harborside Print",),
}
# What a trade show costs when: days from its first day, share of its cost, who sends the invoice.
_SHOW_STEPS = (
    (-50, 0.42, "Organizer"),
    (-12, 0.24, "Booth builder"),
    (-2, 0.20, "Travel"),
    (12, 0.14, "Freight and staff"),
)
# The last invoice of a show before the data starts, and the deposit for the first one of 2027.
_OTHER_SHOWS = ((date(2023, 10, 24), 11_900.0, "Freight and staff"), (date(2026, 12, 8), 12_500.0, "Organizer"))


def tabulate_plan(scale: int) -> pa.Table:
    """Return the table ``budget_plan``: one version a year, planned by month and area; exact decimals."""
    rows = [
        (f"FY{year}", f"{year}-{month:02d}", area.id, area.channel, area.planned(year, month, scale))
        for year in VERSIONS
        for month in range(10 if year == START.year else 1, 13)
        for area in AREAS
    ]
    version, months, areas, channels, planned = zip(*rows, strict=True)
    return pa.table(
        {
            "version": columns.texts(version),
            "month": columns.texts(months),
            "area": columns.texts(areas),
            "channel": columns.texts(channels),
            "planned": pa.array(planned, columns.MONEY),
            "currency": columns.fixed(company.CURRENCY, len(rows)),
        }
    )


@dataclass(frozen=True, slots=True)
class Invoice:
    """Money spent or committed on a day."""

    day: date
    area: str
    channel: str | None
    campaign: str | None
    amount: float
    vendor: str


def _list_invoices(plan: Plan, generator: np.random.Generator) -> list[Invoice]:
    """Return every invoice outside the ad platforms, those to come until the end of 2026 included."""
    found = []
    by_id = {area.id: area for area in AREAS}
    for number in range(MONTHS):
        year, month = (int(part) for part in month_name(number).split("-"))
        for name, vendors in _MONTHLY.items():
            planned = float(by_id[name].planned(year, month, 1)) / len(vendors)
            for part, vendor in enumerate(vendors):
                amount = planned * float(generator.normal(0.985, 0.07))
                day = date(year, month, 3 + 9 * part + int(generator.integers(0, 6)))
                if name == "agency":  # it bills on the last day of the month
                    day = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
                found.append(Invoice(day, name, by_id[name].channel, None, amount, vendor))
    shows = by_id["trade_shows"]
    for position in plan.shows:
        campaign = plan.campaigns[position]
        opening = campaign.end - timedelta(days=21)
        for offset, share, vendor in _SHOW_STEPS:
            amount = (campaign.budget or 0.0) * share * float(generator.normal(1.0, 0.05))
            when = opening + timedelta(days=offset)
            found.append(Invoice(when, shows.id, shows.channel, campaign.id, amount, vendor))
    found += [Invoice(day, shows.id, shows.channel, None, amount, vendor) for day, amount, vendor in _OTHER_SHOWS]
    return sorted(found, key=lambda i: (i.day, i.area, i.vendor, i.amount))


def generate_spend(plan: Plan, seed: int, scale: int) -> pa.Table:
    """Return the table ``spend_actual``.

    Invoices after the last day of data are ``committed``; those of the last weeks are ``invoiced``; the rest
    is ``paid``.
    """
    invoices = _list_invoices(plan, stream(seed, "spend"))
    days = np.array([day_of(invoice.day) for invoice in invoices])
    late = day_of(END)
    status = np.where(days > late, 0, np.where(days > late - 24, 1, 2))
    return pa.table(
        {
            "spend_id": columns.ids("S", np.arange(1, len(invoices) + 1), 5),
            "date": columns.dates(days),
            "area": columns.texts([i.area for i in invoices]),
            "channel": columns.texts([i.channel for i in invoices]),
            "campaign_id": columns.texts([i.campaign for i in invoices]),
            "amount": columns.money(np.array([i.amount for i in invoices]) * scale),
            "currency": columns.fixed(company.CURRENCY, len(invoices)),
            "status": columns.pick(("committed", "invoiced", "paid"), status),
            "vendor": columns.texts([i.vendor for i in invoices]),
        }
    )


def sum_invoices(spend: pa.Table) -> Floats:
    """Return invoices by month, from October 2023 to the horizon, shape (MONTHS,); commitments count as they come."""
    totals = np.zeros(MONTHS)
    for day, value in zip(spend["date"].to_pylist(), spend["amount"].to_pylist(), strict=True):
        totals[int(month_of_day(np.array(day_of(day))))] += float(value)
    return totals


def sum_by_campaign(spend: pa.Table) -> dict[str, float]:
    """Return what was invoiced for each campaign, without commitments."""
    found: dict[str, float] = {}
    rows = zip(*(spend[name].to_pylist() for name in ("campaign_id", "amount", "status")), strict=True)
    for campaign, value, status in rows:
        if campaign and status != "committed":
            found[campaign] = found.get(campaign, 0.0) + float(value)
    return found
