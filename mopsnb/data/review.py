"""Everything that is worth knowing about the data before a figure is believed."""

from __future__ import annotations

import re

from mopsnb.data.contract import TABLES
from mopsnb.data.duplicates import find_duplicates
from mopsnb.data.engine import Engine
from mopsnb.data.faults import describe_hit
from mopsnb.data.freshness import find_behind, find_stale, find_wild_dates, list_freshness
from mopsnb.data.notes import find_near_columns, find_unknown_files, report_assumed, report_empty, report_hits
from mopsnb.data.unread import find_near_tables, find_unread_files
from mopsnb.data.wording import count_of
from mopsnb.errors import DataError, Fault
from mopsnb.findings import Finding, make_id


def review_data(engine: Engine, stale_after_days: int) -> list[Finding]:
    """Return what needs attention in a data folder.

    Parameters
    ----------
    engine
        Reads the folder.
    stale_after_days
        The workspace's threshold for stale sources.

    Returns
    -------
    list of Finding
        Faults of tables (errors), stale sources, repeated rows, unusual cells, unknown files and columns.
    """
    if engine.place.is_database:
        findings = find_unread_files(engine.place.folder) + find_near_tables(engine.place.list_others(), engine.tables)
    else:
        findings = find_unknown_files(engine.place.folder)
    for name in engine.tables:
        findings += _review_table(engine, name)
    days = {name: engine.days(name) for name in engine.tables if TABLES[name].is_dated}
    findings += find_stale(list_freshness(engine.ages, engine.as_of, stale_after_days), engine.as_of)
    if not engine.has_given_day:
        findings += find_behind(engine.ages, engine.as_of, stale_after_days)
    return findings + find_wild_dates(days)


def list_faults(engine: Engine, name: str) -> list[Fault]:
    """Return every fault of a table: its file, its cells, its money."""
    return [*engine.faults(name), *engine.money_faults(name)]


def _review_table(engine: Engine, name: str) -> list[Finding]:
    file, scan = engine.files[name], engine.scan(name)
    findings = _report_faults(engine, name)
    findings += report_hits(file, scan.hits) + find_near_columns(file)
    if not engine.is_readable(name):
        return findings
    if not scan.rows:
        return [*findings, report_empty(file)]
    findings += find_duplicates(engine.connection, file, engine.time_zone)
    return findings + report_assumed(file, engine.amounts(name), _find_currency(engine))


def _find_currency(engine: Engine) -> str | None:
    try:
        return engine.currency
    except DataError:  # already among the faults
        return None


def _report_faults(engine: Engine, name: str) -> list[Finding]:
    """Return each fault of a table as a finding whose id stays the same while other faults come and go."""
    rules = {describe_hit(engine.files[name], hit): hit.check.rule for hit in engine.scan(name).hits}
    return [_report_fault(name, fault, rules.get(fault, "")) for fault in list_faults(engine, name)]


def _report_fault(name: str, fault: Fault, rule: str) -> Finding:
    # Without a rule, what should stand there tells one kind from another; counts and dates in brackets may change.
    kind = rule or re.sub(r" \(.*?\)|, .*", "", fault.expected)
    where = f"{fault.file}, {fault.field}" if fault.field else fault.file
    place = fault.place[:1].upper() + fault.place[1:]
    number = count_of(fault.count, "cell") if fault.field else count_of(fault.count, "place")
    evidence = f"{place or where}: {number} with this fault" if fault.count > 1 else place or where
    return Finding(
        make_id("faults", name, fault.field or "file", kind),
        "error",
        f"{where}: found {fault.value}, expected {fault.expected}.",
        f"{evidence}, also {'; '.join(fault.examples)}." if fault.examples else f"{evidence}.",
        fault.fix or "Correct it in the source, and export the table again.",
        where=name,
    )
