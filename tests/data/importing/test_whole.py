"""All files or none, and bad rows put aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from import_samples import bring_in, days, google, make_workspace, take_picture, write

from mopsnb.errors import DataError

pytestmark = pytest.mark.slow


def test_one_refused_file_keeps_all_of_them_out(tmp_path: Path) -> None:
    make_workspace(tmp_path / "team")
    good, bad = google(tmp_path, "a.csv", *days(1, 2)), google(tmp_path, "b.csv", "2026-09-01,A,EUR,x,1,1,0")
    with pytest.raises(DataError, match=r"b\.csv was not imported"):
        bring_in(tmp_path / "team", good, bad)
    assert [name for name in take_picture(tmp_path / "team") if "lock" not in name] == ["strategy.yml"]


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    make_workspace(tmp_path / "team")
    before = take_picture(tmp_path / "team")
    report = bring_in(tmp_path / "team", google(tmp_path, "a.csv", *days(1, 2)), dry_run=True)
    assert take_picture(tmp_path / "team") == before
    assert report.tables["ad_daily"]["rows"] == 2
    assert "Nothing was written (dry run)." in str(report)


def test_a_failure_while_writing_leaves_the_table_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_in(tmp_path / "team", google(tmp_path, "a.csv", *days(1, 2)))
    before = take_picture(tmp_path / "team")

    def fail(*_: object) -> int:
        raise DataError("The disk is on fire.")

    monkeypatch.setattr("mopsnb.data.importing.importer.check_table", fail)
    with pytest.raises(DataError):
        bring_in(tmp_path / "team", google(tmp_path, "b.csv", *days(3, 4)))
    assert take_picture(tmp_path / "team") == before
    assert not [path for path in (tmp_path / "team" / "data").iterdir() if path.is_dir()]


def test_a_table_kept_by_hand_is_not_overwritten(tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team")
    write(team / "data", "ad_daily.csv", "date,channel,campaign_id,spend,currency\n2026-01-01,search,c,1,EUR\n")
    with pytest.raises(DataError, match="kept by hand as CSV"):
        bring_in(team, google(tmp_path, "a.csv", *days(1, 2)))


def test_a_header_without_rows_gives_way(tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team")
    write(team / "data", "ad_daily.csv", "date,channel,campaign_id,spend,currency\n")
    bring_in(team, google(tmp_path, "a.csv", *days(1, 2)))
    assert sorted(path.name for path in (team / "data").iterdir() if not path.name.startswith(".")) == [
        "ad_daily.parquet"
    ]


def test_bad_rows_below_the_share_are_put_aside_with_reason_and_fix(tmp_path: Path) -> None:
    rows = [*days(1, 28), "2026-08-01,A,EUR,many,1,1.50,0", "2026-08-32,A,EUR,10,1,x,0"]
    report = bring_in(tmp_path / "team", google(tmp_path, "a.csv", *rows), max_rejected=0.1)
    assert (report.files[0].read, report.files[0].kept, report.files[0].rejected) == (30, 28, 2)
    lines = (tmp_path / "team" / "rejected" / "a.csv.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "file,row,column,value,reason,fix"
    assert [line.split(",")[:4] for line in lines[1:]] == [
        ["a.csv", "30", "Impr.", "many"],
        ["a.csv", "31", "Day", "2026-08-32"],
        ["a.csv", "31", "Cost", "x"],
    ]
    assert report.rejected == ["rejected/a.csv.csv"]


def test_too_many_bad_rows_are_refused_with_one_line_a_kind(tmp_path: Path) -> None:
    rows = [*days(1, 28), *[f"2026-08-0{day},A,EUR,many,1,1.50,0" for day in range(1, 6)]]
    with pytest.raises(DataError) as caught:
        bring_in(tmp_path / "team", google(tmp_path, "a.csv", *rows))
    assert "5 of 33 rows cannot be used (15.2%, allowed 1.0%)" in str(caught.value)
    (fault,) = caught.value.faults
    assert (fault.place, fault.field, fault.value, fault.count) == ("row 30", "Impr.", "'many'", 5)
    assert fault.examples == ("row 31: 'many'", "row 32: 'many'", "row 33: 'many'")
    assert not (tmp_path / "team" / "rejected").exists()


def test_a_clean_import_of_the_file_clears_what_was_rejected_before(tmp_path: Path) -> None:
    bring_in(tmp_path / "team", google(tmp_path, "a.csv", *days(1, 9), "x,A,EUR,1,1,1,0"), max_rejected=0.5)
    assert (tmp_path / "team" / "rejected" / "a.csv.csv").is_file()
    bring_in(tmp_path / "team", google(tmp_path, "a.csv", *days(1, 9)))
    assert not (tmp_path / "team" / "rejected" / "a.csv.csv").exists()
