"""Advertising: daily spend, and conversions that follow a known saturating response.

For each channel and day t, with spend s and adstock a::

    x(t) = (1 - a) * s(t) + a * x(t-1)                       adstocked spend, US dollars a day
    expected(t) = saturation * x(t) / (half_point + x(t))    conversions a day
                  * season(month) * weekday * peak

Recorded conversions are the expected ones times lognormal noise. Spend and saturation grow with the scale;
rates and curves keep their shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns, company
from mopsnb.sample.campaigns import Plan
from mopsnb.sample.clock import DAYS, KNOWN_DAYS, Bools, Floats, Ints, calendar_month, day_of, weekday
from mopsnb.sample.streams import stream

NOISE = 0.22  # standard deviation of the logarithm of a channel's daily conversions
VALUE_NOISE = 0.12
_SPEND_SEASON = (0.92, 0.96, 1.06, 1.05, 1.03, 0.95, 0.86, 0.88, 1.05, 1.12, 1.18, 0.94)
_SPEND_WEEKDAY = (1.12, 1.16, 1.15, 1.12, 1.04, 0.70, 0.71)


@dataclass(frozen=True, slots=True)
class Advertising:
    """Every ad campaign's days.

    Parameters
    ----------
    campaigns, channels
        Positions of the campaign in the plan and of its channel, shape (c,).
    spend, clicks, conversions, values
        As the platforms report them, shape (c, DAYS). ``conversions`` is zero in the outage.
    leads
        Conversions a day that truly happened and reach the CRM as new contacts, shape (c, DAYS).
    """

    campaigns: Ints
    channels: Ints
    spend: Floats
    clicks: Ints
    conversions: Floats
    values: Floats
    leads: Floats

    def channel_spend(self, channel: int) -> Floats:
        """Return one channel's spend by day, shape (DAYS,), in US dollars."""
        return np.asarray(self.spend[self.channels == channel].sum(axis=0))


def between(span: tuple[date, date]) -> Bools:
    """Return which simulated days lie in a span of dates, both ends included."""
    days = np.arange(DAYS)
    return np.asarray((days >= day_of(span[0])) & (days <= day_of(span[1])))


def peak() -> Floats:
    """Return the multiplier of the stocking season by day, shape (DAYS,)."""
    inside = np.zeros(DAYS, dtype=bool)
    for span in company.PEAK_DAYS:
        inside |= between(span)
    return np.where(inside, company.PEAK, 1.0)


def adstock(spend: Floats, carry: float) -> Floats:
    """Return normalized adstocked spend; before the data the channel spent its first month's mean."""
    result = np.empty_like(spend)
    level = float(spend[:30].mean())
    for day, value in enumerate(spend):
        level = (1 - carry) * value + carry * level
        result[day] = level
    return result


def respond(channel: company.Channel, spend: Floats, scale: int) -> Floats:
    """Return a channel's expected conversions by day, shape (DAYS,)."""
    stocked = adstock(spend, channel.adstock) / scale
    curve = channel.saturation * stocked / (channel.half_point + stocked)
    rhythm = np.array(company.SEASON)[calendar_month()] * np.array(company.WEEKDAY)[weekday()] * peak()
    return np.asarray(scale * curve * rhythm)


def plan_spend(channel: company.Channel, generator: np.random.Generator) -> Floats:
    """Return a channel's spend by day at scale 1, in US dollars, before it is shared among campaigns."""
    days = np.arange(DAYS)
    growth = 0.90 * 1.10 ** (days / 365.25)
    season = np.array(_SPEND_SEASON)[calendar_month()] * np.array(_SPEND_WEEKDAY)[weekday()]
    # Flights: every few weeks the team turns a channel up or down, which is what makes its curve visible.
    flight = np.repeat(generator.uniform(0.62, 1.38, DAYS // 18 + 1), 18)[:DAYS]
    daily = generator.lognormal(-0.005, 0.1, DAYS)
    spend = channel.daily_spend * growth * season * flight * daily * (1 + 0.6 * (peak() - 1))
    if channel.id == "professional_social":
        spend[between(company.SOCIAL_PAUSE)] *= 0.08
        spend[between(company.OVERSPEND)] *= company.OVERSPEND_SIZE
    if channel.id == "video":
        spend[between(company.VIDEO_PAUSE)] = 0.0
    if channel.id == "paid_search":
        spend[day_of(company.SPEND_SPIKE)] *= company.SPEND_SPIKE_SIZE
    return np.asarray(spend)


def generate_ads(plan: Plan, seed: int, scale: int) -> Advertising:
    """Return the advertising of all channels.

    Parameters
    ----------
    plan
        The campaigns.
    seed, scale
        The sample's seed, and how many times the size of scale 1.
    """
    positions, channels = [], []
    spends, conversions, values = [], [], []
    for index, channel in enumerate(company.CHANNELS):
        generator = stream(seed, "ads", index)
        total = plan_spend(channel, generator) * scale
        members = [plan.campaigns[position] for position in plan.ads[channel.id]]
        weights = np.array([c.share for c in members])[:, None] * generator.lognormal(0, 0.18, (len(members), DAYS))
        spend = np.round(total * weights / weights.sum(axis=0), 2)
        expected = respond(channel, spend.sum(axis=0), scale)
        actual = expected * generator.lognormal(-(NOISE**2) / 2, NOISE, DAYS)
        pull = spend * np.array([c.strength for c in members])[:, None] * generator.lognormal(0, 0.2, spend.shape)
        split = np.divide(pull, pull.sum(axis=0), out=np.zeros_like(pull), where=pull.sum(axis=0) > 0)
        won = np.round(actual * split, 2)
        worth = channel.value * generator.lognormal(-(VALUE_NOISE**2) / 2, VALUE_NOISE, won.shape)
        positions += plan.ads[channel.id]
        channels += [index] * len(members)
        spends.append(spend)
        conversions.append(won)
        values.append(np.round(won * worth, 2))
    spend, won = np.vstack(spends), np.vstack(conversions)
    generator = stream(seed, "ads", 99)
    price = np.array([company.CHANNELS[c].cost_per_click for c in channels])[:, None]
    drift = 1.04 ** (np.arange(DAYS) / 365.25)
    clicks = generator.poisson(spend / (price * drift) * generator.lognormal(0, 0.08, spend.shape))
    lost = between(company.OUTAGE)
    return Advertising(
        campaigns=np.array(positions),
        channels=np.array(channels),
        spend=spend,
        clicks=clicks.astype(np.int64),
        conversions=np.where(lost, 0.0, won),
        values=np.where(lost, 0.0, np.vstack(values)),
        leads=won * company.TAKEN_AS_LEAD,
    )


def tabulate_ads(ads: Advertising, plan: Plan, seed: int) -> pa.Table:
    """Return the table ``ad_daily``: one row a campaign and day, in time order."""
    generator = stream(seed, "ads", 98)
    count = len(ads.campaigns)
    day = np.repeat(np.arange(KNOWN_DAYS), count)
    row = np.tile(np.arange(count), KNOWN_DAYS)
    channel = ads.channels[row]
    clicks = ads.clicks[:, :KNOWN_DAYS].T.ravel()
    spend, conversions, values = (part[:, :KNOWN_DAYS].T.ravel() for part in (ads.spend, ads.conversions, ads.values))
    rate = np.array([c.click_rate for c in company.CHANNELS])[channel] * generator.lognormal(0, 0.12, len(row))
    impressions = np.maximum(np.rint(clicks / rate), clicks).astype(np.int64)
    impressions = np.where(clicks == 0, np.rint(spend * 3).astype(np.int64), impressions)
    unreported = channel == company.CHANNEL_IDS.index("review_sites")  # these platforms sell clicks and count no views
    names = [plan.campaigns[p].name for p in ads.campaigns]
    accounts = [f"{4100 + 37 * i:06d}" for i in range(len(company.CHANNELS))]
    return pa.table(
        {
            "date": columns.dates(day),
            "channel": columns.pick(company.CHANNEL_IDS, channel),
            "account_id": columns.pick(accounts, channel),
            "campaign_id": columns.pick([plan.campaigns[p].id for p in ads.campaigns], row),
            "campaign_name": columns.pick(names, row),
            "spend": columns.money(spend),
            "currency": columns.fixed(company.CURRENCY, len(row)),
            "impressions": columns.whole(impressions, unreported),
            "clicks": columns.whole(clicks),
            "conversions": columns.decimals(conversions, 2),
            "conversion_value": columns.money(values),
        }
    )
