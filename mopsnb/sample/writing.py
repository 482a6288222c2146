"""Files of the sample: Parquet for what grows, CSV for what people read, and never more than a block in memory."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ROWS_TO_HOLD = 50_000  # parts of a table are held until they are this many rows, then written as one row group


class Tables:
    """Writes tables part by part into a folder, and counts their rows.

    Parameters
    ----------
    folder
        The workspace's ``data`` folder; it exists.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: dict[str, int] = {}
        self._open: dict[str, pq.ParquetWriter] = {}
        self._held: dict[str, list[pa.Table]] = {}

    def append(self, name: str, part: pa.Table) -> None:
        """Add a part to ``<name>.parquet``. All parts of a table have the same columns."""
        if name not in self._open:
            self._open[name] = _open_parquet(self.folder / f"{name}.parquet", part.schema)
        held = self._held.setdefault(name, [])
        held.append(part)
        self.rows[name] = self.rows.get(name, 0) + part.num_rows
        if sum(table.num_rows for table in held) >= ROWS_TO_HOLD:
            self._write(name)

    def write_csv(self, name: str, table: pa.Table) -> None:
        """Write a small table as CSV: UTF-8, ISO dates, empty for missing, decimals without trailing zeros."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(table.column_names)
        writer.writerows([_plain(value) for value in row.values()] for row in table.to_pylist())
        (self.folder / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8", newline="\n")
        self.rows[name] = table.num_rows

    def _write(self, name: str) -> None:
        """Write the rows held of a table as one row group."""
        held = self._held.pop(name, [])
        if held:
            whole = pa.concat_tables(held)
            self._open[name].write_table(whole, row_group_size=whole.num_rows or 1)

    def close(self, *, complete: bool = True) -> None:
        """Close every file; where the tables are complete, write what is held first."""
        for name, writer in self._open.items():
            if complete:
                self._write(name)
            writer.close()
        self._open.clear()


def _open_parquet(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Return a writer. Ids and times that rise from row to row are stored as differences, which is far smaller."""
    encoding = {name: "DELTA_BYTE_ARRAY" for name in ("event_id", "touch_id") if name in schema.names}
    encoding |= {field.name: "DELTA_BINARY_PACKED" for field in schema if pa.types.is_timestamp(field.type)}
    plain = [name for name in schema.names if name not in encoding]
    return pq.ParquetWriter(
        path, schema, compression="zstd", compression_level=9, use_dictionary=plain, column_encoding=encoding
    )


def _plain(value: Any) -> str:
    """Return one value as CSV holds it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write JSON: indented, in the order given, UTF-8."""
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def write_story(path: Path, rows: Mapping[str, int], seed: int, scale: int) -> None:
    """Write the sample's README: who the company is, what is in the folder, how to make it anew."""
    listed = "\n".join(f"| {name} | {count:,} |" for name, count in sorted(rows.items()))
    text = (files("mopsnb.sample") / "readme_template.md").read_text(encoding="utf-8")
    values = {"rows": listed, "seed": seed, "scale": scale}
    path.write_text(Template(text).substitute(values), encoding="utf-8", newline="\n")
