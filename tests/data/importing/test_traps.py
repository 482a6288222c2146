"""The traps of real exports, one a test: what would go wrong stands in the test's name."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from import_samples import add_up, bring_in, read, write

from mopsnb.errors import DataError

HEADER = "Day,Campaign,Currency code,Impr.,Clicks,Cost,Conversions\n"
META = "Campaign name,Day,Impressions,Link clicks,Amount spent (EUR),Results,Result indicator\n"


def google(folder: Path, rows: str, name: str = "google.csv", header: str = HEADER) -> Path:
    return write(folder, name, header + rows)


# --- reading ----------------------------------------------------------------------------------------------------------


def test_utf_16_with_tabs_is_text_like_any_other(tmp_path: Path) -> None:
    text = (HEADER + "2026-09-01,Größe,EUR,10,1,1.50,0\n").replace(",", "\t")
    path = write(tmp_path, "a.csv", text, "utf-16")
    bring_in(tmp_path / "team", path)
    assert read(tmp_path / "team", "ad_daily", "campaign_name, spend") == [("Größe", Decimal("1.5"))]


def test_a_byte_order_mark_is_no_part_of_the_first_header(tmp_path: Path) -> None:
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", HEADER + "2026-09-01,A,EUR,10,1,1.50,0\n", "utf-8-sig"))
    assert str(read(tmp_path / "team", "ad_daily", "date")[0][0]) == "2026-09-01"


def test_lines_before_the_header_and_behind_the_rows_are_no_rows(tmp_path: Path) -> None:
    text = (
        'Report\n"Sep 1, 2026 - Sep 2, 2026"\n\n'
        + HEADER
        + "2026-09-01,A,EUR,10,1,1.50,0\n\n\nConfidential Information\n"
    )
    report = bring_in(tmp_path / "team", write(tmp_path, "a.csv", text))
    assert (report.files[0].read, report.files[0].rejected) == (1, 0)


def test_the_number_of_records_in_the_footer_must_be_the_number_of_rows(tmp_path: Path) -> None:
    text = '"Opportunity Name","Stage","Amount"\n"A","Open","EUR 5"\n\n"Grand Totals (2 records)"\n'
    with pytest.raises(DataError, match="found 1 rows, expected 2 rows, as its last lines say"):
        bring_in(tmp_path / "team", write(tmp_path, "a.csv", text))


def test_a_campaign_that_is_called_total_something_is_a_row(tmp_path: Path) -> None:
    bring_in(
        tmp_path / "team", google(tmp_path, "2026-09-01,Total Recall,EUR,10,1,1.50,0\n2026-09-02,Total,EUR,5,1,1,0\n")
    )
    assert add_up(tmp_path / "team")["impressions"] == 15


def test_a_row_without_its_day_is_no_total_of_the_period(tmp_path: Path) -> None:
    text = 'Report\n"Sep 1, 2026 - Sep 2, 2026"\n' + HEADER + "2026-09-01,A,EUR,10,1,1.50,0\n,A,EUR,10,1,1.50,0\n"
    with pytest.raises(DataError, match="row 5, Day: found an empty cell, expected a value for date"):
        bring_in(tmp_path / "team", write(tmp_path, "a.csv", text))


def test_decimal_commas_and_points_between_thousands(tmp_path: Path) -> None:
    text = "Tag;Kampagne;Währungscode;Impressionen;Klicks;Kosten;Conversions\n"
    text += (
        "2026-09-01;A;EUR;12.345;1.000;1.234,50;0,5\n"
        "2026-09-02;A;EUR;1;0;0,01;0\n"
        "Gesamt: Konto;;EUR;12.346;1.000;1.234,51;0,5\n"
    )
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", text))
    assert add_up(tmp_path / "team") == {
        "spend": Decimal("1234.51"), "clicks": 1000, "impressions": 12346, "conversions": Decimal("0.5")
    }  # fmt: skip


def test_an_amount_that_could_be_two_numbers_is_refused_and_settled_by_an_option(tmp_path: Path) -> None:
    path = google(tmp_path, "2026-09-01,A,EUR,10,1,1.234,0\n")
    with pytest.raises(DataError, match=r"row 2, Cost: found '1.234', which could be two numbers.*--decimal"):
        bring_in(tmp_path / "team", path)
    bring_in(tmp_path / "team", path, decimal="comma")
    assert add_up(tmp_path / "team")["spend"] == 1234


def test_dashes_and_below_ten_percent_are_missing_and_never_zero(tmp_path: Path) -> None:
    rows = "2026-09-01,A,EUR,10,--,1.50,--,< 10%\n"
    header = HEADER.rstrip() + ",Search impr. share\n"
    bring_in(tmp_path / "team", google(tmp_path, rows, header=header))
    assert read(tmp_path / "team", "ad_daily", "clicks, conversions, spend") == [(None, None, Decimal("1.5"))]


def test_leading_zeros_and_long_ids_survive_and_broken_ones_are_named(tmp_path: Path) -> None:
    text = "Task ID,Name,Section/Column\n0012,A,x\n123456789012345678,B,x\n1.2E+15,C,x\n"
    report = bring_in(tmp_path / "team", write(tmp_path, "a.csv", text))
    assert [row[0] for row in read(tmp_path / "team", "task", "task_id")] == ["0012", "123456789012345678", "1.2E+15"]
    assert any("'1.2E+15' (row 4) lost digits" in note for note in report.files[0].notes)


def test_two_ids_that_a_spreadsheet_made_equal_are_refused(tmp_path: Path) -> None:
    text = "Task ID,Name,Section/Column\n1.2E+15,A,x\n1.2E+15,B,x\n"
    with pytest.raises(DataError, match=r"rows 2 and 3, which name the same thing"):
        bring_in(tmp_path / "team", write(tmp_path, "a.csv", text))


def test_day_numbers_of_a_spreadsheet_are_days(tmp_path: Path) -> None:
    bring_in(tmp_path / "team", google(tmp_path, "46266,A,EUR,10,1,1.50,0\n"))
    assert str(read(tmp_path / "team", "ad_daily", "date")[0][0]) == "2026-09-01"


def test_repeated_headers_of_labels_are_joined(tmp_path: Path) -> None:
    text = (
        "Summary,Issue key,Status,Created,Labels,Labels,Sprint,Sprint\r\n"
        "Write,MO-1,Done,14/Jul/25 3:42 PM,copy,web,S1,S2\r\n"
    )
    bring_in(tmp_path / "team", write(tmp_path, "jira.csv", text, "utf-8-sig"))
    found = read(tmp_path / "team", "task", "task_id, status, skill, section, CAST(created_at AS VARCHAR)")
    assert found == [("MO-1", "done", "copy,web", "S1,S2", "2025-07-14 13:42:00+00")]


def test_a_figure_that_stands_twice_with_other_cells_is_refused_and_settled_by_its_number(tmp_path: Path) -> None:
    text = "Session default channel group,Sessions,Sessions,Date\nEmail,10,4,20260901\n"
    path = write(tmp_path, "ga4.csv", text)
    with pytest.raises(DataError, match=r"2 columns 'Sessions' with different cells.*Sessions#1"):
        bring_in(tmp_path / "team", path)
    bring_in(tmp_path / "team", path, maps={"sessions": "Sessions#2"})
    assert add_up(tmp_path / "team", "web_daily", ("sessions",))["sessions"] == 4


def test_a_parent_whose_name_several_tasks_have_is_not_guessed(tmp_path: Path) -> None:
    text = (
        "Task ID,Name,Section/Column,Parent task\n1,Brief,x,\n2,Brief,x,\n3,Write,x,Brief\n4,Plan,x,\n5,Send,x,Plan\n"
    )
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", text))
    assert [row[0] for row in read(tmp_path / "team", "task", "parent_id")] == [None, None, None, None, "4"]


def test_month_or_day_first_is_refused_where_nothing_tells(tmp_path: Path) -> None:
    path = google(tmp_path, "9/1/2026,A,EUR,10,1,1.50,0\n")
    with pytest.raises(DataError, match=r"row 2, Day: found '9/1/2026', which could be two days.*--date-order"):
        bring_in(tmp_path / "team", path)
    bring_in(tmp_path / "team", path, date_order="mdy")
    assert str(read(tmp_path / "team", "ad_daily", "date")[0][0]) == "2026-09-01"


def test_two_forms_of_dates_in_one_column_are_each_understood(tmp_path: Path) -> None:
    text = (
        "Record ID,Deal Name,Deal Stage,Close Date,Amount,Currency\n"
        "1,A,Closed won,2026-06-30 10:00,5,EUR\n"
        "2,B,Closed won,6/30/2026,7,EUR\n"
    )
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", text))
    assert [str(row[0]) for row in read(tmp_path / "team", "deal", "expected_close_on")] == ["2026-06-30"] * 2


@pytest.mark.parametrize("text", ["1772355600", "1772355600000", "1772355600000000", "2026-03-01 09:00:00 UTC"])
def test_seconds_milliseconds_and_microseconds_since_1970(tmp_path: Path, text: str) -> None:
    rows = f"Task ID,Name,Section/Column,Created At\n1,A,x,{text}\n"
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", rows))
    assert read(tmp_path / "team", "task", "CAST(created_at AS VARCHAR)") == [("2026-03-01 09:00:00+00",)]


def test_wall_clocks_are_those_of_the_workspace_and_day_starts_too(tmp_path: Path) -> None:
    rows = (
        "Task ID,Name,Section/Column,Created At\n"
        "1,A,x,2026-07-01 09:00\n"
        "2,B,x,2026-01-01\n"
        "3,C,x,2026-07-01T09:00:00-05:00\n"
    )
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", rows))
    assert [row[0] for row in read(tmp_path / "team", "task", "CAST(created_at AS VARCHAR)")] == [
        "2026-07-01 07:00:00+00", "2025-12-31 23:00:00+00", "2026-07-01 14:00:00+00"
    ]  # fmt: skip


def test_a_cell_that_is_a_formula_around_a_text_is_the_text(tmp_path: Path) -> None:
    text = HEADER.replace("Day,", "Day,Campaign ID,") + '="2026-09-01",="0012",A,EUR,="1,234",1,="1.50",0\n'
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", text.replace('="1,234"', '="1234"')))
    found = read(tmp_path / "team", "ad_daily", "CAST(date AS VARCHAR), campaign_id, impressions, spend")
    assert found == [("2026-09-01", "0012", 1234, Decimal("1.5"))]


def test_a_row_that_looks_like_a_note_is_a_row_where_the_table_has_two_columns(tmp_path: Path) -> None:
    text = "tool_id,name\n#1,HubSpot\nCopyright desk,Jira\n3,Zoom\n# made by Mira\n"
    bring_in(tmp_path / "team", write(tmp_path, "t.csv", text), table="tool")
    assert read(tmp_path / "team", "tool", "tool_id") == [("#1",), ("Copyright desk",), ("3",)]
