"""Unsubscribes that the emails do not explain are found, with the numbers."""

from metric_tables import event, make_tables

from mopsnb.data.cautions import find_cautions
from mopsnb.data.email_cautions import find_sends
from mopsnb.data.metrics import read_catalogue


def cautions(*events, zone="UTC"):
    """Return the findings about unsubscribes by id."""
    found = find_cautions(make_tables(email_event=list(events)), read_catalogue(), zone)
    return {item.id: item for item in found if "unsubscribed" in item.id}


def test_more_unsubscribers_than_recipients_are_a_warning_with_the_worst_month():
    """March: 8 left and 1 was sent email (800%). April: 2 left and 1 was sent. May: 1 and 1 is possible."""
    march = [event("unsubscribe", f"c{number}", "2026-03-05") for number in range(8)]
    april = [event("unsubscribe", name, "2026-04-05") for name in ("x", "y", "y")]
    sent = [event("sent", "ann", f"2026-0{month}-02") for month in (3, 4, 5)]
    found = cautions(*march, *april, *sent, event("unsubscribe", "ann", "2026-05-03"))
    warning = found["metrics.more-unsubscribed-than-sent"]
    assert warning.severity == "warning"
    assert warning.title.startswith("In 2 months more contacts unsubscribed than were sent email")
    assert warning.evidence == "The worst is 2026-03: 8 contacts unsubscribed, 1 was sent email."


def test_months_begin_in_the_strategys_time_zone():
    """At 23:30 UTC on 31 March it is April in Berlin, so the two who leave then do so in April."""
    leave = [event("unsubscribe", name, "2026-03-31T23:30:00Z") for name in ("ann", "bob")]
    rows = [*leave, event("sent", "cem", "2026-03-02"), event("sent", "cem", "2026-04-02")]
    assert "2026-03" in cautions(*rows)["metrics.more-unsubscribed-than-sent"].evidence
    assert "2026-04" in cautions(*rows, zone="Europe/Berlin")["metrics.more-unsubscribed-than-sent"].evidence


def test_unsubscribers_who_were_sent_nothing_are_a_warning_from_ten_on():
    """Of 10 who left, 4 were sent an email in that month or the one before: a mismatch; of 9 it may be chance."""
    sent = [event("sent", f"c{number}", "2026-02-20" if number < 2 else "2026-03-01") for number in range(4)]
    others = [event("sent", f"other{number}", "2026-03-01") for number in range(50)]
    left = [event("unsubscribe", f"c{number}", "2026-03-05") for number in range(10)]
    found = cautions(*sent, *others, *left)
    assert list(found) == ["metrics.unsubscribed-without-email"]
    assert "10 unsubscribed, 4 of them were sent an email" in found["metrics.unsubscribed-without-email"].evidence
    assert cautions(*sent, *others, *left[:9]) == {}
    assert cautions(*sent, event("sent", "c4", "2026-03-01"), *others, *left) == {}


def test_leavers_of_old_months_and_machines_do_not_count():
    """Twelve unexplained leavers of two years ago, and twelve machines, are no reason for a warning today."""
    old = [event("unsubscribe", f"o{number}", "2024-03-05") for number in range(12)]
    bots = [event("unsubscribe", f"b{number}", "2026-03-05", is_bot=True) for number in range(12)]
    sent = [event("sent", "ann", "2026-03-01"), event("unsubscribe", "ann", "2026-03-05")]
    assert cautions(*old, *bots, *sent) == {}


def test_totals_of_sends_alone_and_beside_events():
    """What reads them is said; beside events nobody should add the two up."""
    assert find_sends(["email_event", "contact"]) == []
    (alone,) = find_sends(["email_send_summary"])
    (beside,) = find_sends(["email_send_summary", "email_event"])
    assert "by a connector" in alone.fix
    assert "never add up" in beside.fix
