"""SQL over the parts of an import: equal rows once, newest versions, sums by key, what one file adds to another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from mopsnb.data.contract import Table
from mopsnb.data.importing.conversion import Part
from mopsnb.data.importing.layout import refuse
from mopsnb.data.sql import quote_name, quote_text

MEMORY = "300MB"


def connect(spill: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection for one import. What outgrows `MEMORY` is spilled to a folder."""
    connection = duckdb.connect()
    for setting in (
        "TimeZone = 'UTC'",
        f"memory_limit = '{MEMORY}'",
        "threads = 2",
        f"temp_directory = {quote_text(str(spill))}",
        "autoinstall_known_extensions = false",
        "preserve_insertion_order = false",
        "enable_progress_bar = false",
    ):
        connection.execute(f"SET {setting}").fetchall()
    return connection


@dataclass
class Assembled:
    """The rows of one part as a view, and what became of the others.

    Parameters
    ----------
    part
        The part.
    view
        The view's name.
    columns
        Its columns.
    repeated
        Rows left out as they stand twice.
    older
        Rows left out as the file holds a newer version.
    added_up
        Rows that were added to another with the same key.
    """

    part: Part
    view: str
    columns: list[str]
    repeated: int = 0
    older: int = 0
    added_up: int = 0


class Assembly:
    """Brings parts into the shape of their tables.

    Parameters
    ----------
    connection
        Where views are made.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._made = 0

    def count(self, relation: str, condition: str = "true") -> int:
        """Return how many rows of a relation meet a condition."""
        return int(self.query(f"SELECT count(*) FROM {relation} WHERE {condition}")[0][0])

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows that a query yields."""
        return self.connection.execute(sql).fetchall()

    def make_view(self, sql: str) -> str:
        """Make a view of a query and return its name."""
        self._made += 1
        name = f"step_{self._made}"
        self.connection.execute(f"CREATE TEMP VIEW {name} AS {sql}").fetchall()
        return name

    def make_table(self, column: str, texts: Sequence[str]) -> str:
        """Make a table of one column of texts and return its name."""
        import pyarrow as pa

        self._made += 1
        name = f"step_{self._made}"
        self.connection.register(f"{name}_given", pa.table({column: pa.array(texts, pa.string())}))
        self.query(f"CREATE TEMP TABLE {name} AS SELECT * FROM {name}_given")
        self.connection.unregister(f"{name}_given")
        return name

    def list_columns(self, view: str) -> list[str]:
        """Return the columns of a view."""
        return [row[0] for row in self.query(f"DESCRIBE {view}")]

    def open(self, part: Part) -> Assembled:
        """Return a part with each row once, and the newest version of each key alone."""
        view = self.make_view(f"SELECT * FROM read_parquet({quote_text(str(part.path))})")
        source = part.shape.source
        found = Assembled(part, view, self.list_columns(view))
        found.repeated, view = self._drop_repeated(view)
        if found.repeated and part.is_summed and source.is_grouped:
            fix = "If each counts, add a column that tells them apart; if not, remove them and correct the total."
            seen = f"rows that stand twice ({found.repeated:,}), and a total that counts both"
            raise refuse(part.shape.file, seen, "each row once", fix)
        for name, helper in source.explode.items():
            listed = ", ".join(quote_name(column) for column in found.columns if column != name)
            view = self.make_view(f"SELECT {listed}, unnest({quote_name(helper)}) AS {quote_name(name)} FROM {view}")
        if source.latest in found.columns:
            key = source.completes.on if source.completes else part.shape.table.key
            before = self.count(view)
            newest = f"{quote_name(source.latest)} DESC NULLS LAST, source_row DESC"
            rank = f"row_number() OVER (PARTITION BY {list_names(key)} ORDER BY {newest})"
            view = self.make_view(f"SELECT * FROM {view} QUALIFY {rank} = 1")
            found.older = before - self.count(view)
        if source.merges and source.merges in found.columns:
            view = self._mark_merged(view, part.shape.table, source.merges)
        found.view, found.columns = view, self.list_columns(view)
        return found

    def _drop_repeated(self, view: str) -> tuple[int, str]:
        """Leave out rows whose every cell stands in an earlier row."""
        twice = f"SELECT _whole FROM {view} GROUP BY _whole HAVING count(*) > 1"
        times = f"SELECT count(*) AS times FROM {view} GROUP BY _whole, _natural"
        question = f"SELECT coalesce(sum(times - 1), 0) FROM ({times}) WHERE times > 1"
        surplus = self.query(question)[0][0]
        if not surplus:
            return 0, view
        first = "row_number() OVER (PARTITION BY _whole, _natural ORDER BY source_row) = 1"
        once = f"SELECT * FROM {view} WHERE _whole IN ({twice}) QUALIFY {first}"
        return int(surplus), self.make_view(
            f"SELECT * FROM {view} WHERE _whole NOT IN ({twice}) UNION ALL BY NAME {once}"
        )

    def _mark_merged(self, view: str, table: Table, helper: str) -> str:
        key = quote_name(table.key[0])
        merged = f"SELECT unnest({quote_name(helper)}) AS duplicate, {key} AS survivor FROM {view}"
        others = f"SELECT * FROM ({merged}) WHERE duplicate <> survivor"
        merged = f"SELECT duplicate, min(survivor) AS survivor FROM ({others}) GROUP BY duplicate"
        return self.make_view(
            f"SELECT rows.*, merged.survivor AS merged_into FROM {view} AS rows "
            f"LEFT JOIN ({merged}) AS merged ON merged.duplicate = rows.{key}"
        )

    def finish(self, found: Assembled) -> None:
        """Bring a part to one row a key: add up figures, and refuse two rows that contradict each other."""
        shape = found.part.shape
        for name, flag in shape.source.when.items():
            if name in found.columns:
                test = quote_name(flag) if flag in found.columns else "false"
                value = f"CASE WHEN {test} THEN {quote_name(name)} END AS {quote_name(name)}"
                found.view = self.make_view(f"SELECT * REPLACE ({value}) FROM {found.view}")
        for name in shape.source.drop_empty:
            reason, lacking = f"without {name}", self.count(found.view, f"{quote_name(name)} IS NULL")
            if lacking:
                found.part.excluded[reason] = found.part.excluded.get(reason, 0) + lacking
                found.view = self.make_view(f"SELECT * FROM {found.view} WHERE {quote_name(name)} IS NOT NULL")
        key = find_key(shape.table, found.columns)
        if shape.source.is_grouped:
            self._check_names(found)
            self._add_up(found, key)
        elif shape.table.key == tuple(key) and (len(key) == 1 or not shape.table.other_key):
            clash = self.query(
                f"SELECT min(source_row), max(source_row) FROM {found.view} WHERE {quote_name(key[0])} IS NOT NULL "
                f"GROUP BY {list_names(key)} HAVING count(*) > 1 LIMIT 1"
            )
            if clash:
                raise refuse_clash(found.part, clash[0])
        else:
            before = self.count(found.view)
            first = f"row_number() OVER (PARTITION BY {list_names(key)} ORDER BY source_row) = 1"
            found.view = self.make_view(f"SELECT * FROM {found.view} QUALIFY {first}")
            found.repeated += before - self.count(found.view)
        found.columns = self.list_columns(found.view)

    def _check_names(self, found: Assembled) -> None:
        if found.part.shape.source.count:
            return
        clash = self.query(
            f"SELECT min(source_row), max(source_row) FROM {found.view} WHERE _natural IS NOT NULL "
            f"GROUP BY _natural HAVING count(DISTINCT _whole) > 1 LIMIT 1"
        )
        if clash:
            raise refuse_clash(found.part, clash[0])

    def _add_up(self, found: Assembled, key: Sequence[str]) -> None:
        shape, counted = found.part.shape, found.part.shape.source.count
        names = [name for name in found.columns if not name.startswith("_") and name not in key]
        parts = [quote_name(name) for name in key]
        for name in names:
            if shape.table.fields[name].unit in {"money", "count"} if name in shape.table.fields else False:
                only = f"CASE WHEN count(*) = 1 THEN min({quote_name(name)}) END AS {quote_name(name)}"
                parts.append(only if name == "users" else add_up(name, shape.table))
            else:
                parts.append(f"min({quote_name(name)}) AS {quote_name(name)}")
        for name in counted:
            distinct = f"count(DISTINCT {quote_name(f'_count_{name}')})"
            parts.append(f"CAST({distinct} AS BIGINT) AS {quote_name(name)}")
            parts = [item for item in parts if item is parts[-1] or not item.endswith(f' AS "{name}"')]
        several = f"SELECT 1 FROM {found.view} GROUP BY {list_names(key)} HAVING count(*) > 1 LIMIT 1"
        if not counted and not self.query(several):
            return
        if "currency" in found.columns and "currency" not in key:
            rows = f"SELECT min(source_row), max(source_row) FROM {found.view}"
            mixed = f"{rows} GROUP BY {list_names(key)} HAVING count(DISTINCT currency) > 1 LIMIT 1"
            clash = self.query(mixed)
            if clash:
                raise refuse_clash(found.part, clash[0])
        before = self.count(found.view)
        found.view = self.make_view(f"SELECT {', '.join(parts)} FROM {found.view} GROUP BY {list_names(key)}")
        found.added_up = before - self.count(found.view)


def find_key(table: Table, columns: Sequence[str]) -> list[str]:
    """Return the columns that tell a table's rows apart, as far as there are any."""
    key = [name for name in table.key if name in columns]
    if table.other_key and not key:
        return [name for name in table.other_key if name in columns]
    return key


def list_names(names: Iterable[str]) -> str:
    """Return names as a list in SQL."""
    return ", ".join(quote_name(name) for name in names)


def add_up(name: str, table: Table) -> str:
    """Return the sum of a column in SQL, in the type that its table has."""
    kind = f"DECIMAL(18,{table.fields[name].scale})" if table.fields[name].kind == "decimal" else "BIGINT"
    return f"CAST(sum({quote_name(name)}) AS {kind}) AS {quote_name(name)}"


def refuse_clash(part: Part, rows: Sequence[int]) -> Exception:
    """Return the refusal of two rows that name the same thing and differ."""
    first, second = rows
    key = ", ".join(part.shape.table.key).replace("_", " ")
    fix = "Add a column that tells them apart (an id), or keep the right one of them."
    found = f"rows {first:,} and {second:,}, which name the same thing and differ otherwise"
    return refuse(part.shape.file, found, f"one row for each {key}", fix)
