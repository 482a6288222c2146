"""Totals of several months: they count in every span that holds all of them, and never twice; worked by hand."""

import pytest
from metric_tables import ad, compute, contact, make_tables, split
from workspaces import write_workspace

import mopsnb
from mopsnb.analysis.progress import track_goals
from mopsnb.data.cautions import find_cautions
from mopsnb.data.metrics import read_catalogue

pytestmark = pytest.mark.slow
QUARTER = ad("2026-01-01", "1000", "flyer", period_start="2026-01-01", period_end="2026-03-31", clicks=100)
DAYS = [ad("2026-01-15", "20", "always", clicks=4), ad("2026-02-15", "15", "always", clicks=3),
        ad("2026-03-15", "5", "always", clicks=1), ad("2026-04-15", "7", "always", clicks=2)]  # fmt: skip


def read(rows, by, **options):
    """Return period to value and whether it is complete."""
    frame = split(make_tables(ad_daily=rows), "ad_spend", by, **options)
    days = frame[by].dt.strftime("%Y-%m-%d")
    shown = frame["value"].astype(object).where(frame["value"].notna(), None)
    return dict(zip(days, zip(shown, frame["is_complete"], strict=True), strict=True))


def test_a_total_of_a_quarter_counts_in_each_span_that_holds_all_of_it():
    """1,000 for January to March beside 20 + 15 + 5 by day, and 7 in April."""
    rows = [QUARTER, *DAYS]
    assert read(rows, "quarter", as_of="2026-04-30") == {"2026-01-01": (1040, True), "2026-04-01": (7, False)}
    assert read(rows, "fiscal_year", as_of="2026-12-31")["2026-01-01"][0] == 1047
    assert split(make_tables(ad_daily=rows), "ad_spend", "total", as_of="2026-04-30")["value"].tolist() == [1047]
    year = split(make_tables(ad_daily=rows), "ad_spend", "to_date", as_of="2026-04-30")
    assert year["value"].tolist()[0] == 1047


def test_months_and_weeks_that_a_total_crosses_are_not_complete():
    rows = [QUARTER, *DAYS]
    assert read(rows, "month", as_of="2026-04-30") == {
        "2026-01-01": (20, False), "2026-02-01": (15, False), "2026-03-01": (5, False), "2026-04-01": (7, True),
    }  # fmt: skip
    monthly = compute(make_tables(ad_daily=rows), "ad_spend", as_of="2026-04-30")
    assert monthly["value"].tolist() == [20, 15, 5, 7]
    assert monthly["is_complete"].tolist() == [False, False, False, True]
    weeks = read(rows, "week", as_of="2026-04-19")
    assert [weeks[day] for day in ("2026-01-12", "2026-03-09", "2026-04-13")] == [(20, False), (5, False), (7, True)]


def test_a_scope_that_the_total_does_not_belong_to_stays_complete():
    rows = [{**QUARTER, "channel": "print"}, *DAYS]
    tables = make_tables(ad_daily=rows)
    search = compute(tables, "ad_spend", as_of="2026-04-30", scope={"channel": "search"})
    assert search["is_complete"].all()
    assert not compute(tables, "ad_spend", as_of="2026-03-31", scope={"channel": "print"})["is_complete"].any()
    asked = split(tables, "ad_spend", "quarter", as_of="2026-03-31", where={"channel": ("search",)})
    assert asked[["value", "is_complete"]].to_numpy().tolist() == [[40, True]]


def test_a_quarter_without_any_other_row_has_its_total():
    assert read([QUARTER], "quarter", as_of="2026-03-31") == {"2026-01-01": (1000, True)}
    assert read([QUARTER], "month", as_of="2026-03-31") == {}


def test_a_fiscal_quarter_that_a_total_crosses_lacks_it_and_says_so():
    """With a fiscal year from February, January to March lies in two quarters, and in two years."""
    found = read([QUARTER, *DAYS], "fiscal_quarter", as_of="2026-04-30", fiscal_start="02-01")
    assert found == {"2025-11-01": (20, False), "2026-02-01": (27, False)}
    assert read([QUARTER, *DAYS], "fiscal_year", as_of="2026-04-30", fiscal_start="02-01")["2026-02-01"] == (27, False)


def test_a_total_wins_over_the_days_inside_it_where_all_of_it_counts():
    """The quarter's 1,000 says what its own 30 of a day in February say: 1,000 by quarter, 30 in February."""
    rows = [QUARTER, ad("2026-02-10", "30", "flyer")]
    assert read(rows, "quarter", as_of="2026-03-31") == {"2026-01-01": (1000, True)}
    assert read(rows, "month", as_of="2026-03-31")["2026-02-01"] == (30, False)
    year = [*rows, ad("2026-01-01", "4000", "flyer", period_end="2026-12-31")]
    assert read(year, "fiscal_year", as_of="2026-12-31") == {"2026-01-01": (4000, True)}
    assert read(year, "quarter", as_of="2026-12-31")["2026-01-01"] == (1000, False)


def test_totals_that_share_days_with_others_count_once_or_not_at_all():
    """January's 100, and 80 from 15 January to 15 February: nothing tells how much of the 80 is new."""
    rows = [
        ad("2026-01-01", "100", "flyer", period_end="2026-01-31"),
        ad("2026-01-15", "80", "flyer", period_end="2026-02-15"),
        ad("2026-02-20", "3", "flyer"),
    ]
    assert read(rows, "quarter", as_of="2026-03-31") == {"2026-01-01": (103, False)}
    (finding,) = [item for item in find_cautions(make_tables(ad_daily=rows), read_catalogue()) if "share" in item.title]
    assert (finding.severity, finding.evidence) == ("warning", "1 total with a spend of 80.00.")
    groups = [
        ad("2026-01-01", "60", "flyer", period_end="2026-02-28", ad_group_id="g1"),
        ad("2026-01-10", "9", "flyer"),
    ]
    assert read(groups, "quarter", as_of="2026-03-31") == {"2026-01-01": (9, False)}


def test_a_total_that_lies_partly_in_a_month_without_a_base_is_not_divided():
    """Leads are known in January alone, as nobody kept contacts before: 1,000 of December to January stay out."""
    tables = make_tables(
        ad_daily=[ad("2025-12-15", "1000", "flyer", period_end="2026-01-15"), ad("2026-01-20", "10", "always")],
        contact=[contact("a", "2026-01-05"), contact("b", "2026-01-25")],
    )
    frame = split(tables, "cost_per_lead", "total", as_of="2026-01-31")
    assert frame[["value", "numerator", "denominator"]].to_numpy().tolist() == [[5, 10, 2]]


def test_visits_of_a_quarter_count_in_the_quarter():
    visits = [
        {"date": "2026-01-01", "period_end": "2026-03-31", "channel_group": "Email", "sessions": 900},
        {"date": "2026-02-01", "channel_group": "Email", "sessions": 30},
        {"date": "2026-02-01", "channel_group": "Direct", "sessions": 4},
    ]
    tables = make_tables(web_daily=visits)
    frame = split(tables, "sessions", "quarter", as_of="2026-03-31")
    assert frame[["value", "is_complete"]].to_numpy().tolist() == [[904, True]]
    by_channel = split(tables, "sessions", "quarter", "channel_group", as_of="2026-03-31")
    assert by_channel[["channel_group", "value"]].to_numpy().tolist() == [["Direct", 4], ["Email", 900]]


def test_a_goal_over_a_quarter_reads_the_quarters_total(tmp_path):
    """1,000 over the 90 days of January to March: 31, 28 and 31 days of it, and 20 of a day in January."""
    rows = "date,period_end,channel,campaign_id,spend,currency\n"
    rows += "2026-01-01,2026-03-31,print,flyer,1000,EUR\n2026-01-15,,search,always,20,EUR\n"
    booked = "spend_id,date,area,amount,currency\n1,2026-02-03,fees,50,EUR\n"
    goal = "{{id: {}, metric: {}, baseline: 2000, target: 1500, start: 2026-01-01, deadline: 2026-03-31{}}}"
    goals = [goal.format("ads", "ad_spend", ""), goal.format("all", "spend", "")]
    goals.append(goal.format("search", "ad_spend", ", scope: {channel: search}"))
    strategy = f"version: 1\ngoals: [{', '.join(goals)}]\n"
    ws = mopsnb.open(write_workspace(tmp_path, strategy, ad_daily=rows, spend_actual=booked))
    history = ws.goal_history()
    shares = [1000 * days / 90 for days in (31, 28, 31)]
    assert history["ads"]["value"].tolist() == pytest.approx([shares[0] + 20, *shares[1:]], rel=1e-12)
    assert not history["ads"]["is_complete"].any()
    progress = track_goals(ws.strategy, ws.catalogue, history, ws.as_of).set_index("goal")
    assert progress.loc["ads", "actual"] == pytest.approx(1020, rel=1e-12)
    assert progress.loc["all", "actual"] == pytest.approx(1070, rel=1e-12)
    assert progress.loc["search", "actual"] == 20
    assert ws.monthly(["ad_spend"])["value"].tolist()[0] == 20
    assert ws.spend()["amount"].sum() == 1070
