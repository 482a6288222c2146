"""Return on ad spend: what the ad platforms say that a unit of spend brought back."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Literal

import pandas as pd

from mopsnb.analysis.frames import DAY, NUMBER, TEXT, WHOLE, build_frame
from mopsnb.analysis.months import NAN
from mopsnb.analysis.pacing.books import CENTS
from mopsnb.analysis.pacing.horizon import find_horizon
from mopsnb.analysis.pacing.names import name_key
from mopsnb.analysis.pacing.ratio import LEAST, Ratio, estimate_ratio
from mopsnb.analysis.wording import count_things
from mopsnb.strategy import Strategy

CAVEAT = (
    "The ad platforms credit the value to themselves, and several may claim the same sale. "
    "It is not what the ads caused."
)
RETURN_COLUMNS = {
    **{"id": TEXT, "name": TEXT, "first_day": DAY, "last_day": DAY, "spend": NUMBER, "spend_with_value": NUMBER},
    **{"value": NUMBER, "return_on_ad_spend": NUMBER, "low": NUMBER, "high": NUMBER, "months": WHOLE},
    **{"previous": NUMBER, "change": NUMBER, "note": TEXT},
}


def rate_returns(
    spend: pd.DataFrame,
    plan: pd.DataFrame,
    strategy: Strategy,
    as_of: date | None,
    *,
    by: Literal["channel", "total"] = "channel",
) -> pd.DataFrame:
    """Return the return on ad spend of the fiscal year to date.

    It is conversion value ÷ spend, over the rows that report a value. The interval comes from how much the months
    differ: a return that swings from month to month is less sure than one that does not.

    Parameters
    ----------
    spend, plan, strategy, as_of
        As for `mopsnb.analysis.pacing.pace_budget`.
    by
        ``channel``, or ``total`` for one row that adds up all advertising.

    Returns
    -------
    pandas.DataFrame
        A row a channel with advertising in the year, the one with the most spend on top: id, name, first_day and
        last_day (of the time looked at), spend, spend_with_value (of the rows that report a value), value,
        return_on_ad_spend, low and high (95%; NaN with fewer than three months), months, previous (the same days a
        year earlier), change (as a fraction of it), note (what limits the figure; empty where nothing does). NaN where
        missing.
    """
    horizon = find_horizon(spend, plan, strategy, as_of)
    if horizon is None:
        return build_frame([], RETURN_COLUMNS)
    first, last = horizon.year.first, horizon.as_of
    ads = spend[spend["kind"] == "ads"]
    ads = ads.assign(key=ads["channel"] if by == "channel" else "total")
    current = _between(ads, first, last)
    before = _between(ads, horizon.origin, horizon.origin + timedelta(days=(last - first).days))
    rows = [
        _rate(key, group, before[before["key"] == key])
        | {"name": "All advertising" if by == "total" else name_key(str(key), strategy, "channel")}
        | {"first_day": first, "last_day": last}
        for key, group in current.groupby("key", sort=True)
    ]
    frame = build_frame(rows, RETURN_COLUMNS)
    return frame.sort_values(["spend", "id"], ascending=[False, True], kind="stable", ignore_index=True)


def _between(ads: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    return ads[(ads["date"] >= pd.Timestamp(first)) & (ads["date"] <= pd.Timestamp(last))]


def _rate(key: object, group: pd.DataFrame, before: pd.DataFrame) -> dict[str, object]:
    ratio = _divide(group)
    previous = _divide(before).value
    amount = round(math.fsum(group["amount"]), CENTS)
    reporting = round(math.fsum(group["amount_with_value"]), CENTS)
    values = group["value"].dropna()
    reach = ratio.reach()
    return {
        **{"id": key, "spend": amount, "spend_with_value": reporting},
        "value": round(math.fsum(values), CENTS) if len(values) else NAN,
        **{"return_on_ad_spend": ratio.value, "low": max(ratio.value - reach, 0.0), "high": ratio.value + reach},
        **{"months": ratio.count, "previous": previous},
        "change": ratio.value / previous - 1 if previous > 0 else NAN,
        "note": _explain(amount, reporting, ratio),
    }


def _divide(rows: pd.DataFrame) -> Ratio:
    """Return value ÷ spend over the rows that report a value, with its months as parts."""
    known = rows[rows["value"].notna()]
    months = known.groupby(known["date"].dt.to_period("M"), sort=True)
    return estimate_ratio(
        [math.fsum(group["value"]) for _, group in months],
        [math.fsum(group["amount_with_value"]) for _, group in months],
    )


def _explain(amount: float, reporting: float, ratio: Ratio) -> str:
    if math.isnan(ratio.value):
        return "The platform reports no conversion value."
    notes = []
    if reporting < amount:
        notes.append(f"{1 - reporting / amount:.0%} of the spend reports no value and is left out.")
    if ratio.count < LEAST:
        notes.append(f"{count_things(ratio.count, 'month')} with data: too few for an interval.")
    return " ".join(notes)
