"""Tables for figures that read no amount, where their money cannot be brought to one currency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from mopsnb.data.connection import drop_view, make_view
from mopsnb.data.engine import Engine
from mopsnb.data.views import select_view
from mopsnb.errors import CurrencyError, DataError


@contextmanager
def lend_without_money(engine: Engine, names: Iterable[str]) -> Iterator[None]:
    """Make the views of these tables; where amounts cannot be brought to one currency, they are missing.

    Such a view is there for the time being only: whoever reads an amount is refused as before.

    Parameters
    ----------
    engine
        Reads the folder.
    names
        Tables that have a file.

    Raises
    ------
    DataError
        A table has faults (when strict) or cannot be read.
    """
    lent = []
    try:
        for name in names:
            try:
                engine.prepare([name])
            except CurrencyError:
                view = select_view(engine.files[name], engine.calendar, without_money=True)
                make_view(engine.connection, name, view)
                lent.append(name)
        yield
    finally:
        for name in lent:
            drop_view(engine.connection, name)


def is_convertible(engine: Engine, name: str) -> bool:
    """Tell whether a table's money can be brought to one currency; a table without money can."""
    try:
        engine.convert_to(name)
    except CurrencyError:
        return False
    except DataError:
        return True  # another fault, which is told elsewhere
    return True
