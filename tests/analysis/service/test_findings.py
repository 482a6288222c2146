"""Findings name the promise, the figures, the next step and who takes it; gaps say what is wrong or missing."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from service_samples import agree, ask, judge, keep, make_requests, make_strategy

from mopsnb.analysis.service import (
    age_requests,
    describe_ages,
    describe_agreements,
    find_breaches,
    find_service_gaps,
    lead_with_agreements,
    list_breaches,
    rate_agreements,
    rate_owners,
    select_breaches,
    select_months,
    title_months,
    trace_months,
)
from mopsnb.assets import folder

STRATEGY = make_strategy(agree(clause="Tickets are solved", on_breach="Call the vendor"), agree("other", clause="News"))
DAY = pd.Timestamp("2026-06-30").date()


def work_out(rows, strategy=STRATEGY):
    judged = judge(rows, strategy)
    rated, ages = rate_agreements(judged, strategy), age_requests(judged, strategy, "UTC")
    return judged, rated, ages, trace_months(judged, strategy, DAY)


def find(rows, strategy=STRATEGY):
    _, rated, ages, months = work_out(rows, strategy)
    return {finding.id: finding for finding in find_breaches(rated, ages, months)}


def miss(rows, strategy=STRATEGY, *, has_table=True):
    judged, rated, _, _ = work_out(rows, strategy)
    return {finding.id: finding for finding in find_service_gaps(judged, rated, strategy, has_table=has_table)}


def test_a_missed_promise_is_an_error_with_its_figures_and_what_the_breach_sets_off():
    finding = find([*keep(30, 20), ask("2026-06-10T09:00Z")])["service_levels.share.tickets"]
    assert (finding.severity, finding.owner, finding.where) == ("error", "Tia Ray", "tickets")
    assert finding.title == "“Tickets are solved” is kept less often than promised: 64.5% within 4 business hours"
    assert finding.evidence == (
        "20 of 31 decided requests were closed within 4 business hours, 10 were late and 1 is open past it: "
        "64.5% (95% interval 46.9% to 78.9%), promised are 90%."
    )
    assert finding.fix == (
        "Do what was agreed for a breach: “Call the vendor.” One request is open past the threshold: R30."
    )


def test_a_missed_promise_names_the_months_that_were_surely_below_it():
    spring = [ask(f"2026-05-{day:02d}T09:00Z", f"2026-05-{day:02d}T10:00Z") for day in (4, 5, 6, 7, 11, 12, 13, 14)]
    finding = find([*spring, *keep(30, 10)])["service_levels.share.tickets"]
    assert finding.evidence.endswith("In June 2026 it was 33.3%, clearly below the promise.")


def test_a_promise_at_risk_is_a_warning_that_chance_can_make():
    finding = find(keep(30, 26, agreement="other"))["service_levels.share.other"]
    assert finding.severity == "warning"
    assert finding.evidence.endswith("Chance alone can make this difference.")
    assert finding.fix.startswith("Find with Sales what the late requests have in common")


@pytest.mark.parametrize(("count", "kept"), [(30, 30), (9, 8)])
def test_a_kept_promise_and_too_few_requests_have_no_finding(count, kept):
    assert find(keep(count, kept)) == {}


def test_requests_past_their_threshold_are_a_warning_that_names_the_oldest():
    rows = [
        *keep(40, 40),
        ask("2026-06-26T09:00Z", request_id="OLD"),
        ask("2026-06-29T09:00Z"),
        ask("2026-06-30T16:00Z"),
    ]
    finding = find(rows)["service_levels.overdue.tickets"]
    assert finding.title == "2 requests under “Tickets are solved” are open past the 4 business hours"
    assert finding.evidence == (
        "OLD has waited longest: 24 business hours, opened on June 26, 2026, with Tia Ray. "
        "Requests of all months count here, however old."
    )
    assert (finding.severity, finding.owner) == ("warning", "Tia Ray")


WAITS = "open past the threshold"


@pytest.mark.parametrize(
    ("opened", "fix", "order"),
    [
        (["2026-06-26", "2026-06-29"], f"2 requests are {WAITS}: start with R0, which waits longest.", ["R0", "R1"]),
        (
            ["2024-03-05", "2026-06-26", "2026-06-29"],
            f"2 requests opened since July 1, 2025 are {WAITS}: start with R1, which waits longest. Close the older "
            "one if nobody needs it any more.",
            ["R1", "R2", "R0"],
        ),
        (
            ["2024-03-05", "2024-03-06", "2026-06-29"],
            f"1 request opened since July 1, 2025 is {WAITS}: start with R2. Close those of the 2 older ones that "
            "nobody needs any more.",
            ["R2", "R0", "R1"],
        ),
        (
            ["2024-03-05", "2024-03-06"],
            f"2 older requests are {WAITS}: close those that nobody needs any more.",
            ["R0", "R1"],
        ),
        (["2024-03-05"], "One request is open past the threshold: R0.", ["R0"]),
    ],
)
def test_what_is_open_from_the_months_that_count_comes_before_what_is_older(opened, fix, order):
    """An answer helps where the question is fresh; what waits for years is a record to close."""
    closed = [row | {"opened_at": "2025-07-01T09:00Z"} if not place else row for place, row in enumerate(keep(40, 20))]
    rows = [*(ask(f"{day}T09:00Z", request_id=f"R{place}") for place, day in enumerate(opened)), *closed]
    judged = judge(rows, STRATEGY)
    recent = select_months(judged, DAY, 12)
    ages = age_requests(judged, STRATEGY, "UTC", recent)
    found = find_breaches(rate_agreements(recent, STRATEGY), ages, trace_months(judged, STRATEGY, DAY))
    [share] = [finding for finding in found if finding.id == "service_levels.share.tickets"]
    assert share.fix.endswith(fix)

    breaches = list_breaches(select_breaches(judged, recent), STRATEGY, "UTC", recent)
    assert breaches.loc[breaches["state"] == "overdue", "request_id"].tolist() == order


def test_what_is_open_of_all_months_tells_how_much_of_it_attainment_counts():
    rows = [*keep(40, 40), ask("2024-03-05T09:00Z", request_id="OLD"), ask("2026-06-29T09:00Z")]
    judged = judge(rows, STRATEGY)
    recent = select_months(judged, DAY, 12)
    rated, ages = rate_agreements(recent, STRATEGY), age_requests(judged, STRATEGY, "UTC", recent)
    months = trace_months(judged, STRATEGY, DAY)
    found = {finding.id: finding for finding in find_breaches(rated, ages, months)}
    finding = found["service_levels.overdue.tickets"]
    assert finding.title.startswith("2 requests under")
    assert finding.evidence.startswith("OLD has waited longest")
    assert finding.evidence.endswith("however old; 1 of them was opened in the months that attainment counts.")
    breaches = list_breaches(select_breaches(judged, recent), STRATEGY, "UTC", recent)
    # The table's first row is the request that the proposal names.
    first = ages["recent_request"].tolist()[0]
    assert breaches["request_id"].tolist() == [first, "OLD"]
    assert f"{first} first; close older ones" in finding.fix


def test_closed_late_counts_of_the_last_months_alone_in_the_table_of_breaches():
    rows = [ask("2024-03-05T09:00Z", "2024-03-15T09:00Z"), ask("2026-06-03T09:00Z", "2026-06-05T09:00Z")]
    judged = judge(rows, STRATEGY)
    assert select_breaches(judged, select_months(judged, DAY, 12))["request_id"].tolist() == ["R1"]


def test_a_promise_that_names_its_limit_does_not_say_it_twice():
    strategy = make_strategy(agree(clause="Tickets solved within 4 business hours"))
    rows = [*keep(30, 20), ask("2026-06-10T09:00Z")]
    found = find(rows, strategy)
    share, overdue = (found[f"service_levels.{name}.tickets"].title for name in ("share", "overdue"))
    assert share == "“Tickets solved within 4 business hours” is kept less often than promised: 64.5%"
    assert overdue == "1 request under “Tickets solved within 4 business hours” is open past it"


def test_the_list_and_the_cost_of_a_broken_promise_are_told():
    page = json.loads((folder("notebooks") / "run" / "service_levels.ipynb").read_text(encoding="utf-8"))
    headings = [line.strip() for cell in page["cells"] for line in cell["source"] if line.startswith("## ")]
    finding = find(keep(30, 20))["service_levels.share.tickets"]
    assert f"## {finding.section}" in headings
    assert finding.cost.startswith("What it costs is not in the data: ")


def test_months_below_a_promise_that_is_otherwise_kept_are_good_to_know():
    rows = keep(60, 60, "2026-02") + keep(12, 5, "2026-03") + keep(60, 60, "2026-04")
    finding = find(rows)["service_levels.slump.tickets.2026-03"]
    assert finding.severity == "info"
    assert finding.title == "“Tickets are solved” was clearly kept less often than promised in March 2026"
    assert finding.evidence.startswith("5 of 12 decided requests of these months were in time, 41.7%")


def test_a_missed_promise_reports_its_months_once():
    assert list(find(keep(30, 20))) == ["service_levels.share.tickets"]


def test_impossible_requests_are_named_and_said_not_to_count():
    rows = [
        *keep(2, 2),
        ask("2026-06-08T09:00Z", "2026-06-08T08:00Z", request_id="BACK"),
        ask("2026-06-08T09:00Z", "2026-06-08T10:00Z", paused_hours=3, request_id="PAUSE"),
        ask("2026-06-08T09:00Z", "2026-06-08T10:00Z", "unheard-of"),
        ask("2026-06-08T09:00Z", "2026-06-08T10:00Z", "unheard-of"),
    ]
    found = miss(rows)
    back, pause, unknown = (
        found[f"service_levels.{name}"] for name in ("closed-before-opened", "paused-too-long", "unknown-agreement")
    )
    assert back.title == "1 request was closed before it was opened, and does not count"
    assert back.evidence == "In the column request_id of service_event: 'BACK'."
    assert "'PAUSE'" in pause.evidence
    assert unknown.title == "2 requests belong to no agreement of the strategy file"
    assert unknown.evidence == "In the column agreement of service_event: 'unheard-of'."
    assert {finding.owner for finding in (back, pause, unknown)} == {"Tia Ray"}


def test_many_faulty_rows_are_counted_and_five_are_named():
    rows = [ask("2026-06-08T09:00Z", "2026-06-08T08:00Z") for _ in range(8)]
    evidence = miss(rows)["service_levels.closed-before-opened"].evidence
    assert evidence.endswith("'R0', 'R1', 'R2', 'R3', 'R4' and 3 more.")


def test_what_is_not_defined_or_not_recorded_is_said():
    strategy = make_strategy(agree("a", None, attainment=None), agree("b", attainment=None), agree("c"))
    found = miss(keep(3, 3, agreement="a") + keep(3, 3, agreement="b"), strategy)
    assert found["service_levels.not-defined.a"].title == "“a” cannot be judged: it has no threshold and no attainment"
    assert found["service_levels.not-defined.b"].fix == "Add attainment under agreements, b."
    assert found["service_levels.silent.c"].severity == "info"


def test_requests_without_any_agreement_ask_for_one():
    found = miss(keep(3, 3), make_strategy())
    assert found["service_levels.no-agreements"].evidence == "The table service_event holds 3 requests."


@pytest.mark.parametrize(
    ("has_table", "evidence"),
    [
        (False, "There is no table service_event."),
        (True, "The table service_event holds no request up to the report's day."),
    ],
)
def test_agreements_without_requests_say_what_to_supply(has_table, evidence):
    finding = miss([], has_table=has_table)["service_levels.no-requests"]
    assert finding.evidence == evidence
    assert "data/service_event.csv" in finding.fix


def test_neither_agreements_nor_requests_is_no_finding():
    assert miss([], make_strategy()) == {}


def test_a_request_far_ahead_of_all_others_is_doubted():
    rows = [*keep(3, 3, "2026-01"), ask("2026-06-29T09:00Z", request_id="LATER")]
    finding = miss(rows)["service_levels.far-ahead"]
    assert finding.title == "The newest request is opened 177 days after all others"
    assert "'LATER' is opened on June 29, 2026" in finding.evidence
    assert "service_levels.far-ahead" not in miss(keep(3, 3, "2026-05") + keep(3, 3))


def test_the_page_leads_with_how_many_are_kept_and_each_share_with_its_interval():
    _, rated, ages, _ = work_out([*keep(30, 20), *keep(30, 30, agreement="other"), ask("2026-06-10T09:00Z")])
    frame = lead_with_agreements(rated, ages, DAY, months=12).set_index("name")
    assert frame.index.tolist() == ["agreements_kept", "requests_overdue", "tickets", "other"]
    assert frame.loc["agreements_kept", ["value", "n"]].tolist() == [1, 2]
    assert frame.loc["requests_overdue", ["value", "n"]].tolist() == [1, 1]
    assert frame.loc["tickets", ["n", "unit", "status", "target", "period"]].tolist() == [
        *(31, "fraction", "missed", 0.9, "2025-07-01/2026-06-30")
    ]
    assert frame.loc["tickets", "value"] == pytest.approx(20 / 31)
    assert not len(lead_with_agreements(rated.head(0), ages, DAY, months=12))


def test_sentences_read_the_figures():
    judged, rated, ages, months = work_out([*keep(30, 20), ask("2026-06-26T09:00Z"), ask("2026-06-30T16:00Z")])
    assert describe_agreements(rated, months=1) == (
        "Of 2 agreements, 1 is clearly not kept as often as promised and 1 is without a decided request. "
        "This rests on 31 decided requests of the last month."
    )
    assert describe_agreements(rated.head(0), months=12).startswith("The strategy file names no agreement yet.")
    assert describe_ages(ages) == (
        "2 requests are open, 1 of them past the threshold. R30 under “Tickets are solved” has waited longest for its "
        "threshold: 24 business hours, opened on June 26, 2026."
    )
    assert describe_ages(ages.head(0)) == "No request is open."
    assert title_months(months) == "Clearly below the promise: “Tickets are solved” in June 2026"
    assert title_months(months.head(0)) == "Promises kept by month"
    kept = trace_months(judged[judged["state"] == "in_time"], STRATEGY, DAY)
    assert title_months(kept) == "No month lies clearly below a promise"


def test_a_frame_without_pauses_is_read_as_one_without_pauses():
    assert make_requests([ask("2026-06-08T09:00Z")])["paused_hours"].isna().all()
    assert judge([ask("2026-06-08T09:00Z")], STRATEGY)["paused_hours"].tolist() == [0.0]


def test_whoever_holds_most_broken_promises_of_several_owners_is_named():
    rows = [row | {"owner": "Zoe", "request_id": f"Z{place}"} for place, row in enumerate(keep(12, 4))]
    judged = judge([*rows, *keep(30, 28)], STRATEGY)
    rated, ages = rate_agreements(judged, STRATEGY), age_requests(judged, STRATEGY, "UTC")
    months = trace_months(judged, STRATEGY, DAY)
    owners = rate_owners(judged, STRATEGY)
    [finding] = [one for one in find_breaches(rated, ages, months, owners=owners) if ".share." in one.id]
    assert finding.evidence.endswith("8 of the 10 broken promises were with Zoe.")
    assert "broken promises were" not in find_breaches(rated, ages, months)[0].evidence
    few = owners.assign(late=[2, 1], overdue=0)
    assert "broken promises were" not in find_breaches(rated, ages, months, owners=few)[0].evidence


def test_a_slump_names_what_the_calendar_holds_for_its_months():
    events = pd.DataFrame(
        {"kind": ["absence", "holiday", "absence"], "note": ["Nobody stood in", "A day", "Much later"]}
        | {name: pd.to_datetime(["2026-06-08", "2026-06-19", "2026-09-01"]) for name in ("first_day", "last_day")}
    )
    judged = judge([*keep(40, 40, month="2026-04"), *keep(30, 10)], STRATEGY)
    rated, ages = rate_agreements(judged, STRATEGY), age_requests(judged, STRATEGY, "UTC")
    found = find_breaches(rated, ages, trace_months(judged, STRATEGY, DAY), events=events)
    [finding] = [one for one in found if ".share." in one.id]
    assert finding.evidence.endswith(
        "In June 2026 it was 33.3%, clearly below the promise. In event_calendar for that time: absence “Nobody stood "
        "in” (June 8, 2026)."
    )


def test_a_month_with_few_requests_is_looked_at_with_the_next_ones():
    """4 of 8 in May alone say little; with 8 of 12 in June it is 12 of 20, whose Wilson interval ends at 78%."""
    months = trace_months(judge([*keep(8, 4, month="2026-05"), *keep(12, 8)], STRATEGY), STRATEGY, DAY)
    assert months.loc[months["counted"] > 0, "is_below"].tolist() == [True, True]
    alone = trace_months(judge(keep(8, 4), STRATEGY), STRATEGY, DAY)
    assert not alone["is_below"].any()
    good = trace_months(judge([*keep(8, 8, month="2026-05"), *keep(12, 4)], STRATEGY), STRATEGY, DAY)
    assert good.loc[good["counted"] > 0, "is_below"].tolist() == [False, True]
