"""Rows that cannot repeat each other are counted without a comparison, and the figures are the same."""

from __future__ import annotations

import pandas as pd
import pytest
from metric_tables import compute, make_tables

from mopsnb.data import breakdown, metrics
from mopsnb.data.metrics import read_catalogue
from mopsnb.data.plain_rows import find_plain
from mopsnb.data.relations import Relation

DAY = {"channel": "search", "campaign_id": "c1", "spend": 10, "clicks": 3}
GROUP = DAY | {"ad_group_id": "g1"}
MONTH = DAY | {"period_start": "2026-01-01", "period_end": "2026-01-31", "spend": 300}
ACROSS = DAY | {"period_start": "2026-01-20", "period_end": "2026-02-10", "spend": 70}


def find_relation(metric: str) -> Relation:
    return read_catalogue()[metric].numerator[0].relation


@pytest.mark.parametrize(
    ("rows", "is_plain"),
    [
        ([DAY | {"date": "2026-01-05"}, DAY | {"date": "2026-02-05"}], True),
        ([GROUP | {"date": "2026-01-05"}, GROUP | {"date": "2026-01-05", "ad_group_id": "g2"}], True),
        ([DAY | {"period_start": "2026-01-05", "period_end": "2026-01-05"}], True),
        ([DAY], True),  # without a day it counts nowhere
        ([DAY | {"date": "2026-01-05"}, GROUP | {"date": "2026-01-05"}], False),
        ([DAY | {"date": "2026-01-05"}, MONTH], False),
        ([ACROSS], False),
    ],
)
def test_days_of_one_grain_are_plain_and_count_the_same(
    rows: list[dict[str, object]], is_plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = make_tables(ad_daily=rows)
    relation = find_relation("ad_spend")
    plain = find_plain(tables, relation)
    assert (plain.spans is not None and plain.spans.torn == "") is is_plain
    for condition in ("TRUE", "first_day >= DATE '2026-02-01'"):
        query = "SELECT COUNT(*), SUM(spend) FROM "
        for one, other in (
            (plain.rows_within(condition), relation.rows_within(condition)),
            (plain.torn_within(condition), relation.torn_within(condition)),
        ):
            assert tables.execute(query + one).fetchall() == tables.execute(query + other).fetchall()
    found = compute(tables, "ad_spend", "ad_clicks")
    for module in (metrics, breakdown):
        monkeypatch.setattr(module, "count_plainly", lambda _, measures: tuple(measures))
    pd.testing.assert_frame_equal(found, compute(tables, "ad_spend", "ad_clicks"))


def test_traffic_by_day_is_plain_and_by_month_is_not() -> None:
    relation = find_relation("sessions")
    day, month = {"sessions": 5, "date": "2026-01-05"}, {"sessions": 5, "period_start": "2026-01-01"}
    alone, mixed = make_tables(web_daily=[day]), make_tables(web_daily=[day, month | {"period_end": "2026-01-31"}])
    assert find_plain(alone, relation).rows != relation.rows
    assert find_plain(mixed, relation) is relation


def test_rows_of_one_moment_need_no_look() -> None:
    relation = find_relation("leads")
    assert relation.ask_apart == ""
    assert find_plain(make_tables(), relation) is relation
