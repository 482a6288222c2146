"""Totals by channel come from one query, and are those of a question for each channel."""

from __future__ import annotations

import pandas as pd
import pytest
from workspaces import write_workspace

import mopsnb
from mopsnb.data.metrics import read_catalogue
from mopsnb.data.segments import can_split
from mopsnb.workspace.channels import total_by_channel

ADS = ["ad_spend", "ad_impressions", "ad_clicks", "ad_conversions"]
ROWS = """date,channel,campaign_id,campaign_name,spend,impressions,clicks,conversions,currency
2026-01-05,search,c1,A,10.10,100,5,1,EUR
2026-01-09,search,c1,A,0.20,100,,,EUR
2026-03-01,search,c2,B,7.00,50,2,0,EUR
2026-02-01,social,c3,C,3.33,10,0,,EUR
2026-02-02,x,c4,D,1,,4,,EUR
"""
MAP = "source,source_name,campaign_id,channel\nx,x,,Search again\n"


def ask_each(ws: mopsnb.workspace.Workspace, metrics: list[str]) -> pd.DataFrame:
    channels = ws.sql("SELECT DISTINCT channel FROM ad_daily ORDER BY channel")["channel"].tolist()
    return total_by_channel(channels, metrics, lambda channel: ws.monthly(metrics, {"channel": channel}))


def test_the_channels_of_a_small_workspace_are_those_of_single_questions(tmp_path) -> None:
    folder = write_workspace(tmp_path / "ws", "version: 1\n", ad_daily=ROWS, campaign_map=MAP)
    ws = mopsnb.open(folder)
    found = ws.channels(ADS)
    pd.testing.assert_frame_equal(found, ask_each(ws, ADS))
    assert found.set_index("channel").loc["search", "ad_spend"] == pytest.approx(17.3)
    assert found.set_index("channel").loc["search", "last_month"] == pd.Timestamp("2026-03-01")
    assert found.set_index("channel").loc["social", "ad_conversions"] != 0  # not reported is missing


@pytest.mark.slow
def test_the_channels_of_the_sample_are_those_of_single_questions() -> None:
    ws = mopsnb.open("")
    pd.testing.assert_frame_equal(ws.channels(ADS), ask_each(ws, ADS))


@pytest.mark.slow
def test_what_one_query_cannot_answer_is_asked_for_each_channel() -> None:
    ws = mopsnb.open("")
    pd.testing.assert_frame_equal(ws.channels(["ad_spend", "spend"]), ask_each(ws, ["ad_spend", "spend"]))


def test_only_sums_and_counts_of_the_same_rows_are_split() -> None:
    known = read_catalogue()
    pick = lambda *names: [known[name] for name in names]  # noqa: E731
    assert can_split(pick(*ADS), "channel", ["ad_daily"])
    assert not can_split(pick(*ADS), "channel", ["email_event"])
    assert not can_split(pick(*ADS), "weather", ["ad_daily"])
    assert not can_split(pick("ad_spend", "total_clicks"), "channel", ["ad_daily", "email_event"])
    assert not can_split(pick("cost_per_click"), "channel", ["ad_daily"])
    assert not can_split(pick("email_churn_rate"), "channel", ["email_event"])
    assert not can_split([], "channel", ["ad_daily"])
