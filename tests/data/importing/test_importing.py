"""Imported tables are sound, and the metrics read them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from import_samples import STRATEGY, bring_in, make_workspace, write

import mopsnb
from mopsnb.data.importing.numbers import read_styles


def test_imported_tables_are_sound_and_answer(shared_data: Path, tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team", STRATEGY.replace("Europe/Berlin", "Europe/Berlin, currency: USD"))
    write(team / "data", "fx_rate.csv", "date,currency,rate_to_base\n2020-01-01,EUR,1.1\n2020-01-01,USD,1\n")
    ui, connector = shared_data / "ui_exports", shared_data / "fivetran"
    files = [
        ui / "google_ads_campaign_utf16.csv",
        ui / "meta_ads.csv",
        connector / "dbt_google_ads" / "campaign_stats_data.csv",
    ]
    files += [connector / "dbt_facebook_ads" / f"facebook_ads_basic_ad{name}_data.csv" for name in ("", "_actions")]
    bring_in(team, *files, currency="USD")
    ws = mopsnb.open(team)
    assert ws.faults() == []
    totals = ws.sql("SELECT sum(clicks) AS clicks, sum(conversions) AS conversions, sum(spend) AS spend FROM ad_daily")
    assert totals["clicks"].item() == 322 + 110 + 280 + 149
    assert totals["conversions"].item() == Decimal("14.5") + 16 + 0 + 19
    expected = Decimal("1038.34") + Decimal("475.50") * Decimal("1.1") + Decimal("231.33") + Decimal("643.63")
    assert totals["spend"].item() == pytest.approx(float(expected), abs=1e-9)
    monthly = ws.monthly(["ad_spend"])
    assert monthly["value"].sum() == pytest.approx(float(expected), abs=1e-9)


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(["point", "comma"]))
def test_a_grouped_number_is_read_in_its_own_style(number: Decimal, style: str) -> None:
    text = f"{number:,.2f}"
    text = text if style == "point" else text.translate(str.maketrans(",.", ".,"))
    assert read_styles(text)[style] == number
    assert list(read_styles(text)) == [style]
