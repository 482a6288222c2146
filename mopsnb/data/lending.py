"""Tables for figures that read no amount, where their money cannot be brought to one currency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from mopsnb.data.engine import Engine
from mopsnb.data.sql import quote_name
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
                engine.connection.execute(f"CREATE VIEW {quote_name(name)} AS {view}").fetchall()
                lent.append(name)
        yield
    finally:
        for name in lent:
            engine.connection.execute(f"DROP VIEW {quote_name(name)}").fetchall()


def is_convertible(engine: Engine, name: str) -> bool:
    """Tell whether a table's money can be brought to one currency; a table without money can."""
    try:
        engine.convert_to(name)
    except CurrencyError:
        return False
    except DataError:
        return True  # another fault, which is told elsewhere
    return True
