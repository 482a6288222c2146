"""A workspace answers what the page on metrics asks about segments, campaigns and days."""

from pathlib import Path

import pandas as pd
import pytest

import mopsnb
from mopsnb.analysis import BREAKDOWNS
from mopsnb.workspace import Workspace

ADS = """date,channel,campaign_id,spend,currency,conversions,period_end
2026-08-01,search,c1,10,USD,2,
2026-08-01,search,c2,5,USD,,
2026-08-02,display,c1,7,USD,1,
2026-08-03,display,c1,700,USD,9,2026-08-31
"""
CAMPAIGNS = "campaign_id,name\nc1,Spring\nc2,Autumn\nc3,Autumn\n"


def make(folder: Path, **tables: str) -> Workspace:
    (folder / "data").mkdir()
    (folder / "strategy.yml").write_text("version: 1\norganization: {name: Example, currency: USD}\n", encoding="utf-8")
    for name, text in tables.items():
        (folder / "data" / f"{name}.csv").write_text(text, encoding="utf-8")
    return mopsnb.open(str(folder))


def test_days_add_up_campaigns_and_leave_out_totals_of_periods(tmp_path):
    days = make(tmp_path, ad_daily=ADS).ad_days()

    found = {
        (row["day"].strftime("%m-%d"), row["segment"], row["measure"]): row["value"] for row in days.to_dict("records")
    }
    assert found == {
        ("08-01", "search", "spend"): 15,
        ("08-01", "search", "conversions"): 2,
        ("08-02", "display", "spend"): 7,
        ("08-02", "display", "conversions"): 1,
    }


def test_days_of_a_table_without_conversions_have_spend_alone(tmp_path):
    days = make(tmp_path, ad_daily="date,channel,campaign_id,spend,currency\n2026-08-01,search,c1,10,USD\n").ad_days()

    assert days["measure"].tolist() == ["spend"]


def test_a_workspace_without_data_has_no_days_no_names_and_no_parts(tmp_path):
    ws = make(tmp_path)

    assert ws.ad_days().empty
    assert ws.campaign_names == {}
    assert ws.break_down(BREAKDOWNS) == {}


def test_campaigns_of_one_name_bear_their_id(tmp_path):
    names = make(tmp_path, campaign=CAMPAIGNS).campaign_names

    assert names == {"c1": "Spring", "c2": "Autumn (c2)", "c3": "Autumn (c3)"}


def test_parts_are_those_of_the_latest_months_and_what_is_impossible_is_left_out(tmp_path):
    ws = make(tmp_path, ad_daily=ADS)

    found = ws.break_down({"ad_spend": "channel", "leads": "channel", "ad_clicks": "nonsense"})

    expected = ws.metric("ad_spend", by=["month", "channel"], start="2026-06-01")
    pd.testing.assert_frame_equal(found["ad_spend"], expected)
    assert "ad_clicks" not in found
    assert found["ad_spend"]["value"].sum() == pytest.approx(ws.monthly(["ad_spend"])["value"].sum())
