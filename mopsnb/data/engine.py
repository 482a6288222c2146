"""The engine: one read-only connection with a typed view of each table, made at first use."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from mopsnb.data.connection import Connection, make_view
from mopsnb.data.contract import TABLES
from mopsnb.data.dates import Days, count_changes, count_days, count_marks
from mopsnb.data.faults import Scan, describe_hit, scan_file
from mopsnb.data.files import TableFile
from mopsnb.data.layout import note_layout
from mopsnb.data.money import Amounts, Rate, check_rates, choose_currency, count_currencies, read_rates
from mopsnb.data.places import Place
from mopsnb.data.queries import explain_error, read_query
from mopsnb.data.sql import quote_name
from mopsnb.data.views import Calendar, select_view
from mopsnb.data.wording import count_of
from mopsnb.errors import DataError, Fault, UsageError, suggest


class Engine:
    """Answers SQL about the tables of one data folder or one database, where they lie.

    Parameters
    ----------
    folder
        The data folder.
    time_zone
        The zone of calendar days, an IANA name.
    currency
        The currency of figures; empty: the data's own.
    as_of
        Later rows are left out; None: the latest event or spend date in the data.
    strict
        Refuse a table with faults at its first use. False: bad cells are missing.
    address
        The database that the tables are in, as the key ``data`` of the strategy file names it; empty: the folder.
    """

    def __init__(
        self,
        folder: Path,
        *,
        time_zone: str = "UTC",
        currency: str = "",
        as_of: date | None = None,
        strict: bool = True,
        address: str = "",
    ) -> None:
        self.place = Place(folder, address, time_zone)
        self.time_zone = time_zone
        self.strict = strict
        self._given_currency = currency
        self._given_as_of = as_of
        self._scans: dict[str, Scan] = {}
        self._days: dict[str, Days] = {}
        self._amounts: dict[str, list[Amounts]] = {}
        self._ready: set[str] = set()
        self._refused: dict[str, DataError] = {}

    @property
    def connection(self) -> Connection:
        """What answers SQL."""
        return self.place.connection

    @property
    def files(self) -> dict[str, TableFile]:
        """Table name to what holds it, a file or a database, in the order of the contract."""
        return self.place.files

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that are there, in the order of the contract."""
        return tuple(self.files)

    @property
    def calendar(self) -> Calendar:
        """Where days begin, and the last one that counts."""
        return Calendar(self.time_zone, self.as_of)

    def scan(self, name: str) -> Scan:
        """Return the bad cells of a table's file. It is read once."""
        if name not in self._scans:
            self._scans[name] = self.place.recall_table("scan", name, scan_file)
        return self._scans[name]

    def is_readable(self, name: str) -> bool:
        """Tell whether a table's file can be read from its header to its end."""
        return bool(self.files[name].types) and not self.scan(name).broken

    def faults(self, name: str) -> list[Fault]:
        """Return the faults of a table, one a kind, in the order of its columns."""
        file, scan = self.files[name], self.scan(name)
        return [*file.faults, *scan.broken, *(describe_hit(file, hit) for hit in scan.hits if hit.check.is_fault)]

    def money_faults(self, name: str) -> list[Fault]:
        """Return why a table's money, or the exchange rates, cannot be used."""
        try:
            if name == "fx_rate" and not self.faults(name):
                read_rates(self.connection, self.files[name], self.calendar)
            self.convert_to(name)
        except DataError as error:
            return [fault for fault in error.faults if fault.file == self.files[name].label]
        return []

    def days(self, name: str) -> Days:
        """Return how many rows a table has on each local day, by source. Committed spend is left out."""
        if name not in self._days:
            self._days[name] = self.place.recall_table("days", name, count_days)
        return self._days[name]

    @cached_property
    def ages(self) -> dict[str, Days]:
        """What freshness rests on: the days of each table whose silence is worth a finding, records included."""
        found = {}
        for name in self.tables:
            if TABLES[name].marks:
                found[name] = self.place.recall_table("marks", name, count_marks)
            elif TABLES[name].is_watched:
                found[name] = self.days(name)
        return found

    @property
    def has_given_day(self) -> bool:
        """Whether a person said which day figures are as of."""
        return self._given_as_of is not None

    @property
    def is_up_to_date(self) -> bool:
        """Whether no event or spend lies after the day that figures are as of."""
        latest = self._find_latest(None)
        return latest is None or self.as_of is None or latest <= self.as_of

    @cached_property
    def as_of(self) -> date | None:
        """The day of all figures: the one given, the latest event or spend date, or the last change of a record."""
        return self._given_as_of or self._find_latest(None)

    @cached_property
    def data_through(self) -> date | None:
        """The latest day with an event or spend (without any: a change of a record), up to ``as_of``."""
        return self._find_latest(self.as_of)

    def _find_latest(self, until: date | None) -> date | None:
        days = [self.days(name).find_last(until) for name in self.tables if TABLES[name].is_dated]
        if not any(days):  # records alone: the last day on which one was made, or on which something became of one
            names = [name for name in self.tables if TABLES[name].role == "record"]
            days = [self.place.recall_table("changes", name, count_changes).find_last(until) for name in names]
        return max((day for day in days if day), default=None)

    @cached_property
    def rates(self) -> dict[str, Rate]:
        """What is known of each currency's exchange rates."""
        if "fx_rate" not in self.files:
            return {}
        self._refuse_faults("fx_rate")
        return read_rates(self.connection, self.files["fx_rate"], self.calendar)

    def amounts(self, name: str) -> list[Amounts]:
        """Return how many rows with money a table has in each currency; nothing for a file that cannot be read."""
        if name not in self._amounts:
            readable = self.is_readable(name)
            found = count_currencies(self.connection, self.files[name], self.calendar) if readable else []
            self._amounts[name] = found
        return self._amounts[name]

    @cached_property
    def currency(self) -> str | None:
        """The currency that figures are in; None where the data names none.

        Raises
        ------
        CurrencyError
            There are several, and nothing says which one the others are converted to.
        """
        if self._given_currency:
            return self._given_currency
        found = [item for name in self.tables if TABLES[name].money for item in self.amounts(name)]
        several = len({item.currency for item in found if item.currency}) > 1
        return choose_currency(found, self.rates if several else {})

    def convert_to(self, name: str) -> str:
        """Return the currency that a table's money must be converted to; empty where it stays as it is.

        Raises
        ------
        CurrencyError
            The rates do not suffice.
        """
        codes = {item.currency for item in self.amounts(name) if item.currency} if TABLES[name].money else set()
        if not codes or codes == {self.currency}:
            return ""
        currency = self.currency or ""
        check_rates(self.amounts(name), currency, self.rates)
        return currency

    def prepare(self, names: Iterable[str]) -> None:
        """Make the views of these tables.

        Raises
        ------
        DataError
            A table has faults (when strict) or cannot be read.
        CurrencyError
            A table's money cannot be brought to one currency.
        """
        for name in names:
            if name in self._refused:
                raise self._refused[name]
            if name not in self._ready:
                try:
                    self._refuse_faults(name)
                    view = select_view(self.files[name], self.calendar, self.convert_to(name))
                except DataError as error:
                    self._refused[name] = error
                    raise
                make_view(self.connection, name, view)
                note_layout(self.connection, self.files[name])
                self._ready.add(name)

    def _refuse_faults(self, name: str) -> None:
        faults = self.faults(name) if self.strict or not self.is_readable(name) else []
        if faults:
            raise DataError(f"{self.files[name].label} has {count_of(len(faults), 'kind')} of fault.", faults)

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Answer one SELECT.

        Parameters
        ----------
        sql
            One statement; views are named like the tables. Values come by parameter: ``$name``.
        parameters
            Parameter name to value.

        Raises
        ------
        UsageError
            It is not one SELECT, or DuckDB does not accept it.
        DataError
            A table that it reads has faults or is not there.
        """
        read = read_query(self.place.local, sql)
        known = [name for name in TABLES if name in read.names and (name in self.files or name not in read.own)]
        for name in known:
            self.require(name)
        strange = sorted(read.names - read.own - set(TABLES))
        if strange:
            hint = suggest(strange[0], self.tables)
            has = ", ".join(self.tables) or "none"
            raise UsageError(f"There is no table '{strange[0]}'. {hint} The workspace has: {has}.".replace("  ", " "))
        self.prepare(known)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # DuckDB's own use of pandas
                return self.connection.execute(sql, dict(parameters or {})).df()
        except duckdb.Error as error:
            raise explain_error(error) from error

    def load(self, name: str) -> pd.DataFrame:
        """Return a whole table, in the order of its key.

        Raises
        ------
        UsageError
            The table grows without end.
        DataError
            The table has faults or is not there.
        """
        self.require(name)
        if TABLES[name].grows:
            example = f"ws.sql('SELECT count(*) FROM {name}')"
            raise UsageError(
                f"The table {name} may be too large to load whole. Ask for what you need, such as {example}."
            )
        order = ", ".join(quote_name(column) for column in TABLES[name].key)
        return self.query(f"SELECT * FROM {quote_name(name)} ORDER BY {order}")

    def require(self, name: str) -> None:
        """Make sure that a table is there.

        Raises
        ------
        DataError
            It is not; the message says how to supply it.
        """
        if name not in self.files:
            raise DataError(
                f"The workspace has no table '{name}'. Supply {self.place.supply(name)}; "
                f"its columns stand in docs/data-dictionary/{name}.md."
            )
