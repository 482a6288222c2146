"""Money that is promised for days after the report's: a plan is less free than what was spent leaves it."""

from __future__ import annotations

import warnings
from dataclasses import replace

import duckdb
import pandas as pd

from mopsnb.data.engine import Engine
from mopsnb.data.money import check_rates, count_currencies
from mopsnb.data.queries import explain_error
from mopsnb.data.spend_queries import ask_bookings
from mopsnb.data.views import Calendar, select_view

_TABLE = "spend_actual"


def read_commitments(engine: Engine) -> pd.DataFrame | None:
    """Return what is committed for days after the report's.

    The table tells for which day money is promised, not when it was. So only a report on the data's last day counts
    such bookings; on an earlier day nobody may have known of them.

    Parameters
    ----------
    engine
        Answers SQL over the workspace's tables.

    Returns
    -------
    pandas.DataFrame or None
        The columns of `mopsnb.data.spend_queries.ask_bookings`; None where there can be none.

    Raises
    ------
    CurrencyError
        One is in a currency without rates.
    DataError
        A table has faults.
    """
    day = engine.as_of
    if _TABLE not in engine.files or day is None or not engine.is_up_to_date:
        return None
    engine.prepare(name for name in (_TABLE, "campaign") if name in engine.files)
    file, later = engine.files[_TABLE], replace(engine.calendar, as_of=None)
    view = select_view(file, later, _choose_currency(engine, later))
    ahead = f"(SELECT * FROM ({view}) AS bookings WHERE status = 'committed' AND \"date\" > DATE '{day}')"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # DuckDB's own use of pandas
            return engine.connection.execute(ask_bookings(engine.tables, ahead)).df()
    except duckdb.Error as error:
        raise explain_error(error) from error


def _choose_currency(engine: Engine, calendar: Calendar) -> str:
    """Return the currency that the bookings of all days are converted to; empty where they stay as they are."""
    amounts = count_currencies(engine.connection, engine.files[_TABLE], calendar)
    codes = {item.currency for item in amounts if item.currency}
    if not codes or codes == {engine.currency}:
        return ""
    currency = engine.currency or ""
    check_rates(amounts, currency, engine.rates)
    return currency
