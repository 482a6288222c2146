"""Whether one cell fits a kind: what pandera asks of each cell of a frame."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import numpy as np
import pandas as pd

from mopsnb.data.contract.kinds import FALSE_WORDS, KINDS, TRUE_WORDS, WHOLE_DIGITS

_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
_FINEST = Decimal("1e-18")  # SQL compares at most 18 decimals


def fits(value: Any, kind: str, *, scale: int = 6, exact: bool = False) -> bool:
    """Tell whether one cell, as text or as a typed value, is of a kind.

    Parameters
    ----------
    value
        The cell. Missing cells (None, NaN, NaT) are not judged here: they fit.
    kind
        The kind's name.
    scale
        Decimals that a ``decimal`` column keeps.
    exact
        A ``decimal`` cell with more decimals than that is a misfit (money is never rounded).
        What binary floats add beyond them (less than a thousandth of the last digit) does not count.
    """
    if _is_missing(value):
        return True
    if isinstance(value, str):
        grammar = KINDS[kind].grammar
        if grammar and not re.fullmatch(grammar, value):
            return False
        return _TEXT_RULES[kind](value, scale, exact)
    return _TYPED_RULES[kind](value, scale, exact)


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def _fits_decimal(value: Any, scale: int, exact: bool) -> bool:
    number = Decimal(str(value))
    if not number.is_finite() or number.copy_abs() >= Decimal(10) ** WHOLE_DIGITS:
        return False
    kept = number.quantize(Decimal(1).scaleb(-scale), context=_EXACT)
    if kept.copy_abs() >= Decimal(10) ** (18 - scale):
        return False
    fine = number.quantize(_FINEST, context=_EXACT)
    return not exact or abs(_EXACT.subtract(fine, kept)) <= Decimal(1).scaleb(-scale - 3)


def _fits_integer(value: Any, scale: int, exact: bool) -> bool:
    number = Decimal(str(value))
    if not number.is_finite() or not -(2**63) <= number < 2**63:
        return False
    number = number.quantize(_FINEST, context=_EXACT)
    return number == number.to_integral_value()


def _fits_date(value: str, scale: int, exact: bool) -> bool:
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return True


def _fits_month(value: str, scale: int, exact: bool) -> bool:
    return len(value) == 7 or _fits_date(value, scale, exact)


def _is_boolean(value: Any, scale: int, exact: bool) -> bool:
    return str(value).lower() in (*TRUE_WORDS, *FALSE_WORDS)


def _is_day(value: Any, scale: int, exact: bool) -> bool:
    if isinstance(value, datetime):
        return value.timetz().replace(tzinfo=None) == time.min
    return isinstance(value, date)


def _always(value: Any, scale: int, exact: bool) -> bool:
    return True


_Rule = Callable[[Any, int, bool], bool]
_TEXT_RULES: dict[str, _Rule] = {
    "id": _always,
    "text": _always,
    "list": _always,
    "timestamp": _fits_date,
    "date": _fits_date,
    "month": _fits_month,
    "decimal": _fits_decimal,
    "number": lambda value, scale, exact: math.isfinite(float(value)),
    "integer": _fits_integer,
    "boolean": _is_boolean,
}
_NUMBERS = (int, float, Decimal, np.integer, np.floating)
_TYPED_RULES: dict[str, _Rule] = {
    "id": lambda value, scale, exact: isinstance(value, (int, np.integer)) and not isinstance(value, bool),
    "text": lambda value, scale, exact: not isinstance(value, (list, dict, np.ndarray)),
    "list": lambda value, scale, exact: isinstance(value, (list, tuple, np.ndarray)),
    "timestamp": lambda value, scale, exact: isinstance(value, date),
    "date": _is_day,
    "month": lambda value, scale, exact: isinstance(value, date),
    "decimal": lambda value, scale, exact: _is_number(value) and _fits_decimal(value, scale, exact),
    "number": lambda value, scale, exact: _is_number(value) and math.isfinite(value),
    "integer": lambda value, scale, exact: _is_number(value) and _fits_integer(value, scale, exact),
    "boolean": lambda value, scale, exact: (
        isinstance(value, (bool, np.bool_)) or (_is_number(value) and value in {0, 1})
    ),
}


def _is_number(value: Any) -> bool:
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)
