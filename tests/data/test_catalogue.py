"""The metric catalogue: what it promises to notebooks, and that its page is up to date."""

import re
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from metric_tables import make_tables

from mopsnb.data.catalogue import CATALOGUE
from mopsnb.data.contract import TABLES
from mopsnb.data.measures import read_measures
from mopsnb.data.metrics import catalogue_frame, compute_monthly, list_tables, read_catalogue
from mopsnb.data.metrics_page import describe_metrics
from mopsnb.data.months import Calendar
from mopsnb.errors import DataError, UsageError

METRICS = read_catalogue()
MEASURES = {part.name: part for metric in METRICS.values() for part in (*metric.numerator, metric.denominator) if part}
RELATIONS = {measure.relation.name: measure.relation for measure in MEASURES.values()}


def test_the_metrics_that_pages_and_goals_name_exist():
    assert set(METRICS) >= {
        "email_churn_rate",
        "click_through_rate",
        "total_clicks",
        "emails_sent",
        "emails_delivered",
        "unsubscribe_rate",
        "list_churn_rate",
        "unique_click_rate",
        "click_to_open_rate",
        "open_rate",
        "hard_bounce_rate",
        "spam_complaint_rate",
        "spend",
        "ad_spend",
        "ad_impressions",
        "ad_clicks",
        "ad_click_through_rate",
        "cost_per_click",
        "ad_conversions",
        "return_on_ad_spend",
        "leads",
        "marketing_qualified_leads",
        "cost_per_lead",
        "new_customers",
        "customer_acquisition_cost",
        "revenue_won",
    }


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_says_what_it_is_and_is_consistent(name: str):
    """Words are there, relations exist, only plain sums add up, and only a share of a base has a binomial interval."""
    metric = METRICS[name]
    assert re.fullmatch(r"[a-z][a-z_]*[a-z]", name)
    assert all((metric.title, metric.formula, metric.base, metric.definition_source, metric.group))
    assert metric.caveat.endswith(".")
    assert len(metric.caveat) > 40
    assert metric.grain
    assert name not in metric.related
    assert len(set(metric.related)) == len(metric.related) > 0
    assert metric.additive == (metric.denominator is None)
    assert (metric.unit in {"fraction", "ratio"}) <= (metric.denominator is not None)
    assert metric.proportion <= (metric.unit == "fraction")


@pytest.mark.parametrize("name", RELATIONS)
def test_every_relation_runs_on_empty_contract_tables_with_every_scope_it_offers(name: str):
    """Its SQL, marks, measures and dimensions name columns of the contract; an empty table gives no month."""
    relation = RELATIONS[name]
    assert set(relation.tables) <= set(TABLES)
    tables = make_tables(**{table: [] for table in relation.tables})
    measures = [measure for measure in MEASURES.values() if measure.relation.name == name]
    calendar = Calendar(ZoneInfo("Europe/Berlin"), date(2026, 3, 31))
    scope = dict.fromkeys(relation.dimensions, "x") | relation.fixed
    for limits in (None, scope):
        found = read_measures(tables, measures, calendar, limits)
        assert found == {measure.name: {} for measure in measures}


def test_every_measure_runs_on_a_row():
    """One row in each table gives each metric its rows, so no piece of SQL goes untested."""
    stamp, day = "2026-03-02T12:00:00Z", "2026-03-02"
    base = {"created_at": stamp, "occurred_at": stamp, "entered_at": stamp, "closed_at": stamp, "date": day}
    base |= dict.fromkeys(
        ("sent_at", "assigned_at", "completed_at", "opened_at", "submitted_at", "published_at"), stamp
    )
    base |= dict.fromkeys(("first_response_at", "first_responded_at", "reply_at"), stamp)
    base |= {"measured_on": day, "has_responded": True, "rating": "4", "sessions": 1, "recipients": 1}
    base |= {
        "is_won": True,
        "stage": "mql",
        "event_type": "sent",
        "spend": "1",
        "amount": "1",
        "email": "a@example.com",
    }
    rows = {
        table: {key: value for key, value in base.items() if key in TABLES[table].fields}
        for table in list_tables(METRICS)
    }
    tables = make_tables(
        **{
            table: [row | {"contact_id": "c"} if "contact_id" in TABLES[table].fields else row]
            for table, row in rows.items()
        }
    )
    frame = compute_monthly(tables, METRICS, None, time_zone="UTC", as_of=date(2026, 4, 30))
    assert list(dict.fromkeys(frame["metric"])) == list(METRICS)
    assert set(frame["period_start"].dt.strftime("%Y-%m")) == {"2026-03", "2026-04"}


def test_the_frame_has_one_row_a_metric_with_the_columns_that_notebooks_read():
    frame = catalogue_frame(METRICS)
    assert list(frame.index) == list(METRICS)
    assert list(frame.columns) == [
        "group",
        "title",
        "synonyms",
        "unit",
        "direction",
        "additive",
        "proportion",
        "formula",
        "base",
        "grain",
        "table",
        "source",
        "caveat",
        "needs",
        "reads",
        "alternatives",
        "related",
    ]
    assert frame.loc["email_churn_rate", "needs"] == ["email_event"]
    assert frame.loc["customer_acquisition_cost", "needs"] == ["ad_daily", "spend_actual", "deal"]
    assert frame.loc["customer_acquisition_cost", "alternatives"] == ["ad_daily", "spend_actual"]
    assert frame.loc["list_churn_rate", "alternatives"] == []
    assert frame["additive"].dtype == bool


def test_the_tables_of_some_metrics_are_listed_once_each():
    assert list_tables(METRICS, ["cost_per_lead", "spend"]) == ["ad_daily", "spend_actual", "contact"]


def test_an_unknown_metric_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match=r"There is no metric 'email_churn'\. Did you mean 'email_churn_rate'\?"):
        compute_monthly(make_tables(), METRICS, ["email_churn"], time_zone="UTC", as_of=date(2026, 1, 1))


def test_without_a_day_to_look_back_from_there_are_no_rows():
    assert compute_monthly(make_tables(email_event=[]), METRICS, None, time_zone="UTC", as_of=None).empty


def test_the_reference_page_is_what_the_catalogue_says(repository):
    """docs/metrics.md is written anew with: python -m mopsnb.data.metrics_page > docs/metrics.md."""
    assert (repository / "docs" / "metrics.md").read_text(encoding="utf-8") == describe_metrics(METRICS)


def test_every_link_of_the_reference_page_leads_to_a_heading(repository):
    text = (repository / "docs" / "metrics.md").read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "numerator: [email_clicks]",
            "numerator: [email_click]",
            "there is no measure email_click. Did you mean 'email_clicks'?",
        ),
        (
            "related: [emails_delivered, hard_bounce_rate]",
            "related: [nothing]",
            "relates to metrics that it lacks: emails_sent → nothing",
        ),
        ("unit: ratio", "unit: percent", "Input should be 'fraction', 'count', 'currency', 'ratio', 'hours'"),
        ("{of: email_list, level: change}", "{of: email_lists, level: change}", "measure list_size: expected 'of'"),
        ("{of: contact, count: rows}", "{of: contact, count: all}", "found count: all, expected count: rows"),
        ("covered: since\n    marks: [changed_at]", "covered: since", "has 'marks' where 'covered' is span or since"),
        ("relations:", "relation:", "'relations'"),
        ("metrics:", "metrics: [", "cannot be used"),
    ],
)
def test_a_broken_catalogue_is_refused_with_the_reason(tmp_path, old: str, new: str, reason: str):
    text = CATALOGUE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "metrics.yml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_catalogue(path)
    assert str(caught.value).startswith("The metric catalogue metrics.yml ")
    assert reason in str(caught.value)
