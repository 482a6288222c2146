"""The points card: whole points for each value of a few attributes, which add up to a lead's score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit

from mopsnb.analysis.scoring.association import Comparison, adjust_holm, compare_groups, cross
from mopsnb.analysis.scoring.groups import Grouping, group_values
from mopsnb.analysis.scoring.models import solve_logistic
from mopsnb.analysis.scoring.samples import Sample, make_sample
from mopsnb.analysis.scoring.values import Bools, Column, Floats, Ints

TOTAL = 100  # the most points that a lead can have
MOST_ATTRIBUTES = 12  # a card with more is not readable
NUMBER_GROUPS, TEXT_GROUPS = 6, 12
SIGNAL = 0.05  # the chance that any attribute without signal passes
REPEATED = 0.01  # an attribute must differ this clearly among leads that are alike in a stronger one
DENSE_MOST = 50_000  # combinations of groups beyond which a matrix of mostly zeros is kept as its ones alone


@dataclass(frozen=True, slots=True)
class Screened:
    """An attribute and whether leads with different values convert differently.

    Parameters
    ----------
    grouping
        Its groups of values.
    groups
        Each lead's group, shape (leads to learn from,).
    comparison
        The comparison of the groups within periods.
    probability
        Its p-value, adjusted for the number of attributes by Holm's method.
    """

    grouping: Grouping
    groups: Ints
    comparison: Comparison
    probability: float


@dataclass(frozen=True)
class Card:
    """Whole points by attribute and group of values.

    Parameters
    ----------
    groupings
        The attributes with their groups, the one with the widest range of points first.
    points
        The points of each group, in the order of the grouping's labels.
    intercept, slope
        The log-odds of converting are ``intercept + slope × score`` among the leads that the card was learned from.
    """

    groupings: tuple[Grouping, ...]
    points: tuple[Ints, ...]
    intercept: float
    slope: float

    @cached_property
    def highest(self) -> int:
        """The highest score that a lead can have."""
        return int(sum(int(points.max()) for points in self.points))

    def split(self, columns: Sequence[Column]) -> Ints:
        """Return each lead's points by attribute, shape (leads, attributes). A row's sum is the lead's score."""
        named = {column.name: column for column in columns}
        parts = [points[g.place(named[g.column])] for g, points in zip(self.groupings, self.points)]
        count = len(columns[0].cells) if columns else 0
        return np.column_stack(parts).astype(np.int64) if parts else np.zeros((count, 0), dtype=np.int64)

    def score(self, columns: Sequence[Column]) -> Ints:
        """Return each lead's score, shape (leads,)."""
        named = {column.name: column for column in columns}
        score = np.zeros(len(columns[0].cells) if columns else 0, dtype=np.int64)
        for grouping, points in zip(self.groupings, self.points):
            score += points[grouping.place(named[grouping.column])]
        return score

    def read_odds(self, score: Ints) -> Floats:
        """Return the log-odds of converting at a score."""
        return np.asarray(self.intercept + self.slope * score)


def screen_attributes(columns: Sequence[Column], sample: Sample) -> list[Screened]:
    """Return all attributes with how clearly they go with conversion, the strongest first.

    Parameters
    ----------
    columns
        The attributes, of the leads to learn from in time order.
    sample
        Who converted, and the periods within which leads are compared.
    """
    grouped = []
    for column in columns:
        grouping = group_values(column, sample.least, TEXT_GROUPS if column.is_text else NUMBER_GROUPS)
        groups = grouping.place(column)
        table = cross(groups, sample.outcome, sample.periods, len(grouping.labels))
        grouped.append((grouping, groups, compare_groups(table, sample.least)))
    adjusted = adjust_holm([comparison.probability for _, _, comparison in grouped])
    screened = [Screened(*parts, probability) for parts, probability in zip(grouped, adjusted)]
    return sorted(screened, key=lambda s: (s.comparison.freedom - s.comparison.statistic, s.grouping.column))


def choose_attributes(screened: Sequence[Screened], sample: Sample) -> list[Screened]:
    """Return the attributes for the card: with signal, and not repeating a stronger one.

    An attribute repeats another where, among leads that are alike in the other, it no longer matters.

    Parameters
    ----------
    screened
        All attributes, the strongest first.
    sample
        Who converted.
    """
    chosen: list[Screened] = []
    for item in screened:
        if item.probability >= SIGNAL or len(chosen) == MOST_ATTRIBUTES:
            continue
        tables = (cross(item.groups, sample.outcome, other.groups, len(item.grouping.labels)) for other in chosen)
        if all(compare_groups(table, sample.least).probability < REPEATED for table in tables):
            chosen.append(item)
    return chosen


def fit_card(columns: Sequence[Column], outcome: Bools) -> Card:
    """Return the points card of some leads.

    Attributes are screened and grouped without looking beyond these leads. A logistic regression with a small ridge
    penalty gives each group a weight; weights are shifted to start at 0, scaled so that the highest
    score is 100, and rounded to whole points.

    Parameters
    ----------
    columns
        The attributes, of the leads to learn from in time order.
    outcome
        Who of them converted, shape (leads,).
    """
    sample = make_sample(outcome)
    one_sided = outcome.all() or not outcome.any()
    chosen = [] if one_sided else choose_attributes(screen_attributes(columns, sample), sample)
    if not chosen:
        rate = float(np.clip(outcome.mean() if len(outcome) else 0.5, 1e-6, 1 - 1e-6))
        return Card((), (), float(np.log(rate / (1 - rate))), 0.0)
    weights = _weigh_groups(chosen, outcome)
    points = _round_points(weights)
    order = sorted(range(len(chosen)), key=lambda place: (-int(points[place].max()), chosen[place].grouping.column))
    score = np.sum([points[place][chosen[place].groups] for place in order], axis=0)
    intercept, slope = _fit_line(score, outcome)
    return Card(
        tuple(chosen[place].grouping for place in order), tuple(points[place] for place in order), intercept, slope
    )


def predict(card: Card, columns: Sequence[Column]) -> Floats:
    """Return each lead's probability as the leads that the card was learned from converted, shape (leads,)."""
    return np.asarray(expit(card.read_odds(card.score(columns))))


def _weigh_groups(chosen: Sequence[Screened], outcome: Bools) -> list[Floats]:
    sizes = [len(item.grouping.labels) for item in chosen]
    starts = np.cumsum([0, *sizes])
    first, alike = _find_alike(chosen, sizes)
    places = np.column_stack([start + item.groups[first] for item, start in zip(chosen, starts)])
    hits = np.bincount(alike, outcome)
    misses = np.bincount(alike) - hits
    stacked = _mark_places(np.vstack([places[hits > 0], places[misses > 0]]), int(starts[-1]))
    counts = np.concatenate([hits[hits > 0], misses[misses > 0]])
    model = solve_logistic(stacked, np.arange(len(counts)) < (hits > 0).sum(), counts=counts)
    coefficients = np.asarray(model.coef_[0])
    weights = []
    for item, start, size in zip(chosen, starts, sizes):
        part = coefficients[start : start + size]
        leads = np.bincount(item.groups, minlength=size)
        average = float(part @ leads / leads.sum())
        part = np.where(leads > 0, part, average)  # a group without leads counts like the average lead
        weights.append(part - part.min())
    return weights


def _mark_places(places: Ints, width: int) -> Any:
    """Return a matrix with a 1 at the named places of each row; a sparse one where there are many rows."""
    rows, each = places.shape
    if rows > DENSE_MOST:
        return csr_array((np.ones(rows * each), places.ravel(), np.arange(rows + 1) * each), shape=(rows, width))
    matrix = np.zeros((rows, width))
    matrix[np.arange(rows)[:, None], places] = 1.0
    return matrix


def _find_alike(chosen: Sequence[Screened], sizes: Sequence[int]) -> tuple[Ints, Ints]:
    """Return a lead of each combination of groups, and each lead's combination: few rows give the same weights."""
    alike = np.zeros(len(chosen[0].groups), dtype=np.int64)
    for item, size in zip(chosen, sizes):
        alike = np.unique(alike * size + item.groups, return_inverse=True)[1]
    return np.unique(alike, return_index=True)[1], alike


def _round_points(weights: Sequence[Floats]) -> list[Ints]:
    """Return whole points whose highest sum is as near to 100 as rounding allows, and not above it."""
    reach = sum(float(part.max()) for part in weights)
    if reach <= 0:
        return [np.zeros(len(part), dtype=np.int64) for part in weights]
    best: list[Ints] = []
    for step in range(81):
        scale = TOTAL / reach * (1.04 - step / 1000)
        best = [np.rint(part * scale).astype(np.int64) for part in weights]
        if sum(int(part.max()) for part in best) <= TOTAL:
            break
    return best


def _fit_line(score: Ints, outcome: Bools) -> tuple[float, float]:
    every = np.arange(int(score.max()) + 1)
    counts = np.concatenate([np.bincount(score[side], minlength=len(every)) for side in (outcome, ~outcome)])
    used = counts > 0
    matrix = np.tile(every / TOTAL, 2)[used, None]
    won = np.repeat([True, False], len(every))[used]
    model = solve_logistic(matrix, won, ridge=1e-3, counts=counts[used].astype(np.float64))
    return float(model.intercept_[0]), float(model.coef_[0, 0]) / TOTAL
