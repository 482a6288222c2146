"""Figures that would count twice are refused, whichever way the second export says them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from import_samples import HEADER, add_up, bring_in, days, google, read, write

from mopsnb.errors import DataError

pytestmark = pytest.mark.slow

UNDATED = HEADER.removeprefix("Day,")
PERIOD = "# Start date: 20260901\n# End date: 20260930\n"
VISITS = "Session primary channel group (Default Channel Group),{}Sessions,Engaged sessions,Key events\n"
META = "Campaign name,Campaign ID,{}Day,Results,Impressions,Link clicks,Amount spent (EUR)\n"


def report(folder: Path, name: str, period: str, *rows: str) -> Path:
    return write(folder, name, f'Report\n"{period}"\n{UNDATED}' + "".join(f"{row}\n" for row in rows))


def test_totals_of_a_period_beside_its_days_are_refused(tmp_path: Path) -> None:
    bring_in(tmp_path / "team", google(tmp_path, "a.csv", *days(1, 3)))
    later = report(tmp_path, "b.csv", "September 1, 2026 - September 3, 2026", "A,EUR,30,3,4.50,0")
    with pytest.raises(DataError, match="figures of 2026-09-01 to 2026-09-03 beside those of 2026-09-01"):
        bring_in(tmp_path / "team", later)
    assert add_up(tmp_path / "team")["spend"] == Decimal("4.5")


def test_days_do_not_take_the_place_of_a_total_of_which_they_are_a_part(tmp_path: Path) -> None:
    bring_in(
        tmp_path / "team", report(tmp_path, "a.csv", "September 1, 2026 - September 30, 2026", "A,EUR,30,3,4.50,0")
    )
    with pytest.raises(DataError, match="figures of 2026-09-01 beside those of 2026-09-01 to 2026-09-30"):
        bring_in(tmp_path / "team", google(tmp_path, "b.csv", *days(1, 1)))
    assert add_up(tmp_path / "team")["spend"] == Decimal("4.5")


def test_periods_that_overlap_are_refused_and_others_stand_side_by_side(tmp_path: Path) -> None:
    months = [f"{name} 1, 2026 - {name} 30, 2026" for name in ("September", "November")]
    for number, period in enumerate(months):
        bring_in(tmp_path / "team", report(tmp_path, f"{number}.csv", period, "A,EUR,30,3,4.50,0"))
    with pytest.raises(DataError, match="2026-09-15 to 2026-10-15 beside those of 2026-09-01 to 2026-09-30"):
        bring_in(
            tmp_path / "team", report(tmp_path, "x.csv", "September 15, 2026 - October 15, 2026", "A,EUR,30,3,4.50,0")
        )
    assert add_up(tmp_path / "team")["spend"] == 9


def test_periods_within_one_file_do_not_overlap(tmp_path: Path) -> None:
    header = "Campaign name,Impressions,Link clicks,Amount spent (EUR),Results,Reporting starts,Reporting ends\n"
    text = header + "A,10,1,5,0,2026-08-01,2026-08-07\nA,10,1,9,0,2026-08-01,2026-08-31\n"
    with pytest.raises(DataError, match=r"2026-08-01 to 2026-08-07|2026-08-01 to 2026-08-31"):
        bring_in(tmp_path / "team", write(tmp_path, "a.csv", text))
    text = header + "A,10,1,5,0,2026-08-03,2026-08-07\nA,10,1,9,0,2026-08-01,2026-08-31\n"
    with pytest.raises(DataError, match=r"2026-08-01 to 2026-08-31|2026-08-03 to 2026-08-07"):
        bring_in(tmp_path / "team", write(tmp_path, "a.csv", text))


def test_visits_by_source_beside_visits_by_channel_are_refused(tmp_path: Path) -> None:
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", PERIOD + VISITS.format("") + "Email,100,50,1\n"))
    by_source = PERIOD + "Session source / medium,Sessions,Engaged sessions,Key events\nnews / email,100,50,1\n"
    with pytest.raises(DataError, match="visits by source for days of which web_daily holds visits by channel"):
        bring_in(tmp_path / "team", write(tmp_path, "b.csv", by_source))
    by_day = PERIOD + VISITS.format("Date,") + "Email,20260901,100,50,1\n"
    with pytest.raises(DataError, match="figures of 2026-09-01 beside those of 2026-09-01 to 2026-09-30"):
        bring_in(tmp_path / "team", write(tmp_path, "c.csv", by_day))
    assert add_up(tmp_path / "team", "web_daily", ("sessions",))["sessions"] == 100


def test_a_campaign_beside_its_ad_groups_is_refused(tmp_path: Path) -> None:
    header = META.format("Ad set name,")
    text = header + "C,77,,2026-08-01,5,30,3,30\nC,77,S1,2026-08-01,2,10,1,10\nC,77,S2,2026-08-01,3,20,2,20\n"
    with pytest.raises(DataError, match="figures of its ad groups beside those of the campaign as a whole"):
        bring_in(tmp_path / "team", write(tmp_path, "a.csv", text))
    bring_in(tmp_path / "team", write(tmp_path, "b.csv", META.format("") + "C,77,2026-08-01,5,30,3,30\n"))
    with pytest.raises(DataError, match="ad groups by name beside those of the campaign as a whole"):
        bring_in(tmp_path / "team", write(tmp_path, "c.csv", header + "C,77,S1,2026-08-01,2,10,1,10\n"))


def test_ad_groups_by_name_and_by_id_are_the_same_ones(tmp_path: Path) -> None:
    by_name = META.format("Ad set name,") + "C,77,S1,2026-08-01,2,10,1,10\n"
    by_id = META.format("Ad set name,Ad set ID,") + "C,77,S1,4711,2026-08-01,2,10,1,10\n"
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", by_name))
    with pytest.raises(DataError, match="its ad groups beside those of ad groups by name"):
        bring_in(tmp_path / "team", write(tmp_path, "b.csv", by_id))


def test_an_export_by_hand_and_a_connector_table_of_the_same_days_are_refused(tmp_path: Path) -> None:
    bring_in(tmp_path / "team", google(tmp_path, "a.csv", *days(1, 1)))
    connector = (
        "date,customer_id,id,clicks,impressions,cost_micros,conversions,conversions_value\n"
        "2026-09-01,7,1,1,10,1500000,0,0\n"
    )
    with pytest.raises(DataError, match="the same ids as before"):
        bring_in(tmp_path / "team", write(tmp_path, "b.csv", connector), defaults={"currency": "EUR"})


def test_the_same_ids_with_and_without_their_account_are_refused(tmp_path: Path) -> None:
    table = "customer_id,date,id,cost_micros,clicks,impressions,conversions\n9,2026-09-01,12,1500000,1,10,0\n"
    export = "Day,Campaign,Campaign ID,Currency code,Impr.,Clicks,Cost,Conversions\n2026-09-01,A,12,EUR,10,1,1.50,0\n"
    files = [write(tmp_path, "stats.csv", table), write(tmp_path, "export.csv", export)]
    for name, pair, words in (("a", files, "without its account"), ("b", files[::-1], "with its account")):
        bring_in(tmp_path / name, pair[0], currency="EUR")
        with pytest.raises(DataError, match=f"found the campaign 12 {words}, while ad_daily holds the same days with"):
            bring_in(tmp_path / name, pair[1], currency="EUR")
        assert add_up(tmp_path / name)["spend"] == Decimal("1.5")


def test_deals_with_and_without_their_ids_are_refused(tmp_path: Path) -> None:
    names, cells = "Opportunity Name,Stage,Amount,Amount Currency,Close Date", "A,Closed Won,100,EUR,2026-06-30"
    bare = write(tmp_path, "bare.csv", f"{names},Created Date\n{cells},2026-01-02\n")
    told = write(tmp_path, "told.csv", f"{names},Created Date,Opportunity ID\n{cells},2026-01-02,006A\n")
    short = write(tmp_path, "short.csv", f"{names}\n{cells}\n")
    later = write(tmp_path, "later.csv", f"{names},Created Date,Opportunity ID\n{cells},2026-05-02,006B\n")
    for number, (first, second) in enumerate(((bare, told), (told, bare), (bare, short), (short, told))):
        bring_in(tmp_path / str(number), first)
        with pytest.raises(DataError, match=r"found 'A' as .*, which deal holds as .*Both would count"):
            bring_in(tmp_path / str(number), second)
    assert bring_in(tmp_path / "0", later).tables["deal"]["rows"] == 2  # another deal of that name


def test_the_same_figures_under_another_channel_are_refused(tmp_path: Path) -> None:
    path = google(tmp_path, "a.csv", *days(1, 2))
    bring_in(tmp_path / "team", path)
    with pytest.raises(DataError, match="figures of the channel display, which ad_daily holds as search"):
        bring_in(tmp_path / "team", path, defaults={"channel": "display"})
    assert {row[0] for row in read(tmp_path / "team", "ad_daily", "channel")} == {"search"}


def test_a_report_that_compares_is_refused(tmp_path: Path) -> None:
    text = PERIOD + VISITS.format("Comparison,") + "Email,All Users,30,5,1\nEmail,Mobile traffic,10,2,1\n"
    with pytest.raises(DataError, match="rows for All Users and for Mobile traffic, which count the same things"):
        bring_in(tmp_path / "team", write(tmp_path, "a.csv", text))
    bring_in(tmp_path / "team", write(tmp_path, "b.csv", text.replace("Email,Mobile traffic,10,2,1\n", "")))
    assert add_up(tmp_path / "team", "web_daily", ("sessions",))["sessions"] == 30


def test_a_total_by_another_name_is_refused(tmp_path: Path) -> None:
    period = "September 1, 2026 - September 3, 2026"
    rows = ("A,EUR,30,3,4.50,0", "B,EUR,10,1,1.50,0")
    with pytest.raises(DataError, match=r"row 6: found 'Alles zusammen', whose figures are the sum of all others"):
        bring_in(tmp_path / "team", report(tmp_path, "a.csv", period, *rows, "Alles zusammen,EUR,40,4,6.00,0"))
    ads = (("A", 1), ("B", 2), ("C", 4))
    daily = [f"2026-09-{day:02},{name},EUR,{n}0,{n},{n}.50,0" for day in (1, 2) for name, n in ads]
    sums = [f"2026-09-{day:02},Everything,EUR,70,7,8.50,0" for day in (1, 2)]
    with pytest.raises(DataError, match="'Everything', whose figures are the sum"):
        bring_in(tmp_path / "team", google(tmp_path, "b.csv", *daily, *sums))
    bring_in(tmp_path / "team", google(tmp_path, "c.csv", *daily, sums[0]))  # on one day of two it is chance
    assert add_up(tmp_path / "team")["impressions"] == 210


@pytest.mark.parametrize(
    "name", ["Overall", "Total general", "Zwischensumme", "Insgesamt", "Eindtotaal", "Total\xa0: compte"]
)
def test_words_for_a_total_in_other_languages(tmp_path: Path, name: str) -> None:
    period = "September 1, 2026 - September 3, 2026"
    bring_in(tmp_path / "team", report(tmp_path, "a.csv", period, "A,EUR,30,3,4.50,0", f"{name},EUR,30,3,4.50,0"))
    assert add_up(tmp_path / "team")["spend"] == Decimal("4.5")


def test_equal_rows_that_the_total_of_the_file_counts_are_refused(tmp_path: Path) -> None:
    rows = ("2026-09-01,A,EUR,30,3,4.50,0", "2026-09-01,A,EUR,30,3,4.50,0", "2026-09-02,A,EUR,10,1,1,0")
    with pytest.raises(DataError, match=r"found rows that stand twice \(1\), and a total that counts both"):
        bring_in(tmp_path / "team", google(tmp_path, "a.csv", *rows, "Total: Account,,EUR,70,7,10,0"))
    with pytest.raises(DataError, match=r"found a total of 5\.50, expected 10\.00"):
        bring_in(tmp_path / "team", google(tmp_path, "b.csv", *rows, "Total: Account,,EUR,40,4,5.50,0"))
    bring_in(tmp_path / "team", google(tmp_path, "c.csv", *rows))  # nothing says that both count
    assert add_up(tmp_path / "team")["spend"] == Decimal("5.5")


def test_a_campaign_that_was_renamed_does_not_count_under_both_names(tmp_path: Path) -> None:
    team = tmp_path / "team"
    bring_in(team, google(tmp_path, "a.csv", *days(1, 3), "2026-09-01,B,EUR,20,2,9,0"))
    renamed = [row.replace(",A,", ",A new,") for row in days(1, 4)]
    with pytest.raises(
        DataError, match="'A new' with the figures of 2026-09-01 to 2026-09-03 that ad_daily holds for 'A'"
    ):
        bring_in(team, google(tmp_path, "b.csv", *renamed, "2026-09-01,B,EUR,20,2,9,0"))
    assert add_up(team)["spend"] == Decimal("13.5")
    report = bring_in(team, google(tmp_path, "c.csv", "2026-09-02,A new,EUR,11,1,1.70,0", "2026-09-01,B,EUR,20,2,9,0"))
    (note,) = [note for note in report.files[0].notes if "renamed" in note]
    assert "'A' (2026-09-02 to 2026-09-02), while 'A new' is new" in note
    later = bring_in(team, google(tmp_path, "d.csv", "2026-09-05,C,EUR,11,1,1.70,0"))  # other days: nothing to doubt
    assert not [note for note in later.files[0].notes if "renamed" in note]


def test_a_day_that_does_not_exist_and_a_number_are_named_once(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="found '2026-02-30', expected a day that exists: the month has fewer days"):
        bring_in(tmp_path / "a", google(tmp_path, "a.csv", "2026-02-30,A,EUR,30,3,4.50,0"))
    with pytest.raises(DataError, match=r"expected a number with a decimal point, such as 1234\.50, at most 6"):
        bring_in(tmp_path / "b", google(tmp_path, "b.csv", "2026-02-03,A,EUR,30,3,x,0", "2026-02-04,A,EUR,30,3,4.5,0"))
    with pytest.raises(DataError, match="a number with a decimal comma, such as 1234,50, at most 6 decimals"):
        rows = ('2026-02-03,A,EUR,30,3,x,"0,5"', '2026-02-04,A,EUR,30,3,"4,50","0,25"')
        bring_in(tmp_path / "c", google(tmp_path, "c.csv", *rows))
