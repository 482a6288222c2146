"""The theme in force: formats, colors of channels, and the configurations that Vega draws with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from babel import Locale

from mopsnb.view.formats import Formats
from mopsnb.view.palette import MODES, PALETTES, Mode, config

__all__ = [
    "OTHER",
    "SLOTS",
    "Theme",
    "assign_slots",
    "config",
    "current",
    "dump_site_configs",
    "format_value",
    "locale_config",
    "site_configs",
    "use_theme",
]

OTHER = "Other"
SLOTS = len(PALETTES["light"].series) - 1  # the last color is the gray of everything else


@dataclass(frozen=True, slots=True)
class Theme:
    """What every chart and table of a notebook shares.

    Parameters
    ----------
    formats
        How figures and dates are written.
    channels
        The workspace's channels in a fixed order. The first ten have a color of their own on every page.
    names
        What people call each channel, by its id.
    """

    formats: Formats = field(default_factory=Formats)
    channels: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, key: str) -> str:
        """Return what people call a channel; a word that is no channel has spaces in place of underscores."""
        return self.names.get(key) or key.replace("_", " ")


_in_force = Theme()


def use_theme(
    currency: str | None = None, locale: str = "en_US", *, channels: Sequence[str] | Mapping[str, str] = ()
) -> Theme:
    r"""Set and return the theme for what this notebook shows from here on.

    Parameters
    ----------
    currency
        The workspace's currency, an ISO 4217 code; None or empty where it has none.
    locale
        How numbers and dates are written, for example ``en_US``.
    channels
        The ids of the workspace's channels in the strategy's order, so that a channel has the same color everywhere.
        A mapping from id to name also gives a channel its name in charts and tables.

    Raises
    ------
    babel.core.UnknownLocaleError
        There is no such locale.

    Examples
    --------
    >>> theme = use_theme("EUR", "de_DE")
    >>> theme.formats.currency(1204.5)
    '1.204\xa0€'
    >>> _ = use_theme()
    """
    global _in_force  # noqa: PLW0603 - the one thing that a notebook sets once for all its charts
    Locale.parse(locale.replace("-", "_"))
    names = dict(channels) if isinstance(channels, Mapping) else {}
    _in_force = Theme(Formats(locale, currency or None), tuple(channels), names)
    return _in_force


def current() -> Theme:
    """Return the theme in force: what ``use_theme`` set, else American English without a currency."""
    return _in_force


def format_value(x: Any, unit: str) -> str:
    """Return a figure with its unit in the theme in force; for analyses that write sentences."""
    return current().formats.value(x, unit)


def assign_slots(names: Sequence[str], channels: Sequence[str] = ()) -> dict[str, int]:
    """Return the color slot of each name: 0 to 9, or 10 (gray) where the colors run out.

    A known channel takes the slot of its place in the strategy. Others take the free slots in alphabetical
    order, so that the same set of names always gets the same colors.

    Examples
    --------
    >>> assign_slots(["social", "search"], channels=["search", "email", "social"])
    {'social': 2, 'search': 0}
    """
    known = {name: min(place, SLOTS) for place, name in enumerate(channels)}
    free = [slot for slot in range(SLOTS) if slot >= len(known)]
    strangers = [name for name in sorted(set(names)) if name not in known]
    known |= {name: free[place] if place < len(free) else SLOTS for place, name in enumerate(strangers)}
    return {name: known[name] for name in names}


def site_configs() -> dict[Mode, dict[str, Any]]:
    """Return both configurations for the site's script, which draws a chart again when the reader changes the mode."""
    return {mode: config(mode) for mode in MODES}


def dump_site_configs() -> str:
    """Return both configurations as JSON text, the same bytes each time."""
    return json.dumps(site_configs(), ensure_ascii=False, separators=(",", ":"))


def locale_config(formats: Formats) -> dict[str, Any]:
    """Return how Vega writes numbers on axes; empty where that is its own way, as in American English.

    Names of months stay English, as all words of a report are.
    """
    locale = Locale.parse(formats.locale.replace("-", "_"))
    symbols = locale.number_symbols.get("latn", {})
    decimal, group = symbols.get("decimal", "."), symbols.get("group", ",")
    ending = locale.percent_formats[None].suffix[0]
    percent = ending if "%" in ending else "%"  # Vega writes it behind the number in any case
    if (decimal, group, percent) == (".", ",", "%"):
        return {}
    number = {"decimal": decimal, "thousands": group, "grouping": [3], "currency": ["", ""]}
    return {"number": number | {"percent": percent}}
