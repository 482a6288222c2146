"""Frames for charts of the year's money."""

import math
from datetime import date

import pandas as pd
from pacing_samples import ads, make_plan, make_spend, make_strategy, paid, pay_monthly

from mopsnb.analysis.pacing import draw_channels, draw_months, draw_path, title_channels

STRATEGY = make_strategy()
PLAN = make_plan({"print": [100.0] * 12})
SPEND = make_spend(pay_monthly([90, 110, 100, 120]))


def test_the_path_adds_up_plan_and_spend_and_goes_on_with_the_projection():
    path = draw_path(SPEND, PLAN, STRATEGY, date(2026, 4, 30)).set_index("date")

    assert len(path) == 365
    assert (path.loc["2026-01-31", "planned"], path.loc["2026-12-31", "planned"]) == (100, 1200)
    assert (path.loc["2026-02-14", "spent"], path.loc["2026-02-15", "spent"]) == (90, 200)
    assert path.loc["2026-05-01":, "spent"].isna().all()
    assert path.loc["2026-04-30", ["projected", "low", "high"]].tolist() == [420, 420, 420]
    last = path.loc["2026-12-31"]
    assert last["projected"] == 1260
    assert last["low"] < 1260 < last["high"]
    assert path.loc[:"2026-04-29", "projected"].isna().all()


def test_the_path_of_one_area_or_channel_is_chosen_by_its_id():
    plan = pd.concat([PLAN, make_plan({"search_ads": [50.0] * 12}, search_ads="search")])
    spend = make_spend([*pay_monthly([90] * 4), ads("2026-01-05", 30)])

    assert draw_path(spend, plan, STRATEGY, date(2026, 4, 30), by="area", key="search_ads")["planned"].iloc[-1] == 600
    assert draw_path(spend, plan, STRATEGY, date(2026, 4, 30), by="channel", key="search")["spent"].max() == 30
    assert draw_path(spend, plan, STRATEGY, date(2026, 4, 30), by="area", key="radio").empty


def test_months_hold_the_path_at_their_end_and_the_running_month_is_open():
    path = draw_path(SPEND, PLAN, STRATEGY, date(2026, 4, 20))
    months = draw_months(path, date(2026, 4, 20))
    spent = months[months["series"] == "spent"]

    assert spent["value"].tolist() == [90, 200, 300, 420]
    assert spent["is_complete"].tolist() == [True, True, True, False]
    assert months[months["series"] == "planned"]["value"].tolist() == [100.0 * month for month in range(1, 13)]
    projected = months[months["series"] == "projected"]
    assert [stamp.month for stamp in projected["period_start"]] == list(range(4, 13))


def test_without_a_plan_the_path_has_no_plan():
    path = draw_path(SPEND, make_plan({}), STRATEGY, date(2026, 4, 30))

    assert path["planned"].isna().all()
    assert math.isfinite(path["projected"].iloc[-1])
    assert draw_path(SPEND, PLAN, STRATEGY, None).empty


def test_the_channel_with_the_most_spend_is_the_finding_of_the_chart():
    rows = [ads("2026-03-02", 30), ads("2026-04-02", 45), paid("2026-03-05", 25)]
    frame = draw_channels(make_spend(rows), date(2026, 4, 30), months=3)

    assert title_channels(frame, STRATEGY, "EUR") == "Paid search took the largest part of spend: 75% of 100.00 EUR"
    assert title_channels(frame.head(0), STRATEGY, "EUR") == "Spend by month and channel"


def test_channels_are_added_up_by_month_and_what_has_no_channel_stands_under_its_area():
    rows = [ads("2026-03-02", 5), ads("2026-03-09", 6), paid("2026-03-05", 7), paid("2026-03-05", 9, is_committed=True)]
    rows += [ads("2026-04-02", 1), ads("2026-04-30", 90, first_day="2026-03-01"), ads("2025-03-01", 50)]
    frame = draw_channels(make_spend(rows), date(2026, 4, 30), months=3)

    assert [(row.period_start.month, row.channel, row.value) for row in frame.itertuples()] == [
        (3, "print", 7),
        (3, "search", 11),
        (4, "search", 1),
    ]
    assert frame["is_complete"].all()
    assert not draw_channels(make_spend(rows), date(2026, 4, 29), months=1)["is_complete"].any()
    assert draw_channels(make_spend(rows), None).empty
