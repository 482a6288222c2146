"""Currencies: which one figures are in, and the rates that bring money there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mopsnb.data.connection import Connection, keep_days, keep_rows
from mopsnb.data.files import TableFile
from mopsnb.data.sql import quote_name
from mopsnb.data.views import Calendar, select_typed
from mopsnb.data.wording import count_of
from mopsnb.errors import CurrencyError, DataError, Fault

_FIX = "Add the rates to data/fx_rate.csv (date, currency, rate_to_base)."


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many rows of a table hold money in a currency.

    Parameters
    ----------
    label
        The table's file.
    currency
        The currency; None where the row names none.
    rows
        How many rows.
    first_on
        The first day of those rows, as dated for the exchange rate.
    """

    label: str
    currency: str | None
    rows: int
    first_on: date


@dataclass(frozen=True, slots=True)
class Rate:
    """What is known of a currency's exchange rates.

    Parameters
    ----------
    first_on
        The first day with a rate.
    is_one
        Whether every rate is 1, as for the currency that the others are converted to.
    """

    first_on: date
    is_one: bool


def count_currencies(connection: Connection, file: TableFile, calendar: Calendar) -> list[Amounts]:
    """Count a table's rows with money by currency, rows that name none first."""
    table = file.table
    if not table.money or not file.types:
        return []
    code = read_code("cells") if "currency" in table.fields else "CAST(NULL AS VARCHAR)"
    sound = f"({code} IS NULL OR {write_is_code(code)})"  # what is no code at all is a bad cell, not a currency
    filled = " OR ".join(f"cells.{quote_name(name)} IS NOT NULL" for name in table.money)
    rows = connection.execute(
        f"SELECT {code} AS code, count(*), min({calendar.find_rate_day(table)}) "
        f"FROM ({select_typed(file, calendar.time_zone)}) AS cells "
        f"WHERE ({filled}) AND {sound} AND {calendar.keep_rows(table)} GROUP BY 1 ORDER BY 1 NULLS FIRST"
    ).fetchall()
    return [Amounts(file.label, *row) for row in rows]


def read_rates(connection: Connection, file: TableFile, calendar: Calendar) -> dict[str, Rate]:
    """Write ``mopsnb_rate``: each currency's latest rate on each day, up to the last day of the table.

    Returns
    -------
    dict
        Currency to what is known of its rates.

    Raises
    ------
    DataError
        Two different rates stand for one currency and day.
    """
    given = (
        "SELECT DISTINCT currency, date, rate_to_base AS rate "
        f"FROM ({select_typed(file, calendar.time_zone)}) AS cells WHERE {calendar.keep_rows(file.table)} "
        "AND date IS NOT NULL AND rate_to_base > 0 AND currency IS NOT NULL"
    )
    keep_rows(connection, "mopsnb_rate_given", given)
    twice = connection.execute(
        "SELECT currency, date, CAST(min(rate) AS VARCHAR), CAST(max(rate) AS VARCHAR) FROM mopsnb_rate_given "
        "GROUP BY currency, date HAVING count(*) > 1 ORDER BY date, currency"
    ).fetchall()
    if twice:
        code, day, low, high = twice[0]
        found, fix = f"the rates {low} and {high} for {code} on {day}", "Remove the wrong one."
        fault = Fault(file.label, "", "rate_to_base", found, "one rate a currency and day", fix, len(twice))
        raise DataError(f"{file.label} has faults.", [fault])
    first, last = connection.execute("SELECT min(date), max(date) FROM mopsnb_rate_given").fetchall()[0]
    keep_days(connection, first or date.min, last or date.min)
    spans = (
        "SELECT currency, date, rate, lead(date) OVER (PARTITION BY currency ORDER BY date) AS until "
        "FROM mopsnb_rate_given"
    )
    days = "days.day >= spans.date AND (spans.until IS NULL OR days.day < spans.until)"
    keep_rows(
        connection,
        "mopsnb_rate",
        f"SELECT spans.currency, days.day, spans.rate FROM ({spans}) AS spans JOIN mopsnb_day AS days ON {days}",
    )
    rows = connection.execute(
        "SELECT currency, min(date), bool_and(rate = 1) FROM mopsnb_rate_given GROUP BY currency ORDER BY currency"
    ).fetchall()
    return {code: Rate(first_on, is_one) for code, first_on, is_one in rows}


def choose_currency(found: Sequence[Amounts], rates: dict[str, Rate]) -> str | None:
    """Return the currency that figures are in where the strategy names none; None where no row names one.

    It is the data's single currency, or the one that the rates convert the others to.

    Raises
    ------
    CurrencyError
        There are several, and the rates do not tell which one the others are converted to.
    """
    codes = sorted({item.currency for item in found if item.currency})
    if len(codes) <= 1:
        return codes[0] if codes else None
    bases = [code for code, rate in rates.items() if rate.is_one] or [code for code in codes if code not in rates]
    if len(bases) == 1 and all(code in rates or code == bases[0] for code in codes):
        return bases[0]
    expected = f"money in one currency, or exchange rates (the data holds {', '.join(codes)})"
    named = [item for item in found if item.currency]
    faults = [
        Fault(label, "", "currency", _list_rows(named, label), expected, f"Set organization.currency. {_FIX}")
        for label in dict.fromkeys(item.label for item in named)
    ]
    raise CurrencyError(
        f"The data holds money in {len(codes)} currencies ({', '.join(codes)}), and nothing says which one figures "
        f"are in. Set organization.currency in strategy.yml. {_FIX}",
        faults,
    )


def check_rates(found: Sequence[Amounts], currency: str, rates: dict[str, Rate]) -> None:
    """Make sure that the rates bring every amount to a currency.

    Raises
    ------
    CurrencyError
        A currency has no rate on or before the first day that needs one, or the rates lead elsewhere.
    """
    faults = []
    foreign = [item for item in found if item.currency not in {None, currency}]
    lacking = [item for item in foreign if not _suffices(rates.get(item.currency or ""), item)]
    for label in dict.fromkeys(item.label for item in lacking):
        codes = [item.currency or "" for item in lacking if item.label == label]
        starts = ", ".join(f"{code} starts on {rates[code].first_on}" for code in codes if code in rates)
        expected = f"{currency}, or exchange rates{f' ({starts})' if starts else ''}"
        faults.append(Fault(label, "", "currency", _list_rows(lacking, label), expected, _FIX))
    if foreign and not faults and currency in rates and not rates[currency].is_one:
        rows = f"{count_of(foreign[0].rows, 'row')} in {foreign[0].currency}"
        value = f"{rows}, and rates that give {currency} another worth than 1"
        fix = f"Give rates in data/fx_rate that say what one unit is worth in {currency}."
        faults.append(Fault(foreign[0].label, "", "currency", value, f"rates to {currency}", fix))
    if faults:
        raise CurrencyError(f"Figures are in {currency}, and not all money can be converted to it.", faults)


def read_code(alias: str) -> str:
    """Return SQL of a row's currency, spelled as the contract asks for: ``eur`` is a bad cell, not another currency."""
    return f"upper(trim({alias}.currency))"


def write_is_code(code: str) -> str:
    """Return SQL that is true where a text could be a currency's code."""
    return f"regexp_full_match({code}, '[A-Z]{{3}}')"


def _suffices(rate: Rate | None, item: Amounts) -> bool:
    return rate is not None and rate.first_on <= item.first_on


def _list_rows(found: Sequence[Amounts], label: str) -> str:
    """Return a table's rows by currency in words, with the first day that needs a rate."""
    parts = [
        f"{count_of(item.rows, 'row')} in {item.currency}"
        + (f" from {item.first_on}" if item.first_on < date.max else "")
        for item in found
        if item.label == label
    ]
    return ", ".join(parts)
