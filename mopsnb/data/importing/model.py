"""What a source file says: the pydantic model of ``mopsnb/data/sources/*.yml``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from mopsnb.data.contract import TABLES
from mopsnb.errors import suggest


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
        ``lower`` (and without spaces around), ``digits``, or ``salesforce`` (ids of 15 characters become those of 18).
    pattern
        A regular expression; its first group is the value.
    prefix
        What is put before the text, where ids of two tables of a vendor could be the same.
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
    clean: Literal["", "lower", "digits", "salesforce"] = ""
    pattern: str = ""
    prefix: str = ""
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
    usual
        Canonical columns that such files nearly always have; without one, a column of figures without a use is doubted.
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
    apart
        Headers that tell views of the same rows apart, such as compared periods; a file with several is refused.
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
    usual: Names = []
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
    apart: Names = []
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
            *self.usual,
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
