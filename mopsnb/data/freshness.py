"""How old the data is, and dates that cannot be right."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd

from mopsnb.data.contract import TABLES
from mopsnb.data.dates import Days
from mopsnb.data.wording import count_of
from mopsnb.findings import Finding, make_id

ENDED_AFTER = 92  # days of silence after which one of several sources has likely ended for good
GAP = 366  # days without any row in any table, after which later rows look wrong
COLUMNS = ["source", "table", "last_on", "age_days", "allowed_days", "is_stale", "rows"]


def list_freshness(days: Mapping[str, Days], as_of: date | None, stale_after_days: int) -> pd.DataFrame:
    """Return how old each source of the dated tables is.

    Parameters
    ----------
    days
        Table name to its days, as `mopsnb.data.engine.Engine.ages` holds them.
    as_of
        The day that ages are counted to; None: there is nothing to tell.
    stale_after_days
        The workspace's threshold. Beyond it a source counts as stale. A table that the contract expects less often
        (invoices: monthly) is allowed more before its silence is a warning. Records
        (contacts, deals) count as stale only beyond what the contract allows.

    Returns
    -------
    pandas.DataFrame
        One row a table and source, in that order: ``source``, ``table``, ``last_on`` (date),
        ``age_days``, ``allowed_days``, ``is_stale`` and ``rows`` (up to ``as_of``).
    """
    rows = []
    for name, found in days.items():
        if as_of is None or not TABLES[name].is_watched:
            continue
        frame = found.frame[found.frame["day"] <= as_of]
        allowed = max(stale_after_days, TABLES[name].every_days)
        for source, part in frame.groupby("source", sort=True):
            last = part["day"].max()
            age = (as_of - last).days
            limit = stale_after_days if TABLES[name].is_dated else allowed
            rows.append((source, name, last, age, allowed, age > limit, int(part["rows"].sum())))
    return pd.DataFrame(rows, columns=COLUMNS)


def find_stale(freshness: pd.DataFrame, as_of: date | None) -> list[Finding]:
    """Return a finding for each stale table, or for each stale source where others of the table are fresh."""
    findings: list[Finding] = []
    for _, part in freshness.groupby("table", sort=True):
        rows = sorted(part.to_dict("records"), key=lambda row: (row["age_days"], row["source"]))
        if part["is_stale"].all():
            findings.append(_report_stale(rows[0], as_of, source=""))
        else:
            findings += [_report_stale(row, as_of, source=row["source"]) for row in rows if row["is_stale"]]
    return findings


def find_behind(ages: Mapping[str, Days], as_of: date | None, stale_after_days: int) -> list[Finding]:
    """Return a finding where records are newer than the day that figures are as of.

    That day is the latest event or spend. Where these come late, what records say since is left out of all figures.

    Parameters
    ----------
    ages
        Table name to its days, as `mopsnb.data.engine.Engine.ages` holds them.
    as_of
        The latest event or spend; None: there is none.
    stale_after_days
        The workspace's threshold: records may be newer by so much.
    """
    lasts = {name: found.find_last(None) for name, found in ages.items() if found.rows}
    records = {name: last for name, last in lasts.items() if last and not TABLES[name].is_dated}
    events = [(last, name) for name, last in lasts.items() if last and TABLES[name].is_dated and last == as_of]
    if as_of is None or not records or not events:
        return []
    newest, (last, table) = max(records.items(), key=lambda item: item[1]), max(events)
    behind = (newest[1] - last).days
    if not stale_after_days < behind <= GAP:
        return []
    return [
        Finding(
            id=make_id("freshness", "as-of", table),
            severity="warning",
            title=f"Figures stop on {last}, although {newest[0]} reaches to {newest[1]}.",
            evidence=(
                f"They are as of the latest event or spend, and {table} has nothing newer. What {newest[0]} says of "
                f"the {count_of(behind, 'day')} since is left out."
            ),
            fix=f"Bring the table {table} up to date.",
            where=table,
            stake="result",
        )
    ]


def find_wild_dates(days: Mapping[str, Days]) -> list[Finding]:
    """Return a finding where a few rows lie more than a year after all others.

    Such a row (a typing error, a test record) moves the day that figures are as of.
    """
    parts = [found.frame.assign(table=name) for name, found in days.items() if TABLES[name].is_dated and found.rows]
    if not parts:
        return []
    frame = pd.concat(parts).sort_values(["day", "table", "source"], kind="stable").reset_index(drop=True)
    ordered = sorted(frame["day"].unique())
    breaks = [later for earlier, later in pairwise(ordered) if (later - earlier).days > GAP]
    if not breaks:
        return []
    # The first gap after which only a minority of rows lies: what follows it is suspect.
    for start in breaks:
        ahead, before = frame[frame["day"] >= start], frame[frame["day"] < start]
        if ahead["rows"].sum() < before["rows"].sum():
            last = before["day"].max()
            return [_report_wild(str(table), part, last) for table, part in ahead.groupby("table", sort=True)]
    return []


def _report_stale(row: dict[Hashable, Any], as_of: date | None, source: str) -> Finding:
    table = str(row["table"])
    ended = bool(source) and row["age_days"] > ENDED_AFTER
    usual = row["age_days"] <= row["allowed_days"]
    what = f"{table}, {source}," if source else table
    title = f"{what} has nothing newer than {row['last_on']}"
    last = "The last row is of" if TABLES[table].is_dated else "The last change of a record is of"
    pause = "a row" if TABLES[table].is_dated else "one"
    fix = f"Check the export or the connection that fills the table {table}."
    if ended:
        fix = f"If {source} has ended, there is nothing to do; if not, check the export that fills the table {table}."
    return Finding(
        id=make_id("freshness", table, *([source] if source else [])),
        severity="info" if ended or usual else "warning",
        title=f"{title}.",
        evidence=(
            f"{last} {row['last_on']}, {count_of(row['age_days'], 'day')} before {as_of}; up to "
            f"{count_of(row['allowed_days'], 'day')} without {pause} are normal. {count_of(row['rows'], 'row')} in all."
        ),
        fix=fix,
        where=table,
        stake="result",
    )


def _report_wild(table: str, part: pd.DataFrame, last: date) -> Finding:
    count = int(part["rows"].sum())
    return Finding(
        id=make_id("dates", table, "far-ahead"),
        severity="warning",
        title=f"{table} has {count_of(count, 'row')} far later than all other data.",
        evidence=f"For example a row of {part['day'].max()}; everything else ends on {last}.",
        fix="Correct or remove these rows, or give the day that figures are as of (as_of).",
        where=table,
    )
