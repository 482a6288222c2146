"""The sentences that explain a goal's status, with the numbers behind it."""

from __future__ import annotations

import math

from mopsnb.analysis.cases import Case
from mopsnb.analysis.measures import WITHOUT_SEASON, Measure
from mopsnb.analysis.months import count_months
from mopsnb.analysis.paths import rate_achievement
from mopsnb.analysis.wording import (
    FormatValue,
    count_things,
    format_day,
    format_month,
    format_months,
    format_span,
    write_percent,
)
from mopsnb.analysis.wording import join_words as join

BASE_WORDS = 8  # a longer name of a base would bury the figure
EARLY = 0.1  # below this share of the time a pace says little


def explain_start(case: Case, format_value: FormatValue) -> str:
    """Return the reason of a goal that has not started."""
    unit = case.card.unit
    base, target = format_value(case.path.baseline, unit), format_value(case.path.target, unit)
    return f"It starts on {format_day(case.path.start)} and asks for {target} after {base}."


def explain_silence(case: Case) -> str:
    """Return the reason of a goal whose metric has no data that counts."""
    title = case.card.title
    if not case.months:
        return f"There is no data for {title}. {case.lack}".rstrip()
    span = format_span(case.path.start, case.until)
    if case.card.additive:
        return f"There is no data for {title} from {span}."
    return f"There is no complete month with data for {title} from {span}."


def explain_gaps(case: Case, found: Measure) -> str:
    """Return the reason of a goal whose missing months leave no verdict."""
    elapsed = (case.until - case.path.start).days + 1
    text = f"Data covers {found.covered * elapsed:,.0f} of {elapsed:,} days from "
    text += f"{format_span(case.path.start, case.until)}, so the total of {case.card.title} is not known."
    return " ".join([text, *_add_notes(case, found)])


def explain_end(case: Case, found: Measure, status: str, format_value: FormatValue) -> str:
    """Return the reason of a goal that is met or missed."""
    unit = case.card.unit
    actual, target = format_value(found.actual, unit), format_value(case.path.target, unit)
    verb = "reached" if case.sign >= 0 else "stayed within"
    text = f"{actual} {_name_days(case, found)}{_name_base(case, found, format_value)} "
    text += f"{verb} the target of {target}" if status == "met" else f"missed the target of {target}"
    if case.as_of < case.path.deadline:
        text += f", {count_things((case.path.deadline - case.as_of).days, 'day')} before the deadline"
    noise = _add_noise(case, found, case.path.target, status, format_value)
    before = [] if case.card.additive else _look_back(case, found, format_value)
    return " ".join([f"{text}.", *noise, *before, *_add_notes(case, found)])


def explain_pace(case: Case, found: Measure, status: str, format_value: FormatValue) -> str:
    """Return the reason of a goal that runs: figure, path, pace, noise, and what the reader must know."""
    unit = case.card.unit
    actual, expected = format_value(found.actual, unit), format_value(found.expected, unit)
    sentences = [
        f"{actual} {_name_days(case, found)}{_name_base(case, found, format_value)}; the path expects {expected}."
    ]
    achieved = rate_achievement(found.actual, found.expected, found.base)
    if math.isnan(achieved):
        sentences.append("The goal is to hold the level.")
    elif achieved <= 0:
        base = format_value(found.base, unit)
        sentences.append(f"None of the asked change has come yet: the baseline alone would give {base}.")
    elif case.card.additive:
        part = format_value(round(achieved, 2), "fraction")
        sentences.append(f"If every month brings the same, the goal ends with {part} of the asked change.")
    else:  # a level does not add up: what holds until the deadline is held against the target itself
        part = format_value(round(rate_achievement(found.actual, case.path.target, case.path.baseline), 2), "fraction")
        sentences.append(f"If it stays at this level, the goal ends with {part} of the asked change.")
    sentences += _add_noise(case, found, found.expected, status, format_value)
    sentences += _look_back(case, found, format_value)
    share = case.path.share(case.path.start, case.as_of)
    if share < EARLY:
        days = (case.as_of - case.path.start).days + 1
        total = (case.path.deadline - case.path.start).days + 1
        sentences.append(f"It is early: {days:,} of {total:,} days have passed.")
    return " ".join([*sentences, *_add_notes(case, found)])


def explain_shape(turned: Case, found: Measure, statuses: tuple[str, str], format_value: FormatValue) -> str:
    """Return what a goal's status would be on the path of the other shape.

    Parameters
    ----------
    turned, found
        The goal on that path, and its figure there.
    statuses
        The goal's status, and that on the other path.
    format_value
        Turns a value and its unit into text.
    """
    path = "a path that follows the usual share of each month" if turned.path.weights else "a steady path"
    text = f"On {path}, {format_value(found.expected, turned.card.unit)} would be expected by now"
    if statuses[0] == statuses[1]:
        return f"{text}, and the status would be the same."
    named = statuses[1].replace("_", " ")
    return f"{text}, and the goal would be {named}: the status hangs on how the year is spread."


def is_noise(actual: float, mark: float, low: float, high: float) -> bool:
    """Tell whether a figure differs from a mark by no more than its interval explains; not where one is missing."""
    return low <= mark <= high and actual != mark


def _name_days(case: Case, found: Measure) -> str:
    if case.card.additive:
        return f"from {format_span(found.first, found.last)}"
    return f"in {format_months(found.first, found.last)}"


def _name_base(case: Case, found: Measure, format_value: FormatValue) -> str:
    if not found.interval.startswith("Wilson"):
        return ""
    parts = f"{format_value(found.numerator, 'count')} of {format_value(found.denominator, 'count')}"
    base = case.card.base.removesuffix(" in the month")
    if not 0 < len(base.split()) <= BASE_WORDS:
        return f" ({parts})"
    again = ", counted anew each month" if count_months(found.first, found.last) else ""
    return f" ({parts} {base}{again})"


def _add_noise(case: Case, found: Measure, mark: float, status: str, format_value: FormatValue) -> list[str]:
    told = _tell_season(case, found, mark, format_value)
    if not is_noise(found.actual, mark * found.season, found.low, found.high):
        return told
    low, high = (format_value(limit, case.card.unit) for limit in (found.low, found.high))
    how = WITHOUT_SEASON if found.interval.endswith(WITHOUT_SEASON) else ""
    text = f"It is {status.replace('_', ' ')}, but the difference lies within the noise"
    return [*told, f"{text} (95% interval {low} to {high}{how}): chance alone can make it."]


def _tell_season(case: Case, found: Measure, mark: float, format_value: FormatValue) -> list[str]:
    shift = round(found.season - 1, 2)
    if shift == 0:
        return []
    side, size = "above" if shift > 0 else "below", write_percent(abs(shift), format_value)
    with_season = format_value(mark * found.season, case.card.unit)
    text = f"The usual season puts these months {size} {side} the year's level"
    return [f"{text}; with it, {with_season} stands for the plan's {format_value(mark, case.card.unit)}."]


def _look_back(case: Case, found: Measure, format_value: FormatValue) -> list[str]:
    if not math.isfinite(found.year_before):
        return []
    text = f"The same months a year earlier came to {format_value(found.year_before, case.card.unit)}"
    asks = case.path.target != case.path.baseline
    if case.card.additive or not asks or case.sign * (found.year_before - case.path.target) < 0:
        return [f"{text}."]
    target = format_value(case.path.target, case.card.unit)
    return [f"{text}, which met the target of {target} already: a good figure in these months may be the season."]


def _add_notes(case: Case, found: Measure) -> list[str]:
    notes = []
    if found.missing:
        count = count_things(len(found.missing), "month")
        has = "has" if len(found.missing) == 1 else "have"
        notes.append(f"{count} {has} no data ({_list_months(found)}) and {'is' if has == 'has' else 'are'} left out.")
    if found.is_estimate:
        notes.append("A month in which the goal starts or ends counts by its share of days.")
    return [*notes, *([case.note] if case.note else [])]


def _list_months(found: Measure) -> str:
    names = [format_month(day) for day in found.missing]
    return join(names) if len(names) <= 4 else f"{join(names[:3], last=',')} … {names[-1]}"
