"""Which budget area money belongs to: bookings name theirs, advertising has a channel or a campaign."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mopsnb.strategy import Strategy

Key = tuple[int, str]  # fiscal year, and a channel or an area


@dataclass(frozen=True, slots=True)
class Link:
    """A row of a plan: this fiscal year, this area has money on this channel.

    Parameters
    ----------
    year
        The fiscal year, by the calendar year in which it starts.
    area, channel
        As the plan writes them; an empty channel names none.
    """

    year: int
    area: str
    channel: str


@dataclass(frozen=True, slots=True)
class Areas:
    """Answers which area an amount belongs to.

    Parameters
    ----------
    planned
        Channel of a fiscal year to its one area, from the plan. Keys are in lower case.
    usual
        Channel to area, for years whose plan does not say.
    groups
        Area of a fiscal year to the name under which it is compared together with others.
    spelling
        Name in lower case to the name as the strategy or the plan writes it.
    """

    planned: dict[Key, str] = field(default_factory=dict)
    usual: dict[str, str] = field(default_factory=dict)
    groups: dict[Key, str] = field(default_factory=dict)
    spelling: dict[str, str] = field(default_factory=dict)

    def spell(self, name: str) -> str:
        """Return a channel or an area as the strategy or the plan writes it."""
        return self.spelling.get(name.casefold(), name)

    def join(self, year: int, area: str) -> str:
        """Return the name under which an area is compared."""
        area = self.spell(area)
        return self.groups.get((year, area.casefold()), area)

    def find(self, year: int, channel: str) -> str:
        """Return the area of a channel's advertising; empty where no plan names the channel."""
        name = channel.casefold()
        area = self.planned.get((year, name)) or self.usual.get(name, "")
        return self.join(year, area) if area else ""


def find_areas(links: Iterable[Link], strategy: Strategy, unnamed: Iterable[Key]) -> Areas:
    """Return how money finds its area.

    Two areas of one channel cannot be told apart where ads on that channel name no planned campaign. They are
    compared together, as ``brand + performance``.

    Parameters
    ----------
    links
        The plan's rows that name no campaign.
    strategy
        Its budget's areas serve where the plan names no channel.
    unnamed
        Fiscal year and channel of ads whose campaign no plan names.
    """
    known = list(links)
    budget = strategy.budget.areas if strategy.budget else []
    names = [channel.id for channel in strategy.channels]
    names += [name for area in budget for name in (area.id, area.channel or "")]
    names += [name for link in known for name in (link.area, link.channel)]
    spelling: dict[str, str] = {}
    for name in names:
        spelling.setdefault(name.casefold(), name)
    chosen: dict[Key, list[str]] = {}
    for link in known:
        if link.channel:
            areas = chosen.setdefault((link.year, link.channel.casefold()), [])
            if link.area.casefold() not in areas:
                areas.append(link.area.casefold())
    open_keys = {(year, channel.casefold()) for year, channel in unnamed}
    merged = _merge({key: areas for key, areas in chosen.items() if len(areas) > 1 and key in open_keys})
    groups = {
        (year, area): " + ".join(spelling[member] for member in sorted(members))
        for (year, area), members in merged.items()
    }
    usual = {name: area for name, area in spelling.items() if area in {item.id for item in budget}}
    usual |= {link.area.casefold(): link.area for link in known}
    usual |= {area.channel.casefold(): area.id for area in reversed(budget) if area.channel}
    return Areas({key: areas[0] for key, areas in chosen.items()}, usual, groups, spelling)


def _merge(shared: dict[Key, list[str]]) -> dict[Key, set[str]]:
    """Return each area's companions; areas that are linked through a third belong together as well."""
    found: dict[Key, set[str]] = {}
    for (year, _), areas in sorted(shared.items()):
        members = set(areas).union(*(found.get((year, area), set()) for area in areas))
        for area in members:
            found[year, area] = members
    return found
