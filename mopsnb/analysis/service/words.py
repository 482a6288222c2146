"""What the page about service levels says in sentences and titles."""

from __future__ import annotations

import math

import pandas as pd

from mopsnb.analysis.frames import Row, list_rows, read_day, read_number
from mopsnb.analysis.service.months import find_slumps
from mopsnb.analysis.wording import FormatValue, count_things, format_day, format_months, format_plainly, join_words

STATUS_WORDS = {
    "missed": "clearly not kept as often as promised",
    "at_risk": "kept less often than promised, within what chance can make",
    "on_track": "kept as often as promised, within what chance can make",
    "met": "clearly kept as often as promised",
    "too_few": "with too few requests to tell",
    "no_data": "without a decided request",
    "not_defined": "not defined fully",
}


def describe_agreements(rated: pd.DataFrame, *, months: int) -> str:
    """Return how the agreements stand, in one or two sentences of plain text.

    Parameters
    ----------
    rated
        What ``rate_agreements`` returned.
    months
        How many months the requests are from.

    Examples
    --------
    >>> frame = pd.DataFrame({"status": ["missed", "met"], "counted": [30, 40]})
    >>> describe_agreements(frame, months=12)
    'Of 2 agreements, 1 is clearly not kept as often as promised and 1 is clearly kept as often as promised. \
This rests on 70 decided requests of the last 12 months.'
    """
    if not len(rated):
        return "The strategy file names no agreement yet. Add them under the key agreements of strategy.yml."
    counts = rated["status"].value_counts()
    parts = [
        f"{counts[status]} {'is' if counts[status] == 1 else 'are'} {words}"
        for status, words in STATUS_WORDS.items()
        if counts.get(status, 0)
    ]
    base = count_things(int(rated["counted"].sum()), "decided request")
    span = "the last month" if months == 1 else f"the last {months} months"
    return f"Of {count_things(len(rated), 'agreement')}, {join_words(parts)}. This rests on {base} of {span}."


def title_months(months: pd.DataFrame) -> str:
    """Return the finding of the chart by month: where promises were clearly broken.

    Parameters
    ----------
    months
        What ``trace_months`` returned.
    """
    parts = []
    for key in months["agreement"].unique():
        name = str(months.loc[months["agreement"] == key, "name"].iloc[0])
        if slumps := find_slumps(months, str(key)):
            parts.append(f"“{name}” in {join_words([format_months(slump.first, slump.last) for slump in slumps])}")
    if not len(months):
        return "Promises kept by month"
    return f"Clearly below the promise: {'; '.join(parts)}" if parts else "No month lies clearly below a promise"


def describe_ages(ages: pd.DataFrame, *, format_value: FormatValue = format_plainly) -> str:
    """Return how many requests are open, and which waits longest for its threshold, in plain text."""
    if not len(ages):
        return "No request is open."
    total, past = int(ages["open"].sum()), int((ages["up_to_double"] + ages["longer"]).sum())
    first = list_rows(ages)[0]
    wait = (
        f"{first['oldest_request']} under “{first['name']}” has waited longest for its threshold: "
        f"{format_value(read_number(first['oldest_age']), str(first['unit']))}, opened on "
        f"{format_day(read_day(first['oldest_opened_on']))}."
    )
    verb = "is" if total == 1 else "are"
    return f"{count_things(total, 'request')} {verb} open, {past} of them past the threshold. {wait}"


def describe_plan(plan: pd.DataFrame) -> str:
    """Return when the work for the event must start, in plain text."""
    if not len(plan):
        return "There is no day to plan back from yet: give it as the parameter event, such as event=2027-03-15."
    row = list_rows(plan)[0]
    amount = read_number(row["needs"])
    need = count_things(int(amount), "business day") if amount == int(amount) else f"{amount:g} business days"
    event, start = format_day(read_day(row["event_on"])), format_day(read_day(row["start_on"]))
    if row["is_past"]:
        ready = format_day(read_day(row["ready_on"]))
        return (
            f"An event on {event} that needs {need} of work should have started by {start}. "
            f"Work that starts after the report's day is done on {ready}."
        )
    return f"An event on {event} that needs {need} of work: start by {start}, {row['start_at']}."


def write_share(row: Row, format_value: FormatValue) -> str:
    """Return an agreement's attainment with its interval and what was promised."""
    low, high = (format_value(read_number(row[name]), "fraction") for name in ("low", "high"))
    text = f"{format_value(read_number(row['kept']), 'fraction')} (95% interval {low} to {high})"
    target = read_number(row["target"])
    return f"{text}, promised are {format_value(target, 'fraction')}" if math.isfinite(target) else text
