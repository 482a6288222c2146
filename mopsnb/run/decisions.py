"""What the first page asks of its readers: at most three decisions, each with an owner and a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from mopsnb.findings import WITHIN
from mopsnb.run.context import SiteContext
from mopsnb.run.lines import Decision, FindingLine

MOST = 3


def join_subjects(found: Sequence[tuple[str, FindingLine]]) -> list[FindingLine]:
    """Return findings in their order, where what else concerns a goal, an agreement or an area stands under the first.

    Parameters
    ----------
    found
        What each finding is about, and the finding. Only the subject of a result gathers others of the same page: two
        faults of one table are two things to do.
    """
    joined: dict[tuple[str, str], list[FindingLine]] = {}
    for place, (subject, line) in enumerate(found):
        key = (line.page, subject)
        if joined.get(key, [line])[0].is_result and subject:
            joined.setdefault(key, []).append(line)
        else:
            joined[f"{place}", ""] = [line]
    return [replace(first, also=tuple(others)) for first, *others in joined.values()]


def choose_decisions(lines: Sequence[FindingLine], context: SiteContext) -> list[Decision]:
    """Return the decisions that cannot wait, the first lines that call for one.

    A line calls for a decision where a goal, a promise or money is off its mark, it is an error or a warning, and it
    says what to do. An error is due within 7 days of the report's day, a warning within 14, as on the pages
    themselves; or on the last day to act, where that is earlier.

    Parameters
    ----------
    lines
        The most important first.
    context
        The day that figures are as of.
    """
    due = [line for line in lines if line.is_result and line.severity in WITHIN and line.fix]
    return [Decision(line, context.show_day(find_day(line, context.as_of))) for line in due[:MOST]]


def find_day(line: FindingLine, as_of: date | None) -> date | None:
    """Return the day by which to decide; None where the data has no day."""
    if as_of is None:
        return None
    look = as_of + timedelta(days=WITHIN[line.severity])
    return line.due if line.due and as_of < line.due < look else look
