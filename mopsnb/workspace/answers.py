"""Answers that a workspace puts together from several questions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import pandas as pd

from mopsnb.data.cautions import find_cautions
from mopsnb.data.engine import Engine
from mopsnb.data.goals import review_goals
from mopsnb.data.metrics import list_tables, read_catalogue
from mopsnb.errors import DataError
from mopsnb.findings import Finding
from mopsnb.strategy import Strategy

MIXED_MONEY = (
    "Its amounts are in several currencies. Add exchange rates to data/fx_rate.csv (date, currency, rate_to_base), "
    "and name organization.currency in strategy.yml."
)
Monthly = Callable[[Sequence[str], Mapping[str, str | list[str]]], pd.DataFrame]


def total_by_channel(channels: Sequence[str], metrics: Sequence[str], monthly: Monthly) -> pd.DataFrame:
    """Return metrics that add up, as totals of all months, a row a channel.

    Parameters
    ----------
    channels
        The channels, in the order of the rows.
    metrics
        Names of metrics that can be filtered by channel.
    monthly
        Answers as `mopsnb.workspace.Workspace.monthly` does.

    Returns
    -------
    pandas.DataFrame
        ``channel``, ``first_month``, ``last_month`` (with data) and a column a metric; NaN where no month is known.
    """
    rows: list[dict[str, object]] = []
    for channel in channels:
        frame = monthly(metrics, {"channel": channel})
        known = frame[frame["value"].notna()]
        totals = known.groupby("metric")["value"].sum()
        months = {"first_month": known["period_start"].min(), "last_month": known["period_start"].max()}
        # Sums of cents in floats leave a trace in the last digits.
        rows.append(
            {"channel": channel} | months | {name: round(totals.get(name, float("nan")), 6) for name in metrics}
        )
    return pd.DataFrame(rows, columns=["channel", "first_month", "last_month", *metrics])


def name_lack(needs: Collection[str], alternatives: Collection[str], tables: Collection[str]) -> str:
    """Return what a metric without data lacks, and how to supply it, in one sentence.

    Parameters
    ----------
    needs
        The tables that it reads.
    alternatives
        Those of them of which one is enough.
    tables
        The tables that the workspace holds.

    Examples
    --------
    >>> name_lack(["ad_daily", "spend_actual", "contact"], ["ad_daily", "spend_actual"], ["ad_daily"])
    'It needs data/contact.csv (or .parquet) in the workspace.'
    """
    missing = [f"data/{name}.csv" for name in needs if name not in alternatives and name not in tables]
    if alternatives and not set(alternatives) & set(tables):
        missing.append(" or ".join(f"data/{name}.csv" for name in alternatives))
    if missing:
        return f"It needs {' and '.join(missing)} (or .parquet) in the workspace."
    return "Its tables are there, but no row fills the columns that the formula reads."


def review_metrics(engine: Engine, strategy: Strategy) -> list[Finding]:
    """Return what limits the metrics: sources that lack events, rows left out, amounts that may count twice.

    Goals whose scope cannot be applied are among it. An unknown metric is not: the goal's SMART verdict names it.
    """
    catalogue = read_catalogue()
    for name in list_tables(catalogue, None):
        if name in engine.tables:
            try:
                engine.prepare([name])
            except DataError:
                continue  # its faults are findings already
    goals = [item for item in review_goals(strategy, catalogue, engine.tables) if ".metric." not in item.id]
    return find_cautions(engine.connection, catalogue, engine.time_zone) + goals
