"""Money that is promised for days after the report's, from tables worked by hand and from the sample."""

import csv
import math
from datetime import date

import pytest
from spending_samples import list_spend
from workspaces import write_workspace

import mopsnb
from mopsnb.analysis import pacing
from mopsnb.errors import CurrencyError

pytestmark = pytest.mark.slow

BILLS = "spend_id,date,area,amount,currency,status\n"
ROWS = (
    "1,2026-03-02,print,9,EUR,paid\n2,2026-05-01,print,4,EUR,committed\n3,2026-05-01,print,2,EUR,committed\n"
    "4,2026-02-01,print,1,EUR,committed\n5,2027-02-01,print,8,EUR,committed\n"
)
PLAN = "month,area,planned,currency\n" + "".join(f"2026-{month:02},print,10,EUR\n" for month in range(1, 13))


def test_commitments_for_later_days_count_and_later_years_stay_theirs(tmp_path):
    workspace = mopsnb.open(write_workspace(tmp_path, spend_actual=BILLS + ROWS, budget_plan=PLAN))
    spend = workspace.spend()

    assert list_spend(spend[spend["is_committed"]], "area") == [
        ("2026-02-01", "print", 1.0),
        ("2026-05-01", "print", 6.0),
        ("2027-02-01", "print", 8.0),
    ]
    [row] = pacing.pace_budget(spend, workspace.plan(), workspace.strategy, workspace.as_of).to_dict("records")
    assert (row["as_of"].date(), row["spent"], row["committed"], row["remaining"]) == (date(2026, 3, 2), 9, 7, 104)
    assert row["per_day"] == pytest.approx(104 / 304)  # from March 3 to December 31


def test_a_report_on_an_earlier_day_leaves_them_out(tmp_path):
    """Nothing says when money was promised: on a past day nobody may have known of it."""
    later = "6,2026-03-09,print,1,EUR,invoiced\n"
    folder = write_workspace(tmp_path, spend_actual=BILLS + ROWS + later)
    past, last = mopsnb.open(folder, as_of="2026-03-02"), mopsnb.open(folder, as_of="2026-03-09")

    assert list_spend(past.spend()) == [("2026-02-01", 1.0), ("2026-03-02", 9.0)]
    assert len(list_spend(last.spend())) == 5


def test_they_are_converted_at_the_latest_rate_and_refused_without_one(tmp_path):
    """A currency that no row up to the report's day is in is found out too."""
    bills = BILLS + "1,2026-03-02,print,9,EUR,paid\n2,2026-05-01,print,10,USD,committed\n"
    rates = "date,currency,rate_to_base\n2026-01-01,EUR,1\n2026-01-01,USD,0.7\n2026-03-01,USD,0.5\n"
    known = write_workspace(tmp_path / "known", spend_actual=bills, fx_rate=rates)
    assert list_spend(mopsnb.open(known).spend()) == [("2026-03-02", 9.0), ("2026-05-01", 5.0)]

    unknown = mopsnb.open(write_workspace(tmp_path / "unknown", spend_actual=bills))
    with pytest.raises(CurrencyError, match="EUR"):
        unknown.spend()


def test_the_sample_is_bound_by_what_its_table_says_is_committed(repository):
    """The sum in plain Python over the file, of the fiscal year 2026."""
    workspace = mopsnb.open()
    with (repository / "data" / "samples" / "data" / "spend_actual.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["status"] == "committed" and row["date"] < "2027"]
    total = pacing.pace_budget(
        workspace.spend(), workspace.plan(), workspace.strategy, workspace.as_of, by="total"
    ).iloc[0]

    assert rows
    assert total["committed"] == pytest.approx(math.fsum(float(row["amount"]) for row in rows), abs=1e-6)
    assert total["remaining"] == pytest.approx(total["plan_year"] - total["spent"] - total["committed"], abs=1e-6)
