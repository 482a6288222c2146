"""Totals of all months by channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

Monthly = Callable[[str], pd.DataFrame]


def total_by_channel(channels: Sequence[str], metrics: Sequence[str], monthly: Monthly) -> pd.DataFrame:
    """Return metrics that add up, as totals of all months, a row a channel.

    Parameters
    ----------
    channels
        The channels, in the order of the rows.
    metrics
        Names of metrics that can be filtered by channel.
    monthly
        Returns the metrics of one channel by month, as `mopsnb.workspace.Workspace.monthly` does.

    Returns
    -------
    pandas.DataFrame
        ``channel``, ``first_month``, ``last_month`` (with data) and a column a metric; NaN where no month is known.
    """
    rows: list[dict[str, object]] = []
    for channel in channels:
        frame = monthly(channel)
        known = frame[frame["value"].notna()]
        totals = known.groupby("metric")["value"].sum()
        months = {"first_month": known["period_start"].min(), "last_month": known["period_start"].max()}
        # Sums of cents in floats leave a trace in the last digits.
        rows.append(
            {"channel": channel} | months | {name: round(totals.get(name, float("nan")), 6) for name in metrics}
        )
    return pd.DataFrame(rows, columns=["channel", "first_month", "last_month", *metrics])
