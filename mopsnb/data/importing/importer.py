"""The way in: files to tables of a workspace, all of them or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from mopsnb.data.contract import TABLES
from mopsnb.data.importing.assembly import Assembled, Assembly, connect
from mopsnb.data.importing.completing import complete
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.loading import Loaded, load_file
from mopsnb.data.importing.merging import Merged, add_part, check_table, open_table
from mopsnb.data.importing.model import Completion
from mopsnb.data.importing.months import read_month_rows
from mopsnb.data.importing.place import take_place
from mopsnb.data.importing.request import ImportReport, ImportRequest
from mopsnb.data.importing.sources import read_sources
from mopsnb.data.importing.subtotals import check_figures
from mopsnb.data.importing.writing import add_provenance, read_provenance, replace_file, write_table
from mopsnb.errors import UsageError

Tell = Callable[[str, int, int], None]  # what is done, bytes so far, bytes in all


def import_files(request: ImportRequest, tell: Tell | None = None) -> ImportReport:
    """Import files into a workspace: all of them, or nothing where one is refused.

    Parameters
    ----------
    request
        What to import, and what a person says about it.
    tell
        Is told how far the work is.

    Returns
    -------
    ImportReport
        What was recognized, read, kept, rejected and written.

    Raises
    ------
    DataError
        A file cannot be imported without a risk of wrong figures; the message says how to settle it.
    UsageError
        A source, table or column that was named does not exist.
    LockedError
        Another import works on the workspace.
    OutputError
        The workspace cannot be written to.
    """
    _check_request(request)
    report = ImportReport(dry_run=request.dry_run)
    sources = read_sources(request.workspace)
    with take_place(request) as room:
        assembly = Assembly(connect(room / "spill"))
        loaded = [item for path in request.files for item in load_file(path, request, sources, room, tell)]
        loaded = [item for item in loaded if not _is_idle(item, loaded)]
        _check_defaults(request, loaded)
        parts = [(item, assembly.open(item.part)) for item in loaded]
        _complete(assembly, parts)
        states: dict[str, Merged | None] = {}
        idle: list[Loaded] = []
        for item, found in parts:
            if item.part.shape.source.completes:
                _account(item, found)
                continue
            read_month_rows(assembly, found)
            check_figures(assembly, found)
            assembly.finish(found)
            _account(item, found)
            if item.is_side and item.report.kept <= 0:
                idle.append(item)  # nobody in the file has unsubscribed
                continue
            table = item.part.shape.table
            if table.name not in states:
                states[table.name] = open_table(assembly, table, request.workspace / "data", request.time_zone)
            states[table.name] = add_part(assembly, states[table.name], found)
        loaded = [item for item in loaded if item not in idle]
        report.files = [item.report for item in loaded]
        _write(assembly, request, room, states, loaded, report)
        assembly.connection.close()
    return report


def _check_request(request: ImportRequest) -> None:
    for path in request.files:
        if path.is_dir():
            raise UsageError(f"'{path}' is a folder. Name its files: mopsnb import {path}/*.csv --into WORKSPACE.")
        if not path.is_file():
            raise UsageError(f"There is no file '{path}'.")
    names = [path.name for path in request.files]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"Two files are called {name}. Rename one, so that rows say where they come from.")


def _check_defaults(request: ImportRequest, loaded: list[Loaded]) -> None:
    """Refuse a default that is of use to none of the files."""
    tables = {item.part.shape.table.name: item.part.shape.table for item in loaded}
    for name in request.defaults:
        if not any(name in table.fields for table in tables.values()):
            raise UsageError(
                f"None of {', '.join(tables)} has a column '{name}', so that --default {name} is of no use."
            )


def _is_idle(item: Loaded, loaded: list[Loaded]) -> bool:
    """Tell whether what else a file says completes no other file of the command."""
    rule = item.part.shape.source.completes
    return item.is_side and rule is not None and not _find_bases(rule, loaded)


def _find_bases(rule: Completion, loaded: list[Loaded]) -> list[Loaded]:
    return [other for other in loaded if other.part.shape.source.id in rule.source]


def _complete(assembly: Assembly, parts: list[tuple[Loaded, Assembled]]) -> None:
    """Join what some files know about the rows of others."""
    for item, _ in parts:
        rule = item.part.shape.source.completes
        bases = [base for other, base in parts if rule and other.part.shape.source.id in rule.source]
        if rule and not bases:
            file = item.part.shape.file
            seen = f"{item.part.shape.source.title}, which says more about the rows of another file"
            raise refuse(
                file, seen, f"a file of the source {' or '.join(rule.source)} beside it", "Import both files at once."
            )
        if len(bases) > 1:
            raise refuse(
                item.part.shape.file, "several files that it could belong to", "one", "Import them pair by pair."
            )
    for item, found in parts:
        others = [
            other
            for candidate, other in parts
            if (rule := candidate.part.shape.source.completes) and item.part.shape.source.id in rule.source
        ]
        if others:
            complete(assembly, found, others)


def _account(item: Loaded, found: Assembled) -> None:
    report = item.report
    report.deduplicated, report.older, report.added_up = found.repeated, found.older, found.added_up
    report.excluded = dict(found.part.excluded)
    lost = sum(number for reason, number in report.excluded.items())
    report.kept = report.read - report.rejected - found.repeated - found.older - lost
    if report.read and report.kept <= 0 and not item.is_side and not item.part.shape.source.completes:
        left = "; ".join(f"{number:,} left out: {reason}" for reason, number in report.excluded.items())
        fix = "Look at the file; mopsnb sources says what the source leaves out."
        raise refuse(report.file, f"no row that can be used ({left or 'none is left'})", "rows", fix)


def _write(
    assembly: Assembly,
    request: ImportRequest,
    room: Path,
    states: dict[str, Merged | None],
    loaded: list[Loaded],
    report: ImportReport,
) -> None:
    staged: list[tuple[Path, Path]] = []
    for name, state in states.items():
        if state is None:
            continue
        target = request.workspace / "data" / f"{name}.parquet"
        news = [item.provenance for item in loaded if item.part.shape.table.name == name]
        (room / "out").mkdir(exist_ok=True)
        path = room / "out" / f"{name}.parquet"
        write_table(assembly, state, path, add_provenance(read_provenance(target), news))
        rows = check_table(assembly, TABLES[name], path, request.time_zone)
        same = target.is_file() and _hash(target) == _hash(path)
        report.tables[name] = {
            "rows": rows,
            "before": state.before,
            "added": state.added,
            "replaced": state.replaced,
            "changed": not same,
        }
        staged.append((path, target))
    report.rejected = [f"rejected/{item.part.shape.file}.csv" for item in loaded if item.report.rejected]
    report.rejected = list(dict.fromkeys(report.rejected))
    if request.dry_run:
        return
    for path, target in staged:
        replace_file(path, target)
        target.with_suffix(".csv").unlink(missing_ok=True)  # a header without rows
    _keep_rejected(request, loaded)


def _keep_rejected(request: ImportRequest, loaded: list[Loaded]) -> None:
    first = {item.part.shape.file: item.part.shape.source.id for item in reversed(loaded)}
    for item in loaded:
        target = request.workspace / "rejected" / f"{item.part.shape.file}.csv"
        if item.rejected.is_file():
            replace_file(item.rejected, target)
        elif item.part.shape.source.id == first[item.part.shape.file]:
            target.unlink(missing_ok=True)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
