"""What the catalogue counts: relations (rows with one clock) and measures (one number a month)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from mopsnb.data.months import Clock

Coverage = Literal["rows", "span", "since"]
Kind = Literal["count", "sum", "distinct", "level"]


class Naming(BaseModel):
    """How the rows of a relation name campaigns and channels, each as an SQL expression over their columns.

    Parameters
    ----------
    systems
        What the table ``campaign_map`` may call the system that the row comes from.
    campaign
        Ids or names of the row's campaign, the most certain first.
    titles
        The table in whose rows campaigns without a list of their own have a title (``campaign_name``) beside their id.
    channels
        Names that ``campaign_map`` may translate to a channel.
    channel
        The row's channel where nothing translates it; empty: that of its campaign alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    systems: tuple[str, ...] = ()
    campaign: tuple[str, ...] = ()
    titles: Literal["", "ad_daily"] = ""
    channels: tuple[str, ...] = ()
    channel: str = ""


class Spans(BaseModel):
    """Rows of one day or several, of which one may say what another says.

    Parameters
    ----------
    rows
        A query that yields every row with its first and last day.
    torn
        A query over ``held`` (the rows that lie in one of the spans asked for): the totals that share days with another
        row, while neither covers the other. They count nowhere. Empty: it is known that there are none, and that no row
        covers another.
    apart
        SQL over all rows (an aggregate) that is true where no row can say what another one says, or share days with it:
        all are of one day, and of one grain. Then every row counts, and nothing has to be compared.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: str
    torn: str
    apart: str = "FALSE"


class Relation(BaseModel):
    """Rows that measures count, taken from one or more canonical tables.

    Parameters
    ----------
    name
        The key in the catalogue.
    tables
        The canonical tables that it reads; all of them are needed.
    grain
        What one row is, in words.
    time
        The column by which a row belongs to a month.
    begins
        The column with the first day of a row that covers several days; empty: every row is of one moment.
    naming
        How its rows name campaigns and channels.
    person
        The column that holds a contact's id; empty: none does.
    clock
        ``timestamp`` (an instant, cut in the strategy's time zone) or ``date``.
    where
        SQL that every row fulfills.
    covered
        When a month without a match is a fact and not missing: ``rows`` (the month holds a row in
        scope), ``span`` (from the first to the last mark of the whole table), ``since`` (from the
        first mark in scope on).
    marks
        Time columns that show that the table was kept up; for ``span`` and ``since``.
    dimensions
        Columns by which a scope may limit the rows.
    fixed
        Columns that the table lacks because every row has the same value, with that value.
    sql
        A query that yields the rows; empty: the one table as it is. With ``spans`` it reads ``held`` and ``torn``.
    spans
        How rows of several days stand to each other; None: the query settles it, whatever spans are asked for.
    keeps_columns
        Whether the query yields every column of the first table, those that the contract does not know included.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    tables: tuple[str, ...]
    grain: str
    time: str
    clock: Clock
    begins: str = ""
    naming: Naming = Naming()
    person: str = ""
    where: str = "TRUE"
    covered: Coverage
    marks: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    fixed: dict[str, tuple[str, ...]] = {}
    sql: str = ""
    spans: Spans | None = None
    keeps_columns: bool = False

    @model_validator(mode="after")
    def _check(self) -> Relation:
        if not self.tables or (len(self.tables) > 1 and not self.sql):
            raise ValueError("names one table, or several with a query in 'sql'")
        if (self.covered == "rows") == bool(self.marks):
            raise ValueError("has 'marks' where 'covered' is span or since, and only there")
        if self.spans and not (self.begins and self.sql):
            raise ValueError("has 'begins' and 'sql' where it has 'spans'")
        return self

    @property
    def rows(self) -> str:
        """The rows as something that can stand after FROM; of several days those that lie in one month."""
        return self.rows_within(f"DATE_TRUNC('month', {self.begins}) = DATE_TRUNC('month', {self.time})")

    @property
    def all_rows(self) -> str:
        """The rows as something that can stand after FROM, those included that others cover."""
        return f"({self.spans.rows.rstrip()}) AS counted" if self.spans else self.rows

    def rows_within(self, condition: str) -> str:
        """Return the rows that count of those that fulfill a condition on their first and last day."""
        if self.spans and not self.spans.torn:
            return f"({self._find(condition, self.spans)}) AS counted"
        if self.spans:
            return f"({self._hold(condition, self.spans)} SELECT * FROM ({self.sql.rstrip()}) AS kept) AS counted"
        return f"({self.sql.rstrip()}) AS counted" if self.sql else self.tables[0]

    def torn_within(self, condition: str) -> str:
        """Return the rows that share days with others, of those that fulfill a condition, and so count nowhere."""
        if self.spans and not self.spans.torn:
            return f"({self._find('FALSE', self.spans)}) AS counted"
        return f"({self._hold(condition, self.spans)} SELECT * FROM torn) AS counted" if self.spans else ""

    @property
    def ask_apart(self) -> str:
        """SQL that tells whether no row can repeat another; empty where the relation has no rows of several days."""
        return f"SELECT {self.spans.apart} FROM {self.all_rows}" if self.spans else ""

    def stand_apart(self) -> Relation:
        """Return the relation of which it is known that no row repeats another: it counts the same with less work."""
        if self.spans is None:
            return self
        return self.model_copy(update={"spans": self.spans.model_copy(update={"torn": ""})})

    @staticmethod
    def _find(condition: str, spans: Spans) -> str:
        return f"SELECT * FROM ({spans.rows.rstrip()}) AS dated WHERE {condition}"

    def _hold(self, condition: str, spans: Spans) -> str:
        return f"WITH held AS ({self._find(condition, spans)}), torn AS ({spans.torn.rstrip()})"


class Measure(BaseModel):
    """One number a month over a relation.

    Parameters
    ----------
    name
        The key in the catalogue.
    relation
        What is counted.
    kind
        ``count`` (rows), ``sum`` (of a column), ``distinct`` (combinations of values) or ``level``
        (the running total of a column at the start of the month).
    columns
        The column that is summed, or the expressions whose combinations are counted; empty for ``count``.
    where
        SQL that a row fulfills to count.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    relation: Relation
    kind: Kind
    columns: tuple[str, ...] = ()
    where: str = "TRUE"


def build_relations(raw: dict[str, Any]) -> dict[str, Relation]:
    """Return the relations of the catalogue by name.

    Raises
    ------
    ValueError
        A field is missing, unknown or of the wrong type.
    """
    return {name: Relation(name=name, **fields) for name, fields in raw.items()}


def build_measures(raw: dict[str, dict[str, Any]], relations: dict[str, Relation]) -> dict[str, Measure]:
    """Return the measures of the catalogue by name.

    Each names its relation in ``of`` and has exactly one of ``count: rows``, ``sum: column``,
    ``distinct: [columns]`` and ``level: column``.

    Raises
    ------
    ValueError
        A field is missing, unknown or of the wrong type, or the relation does not exist.
    """
    kinds: tuple[Kind, ...] = ("count", "sum", "distinct", "level")
    measures = {}
    for name, fields in raw.items():
        found = [kind for kind in kinds if kind in fields]
        unknown = sorted(set(fields) - {*kinds, "of", "where"})
        if len(found) != 1 or unknown or fields.get("of") not in relations:
            raise ValueError(
                f"measure {name}: expected 'of' with a relation's name, one of {', '.join(kinds)}, 'where'"
            )
        value = fields[found[0]]
        if found[0] == "count" and value != "rows":
            raise ValueError(f"measure {name}: found count: {value}, expected count: rows")
        columns = () if found[0] == "count" else tuple(value) if found[0] == "distinct" else (value,)
        where = fields.get("where", "TRUE")
        measures[name] = Measure(
            name=name, relation=relations[fields["of"]], kind=found[0], columns=columns, where=where
        )
    return measures
