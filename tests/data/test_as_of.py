"""The day that figures are as of: where it comes from, and what it leaves out."""

from datetime import date

import pytest
from workspaces import write_data

from mopsnb.data.engine import Engine

EVENTS = "contact_id,event_type,occurred_at\n"
ADS = "date,period_start,period_end,channel,campaign_id,spend,currency\n"
SPEND = "spend_id,date,area,amount,currency,status\n"
DEALS = "deal_id,stage,created_at,closed_at,is_won,is_closed,loss_reason\n"


def test_the_latest_event_or_spend_date(tmp_path):
    """Without a day given, it is the latest event or spend date over all tables."""
    write_data(
        tmp_path,
        email_event=EVENTS + "1,sent,2026-01-05T10:00:00Z\n",
        spend_actual=SPEND + "1,2026-01-07,print,1,EUR,paid\n",
        contact="contact_id,created_at\n1,2026-03-01T00:00:00Z\n",
        budget_plan="month,area,planned,currency\n2026-12,print,1,EUR\n",
        task="task_id,name,created_at,due_on\n1,x,2026-02-01T00:00:00Z,2027-01-01\n",
    )
    assert Engine(tmp_path).as_of == date(2026, 1, 7)


def test_the_local_day_of_an_event(tmp_path):
    """An event shortly before midnight UTC belongs to the next day in Berlin."""
    write_data(tmp_path, email_event=EVENTS + "1,sent,2026-01-05T23:30:00Z\n")
    assert Engine(tmp_path, time_zone="Europe/Berlin").as_of == date(2026, 1, 6)
    assert Engine(tmp_path, time_zone="America/New_York").as_of == date(2026, 1, 5)


def test_committed_spend_does_not_count(tmp_path):
    """Money that is promised for later does not move the day; money without a status does."""
    rows = "1,2026-01-07,print,1,EUR,\n2,2026-06-01,print,1,EUR,committed\n"
    write_data(tmp_path, spend_actual=SPEND + rows)
    assert Engine(tmp_path).as_of == date(2026, 1, 7)


def test_records_where_there_is_no_event(tmp_path):
    """Without events and spend, the latest record tells the day; without any date there is none."""
    write_data(tmp_path / "a", contact="contact_id,created_at\n1,2026-03-01T00:00:00Z\n", tool="tool_id,name\n1,x\n")
    assert Engine(tmp_path / "a").as_of == date(2026, 3, 1)
    write_data(tmp_path / "b", contact="contact_id\n1\n", budget_plan="month,area,planned,currency\n2026-12,p,1,EUR\n")
    assert Engine(tmp_path / "b").as_of is None


def test_what_became_of_records_tells_the_day_where_there_is_no_event(tmp_path):
    """An export of deals or tasks alone counts what was won and done after the newest of them was made."""
    rows = "1,won,2026-01-01T00:00:00Z,2026-06-30T00:00:00Z,true,true,\n2,open,2026-02-03T00:00:00Z,,,,\n"
    engine = Engine(write_data(tmp_path / "a", deal=DEALS + rows))
    assert (engine.as_of, engine.data_through) == (date(2026, 6, 30), date(2026, 6, 30))
    assert engine.query("SELECT count(*) AS won FROM deal WHERE is_won")["won"].tolist() == [1]
    task = "task_id,name,created_at,completed_at,due_on\n1,x,2026-02-01T00:00:00Z,2026-03-12T00:00:00Z,2027-01-01\n"
    assert Engine(write_data(tmp_path / "b", task=task)).as_of == date(2026, 3, 12)
    events = EVENTS + "1,sent,2026-01-05T10:00:00Z\n"
    assert Engine(write_data(tmp_path / "c", task=task, email_event=events)).as_of == date(2026, 1, 5)


def test_bad_dates_do_not_tell_the_day(tmp_path):
    """A cell that is no date does not count for the day, and keeps no other table from being read."""
    write_data(tmp_path, email_event=EVENTS + "1,sent,31.12.2026\n", ad_daily=ADS + "2026-01-05,,,search,1,1,EUR\n")
    engine = Engine(tmp_path)
    assert engine.as_of == date(2026, 1, 5)
    assert len(engine.query("SELECT * FROM ad_daily")) == 1


def test_later_rows_are_left_out_to_the_second(tmp_path):
    """The day is inclusive, in the strategy's zone: 22:59:59 UTC is still the day in Berlin, 23:00 is not."""
    write_data(tmp_path, email_event=EVENTS + "1,sent,2026-01-05T22:59:59Z\n2,sent,2026-01-05T23:00:00Z\n")
    engine = Engine(tmp_path, time_zone="Europe/Berlin", as_of=date(2026, 1, 5))
    assert engine.query("SELECT contact_id FROM email_event")["contact_id"].tolist() == ["1"]
    assert engine.data_through == date(2026, 1, 5)


def test_data_through_is_the_last_day_with_data(tmp_path):
    """A day given later than the data does not pretend that the data reaches it."""
    write_data(tmp_path, email_event=EVENTS + "1,sent,2026-01-05T10:00:00Z\n")
    engine = Engine(tmp_path, as_of=date(2026, 2, 1))
    assert (engine.as_of, engine.data_through) == (date(2026, 2, 1), date(2026, 1, 5))


def test_totals_of_a_period_count_from_its_end(tmp_path):
    """The total of a period is known when the period is over, whether or not it has a date of its own."""
    day = "2026-01-05,,,search,1,1,EUR\n"
    totals = "2026-01-01,2026-01-01,2026-01-31,print,2,10,EUR\n,2026-01-01,2026-01-31,tv,3,5,EUR\n"
    write_data(tmp_path, ad_daily=ADS + day + totals)
    query = "SELECT channel FROM ad_daily ORDER BY channel"
    assert Engine(tmp_path, as_of=date(2026, 1, 30)).query(query)["channel"].tolist() == ["search"]
    assert Engine(tmp_path).query(query)["channel"].tolist() == ["print", "search", "tv"]
    assert Engine(tmp_path).as_of == date(2026, 1, 31)


def test_records_made_later_are_left_out_and_undated_ones_stay(tmp_path):
    """A contact created after the day is not there yet; one without a date stays."""
    rows = "1,2026-01-05T10:00:00Z\n2,2026-01-06T10:00:00Z\n3,\n"
    engine = Engine(write_data(tmp_path, contact="contact_id,created_at\n" + rows), as_of=date(2026, 1, 5))
    assert engine.query("SELECT contact_id FROM contact ORDER BY 1")["contact_id"].tolist() == ["1", "3"]


def test_plans_are_not_cut(tmp_path):
    """A budget for later months, and holidays to come, stay."""
    write_data(
        tmp_path,
        budget_plan="month,area,planned,currency\n2026-12,print,1,EUR\n",
        event_calendar="start_on,kind\n2026-12-25,holiday\n",
    )
    engine = Engine(tmp_path, as_of=date(2026, 1, 5))
    assert len(engine.query("SELECT * FROM budget_plan, event_calendar")) == 1


def test_what_became_of_a_deal_later_is_not_known(tmp_path):
    """A deal closed after the day is open on it: not won, not closed, without a loss reason."""
    later = "1,won,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,true,true,\n"
    before = "2,lost,2026-01-01T00:00:00Z,2026-01-03,false,true,price\n"
    engine = Engine(write_data(tmp_path, deal=DEALS + later + before), as_of=date(2026, 1, 31))
    frame = engine.query(
        "SELECT is_won, is_closed, closed_at IS NULL AS is_open, loss_reason FROM deal ORDER BY deal_id"
    )
    assert frame.fillna("").to_numpy().tolist() == [[False, False, True, ""], [False, True, False, "price"]]


@pytest.mark.parametrize("day", [date(1, 1, 1), date.max])
def test_extreme_days(day, tmp_path):
    """The first and the last day that a calendar knows are days like others."""
    write_data(
        tmp_path, email_event=EVENTS + "1,sent,2026-01-05T10:00:00Z\n", ad_daily=ADS + "2026-01-05,,,a,1,1,EUR\n"
    )
    engine = Engine(tmp_path, as_of=day, time_zone="Pacific/Kiritimati")
    count = len(engine.query("SELECT * FROM email_event, ad_daily"))
    assert count == (1 if day == date.max else 0)
