"""SQL of the views that analysts query: typed, cut at ``as_of``, money in one currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from mopsnb.data.contract import Field, Table
from mopsnb.data.contract.kinds import KINDS
from mopsnb.data.files import TableFile
from mopsnb.data.sql import quote_name, quote_text


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where days begin, and the last one that counts.

    Parameters
    ----------
    time_zone
        The strategy's time zone, an IANA name.
    as_of
        The last day that counts; None: every day does.
    """

    time_zone: str
    as_of: date | None = None

    def find_day(self, table: Table, names: tuple[str, ...]) -> str:
        """Return SQL of the local day that the first filled one of these columns says; NULL where none does."""
        zone = quote_text(self.time_zone)
        days = [
            f"CAST(cells.{quote_name(name)} AT TIME ZONE {zone} AS DATE)"
            if table.fields[name].kind == "timestamp"
            else f"cells.{quote_name(name)}"
            for name in names
        ]
        return f"coalesce({', '.join(days)})" if days else "CAST(NULL AS DATE)"

    def find_rate_day(self, table: Table) -> str:
        """Return SQL of the day that a row's exchange rate is of; a row without a date takes ``as_of``."""
        return f"coalesce({self.find_day(table, table.money_on)}, DATE '{self.as_of or date.max}')"

    def keep_rows(self, table: Table) -> str:
        """Return SQL that is true for the rows up to ``as_of``. Plans, and rows without a date, stay."""
        if self.as_of is None or table.role == "plan" or not table.time:
            return "true"
        if len(table.time) == 1:  # the bare column, so that Parquet statistics can skip row groups
            return self.is_known(table, table.time[0])
        return f"coalesce({self.find_day(table, table.time)} <= DATE '{self.as_of}', true)"

    def is_known(self, table: Table, name: str) -> str:
        """Return SQL that is true where a time column is empty or not later than ``as_of``."""
        cell = f"cells.{quote_name(name)}"
        if self.as_of is None or self.as_of == date.max:
            return "true"
        limit = f"<= DATE '{self.as_of}'"
        if table.fields[name].kind == "timestamp":
            midnight = datetime.combine(self.as_of + timedelta(days=1), datetime.min.time(), ZoneInfo(self.time_zone))
            limit = f"< TIMESTAMPTZ '{midnight.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00'"
        return f"({cell} IS NULL OR {cell} {limit})"


def select_typed(file: TableFile, time_zone: str) -> str:
    """Return SQL of a file's rows with typed cells.

    Every declared column is there: NULL where the file lacks it. Columns that the contract
    does not know follow as they are.
    """
    columns = []
    for name, spec in file.table.fields.items():
        value = file.type_cell(name, time_zone) if name in file.types else "NULL"
        columns.append(f"{f'CAST(NULL AS {name_type(spec)})' if value == 'NULL' else value} AS {quote_name(name)}")
    columns += [quote_name(name) for name in list_extras(file)]
    return f"SELECT {', '.join(columns)} FROM {file.source}"


def select_view(file: TableFile, calendar: Calendar, currency: str = "", *, without_money: bool = False) -> str:
    """Return SQL of a table's view.

    Parameters
    ----------
    file
        The table's file.
    calendar
        Where days begin, and the last one that counts.
    currency
        The currency that money is converted to, by ``mopsnb_rate`` (currency, day, rate); empty: it stays as it is.
    without_money
        Leave every amount missing.
    """
    table, columns = file.table, []
    for name, spec in table.fields.items():
        cell = _blank_unknown(name, spec, table, calendar)
        if spec.is_money and without_money:
            blank = f"CAST(NULL AS {name_type(spec)})"
            columns += [f"{blank} AS {quote_name(name)}", f"{blank} AS {quote_name(f'{name}_original')}"]
        elif spec.is_money:
            columns.append(f"{_convert(cell) if currency else cell} AS {quote_name(name)}")
            columns.append(f"{cell} AS {quote_name(f'{name}_original')}")
        else:
            columns.append(f"{cell} AS {quote_name(name)}")
    columns += [f"cells.{quote_name(name)}" for name in list_extras(file)]
    source = f"({select_typed(file, calendar.time_zone)}) AS cells"
    if currency:
        day, last = calendar.find_rate_day(table), "(SELECT max(day) FROM mopsnb_rate)"
        source += (
            f" LEFT JOIN mopsnb_rate AS rates ON rates.currency = upper(trim(cells.currency))"
            f" AND rates.currency <> {quote_text(currency)}"
            f" AND rates.day = CASE WHEN {day} > {last} THEN {last} ELSE {day} END"
        )
    return f"SELECT {', '.join(columns)} FROM {source} WHERE {calendar.keep_rows(table)}"


def list_extras(file: TableFile) -> list[str]:
    """Return the columns of a file that the contract does not know, without those that would hide an original."""
    taken = {*file.table.fields, *(f"{name}_original" for name in file.table.money)}
    return [name for name in file.types if name.casefold() not in taken]


def name_type(spec: Field) -> str:
    """Return the DuckDB type of a typed column."""
    return KINDS[spec.kind].sql_type.format(scale=spec.scale)


def _blank_unknown(name: str, spec: Field, table: Table, calendar: Calendar) -> str:
    cell = f"cells.{quote_name(name)}"
    if not spec.known_at or calendar.as_of is None:
        return cell
    later = "false" if spec.kind == "boolean" else "NULL"
    return f"CASE WHEN {calendar.is_known(table, spec.known_at)} THEN {cell} ELSE {later} END"


def _convert(cell: str) -> str:
    product = f"CAST({cell} AS DECIMAL(28,6)) * rates.rate"
    return f"CASE WHEN rates.rate IS NULL THEN {cell} ELSE CAST({product} AS DECIMAL(18,6)) END"
