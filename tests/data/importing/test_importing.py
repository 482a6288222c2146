"""Importing into a workspace: again, later, in part, with a source of its own, and as a whole or not at all."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from import_samples import STRATEGY, add_up, bring_in, make_workspace, read, write

import mopsnb
from mopsnb.data.importing.numbers import read_styles
from mopsnb.data.importing.sources import FOLDER, read_sources
from mopsnb.data.importing.writing import METADATA, read_provenance
from mopsnb.errors import DataError, UsageError

HEADER = "Day,Campaign,Currency code,Impr.,Clicks,Cost,Conversions\n"


def take_picture(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def google(folder: Path, name: str, *rows: str) -> Path:
    return write(folder, name, HEADER + "".join(f"{row}\n" for row in rows))


def days(first: int, last: int, spend: str = "1.50") -> list[str]:
    return [f"2026-09-{day:02},A,EUR,10,1,{spend},0" for day in range(first, last + 1)]


# --- again and later --------------------------------------------------------------------------------------------------


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
    bring_in(tmp_path / "team", google(tmp_path, "a.csv", *days(1, 9)), google(tmp_path, "b.csv", *days(8, 12)))
    assert len(read(tmp_path / "team", "ad_daily")) == 12


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


# --- whole or not at all ----------------------------------------------------------------------------------------------


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


# --- rejected rows ----------------------------------------------------------------------------------------------------


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


# --- sources are data -------------------------------------------------------------------------------------------------

OWN = """
id: pigeon_post_export
title: Pigeon Post, daily figures
vendor: pigeon_post
shape: export
table: ad_daily
grain: campaign
export: "Settings, Export"
recognize:
  columns: [spend, campaign_id]
  headers: [Feathers]
columns:
  date: [Flight day]
  campaign_id: [Flock]
  spend: {from: [Grains], unit: cents}
  clicks: [Coos]
constants: {channel: pigeon, currency: EUR}
"""


def test_a_vendor_is_added_with_yaml_alone(tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team")
    write(team / "sources", "pigeon_post_export.yml", OWN)
    path = write(tmp_path, "p.csv", "Feathers,Flight day,Flock,Grains,Coos\n3,2026-09-01,f1,1250,7\n")
    report = bring_in(team, path)
    assert report.files[0].source == "pigeon_post_export"
    assert read(team, "ad_daily", "campaign_id, spend, clicks, channel") == [("f1", Decimal("12.5"), 7, "pigeon")]


def test_a_faulty_source_of_the_workspace_is_named(tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team")
    write(team / "sources", "pigeon_post_export.yml", OWN.replace("spend: {", "spent: {"))
    with pytest.raises(DataError, match=r"sources/pigeon_post_export.yml.*'spent' is no column of ad_daily"):
        bring_in(team, google(tmp_path, "a.csv", *days(1, 1)))


def test_every_source_is_short_and_known_by_its_file(tmp_path: Path) -> None:
    sources = read_sources()
    assert {path.stem for path in FOLDER.glob("*.yml")} == set(sources)
    for path in FOLDER.glob("*.yml"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 40, path.name


def test_every_vendor_has_the_shapes_that_are_promised() -> None:
    found = {(item.vendor, item.shape, item.table) for item in read_sources().values()}
    ads = ("google_ads", "meta_ads", "linkedin_ads", "microsoft_ads")
    wanted = {(vendor, shape, "ad_daily") for vendor in ads for shape in ("connector", "export")}
    wanted |= {
        ("hubspot", shape, table) for shape in ("connector", "export") for table in ("contact", "deal", "campaign")
    }
    wanted |= {("hubspot", "connector", "email_event"), ("marketo", "connector", "email_event")}
    tables = ("contact", "deal", "campaign", "campaign_member")
    wanted |= {("salesforce", shape, table) for shape in ("connector", "export") for table in tables}
    wanted |= {("ga4", shape, "web_daily") for shape in ("connector", "export")}
    wanted |= {(vendor, shape, "task") for vendor in ("asana", "jira") for shape in ("connector", "export")}
    wanted |= {(vendor, "connector", "contact") for vendor in ("marketo", "pardot", "mailchimp")}
    wanted |= {("mailchimp", "export", "email_send_summary"), ("trello", "export", "task")}
    assert wanted <= found


def test_every_source_is_recognized_by_its_own_first_names_and_by_no_other(tmp_path: Path) -> None:
    """A header of every column, by its first name, leads to its source."""
    from mopsnb.data.importing.recognition import recognize

    sources = read_sources()
    for source in sources.values():
        if source.id == "mailchimp_unsubscribes_export":  # read through the audience
            continue
        names = [spec.headers[0] for spec in source.columns.values()]
        names += [*source.recognize.headers, *source.recognize.any[:1]]
        match = recognize("file", [list(dict.fromkeys(names))], sources, {}, given=False)
        assert match.source.id == source.id


# --- files of the team's own ------------------------------------------------------------------------------------------


def test_a_file_of_the_team_is_mapped_by_hand(tmp_path: Path) -> None:
    path = write(tmp_path, "invoices.csv", "No;When;What;Sum\n1;01.09.2026;fair;1.250,00\n2;02.09.2026;print;80,5\n")
    bring_in(
        tmp_path / "team", path, table="spend_actual", defaults={"currency": "EUR"},
        maps={"spend_id": "No", "date": "When", "area": "What", "amount": "Sum"},
    )  # fmt: skip
    assert read(tmp_path / "team", "spend_actual", "spend_id, CAST(date AS VARCHAR), area, amount") == [
        ("1", "2026-09-01", "fair", Decimal("1250")), ("2", "2026-09-02", "print", Decimal("80.5"))
    ]  # fmt: skip


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


# --- after the import -------------------------------------------------------------------------------------------------


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
