"""Files of the team's own, in other formats, and what is named and does not exist."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from import_samples import bring_in, days, google, read, write

from mopsnb.errors import DataError, UsageError


def test_a_file_of_the_team_is_mapped_by_hand(tmp_path: Path) -> None:
    path = write(tmp_path, "invoices.csv", "No;When;What;Sum\n1;01.09.2026;fair;1.250,00\n2;02.09.2026;print;80,5\n")
    bring_in(
        tmp_path / "team", path, table="spend_actual", defaults={"currency": "EUR"},
        maps={"spend_id": "No", "date": "When", "area": "What", "amount": "Sum"},
    )  # fmt: skip
    assert read(tmp_path / "team", "spend_actual", "spend_id, CAST(date AS VARCHAR), area, amount") == [
        ("1", "2026-09-01", "fair", Decimal("1250")), ("2", "2026-09-02", "print", Decimal("80.5"))
    ]  # fmt: skip


def test_rows_that_nothing_tells_apart_need_a_number(tmp_path: Path) -> None:
    path = write(tmp_path, "invoices.csv", "date;area;amount\n2026-09-01;fair;1250\n2026-09-01;fair;80\n")
    with pytest.raises(DataError, match=r"no column for spend_id .* add one that numbers them\."):
        bring_in(tmp_path / "team", path, table="spend_actual", defaults={"currency": "EUR"})


def test_a_canonical_table_comes_back_as_it_is(tmp_path: Path) -> None:
    text = "date,channel,campaign_id,spend,currency,clicks\n2026-09-01,search,0012,1.5,EUR,7\n"
    bring_in(tmp_path / "team", write(tmp_path, "x.csv", text), table="ad_daily")
    assert read(tmp_path / "team", "ad_daily", "channel, campaign_id, spend, clicks") == [
        ("search", "0012", Decimal("1.5"), 7)
    ]


def test_parquet_and_excel_give_what_csv_gives(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {"Day": pd.to_datetime(["2026-09-01"]), "Campaign": ["A"], "Currency code": ["EUR"], "Impr.": [12345],
         "Clicks": [1], "Cost": [1033.33], "Conversions": [0.1 + 0.2], "Campaign ID": [1205993847561234]}
    )  # fmt: skip
    frame.to_parquet(tmp_path / "a.parquet")
    bring_in(tmp_path / "team", tmp_path / "a.parquet")
    assert read(tmp_path / "team", "ad_daily", "campaign_id, spend, conversions, impressions") == [
        ("1205993847561234", Decimal("1033.33"), Decimal("0.3"), 12345)
    ]


def test_a_trello_board_as_json(tmp_path: Path) -> None:
    board = {
        "name": "Plan",
        "lists": [{"id": "l1", "name": "Doing"}],
        "members": [{"id": "m1", "fullName": "Mira"}, {"id": "m2", "fullName": "Bo"}],
        "cards": [
            {"id": "c1", "name": "Brief", "idList": "l1", "idMembers": ["m1", "m2"], "due": "2026-09-02T10:00:00.000Z",
             "dueComplete": True, "closed": False, "idBoard": "b"},
            {"id": "c2", "name": "Old", "idList": "l1", "idMembers": [], "due": None, "dueComplete": False,
             "closed": True, "idBoard": "b"},
        ],
    }  # fmt: skip
    report = bring_in(tmp_path / "team", write(tmp_path, "board.json", json.dumps(board)))
    assert report.files[0].excluded == {"closed is true": 1}
    assert read(tmp_path / "team", "task", "task_id, section, assignee, status, CAST(due_on AS VARCHAR)") == [
        ("c1", "Doing", "Mira;Bo", "done", "2026-09-02")
    ]


def test_what_is_named_and_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    path = google(tmp_path, "a.csv", *days(1, 1))
    for options, message in (
        ({"source": "google_ads_campain_export"}, "Did you mean 'google_ads_campaign_export'"),
        ({"table": "ad_dayly"}, "Did you mean 'ad_daily'"),
        ({"maps": {"spend": "Kost"}}, "Did you mean 'Cost'"),
        ({"defaults": {"chanel": "x"}}, "Did you mean 'channel'"),
    ):
        with pytest.raises(UsageError, match=message):
            bring_in(tmp_path / "team", path, **options)


def test_a_file_with_the_columns_of_a_table_is_told_which_table_it_is(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", "tool_id,name\n1,HubSpot\n")
    with pytest.raises(DataError, match="The columns are named like those of tool: add --table tool"):
        bring_in(tmp_path / "team", path)
    report = bring_in(tmp_path / "team", path, table="tool")
    assert report.files[0].why == "the columns tool_id, name"


def test_a_table_that_has_little_in_common_with_a_source_is_not_said_to_be_like_it(tmp_path: Path) -> None:
    path = write(tmp_path, "x.csv", "project_id,task_id,_fivetran_synced\n1,2,3\n")
    with pytest.raises(DataError, match=r"expected the columns of a known source. Name the source"):
        bring_in(tmp_path / "team", path)
    text = "Record ID,First Name,E-mail address,Lifecycle Stage,Create Date\n1,A,a@x.test,Lead,\n"
    near = write(tmp_path, "y.csv", text)
    with pytest.raises(DataError, match=r"like those of HubSpot, contacts, but none for email.*--map email=COLUMN"):
        bring_in(tmp_path / "team", near)


def test_a_default_serves_those_files_of_a_command_that_can_use_it(tmp_path: Path) -> None:
    ads = write(tmp_path, "a.csv", "Day,Campaign,Impr.,Clicks,Cost,Conversions\n2026-09-01,A,10,1,1.50,0\n")
    tasks = write(tmp_path, "t.csv", "Task ID,Name,Section/Column\n1,Brief,Doing\n")
    bring_in(tmp_path / "team", tasks, ads, defaults={"currency": "EUR"})
    assert read(tmp_path / "team", "ad_daily", "currency") == [("EUR",)]
    with pytest.raises(UsageError, match="None of task, ad_daily has a column 'has_responded'"):
        bring_in(tmp_path / "team", tasks, ads, defaults={"currency": "EUR", "has_responded": "true"})
    with pytest.raises(UsageError, match="Did you mean"):
        bring_in(tmp_path / "team", tasks, ads, defaults={"curency": "EUR", "stat": "open"})
