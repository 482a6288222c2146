"""The list of people who can be written to, and its churn, worked by hand."""

from metric_tables import contact, event, figures, make_tables


def test_list_churn_divides_leavers_by_the_list_at_the_start_of_the_month():
    """Ann leaves in February and returns in March; Bob bounces in April; Cem counts from April on."""
    tables = make_tables(
        contact=[contact("ann", "2026-01-10"), contact("bob", "2026-01-11"), contact("cem", "2026-03-01")],
        email_event=[
            event("sent", "ann", "2026-01-20"),
            event("unsubscribe", "ann", "2026-02-10"),
            event("unsubscribe", "ann", "2026-02-11"),
            event("resubscribe", "ann", "2026-03-20"),
            event("bounce_hard", "bob", "2026-04-02"),
            event("spam", "bob", "2026-04-03"),
            event("sent", "cem", "2026-05-03"),
        ],
    )
    assert figures(tables, "list_churn_rate", as_of="2026-05-31") == {
        "2026-01": (None, 0, 0),
        "2026-02": (0.5, 1, 2),
        "2026-03": (0.0, 0, 1),
        "2026-04": (1 / 3, 1, 3),
        "2026-05": (0.0, 0, 2),
    }


def test_the_list_leaves_out_who_cannot_be_written_to():
    """No address, deleted, merged, unknown creation, or opted out without an event: not on the list."""
    tables = make_tables(
        contact=[
            contact("ann", "2026-01-10"),
            contact("no address", "2026-01-10", email=None),
            contact("deleted", "2026-01-10", is_deleted=True),
            contact("merged", "2026-01-10", merged_into="ann"),
            contact("opted out", "2026-01-10", email_opt_out=True),
            contact("opted out later", "2026-01-10", email_opt_out=True),
            contact("only a machine unsubscribed", "2026-01-10", email_opt_out=True),
            {"contact_id": "undated", "email": "a@example.com"},
        ],
        email_event=[
            event("sent", "ann", "2026-01-20"),
            event("sent", "ann", "2026-02-20"),
            event("unsubscribe", "only a machine unsubscribed", "2026-02-20", is_bot=True),
            event("unsubscribe", "opted out later", "2026-02-21"),
            event("sent", "ann", "2026-03-20"),
        ],
    )
    found = figures(tables, "list_churn_rate", as_of="2026-03-31")
    assert found["2026-02"] == (0.5, 1, 2)
    assert found["2026-03"] == (0.0, 0, 1)


def test_the_list_is_cut_at_local_midnight_and_the_last_event_before_it_decides():
    """Created, left and returned within minutes of the month's edge in New York: each falls on its side."""
    tables = make_tables(
        contact=[
            contact("before", "2026-03-01T04:59:59Z"),
            contact("after", "2026-03-01T05:00:00Z"),
            contact("left before", "2026-01-10"),
            contact("left at the edge", "2026-01-10"),
            contact("left and returned at once", "2026-01-10"),
            contact("event before creation", "2026-02-10"),
        ],
        email_event=[
            event("unsubscribe", "left before", "2026-03-01T04:59:59Z"),
            event("unsubscribe", "left at the edge", "2026-03-01T05:00:00Z"),
            event("resubscribe", "left and returned at once", "2026-02-01T05:00:00Z"),
            event("unsubscribe", "left and returned at once", "2026-02-01T05:00:00Z"),
            event("unsubscribe", "event before creation", "2026-02-05"),
        ],
    )
    found = figures(tables, "list_churn_rate", zone="America/New_York", as_of="2026-03-31")
    # On the list on 1 March: "before" and "left at the edge". A tie of leaving and returning counts as leaving.
    assert found["2026-03"] == (0.5, 1, 2)
