"""Planted response curves and spend anomalies are in the advertising tables."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.sample.conftest import Company

CHANNELS = ["paid_search", "professional_social", "display", "video", "retargeting", "review_sites"]


@pytest.fixture(scope="module")
def daily(sample: Company) -> pd.DataFrame:
    """Spend, conversions, value and clicks by channel and day."""
    ads = sample.table("ad_daily")
    ads = ads.assign(day=pd.to_datetime(ads["date"]))
    numbers = ["spend", "conversions", "conversion_value", "clicks"]
    return ads.groupby(["channel", "day"])[numbers].sum().astype(float)


def expect(sample: Company, channel: str, spend: pd.Series) -> pd.Series:
    """Work out a channel's expected conversions from the truth's parameters, day by day."""
    response = sample.truth["channel_response"]
    curve = response["channels"][channel]
    level, found = spend.iloc[:30].mean(), []
    for day, paid in spend.items():
        level = (1 - curve["adstock"]) * paid + curve["adstock"] * level
        value = curve["saturation"] * level / (curve["half_point"] + level)
        value *= response["season"][f"{day.month:02d}"] * response["weekday"][f"{day:%a}"]
        is_peak = any(first <= f"{day:%Y-%m-%d}" <= last for first, last in response["peak_days"])
        found.append(value * (response["peak"] if is_peak else 1.0))
    return pd.Series(found, index=spend.index)


def in_outage(sample: Company, days: pd.DatetimeIndex) -> np.ndarray:
    item = sample.anomaly("tracking-outage")
    return np.asarray((days >= item["start_on"]) & (days <= item["end_on"]))


@pytest.mark.parametrize("channel", CHANNELS)
def test_conversions_follow_the_channels_curve_at_low_usual_and_high_spend(
    sample: Company, daily: pd.DataFrame, channel: str
) -> None:
    frame = daily.loc[channel]
    expected = expect(sample, channel, frame.spend)
    use = ~in_outage(sample, frame.index) & (expected.to_numpy() > 0.01)
    ratio = frame.conversions[use] / expected[use]
    third = pd.qcut(frame.spend[use], 3, labels=False)
    for level in range(3):
        assert ratio[third == level].mean() == pytest.approx(1.0, abs=0.05)
    noise = np.log(ratio[frame.conversions[use] > 0.3])
    assert 0.5 * sample.truth["channel_response"]["noise_log_sd"] < noise.std() < 0.35


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_true_half_point_explains_conversions_better_than_a_third_or_three_times_of_it(
    sample: Company, daily: pd.DataFrame, channel: str
) -> None:
    frame = daily.loc[channel]
    use = ~in_outage(sample, frame.index)
    curve = sample.truth["channel_response"]["channels"][channel]
    rhythm = expect(sample, channel, frame.spend)

    def misfit(times: float) -> float:
        half = curve["half_point"] * times
        stocked = _adstock(frame.spend, curve["adstock"])
        shape = rhythm / (stocked / (curve["half_point"] + stocked)) * stocked / (half + stocked)
        scale = (frame.conversions[use] * shape[use]).sum() / (shape[use] ** 2).sum()
        return float(((frame.conversions[use] - scale * shape[use]) ** 2).sum())

    assert misfit(1.0) < min(misfit(1 / 3), misfit(3.0))


def _adstock(spend: pd.Series, carry: float) -> pd.Series:
    level, found = spend.iloc[:30].mean(), []
    for paid in spend:
        level = (1 - carry) * paid + carry * level
        found.append(max(level, 1e-9))
    return pd.Series(found, index=spend.index)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_conversion_is_worth_what_the_truth_says(sample: Company, daily: pd.DataFrame, channel: str) -> None:
    frame = daily.loc[channel]
    worth = frame.conversion_value.sum() / frame.conversions.sum()
    assert worth == pytest.approx(
        sample.truth["channel_response"]["channels"][channel]["value_per_conversion"], rel=0.02
    )


def test_the_outage_has_clicks_and_sessions_and_no_conversions(sample: Company, daily: pd.DataFrame) -> None:
    item = sample.anomaly("tracking-outage")
    days = daily.groupby("day").sum()
    lost = days[in_outage(sample, days.index)]
    assert len(lost) == item["size"]["days"] == 6
    assert lost.conversions.sum() == lost.conversion_value.sum() == 0
    assert (lost.clicks > 50).all()
    assert (days[~in_outage(sample, days.index)].conversions > 0).all()
    web = sample.table("web_daily").groupby("date")[["sessions", "key_events"]].sum()
    web.index = pd.to_datetime(web.index)
    silent = web[in_outage(sample, web.index)]
    assert silent.key_events.sum() == 0
    assert (silent.sessions > 200).all()
    assert (web[~in_outage(sample, web.index)].key_events > 0).all()
    contacts = sample.table("contact")
    created = contacts.created_at.dt.tz_convert("America/New_York").dt.date
    paid = contacts.lead_source.isin(CHANNELS)
    first, last = date.fromisoformat(item["start_on"]), date.fromisoformat(item["end_on"])
    assert (paid & (created >= first) & (created <= last)).sum() > 10


def test_one_day_of_search_cost_several_times_its_neighbors(sample: Company, daily: pd.DataFrame) -> None:
    item = sample.anomaly("spend-spike")
    spend = daily.loc["paid_search"].spend
    place = spend.index.get_loc(pd.Timestamp(item["start_on"]))
    around = pd.concat([spend.iloc[place - 14 : place], spend.iloc[place + 1 : place + 15]])
    assert spend.iloc[place] == pytest.approx(item["size"]["spend"], abs=0.01)
    assert around.median() == pytest.approx(item["size"]["median_around"], abs=0.01)
    assert spend.iloc[place] == spend.max()
    assert spend.iloc[place] > 3 * around.max()


def test_social_ran_over_its_plan_in_the_summer_of_2026(sample: Company, daily: pd.DataFrame) -> None:
    item = sample.anomaly("social-overspend")
    spend = daily.loc["professional_social"].spend
    monthly = spend.groupby(spend.index.strftime("%Y-%m")).sum()
    plan = sample.table("budget_plan")
    area = plan[(plan.version == "FY2026") & (plan.area == item["where"]["area"])].set_index("month").planned
    for name, numbers in item["size"]["by_month"].items():
        assert monthly[name] == pytest.approx(numbers["spend"], abs=0.01)
        assert area[name] == pytest.approx(numbers["planned"], abs=0.01)
    over = monthly / area.reindex(monthly.index)
    assert (over[["2026-07", "2026-08"]] > 1.7).all()
    assert over[["2026-01", "2026-02", "2026-03"]].max() < 1.1
    assert item["size"]["year_to_date"] > 1.2 * item["size"]["planned_to_date"]
    assert item["size"]["planned_year"] == pytest.approx(area.sum(), abs=0.01)
    assert item["size"]["year_plan_spent_on"] > "2026-09-30"


def test_other_areas_stay_near_their_plan(sample: Company, daily: pd.DataFrame) -> None:
    plan = sample.table("budget_plan")
    known = plan[(plan.version == "FY2026") & (plan.month <= "2026-09")]
    planned = known.groupby("area").planned.sum()
    ads = daily[daily.index.get_level_values("day") >= "2026-01-01"].groupby("channel").spend.sum()
    ads.index = ads.index.map(known.drop_duplicates("channel").set_index("channel").area)
    spend = sample.table("spend_actual")
    invoiced = spend[(spend["date"] >= date(2026, 1, 1)) & (spend.status != "committed")]
    share = pd.concat([ads, invoiced.groupby("area").amount.sum()]) / planned
    assert share.notna().all()
    assert share.drop("social_ads").between(0.8, 1.15).all()


def test_the_stocking_season_comes_each_year_and_is_listed_as_no_anomaly(sample: Company, daily: pd.DataFrame) -> None:
    days = daily.groupby("day").conversions.sum()
    peaks = [item for item in sample.truth["not_anomalies"] if item["id"] == "stocking-season"]
    assert [item["start_on"][:4] for item in peaks] == ["2023", "2024", "2025"]
    for item in peaks:
        inside = days[item["start_on"] : item["end_on"]].mean()
        october = days[item["start_on"][:4] + "-10"].mean()
        assert inside > 1.4 * october


def test_a_pause_is_a_planned_change(sample: Company, daily: pd.DataFrame) -> None:
    item = next(item for item in sample.truth["not_anomalies"] if item["id"] == "video-pause")
    assert daily.loc["video"].spend[item["start_on"] : item["end_on"]].sum() == 0


def test_tags_that_no_campaign_owns_are_those_of_the_truth(sample: Company) -> None:
    tags = set(sample.table("web_daily").campaign.dropna())
    known = sample.table("campaign_map")
    assert tags - set(known[known.source == "web"].source_name) == set(sample.truth["unmapped_traffic"]["values"])
