"""Exports by month, and totals in the last line of a file, in the words of several languages."""

from decimal import Decimal
from pathlib import Path

import pytest
from import_samples import add_up, bring_in, google, read, write

import mopsnb
from mopsnb.errors import DataError

pytestmark = pytest.mark.slow
LINKEDIN = "Start Date (in UTC)\tCampaign Name\tTotal Spent\tCurrency\tImpressions\tClicks\tConversions\n"


def linkedin(folder: Path, name: str, *days: str) -> Path:
    rows = "".join(f"{day}\tA\t100.50\tEUR\t1000\t10\t1\n" for day in days)
    return write(folder, name, LINKEDIN + rows, "utf-16")


def test_a_linkedin_export_by_month_without_end_dates_totals_its_months(tmp_path: Path) -> None:
    report = bring_in(tmp_path / "team", linkedin(tmp_path, "a.csv", "08/01/2026", "09/01/2026", "10/01/2026"))
    assert any("each row is the total of a month" in note for note in report.files[0].notes)
    spans = [(f"{first}", f"{last}") for first, last in read(tmp_path / "team", "ad_daily", "date, period_end")]
    assert spans == [("2026-08-01", "2026-08-31"), ("2026-09-01", "2026-09-30"), ("2026-10-01", "2026-10-31")]
    ws = mopsnb.open(tmp_path / "team")
    assert ws.metric("ad_spend")["value"].tolist() == [100.5] * 3
    assert ws.metric("ad_spend", by="week")["value"].dropna().empty  # no week holds a month
    with pytest.raises(DataError, match="figures of 2026-09-02 beside those of 2026-09-01 to 2026-09-30"):
        bring_in(tmp_path / "team", linkedin(tmp_path, "b.csv", "09/02/2026"))


def test_days_stay_days_and_a_single_first_day_is_asked_about(tmp_path: Path) -> None:
    bring_in(tmp_path / "days", linkedin(tmp_path, "a.csv", "09/01/2026", "09/02/2026", "10/01/2026"))
    assert {row[0] for row in read(tmp_path / "days", "ad_daily", "period_end")} == {None}
    report = bring_in(tmp_path / "one", linkedin(tmp_path, "b.csv", "09/01/2026"))
    assert any("if they total a month, export by day or with the end date" in note for note in report.files[0].notes)
    assert read(tmp_path / "one", "ad_daily", "period_end") == [(None,)]


@pytest.mark.parametrize(
    "words",
    [
        "Gesamtsummen ({} Datensätze)", "Gesamtsumme ({} Datensätze)", "Totaux généraux ({} enregistrements)",
        "Totales generales ({} registros)", "Totais gerais ({} registros)", "Totali complessivi ({} record)",
        "Eindtotalen ({} records)", "Grand Totals ({} records)",
    ],
)  # fmt: skip
def test_a_line_of_totals_with_its_count_of_records_is_compared_and_left_out(tmp_path: Path, words: str) -> None:
    rows = ("2026-09-01,A,EUR,30,3,4.50,0", "2026-09-02,A,EUR,10,1,1.50,0")
    bring_in(tmp_path / "team", google(tmp_path, "a.csv", *rows, f"{words.format(2)},,EUR,40,4,6.00,0"))
    assert add_up(tmp_path / "team")["spend"] == Decimal(6)
    with pytest.raises(DataError, match=r"found 2 rows, expected 3 rows, as its last lines say"):
        bring_in(tmp_path / "other", google(tmp_path, "b.csv", *rows, f"{words.format(3)},,EUR,40,4,6.00,0"))
