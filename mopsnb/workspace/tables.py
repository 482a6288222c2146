"""The tables of a workspace: which there are, what they hold, and one question in SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from mopsnb.data.contract import TABLES
from mopsnb.data.engine import Engine
from mopsnb.data.own_metrics import OWN_FILE
from mopsnb.errors import CurrencyError, UsageError, suggest
from mopsnb.strategy import Strategy

Answer = TypeVar("Answer")


class WorkspaceTables:
    """A team's strategy and data.

    The part of `mopsnb.workspace.Workspace` that reads. Tables are answered by SQL where they lie; nothing is
    loaded whole.

    Parameters
    ----------
    path
        The folder.
    strategy
        Its strategy file, read.
    as_of
        The last day that counts; None: the latest event or spend date in the data.
    strict
        Refuse a table with faults when it is first used.
    is_sample
        Whether it is the sample company.
    """

    def __init__(
        self, path: Path, strategy: Strategy, *, as_of: date | None = None, strict: bool = True, is_sample: bool = False
    ) -> None:
        self.path = path
        self.strategy = strategy
        self.is_sample = is_sample
        self.name: str = strategy.organization.name or path.resolve().name
        self.time_zone: str = strategy.organization.time_zone
        self.locale: str = strategy.organization.locale
        self._engine = Engine(
            path / "data",
            time_zone=self.time_zone,
            currency=strategy.organization.currency or "",
            as_of=as_of,
            strict=strict,
            address=strategy.data,
        )

    def _recall(self, kind: str, work_out: Callable[[], Answer]) -> Answer:
        """Work out what the strategy and all files of the workspace decide, or take it from the run's shelf."""
        folder = self._engine.place.folder
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        files += [own] if (own := self.path / OWN_FILE).is_file() else []
        names = [path.name for path in files]
        question = (kind, self.as_of, self._engine.strict, names, self.strategy.model_dump_json())
        return self._engine.place.recall(question, files, work_out)

    @property
    def tables(self) -> tuple[str, ...]:
        """The canonical tables that the data folder holds."""
        return self._engine.tables

    @property
    def as_of(self) -> date | None:
        """The last day that counts; None where the data holds no dated row."""
        return self._engine.as_of

    @property
    def data_through(self) -> date | None:
        """The latest day with an event or spend (without any: a record), up to ``as_of``."""
        return self._engine.data_through

    @property
    def currency(self) -> str | None:
        """The currency that figures are in: the strategy's, else the data's own.

        Raises
        ------
        CurrencyError
            The strategy names none, the data has several, and the rates do not tell.
        """
        return self._engine.currency

    @property
    def shown_currency(self) -> str | None:
        """The currency for a page that can do without money; None where the data has several, and rates do not tell."""
        try:
            return self.currency
        except CurrencyError:
            return None

    @property
    def channel_names(self) -> dict[str, str]:
        """What people call each channel of the strategy, by its id, in the strategy's order."""
        return {channel.id: channel.name or channel.id for channel in self.strategy.channels}

    @property
    def campaign_names(self) -> dict[str, str]:
        """What people call each campaign of the table campaign, by its id; a name that stands twice bears its id."""
        if not self.has("campaign"):
            return {}
        rows = self.sql("SELECT campaign_id, name FROM campaign WHERE name IS NOT NULL ORDER BY campaign_id")
        twice = set(rows.loc[rows["name"].duplicated(), "name"])
        pairs = zip(rows["campaign_id"], rows["name"], strict=True)
        return {str(key): f"{name} ({key})" if name in twice else str(name) for key, name in pairs}

    def has(self, *tables: str) -> bool:
        """Tell whether the data folder holds all of these tables.

        Raises
        ------
        UsageError
            A name is not one of a canonical table.
        """
        for name in tables:
            _check_name(name)
        return all(name in self.tables for name in tables)

    def sql(self, query: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Answer one SELECT over views that are named like the tables.

        The views hold rows up to ``as_of``, typed by the contract, and money in ``currency`` (as it stood:
        ``<column>_original``).

        Parameters
        ----------
        query
            One SELECT in DuckDB's SQL. Values come by parameter: ``WHERE channel = $channel``.
        parameters
            Parameter name to value.

        Returns
        -------
        pandas.DataFrame
            The answer. Write ORDER BY where the order matters.

        Raises
        ------
        UsageError
            The query is not one SELECT, or DuckDB does not accept it.
        DataError
            A table has faults or is not there.
        """
        return self._engine.query(query, parameters)

    def table(self, name: str) -> pd.DataFrame:
        """Return a whole table, in the order of its key.

        Parameters
        ----------
        name
            A table that does not grow without end, such as ``task`` or ``tool``.

        Raises
        ------
        UsageError
            The table grows; ask with `sql` for what you need of it.
        DataError
            The table has faults or is not there.
        """
        _check_name(name)
        return self._engine.load(name)


def _check_name(name: str) -> None:
    if name not in TABLES:
        hint = suggest(name, TABLES)
        raise UsageError(f"There is no table '{name}' in the contract. {hint}".rstrip())
