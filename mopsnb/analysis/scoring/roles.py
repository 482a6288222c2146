"""What each column is to the score: an attribute to learn from, or set aside, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from mopsnb.analysis.frames import TEXT, build_frame
from mopsnb.analysis.scoring.values import Cells, Column

Role = Literal["attribute", "context", "set aside", "bookkeeping", "empty"]
ROLE_COLUMNS = {"column": TEXT, "role": TEXT, "reason": TEXT, "evidence": TEXT}

BY_TEAM = "excluded by the team"
AFTERWARDS = "written after the lead came in"
PERSONAL = "identifies a person"
IDENTIFIER = "identifies a record"
CONSTANT = "the same for every lead"
TOO_VARIED = "too many different values"
UNDATED = "a date that nothing can be compared with"
FUTURE = "knows the future"
CONTEXT = "the same for every lead of a period"
REASONS = (FUTURE, BY_TEAM, AFTERWARDS, PERSONAL, IDENTIFIER, TOO_VARIED, UNDATED, CONSTANT, CONTEXT)

# Columns of the table contact that name a row or say where it came from.
BOOKKEEPING = ("contact_id", "source_file", "source_row")
ORIGIN = "source"  # the system that a row came from: bookkeeping where it is one system, else it may matter
# Columns of the table contact that hold the state on the day of the export, whatever it was when the lead came in.
STATE = (
    *("updated_at", "last_activity_at", "record_type", "lifecycle_stage", "lead_status", "owner", "email_opt_out"),
    *("converted_at", "is_converted", "converted_contact_id", "merged_into", "is_deleted", "is_bot"),
)
_PERSONAL = re.compile(
    r"(^|_)(e_?mail|phone|mobile|fax|first_?name|last_?name|full_?name|surname|given_?name|family_?name|address"
    r"|street|birth_?date|date_?of_?birth|linkedin\w*|twitter\w*|ip)(_address|_number|_url)?$|^name$"
)
_IDENTIFIER = re.compile(r"(^|_)(id|ids|uuid|guid|key|hash|url)$")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
MANY_VALUES = 50  # fewer different values do not identify anyone
OWN_VALUE = 0.5  # the share of different values from which on nearly every lead has its own
DAY_SECONDS = 86_400.0
LATE_SHARE = 0.05  # from this share of later dates on, a date is written after the lead came in


@dataclass(frozen=True, slots=True)
class Judgment:
    """What a column is to the score.

    Parameters
    ----------
    column
        The column's name, verbatim.
    role
        What it is used as.
    reason
        Why it is not an attribute; empty for an attribute.
    evidence
        What shows it, in a sentence.
    """

    column: str
    role: Role
    reason: str = ""
    evidence: str = ""


def tabulate_judgments(judgments: Sequence[Judgment]) -> pd.DataFrame:
    """Return judgments as a frame: column, role, reason, evidence."""
    rows = [{name: getattr(item, name) for name in ROLE_COLUMNS} for item in judgments]
    return build_frame(rows, ROLE_COLUMNS)


def split_name(name: str) -> str:
    """Return a column's name in lower case with ``_`` between words.

    Examples
    --------
    >>> split_name("Call Duration"), split_name("emp.var.rate"), split_name("isCustomer")
    ('call_duration', 'emp_var_rate', 'is_customer')
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^0-9a-z]+", "_", spaced.casefold()).strip("_")


def judge_by_name(cells: Cells) -> Judgment | None:
    """Return why a column is set aside for what it is called or holds; None where nothing speaks against it.

    Parameters
    ----------
    cells
        The column as it was read, of all leads.
    """
    name, word = cells.column.name, split_name(cells.column.name)
    if cells.kind == "empty":
        return Judgment(name, "empty")
    if word in STATE:
        evidence = "The table contact holds this as it stood on the day of the export, not when the lead came in."
        return Judgment(name, "set aside", AFTERWARDS, evidence)
    if cells.kind == "date":
        return None
    holds_addresses = cells.column.is_text and _share_addresses(cells.column) > 0.5
    if holds_addresses or (_PERSONAL.search(word) and cells.column.count_values() > 2):
        return Judgment(name, "set aside", PERSONAL, "Personal data does not decide who is called first.")
    return _judge_variety(cells.column, word)


def _judge_variety(column: Column, word: str) -> Judgment | None:
    filled = int((~np.isnan(column.cells)).sum())
    distinct = column.count_values()
    if distinct == 1 and filled == len(column.cells):
        if word == ORIGIN:
            return Judgment(column.name, "bookkeeping")
        value = column.levels[0] if column.is_text else f"{column.cells[0]:g}"
        return Judgment(column.name, "set aside", CONSTANT, f"Every lead has the value {value}.")
    if distinct <= MANY_VALUES:
        return None
    evidence = f"{distinct:,} different values among {filled:,} leads that have one."
    whole = not column.is_text and bool((np.mod(column.cells[~np.isnan(column.cells)], 1) == 0).all())
    if _IDENTIFIER.search(word) and (column.is_text or whole):
        return Judgment(column.name, "set aside", IDENTIFIER, evidence)
    if column.is_text and distinct > OWN_VALUE * filled:
        return Judgment(column.name, "set aside", TOO_VARIED, f"{evidence} Nearly every lead has its own.")
    return None


def judge_levels(column: Column, least: int) -> Judgment | None:
    """Return why a column of named values has nothing to compare; None where a value has enough leads.

    Parameters
    ----------
    column
        The column, of the leads to learn from.
    least
        How many leads a value must have.
    """
    known = column.cells[~np.isnan(column.cells)].astype(np.int64)
    if not column.is_text or np.bincount(known, minlength=1).max() >= least:
        return None
    evidence = f"{len(column.levels):,} different values, none of which {least:,} leads share."
    return Judgment(column.name, "set aside", TOO_VARIED, evidence)


def compare_dates(cells: Cells, created: pd.Series | None) -> tuple[Column, Judgment | None]:
    """Return a column of dates as days before the lead came in, or why it is set aside.

    Where nearly all dates fall on the day on which the lead came in, the column says whether there is one.

    Parameters
    ----------
    cells
        The column as it was read: dates.
    created
        When each lead came in; None where that is unknown.
    """
    name = cells.column.name
    if created is None:
        return cells.column, Judgment(name, "set aside", UNDATED, "Nothing says when each lead came in.")
    days = np.asarray((created - cells.dates).dt.total_seconds() / DAY_SECONDS, dtype=np.float64)
    known = ~np.isnan(days)
    if not known.any():
        return cells.column, Judgment(name, "empty")
    late = float((days[known] < -1).mean())
    if late > LATE_SHARE:
        evidence = f"{late:.0%} of its dates are more than a day later than the lead."
        return cells.column, Judgment(name, "set aside", AFTERWARDS, evidence)
    if (np.abs(days[known]) <= 1).mean() >= 1 - LATE_SHARE:
        return Column(name, known.astype(np.float64), ("no date", "a date")), None
    return Column(name, np.round(days)), None


def _share_addresses(column: Column) -> float:
    return sum(ADDRESS.fullmatch(level) is not None for level in column.levels) / len(column.levels)
