"""Sources: what a file from a vendor looks like and how it maps, as data in one YAML file each."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from mopsnb.data.contract import TABLES
from mopsnb.errors import DataError, Fault, UsageError, suggest

FOLDER = Path(__file__).resolve().parents[1] / "sources"


def _to_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _to_spec(value: Any) -> Any:
    return {"from": value} if isinstance(value, str | list) else value


Names = Annotated[list[str], BeforeValidator(_to_list)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Column(_Part):
    """How a canonical column comes about.

    Parameters
    ----------
    headers
        Names under which the column is known, in any language; in YAML the key is ``from``.
    unit
        What one unit of the cell is: ``one``, ``micros``, ``cents``, ``percent`` or ``thousands``.
    values
        Cell, in lower case, to canonical value. A key between slashes is a regular expression.
    other
        What becomes of values that are not listed: ``keep``, ``missing`` or ``reject``.
    clean
        ``lower`` (and without spaces around), or ``digits``.
    pattern
        A regular expression; its first group is the value.
    lookup
        The canonical column in which the same file holds this name; the row's id is taken.
    split
        What separates the items of a list.
    only
        Header to regular expressions, one of which that cell must match; else the value is missing.
    kind
        For helpers, whose name starts with ``_``: the kind of cell.
    """

    headers: Names
    unit: Literal["one", "micros", "cents", "percent", "thousands"] = "one"
    values: dict[str, str | None] = {}
    other: Literal["keep", "missing", "reject"] = "keep"
    clean: Literal["", "lower", "digits"] = ""
    pattern: str = ""
    lookup: str = ""
    split: str = ","
    only: dict[str, Names] = {}
    kind: str = "text"

    @model_validator(mode="before")
    @classmethod
    def _rename(cls, data: Any) -> Any:
        data = _to_spec(data)
        return {("headers" if key == "from" else key): value for key, value in data.items()}


class Signs(_Part):
    """By what a file is recognized: canonical columns that must be mapped, headers that must or must not be there."""

    columns: Names = []
    headers: Names = []
    any: Names = []
    none: Names = []


class Completion(_Part):
    """What other sources lack and this one fills in: ``on`` these columns, also for rows that stand here alone."""

    source: Names
    on: Names
    adds_rows: bool = False


class Source(_Part):
    """One source: a vendor's file of one shape and its way into one canonical table.

    Parameters
    ----------
    id, title, vendor, shape, table
        What it is; ``shape`` is ``connector`` (a warehouse table) or ``export`` (downloaded by hand).
    export
        How people get the file.
    grain
        What one row of advertising totals is: ``campaign``, ``ad_group``, ``ad``, ``keyword``, ``account``.
    recognize
        The signs of the file.
    columns
        Canonical column (or helper ``_name``) to where it comes from.
    constants
        Canonical column to its fixed value.
    derive
        Id column to the canonical columns that it is derived from where the file has no id.
    key
        Headers that together name a row; without them, all columns that hold no numbers.
    latest
        The helper that tells the newest version of a key.
    exclude
        Header to cells (in lower case) whose rows are left out.
    needs
        Canonical columns without which the file is refused.
    ignore
        Headers that are known and not used.
    zone
        ``utc``, or ``workspace``: the time zone of wall clocks.
    decimal, date_order
        The way of writing, where the vendor knows only one.
    footer
        Regular expressions of lines behind the data; a group ``rows`` is checked against the number of rows.
    count
        Canonical column to the headers whose distinct combinations are counted.
    completes
        What this source adds to another.
    also
        Ids of sources that read the same file into other tables.
    json_rows, json_names
        Where the rows of a JSON file stand; column to ``list.field`` that an id in it stands for.
    drop_empty
        Canonical columns without which a row says nothing and is left out, counted.
    when
        Canonical column to the boolean column without which its value is missing.
    merges
        The helper that lists the ids of records that were merged into the row's.
    explode
        Canonical column to the helper that lists its values; each makes a row.
    notes
        What a user should know.
    """

    id: str
    title: str
    vendor: str
    shape: Literal["connector", "export"]
    table: str
    export: str = ""
    grain: Literal["", "campaign", "ad_group", "ad", "keyword", "account"] = ""
    recognize: Signs
    columns: dict[str, Column]
    constants: dict[str, str] = {}
    derive: dict[str, Names] = {}
    key: Names = []
    latest: str = ""
    exclude: dict[str, Names] = {}
    needs: Names = []
    ignore: Names = []
    zone: Literal["utc", "workspace"] = "workspace"
    decimal: Literal["", "point", "comma"] = ""
    date_order: Literal["", "dmy", "mdy"] = ""
    footer: Names = []
    count: dict[str, Names] = {}
    completes: Completion | None = None
    also: Names = []
    json_rows: str = ""
    json_names: dict[str, str] = {}
    drop_empty: Names = []
    when: dict[str, str] = {}
    merges: str = ""
    explode: dict[str, str] = {}
    notes: str = ""

    @property
    def is_grouped(self) -> bool:
        """Whether rows with the same key are added up, as those of advertising and visits are."""
        return {"date", "period_start", "period_end"} <= TABLES[self.table].fields.keys()

    @model_validator(mode="after")
    def _check_names(self) -> Source:
        if self.table not in TABLES:
            raise ValueError(f"table: '{self.table}' is no canonical table. {suggest(self.table, TABLES)}".strip())
        known = TABLES[self.table].fields
        named = [
            *self.columns,
            *self.constants,
            *self.derive,
            *self.count,
            *self.needs,
            *self.drop_empty,
            *self.explode,
        ]
        for name in named:
            if name not in known and not name.startswith("_"):
                raise ValueError(f"'{name}' is no column of {self.table}. {suggest(name, known)}".strip())
        for name in [*self.recognize.columns, *([self.latest] if self.latest else [])]:
            if name not in self.columns:
                raise ValueError(f"'{name}' is recognized or ranked by, and not mapped")
        return self


def normalize(header: str) -> str:
    """Return a header as it is compared: lower case, single spaces, without a currency in parentheses.

    Examples
    --------
    >>> normalize(" Amount  spent (EUR)")
    'amount spent'
    """
    text = re.sub(r"\s+", " ", header.replace("\ufeff", "").translate({0xA0: 32, 0x202F: 32})).strip()
    return re.sub(r" ?[(\[][A-Z]{3}[)\]]$", "", text).casefold()


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
