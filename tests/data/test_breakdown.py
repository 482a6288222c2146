"""Metrics by time, channel, campaign and segment: they add up, recount what is distinct, and refuse the rest."""

import re
from datetime import date

import pandas as pd
import pytest
from metric_tables import ad, booking, contact, event, make_tables, split

import mopsnb
from mopsnb.data.breakdown import TIMES
from mopsnb.data.catalogue import read_catalogue
from mopsnb.data.periods import list_periods, list_to_date
from mopsnb.errors import UsageError

pytestmark = pytest.mark.slow

CATALOGUE = read_catalogue()


def values(frame, *labels):
    """Return label or labels to value, None where missing."""
    rows = frame.to_dict("records")
    return {
        tuple(str(row[name]).removesuffix(" 00:00:00") for name in labels): None
        if pd.isna(row["value"])
        else row["value"]
        for row in rows
    }


ADS = [
    ad("2026-01-05", "10", "g1", campaign_name="Spring"),
    ad("2026-01-06", "5", "g2", campaign_name="Autumn"),
    ad("2026-02-05", "20", "g3", "social", campaign_name="Lost"),
]
MAP = [
    {"source": "search", "source_name": " SPRING ", "campaign_id": "c1", "channel": "paid search"},
    {"source": "search", "source_name": "g2", "campaign_id": "c2"},
]


def test_names_of_other_systems_lead_to_campaigns_and_channels_through_the_map():
    """By name or id, whatever the case; what nothing maps is one row, and the total is whole."""
    tables = make_tables(ad_daily=ADS, campaign_map=MAP, campaign=[{"campaign_id": "c2", "name": "Autumn"}])
    assert values(split(tables, "ad_spend", "campaign"), "campaign") == {
        ("(unmapped)",): 20, ("c1",): 10, ("c2",): 5,
    }  # fmt: skip
    by_channel = values(split(tables, "ad_spend", "channel"), "channel")
    assert by_channel == {("paid search",): 10, ("search",): 5, ("social",): 20}
    assert split(tables, "ad_spend", "total")["value"].tolist() == [35]


def test_a_name_that_is_mapped_twice_does_not_count_twice():
    tables = make_tables(ad_daily=ADS, campaign_map=[*MAP, *MAP, {"source": "search", "source_name": "spring"}])
    assert split(tables, "ad_spend", "campaign")["value"].sum() == 35


def test_without_campaigns_and_map_each_name_stands_for_itself():
    tables = make_tables(ad_daily=ADS)
    by_campaign = values(split(tables, "ad_spend", "campaign"), "campaign")
    assert by_campaign == {("Spring",): 10, ("Autumn",): 5, ("Lost",): 20}


def test_spend_and_leads_of_different_tables_meet_by_channel():
    """A channel with spend alone has no cost per lead; one with leads alone costs what was booked for it: nothing."""
    tables = make_tables(
        ad_daily=[ad("2026-01-05", "30", channel="search"), ad("2026-01-05", "7", channel="video")],
        spend_actual=[booking("2026-01-09", "10", channel="search")],
        contact=[contact("ann", "2026-01-05", lead_source="search"), contact("bob", "2026-01-06", lead_source="search"),
                 contact("cem", "2026-01-07", lead_source="direct")],
    )  # fmt: skip
    frame = split(tables, "cost_per_lead", "channel", as_of="2026-01-31")
    assert values(frame, "channel") == {("direct",): 0, ("search",): 20, ("video",): None}
    assert frame["numerator"].sum() == split(tables, "spend", "total", as_of="2026-01-31")["value"].sum() == 47


def test_distinct_contacts_are_counted_anew_over_longer_spans():
    """Two contacts in two months are two contacts of the quarter, not four."""
    months = [event("sent", who, f"2026-0{month}-10") for who in ("ann", "bob") for month in (1, 2)]
    tables = make_tables(email_event=[*months, event("unsubscribe", "ann", "2026-02-11")])
    assert split(tables, "email_churn_rate", as_of="2026-02-28")["denominator"].tolist() == [2, 2]
    quarter = split(tables, "email_churn_rate", "quarter", as_of="2026-02-28")
    assert quarter[["value", "numerator", "denominator"]].to_numpy().tolist() == [[0.5, 1, 2]]


def test_a_span_rests_on_the_months_in_which_all_parts_are_known():
    """The ad data pause in February: the quarter leaves out February's lead too, and says that it is not complete."""
    tables = make_tables(
        ad_daily=[ad("2026-01-05", "10"), ad("2026-03-05", "20")],
        contact=[contact("a", "2026-01-05"), contact("b", "2026-02-05"), contact("c", "2026-03-05"),
                 contact("d", "2026-03-30")],
    )  # fmt: skip
    frame = split(tables, "cost_per_lead", "quarter", as_of="2026-03-31")
    assert frame[["value", "numerator", "denominator", "is_complete"]].to_numpy().tolist() == [[10, 30, 3, False]]
    months = split(tables, "cost_per_lead", "month", as_of="2026-03-31")
    assert values(months, "month") == {("2026-01-01",): 10, ("2026-02-01",): None, ("2026-03-01",): 10}


def test_a_total_of_several_days_stays_out_of_a_week_that_it_exceeds():
    tables = make_tables(
        ad_daily=[
            ad("2026-03-02", "10"),
            {**ad("2026-03-09", "70", "b1"), "period_start": "2026-03-09", "period_end": "2026-03-22"},
        ]
    )
    weeks = split(tables, "ad_spend", "week", as_of="2026-03-31")
    assert values(weeks, "week")[("2026-03-02",)] == 10
    assert weeks["value"].sum() == 10
    shown = dict(zip(weeks["week"].dt.strftime("%m-%d"), weeks["is_complete"], strict=True))
    assert [shown[week] for week in ("03-02", "03-09", "03-16")] == [True, False, False]
    assert split(tables, "ad_spend", "month", as_of="2026-03-31")["value"].tolist() == [80]


def test_people_are_split_by_what_the_contact_says_also_by_columns_that_the_contract_does_not_know():
    tables = make_tables(
        email_event=[event("sent", "ann", "2026-01-10"), event("sent", "bob", "2026-01-10"),
                     event("unsubscribe", "bob", "2026-01-11"), event("sent", "eve", "2026-01-12")],
        contact=[contact("ann", "2025-01-01", country="DE"), contact("bob", "2025-01-01", country="FR")],
    )  # fmt: skip
    tables.execute("ALTER TABLE contact ADD COLUMN tier INTEGER")
    tables.execute("UPDATE contact SET tier = 2")
    by_country = values(split(tables, "email_churn_rate", "country"), "country")
    assert by_country == {("(none)",): 0, ("DE",): 0, ("FR",): 1}
    assert values(split(tables, "leads", "tier"), "tier") == {("2",): 2}
    only = split(tables, "email_churn_rate", "total", where={"country": ("FR",)})
    assert only[["numerator", "denominator"]].to_numpy().tolist() == [[1, 1]]


def test_days_limit_what_counts_and_a_cut_period_is_not_complete():
    tables = make_tables(ad_daily=[ad(f"2026-01-{day:02}", "1") for day in range(1, 32)])
    options = {"start": date(2026, 1, 3), "end": date(2026, 1, 11), "as_of": "2026-01-31"}
    frame = split(tables, "ad_spend", "week", **options)
    assert frame[["value", "is_complete"]].to_numpy().tolist() == [[2, False], [7, True]]
    assert split(tables, "ad_spend", "week", start=date(2027, 1, 1)).empty


def test_to_date_sets_each_span_beside_the_same_one_a_year_before():
    tables = make_tables(ad_daily=[ad("2025-02-10", "3"), ad("2025-02-27", "100"), ad("2026-02-11", "4")])
    frame = split(tables, "ad_spend", "to_date", as_of="2026-02-20", fiscal_start="02-01")
    assert values(frame, "to_date", "span") == {
        ("year", "this year"): 4, ("year", "last year"): 3, ("quarter", "this year"): 4, ("quarter", "last year"): 3,
        ("month", "this year"): 4, ("month", "last year"): 3,
    }  # fmt: skip
    assert frame["period_end"].dt.strftime("%Y-%m-%d").tolist() == ["2026-02-20", "2025-02-20"] * 3


def test_the_same_span_of_a_leap_year_ends_on_the_28th():
    spans = list_to_date(date(2020, 1, 1), date(2024, 3, 1))
    assert [(span.name, str(span.first), str(span.last)) for span in spans if span.is_last_year] == [
        ("year", "2023-01-01", "2023-02-28"), ("quarter", "2023-01-01", "2023-02-28"),
        ("month", "2023-02-01", "2023-02-28"),
    ]  # fmt: skip


def test_fiscal_periods_start_on_the_strategy_s_day():
    quarters = list_periods("fiscal_quarter", date(2026, 3, 1), date(2026, 8, 1), "04-06")
    assert [(str(one.label), str(one.first), str(one.last), one.is_whole) for one in quarters] == [
        ("2026-01-06", "2026-03-01", "2026-04-05", False),
        ("2026-04-06", "2026-04-06", "2026-07-05", True),
        ("2026-07-06", "2026-07-06", "2026-07-31", False),
    ]


@pytest.mark.parametrize(
    ("metric", "options", "message"),
    [
        (
            "email_churn_rate",
            {"by": "colour"},
            r"broken down or filtered by 'colour'.*Possible are account_id, brand, browser, campaign",
        ),
        ("cost_per_lead", {"by": "industry"}, r"'industry': ad_daily and spend_actual has no such column"),
        ("leads", {"by": ["week", "month"]}, r"one span of time; found week, month"),
        ("leads", {"by": []}, r"at least one breakdown"),
        ("leads", {"where": {"month": "2026-01"}}, r"use start and end"),
        ("total_clicks", {"where": {"channel": "search"}}, r"every row of email_event has channel email"),
        ("leads", {"start": "1.2.2026"}, r"start is '1.2.2026', expected a day"),
        ("lead", {}, r"There is no metric 'lead'\. Did you mean"),
    ],
)
def test_what_is_not_possible_is_refused_with_what_is(metric, options, message):
    with pytest.raises(UsageError, match=message):
        mopsnb.open("").metric(metric, **options)


def test_a_filter_binds_its_values():
    """What looks like SQL is a value that no row has."""
    frame = mopsnb.open("").metric("ad_spend", by="total", where={"campaign": "x') OR TRUE --"})
    assert frame.empty


def test_without_data_there_are_the_columns_and_no_row(tmp_path):
    (tmp_path / "strategy.yml").write_text("version: 1\n")
    frame = mopsnb.open(tmp_path).metric("email_churn_rate", by=["month", "channel"])
    assert list(frame.columns) == ["month", "channel", "value", "numerator", "denominator", "is_complete"]
    assert frame.empty


def test_the_questions_on_the_page_have_answers(repository):
    page = (repository / "docs" / "breakdowns.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL).group(1)
    names: dict[str, object] = {}
    exec(code.replace("\nws.", "\nlast = ws."), names)
    assert len(names["last"]) == 3
    assert [key for key in TIMES if f"`{key}`" not in page] == []


@pytest.fixture(scope="module")
def company():
    return mopsnb.open("")


ALWAYS = ("email_churn_rate", "return_on_ad_spend", "leads", "new_customers")  # the others are tried by make soak


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in ALWAYS else pytest.mark.soak) for name in CATALOGUE]
)
def test_every_breakdown_of_every_metric_of_the_sample_adds_up(company, name):
    """Segments sum to the total, and spans to the months, wherever nothing is counted as distinct."""
    ws, metric = company, CATALOGUE[name]
    distinct = any(part.kind in ("distinct", "level") for part in metric.parts)
    whole = ws.metric(name, by="total")
    if not set(metric.needs) & set(ws.tables):
        assert whole.empty
        pytest.skip(f"the sample has no table for it: {', '.join(metric.needs)}")
    total = whole.iloc[0]
    for by in ("channel", "campaign", "industry", "brand"):
        try:
            frame = ws.metric(name, by=by)
        except UsageError:
            continue
        assert not frame[by].duplicated().any()
        assert (frame["numerator"].sum() >= total["numerator"] - 1e-6) or pd.isna(total["numerator"])
        if not any(part.kind == "distinct" for part in metric.numerator):
            assert frame["numerator"].sum() == pytest.approx(total["numerator"] if pd.notna(total["numerator"]) else 0)
    for by in sorted({*TIMES} - {"to_date", "total"}):
        frame = ws.metric(name, by=by)
        if not distinct:
            for column in ("numerator", "denominator"):
                expected = total[column] if pd.notna(total[column]) else 0
                assert frame[column].sum() == pytest.approx(expected, rel=1e-9), (by, column)
