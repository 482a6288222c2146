"""The metrics that a team defines in its workspace, beside the project's own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mopsnb.data.catalogue import Catalogue, read_catalogue
from mopsnb.data.connection import Connection
from mopsnb.data.metric_queries import Cut, ask_distinct, ask_rows, fetch_rows
from mopsnb.data.naming import label
from mopsnb.data.own_definitions import build_own
from mopsnb.data.sql import quote_name
from mopsnb.errors import DataError, Fault, UsageError
from mopsnb.findings import Finding, make_id
from mopsnb.strategy.advice import SyntaxFault
from mopsnb.strategy.forms import make_faults
from mopsnb.strategy.syntax import Document, Problem, parse_yaml

OWN_FILE = "metrics.yml"


def read_own_catalogue(path: Path) -> Catalogue:
    """Return the project's metrics and those that a workspace's file adds or replaces, in this order.

    Parameters
    ----------
    path
        The file, by custom ``metrics.yml`` beside ``strategy.yml``. It may be absent or hold comments alone.

    Raises
    ------
    DataError
        The file has faults: all of them, in the order of its lines.
    """
    document = _read_document(path)
    if document is None:
        return read_catalogue()
    problems = list(document.problems)
    found = build_own(document.data, problems)
    if problems:
        faults = make_faults(problems, document, path.name)
        count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise DataError(f"The workspace's metrics cannot be used: {path.name} has {count}.", faults)
    return {**read_catalogue(), **found}


def check_own_columns(connection: Connection, path: Path, tables: Iterable[str]) -> list[Fault]:
    """Return which measures of a workspace's file the data cannot answer, such as those that name a missing column.

    Parameters
    ----------
    connection
        Holds one typed view for each of the tables.
    path
        A file that `read_own_catalogue` accepts.
    tables
        The tables to look at; measures of others are left alone.
    """
    document = _read_document(path)
    if document is None:
        return []
    own = document.data.get("measures") or {}
    parts = {part.name: part for metric in read_own_catalogue(path).values() for part in metric.parts}
    problems = []
    for name in own:
        part = parts.get(name)
        if part is None or not set(part.relation.tables) <= set(tables):
            continue
        number = f"CASE WHEN {part.relation.time} IS NULL THEN 1 ELSE 0 END"  # names a column: no row stands for all
        segments = tuple(label(quote_name(column)) for column in part.relation.dimensions)
        cut = Cut(part.relation.rows, number, f"({part.relation.where}) AND {part.relation.time} IS NOT NULL", segments)
        query = ask_distinct(cut, part.columns, [part]) if part.kind == "distinct" else ask_rows(cut, [part])
        try:
            fetch_rows(connection, f"EXPLAIN {query}", {"zone": "UTC"})
        except UsageError as error:
            reason = str(error).partition("Error: ")[2].splitlines()[0]
            expected = f"columns of {' and '.join(part.relation.tables)}"
            problems.append(
                Problem(("measures", name), expected, reason, part.where if not part.columns else part.columns[0])
            )
    return make_faults(problems, document, path.name)


def report_replaced(catalogue: Catalogue) -> list[Finding]:
    """Return a finding for each metric that a workspace defines in the place of the project's own."""
    return [
        Finding(
            make_id("metrics", "replaced", metric.name),
            "info",
            f"{metric.title} is this workspace's own definition, not the project's",
            f"{OWN_FILE} replaces {metric.name}: {metric.formula}.",
            "Say so when you compare it with figures from elsewhere.",
            where=metric.name,
        )
        for metric in catalogue.values()
        if metric.replaces
    ]


def _read_document(path: Path) -> Document | None:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        fault = Fault(path.name, "", "", "a file that cannot be read", "text in UTF-8", "Save the file as UTF-8 text.")
        raise DataError(f"The workspace's metrics cannot be used: {path.name} cannot be read.", [fault]) from error
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        return None
    try:
        return parse_yaml(text)
    except SyntaxFault as error:
        place = f"line {error.line}" if error.line else ""
        fault = Fault(path.name, place, "", error.found, error.expected, error.fix)
        raise DataError(f"The workspace's metrics cannot be used: {path.name} has one fault.", [fault]) from error
