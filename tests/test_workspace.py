"""A workspace opens from a folder, answers questions about its data and hands on results."""

import csv
import json
from datetime import date, datetime

import pandas as pd
import pytest
from workspaces import STRATEGY, write_workspace

import mopsnb
from mopsnb.errors import DataError, ParameterError, StrategyError, UsageError, WorkspaceError
from mopsnb.findings import Finding
from mopsnb.results import Headline

pytestmark = pytest.mark.slow

ADS = "date,channel,campaign_id,spend,currency,clicks\n"


@pytest.fixture
def folder(tmp_path):
    """A workspace with five days of ads in two months and one task."""
    days = ("2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02", "2026-02-03")
    rows = "".join(f"{day},search,1,10.5,EUR,7\n" for day in days)
    return write_workspace(tmp_path / "acme", ad_daily=ADS + rows, task="task_id,name\n1,x\n")


def test_what_a_workspace_knows(folder):
    """Name, zone, tables, days and currency come from the strategy and the data."""
    ws = mopsnb.open(folder)
    assert (ws.name, ws.path, ws.time_zone, ws.locale) == ("Acme", folder, "Europe/Berlin", "en_US")
    assert (ws.tables, ws.is_sample, ws.currency) == (("ad_daily", "task"), False, "EUR")
    assert (ws.as_of, ws.data_through) == (date(2026, 2, 3), date(2026, 2, 3))
    assert ws.strategy.organization.name == "Acme"


def test_the_folders_name_where_the_strategy_has_none(tmp_path):
    """An unnamed organization is called like its folder."""
    assert mopsnb.open(write_workspace(tmp_path / "north wind", strategy="version: 1\n")).name == "north wind"


def test_a_workspace_may_have_no_data(tmp_path):
    """A new workspace opens: no table, no day, no currency, no faults, no findings."""
    ws = mopsnb.open(write_workspace(tmp_path))
    assert (ws.tables, ws.as_of, ws.data_through, ws.currency) == ((), None, None, None)
    assert (ws.faults(), ws.findings(), len(ws.freshness()), len(ws.monthly())) == ([], [], 0, 0)
    assert repr(ws) == "Acme: 0 tables, no dated row yet"


def test_no_path_is_the_sample_company():
    """Without a folder the sample company opens."""
    ws = mopsnb.open()
    assert ws.is_sample
    assert ws.has("contact", "email_event", "ad_daily")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path / "nowhere", r"There is no folder .*mopsnb init"),
        (lambda path: path / "file.yml", "is a file. A workspace is a folder"),
        (lambda path: path, r"has no strategy.yml. Create a workspace with: mopsnb init"),
    ],
)
def test_what_is_no_workspace(make, says, tmp_path):
    """A path that is missing, a file or a folder without a strategy is refused, with the way to a workspace."""
    (tmp_path / "file.yml").write_text(STRATEGY)
    with pytest.raises(WorkspaceError, match=says):
        mopsnb.open(make(tmp_path))


def test_a_faulty_strategy_is_refused(tmp_path):
    """The faults of the strategy file come as they are."""
    with pytest.raises(StrategyError, match="time_zone"):
        mopsnb.open(write_workspace(tmp_path, strategy="organization: {time_zone: Mars/Base}\n"))


@pytest.mark.parametrize("as_of", ["2026-01-31", " 2026-01-31 ", date(2026, 1, 31), datetime(2026, 1, 31, 10)])  # noqa: DTZ001
def test_the_day_may_be_given(as_of, folder):
    """The day comes as text or as a date; later rows are left out."""
    ws = mopsnb.open(folder, as_of=as_of)
    assert (ws.as_of, ws.data_through) == (date(2026, 1, 31), date(2026, 1, 31))
    assert ws.sql("SELECT count(*) AS n FROM ad_daily")["n"].tolist() == [2]


@pytest.mark.parametrize("as_of", ["31.01.2026", "2026-02-30", "yesterday", "20260131", "2026-W05-6"])
def test_a_day_that_is_none_is_refused_at_once(as_of, folder):
    """A day in another form is a parameter error that shows the form."""
    with pytest.raises(ParameterError, match=f"as_of is '{as_of}', expected a day such as 2026-09-30."):
        mopsnb.open(folder, as_of=as_of)


def test_sql_takes_parameters_and_returns_a_frame(folder):
    """A query is one SELECT with named parameters."""
    frame = mopsnb.open(folder).sql("SELECT sum(spend) AS spend FROM ad_daily WHERE channel = $c", {"c": "search"})
    assert frame["spend"].tolist() == [52.5]


def test_has_asks_for_all_and_knows_the_names(folder):
    """All tables must be there; a misspelled name is an error and not a no."""
    ws = mopsnb.open(folder)
    assert (ws.has("ad_daily"), ws.has("ad_daily", "deal"), ws.has()) == (True, False, True)
    with pytest.raises(UsageError, match=r"Did you mean 'ad_daily'\?"):
        ws.has("ad_dayly")


def test_tables_that_grow_are_not_loaded(folder):
    """A small table comes whole; one that grows is refused with advice."""
    ws = mopsnb.open(folder)
    assert ws.table("task")["name"].tolist() == ["x"]
    with pytest.raises(UsageError, match=r"ws\.sql"):
        ws.table("ad_daily")
    with pytest.raises(DataError, match=r"Supply data/deal\.csv"):
        ws.table("deal")


def test_monthly_figures(folder):
    """Figures come by calendar month up to the month of as_of; the month that is not over is marked."""
    frame = mopsnb.open(folder).monthly(["spend", "cost_per_click"])
    assert frame[["metric", "value", "is_complete"]].to_numpy().tolist() == [
        ["spend", 21.0, True],
        ["spend", 31.5, False],
        ["cost_per_click", 1.5, True],
        ["cost_per_click", 1.5, False],
    ]
    assert frame["period_start"].tolist()[:2] == [pd.Timestamp("2026-01-01"), pd.Timestamp("2026-02-01")]


def test_a_metric_without_its_table_has_no_rows(folder):
    """Email figures of a workspace without emails are missing, not an error; a misspelled metric is one."""
    ws = mopsnb.open(folder)
    assert ws.monthly(["email_churn_rate"]).empty
    with pytest.raises(UsageError, match=r"Did you mean 'spend'\?"):
        ws.monthly(["spent"])


@pytest.mark.parametrize(
    ("low", "interval", "formula"),
    [
        (1.0, "95%", "a ÷ b; interval: 95%"),
        (None, "95%", "a ÷ b"),
        (None, "none: too few months", "a ÷ b; no interval: too few months"),
    ],
)
def test_a_headline_names_its_interval_only_where_it_has_one(folder, low, interval, formula):
    row = {"name": "x", "title": "X", "value": 1.0, "unit": "ratio", "formula": "a ÷ b.", "interval": interval}
    [found] = mopsnb.open(folder).result("metrics", headline=pd.DataFrame([row | {"low": low, "high": low}])).headline
    assert found.formula == formula


def test_a_step_s_own_findings_stand_before_those_about_the_data(folder):
    (folder / "data" / "contacts.csv").write_text("x\n")
    ws = mopsnb.open(folder)
    own = [Finding(name, ws.findings()[0].severity, "Odd.") for name in ("z", "y")]
    assert [item.id for item in ws.result("metrics", findings=own).findings] == ["z", "y", "files.contacts-csv"]


def test_channels_are_named_in_the_strategy_s_order(tmp_path):
    channels = "channels: [{id: social, name: Social media}, {id: print}]\n"
    ws = mopsnb.open(write_workspace(tmp_path, STRATEGY + channels))
    assert list(ws.channel_names.items()) == [("social", "Social media"), ("print", "print")]


def test_results_carry_the_days_and_the_findings_about_the_data(folder, tmp_path):
    """A result has the step's question, the days, the notebook's findings and those about the data, worst first."""
    (folder / "data" / "contacts.csv").write_text("x\n")
    ws = mopsnb.open(folder)
    own = Finding("metrics.odd", "error", "Odd.")
    result = ws.result("metrics", headline=[Headline("spend", "Spend", 21.0, "EUR")], findings=[own])
    assert (result.question, result.as_of) == ("What do our numbers say, and is it signal or noise?", date(2026, 2, 3))
    assert [finding.id for finding in result.findings] == ["metrics.odd", "files.contacts-csv"]
    saved = json.loads(result.save(tmp_path / "results").read_text(encoding="utf-8"))
    assert (saved["data_through"], saved["status"], saved["headline"][0]["value"]) == ("2026-02-03", "ok", 21.0)


def test_headlines_may_come_as_a_frame(folder, tmp_path):
    """A frame with a headline's columns becomes headlines; what is missing in it stays missing."""
    frame = pd.DataFrame(
        {"name": ["spend"], "title": ["Spend"], "value": [float("nan")], "unit": ["EUR"], "n": [3], "status": [None]}
    )
    result = mopsnb.open(folder).result("metrics", headline=frame)
    assert result.headline == (Headline("spend", "Spend", None, "EUR", n=3, status=""),)
    assert result.save(tmp_path / "results")


def test_how_a_workspace_shows_itself(folder):
    """In JupyterLab a workspace shows its tables, rows and how far they reach; names are escaped in HTML."""
    ws = mopsnb.open(folder)
    assert repr(ws) == "Acme: 2 tables, as of 2026-02-03\n  ad_daily  5 rows, through 2026-02-03\n  task      1 row"
    (folder / "strategy.yml").write_text("organization: {name: '<b>Acme</b>'}\n")
    page = mopsnb.open(folder)._repr_html_()
    assert "<caption>&lt;b&gt;Acme&lt;/b&gt;: 2 tables, as of 2026-02-03</caption>" in page
    assert '<tr><th scope="row">task</th><td>1 row</td></tr>' in page


def test_the_same_workspace_answers_the_same(folder):
    """Two openings give the same findings, figures and summary."""
    first, second = mopsnb.open(folder), mopsnb.open(folder)
    assert first.findings() == second.findings()
    pd.testing.assert_frame_equal(first.monthly(), second.monthly())
    assert repr(first) == repr(second)


def test_attributes_of_a_public_data_set_are_kept(shared_data, tmp_path):
    """The 20 attributes of 41,188 contacts of a bank's campaign are kept with their names, cells and order."""
    folder = write_workspace(tmp_path)
    source = shared_data / "bank_marketing" / "bank-additional-full.csv"
    with source.open(newline="") as given, (folder / "data" / "contact.csv").open("w", newline="") as table:
        header, *rows = csv.reader(given, delimiter=";")
        csv.writer(table).writerows([["contact_id", *header], *([f"{n:05}", *row] for n, row in enumerate(rows))])
    ws = mopsnb.open(folder)
    assert ws.faults() == []
    frame = ws.sql('SELECT contact_id, age, job, "emp.var.rate", "nr.employed", y FROM contact ORDER BY contact_id')
    assert len(frame) == 41_188
    assert frame.iloc[0].tolist() == ["00000", "56", "housemaid", "1.1", "5191", "no"]
    assert (frame["y"] == "yes").sum() == 4_640
    assert set(header) < set(ws.sql("SELECT * FROM contact LIMIT 1").columns)
