"""What a notebook asks a workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property

import pandas as pd

from mopsnb.data.contract import TABLES
from mopsnb.data.disagreements import find_disagreements
from mopsnb.data.freshness import list_freshness
from mopsnb.data.own_metrics import OWN_FILE
from mopsnb.data.review import list_faults, review_data
from mopsnb.data.summary import summarize_tables, write_html, write_text
from mopsnb.data.wording import count_of
from mopsnb.errors import CurrencyError, Fault
from mopsnb.findings import Finding, sort_findings
from mopsnb.results import Headline, Status, StepResult
from mopsnb.steps import find_step
from mopsnb.strategy import LeadScoring
from mopsnb.workspace.answers import list_own_faults, review_metrics
from mopsnb.workspace.channels import total_by_channel
from mopsnb.workspace.headlines import MONEY, read_headlines
from mopsnb.workspace.metrics import WorkspaceMetrics

EVENTS = ["kind", "note", "first_day", "last_day"]
RECORDED = ["table", "source", "day", "rows"]


class Workspace(WorkspaceMetrics):
    """A team's strategy and data.

    Made by `mopsnb.open`. Tables are answered by SQL where they lie; nothing is loaded whole. The parameters are
    those of `mopsnb.workspace.tables.WorkspaceTables`.
    """

    def spend(self) -> pd.DataFrame:
        """Return what was spent or committed, a row a day and budget line; see `mopsnb.data.spending.read_spend`.

        Commitments for days after the report's are among them; see `mopsnb.data.commitments.read_commitments`.
        """
        from mopsnb.data.commitments import read_commitments
        from mopsnb.data.spending import read_spend

        return read_spend(self.sql, self.tables, self.strategy, ahead=read_commitments(self._engine))

    def plan(self) -> pd.DataFrame:
        """Return the budget by month and area; see `mopsnb.data.spending.read_plan`."""
        from mopsnb.data.spending import read_plan

        return read_plan(self.sql, self.tables, self.strategy)

    def events(self) -> pd.DataFrame:
        """Return what the team's calendar of events says may move numbers, in order of time.

        Returns
        -------
        pandas.DataFrame
            ``kind``, ``note``, ``first_day`` and ``last_day`` of the table event_calendar; empty without it.
        """
        if self.has("event_calendar"):
            return self.sql(
                "SELECT kind, COALESCE(note, '') AS note, start_on AS first_day, "
                "COALESCE(end_on, start_on) AS last_day FROM event_calendar "
                "WHERE kind IS NOT NULL AND start_on IS NOT NULL ORDER BY start_on, kind, note"
            )
        return pd.DataFrame({name: [] for name in EVENTS})

    def requests(self) -> pd.DataFrame:
        """Return the requests under agreements, in order of time; see `mopsnb.data.service.read_requests`."""
        from mopsnb.data.service import read_requests

        return read_requests(self.sql, self.tables)

    def leads(self) -> pd.DataFrame:
        """Return every contact with all its attributes; empty without the table contact.

        They come in the order of the file; from a database, in the order of their ids.

        Raises
        ------
        DataError
            The table contact has faults; or it is in a database, where nothing says which lead came first.
        """
        from mopsnb.data.leads import read_leads

        asked = self.strategy.lead_scoring or LeadScoring()
        if self.has("contact"):
            return read_leads(self._engine, asked.order_by)
        names = dict.fromkeys([*TABLES["contact"].fields, asked.target, asked.order_by])
        return pd.DataFrame({name: [] for name in names}, dtype="str")

    def channels(self, metrics: Sequence[str]) -> pd.DataFrame:
        """Return totals of all months by the channels of ad_daily; see `mopsnb.workspace.channels.total_by_channel`."""
        names: list[str] = []
        if self.has("ad_daily"):
            names = self.sql("SELECT DISTINCT channel FROM ad_daily ORDER BY channel")["channel"].tolist()
        known = self._split_months(metrics, "channel") if names else None
        if known is None:
            return total_by_channel(names, metrics, lambda channel: self.monthly(metrics, {"channel": channel}))
        return total_by_channel(names, metrics, lambda channel: known.get(channel, self.monthly([])))

    def earlier(self, step: str) -> dict[str, pd.DataFrame]:
        """Return the tables that a step saved in the last good run; see `mopsnb.workspace.earlier.read_earlier`."""
        from mopsnb.workspace.earlier import read_earlier

        return read_earlier(self.path, step)

    def ad_days(self) -> pd.DataFrame:
        """Return ad spend and conversions by day and channel; see `mopsnb.data.ad_days.read_ad_days`.

        Empty without the table ad_daily, and where its amounts cannot be brought to one currency.

        Raises
        ------
        DataError
            The table has faults.
        """
        from mopsnb.data.ad_days import COLUMNS, read_ad_days

        if self.has("ad_daily"):
            with suppress(CurrencyError):
                days = read_ad_days(self.sql)
                return days[days["day"] <= pd.Timestamp(self.as_of)] if self.as_of else days.iloc[:0]
        return pd.DataFrame({name: [] for name in COLUMNS})

    def freshness(self) -> pd.DataFrame:
        """Return how old each source is.

        Returns
        -------
        pandas.DataFrame
            ``source``, ``table``, ``last_on``, ``age_days`` (up to ``as_of``), ``allowed_days``, ``is_stale``
            and ``rows``.
        """
        return list_freshness(self._engine.ages, self.as_of, self.strategy.thresholds.stale_after_days)

    def recorded_days(self) -> pd.DataFrame:
        """Return how many rows each source of the dated tables has on each day.

        Returns
        -------
        pandas.DataFrame
            ``table``, ``source``, ``day`` (date, up to ``as_of``) and ``rows``; see `mopsnb.data.dates.count_days`.
        """
        parts = [found.frame.assign(table=name) for name, found in self._engine.ages.items()]
        frame = pd.concat(parts) if parts and self.as_of else pd.DataFrame({name: [] for name in RECORDED})
        return frame.loc[frame["day"] <= self.as_of if len(frame) else [], RECORDED].reset_index(drop=True)

    def findings(self) -> list[Finding]:
        """Return what needs attention in the data, most severe first."""
        return sort_findings(self._findings)

    @cached_property
    def _findings(self) -> list[Finding]:
        return self._recall("findings", self._review)

    def _review(self) -> list[Finding]:
        found = review_data(self._engine, self.strategy.thresholds.stale_after_days)
        return (
            found
            + find_disagreements(self._engine, self.strategy)
            + review_metrics(self._engine, self.strategy, self.definitions)
        )

    def faults(self) -> list[Fault]:
        """Return every fault of the workspace's metrics and tables, one a kind, in the order of the contract."""
        own = list_own_faults(self._engine, self.path / OWN_FILE)
        return own + [fault for name in self.tables for fault in list_faults(self._engine, name)]

    def result(
        self,
        step: str,
        *,
        headline: Sequence[Headline] | pd.DataFrame = (),
        findings: Sequence[Finding] = (),
        tables: Mapping[str, pd.DataFrame] | None = None,
        status: Status = "ok",
    ) -> StepResult:
        """Return a step's result, with the findings about the data added after its own.

        Parameters
        ----------
        step
            The step's id.
        headline
            The leading figures, or a frame with the columns of `mopsnb.results.Headline`.
        findings
            What needs attention, as the notebook found it; of one severity the most important first.
        tables
            Frames to keep, by name.
        status
            ``no_data`` where the workspace has nothing to answer the question with.
        """
        return StepResult(
            step=step,
            question=find_step(step).question,
            status=status,
            as_of=self.as_of,
            data_through=self.data_through,
            headline=read_headlines(headline, self._money_of(headline))
            if isinstance(headline, pd.DataFrame)
            else tuple(headline),
            findings=sort_findings(_list_once([*findings, *self._findings])),
            tables=dict(tables or {}),
        )

    def _money_of(self, headline: pd.DataFrame) -> str | None:
        # Currency is asked for where money is shown alone: data without money may have none, or several.
        is_money = headline["unit"] == MONEY
        if (is_money & headline["value"].notna()).any():
            return self.currency
        return self.shown_currency if is_money.any() else None

    def __repr__(self) -> str:
        return write_text(self._title, summarize_tables(self._engine))

    def _repr_html_(self) -> str:
        return write_html(self._title, summarize_tables(self._engine))

    @property
    def _title(self) -> str:
        count = count_of(len(self.tables), "table")
        return f"{self.name}: {count}, as of {self.as_of}" if self.as_of else f"{self.name}: {count}, no dated row yet"


def _list_once(findings: Sequence[Finding]) -> list[Finding]:
    known: dict[str, Finding] = {}
    for item in findings:
        known.setdefault(item.id, item)
    return list(known.values())
