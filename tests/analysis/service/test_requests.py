"""Each request has the state that the page says, pauses are taken off, and impossible ones do not count."""

from __future__ import annotations

import pytest
from service_samples import agree, ask, judge, make_strategy

STRATEGY = make_strategy(agree(), agree("days", 2, clock="business_days"), agree("round", 24, clock="hours"),
                         agree("blank", None))  # fmt: skip


def read(rows, as_of="2026-06-30"):
    return judge(rows, STRATEGY, as_of).to_dict("records")


@pytest.mark.parametrize(
    ("row", "state", "took"),
    [
        (ask("2026-06-08T09:00Z", "2026-06-08T13:00Z"), "in_time", 4),  # the threshold itself is in time
        (ask("2026-06-08T09:00Z", "2026-06-08T13:00:01Z"), "late", 4 + 1 / 3600),
        (ask("2026-06-08T09:00Z", "2026-06-08T14:00Z", paused_hours=1.5), "in_time", 3.5),
        (ask("2026-06-05T16:00Z", "2026-06-08T12:00Z"), "in_time", 4),
        (ask("2026-06-29T15:00Z"), "overdue", 10),
        (ask("2026-06-30T14:00Z"), "waiting", 3),
        (ask("2026-06-29T15:00Z", paused_hours=8), "waiting", 2),
        (ask("2026-06-30T14:00Z", paused_hours=8), "waiting", 0),  # it has been paused ever since
        (ask("2026-06-09T15:00Z", "2026-06-11T15:00Z", "days"), "in_time", 2),
        (ask("2026-06-09T15:00Z", "2026-06-11T17:00Z", "days", paused_hours=2), "in_time", 2),
        (ask("2026-06-09T15:00Z", "2026-06-11T15:06Z", "days"), "late", 2 + 0.1 / 8),
        (ask("2026-06-06T15:00Z", "2026-06-07T16:00Z", "round"), "late", 25),
        (ask("2026-06-06T15:00Z", "2026-06-07T16:00Z", "blank"), "untimed", 0),
        (ask("2026-06-06T15:00Z", None, "blank"), "untimed", 17 * 8),
    ],
)
def test_a_request_has_the_time_and_the_state_that_paper_gives(row, state, took):
    [found] = read([row])
    assert (found["state"], found["fault"]) == (state, "")
    assert found["took"] == pytest.approx(took, abs=1e-9)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (ask("2026-06-08T09:00Z", "2026-06-08T10:00Z", "other"), "unknown_agreement"),
        (ask("2026-06-08T09:00Z", "2026-06-08T08:59Z"), "closed_before_opened"),
        (ask("2026-06-06T09:00Z", "2026-06-06T08:00Z"), "closed_before_opened"),  # on a Saturday: no business time
        (ask("2026-06-08T09:00Z", "2026-06-08T10:00Z", paused_hours=2), "paused_too_long"),
    ],
)
def test_an_impossible_request_is_faulty_and_has_no_time(row, fault):
    [found] = read([row])
    assert (found["state"], found["fault"]) == ("faulty", fault)
    assert found["took"] != found["took"]


def test_the_due_moment_is_the_threshold_and_the_pauses_after_the_opening():
    [found] = read([ask("2026-06-05T16:00Z", "2026-06-08T10:00Z", paused_hours=1)])
    assert str(found["due_at"]) == "2026-06-08 13:00:00+00:00"
    [blank] = read([ask("2026-06-05T16:00Z", "2026-06-08T10:00Z", "blank")])
    assert blank["due_at"] is None or blank["due_at"] != blank["due_at"]


def test_the_month_of_a_request_is_that_of_its_local_day():
    strategy = make_strategy(agree(), time_zone="America/New_York")
    frame = judge([ask("2026-06-01T01:00Z", "2026-06-01T14:00Z")], strategy)
    assert [f"{day:%Y-%m-%d}" for day in (frame["opened_on"][0], frame["month"][0])] == ["2026-05-31", "2026-05-01"]


def test_the_order_of_requests_and_their_columns_do_not_depend_on_what_they_are():
    rows = [ask("2026-06-09T09:00Z", "2026-06-09T10:00Z", "days"), ask("2026-06-08T09:00Z"), ask("2026-06-07T09:00Z")]
    frame = judge(rows, STRATEGY)
    assert frame["request_id"].tolist() == ["R0", "R1", "R2"]
    empty = judge([], STRATEGY)
    assert (len(empty), empty.dtypes.to_dict()) == (0, frame.dtypes.to_dict())
