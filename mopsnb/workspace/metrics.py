"""The metrics of a workspace: what they are, by month, broken down, and what belongs to no campaign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd

from mopsnb.data.lending import is_convertible, lend_without_money
from mopsnb.errors import CurrencyError, DataError, UsageError, suggest
from mopsnb.workspace.answers import MIXED_MONEY, name_lack, queue_unmapped
from mopsnb.workspace.tables import WorkspaceTables

if TYPE_CHECKING:
    from mopsnb.data.catalogue import Metric
    from mopsnb.strategy import Goal


class WorkspaceMetrics(WorkspaceTables):
    """A team's strategy and data, asked for figures.

    The parameters are those of `mopsnb.workspace.tables.WorkspaceTables`.
    """

    @cached_property
    def definitions(self) -> Mapping[str, Metric]:
        """The metrics by name, those of the workspace's ``metrics.yml`` included.

        Raises
        ------
        DataError
            The file has faults. Without ``strict`` the project's own metrics stand alone.
        """
        from mopsnb.data.catalogue import read_catalogue
        from mopsnb.data.own_metrics import OWN_FILE, read_own_catalogue

        try:
            return read_own_catalogue(self.path / OWN_FILE)
        except DataError:
            if self._engine.strict:
                raise
            return read_catalogue()  # its faults are listed by those who ask for them

    @cached_property
    def metrics_in_use(self) -> tuple[str, ...]:
        """The metrics that goals name, and those that the workspace defines; see `definitions`.

        Where totals of sends are all that is known of email, the metrics that read them too.
        """
        from mopsnb.data.catalogue import read_catalogue

        known, built_in = self.definitions, read_catalogue()
        asked = [goal.metric for goal in self.strategy.goals if goal.metric in known]
        own = [name for name, metric in known.items() if name not in built_in or metric.replaces]
        has_sends = "email_send_summary" in self.tables and "email_event" not in self.tables
        sends = [name for name, metric in known.items() if has_sends and "email_send_summary" in metric.needs]
        return tuple(dict.fromkeys([*asked, *own, *sends]))

    @cached_property
    def catalogue(self) -> pd.DataFrame:
        """The metrics by name: title, unit, direction, additive, formula, base, table, source, caveat, needs, lacks."""
        from mopsnb.data.metrics import catalogue_frame

        metrics = self.definitions
        return catalogue_frame(metrics).assign(lacks=[self._name_lack(metric) for metric in metrics.values()])

    def _name_lack(self, metric: Metric) -> str:
        tables = [name for name in metric.needs if name in self.tables]
        if metric.reads_money and not all(is_convertible(self._engine, name) for name in tables):
            return MIXED_MONEY
        is_database = self._engine.place.is_database
        return name_lack(metric.needs, metric.alternatives, self.tables, is_database=is_database)

    def monthly(
        self, metrics: Sequence[str] | None = None, scope: Mapping[str, str | list[str]] | None = None
    ) -> pd.DataFrame:
        """Return metrics by calendar month in the strategy's time zone.

        Parameters
        ----------
        metrics
            Names of the catalogue; None: all.
        scope
            Column to the value or values that count, for example ``{"channel": "search"}``.

        Returns
        -------
        pandas.DataFrame
            ``metric``, ``period_start`` (first of the month), ``value``, ``numerator``, ``denominator`` (NaN: missing)
            and ``is_complete`` (the month ended on or before ``as_of``, and no table behind the figure fell
            silent earlier than is usual for it). A metric whose table is absent has no rows.

        Raises
        ------
        UsageError
            A metric is not in the catalogue.
        DataError
            A table that a metric needs has faults.
        CurrencyError
            A metric reads amounts, and they cannot be brought to one currency.
        """
        from mopsnb.data.metrics import compute_monthly

        names = list(self.catalogue.index) if metrics is None else list(metrics)
        for name in names:
            if name not in self.catalogue.index:
                hint = suggest(name, self.catalogue.index)
                raise UsageError(f"There is no metric '{name}'. {hint}".rstrip())
        with lend_without_money(self._engine, self._prepare(names, scope)):
            return compute_monthly(
                self._engine.connection,
                self.definitions,
                names,
                time_zone=self.time_zone,
                as_of=self.as_of,
                scope=scope,
            )

    def _split_months(self, names: Sequence[str], key: str) -> dict[str, pd.DataFrame] | None:
        """Return the months of metrics by segment from one query; None where it takes a question for each."""
        from mopsnb.data.months import Calendar
        from mopsnb.data.segments import can_split, split_months

        metrics = [self.definitions[name] for name in names if name in self.definitions]
        if len(metrics) < len(names) or not can_split(metrics, key, self.tables) or self.as_of is None:
            return None
        with lend_without_money(self._engine, self._prepare(names, {key: []})):
            return split_months(self._engine.connection, metrics, Calendar(ZoneInfo(self.time_zone), self.as_of), key)

    def _prepare(self, names: Sequence[str], scope: Mapping[str, str | list[str]] | None) -> list[str]:
        """Return the tables that metrics read in a scope; those with amounts that count are made ready."""
        from mopsnb.data.unmapped import NAMES

        needed = {table for name in names for table in self.definitions[name].needs}
        if "channel" in (scope or {}):
            needed |= set(NAMES)  # a channel is the one that campaigns and their map lead to, as in breakdowns
        tables = [table for table in self.tables if table in needed]
        if any(self.definitions[name].reads_money for name in names):
            self._engine.prepare(tables)
        return tables

    def metric(
        self,
        name: str,
        by: str | Sequence[str] = "month",
        *,
        where: Mapping[str, str | Sequence[str]] | None = None,
        start: str | date | None = None,
        end: str | date | None = None,
    ) -> pd.DataFrame:
        """Return one metric, broken down by time, channel, campaign or segment.

        Parameters
        ----------
        name
            A metric of the catalogue.
        by
            One or several of ``month``, ``week``, ``quarter``, ``fiscal_quarter``, ``fiscal_year``, ``total`` and
            ``to_date`` (at most one of these), ``channel``, ``campaign``, or a column of the metric's table or contact.
        where
            Column to the value or values that count, for example ``{"channel": "email"}``.
        start, end
            The first and last day that count, such as ``2026-01-01``.

        Returns
        -------
        pandas.DataFrame
            The breakdowns, ``value``, ``numerator``, ``denominator`` (NaN: missing) and, by time, ``is_complete``.

        Raises
        ------
        UsageError
            There is no such metric, or it cannot be broken down or filtered like this; the message names what can.
        DataError
            A table that it needs has faults.
        CurrencyError
            It reads amounts, and they cannot be brought to one currency.

        Examples
        --------
        >>> import mopsnb
        >>> list(mopsnb.open("").metric("email_churn_rate", by="month").columns)
        ['month', 'value', 'numerator', 'denominator', 'is_complete']
        """
        from mopsnb.workspace import breakdowns

        request = breakdowns.Request(
            breakdowns.read_breakdowns(by),
            start=breakdowns.read_limit("start", start),
            end=breakdowns.read_limit("end", end),
            fiscal_start=self.strategy.organization.fiscal_year_start,
        )
        return breakdowns.break_down_metric(self._engine, self.definitions, name, request, where)

    def break_down(self, asked: Mapping[str, str], months: int = 3) -> dict[str, pd.DataFrame]:
        """Return metrics by month and one breakdown each, for the latest months.

        Parameters
        ----------
        asked
            Metric to the breakdown, such as ``channel``. One that the data cannot break down like this, and one whose
            amounts cannot be brought to one currency, is left out.
        months
            How many calendar months, the one of ``as_of`` included.

        Raises
        ------
        DataError
            A table that a metric needs has faults.
        """
        if self.as_of is None:
            return {}
        number = self.as_of.year * 12 + self.as_of.month - months
        start = date(number // 12, number % 12 + 1, 1)
        found: dict[str, pd.DataFrame] = {}
        for name, breakdown in asked.items():
            with suppress(UsageError, CurrencyError):
                found[name] = self.metric(name, by=["month", breakdown], start=start)
        return found

    def unmapped(self) -> pd.DataFrame:
        """Return the campaign names that lead to no campaign; see `mopsnb.data.unmapped.list_unmapped`.

        They count in every total. A row for each in ``campaign_map`` puts them where they belong.

        Raises
        ------
        DataError
            A table that names campaigns has faults.
        """
        return queue_unmapped(self._engine, self.definitions)

    def goal_history(self, goals: Iterable[Goal] | None = None) -> dict[str, pd.DataFrame]:
        """Return the monthly figures of each goal's metric in the goal's scope.

        Parameters
        ----------
        goals
            Goals that stand for those of the strategy file, such as the ones that their statements complete. None:
            the file's own.

        Returns
        -------
        dict
            Goal id to a frame as `monthly` returns it. Of an additive metric, totals across months are spread evenly
            over their days: these months are estimates, and not complete. A goal whose metric the catalogue lacks, or
            whose scope the metric cannot be limited to, is left out: a finding says so. Where amounts cannot be
            brought to one currency, a goal on a metric that reads them has no months; the others are not concerned.

        Raises
        ------
        DataError
            A table that a metric needs has faults.
        """
        own = self._recall("goal history", lambda: self._follow_goals(self.strategy.goals))
        if goals is None:
            return own
        written = {goal.id: (goal.metric, goal.scope) for goal in self.strategy.goals}
        listed = list(goals)
        kept = {goal.id for goal in listed if written.get(goal.id) == (goal.metric, goal.scope)}
        history = {name: frame for name, frame in own.items() if name in kept}
        return history | self._follow_goals([goal for goal in listed if goal.id not in kept])

    def _follow_goals(self, goals: Iterable[Goal]) -> dict[str, pd.DataFrame]:
        from mopsnb.data.goals import fits_scope

        metrics = self.definitions
        known = [goal for goal in goals if goal.metric in metrics]
        fitting = [goal for goal in known if fits_scope(metrics[goal.metric], goal.scope, self.tables)]
        return {goal.id: self._follow(goal.metric, goal.scope) for goal in fitting}

    def _follow(self, metric: str, scope: Mapping[str, str | list[str]]) -> pd.DataFrame:
        from mopsnb.data.metrics import compute_spread

        try:
            with lend_without_money(self._engine, self._prepare([metric], scope)):
                zone, day, definition = self.time_zone, self.as_of, self.definitions[metric]
                return compute_spread(self._engine.connection, definition, time_zone=zone, as_of=day, scope=scope)
        except CurrencyError:
            return self.monthly([], scope=scope)
