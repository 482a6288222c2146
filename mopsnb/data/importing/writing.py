"""Tables and notes written so that a file is there whole or as it was before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mopsnb.data.importing.assembly import Assembly, find_key
from mopsnb.data.importing.merging import Merged, order_columns
from mopsnb.data.sql import quote_name

ROWS = 100_000  # rows of a row group
METADATA = b"mopsnb_import"


def write_table(assembly: Assembly, merged: Merged, path: Path, provenance: Sequence[dict[str, Any]]) -> None:
    """Write a table as Parquet: the same rows give the same bytes.

    Parameters
    ----------
    assembly
        Has the view.
    merged
        The table.
    path
        Where to write.
    provenance
        Which files the rows come from; stands in the file's metadata.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = order_columns(merged)
    listed = ", ".join(quote_name(name) for name in columns)
    key = find_key(merged.table, columns)
    order = ", ".join(quote_name(name) for name in dict.fromkeys([*key, *columns]) if name != "source_row")
    order += ", source_row" if "source_row" in columns else ""
    reader = assembly.connection.sql(f"SELECT {listed} FROM {merged.view} ORDER BY {order}").to_arrow_reader(ROWS)
    note = json.dumps(list(provenance), ensure_ascii=False, sort_keys=True).encode()
    schema = reader.schema.with_metadata({METADATA: note})
    pending: list[pa.RecordBatch] = []
    waiting = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in reader:
            pending.append(batch)
            waiting += batch.num_rows
            while waiting >= ROWS:
                table = pa.Table.from_batches(pending)
                writer.write_table(table.slice(0, ROWS).replace_schema_metadata({METADATA: note}), row_group_size=ROWS)
                rest = table.slice(ROWS)
                pending, waiting = rest.to_batches(), rest.num_rows
        if waiting or not merged.columns:
            table = pa.Table.from_batches(pending, reader.schema)
            writer.write_table(table.replace_schema_metadata({METADATA: note}), row_group_size=ROWS)


def read_provenance(path: Path) -> list[dict[str, Any]]:
    """Return which files a table's rows come from, as its metadata says."""
    import pyarrow.parquet as pq

    if not path.is_file():
        return []
    metadata = pq.read_schema(path).metadata or {}
    return list(json.loads(metadata.get(METADATA, b"[]")))


def add_provenance(known: Sequence[dict[str, Any]], news: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the files of a table in the order of their names; a file that is imported again takes its old place."""
    found = {(item["file"], item["source"]): item for item in [*known, *news]}
    return [found[key] for key in sorted(found)]


def replace_file(staged: Path, target: Path) -> bool:
    """Put a file into its place at once; return False where it holds the same bytes already."""
    if target.is_file() and target.stat().st_size == staged.stat().st_size and _is_same(staged, target):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    staged.replace(target)
    return True


def _is_same(one: Path, other: Path) -> bool:
    size = 1 << 20
    with one.open("rb") as first, other.open("rb") as second:
        while True:
            left, right = first.read(size), second.read(size)
            if left != right:
                return False
            if not left:
                return True
