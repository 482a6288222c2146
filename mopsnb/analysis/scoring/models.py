"""Models beside the points card: what the same columns can do, and what no column at all does."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from mopsnb.analysis.scoring.values import Bools, Column, Floats, Ints

Matrix = npt.NDArray[np.float32] | npt.NDArray[np.float64]
Item = TypeVar("Item")
Answer = TypeVar("Answer")

LEVEL_LEAST = 10  # named values with fewer leads have no column of their own
LEARN_MOST = 50_000  # leads that the models beside the card learn from: a million would not fit into memory
MOST_AT_ONCE = 50_000  # leads that a model scores at once
RIDGE = 1.0  # scikit-learn's default strength of the penalty


def limit_threads() -> AbstractContextManager[object]:
    """Return a context in which numerical libraries use one thread.

    Sums then have one order on every machine, and steps that run side by side do not slow each other down.
    """
    context: AbstractContextManager[object] = threadpool_limits(limits=1)
    return context


def map_in_threads(work: Callable[[Item], Answer], items: Sequence[Item], is_wide: bool) -> list[Answer]:
    """Return what a function gives for each item, in their order.

    Numerical libraries keep to one thread in each item's work, so that the answers are the same on every machine.

    Parameters
    ----------
    work
        Changes nothing that another item's work reads.
    items
        What it is given.
    is_wide
        Whether items are worked on side by side, on all processors.
    """
    with limit_threads():
        if not is_wide:
            return [work(item) for item in items]
        with ThreadPoolExecutor(os.cpu_count(), initializer=_limit_thread) as pool:
            return list(pool.map(work, items))


def _limit_thread() -> None:
    threadpool_limits(limits=1)  # OpenMP counts for each thread anew


def thin_out(learn: Ints) -> Ints:
    """Return the leads that a model learns from: all of them, or 50,000 that are evenly spaced in time."""
    if len(learn) <= LEARN_MOST:
        return learn
    return learn[np.arange(LEARN_MOST) * len(learn) // LEARN_MOST]


def fit_logistic(columns: Sequence[Column], outcome: Bools, learn: Ints, score: Ints) -> Floats:
    """Return probabilities of a logistic regression with a small ridge penalty, shape (score,).

    Numbers are standardized and named values become one column each. A missing number takes the mean, with
    a column that says so.

    Parameters
    ----------
    columns
        The columns, of all leads.
    outcome
        Who converted, of all leads.
    learn, score
        Positions of the leads to learn from and of those to score.
    """
    if not columns or outcome[learn].all() or not outcome[learn].any():
        return np.full(len(score), float(outcome[learn].mean()))
    learn = thin_out(learn)

    def encode(rows: Ints) -> Matrix:
        parts = [part for column in columns for part in _encode(column, learn, rows)]
        matrix: Matrix = np.empty(
            (len(rows), len(parts)), dtype=np.float32
        )  # seven digits are plenty, in half the time
        for place, part in enumerate(parts):
            matrix[:, place] = part
        return matrix

    model = solve_logistic(encode(learn), outcome[learn])
    return _predict(model, lambda rows: encode(rows).astype(np.float64), score)


def solve_logistic(matrix: Matrix, outcome: Bools, *, ridge: float = RIDGE, counts: Floats | None = None) -> Any:
    """Return a fitted logistic regression.

    Parameters
    ----------
    matrix, outcome
        What is known about each row, shape (rows, columns), and its outcome, shape (rows,).
    ridge
        The strength of the penalty on the squared weights.
    counts
        How many leads each row stands for, shape (rows,); None: one.
    """
    model = LogisticRegression(C=1 / ridge, solver="newton-cholesky", tol=1e-5, max_iter=100)
    return model.fit(matrix, outcome, sample_weight=counts)


def fit_boosting(columns: Sequence[Column], outcome: Bools, learn: Ints, score: Ints) -> Floats:
    """Return probabilities of gradient boosting with small trees, shape (score,).

    A named value is known to the trees by how frequent it is.

    Parameters
    ----------
    columns, outcome, learn, score
        As in `fit_logistic`.
    """
    if not columns or outcome[learn].all() or not outcome[learn].any():
        return np.full(len(score), float(outcome[learn].mean()))
    learn = thin_out(learn)
    ranked = [_rank_levels(column, learn) if column.is_text else column.cells for column in columns]

    def encode(rows: Ints) -> Floats:
        return np.column_stack([cells[rows] for cells in ranked])

    trees = {"max_iter": 50, "learning_rate": 0.13, "max_leaf_nodes": 8, "min_samples_leaf": 20, "max_bins": 63}
    model = HistGradientBoostingClassifier(**trees, early_stopping=False, random_state=0)
    model.fit(encode(learn), outcome[learn])
    return _predict(model, encode, score)


def fit_calendar(slices: Ints, outcome: Bools, learn: Ints, score: Ints) -> Floats:
    """Return each lead's probability from the conversion rate of its stretch of time alone, shape (score,).

    A stretch without leads to learn from takes the rate of the newest one before it: tomorrow's rate is not known.

    Parameters
    ----------
    slices
        Each lead's stretch of time.
    outcome, learn, score
        As in `fit_logistic`.
    """
    count = int(slices.max()) + 1
    leads = np.bincount(slices[learn], minlength=count)
    hits = np.bincount(slices[learn][outcome[learn]], minlength=count)
    overall = float(outcome[learn].mean())
    rates = (hits + 2 * overall) / (leads + 2)
    latest = np.maximum.accumulate(np.where(leads > 0, np.arange(count), -1))
    known = np.where(latest >= 0, rates[np.maximum(latest, 0)], overall)
    return np.asarray(known[slices[score]])


def fit_base_rate(outcome: Bools, learn: Ints, score: Ints) -> Floats:
    """Return the conversion rate of the leads to learn from for every lead, shape (score,)."""
    return np.full(len(score), float(outcome[learn].mean()))


def _predict(model: Any, encode: Callable[[Ints], Matrix], score: Ints) -> Floats:
    """Return probabilities, so many leads at a time as memory bears."""
    parts = [score[start : start + MOST_AT_ONCE] for start in range(0, len(score), MOST_AT_ONCE)]
    found = [np.asarray(model.predict_proba(encode(part))[:, 1], dtype=np.float64) for part in parts]
    return np.concatenate(found) if found else np.empty(0)


def _encode(column: Column, learn: Ints, rows: Ints) -> list[Floats]:
    """Return a column's numbers for some rows, as the leads to learn from decide."""
    learned, cells = column.cells[learn], column.cells[rows]
    seen, known = learned[~np.isnan(learned)], ~np.isnan(cells)
    if column.is_text:
        counts = np.bincount(seen.astype(np.int64), minlength=len(column.levels))
        kept = np.flatnonzero(counts >= LEVEL_LEAST)
        return [(cells == level).astype(np.float64) for level in kept]
    if not len(seen):
        return []
    center, spread = float(seen.mean()), float(seen.std()) or 1.0
    parts = [np.where(known, (cells - center) / spread, 0.0)]
    if len(seen) < len(learned):
        parts.append((~known).astype(np.float64))
    return parts


def _rank_levels(column: Column, learn: Ints) -> Floats:
    """Return the rank of each lead's named value by how frequent it is; NaN where it is missing."""
    known = ~np.isnan(column.cells)
    seen = column.cells[learn][known[learn]].astype(np.int64)
    counts = np.bincount(seen, minlength=len(column.levels))
    ranks = np.empty(len(counts), dtype=np.int64)
    ranks[np.lexsort((np.arange(len(counts)), -counts))] = np.arange(len(counts))
    found = ranks[np.where(known, column.cells, 0).astype(np.int64)]
    return np.where(known, found, np.nan)
