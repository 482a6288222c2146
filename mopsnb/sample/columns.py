"""Arrow columns from NumPy arrays, in the types that the data contract asks for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa

from mopsnb.sample.clock import Bools, Floats, Ints, epoch_days

MONEY = pa.decimal128(18, 6)
STAMP = pa.timestamp("us", tz="UTC")
NEVER = np.iinfo(np.int64).max  # an instant that does not come


def stamps(instants: Ints, missing: Bools | None = None) -> pa.Array:
    """Return UTC timestamps; instants equal to ``NEVER`` are missing."""
    absent = instants == NEVER if missing is None else missing | (instants == NEVER)
    return pa.array(np.where(absent, 0, instants) * 1_000_000, mask=absent).cast(STAMP)


def dates(days: Ints, missing: Bools | None = None) -> pa.Array:
    """Return dates from days counted from the start of the data."""
    return pa.array(epoch_days(days).astype(np.int32), mask=missing).cast(pa.date32())


def money(amounts: Floats, missing: Bools | None = None) -> pa.Array:
    """Return decimal money, rounded to cents."""
    return decimals(amounts, 2, missing)


def decimals(values: Floats, places: int, missing: Bools | None = None) -> pa.Array:
    """Return decimals with six places, rounded to fewer. Built from integers, so no float reaches the file."""
    scaled = np.where(np.isfinite(values), values, 0.0)
    micros = np.rint(scaled * 10**places).astype(np.int64) * 10 ** (6 - places)
    pairs = np.stack([micros, micros >> 63], axis=1)
    absent = ~np.isfinite(values) if missing is None else missing | ~np.isfinite(values)
    validity = pa.array(~absent).buffers()[1]
    return pa.Array.from_buffers(MONEY, len(micros), [validity, pa.py_buffer(pairs.tobytes())])


def amount(text: str | float) -> Decimal:
    """Return one amount of money as an exact decimal."""
    return Decimal(str(text))


def ids(prefix: str, numbers: Ints, width: int) -> pa.Array:
    """Return text ids: a prefix and a number with leading zeros."""
    return pa.array(np.char.add(prefix, np.char.zfill(numbers.astype(np.str_), width)).tolist(), pa.string())


def pick(choices: Sequence[str | None], codes: Ints, missing: Bools | None = None) -> pa.Array:
    """Return the choice that each code stands for; a negative code is missing."""
    absent = codes < 0 if missing is None else missing | (codes < 0)
    return pa.array(choices, pa.string()).take(pa.array(np.where(absent, 0, codes), mask=absent))


def gather(values: pa.Array, index: Ints, missing: Bools | None = None) -> pa.Array:
    """Return values by position; a negative position is missing."""
    absent = index < 0 if missing is None else missing | (index < 0)
    return values.take(pa.array(np.where(absent, 0, index), mask=absent))


def flags(values: Bools, missing: Bools | None = None) -> pa.Array:
    """Return booleans."""
    return pa.array(values, mask=missing)


def whole(values: Ints | Floats, missing: Bools | None = None) -> pa.Array:
    """Return whole numbers as 64-bit integers."""
    return pa.array(np.asarray(values).astype(np.int64), mask=missing)


def texts(values: Sequence[str | None]) -> pa.Array:
    """Return text."""
    return pa.array(values, pa.string())


def fixed(value: str | None, length: int) -> pa.Array:
    """Return one text, repeated."""
    return pa.array([value] * length, pa.string())
