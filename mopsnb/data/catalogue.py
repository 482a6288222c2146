"""The metric catalogue: what each metric is called, counts and means, read from ``metrics.yml``."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from mopsnb.data.contract import TABLES
from mopsnb.data.relations import Measure, Relation, build_measures, build_relations
from mopsnb.data.shelf import recall
from mopsnb.errors import DataError, UsageError, suggest

CATALOGUE = Path(__file__).with_name("metrics.yml")
Words = Annotated[str, Field(min_length=1)]


class Metric(BaseModel):
    """A figure that a team steers by.

    Parameters
    ----------
    name
        The key in the catalogue and in results.
    group
        Where the reference lists it.
    title
        The name for people.
    synonyms
        What else people call it in a sentence. A word that several metrics share names none of them alone.
    numerator
        Measures that are added up. Where there are several, one whose table is present is enough.
    denominator
        What the sum is divided by; None: nothing.
    factor, divisor
        What the quotient is multiplied and divided by; numerator and denominator stay as they are.
    unit
        ``fraction`` (0.004 stands for 0.4%), ``count``, ``currency`` (an amount of money, also per click or
        lead), ``ratio`` (a multiple: 3.2 stands for 3.2 times), ``hours``, ``days`` or ``points`` (of a rating).
    direction
        ``up`` (more is better), ``down`` (less is better) or ``neutral``.
    additive
        Whether the sum over months says something. Ratios never add up.
    proportion
        Whether the numerator counts a part of the base, so that a binomial interval fits. The part may be
        off by stragglers at the month's edge; where the numerator exceeds the base, no such interval holds.
    formula, base
        How it is worked out and what it rests on, in words.
    definition_source
        Whose definition it is.
    caveat
        What a reader must know before acting on it.
    related
        Metrics that belong beside it.
    replaces
        Whether a workspace defines it in the place of the project's own metric of that name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    group: Words
    title: Words
    synonyms: tuple[Words, ...] = ()
    numerator: tuple[Measure, ...]
    denominator: Measure | None = None
    factor: int = Field(1, ge=1)
    divisor: int = Field(1, ge=1)
    unit: Literal["fraction", "count", "currency", "ratio", "hours", "days", "points"]
    direction: Literal["up", "down", "neutral"]
    additive: bool = False
    proportion: bool = False
    formula: Words
    base: Words
    definition_source: Words
    caveat: Words
    related: tuple[str, ...] = ()
    replaces: bool = False

    @property
    def parts(self) -> tuple[Measure, ...]:
        """The measures of the numerator, and the denominator last where there is one."""
        return (*self.numerator, *filter(None, [self.denominator]))

    @property
    def scale(self) -> Fraction:
        """What the quotient is multiplied by: factor over divisor."""
        return Fraction(self.factor, self.divisor)

    @property
    def grain(self) -> str:
        """What one row of each relation is that it counts, in words."""
        return "; ".join(dict.fromkeys(part.relation.grain for part in self.parts))

    @property
    def needs(self) -> tuple[str, ...]:
        """Every table that it reads. Of those in `alternatives` one is enough; all others must be there."""
        return tuple(dict.fromkeys(table for part in self.parts for table in part.relation.tables))

    @property
    def alternatives(self) -> tuple[str, ...]:
        """Tables of which one is enough; empty where all that it needs must be there."""
        parts = self.numerator if len(self.numerator) > 1 else ()
        return tuple(dict.fromkeys(table for part in parts for table in part.relation.tables))

    @property
    def reads_money(self) -> bool:
        """Whether any part of it reads an amount, so that it needs money in one currency: a return does, too."""
        return any(_reads_money(part) for part in self.parts)

    def find_measures(self, tables: Iterable[str]) -> tuple[Measure, ...]:
        """Return the measures that these tables allow, the denominator last; empty where the figure needs more."""
        present = set(tables)
        parts = tuple(part for part in self.numerator if present.issuperset(part.relation.tables))
        if self.denominator is None:
            return parts
        return (*parts, self.denominator) if parts and present.issuperset(self.denominator.relation.tables) else ()


def _reads_money(measure: Measure) -> bool:
    relation = measure.relation
    amounts = {name for table in relation.tables for name in TABLES[table].money}
    sql = " ".join((*measure.columns, measure.where, relation.where, relation.sql))
    return not amounts.isdisjoint(re.findall(r"\w+", sql))


def _list_columns(metric: Metric) -> list[str]:
    """Return the columns that a metric's figures come from, as ``table.column``."""
    found = [
        f"{table}.{word}"
        for part in metric.parts
        for word in re.findall(r"\w+", " ".join(part.columns))
        for table in part.relation.tables
        if word in TABLES[table].fields
    ]
    return list(dict.fromkeys(found))


Catalogue = Mapping[str, Metric]


@functools.cache
def _read(path: Path, changed: int) -> tuple[Metric, ...]:
    return recall(("catalogue", path), [path], lambda: _parse(path))


def _parse(path: Path) -> tuple[Metric, ...]:
    try:
        raw: dict[str, Any] = YAML(typ="safe", pure=True).load(path)
        measures = build_measures(raw["measures"], build_relations(raw["relations"]))
        metrics = tuple(_build_metric(name, fields, measures) for name, fields in raw["metrics"].items())
    except (YAMLError, ValidationError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"The metric catalogue {path.name} cannot be used: {error}") from error
    names = {metric.name for metric in metrics}
    dangling = sorted({f"{m.name} → {other}" for m in metrics for other in m.related if other not in names})
    if dangling:
        raise DataError(f"The metric catalogue {path.name} relates to metrics that it lacks: {', '.join(dangling)}.")
    return metrics


def _build_metric(name: str, fields: dict[str, Any], measures: Mapping[str, Measure]) -> Metric:
    asked = [*fields["numerator"], *filter(None, [fields.get("denominator")])]
    unknown = [measure for measure in asked if measure not in measures]
    if unknown:
        raise ValueError(f"metric {name}: there is no measure {', '.join(unknown)}. {suggest(unknown[0], measures)}")
    parts = {"numerator": tuple(measures[item] for item in fields["numerator"])}
    bottom = {"denominator": measures[fields["denominator"]]} if "denominator" in fields else {}
    return Metric(name=name, **(fields | parts | bottom))


def read_definitions(path: Path = CATALOGUE) -> tuple[dict[str, Relation], dict[str, Measure]]:
    """Return the relations and measures of a catalogue file that is known to be sound, by name."""
    relations, measures = _read_parts(path)
    return dict(relations), dict(measures)


@functools.cache
def _read_parts(path: Path) -> tuple[Mapping[str, Relation], Mapping[str, Measure]]:
    raw: dict[str, Any] = YAML(typ="safe", pure=True).load(path)
    relations = build_relations(raw["relations"])
    return relations, build_measures(raw["measures"], relations)


def read_catalogue(path: Path = CATALOGUE) -> dict[str, Metric]:
    """Return the metrics by name, in the order of the file.

    Parameters
    ----------
    path
        A catalogue file; the project's own by default.

    Raises
    ------
    DataError
        The file is no catalogue; the message says where and why.
    """
    # A kernel server may have read the file long ago: its time is part of the question.
    return {metric.name: metric for metric in _read(path, path.stat().st_mtime_ns)}


def catalogue_frame(catalogue: Catalogue) -> pd.DataFrame:
    """Return the catalogue as a table for notebooks.

    Returns
    -------
    pandas.DataFrame
        Index: the metric's name. Columns group, title, unit, direction, additive, proportion, formula, base,
        grain (what one counted row is), table (what the numerator counts), source (of the definition), caveat; and
        as lists synonyms, needs (tables that it reads), reads (the columns that its figures come from, as
        ``table.column``), alternatives (those of the tables of which one is enough) and related (metrics that belong
        beside it).
    """
    rows = [
        {
            "name": metric.name,
            "group": metric.group,
            "title": metric.title,
            "synonyms": list(metric.synonyms),
            "unit": metric.unit,
            "direction": metric.direction,
            "additive": metric.additive,
            "proportion": metric.proportion,
            "formula": metric.formula,
            "base": metric.base,
            "grain": metric.grain,
            "table": ", ".join(dict.fromkeys(table for part in metric.numerator for table in part.relation.tables)),
            "source": metric.definition_source,
            "caveat": metric.caveat,
            "needs": list(metric.needs),
            "reads": _list_columns(metric),
            "alternatives": list(metric.alternatives),
            "related": list(metric.related),
        }
        for metric in catalogue.values()
    ]
    return pd.DataFrame(rows).set_index("name")


def list_tables(catalogue: Catalogue, names: Sequence[str] | None = None) -> list[str]:
    """Return every canonical table that these metrics read, where it is present; None: all metrics."""
    return list(dict.fromkeys(table for metric in choose_metrics(catalogue, names) for table in metric.needs))


def choose_metrics(catalogue: Catalogue, names: Sequence[str] | None = None) -> list[Metric]:
    """Return the metrics with these names in the catalogue's order; None: all.

    Raises
    ------
    UsageError
        There is no such metric; the message names the nearest.
    """
    for name in names or ():
        if name not in catalogue:
            hint = suggest(name, catalogue)
            raise UsageError(f"There is no metric '{name}'. {hint} See docs/metrics.md for all.".replace("  ", " "))
    return [metric for metric in catalogue.values() if names is None or metric.name in names]
