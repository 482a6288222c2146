"""Email metrics, worked by hand."""

import pytest
from metric_tables import contact, event, figures, make_tables, values

from mopsnb.errors import DataError


def test_email_churn_counts_contacts_and_neither_events_nor_emails():
    """A contact who gets two emails and unsubscribes twice counts once above and once below the line."""
    tables = make_tables(
        email_event=[
            event("sent", "ann", "2026-03-02"),
            event("sent", "ann", "2026-03-09", "k2"),
            event("sent", "bob", "2026-03-02"),
            event("sent", "cem", "2026-03-02"),
            event("sent", "dee", "2026-03-02"),
            event("unsubscribe", "ann", "2026-03-03"),
            event("unsubscribe", "ann", "2026-03-10", "k2"),
        ]
    )
    assert figures(tables, "email_churn_rate", as_of="2026-03-31") == {"2026-03": (0.25, 1, 4)}


def test_an_unsubscribe_without_a_campaign_counts():
    tables = make_tables(
        email_event=[event("sent", "ann", "2026-03-02"), event("unsubscribe", "ann", "2026-03-03", None)]
    )
    assert figures(tables, "email_churn_rate", as_of="2026-03-31") == {"2026-03": (1.0, 1, 1)}


def test_a_month_without_recipients_has_no_churn_rate():
    """Somebody unsubscribes in April, but nobody was sent anything: the rate is missing, not 0 and not infinite."""
    tables = make_tables(
        email_event=[
            event("sent", "ann", "2026-03-02"),
            event("unsubscribe", "ann", "2026-04-03"),
            event("sent", "bob", "2026-05-02"),
        ]
    )
    assert figures(tables, "email_churn_rate", as_of="2026-05-31") == {
        "2026-03": (0.0, 0, 1),
        "2026-04": (None, 1, 0),
        "2026-05": (0.0, 0, 1),
    }


def test_a_month_without_any_event_is_a_row_of_missing_values():
    tables = make_tables(email_event=[event("sent", "ann", "2026-01-15"), event("sent", "ann", "2026-03-15")])
    assert figures(tables, "email_churn_rate", as_of="2026-04-10") == {
        "2026-01": (0.0, 0, 1),
        "2026-02": (None, None, None),
        "2026-03": (0.0, 0, 1),
        "2026-04": (None, None, None),
    }
    assert values(tables, "total_clicks", as_of="2026-04-10") == {
        "2026-01": 0,
        "2026-02": None,
        "2026-03": 0,
        "2026-04": None,
    }


def test_events_of_machines_never_count():
    """A bot's click, unsubscribe and opened mail change nothing; an unmarked row and a human one count."""
    human = [
        event("sent", "ann", "2026-03-02"),
        event("delivered", "ann", "2026-03-02", is_bot=False),
        event("click", "ann", "2026-03-02"),
    ]
    bots = [
        event(kind, "bot", "2026-03-02", is_bot=True)
        for kind in ("sent", "delivered", "open", "click", "unsubscribe", "spam", "bounce_hard")
    ]
    with_bots, without = make_tables(email_event=human + bots), make_tables(email_event=human)
    for metric in ("email_churn_rate", "click_through_rate", "total_clicks", "open_rate", "hard_bounce_rate"):
        assert figures(with_bots, metric) == figures(without, metric)
    assert values(with_bots, "total_clicks", as_of="2026-03-31") == {"2026-03": 1}


def test_click_through_rate_divides_all_clicks_by_distinct_delivered_pairs():
    """Five clicks over three pairs: one email delivered twice is one pair, two campaigns to one person are two."""
    tables = make_tables(
        email_event=[
            event("delivered", "ann", "2026-03-02", "k1"),
            event("delivered", "ann", "2026-03-05", "k1"),
            event("delivered", "ann", "2026-03-09", "k2"),
            event("delivered", "bob", "2026-03-02", "k1"),
            *[event("click", "ann", f"2026-03-02T12:0{minute}:00Z") for minute in range(4)],
            event("click", "bob", "2026-03-04"),
            event("open", "bob", "2026-03-04"),
        ]
    )
    march = {"as_of": "2026-03-31"}
    assert figures(tables, "click_through_rate", **march) == {"2026-03": (5 / 3, 5, 3)}
    assert figures(tables, "total_clicks", **march) == {"2026-03": (5, 5, None)}
    assert figures(tables, "unique_click_rate", **march) == {"2026-03": (2 / 3, 2, 3)}
    assert figures(tables, "open_rate", **march) == {"2026-03": (1 / 3, 1, 3)}
    assert figures(tables, "click_to_open_rate", **march) == {"2026-03": (2.0, 2, 1)}
    assert figures(tables, "emails_delivered", **march) == {"2026-03": (4, 4, None)}


def test_a_click_in_the_month_after_the_delivery_counts_where_it_happened():
    tables = make_tables(email_event=[event("delivered", "ann", "2026-03-31"), event("click", "ann", "2026-04-01")])
    assert figures(tables, "click_through_rate", as_of="2026-04-30") == {
        "2026-03": (0.0, 0, 1),
        "2026-04": (None, 1, 0),
    }


def test_emails_that_name_no_campaign_are_one_pair_per_contact():
    tables = make_tables(
        email_event=[
            event("delivered", "ann", "2026-03-02", None),
            event("delivered", "ann", "2026-03-03", None),
            event("delivered", "bob", "2026-03-03", None),
            event("click", "ann", "2026-03-03", None),
        ]
    )
    assert figures(tables, "click_through_rate", as_of="2026-03-31") == {"2026-03": (0.5, 1, 2)}


@pytest.mark.parametrize(
    ("zone", "instant", "month"),
    [
        ("Europe/Berlin", "2026-01-31T22:59:59.999999Z", "2026-01"),
        ("Europe/Berlin", "2026-01-31T23:00:00Z", "2026-02"),
        ("Europe/Berlin", "2026-03-31T21:59:59Z", "2026-03"),  # summer time since 29 March: an hour earlier in UTC
        ("Europe/Berlin", "2026-03-31T22:00:00Z", "2026-04"),
        ("Europe/Berlin", "2026-10-31T22:59:59Z", "2026-10"),  # winter time since 25 October
        ("Europe/Berlin", "2026-10-31T23:00:00Z", "2026-11"),
        ("America/New_York", "2026-03-01T04:59:59Z", "2026-02"),
        ("America/New_York", "2026-03-01T05:00:00Z", "2026-03"),
        ("America/New_York", "2026-04-01T03:59:59Z", "2026-03"),  # summer time since 8 March
        ("America/New_York", "2026-04-01T04:00:00Z", "2026-04"),
        ("America/New_York", "2026-11-01T03:59:59Z", "2026-10"),
        ("America/New_York", "2026-11-01T04:00:00Z", "2026-11"),  # the clock goes back two hours later
        ("America/Havana", "2026-11-01T04:00:00Z", "2026-11"),  # midnight comes twice; the first begins the month
        ("America/Havana", "2026-11-01T03:59:59Z", "2026-10"),
        ("America/Asuncion", "2017-10-01T03:59:59Z", "2017-09"),  # no midnight on this day: the clock went on to 01:00
        ("America/Asuncion", "2017-10-01T04:00:00Z", "2017-10"),
        ("Asia/Kolkata", "2026-02-28T18:29:59Z", "2026-02"),
        ("Asia/Kolkata", "2026-02-28T18:30:00Z", "2026-03"),
    ],
)
def test_months_begin_at_midnight_in_the_strategys_time_zone(zone: str, instant: str, month: str):
    """An instant belongs to the local month, in summer time, in winter time and across the change."""
    tables = make_tables(email_event=[event("click", "early", "2017-05-15"), event("click", "ann", instant)])
    found = values(tables, "total_clicks", zone=zone)
    assert [name for name, value in found.items() if value] == ["2017-05", month]


def test_the_last_day_counts_to_its_local_midnight_and_no_further():
    """Without any help from the views, an event after as_of is left out, in the strategy's own zone."""
    rows = [event("click", "ann", "2026-03-31T03:59:59.999999Z"), event("click", "ann", "2026-03-31T04:00:00Z")]
    tables = make_tables(email_event=rows)
    assert values(tables, "total_clicks", zone="America/New_York", as_of="2026-03-30") == {"2026-03": 1}


def test_a_source_without_sent_events_counts_its_delivered_ones_as_sent():
    """Source b never reports sent emails, so its delivered ones stand in; source a's delivered ones do not."""
    tables = make_tables(
        email_event=[
            event("sent", "ann", "2026-03-02", source="a"),
            event("sent", "bob", "2026-03-02", source="a"),
            event("delivered", "ann", "2026-03-02", source="a"),
            event("delivered", "zoe", "2026-04-02", source="a"),
            event("delivered", "bob", "2026-03-02", source="b"),
            event("delivered", "cem", "2026-03-02", source="b"),
            event("bounce_hard", "dee", "2026-03-02", source="b"),
            event("unsubscribe", "cem", "2026-03-05", source="b"),
        ]
    )
    march = {"as_of": "2026-04-30"}
    assert figures(tables, "email_churn_rate", **march) == {"2026-03": (1 / 3, 1, 3), "2026-04": (None, 0, 0)}
    assert values(tables, "emails_sent", **march) == {"2026-03": 4, "2026-04": 0}
    assert figures(tables, "hard_bounce_rate", **march)["2026-03"] == (0.25, 1, 4)


def test_a_table_without_sources_and_sent_events_uses_delivered_ones():
    tables = make_tables(
        email_event=[event("delivered", "ann", "2026-03-02"), event("unsubscribe", "ann", "2026-03-02")]
    )
    assert figures(tables, "email_churn_rate", as_of="2026-03-31") == {"2026-03": (1.0, 1, 1)}


def test_a_sent_email_of_a_machine_does_not_make_a_source_one_that_reports_sent_emails():
    tables = make_tables(
        email_event=[event("delivered", "ann", "2026-03-02"), event("sent", "bot", "2026-03-02", is_bot=True)]
    )
    assert figures(tables, "email_churn_rate", as_of="2026-03-31") == {"2026-03": (0.0, 0, 1)}


def test_rates_per_email_count_emails():
    """Two delivered emails to one contact are a base of two; two unsubscribes of one contact are one unsubscriber."""
    tables = make_tables(
        email_event=[
            *[event("sent", "ann", "2026-03-02", f"k{number}") for number in range(5)],
            *[event("delivered", "ann", "2026-03-02", f"k{number}") for number in range(4)],
            event("bounce_hard", "ann", "2026-03-02", "k4"),
            event("unsubscribe", "ann", "2026-03-03"),
            event("unsubscribe", "ann", "2026-03-04"),
            event("spam", "ann", "2026-03-04"),
        ]
    )
    march = {"as_of": "2026-03-31"}
    assert figures(tables, "unsubscribe_rate", **march) == {"2026-03": (0.25, 1, 4)}
    assert figures(tables, "hard_bounce_rate", **march) == {"2026-03": (0.2, 1, 5)}
    assert figures(tables, "spam_complaint_rate", **march) == {"2026-03": (0.25, 1, 4)}
    assert figures(tables, "emails_sent", **march) == {"2026-03": (5, 5, None)}


def test_the_channel_email_holds_for_every_email_event():
    tables = make_tables(email_event=[event("click", "ann", "2026-03-02")])
    whole = figures(tables, "total_clicks")
    assert figures(tables, "total_clicks", scope={"channel": "email"}) == whole
    assert figures(tables, "total_clicks", scope={"channel": ["social", "email"]}) == whole
    with pytest.raises(DataError, match=r"asks for channel search, but every row of email_event has channel email"):
        figures(tables, "total_clicks", scope={"channel": "search"})


def test_a_scope_limits_numerator_and_denominator():
    rows = [
        event("delivered", "ann", "2026-03-02", "k1"),
        event("delivered", "bob", "2026-03-02", "k1"),
        event("delivered", "bob", "2026-03-02", "k2"),
        event("delivered", "bob", "2026-03-02", "k3"),
        event("click", "bob", "2026-03-02", "k2"),
        event("click", "ann", "2026-03-02", "k1"),
    ]
    tables = make_tables(email_event=rows)
    march = {"as_of": "2026-03-31"}
    assert figures(tables, "click_through_rate", scope={"campaign_id": "k1"}, **march) == {"2026-03": (0.5, 1, 2)}
    assert figures(tables, "click_through_rate", scope={"campaign_id": ["k2", "k3"]}, **march) == {
        "2026-03": (0.5, 1, 2)
    }
    assert figures(tables, "click_through_rate", scope={"campaign_id": "none such"}, **march) == {}


def test_a_month_in_which_a_campaign_did_nothing_is_missing():
    """The campaign runs in January and March; February has events of others only."""
    tables = make_tables(
        email_event=[
            event("click", "ann", "2026-01-02", "k1"),
            event("click", "ann", "2026-02-02", "k2"),
            event("click", "ann", "2026-03-02", "k1"),
        ]
    )
    found = values(tables, "total_clicks", scope={"campaign_id": "k1"}, as_of="2026-03-31")
    assert found == {"2026-01": 1, "2026-02": None, "2026-03": 1}


def test_a_scope_that_no_column_holds_is_refused_with_the_columns_that_there_are():
    tables = make_tables(email_event=[event("click", "ann", "2026-03-02")], contact=[contact("ann", "2026-01-01")])
    with pytest.raises(DataError) as caught:
        figures(tables, "total_clicks", scope={"campain_id": "k1"})
    assert str(caught.value) == (
        "The scope 'campain_id' cannot be applied to email_event. It can be limited by brand, campaign_id, channel, "
        "email_id, region, source, subscription_type, variant. Did you mean 'campaign_id'?"
    )
    with pytest.raises(DataError, match=r"cannot be applied to contact and email_event\. It can be limited by channel"):
        figures(tables, "list_churn_rate", scope={"campaign_id": "k1"})


def test_a_hostile_scope_value_is_compared_and_never_run():
    tables = make_tables(email_event=[event("click", "ann", "2026-03-02", "x') OR ('1'='1")])
    assert values(tables, "total_clicks", scope={"campaign_id": "x') OR ('1'='1"}, as_of="2026-03-31") == {"2026-03": 1}
    assert values(tables, "total_clicks", scope={"campaign_id": "y') OR ('1'='1"}) == {}
