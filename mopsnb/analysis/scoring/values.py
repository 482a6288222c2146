"""Cells of a column as numbers or as named values, whatever type they arrive in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Kind = Literal["number", "text", "date", "empty"]

YES, NO = "yes", "no"
_TRUE, _FALSE = ("true", "yes", "y", "t", "1"), ("false", "no", "n", "f", "0")
_NUMBER = re.compile(r"[-+]?(0|[1-9]\d*)?(\.\d+)?([eE][-+]?\d+)?")  # a leading zero makes an id, which is text
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?")


@dataclass(frozen=True, slots=True)
class Column:
    """What leads have in one column.

    Parameters
    ----------
    name
        The column's name, verbatim.
    cells
        One number a lead: the value itself, or the position of a named value in ``levels``. NaN where
        it is missing. Shape (leads,).
    levels
        The named values; empty for a column of numbers.
    placed
        What groupings found in it, by their identity: a page asks for the groups of all leads several times.
    """

    name: str
    cells: Floats
    levels: tuple[str, ...] = ()
    placed: dict[int, tuple[object, Ints]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def is_text(self) -> bool:
        """Whether the column holds named values."""
        return bool(self.levels)

    def count_values(self) -> int:
        """Return how many different values there are, missing not counted."""
        return len(self.levels) if self.levels else len(np.unique(self.cells[~np.isnan(self.cells)]))

    def take(self, rows: Ints | Bools) -> Column:
        """Return the column of some leads."""
        return Column(self.name, self.cells[rows], self.levels)


@dataclass(frozen=True, slots=True)
class Cells:
    """A column that was read: its kind, with numbers and named values as a column, and dates as dates."""

    kind: Kind
    column: Column
    dates: pd.Series


def read_cells(series: pd.Series) -> Cells:
    """Return a column's cells by their kind.

    Text that holds numbers throughout is read as numbers, and ISO dates as dates in UTC, because a CSV file
    tells neither apart. A number with a leading zero is text. True and false become ``yes`` and ``no``.
    Blank text is missing.

    Parameters
    ----------
    series
        One cell a lead, of any type.
    """
    name = str(series.name)
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(object)
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return _keep_dates(name, pd.to_datetime(series, utc=True))
    if pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype):
        numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
        return _keep_column(Column(name, np.where(np.isfinite(numbers), numbers, np.nan)))
    codes, texts = _split_texts(series)
    if texts and all(_NUMBER.fullmatch(text) and any(map(str.isdigit, text)) for text in texts):
        return _keep_column(Column(name, _look_up(codes, [float(text) for text in texts])))
    if texts and all(_DATE.fullmatch(text) for text in texts):
        known = pd.to_datetime(pd.Series(texts), utc=True, format="ISO8601", errors="coerce")
        return _keep_dates(name, known.reindex(codes).reset_index(drop=True))
    if {text.casefold() for text in texts} <= {"true", "false"}:
        texts = [YES if text.casefold() == "true" else NO for text in texts]
    levels = sorted(set(texts))
    places = {text: float(place) for place, text in enumerate(levels)}
    return _keep_column(Column(name, _look_up(codes, [places[text] for text in texts]), tuple(levels)))


def read_flags(series: pd.Series) -> Floats:
    """Return 1 for yes, 0 for no, NaN where a cell is missing or says neither; shape (leads,).

    Examples
    --------
    >>> read_flags(pd.Series(["Yes", "no", "", "maybe"])).tolist()
    [1.0, 0.0, nan, nan]
    """
    codes, texts = _split_texts(series)
    return _look_up(codes, [_read_flag(text) for text in texts])


def list_oddities(series: pd.Series) -> list[str]:
    """Return the values that are neither missing nor a yes or no, in order."""
    return sorted({text for text in _split_texts(series)[1] if np.isnan(_read_flag(text))})


def read_words(series: pd.Series) -> tuple[Ints, list[str]]:
    """Return each cell's position in a list of words in lower case, -1 where it is missing; and the list.

    Examples
    --------
    >>> codes, words = read_words(pd.Series(["Customer", " lead ", "", None]))
    >>> codes.tolist(), words
    ([0, 1, -1, -1], ['customer', 'lead'])
    """
    codes, texts = _split_texts(series)
    return codes, [text.casefold() for text in texts]


def is_filled(series: pd.Series) -> Bools:
    """Return which cells hold a value; blank text does not count. Shape (leads,)."""
    if series.dtype.kind in "biufM":
        return series.notna().to_numpy(dtype=bool)
    return np.asarray(_split_texts(series)[0] >= 0)


def _read_flag(text: str) -> float:
    word = text.casefold().removesuffix(".0")
    return 1.0 if word in _TRUE else 0.0 if word in _FALSE else np.nan


def _split_texts(series: pd.Series) -> tuple[Ints, list[str]]:
    """Return each cell's position in a list of different texts; -1 where it is missing."""
    is_plain = series.dtype.kind in "bi" or isinstance(series.dtype, pd.StringDtype | pd.CategoricalDtype)
    plain = series if is_plain else series.astype(object)
    try:
        codes, uniques = pd.factorize(plain)
    except TypeError:  # lists have no hash; their text has
        codes, uniques = pd.factorize(plain.map(_join_list))
    texts = [str(value).strip() for value in uniques]
    if "" in texts:
        places = np.cumsum([text != "" for text in texts]) - 1
        places = np.where([text == "" for text in texts], -1, places)
        codes = np.where(codes >= 0, places[codes], -1)
        texts = [text for text in texts if text]
    return codes.astype(np.int64), texts


def _join_list(value: object) -> object:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "; ".join(str(item) for item in value)
    return value


def _look_up(codes: Ints, values: Sequence[float]) -> Floats:
    return np.append(np.asarray(values, dtype=np.float64), np.nan)[codes]


def _keep_column(column: Column) -> Cells:
    kind: Kind = "text" if column.is_text else "number"
    return Cells("empty" if np.isnan(column.cells).all() else kind, column, pd.Series(dtype="datetime64[us, UTC]"))


def _keep_dates(name: str, dates: pd.Series) -> Cells:
    kind: Kind = "date" if dates.notna().any() else "empty"
    return Cells(kind, Column(name, np.full(len(dates), np.nan)), dates.reset_index(drop=True))
