"""The sources that are known: read from YAML files, those that mopsnb brings and those of a workspace."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from mopsnb.data.contract import TABLES
from mopsnb.data.importing.model import Column, Signs, Source
from mopsnb.errors import DataError, Fault, UsageError, suggest

FOLDER = Path(__file__).resolve().parents[1] / "sources"


def read_sources(workspace: Path | None = None) -> dict[str, Source]:
    """Return every source by id: those that mopsnb brings, and those in the workspace's folder ``sources/``.

    Raises
    ------
    DataError
        A file of the workspace is no source.
    """
    found = dict(_read_own())
    if workspace is not None:
        for path in sorted((workspace / "sources").glob("*.y*ml")):
            source = read_source(path)
            found[source.id] = source
    return found


@functools.cache
def _read_own() -> Mapping[str, Source]:
    return {source.id: source for source in map(read_source, sorted(FOLDER.glob("*.yml")))}


def read_source(path: Path) -> Source:
    """Read one source file.

    Raises
    ------
    DataError
        It is no source; the message names the key.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    label = f"sources/{path.name}"
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8-sig"))
        source = Source.model_validate(content)
    except (YAMLError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        fault = Fault(label, "", "", reason, "YAML", "Correct the file.")
        raise DataError(f"{label} cannot be read.", [fault]) from error
    except ValidationError as error:
        faults = [
            Fault(label, "", ".".join(map(str, item["loc"])), str(item.get("input"))[:80], item["msg"], "Correct it.")
            for item in error.errors()
        ]
        raise DataError(f"{label} is not a source.", faults) from error
    if source.id != path.stem:
        fault = Fault(label, "", "id", source.id, f"the file's name, {path.stem}", "Rename the file or the id.")
        raise DataError(f"{label} is not a source.", [fault])
    return source


def find_source(name: str, sources: Mapping[str, Source]) -> Source:
    """Return a source by id.

    Raises
    ------
    UsageError
        There is none.
    """
    if name not in sources:
        raise UsageError(f"There is no source '{name}'. {suggest(name, sources)} List them: mopsnb sources.")
    return sources[name]


def make_generic(table: str, mapped: Iterable[str]) -> Source:
    """Return the source of a file whose columns are named by hand or like the canonical ones.

    Raises
    ------
    UsageError
        There is no such table.
    """
    if table not in TABLES:
        raise UsageError(f"There is no table '{table}'. {suggest(table, TABLES)}".strip())
    fields = TABLES[table].fields
    skipped = TABLES[table].provenance
    return Source(
        id=f"generic_{table}",
        title=f"A file whose columns are named like those of {table}",
        vendor="other",
        shape="export",
        table=table,
        grain="campaign" if table == "ad_daily" else "",
        recognize=Signs(columns=[name for name in mapped if name in fields]),
        columns={
            name: Column(headers=[name, name.replace("_", " ")], split=";") for name in fields if name not in skipped
        },
        derive={"campaign_id": ["campaign_name"]} if table == "ad_daily" else {},
    )
