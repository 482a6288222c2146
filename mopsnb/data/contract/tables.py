"""A typed view of a table's pandera declaration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandera.pandas as pa

Role = Literal["event", "spend", "record", "plan", "reference"]
_FACTS = ("key", "other_key", "role", "time", "marks", "grows", "every_days", "money_on", "provenance")


@dataclass(frozen=True, slots=True)
class Rule:
    """One check on a column or on whole rows, as both executors read it.

    Parameters
    ----------
    name
        ``kind``, ``required``, ``one_of``, ``at_least``, ``above``, ``matches`` or ``any_filled``.
    expected
        What should stand there.
    facts
        The check's own values, such as ``{"minimum": 0}``.
    only_warn
        Other values are good to know, not a fault.
    """

    name: str
    expected: str
    facts: dict[str, Any]
    only_warn: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table, as declared.

    Parameters
    ----------
    name, kind, description, unit
        As declared in `mopsnb.data.contract.columns.column`.
    required
        The column must be there, and every cell filled.
    scale
        Decimals that a ``decimal`` column keeps.
    known_at
        The time column that tells from when the cell is known; empty: always.
    rules
        The checks, the kind's first.
    """

    name: str
    kind: str
    description: str
    unit: str
    required: bool
    scale: int
    known_at: str
    rules: tuple[Rule, ...]

    @property
    def is_money(self) -> bool:
        """Whether cells are amounts in the row's currency."""
        return self.unit == "money"


@dataclass(frozen=True, slots=True)
class Table:
    """A canonical table, as declared.

    Parameters
    ----------
    schema
        The pandera schema: the declaration itself.
    name, description
        The table's name, and what one row is.
    fields
        The columns by name, in the order of the contract.
    rules
        The checks on whole rows.
    key
        The columns that identify a row.
    other_key
        The columns that identify a row whose key is empty; empty: no others do.
    role
        ``event`` and ``spend`` rows say how far the data reaches; a ``record`` is a snapshot; a ``plan`` may lie in
        the future; a ``reference`` explains other tables.
    time
        The columns of which the first filled one dates the row.
    marks
        For records that figures read: the columns of which any shows that the table was kept up.
    grows
        Too large to load whole.
    every_days
        The longest silence that is normal; 0: the workspace's threshold alone counts.
    money_on
        The columns of which the first filled one dates the exchange rate; then ``as_of``.
    provenance
        Those of source, source_file and source_row that say where the row comes from.
    """

    schema: pa.DataFrameSchema
    name: str
    description: str
    fields: dict[str, Field]
    rules: tuple[Rule, ...]
    key: tuple[str, ...]
    other_key: tuple[str, ...]
    role: Role
    time: tuple[str, ...]
    marks: tuple[str, ...]
    grows: bool
    every_days: int
    money_on: tuple[str, ...]
    provenance: tuple[str, ...]

    @property
    def required(self) -> list[str]:
        """The columns that must be there."""
        return [field.name for field in self.fields.values() if field.required]

    @property
    def money(self) -> list[str]:
        """The columns that hold amounts."""
        return [field.name for field in self.fields.values() if field.is_money]

    @property
    def is_dated(self) -> bool:
        """Whether the table's rows say how far the data reaches."""
        return self.role in {"event", "spend"}

    @property
    def is_watched(self) -> bool:
        """Whether a long silence of the table is worth a finding."""
        return self.is_dated or bool(self.marks)


def read_table(schema: pa.DataFrameSchema) -> Table:
    """Return the typed view of a declaration."""
    facts = schema.metadata
    return Table(
        schema=schema,
        name=schema.name,
        description=schema.description,
        fields={name: _read_field(name, spec) for name, spec in schema.columns.items()},
        rules=tuple(_read_rule(check) for check in schema.checks),
        **{name: facts[name] for name in _FACTS},
    )


def _read_field(name: str, spec: pa.Column) -> Field:
    facts = spec.metadata
    return Field(
        name=name,
        kind=facts["kind"],
        description=spec.description,
        unit=facts["unit"],
        required=spec.required,
        scale=facts["scale"],
        known_at=facts["known_at"],
        rules=tuple(_read_rule(check) for check in spec.checks),
    )


def _read_rule(check: pa.Check) -> Rule:
    return Rule(str(check.name), str(check.error), dict(check.statistics or {}), check.raise_warning)
