"""Findings about promises: kept less often than agreed, waiting too long, or broken for a while."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mopsnb.analysis.events import tell_events
from mopsnb.analysis.frames import Row, list_rows, read_day, read_number
from mopsnb.analysis.months import find_month_end
from mopsnb.analysis.service.months import Slump, find_slumps
from mopsnb.analysis.service.words import write_share
from mopsnb.analysis.wording import FormatValue, count_things, format_day, format_months, format_plainly
from mopsnb.findings import Finding, Severity, make_id, sort_findings

STEP = "service_levels"
LEAST_BROKEN = 5  # fewer broken promises do not show who holds them
LISTED = "Which promises were broken"  # the heading of the page under which the requests stand
COST = "What it costs is not in the data: the sale that followed each request, in time or late, would tell."


@dataclass(frozen=True, slots=True)
class Context:
    """What findings look up: months, owners, the calendar of events, and how a figure is written."""

    months: pd.DataFrame
    owners: pd.DataFrame | None
    events: pd.DataFrame | None
    format_value: FormatValue

    def tell_events(self, slump: Slump) -> str:
        """Return what the calendar holds for a slump, as a sentence; empty for nothing."""
        return "" if self.events is None else tell_events(self.events, slump.first, find_month_end(slump.last))


def find_breaches(
    rated: pd.DataFrame,
    ages: pd.DataFrame,
    months: pd.DataFrame,
    *,
    owners: pd.DataFrame | None = None,
    events: pd.DataFrame | None = None,
    format_value: FormatValue = format_plainly,
) -> list[Finding]:
    """Return a finding for each promise that is not kept.

    An agreement whose whole interval lies below its promise is an error, one that lies below it within what chance can
    make a warning. Open requests past their threshold are a warning. Months in a row that clearly lay below the promise
    of an agreement that is otherwise kept are good to know.

    Parameters
    ----------
    rated
        What ``rate_agreements`` returned.
    ages
        What ``age_requests`` returned.
    months
        What ``trace_months`` returned.
    owners
        What ``rate_owners`` returned: who holds most of the broken ones is named.
    events
        Columns kind, note, first_day and last_day; see ``Workspace.events``: what they hold for the time of a slump is
        named.
    format_value
        Turns a value and its unit into text.
    """
    known = Context(months, owners, events, format_value)
    broken = [row for row in list_rows(rated) if row["status"] in ("missed", "at_risk")]
    open_now = {str(age["agreement"]): age for age in list_rows(ages) if _count_past(age)}
    found = [_report_share(row, open_now.get(str(row["id"])), known) for row in broken]
    providers = {str(row["id"]): row for row in list_rows(rated)}
    for name, age in open_now.items():
        found.append(_report_overdue(age, providers[name], format_value))
    for row in list_rows(rated):
        if row["status"] != "missed":
            found += _report_slumps(row, known)
    return sort_findings(found)


def _count_past(age: Row) -> int:
    return int(read_number(age["up_to_double"]) + read_number(age["longer"]))


def _report_share(row: Row, age: Row | None, known: Context) -> Finding:
    months, format_value = known.months, known.format_value
    is_sure = row["status"] == "missed"
    severity: Severity = "error" if is_sure else "warning"
    late, overdue = int(read_number(row["late"])), int(read_number(row["overdue"]))
    breaches = f"{late:,} {'was' if late == 1 else 'were'} late"
    if overdue:
        breaches += f" and {overdue:,} {'is' if overdue == 1 else 'are'} open past it"
    evidence = (
        f"{row['in_time']:,} of {count_things(int(read_number(row['counted'])), 'decided request')} were closed within "
        f"{row['promise']}, {breaches}: {write_share(row, format_value)}."
    )
    if not is_sure:
        evidence += " Chance alone can make this difference."
    slumps = find_slumps(months, str(row["id"])) if is_sure else []
    for slump in [slump for slump in slumps if slump.counted < int(read_number(row["counted"]))]:
        share = format_value(slump.in_time / slump.counted, "fraction")
        evidence += f" In {format_months(slump.first, slump.last)} it was {share}, clearly below the promise."
        evidence = f"{evidence} {known.tell_events(slump)}".rstrip()
    evidence = f"{evidence} {_name_holder(row, known.owners)}".rstrip()
    return Finding(
        id=make_id(STEP, "share", str(row["id"])),
        severity=severity,
        title=f"“{row['name']}” is kept less often than promised: "
        f"{format_value(read_number(row['kept']), 'fraction')}{_name_limit(row)}",
        evidence=evidence,
        fix=_propose_fix(row, age, _find_start(months, str(row["id"]))),
        owner=str(row["provider"]),
        where=str(row["id"]),
        stake="result",
        period=_find_period(months, str(row["id"])),
        section=LISTED,
        cost=COST,
    )


def _propose_fix(row: Row, age: Row | None, since: date | None) -> str:
    fix = _repeat_promise(row["on_breach"]) or (
        f"Find with {row['consumer']} what the late requests have in common, and agree on help or on another threshold."
    )
    if age is None:
        return fix
    past, recent = _count_past(age), int(read_number(row["overdue"]))
    if past == 1:
        return f"{fix} One request is open past the threshold: {age['oldest_request']}."
    if recent >= past:
        start = age["oldest_request"]
        return f"{fix} {past:,} requests are open past the threshold: start with {start}, which waits longest."
    if not recent:
        return f"{fix} {past:,} older requests are open past the threshold: close those that nobody needs any more."
    opened = f"{count_things(recent, 'request')} opened since {format_day(since)}" if since else f"{recent:,} requests"
    start = f"start with {age['recent_request']}" + (", which waits longest" if recent > 1 else "")
    verb = "is" if recent == 1 else "are"
    older = "Close the older one if nobody needs it any more."
    if past > recent + 1:
        older = f"Close those of the {past - recent:,} older ones that nobody needs any more."
    return f"{fix} {opened} {verb} open past the threshold: {start}. {older}"


def _name_limit(row: Row) -> str:
    """Return the threshold as the end of a sentence; empty where the agreement's name says it already."""
    limit = f" within {row['promise']}"
    return "" if str(row["name"]).endswith(limit) else limit


def _find_start(months: pd.DataFrame, agreement: str) -> date | None:
    rows = list_rows(months[months["agreement"] == agreement]) if len(months) else []
    return read_day(rows[0]["period_start"]) if rows else None


def _find_period(months: pd.DataFrame, agreement: str) -> str:
    """Return the span of an agreement's months; empty where the last is not over, or there is none."""
    rows = list_rows(months[months["agreement"] == agreement]) if len(months) else []
    if not rows or not rows[-1]["is_complete"]:
        return ""
    first, last = (read_day(row["period_start"]) for row in (rows[0], rows[-1]))
    return f"{first:%Y-%m-%d}/{find_month_end(last):%Y-%m-%d}"


def _report_overdue(age: Row, agreement: Row, format_value: FormatValue) -> Finding:
    past, recent, unit = _count_past(age), int(read_number(agreement["overdue"])), str(age["unit"])
    verb = "is" if past == 1 else "are"
    limit = f"past the {agreement['promise']}" if _name_limit(agreement) else "past it"
    counted = "Requests of all months count here, however old"
    if recent < past:
        share = f"{recent:,} of them {'was' if recent == 1 else 'were'}" if recent else "none of them was"
        counted += f"; {share} opened in the months that attainment counts"
    return Finding(
        id=make_id(STEP, "overdue", str(age["agreement"])),
        severity="warning",
        title=f"{count_things(past, 'request')} under “{age['name']}” {verb} open {limit}",
        evidence=f"{age['oldest_request']} has waited longest: {format_value(read_number(age['oldest_age']), unit)}, "
        f"opened on {format_day(read_day(age['oldest_opened_on']))}, with {age['oldest_owner']}. "
        f"{counted}.",
        fix=(
            "Answer them, or close those that need no answer any more, the oldest first."
            if recent in (0, past)
            else f"Answer those of the months that count, {age['recent_request']} first; close older ones that nobody "
            "needs any more."
        ),
        owner=str(agreement["provider"]),
        where=str(age["agreement"]),
        stake="result",
        section=LISTED,
        cost=COST,
    )


def _name_holder(row: Row, owners: pd.DataFrame | None) -> str:
    """Return who holds more than half of an agreement's broken promises, where several owners share the work."""
    if owners is None:
        return ""
    mine = [(str(one["owner"]), int(read_number(one["late"]) + read_number(one["overdue"])))
            for one in list_rows(owners[owners["agreement"] == row["id"]])]  # fmt: skip
    broken = sum(count for _, count in mine)
    name, most = max(mine, key=lambda one: one[1], default=("", 0))
    if len(mine) < 2 or broken < LEAST_BROKEN or most * 2 <= broken:
        return ""
    return f"{most:,} of the {broken:,} broken promises were with {name}."


def _report_slumps(row: Row, known: Context) -> Iterator[Finding]:
    format_value = known.format_value
    for slump in find_slumps(known.months, str(row["id"])):
        when = format_months(slump.first, slump.last)
        share = format_value(slump.in_time / slump.counted, "fraction")
        yield Finding(
            id=make_id(STEP, "slump", str(row["id"]), f"{slump.first:%Y-%m}"),
            severity="info",
            title=f"“{row['name']}” was clearly kept less often than promised in {when}",
            evidence=f"{slump.in_time:,} of {count_things(slump.counted, 'decided request')} of these months were in "
            f"time, {share}; promised are {format_value(read_number(row['target']), 'fraction')}. "
            f"{known.tell_events(slump)}".rstrip(),
            fix="Write down what happened then, so that it can be prevented.",
            owner=str(row["provider"]),
            where=str(row["id"]),
            stake="result",
            period=f"{slump.first:%Y-%m-%d}/{find_month_end(slump.last):%Y-%m-%d}",
        )


def _repeat_promise(text: object) -> str:
    """Return what the agreement says about a breach; empty where it says nothing."""
    words = str(text).strip().rstrip(".")
    return f"Do what was agreed for a breach: “{words}.”" if words else ""
