"""Leads, customers and what they cost, worked by hand."""

from metric_tables import ad, booking, compute, contact, deal, figures, make_tables, values

from mopsnb.data.cautions import find_cautions
from mopsnb.data.metrics import read_catalogue


def stage(name: str, stage: str, day: str):
    return {"contact_id": name, "stage": stage, "entered_at": f"{day}T12:00:00Z"}


def test_leads_are_contacts_created_in_the_month_without_deleted_and_merged_ones():
    tables = make_tables(
        contact=[
            contact("ann", "2026-01-10"),
            contact("bob", "2026-01-31T23:30:00Z"),
            contact("gone", "2026-01-12", is_deleted=True),
            contact("kept", "2026-01-12", is_deleted=False),
            contact("duplicate", "2026-01-13", merged_into="ann"),
            contact("without email", "2026-03-01", email=None),
            {"contact_id": "undated"},
        ]
    )
    march = {"as_of": "2026-03-31"}
    assert figures(tables, "leads", **march) == {
        "2026-01": (3, 3, None),
        "2026-02": (0, 0, None),
        "2026-03": (1, 1, None),
    }
    assert values(tables, "leads", zone="Europe/Berlin", **march) == {"2026-01": 2, "2026-02": 1, "2026-03": 1}


def test_activity_from_before_a_contact_was_created_makes_no_month_without_leads():
    """Ann's record claims a visit in January; nobody was counted before March."""
    tables = make_tables(contact=[contact("ann", "2026-03-10", last_activity_at="2026-01-05T00:00:00Z")])
    assert values(tables, "leads", as_of="2026-03-31") == {"2026-03": 1}


def test_no_new_contact_is_0_while_the_database_moves_and_missing_once_it_stands_still():
    """Records change until April, so February to April are facts; of May the export says nothing."""
    tables = make_tables(
        contact=[
            contact("ann", "2026-01-10", updated_at="2026-03-02T00:00:00Z", last_activity_at="2026-04-02T00:00:00Z")
        ]
    )
    assert values(tables, "leads", as_of="2026-05-31") == {
        "2026-01": 1,
        "2026-02": 0,
        "2026-03": 0,
        "2026-04": 0,
        "2026-05": None,
    }


def test_a_scope_of_leads_keeps_zeros_from_the_first_contact_of_the_whole_database():
    tables = make_tables(
        contact=[
            contact("ann", "2026-01-10", lead_source="web"),
            contact("bob", "2026-02-10", lead_source="event"),
            contact("cem", "2026-03-10", lead_source="web"),
        ]
    )
    found = values(tables, "leads", scope={"lead_source": "event"}, as_of="2026-03-31")
    assert found == {"2026-01": 0, "2026-02": 1, "2026-03": 0}


def test_a_contact_is_a_marketing_qualified_lead_in_the_month_of_the_first_entry_alone():
    tables = make_tables(
        stage_event=[
            stage("ann", "lead", "2026-01-05"),
            stage("ann", "mql", "2026-02-05"),
            stage("ann", "recycled", "2026-02-20"),
            stage("ann", "mql", "2026-03-05"),
            stage("bob", "MQL", "2026-03-06"),
            stage("cem", "sql", "2026-04-06"),
        ]
    )
    assert values(tables, "marketing_qualified_leads", as_of="2026-05-31") == {
        "2026-01": 0,
        "2026-02": 1,
        "2026-03": 1,
        "2026-04": 0,
        "2026-05": None,
    }
    # As of a day after which every contact goes on to another stage, what was known by then is known.
    assert values(tables, "marketing_qualified_leads", as_of="2026-02-28") == {"2026-01": 0, "2026-02": 1}


def test_new_customers_are_distinct_accounts_with_a_new_deal_won():
    """Two deals of one account are one customer; a deal without an account is one of its own."""
    tables = make_tables(
        deal=[
            deal("d1", "2026-02-03", "acme", type="new", amount="100"),
            deal("d2", "2026-02-20", "acme", type="new", amount="50.25"),
            deal("d3", "2026-02-21", None, type="new"),
            deal("acme", "2026-02-22", None, type="new"),
            deal("d4", "2026-02-23", "beta", type="renewal", amount="7"),
            deal("d5", "2026-02-23", "gamma", amount="9"),
            deal("d6", "2026-02-24", "delta", type="new", is_deleted=True, amount="1000"),
            deal("d7", "2026-02-24", "epsilon", type="new", is_won=False, amount="1000"),
            deal("d8", "2026-02-24", "zeta", type="new", is_won=None, amount="1000"),
        ]
    )
    february = {"as_of": "2026-02-28"}
    assert figures(tables, "new_customers", **february) == {"2026-01": (0, 0, None), "2026-02": (3, 3, None)}
    assert values(tables, "revenue_won", **february) == {"2026-01": 0, "2026-02": 166.25}


def test_where_no_deal_has_a_type_every_won_deal_is_new():
    tables = make_tables(deal=[deal("d1", "2026-02-03", "acme"), deal("d2", "2026-02-03", "beta")])
    assert values(tables, "new_customers", as_of="2026-02-28") == {"2026-01": 0, "2026-02": 2}


def test_revenue_of_a_month_in_which_no_won_deal_states_an_amount_is_missing():
    tables = make_tables(
        deal=[deal("d1", "2026-02-03"), deal("d2", "2026-03-03", amount="5"), deal("d3", "2026-03-04")]
    )
    assert values(tables, "revenue_won", as_of="2026-03-31") == {"2026-01": 0, "2026-02": None, "2026-03": 5}


def test_costs_divide_all_spend_by_what_it_brought():
    """1,200 spent, 30 booked: 3 leads at 410, 2 customers at 615; a month without customers has no cost of one."""
    tables = make_tables(
        ad_daily=[ad("2026-01-05", "1200"), ad("2026-02-05", "300")],
        spend_actual=[booking("2026-01-06", "30"), booking("2026-01-07", "9999", "committed")],
        contact=[contact("ann", "2026-01-03"), contact("bob", "2026-01-04"), contact("cem", "2026-01-05")],
        deal=[deal("d1", "2026-01-20", "acme"), deal("d2", "2026-01-21", "beta")],
    )
    february = {"as_of": "2026-02-28"}
    assert figures(tables, "cost_per_lead", **february) == {"2026-01": (410, 1230, 3), "2026-02": (None, 300, None)}
    assert figures(tables, "customer_acquisition_cost", **february) == {
        "2026-01": (615, 1230, 2),
        "2026-02": (None, 300, None),
    }
    tables.execute("INSERT INTO deal (deal_id, created_at, is_won) VALUES ('open', '2026-02-01T00:00:00Z', FALSE)")
    assert figures(tables, "customer_acquisition_cost", **february)["2026-02"] == (None, 300, 0)


def test_a_ratio_begins_with_the_first_month_in_which_both_parts_have_begun():
    """The database is older than the spend data: years without spend give no empty rows."""
    tables = make_tables(
        ad_daily=[ad("2026-02-05", "300")],
        contact=[contact("old", "2019-05-03"), contact("ann", "2026-02-03"), contact("bob", "2026-03-03")],
    )
    assert values(tables, "cost_per_lead", as_of="2026-03-31") == {"2026-02": 300, "2026-03": None}


def test_won_deals_that_lack_something_are_reported_with_what_it_costs():
    tables = make_tables(
        deal=[
            deal("d1", None, type="new", amount="5"),
            deal("d2", "2026-02-03", amount="1"),
            deal("d3", "2026-02-04", type="new"),
        ]
    )
    found = {finding.id: finding for finding in find_cautions(tables, read_catalogue())}
    assert sorted(found) == [
        "metrics.won-deals-without.amount",
        "metrics.won-deals-without.close-date",
        "metrics.won-deals-without.type",
    ]
    assert {finding.evidence for finding in found.values()} == {"1 won deal."}


def test_email_sources_without_sent_or_delivered_events_are_reported():
    """Source b stands in for sent with delivered, source c has clicks without any base, source a is complete."""
    rows = [("a", "sent"), ("a", "delivered"), ("b", "delivered"), ("c", "sent"), ("c", "click"), (None, "unsubscribe")]
    tables = make_tables(
        email_event=[
            {"source": source, "event_type": kind, "contact_id": "ann", "occurred_at": "2026-03-02T00:00:00Z"}
            for source, kind in rows
        ]
    )
    first, second = find_cautions(tables, read_catalogue())
    assert (first.id, first.severity) == ("metrics.no-delivered-events.c", "warning")
    assert first.evidence == "0 delivered events, 1 sent events, 1 clicks."
    assert (second.id, second.severity) == ("metrics.no-sent-events.b", "info")
    assert second.title == "The email source 'b' reports no sent emails, so its delivered emails stand in for them"


def test_rows_are_ordered_by_the_catalogue_and_then_by_month():
    tables = make_tables(
        ad_daily=[ad("2026-01-05", "1"), ad("2026-03-05", "1")], contact=[contact("ann", "2026-02-03")]
    )
    frame = compute(tables, "leads", "ad_spend", "spend", as_of="2026-03-15")
    order = list(read_catalogue())
    keys = [(order.index(row.metric), row.period_start) for row in frame.itertuples()]
    assert keys == sorted(keys)
    assert list(dict.fromkeys(frame["metric"])) == ["spend", "ad_spend", "leads"]


def test_the_frame_has_the_promised_types_and_says_which_months_are_complete():
    tables = make_tables(ad_daily=[ad("2026-01-31", "1"), ad("2026-02-27", "1")])
    frame = compute(tables, "ad_spend", as_of="2026-02-28")
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        "metric": "str",
        "period_start": "datetime64[us]",
        "value": "float64",
        "numerator": "float64",
        "denominator": "float64",
        "is_complete": "bool",
    }
    assert list(frame["is_complete"]) == [True, True]
    assert list(compute(tables, "ad_spend", as_of="2026-02-27")["is_complete"]) == [True, False]
    assert compute(make_tables(), "ad_spend").dtypes.equals(frame.dtypes)
