"""What the conversion of a file needs beside its columns."""

from __future__ import annotations

from dataclasses import dataclass

from mopsnb.data.importing.cells import Reading
from mopsnb.data.importing.preamble import Period
from mopsnb.data.importing.survey import Survey


@dataclass(frozen=True)
class Context:
    """What the conversion of a file needs beside its columns.

    Parameters
    ----------
    reading
        How cells are read.
    survey
        What the first pass found.
    period
        The period that the file says it covers.
    currency
        The currency of money that no cell names; empty: none is known.
    by_cell
        Each cell of money names its currency.
    """

    reading: Reading
    survey: Survey
    period: Period | None = None
    currency: str = ""
    by_cell: bool = False
