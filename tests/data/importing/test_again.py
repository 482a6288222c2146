"""Importing again: the same file, a later export, two systems."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from import_samples import add_up, bring_in, days, google, read, take_picture, write

from mopsnb.data.importing.assembly import Assembly
from mopsnb.data.importing.writing import METADATA, read_provenance
from mopsnb.errors import DataError

pytestmark = pytest.mark.slow


def test_the_same_file_twice_changes_no_byte(tmp_path: Path) -> None:
    path = google(tmp_path, "a.csv", *days(1, 9))
    bring_in(tmp_path / "team", path)
    before = take_picture(tmp_path / "team")
    report = bring_in(tmp_path / "team", path)
    assert take_picture(tmp_path / "team") == before
    assert report.tables["ad_daily"] == {"rows": 9, "before": 9, "added": 0, "replaced": 9, "changed": False}


def test_the_same_files_in_another_workspace_give_the_same_bytes(tmp_path: Path) -> None:
    path = google(tmp_path, "a.csv", *days(1, 9))
    for name in ("one", "other"):
        bring_in(tmp_path / name, path)
    assert take_picture(tmp_path / "one" / "data") == take_picture(tmp_path / "other" / "data")


def test_a_later_export_replaces_the_days_that_it_has_and_keeps_the_others(tmp_path: Path) -> None:
    bring_in(tmp_path / "team", google(tmp_path, "a.csv", *days(1, 9)))
    report = bring_in(tmp_path / "team", google(tmp_path, "b.csv", *days(8, 12, "2.00")))
    assert report.tables["ad_daily"] == {"rows": 12, "before": 9, "added": 3, "replaced": 2, "changed": True}
    assert add_up(tmp_path / "team")["spend"] == 7 * Decimal("1.5") + 5 * 2


def test_values_that_a_later_export_lacks_are_named(tmp_path: Path) -> None:
    bring_in(tmp_path / "team", google(tmp_path, "a.csv", *days(1, 3)))
    text = "Day,Campaign,Currency code,Impr.,Clicks,Cost\n2026-09-01,A,EUR,10,1,1.50\n"
    report = bring_in(tmp_path / "team", write(tmp_path, "b.csv", text))
    lost = "1 replaced row had a value for conversions, which this file lacks: it is missing now"
    assert lost in report.files[0].notes
    assert [row[0] for row in read(tmp_path / "team", "ad_daily", "conversions", "date")] == [None, 0, 0]


def test_two_exports_in_one_command_count_their_common_days_once(tmp_path: Path) -> None:
    files = google(tmp_path, "a.csv", *days(1, 9)), google(tmp_path, "b.csv", *days(8, 12))
    report = bring_in(tmp_path / "team", *files)
    assert len(read(tmp_path / "team", "ad_daily")) == 12
    assert "2 rows of a.csv replaced, as they have the same key" in report.files[1].notes


def test_a_longer_period_takes_the_place_of_a_shorter_one(tmp_path: Path) -> None:
    header = "Campaign,Currency code,Impr.,Clicks,Cost,Conversions\n"
    for name, end, spend in (("a.csv", "15", "5"), ("b.csv", "30", "9")):
        text = f'Report\n"September 1, 2026 - September {end}, 2026"\n{header}A,EUR,10,1,{spend},0\n'
        bring_in(tmp_path / "team", write(tmp_path, name, text))
    found = read(tmp_path / "team", "ad_daily", "spend, CAST(date AS VARCHAR), CAST(period_end AS VARCHAR)")
    assert found == [(9, "2026-09-01", "2026-09-30")]


def test_ids_of_two_systems_never_replace_each_other(tmp_path: Path) -> None:
    hubspot = "Record ID,Email,Lifecycle Stage\n7,a@x.test,lead\n"
    marketo = "Id,Email Address,Lead Score\n7,b@x.test,10\n"
    bring_in(tmp_path / "team", write(tmp_path, "h.csv", hubspot))
    with pytest.raises(DataError, match="already holds from hubspot"):
        bring_in(tmp_path / "team", write(tmp_path, "m.csv", marketo))


def test_rows_say_where_they_come_from_and_the_table_says_from_which_files(tmp_path: Path) -> None:
    bring_in(tmp_path / "team", google(tmp_path, "a.csv", *days(1, 2)))
    assert read(tmp_path / "team", "ad_daily", "source, source_file, source_row") == [
        ("google_ads", "a.csv", 2),
        ("google_ads", "a.csv", 3),
    ]
    (entry,) = read_provenance(tmp_path / "team" / "data" / "ad_daily.parquet")
    assert (entry["file"], entry["source"], entry["rows"]) == ("a.csv", "google_ads_campaign_export", 2)
    assert len(entry["sha256"]) == 64
    assert METADATA == b"mopsnb_import"


ASANA = "id,name,completed_at,due_on,assignee_id,completed,_fivetran_deleted\n"


def test_a_record_that_a_later_export_says_was_deleted_goes(tmp_path: Path) -> None:
    rows = "1,A,,2026-01-01,7,false,{}\n2,B,,2026-01-01,7,false,false\n"
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", ASANA + rows.format("false")))
    report = bring_in(tmp_path / "team", write(tmp_path, "a.csv", ASANA + rows.format("true")))
    assert read(tmp_path / "team", "task", "task_id") == [("2",)]
    assert "1 row of task removed, as this file leaves the record out now" in report.files[0].notes
    assert report.files[0].excluded == {"_fivetran_deleted is true": 1}


def test_an_old_version_that_is_left_out_takes_nothing_away(tmp_path: Path) -> None:
    header = "id,is_deleted,close_date,name,amount,stage_name,is_won,is_closed,_fivetran_active,_fivetran_start\n"
    row = "006A,false,2026-01-31,X,{0},Open,false,false,{1},2026-01-0{0} 10:00:00\n"
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", header + row.format(1, "true")))
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", header + row.format(1, "false") + row.format(2, "true")))
    assert read(tmp_path / "team", "deal", "deal_id, amount") == [("006A", 2)]


def test_rows_are_compared_by_key_and_never_each_with_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with each would take minutes where the file has 100,000 rows, and days where it has ten million."""
    joins: list[list[str]] = []
    query = Assembly.query

    def explain(self: Assembly, sql: str) -> list[tuple]:
        if sql.startswith(("SELECT", "WITH")):
            joins.append(re.findall(r"─ ([\w ]*(?:Join|Product)) ", str(query(self, f"EXPLAIN {sql}"))))
        return query(self, sql)

    rows = [f"2026-09-01,C{at},EUR,10,1,1.50,0" for at in range(200)]
    bring_in(tmp_path / "team", google(tmp_path, "a.csv", *rows))
    monkeypatch.setattr(Assembly, "query", explain)
    bring_in(tmp_path / "team", google(tmp_path, "b.csv", *rows))
    assert sum(map(len, joins)) > 5
    assert {name for names in joins for name in names} == {"Hash Join"}


def test_ids_of_salesforce_are_the_same_in_their_short_and_long_form(tmp_path: Path) -> None:
    rest = "Opportunity Name,Stage,Amount,Amount Currency,Close Date,Created Date"
    cells = "A,Closed Won,100,EUR,2026-06-30,2026-01-02"
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", f"Opportunity ID,{rest}\n006q000000Hddoh,{cells}\n"))
    table = "id,name,stage_name,amount,currency_iso_code,close_date,created_date,is_won,is_closed\n"
    table += "006q000000HddohAAB,A,Closed Won,120,EUR,2026-06-30,2026-01-02,true,true\n"
    bring_in(tmp_path / "team", write(tmp_path, "opportunity.csv", table))
    assert [(key, int(amount)) for key, amount in read(tmp_path / "team", "deal", "deal_id, amount")] == [
        ("006q000000HddohAAB", 120)
    ]


def test_a_connector_table_without_its_column_of_versions_has_each_record_once(tmp_path: Path) -> None:
    table = "id,name,stage_name,amount,close_date,created_date,is_won,is_closed\n"
    row = "006A,A,Closed Won,120,2026-06-30,2026-01-02,true,true\n"
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", table + row), currency="EUR")
    with pytest.raises(DataError, match="which name the same thing and differ otherwise"):
        bring_in(tmp_path / "team", write(tmp_path, "b.csv", table + row + row.replace("120", "130")), currency="EUR")
