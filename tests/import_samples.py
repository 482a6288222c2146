"""Helpers for the tests of importing: a workspace, an import, and totals worked out beside it."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import duckdb

from mopsnb.data.importing.importer import import_files
from mopsnb.data.importing.request import ImportReport, ImportRequest

STRATEGY = "version: 1\norganization: {name: Acme, time_zone: Europe/Berlin}\n"
HEADER = "Day,Campaign,Currency code,Impr.,Clicks,Cost,Conversions\n"
MEASURES = ("spend", "clicks", "impressions", "conversions")


def make_workspace(folder: Path, strategy: str = STRATEGY) -> Path:
    """Make a workspace with a strategy and an empty data folder."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "strategy.yml").write_text(strategy, encoding="utf-8")
    return folder


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    """Write a file as text and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(text.lstrip("\n").encode(encoding))
    return path


def bring_in(workspace: Path, *files: Path, **options: object) -> ImportReport:
    """Import files into a workspace, in the time zone of its strategy."""
    make_workspace(workspace) if not (workspace / "strategy.yml").exists() else None
    return import_files(ImportRequest(files, workspace, **({"time_zone": "Europe/Berlin"} | options)))


def read(workspace: Path, table: str, columns: str = "*", order: str = "source_row") -> list[tuple]:
    """Return rows of an imported table, in the order of the file."""
    path = workspace / "data" / f"{table}.parquet"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(f"SELECT {columns} FROM read_parquet('{path}') ORDER BY {order}").fetchall()


def add_up(workspace: Path, table: str = "ad_daily", measures: tuple[str, ...] = MEASURES) -> dict[str, Decimal | None]:
    """Return the sum of each measure of an imported table; None where no row has one."""
    path = workspace / "data" / f"{table}.parquet"
    with duckdb.connect() as connection:
        known = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()}
        found = {}
        for name in measures:
            value = None
            if name in known:
                value = connection.execute(f"SELECT sum({name}) FROM read_parquet('{path}')").fetchone()[0]
            found[name] = None if value is None else Decimal(value)
        return found


def read_csv(path: Path, encoding: str = "utf-8-sig", delimiter: str = ",", skip: int = 0) -> list[dict[str, str]]:
    """Return the rows of a CSV file by header, with the csv module alone."""
    text = path.read_bytes().decode(encoding)
    lines = text.splitlines(keepends=True)[skip:]
    return list(csv.DictReader(io.StringIO("".join(lines), newline=""), delimiter=delimiter))


def sum_column(rows: list[dict[str, str]], column: str, unit: str = "1") -> Decimal:
    """Return the sum of a column, with the decimal module alone; empty cells and dashes do not count."""
    cells = [row[column].replace(",", "") for row in rows]
    return sum((Decimal(cell) for cell in cells if cell not in {"", "--"}), Decimal(0)) * Decimal(unit)


def take_picture(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def google(folder: Path, name: str, *rows: str) -> Path:
    """Write a campaign report of Google Ads and return it."""
    return write(folder, name, HEADER + "".join(f"{row}\n" for row in rows))


def days(first: int, last: int, spend: str = "1.50") -> list[str]:
    """Return a row a day of one campaign."""
    return [f"2026-09-{day:02},A,EUR,10,1,{spend},0" for day in range(first, last + 1)]
