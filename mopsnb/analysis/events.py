"""What the team's calendar of events says of the time of a finding: a cause that is known need not be looked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from mopsnb.analysis.frames import Row, list_rows, read_day
from mopsnb.analysis.months import find_month_end
from mopsnb.analysis.wording import format_day, format_span, join_words
from mopsnb.findings import Finding

_RECORD = re.compile(r"record the cause in the table event_calendar(?: under \w+ \d{4})?")  # a finding asks for it
NAMED = 3  # events of one finding
SHORT = 7  # days of a finding up to which a holiday may explain it
_EXPECTED = ("webinar", "trade show", "holiday")  # planned, frequent, and named after what nobody planned
EVENT_COLUMNS = ("kind", "note", "first_day", "last_day")


def name_events(findings: Sequence[Finding], events: pd.DataFrame) -> list[Finding]:
    """Return findings, with the events of their time where they ask for a cause.

    That an event lies in the time of a finding does not make it the cause: the finding asks to confirm it. What nobody
    planned comes first. Holidays stand with findings of a few days alone.

    Parameters
    ----------
    findings
        In any order, which stays.
    events
        Columns kind, note, first_day and last_day; see ``Workspace.events``.
    """
    return [_name(finding, list_rows(events)) for finding in findings]


def tell_events(events: pd.DataFrame, first: date, last: date) -> str:
    """Return what the calendar holds for a stretch of days, as a sentence; empty for nothing.

    Parameters
    ----------
    events
        As for `name_events`.
    first, last
        The days.
    """
    return _tell(_select(list_rows(events), first, last))


def _name(finding: Finding, events: Sequence[Row]) -> Finding:
    if not _RECORD.search(finding.fix) or not finding.period:
        return finding
    known = _select(events, *_read_period(finding.period))
    if not known:
        return finding
    confirm = f"say there whether {'this' if len(known) == 1 else 'any of these'} was the cause"
    evidence = f"{finding.evidence} {_tell(known)}".lstrip()
    return replace(finding, evidence=evidence, fix=_RECORD.sub(confirm, finding.fix))


def _select(events: Sequence[Row], first: date, last: date) -> list[Row]:
    """Return the events of a stretch of days, those that nobody planned first."""
    is_short = (last - first).days < SHORT
    known = [
        event
        for event in events
        if read_day(event["first_day"]) <= last
        and read_day(event["last_day"]) >= first
        and (is_short or str(event["kind"]).casefold() != "holiday")
    ]
    return sorted(known, key=lambda event: (str(event["kind"]).casefold() in _EXPECTED, read_day(event["first_day"])))


def _tell(known: Sequence[Row]) -> str:
    told = [_describe(event) for event in known[:NAMED]]
    told += [f"{len(known) - NAMED} more"] if len(known) > NAMED else []
    return f"In event_calendar for that time: {join_words(told)}." if told else ""


def _describe(event: Row) -> str:
    first, last = read_day(event["first_day"]), read_day(event["last_day"])
    when = format_day(first) if first == last else format_span(first, last)
    note = f" “{event['note']}”" if event["note"] else ""
    return f"{event['kind']}{note} ({when})"


def _read_period(period: str) -> tuple[date, date]:
    """Return the first and last day of a finding's period.

    Examples
    --------
    >>> [f"{day}" for day in _read_period("2026-02")]
    ['2026-02-01', '2026-02-28']
    """
    start, _, end = period.partition("/")
    first, last = (
        date.fromisoformat(text if len(text) > len("2026-02") else f"{text}-01") for text in (start, end or start)
    )
    return first, last if len(end or start) > len("2026-02") else find_month_end(last)
