"""The company's marketing programs: which campaigns run when, and the email calendar."""

from __future__ import annotations

from datetime import date, timedelta

from mopsnb.sample import company
from mopsnb.sample.campaigns import Campaign, Plan, Rates
from mopsnb.sample.clock import MONTHS, START
from mopsnb.sample.story import read_rows

YEAR_END = date(2026, 12, 31)
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
EMAIL, EVENTS = "leo-marchand", "ines-calloway"


def build_plan() -> Plan:
    """Return all campaigns and sends."""
    plan = Plan()
    _add_ads(plan)
    _add_webinars(plan)
    _add_shows(plan)
    _add_letters(plan)
    _add_offers(plan)
    plan.sends.sort(key=lambda send: (send.day, send.hour, send.email))
    return plan


def first_tuesday_from(day: date) -> date:
    """Return the first Tuesday on or after a day."""
    return day + timedelta(days=(1 - day.weekday()) % 7)


def letter_days() -> list[date]:
    """Return the day of each month's newsletter: the first Tuesday from the sixth on."""
    months = (divmod(START.month - 1 + month, 12) for month in range(MONTHS))
    return [first_tuesday_from(date(START.year + years, index + 1, 6)) for years, index in months]


def _add_ads(plan: Plan) -> None:
    daily = {channel.id: channel.daily_spend for channel in company.CHANNELS}
    for number, row in enumerate(read_rows("ad_campaigns"), start=101):
        campaign = Campaign(
            id=f"{number:04d}",
            name=row["name"],
            type="advertising",
            channel=row["channel"],
            span=(START, YEAR_END),
            owner="dana-whitfield",
            kpi=("cost_per_lead", 300.0, 270.0),
            budget=round(daily[row["channel"]] * 365 * float(row["share"]), -2),
            share=float(row["share"]),
            strength=float(row["strength"]),
        )
        plan.ads.setdefault(row["channel"], []).append(plan.add(campaign))


def _add_email(plan: Plan, number: int, name: str, span: tuple[date, date], kpi: tuple[str, float, float]) -> int:
    """Add an email campaign: its number, name, days, and metric with baseline and target."""
    return plan.add(Campaign(f"{number:04d}", name, "email", "email", span, EMAIL, kpi))


def _add_webinars(plan: Plan) -> None:
    for number, row in enumerate(read_rows("webinars"), start=201):
        day, interest = date.fromisoformat(row["day"]), row["interest"]
        span = (day - timedelta(days=28), day + timedelta(days=14))
        kpi = ("marketing_qualified_leads", 9.0, 12.0)
        name = f"Webinar: {row['title']}"
        campaign = Campaign(f"{number:04d}", name, "webinar", "webinar", span, EVENTS, kpi, 1_800, interest)
        plan.webinars.append(plan.add(campaign))
        span = (day - timedelta(days=16), day)
        invitation = _add_email(
            plan, number + 100, f"Invitation: {row['title']}", span, ("click_through_rate", 0.03, 0.034)
        )
        plan.send(
            invitation, (day - timedelta(days=15), 10.5), (interest, 0.36), "events", Rates(click=1.25, variants=2)
        )
        plan.send(invitation, (day - timedelta(days=2), 14.0), (interest, 0.26), "events", Rates(click=1.1))


def _add_shows(plan: Plan) -> None:
    for number, row in enumerate(read_rows("trade_shows"), start=401):
        day = date.fromisoformat(row["day"])
        span = (day - timedelta(days=60), day + timedelta(days=21))
        kpi = ("new_customers", 2.0, 3.0)
        campaign = Campaign(f"{number:04d}", row["name"], "event", "events", span, EVENTS, kpi, float(row["cost"]))
        plan.shows.append(plan.add(campaign))
        span = (day - timedelta(days=21), day)
        meet = _add_email(plan, number + 20, f"Meet us at {row['name']}", span, ("total_clicks", 40.0, 50.0))
        plan.send(meet, (day - timedelta(days=20), 11.0), ("prospects", 0.1), "events", Rates(click=0.8))


def _add_letters(plan: Plan) -> None:
    """Add the welcome series, the monthly newsletter, and each quarter's product news and letter to customers."""
    rate = "click_through_rate"
    welcome = _add_email(plan, 500, "Welcome series", (START, YEAR_END), (rate, 0.04, 0.05))
    for month, day in enumerate(letter_days()):
        when = (day.replace(day=19), 9.0)
        plan.send(welcome, when, ("new", 0.8), "onboarding", Rates(click=1.45, unsubscribe=1.3))
        name = f"The Cold Chain Letter, {MONTH_NAMES[day.month - 1]} {day.year}"
        letter = _add_email(plan, 501 + month, name, (day, day + timedelta(days=20)), (rate, 0.03, 0.032))
        click = 0.0 if day == company.BROKEN_LINKS else 0.95
        variants = 2 if day.year >= 2025 else 1
        plan.send(letter, (day, 10.0), ("all", 0.68), "newsletter", Rates(click=click, variants=variants))
        if day.month % 3 == 2:
            quarter = f"Q{(day.month + 2) // 3} {day.year}"
            span = (day.replace(day=20), day.replace(day=28))
            news = _add_email(plan, 601 + month, f"Product news {quarter}", span, (rate, 0.03, 0.035))
            plan.send(news, (day.replace(day=24), 13.0), ("all", 0.14), "product")
            # On the evening of a month's last day, so that some are delivered in the next month by UTC.
            last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            customers = _add_email(plan, 701 + month, f"Customer letter {quarter}", (last, last), (rate, 0.045, 0.05))
            plan.send(customers, (last, 20.5), ("customers", 0.9), "customers", Rates(click=1.3, unsubscribe=0.5))


def _add_offers(plan: Plan) -> None:
    """Add the offers of each stocking season, the one that was sent too often, and the latest."""
    for number, span in enumerate(company.PEAK_DAYS, start=801):
        offer = _add_email(plan, number, f"Stocking season {span[0].year}", span, ("total_clicks", 90.0, 110.0))
        plan.send(offer, (span[0] + timedelta(days=2), 10.0), ("prospects", 0.22), "product", Rates(click=1.2))
        plan.send(offer, (span[0] + timedelta(days=14), 10.0), ("prospects", 0.18), "product", Rates(click=1.1))
    spring = _add_email(plan, 811, "Spring sensor offer 2026", company.OVER_MAILING, ("new_customers", 3.0, 6.0))
    for offset, hour in ((0, 9.0), (2, 9.5), (4, 15.0)):
        at = (company.OVER_MAILING[0] + timedelta(days=offset), hour)
        plan.send(spring, at, ("all", 0.5), "product", Rates(click=0.35, unsubscribe=2.6, complaint=36.0))
    span = (date(2026, 9, 28), date(2026, 10, 9))
    autumn = _add_email(plan, 812, "Autumn readiness check 2026", span, ("total_clicks", 60.0, 70.0))
    plan.send(autumn, (date(2026, 9, 29), 11.0), ("prospects", 0.12), "product", Rates(click=1.1))
