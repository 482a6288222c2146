"""Groups of a column's values, wide enough to compare: ranges of numbers, named values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mopsnb.analysis.scoring.values import Column, Floats, Ints
from mopsnb.analysis.wording import format_plainly

MISSING_LABEL, OTHER_LABEL = "(missing)", "(any other value)"
SPIKE = 0.08  # a number that so large a share of leads have is a group of its own


@dataclass(frozen=True, slots=True)
class Grouping:
    """How a column's values are grouped.

    Parameters
    ----------
    column
        The column's name.
    labels
        The groups in words. The last one is for missing values; with named values the one before
        it is for any other value.
    limits
        The upper limits of ranges but for the last, ascending; empty for named values.
    places
        The group of each named value; empty for numbers.
    """

    column: str
    labels: tuple[str, ...]
    limits: Floats
    places: Ints

    def place(self, column: Column) -> Ints:
        """Return each lead's group as a position in ``labels``; shape (leads,). It cannot be written to."""
        known = column.placed.get(id(self))
        if known is None or known[0] is not self:
            found = self._place(column)
            found.flags.writeable = False
            known = column.placed[id(self)] = self, found
        return known[1]

    def _place(self, column: Column) -> Ints:
        missing, last = np.isnan(column.cells), len(self.labels) - 1
        if column.is_text:
            filled = np.where(missing, len(self.places), column.cells).astype(np.int64)
            return np.append(self.places, last)[filled]
        found = np.searchsorted(self.limits, column.cells, side="left")
        found[missing] = last
        return np.asarray(found, dtype=np.int64)


def group_values(column: Column, least: int, most: int) -> Grouping:
    """Return groups of a column's values, without looking at who converted.

    Numbers become up to ``most`` ranges of about equal size; a value that many leads share is a group of its
    own. Named values with too few leads become one group.

    Parameters
    ----------
    column
        The column, of the leads to learn from.
    least
        How many leads a group should have.
    most
        How many groups there may be, beside missing and any other value.
    """
    if column.is_text:
        return _group_texts(column, least, most)
    return _group_numbers(column, least, most)


def _group_texts(column: Column, least: int, most: int) -> Grouping:
    known = column.cells[~np.isnan(column.cells)].astype(np.int64)
    counts = np.bincount(known, minlength=len(column.levels))
    frequent = np.lexsort((np.arange(len(counts)), -counts))[:most]
    kept = sorted(int(level) for level in frequent if counts[level] >= least)
    places = np.full(len(column.levels), len(kept), dtype=np.int64)
    places[kept] = np.arange(len(kept))
    labels = [column.levels[level] for level in kept]
    return Grouping(column.name, (*labels, OTHER_LABEL, MISSING_LABEL), np.empty(0), places)


def _group_numbers(column: Column, least: int, most: int) -> Grouping:
    values, counts = np.unique(column.cells[~np.isnan(column.cells)], return_counts=True)
    if len(values) == 0:
        return Grouping(column.name, ("any value", MISSING_LABEL), np.empty(0), np.empty(0, dtype=np.int64))
    ends = _find_ends(counts, least, most)
    labels = _name_ranges(values, ends)
    return Grouping(column.name, (*labels, MISSING_LABEL), values[ends[:-1]], np.empty(0, dtype=np.int64))


def _find_ends(counts: Ints, least: int, most: int) -> list[int]:
    """Return the position of the last value of each range."""
    total = int(counts.sum())
    if len(counts) <= most and counts.min() >= least:
        return list(range(len(counts)))
    size = max(least, -(-total // most))
    reached = np.cumsum(counts)
    spikes = np.flatnonzero(counts >= max(least, SPIKE * total))
    ends: list[int] = []
    start = 0
    while start < len(counts):
        before = int(reached[start - 1]) if start else 0
        end = min(int(np.searchsorted(reached, before + size)), len(counts) - 1)
        ahead = spikes[(spikes >= start) & (spikes <= end)]
        if len(ahead):
            end = start if ahead[0] == start else int(ahead[0]) - 1
        ends.append(end)
        start = end + 1
    return _merge_small(ends, reached, least)


def _merge_small(ends: list[int], reached: Ints, least: int) -> list[int]:
    kept: list[int] = []
    for place, end in enumerate(ends):
        before = int(reached[kept[-1]]) if kept else 0
        if reached[end] - before >= least:
            kept.append(end)
        elif place == len(ends) - 1:
            kept = [*kept[:-1], end]
    return kept


def _name_ranges(values: Floats, ends: list[int]) -> list[str]:
    starts = [0, *(end + 1 for end in ends[:-1])]
    names = _write_apart(values[[*starts, *ends]])
    lows, highs = names[: len(starts)], names[len(starts) :]
    labels = []
    for place, (low, high) in enumerate(zip(lows, highs)):
        if low == high:
            labels.append(low)
        elif place == 0:
            labels.append(f"up to {high}")
        elif place == len(ends) - 1:
            labels.append(f"{low} and more")
        else:
            labels.append(f"{low} to {high}")
    return labels


def _write_apart(values: Floats) -> list[str]:
    """Return numbers in as few digits as keep different ones apart."""
    apart = len(set(values.tolist()))
    if (values == np.round(values)).all() and np.abs(values).max() < 10_000:
        return [f"{value:.0f}" for value in values]
    names = [format_plainly(float(value), "") for value in values]
    for digits in range(4, 18):
        if len(set(names)) == apart:
            break
        names = [f"{value:.{digits}g}" for value in values]
    return names
