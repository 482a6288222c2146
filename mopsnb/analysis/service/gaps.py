"""Findings about what keeps promises from being measured: missing definitions, missing data, impossible times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pandas as pd

from mopsnb.analysis.frames import list_rows, read_day, read_number
from mopsnb.analysis.service.findings import STEP
from mopsnb.analysis.stakeholders import find_coordinator, name_owner
from mopsnb.analysis.wording import count_things, format_day, join_words
from mopsnb.findings import Finding, make_id, sort_findings
from mopsnb.strategy import Strategy

TABLE = "service_event"
AHEAD = timedelta(days=90)  # the newest requests lie this far behind all others where a date is mistyped
EXAMPLES = 5
FAULTS = {
    "unknown_agreement": (
        ("belongs to no agreement of the strategy file", "belong to no agreement of the strategy file"),
        "Add the agreement to strategy.yml, or correct the column agreement.",
    ),
    "closed_before_opened": (
        ("was closed before it was opened, and does not count",
         "were closed before they were opened, and do not count"),
        "Correct opened_at or closed_at; often a time zone is missing in one of the two.",
    ),
    "paused_too_long": (
        ("was paused for longer than it took, and does not count",
         "were paused for longer than they took, and do not count"),
        "Write paused_hours on the agreement's clock: business hours for a clock of business hours or days.",
    ),
}  # fmt: skip


def find_service_gaps(
    judged: pd.DataFrame, rated: pd.DataFrame, strategy: Strategy, *, has_table: bool
) -> list[Finding]:
    """Return a finding for each thing that keeps a promise from being measured.

    Parameters
    ----------
    judged
        What ``judge_requests`` returned, all months of it.
    rated
        What ``rate_agreements`` returned for ``judged``.
    strategy
        Its agreements, and the coordinator who owns these findings.
    has_table
        Whether the workspace holds the table ``service_event``.
    """
    owner = name_owner(strategy, find_coordinator(strategy))
    found = [*_find_nothing(judged, strategy, owner, has_table=has_table), *_find_faulty(judged, owner)]
    if len(judged):
        found += [*_find_undefined(rated, strategy), *_find_silent(rated), *_find_ahead(judged, owner)]
    return sort_findings(found)


def _find_nothing(judged: pd.DataFrame, strategy: Strategy, owner: str, *, has_table: bool) -> Iterator[Finding]:
    if not strategy.agreements and len(judged):
        yield Finding(
            id=make_id(STEP, "no-agreements"),
            severity="warning",
            title="The strategy file names no agreement, so requests cannot be judged",
            evidence=f"The table {TABLE} holds {count_things(len(judged), 'request')}.",
            fix="Write each promise between teams under the key agreements of strategy.yml.",
            owner=owner,
            where="agreements",
        )
    if strategy.agreements and not len(judged):
        empty = f"The table {TABLE} holds no request up to the report's day."
        yield Finding(
            id=make_id(STEP, "no-requests"),
            severity="info",
            title=f"{count_things(len(strategy.agreements), 'agreement')} cannot be measured: there is no request yet",
            evidence=empty if has_table else f"There is no table {TABLE}.",
            fix=f"Export tickets or requests with their times of opening and closing into data/{TABLE}.csv.",
            owner=owner,
            where=TABLE,
        )


def _find_faulty(judged: pd.DataFrame, owner: str) -> Iterator[Finding]:
    for fault, (words, fix) in FAULTS.items():
        rows = judged[judged["fault"] == fault]
        if not len(rows):
            continue
        column = "agreement" if fault == "unknown_agreement" else "request_id"
        names = [str(name) for name in rows[column].drop_duplicates()]
        shown = [f"'{name}'" for name in names[:EXAMPLES]]
        more = [f"{len(names) - EXAMPLES:,} more"] if len(names) > EXAMPLES else []
        yield Finding(
            id=make_id(STEP, fault.replace("_", "-")),
            severity="warning",
            title=f"{count_things(len(rows), 'request')} {words[len(rows) > 1]}",
            evidence=f"In the column {column} of {TABLE}: {join_words([*shown, *more])}.",
            fix=fix,
            owner=owner,
            where=TABLE,
        )


def _find_undefined(rated: pd.DataFrame, strategy: Strategy) -> Iterator[Finding]:
    undefined = {str(row["id"]): row for row in list_rows(rated) if row["status"] == "not_defined"}
    for agreement in (item for item in strategy.agreements if item.id in undefined):
        lacks = [name for name in ("threshold", "attainment") if getattr(agreement, name) is None]
        yield Finding(
            id=make_id(STEP, "not-defined", agreement.id),
            severity="warning",
            title=f"“{undefined[agreement.id]['name']}” cannot be judged: it has no {' and no '.join(lacks)}",
            evidence=f"{count_things(int(read_number(undefined[agreement.id]['requests'])), 'request')} wait for it.",
            fix=f"Add {join_words(lacks)} under agreements, {agreement.id}.",
            owner=str(undefined[agreement.id]["provider"]),
            where=agreement.id,
        )


def _find_silent(rated: pd.DataFrame) -> Iterator[Finding]:
    for row in list_rows(rated):
        if not read_number(row["requests"]):
            yield Finding(
                id=make_id(STEP, "silent", str(row["id"])),
                severity="info",
                title=f"No request is recorded under “{row['name']}”",
                evidence=f"The table {TABLE} has no row whose agreement is '{row['id']}'.",
                fix=f"Record its requests in {TABLE}, or drop the agreement.",
                owner=str(row["provider"]),
                where=str(row["id"]),
            )


def _find_ahead(judged: pd.DataFrame, owner: str) -> Iterator[Finding]:
    days = judged["opened_on"].drop_duplicates().sort_values().to_list()
    if len(days) < 2 or days[-1] - days[-2] <= AHEAD:
        return
    rows = judged[judged["opened_on"] == days[-1]]
    yield Finding(
        id=make_id(STEP, "far-ahead"),
        severity="warning",
        title=f"The newest request is opened {(days[-1] - days[-2]).days:,} days after all others",
        evidence=f"'{rows['request_id'].iloc[0]}' is opened on {format_day(read_day(days[-1]))}, the one before on "
        f"{format_day(read_day(days[-2]))}. The report's day follows the newest row, so open requests seem older.",
        fix="Check whether its year is mistyped, or set the parameter as_of.",
        owner=owner,
        where=TABLE,
    )
