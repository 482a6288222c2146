"""The page on service levels in workspaces where something is missing or wrong: it says so, and never stops."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from workspaces import write_workspace

from mopsnb.assets import folder
from mopsnb.errors import DataError, ParameterError, StrategyError
from mopsnb.view import theme

pytestmark = pytest.mark.slow

AGREED = """version: 1
organization: {name: Acme, time_zone: Europe/Berlin, holidays: DE}
stakeholders: [{id: sales, name: Sales, power: 4, interest: 5}]
people: [{id: tia, name: Tia Ray, coordinator: true}]
agreements:
  - {id: tickets, provider: tia, consumer: sales, threshold: 4, clock: business_hours, attainment: 0.9}
"""
HEADER = "agreement,request_id,opened_at,closed_at,owner,paused_hours\n"
ROWS = HEADER + "tickets,1,2026-06-08T08:00:00Z,2026-06-08T10:00:00Z,tia,\ntickets,2,2026-06-09T08:00:00Z,,tia,\n"


@pytest.fixture(autouse=True)
def _keep_theme():
    before = theme.current()
    yield
    theme._in_force = before


def run(workspace: Path, **parameters):
    """Execute the notebook's cells in this process, and return what they leave behind."""
    notebook = nbformat.read(folder("notebooks") / "run" / "service_levels.ipynb", as_version=4)
    names: dict = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
            if "parameters" in cell.metadata.get("tags", []):
                names.update(parameters, workspace=str(workspace))
    return names


def find_ids(names) -> set[str]:
    return {finding.id for finding in names["result"].findings}


def test_a_fresh_workspace_has_no_data_and_no_finding(tmp_path):
    names = run(write_workspace(tmp_path))
    assert (names["result"].status, find_ids(names)) == ("no_data", set())
    assert "Add them under the key agreements" in repr(
        names["view"].say(names["service"].describe_agreements(names["rated"], months=12))
    )


@pytest.mark.parametrize("tables", [{}, {"service_event": HEADER}])
def test_agreements_without_requests_say_what_to_supply(tmp_path, tables):
    names = run(write_workspace(tmp_path, AGREED, **tables))
    assert names["result"].status == "no_data"
    assert "service_levels.no-requests" in find_ids(names)
    assert names["rated"]["status"].tolist() == ["no_data"]


def test_requests_without_agreements_ask_for_them(tmp_path):
    names = run(write_workspace(tmp_path, service_event=ROWS))
    assert {"service_levels.no-agreements", "service_levels.unknown-agreement"} <= find_ids(names)
    assert names["result"].status == "ok"


def test_the_shortest_table_will_do(tmp_path):
    names = run(
        write_workspace(
            tmp_path, AGREED, service_event="agreement,request_id,opened_at\ntickets,1,2026-06-08T08:00:00Z\n"
        )
    )
    assert names["judged"]["state"].tolist() == ["overdue"]
    assert names["breaches"]["owner"].tolist() == ["nobody named"]


def test_wrong_rows_do_not_count_and_are_named(tmp_path):
    wrong = "ticket,3,2026-06-09T08:00:00Z,2026-06-09T10:00:00Z,tia,\n"
    wrong += "tickets,4,2026-06-09T08:00:00Z,2026-06-08T10:00:00Z,tia,\n"
    names = run(write_workspace(tmp_path, AGREED, service_event=ROWS + wrong))
    assert {"service_levels.unknown-agreement", "service_levels.closed-before-opened"} <= find_ids(names)
    assert names["rated"]["counted"].tolist() == [2]


def test_what_is_opened_or_closed_after_the_report_day_is_not_known_yet(tmp_path):
    later = "tickets,3,2026-07-09T08:00:00Z,2026-07-09T10:00:00Z,tia,\n"
    later += "tickets,4,2026-06-09T14:00:00Z,2026-06-10T08:00:00Z,tia,\n"
    names = run(write_workspace(tmp_path, AGREED, service_event=ROWS + later), as_of="2026-06-09")
    # Request 4 was opened at 16:00 in Berlin, an hour before closing: it waits.
    assert dict(zip(names["judged"]["request_id"], names["judged"]["state"])) == {
        "1": "in_time",
        "2": "overdue",
        "4": "waiting",
    }


def test_a_mistyped_year_is_doubted_and_the_day_can_be_set(tmp_path):
    ahead = ROWS + "tickets,9,2062-06-09T08:00:00Z,,tia,\n"
    workspace = write_workspace(tmp_path, AGREED, service_event=ahead)
    assert "service_levels.far-ahead" in find_ids(run(workspace))
    assert "service_levels.far-ahead" not in find_ids(run(workspace, as_of="2026-06-30"))


def test_a_bad_cell_a_calendar_that_is_not_known_and_a_wrong_event_stop_the_page_with_the_fix(tmp_path):
    bad = write_workspace(tmp_path / "bad", AGREED, service_event=ROWS.replace("2026-06-09T08:00:00Z", "soon"))
    with pytest.raises(DataError, match="opened_at: found 'soon'"):
        run(bad)
    moon = write_workspace(tmp_path / "moon", AGREED.replace("holidays: DE", "holidays: DE-XX"), service_event=ROWS)
    with pytest.raises(StrategyError, match="DE-XX"):
        run(moon)
    good = write_workspace(tmp_path / "good", AGREED, service_event=ROWS)
    with pytest.raises(ParameterError, match="event is 'Friday'"):
        run(good, event="Friday")


def test_money_in_several_currencies_is_no_matter_of_this_page(tmp_path):
    spend = "date,channel,campaign_id,spend,currency\n2026-01-30,search,1,1,EUR\n2026-01-31,search,1,2,USD\n"
    assert run(write_workspace(tmp_path, AGREED, service_event=ROWS, ad_daily=spend))["result"].status == "ok"


def test_the_result_holds_the_figures_of_the_page(sample_report):
    results = sample_report / "results"
    page = json.loads((results / "service_levels.json").read_text(encoding="utf-8"))
    attainment = pd.read_parquet(results / "service_levels" / "attainment.parquet").set_index("id")
    shown = {row["name"]: row for row in page["headline"]}
    assert list(shown)[:2] == ["agreements_kept", "requests_overdue"]
    for name, row in attainment.iterrows():
        assert (shown[name]["value"], shown[name]["n"]) == (row["kept"], row["counted"])
        assert (shown[name]["low"], shown[name]["high"]) == (row["low"], row["high"])
    plan = pd.read_parquet(results / "service_levels" / "plan.parquet")
    assert (plan["start_on"][0].date(), plan["event_on"][0].date()) == (date(2026, 10, 1), date(2026, 12, 8))
    for name in ("monthly", "breaches", "owners", "open"):
        assert len(pd.read_parquet(results / "service_levels" / f"{name}.parquet"))
