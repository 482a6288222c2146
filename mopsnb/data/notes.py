"""What is no fault and still good to know: unusual cells, misspelled columns, files that no table claims."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from mopsnb.data.contract import ANNOUNCED, TABLES
from mopsnb.data.damage import show_value
from mopsnb.data.faults import Hit, show_place
from mopsnb.data.files import SUFFIXES, TableFile
from mopsnb.data.money import Amounts
from mopsnb.data.sql import quote_name
from mopsnb.data.wording import count_of
from mopsnb.errors import suggest
from mopsnb.findings import Finding, Severity, make_id

NEAR = 0.85  # how alike an unknown column must be to a declared one, 0 to 1
_SPREADSHEETS = {".xlsx", ".xls", ".ods", ".json", ".tsv", ".txt"}
_TITLES: dict[str, tuple[Severity, str, str]] = {
    "naive": ("warning", "names no time zone", "It is read as UTC."),
    "bare_date": ("info", "holds a day without a time", "The start of the day is taken."),
    "rounded": ("info", "has more decimals than are kept", "It is rounded."),
    "one_of": ("info", "holds a value that is not usual", "It is kept as it is."),
}


def report_hits(file: TableFile, hits: Sequence[Hit]) -> list[Finding]:
    """Return what a scan found that is no fault: naive times, bare dates, roundings, unusual values."""
    return [_report_hit(file, hit) for hit in hits if not hit.check.is_fault]


def find_unknown_files(folder: Path) -> list[Finding]:
    """Return a finding for each file of the data folder that no table claims."""
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    return [_report_file(path) for path in entries if not _is_claimed(path)]


def find_near_columns(file: TableFile) -> list[Finding]:
    """Return a finding for each unknown column that looks like a misspelled one."""
    findings = []
    absent = [name for name in file.table.fields if name not in file.types]
    for name in file.types:
        near = difflib.get_close_matches(name.casefold(), absent, n=1, cutoff=NEAR)
        if near and name not in file.table.fields:
            findings.append(
                Finding(
                    make_id("columns", file.table.name, name),
                    "info",
                    f"{file.label} has a column {quote_name(name)} that looks like {near[0]}.",
                    "It is kept as a further column, and no figure reads it.",
                    f"Rename it to {near[0]}, if that is what it holds.",
                    where=file.table.name,
                )
            )
    return findings


def report_empty(file: TableFile) -> Finding:
    """Return a finding about a table without rows."""
    return Finding(
        make_id("files", file.table.name, "empty"),
        "info",
        f"{file.label} has no rows.",
        "Figures that need it are missing.",
        "Fill it, or leave it for later.",
        where=file.table.name,
    )


def report_assumed(file: TableFile, amounts: Sequence[Amounts], currency: str | None) -> list[Finding]:
    """Return a finding where money names no currency and is taken to be in the workspace's.

    A table that has no column for a currency holds the workspace's by definition.
    """
    rows = sum(item.rows for item in amounts if item.currency is None)
    if not rows or not currency or "currency" not in file.table.fields:
        return []
    return [
        Finding(
            make_id("currency", file.table.name, "assumed"),
            "info",
            f"{file.label} holds money without a currency; it is taken as {currency}.",
            f"{count_of(rows, 'row')} with an amount and without a currency.",
            "Fill the column currency.",
            where=file.table.name,
        )
    ]


def _report_hit(file: TableFile, hit: Hit) -> Finding:
    check, table = hit.check, file.table.name
    severity, what, outcome = _TITLES[check.rule]
    row, value = hit.examples[0]
    return Finding(
        make_id("cells", table, check.column, check.rule),
        severity,
        f"{file.label}, {check.column}: a cell {what}. {outcome}",
        f"{count_of(hit.count, 'cell')}, first in {show_place(row)}: {show_value(value)}. Expected: {check.expected}.",
        "Leave it, if it is meant." if check.rule == "one_of" else check.fix,
        where=table,
    )


def _is_claimed(path: Path) -> bool:
    is_table = path.is_file() and path.stem in TABLES and path.suffix in SUFFIXES
    return is_table or path.name.startswith((".", "~", "README"))


def _report_file(path: Path) -> Finding:
    label, hint = f"data/{path.name}", suggest(path.stem.casefold(), TABLES)
    if path.stem in ANNOUNCED and path.suffix in SUFFIXES:
        title, fix = f"{label} is not read by any notebook yet.", "Leave it for later."
        return Finding(make_id("files", path.name), "info", title, fix=fix, where=label)
    if path.is_symlink() and not path.exists():
        title, fix = f"{label} is a link that leads nowhere.", "Correct the link, or remove it."
        return Finding(make_id("files", path.name), "warning", title, fix=fix, where=label)
    if path.is_dir():
        fix = "Put tables directly into data/, one file a table."
    elif path.suffix.casefold() in _SPREADSHEETS:
        fix = f"{hint} Save it as CSV in UTF-8, with commas, named after a table."
    else:
        fix = f"{hint} Name it after a table: <table>.csv or <table>.parquet."
    title = f"{label} is not a table that mopsnb knows, and is not read."
    return Finding(make_id("files", path.name), "warning", title, fix=fix.strip(), where=label)
