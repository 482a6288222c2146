"""What the ad platforms report by day and channel."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

MEASURES = ("spend", "conversions")
COLUMNS = ["day", "segment", "measure", "value"]


def read_ad_days(query: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """Return spend and conversions of ad_daily, a row a day, channel and measure.

    Totals of longer periods are left out, because they are no days. A measure that no row of a day reports is missing.

    Parameters
    ----------
    query
        Answers SQL over the workspace's views.

    Returns
    -------
    pandas.DataFrame
        ``day``, ``segment`` (the channel), ``measure`` (``spend`` or ``conversions``) and ``value``.
    """
    columns = set(query("SELECT * FROM ad_daily WHERE 1 = 0").columns)
    known = [name for name in MEASURES if name in columns]
    if "date" not in columns or not known:
        return pd.DataFrame({name: [] for name in COLUMNS})
    sums = ", ".join(f"sum({name}) AS {name}" for name in known)
    whole = "AND period_end IS NULL " if "period_end" in columns else ""
    rows = query(
        f"SELECT date AS day, channel AS segment, {sums} FROM ad_daily "
        f"WHERE date IS NOT NULL {whole}GROUP BY date, channel ORDER BY date, channel"
    )
    long = rows.melt(["day", "segment"], var_name="measure", value_name="value").dropna(subset=["value"])
    return long.assign(day=pd.to_datetime(long["day"]), value=long["value"].astype("float64")).reset_index(drop=True)
