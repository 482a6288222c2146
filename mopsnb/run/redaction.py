"""The last look at what leaves a run: references stand where secrets would.

A notebook is trusted not to show what it resolved. Where it does all the same, in a chart's title, a traceback or a
table, the value is replaced here. See ``docs/secrets.md``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

from mopsnb.run.publish import ALIVE
from mopsnb.secrets.known import find_redactor
from mopsnb.secrets.patterns import Redactor

if TYPE_CHECKING:
    import pyarrow

_OWN = ("assets", ALIVE)  # what mopsnb brings, where no data stands, and what keeps itself clean
_JSON = (".json", ".ipynb")


def redact_value(value: Any, redactor: Redactor) -> Any:
    """Return mappings, lists and texts with references in the place of secrets.

    Parameters
    ----------
    value
        Plain values, as JSON holds them. Keys count as texts.
    redactor
        The secrets to look for.
    """
    if not redactor:
        return value
    if isinstance(value, str):
        return redactor(value)
    if isinstance(value, NotebookNode):
        pairs = {redactor(key): redact_value(item, redactor) for key, item in value.items()}
        return NotebookNode(pairs)  # type: ignore[no-untyped-call]
    if isinstance(value, Mapping):
        return {redact_value(key, redactor): redact_value(item, redactor) for key, item in value.items()}
    if isinstance(value, list | tuple):
        is_text = len(value) > 1 and all(isinstance(item, str) for item in value)
        return redactor.redact_joined(value) if is_text else [redact_value(item, redactor) for item in value]
    return value


def redact_notebook(notebook: NotebookNode, redactor: Redactor) -> NotebookNode:
    """Return an executed notebook with references in the place of secrets: in cells, outputs and metadata.

    Printed text counts as one, however many messages brought it.

    Parameters
    ----------
    notebook
        The notebook.
    redactor
        The secrets to look for.
    """
    if not redactor:
        return notebook
    clean: NotebookNode = redact_value(notebook, redactor)
    for cell in clean.cells:
        streams = [output for output in cell.get("outputs", []) if output.output_type == "stream"]
        for name in ("stdout", "stderr"):
            _join_printed([output for output in streams if output.name == name], redactor)
        _join_printed(streams, redactor)
    return clean


def redact_table(raw: bytes, redactor: Redactor) -> bytes:
    """Return a Parquet file without secrets in its texts, column names and metadata.

    Parameters
    ----------
    raw
        The file's bytes. Without a secret they come back as they are.
    redactor
        The secrets to look for.
    """
    if not redactor:
        return raw
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(pa.BufferReader(raw))
    except (pa.ArrowException, OSError):
        return _redact_raw(raw, redactor)
    clean = _redact_columns(table, redactor)
    if clean is None:
        return raw
    written = pa.BufferOutputStream()
    parquet.write_table(clean, written, compression="zstd")
    return bytes(written.getvalue())


def redact_folder(folder: Path) -> None:
    """Replace secrets in every file of a report before it is published.

    What the notebooks left is clean by then. This covers the rest: what the strategy file says, and secrets that one
    step shows and another one resolved.

    Parameters
    ----------
    folder
        The report, complete.
    """
    redactor = find_redactor()
    if not redactor:
        return
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.relative_to(folder).parts[0] in _OWN:
            continue
        raw = path.read_bytes()
        clean = redact_table(raw, redactor) if path.suffix == ".parquet" else _redact_text(raw, path.suffix, redactor)
        if clean != raw:
            path.write_bytes(clean)


def _join_printed(streams: Sequence[NotebookNode], redactor: Redactor) -> None:
    """Look for secrets that begin in one message and end in another; what they hide goes into the first."""
    if len(streams) < 2:
        return
    printed = "".join("".join(output.text) for output in streams)
    clean = redactor(printed)
    if clean != printed:
        for output in streams:
            output.text = ""
        streams[0].text = clean


def _redact_columns(table: pyarrow.Table, redactor: Redactor) -> pyarrow.Table | None:
    """Return the table without secrets, or None where it holds none."""
    import pyarrow as pa

    columns, fields, changed = [], [], False
    for field, column in zip(table.schema, table.columns):
        values = column.to_pylist() if _holds_text(field.type) else []
        clean = _redact_all(values, redactor)
        name = redactor(field.name)
        changed = changed or clean != values or name != field.name
        columns.append(pa.chunked_array([pa.array(clean, _give_type(field.type))]) if clean != values else column)
        fields.append(pa.field(name, columns[-1].type, field.nullable))
    noted = table.schema.metadata or {}
    metadata = {_redact_raw(key, redactor): _redact_raw(value, redactor) for key, value in noted.items()}
    if not changed and metadata == noted:
        return None
    return pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata or None))


def _give_type(kind: pyarrow.DataType) -> pyarrow.DataType | None:
    """Return the type of a column whose values changed; None: the one that fits, as their lengths changed too."""
    from pyarrow import types

    if types.is_dictionary(kind):
        return kind.value_type
    return None if types.is_fixed_size_binary(kind) else kind


def _redact_all(values: Sequence[Any], redactor: Redactor) -> list[Any]:
    """Return values without secrets; the same text is looked at once."""
    seen: dict[str, str] = {}

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            if value not in seen:
                seen[value] = redactor(value)
            return seen[value]
        if isinstance(value, bytes):
            return _redact_raw(value, redactor)
        if isinstance(value, list | tuple):
            return type(value)(clean(item) for item in value)
        return {clean(key): clean(item) for key, item in value.items()} if isinstance(value, dict) else value

    return [clean(value) for value in values]


def _holds_text(kind: pyarrow.DataType) -> bool:
    from pyarrow import types

    if types.is_dictionary(kind):
        return _holds_text(kind.value_type)
    if types.is_nested(kind):
        return any(_holds_text(kind.field(number).type) for number in range(kind.num_fields))
    tests: tuple[Callable[[Any], bool], ...] = (
        types.is_string,
        types.is_large_string,
        types.is_string_view,
        types.is_binary,
        types.is_large_binary,
        types.is_fixed_size_binary,
        types.is_binary_view,
    )
    return any(test(kind) for test in tests)


def _redact_text(raw: bytes, suffix: str, redactor: Redactor) -> bytes:
    if suffix in _JSON:
        with suppress(UnicodeDecodeError):
            return _redact_json(raw.decode("utf-8"), redactor).encode("utf-8")
    return _redact_raw(raw, redactor)


def _redact_json(text: str, redactor: Redactor) -> str:
    """Return JSON without secrets that is still JSON."""
    try:
        value = json.loads(text)
    except ValueError:
        return redactor(text)
    clean = redact_value(value, redactor)
    return text if clean == value else json.dumps(clean, indent=2, ensure_ascii=False) + "\n"


def _redact_raw(raw: bytes, redactor: Redactor) -> bytes:
    """Return bytes without secrets; what is no text in them stays as it is."""
    text = raw.decode("utf-8", "surrogateescape")
    clean = redactor(text)
    return raw if clean == text else clean.encode("utf-8", "surrogateescape")
