"""Columns that know the future: filled in at the outcome or after it, and found without being told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mopsnb.analysis.scoring.association import Crosstab, cross, separate
from mopsnb.analysis.scoring.groups import Grouping, group_values
from mopsnb.analysis.scoring.marks import (
    find_certainty,
    find_silence,
    find_threshold,
    is_mediated,
    name_aftermath,
    name_outcome,
)
from mopsnb.analysis.scoring.models import fit_logistic
from mopsnb.analysis.scoring.roles import FUTURE, Judgment
from mopsnb.analysis.scoring.samples import Sample
from mopsnb.analysis.scoring.values import Column, Floats, Ints

IMPLAUSIBLE = 0.9  # nothing known about a lead in advance ranks so well alone
STRONG = 0.75  # from here on a column needs a second look
MARKED = 0.65  # with a threshold beyond which nobody converts, less is enough
LIKELY, UNLIKELY = 1e-3, 1e-6  # how improbable the threshold must be, with and without a strong column
NAMED = 0.6  # a column named after conversion needs less
FINE_GROUPS = 20
HOLD_OUT = 3


def find_leaks(columns: Sequence[Column], sample: Sample) -> list[Judgment]:
    """Return the columns that know the future, and those that the team should check, the strongest first.

    A column knows the future where one of these holds, comparing leads of the same period with each other:

    - it alone ranks leads better than anything known in advance plausibly does (AUC 0.9 and more);
    - a value, or having one at all, means nearly certain conversion, or next to none;
    - its name speaks of conversion and it ranks leads (AUC 0.6 and more);
    - it alone ranks leads well (AUC 0.75 and more) and better than all other columns together, and it bears a mark
      of the outcome: a threshold beyond which nobody converts, a name such as a call's duration, or a relation to
      the other columns that runs through the outcome alone.

    A column that is as strong but bears no mark stays; its role is ``attribute`` with a reason to check it. The
    search starts again after each find, because a leak hides another one.

    Parameters
    ----------
    columns
        The attributes, of the leads to learn from in time order.
    sample
        Who of them converted, and their periods.
    """
    alone = {column.name: _inspect(column, sample) for column in columns}
    found: list[Judgment] = []
    left = list(columns)
    while True:
        left.sort(key=lambda column: (-alone[column.name].auc, column.name))
        judged = next((item for item in (_judge(c, alone[c.name], left, sample) for c in left) if item), None)
        if judged is None:
            break
        found.append(judged)
        left = [column for column in left if column.name != judged.column]
    return found + [item for item in (_doubt(column, alone[column.name], left, sample) for column in left) if item]


@dataclass(frozen=True, slots=True)
class _Alone:
    auc: float
    evidence: str  # of a value that decides the outcome


def _inspect(column: Column, sample: Sample) -> _Alone:
    groups = group_values(column, sample.least, FINE_GROUPS)
    table = _cross(column, groups, sample)
    evidence = find_certainty(table, groups.labels) if column.is_text else ""  # a trait in numbers may become certain
    for half, labels in _halve(column):
        split = cross(half, sample.outcome, sample.periods, 2)
        evidence = evidence or find_silence(split, labels) or find_certainty(split, labels)
    return _Alone(separate(table), evidence)


def _halve(column: Column) -> list[tuple[Ints, tuple[str, str]]]:
    missing = np.isnan(column.cells)
    halves: list[tuple[Ints, tuple[str, str]]] = []
    if missing.any():
        halves.append((missing.astype(np.int64), ("a value", "no value")))
    if not column.is_text and (column.cells == 0).any():
        halves.append(((column.cells == 0).astype(np.int64), ("a value other than 0", "the value 0")))
    return halves


def _cross(column: Column, groups: Grouping, sample: Sample) -> Crosstab:
    return cross(groups.place(column), sample.outcome, sample.periods, len(groups.labels))


def _judge(column: Column, alone: _Alone, others: Sequence[Column], sample: Sample) -> Judgment | None:
    text = f"Alone it ranks leads of the same time with an AUC of {alone.auc:.2f}"
    if alone.evidence:
        return _set_aside(column, f"{alone.evidence} {text}.")
    if alone.auc >= IMPLAUSIBLE:
        return _set_aside(column, f"{text}; nothing known about a lead in advance does.")
    if alone.auc >= NAMED and name_outcome(column.name):
        return _set_aside(column, f"Its name speaks of conversion. {text}.")
    mark = ""
    if alone.auc >= MARKED:
        chance = LIKELY if alone.auc >= STRONG else UNLIKELY
        mark = find_threshold(column, sample.outcome, sample.periods, chance)
    if alone.auc < STRONG:
        return _set_aside(column, f"{mark} {text}.") if mark else None
    rest, auc = _predict_from(others, column, sample)
    if auc >= alone.auc:
        return None
    if not mark and name_aftermath(column.name):
        mark = "Its name speaks of what happens at the outcome or after it."
    if not mark and is_mediated(column, rest, sample.outcome, sample.periods):
        mark = "Among leads of the same outcome it has nothing to do with any other column."
    return _set_aside(column, f"{text}; all other columns together reach {auc:.2f}. {mark}") if mark else None


def _doubt(column: Column, alone: _Alone, others: Sequence[Column], sample: Sample) -> Judgment | None:
    if alone.auc < STRONG:
        return None
    auc = _predict_from(others, column, sample)[1]
    if auc >= alone.auc:
        return None
    evidence = (
        f"Alone it ranks leads of the same time with an AUC of {alone.auc:.2f};"
        f" all other columns together reach {auc:.2f}."
    )
    return Judgment(column.name, "attribute", "carries most of the score", evidence)


def _set_aside(column: Column, evidence: str) -> Judgment:
    return Judgment(column.name, "set aside", FUTURE, evidence)


def _predict_from(others: Sequence[Column], column: Column, sample: Sample) -> tuple[Floats, float]:
    """Return what all other columns predict for held-out leads, and how well that ranks leads of a period."""
    rest = [other for other in others if other.name != column.name]
    predicted = np.zeros(len(sample.outcome))
    turns = np.arange(len(sample.outcome)) % HOLD_OUT
    for turn in range(HOLD_OUT):
        held = np.flatnonzero(turns == turn)
        predicted[held] = fit_logistic(rest, sample.outcome, np.flatnonzero(turns != turn), held)
    groups = group_values(Column("", predicted), sample.least, FINE_GROUPS)
    return predicted, separate(_cross(Column("", predicted), groups, sample))
