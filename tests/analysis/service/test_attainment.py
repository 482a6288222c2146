"""Attainment, its interval and its status; quantiles with open requests; what waits; what broke."""

from __future__ import annotations

import math

import numpy as np
import pytest
from service_samples import agree, ask, judge, keep, make_strategy

from mopsnb.analysis.service import age_requests, find_slumps, list_breaches, rate_agreements, rate_owners, trace_months
from mopsnb.analysis.service.survival import estimate_quantile

STRATEGY = make_strategy(agree(), agree("other", 1, attainment=0.5, clause="Answers come"))


def rate(rows, strategy=STRATEGY):
    return rate_agreements(judge(rows, strategy), strategy).set_index("id")


def test_attainment_counts_open_breaches_and_leaves_out_what_is_not_decided():
    rows = [
        *keep(9, 8),
        ask("2026-06-10T09:00Z"),
        ask("2026-06-30T16:00Z"),
        ask("2026-06-30T16:00Z", "2026-06-30T15:00Z"),
    ]
    row = rate(rows).loc["tickets"]
    assert [row[name] for name in ("requests", "counted", "in_time", "late", "overdue", "waiting", "faulty")] == [
        *(12, 10, 8, 1, 1, 1, 1)
    ]
    assert row["kept"] == 0.8
    # Wilson's interval of 8 in 10, worked out from its formula with z = 1.96: 0.4902 to 0.9433.
    assert (round(row["low"], 4), round(row["high"], 4)) == (0.4902, 0.9433)


@pytest.mark.parametrize(
    ("count", "kept", "status"),
    [
        (30, 20, "missed"),
        (30, 26, "at_risk"),
        (30, 27, "on_track"),  # exactly the share promised
        (30, 28, "on_track"),
        (80, 80, "met"),
        (9, 8, "too_few"),
        (9, 9, "too_few"),
        (9, 4, "missed"),  # few, and still clearly below
        (0, 0, "no_data"),
    ],
)
def test_the_status_follows_the_interval_and_the_promise(count, kept, status):
    assert rate(keep(count, kept)).loc["tickets", "status"] == status


def test_an_agreement_without_a_threshold_or_a_share_is_not_defined_and_shows_what_it_can():
    strategy = make_strategy(agree("a", None), agree("b", attainment=None))
    frame = rate([*keep(12, 12, agreement="a"), *keep(12, 11, agreement="b")], strategy)
    assert frame["status"].tolist() == ["not_defined", "not_defined"]
    assert (frame.loc["a", "counted"], frame.loc["a", "p50"]) == (0, 1.0)
    assert frame.loc["b", "kept"] == pytest.approx(11 / 12)


def test_agreements_in_trouble_come_first_and_carry_people_names():
    rows = [*keep(30, 20), *keep(30, 30, agreement="other")]
    frame = rate(rows)
    assert frame.index.tolist() == ["tickets", "other"]
    assert frame.loc["other", ["name", "provider", "consumer", "promise"]].tolist() == [
        *("Answers come", "Tia Ray", "Sales", "1 business hour")
    ]


def test_two_agreements_with_one_clause_are_told_apart():
    strategy = make_strategy(agree("a", clause="Fast"), agree("b", clause="Fast"))
    assert set(rate([], strategy)["name"]) == {"Fast (a)", "Fast (b)"}


def test_quantiles_of_the_leukemia_trial_are_those_in_the_textbooks():
    # Freireich et al. (1963), weeks in remission, as in Kalbfleisch and Prentice and in the manual of SAS's LIFETEST:
    # with 6-MP the median is 23 (13 to open), with placebo 8 (4 to 11).
    times = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    treated = estimate_quantile(np.array(times, dtype=float), np.array([True] * 9 + [False] * 12), 0.5)
    assert (treated.value, treated.low) == (23, 13)
    assert math.isnan(treated.high)
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    found = estimate_quantile(np.array(placebo, dtype=float), np.ones(21, dtype=bool), 0.5)
    assert (found.value, found.low, found.high) == (8, 4, 11)


def test_where_too_few_are_closed_there_is_no_quantile():
    found = estimate_quantile(np.array([1.0, 9.0, 9.0, 9.0]), np.array([True, False, False, False]), 0.5)
    nothing = estimate_quantile(np.empty(0), np.empty(0, dtype=bool), 0.5)
    assert math.isnan(found.value)
    assert math.isnan(nothing.value)


def test_open_requests_make_the_typical_time_longer_not_shorter():
    closed = keep(10, 10)
    waiting = [ask("2026-06-22T09:00Z") | {"request_id": f"W{place}"} for place in range(20)]
    assert rate(closed).loc["tickets", "p50"] == 1.0
    assert math.isnan(rate(closed + waiting).loc["tickets", "p50"])


def test_months_have_their_own_interval_and_slumps_are_months_in_a_row_below_the_promise():
    rows = keep(12, 12, "2026-01") + keep(12, 4, "2026-02") + keep(12, 5, "2026-03") + keep(12, 11, "2026-05")
    rows += [*keep(3, 3, "2026-06"), ask("2026-06-30T16:00Z")]
    judged = judge(rows, STRATEGY)
    months = trace_months(judged, STRATEGY, judged["opened_on"].max().date(), months=12)
    mine = months[months["agreement"] == "tickets"]
    assert [f"{day:%m}" for day in mine["period_start"]] == ["01", "02", "03", "04", "05", "06"]
    assert mine["counted"].tolist() == [12, 12, 12, 0, 12, 3]
    assert mine["value"].isna().tolist() == [False, False, False, True, False, False]
    assert mine["is_complete"].tolist() == [True] * 5 + [False]
    [slump] = find_slumps(months, "tickets")
    assert (slump.first.month, slump.last.month, slump.in_time, slump.counted) == (2, 3, 9, 24)


def test_months_before_the_window_are_left_out():
    judged = judge(keep(5, 5, "2026-01") + keep(5, 5, "2026-06"), STRATEGY)
    months = trace_months(judged, STRATEGY, judged["opened_on"].max().date(), months=2)
    assert months["counted"].tolist() == [0, 5]


def test_breaches_list_what_is_open_first_with_its_owner_and_what_it_took():
    rows = [
        ask("2026-06-03T09:00Z", "2026-06-03T16:00Z"),
        ask("2026-06-03T09:00Z", "2026-06-05T09:00Z"),
        ask("2026-06-29T09:00Z", owner=""),
        ask("2026-06-26T09:00Z", owner="Zoe"),
        ask("2026-06-03T09:00Z", "2026-06-03T12:00Z"),
    ]
    frame = list_breaches(judge(rows, STRATEGY), STRATEGY, "UTC")
    assert frame["request_id"].tolist() == ["R3", "R2", "R1", "R0"]
    assert frame["owner"].tolist() == ["Zoe", "nobody named", "Tia Ray", "Tia Ray"]
    assert frame["state"].tolist() == ["overdue", "overdue", "late", "late"]
    assert frame["took"].tolist() == [24, 16, 16, 7]
    assert (frame["over"] + frame["threshold"]).tolist() == frame["took"].tolist()
    assert frame["times"].tolist() == [6, 4, 4, 1.75]
    assert f"{frame['due_on'][0]:%Y-%m-%d}" == "2026-06-26"


def test_owners_are_counted_each_with_an_interval():
    rows = [row | {"owner": "Zoe"} for row in keep(10, 5)] + [
        row | {"request_id": f"T{place}"} for place, row in enumerate(keep(4, 4))
    ]
    frame = rate_owners(judge(rows, STRATEGY), STRATEGY).set_index("owner")
    assert frame.index.tolist() == ["Zoe", "Tia Ray"]
    assert frame.loc["Zoe", ["counted", "in_time", "late", "overdue", "waiting"]].tolist() == [10, 5, 5, 0, 0]
    assert (frame.loc["Zoe", "kept"], frame.loc["Tia Ray", "status"]) == (0.5, "too_few")


def test_open_requests_are_sorted_by_how_much_of_the_threshold_is_used_up():
    opened = [
        "2026-06-30T16:00Z",
        "2026-06-30T14:00Z",
        "2026-06-30T11:00Z",
        "2026-06-26T09:00Z",
    ]  # 1, 3, 6 and 24 hours
    frame = age_requests(judge([ask(moment) for moment in opened], STRATEGY), STRATEGY, "UTC")
    [row] = frame.to_dict("records")
    assert [row[name] for name in ("open", "first_half", "second_half", "up_to_double", "longer")] == [4, 1, 1, 1, 1]
    assert (row["median_age"], row["oldest_age"], row["oldest_request"]) == (4.5, 24, "R3")
    # Four hours after 14:00 on Tuesday are over on Wednesday at 10:00.
    assert f"{row['next_due_on']:%Y-%m-%d}" == "2026-07-01"


def test_without_requests_there_are_no_breaches_ages_or_owners():
    judged = judge([], STRATEGY)
    assert not len(list_breaches(judged, STRATEGY, "UTC"))
    assert not len(age_requests(judged, STRATEGY, "UTC"))
    assert not len(rate_owners(judged, STRATEGY))
    assert not len(trace_months(judged, STRATEGY, None))
