"""What people call an area or a channel, and who answers for its money."""

from __future__ import annotations

import math

import pandas as pd

from mopsnb.analysis.pacing.horizon import Horizon
from mopsnb.analysis.stakeholders import find_coordinator
from mopsnb.strategy import Strategy

TOGETHER = " + "  # joins areas that cannot be told apart


def name_key(key: str, strategy: Strategy, by: str) -> str:
    """Return the name of an area or a channel for people.

    Examples
    --------
    >>> name_key("trade_shows", Strategy(), "area"), name_key("", Strategy(), "channel")
    ('Trade shows', 'No channel')
    """
    if by == "total":
        return "All areas"
    if not key:
        return "No channel" if by == "channel" else "No area"
    channels = {channel.id: channel.name or channel.id for channel in strategy.channels}
    areas = {area.id for area in strategy.budget.areas} if strategy.budget else set()
    if key in channels and (by == "channel" or key not in areas):
        return channels[key]
    return TOGETHER.join(_prettify(part) for part in key.split(TOGETHER))


def find_owners(spend: pd.DataFrame, horizon: Horizon, keys: pd.Series) -> dict[str, str]:
    """Return who owns the campaigns with the most spend of each area or channel in the year.

    Parameters
    ----------
    spend
        As the workspace returns it.
    horizon
        The year, and the report's day.
    keys
        The area or channel of each of its rows.
    """
    inside = (spend["date"] >= pd.Timestamp(horizon.year.first)) & (spend["date"] <= pd.Timestamp(horizon.as_of))
    named = spend[inside & ~spend["is_committed"] & (spend["owner"] != "")]
    amounts: dict[str, dict[str, list[float]]] = {}
    for key, owner, amount in zip(keys[named.index], named["owner"], named["amount"], strict=True):
        amounts.setdefault(key, {}).setdefault(owner, []).append(amount)
    return {
        key: max(sorted(owners), key=lambda owner: math.fsum(owners[owner])) for key, owners in sorted(amounts.items())
    }


def choose_owner(key: str, owners: dict[str, str], strategy: Strategy) -> str:
    """Return who answers for an area: the owner of its campaigns, else the person who coordinates the plan."""
    return owners.get(key, "") or find_coordinator(strategy)


def _prettify(name: str) -> str:
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]
