"""Names that the world has agreed on: time zones, currencies, locales, countries."""

from __future__ import annotations

import difflib
import re
import zoneinfo
from collections.abc import Iterable, Mapping
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.localedata import locale_identifiers
from babel.numbers import list_currencies


def find_nearest(word: str, choices: Iterable[str] | Mapping[str, str]) -> str:
    """Return ``Did you mean 'x'?`` for the nearest choice in any case, or an empty text.

    Parameters
    ----------
    word
        What somebody wrote.
    choices
        The valid words; or a mapping from any word that people use to the valid one.

    Examples
    --------
    >>> find_nearest("eur", ["EUR", "USD"])
    "Did you mean 'EUR'?"
    """
    known = choices if isinstance(choices, Mapping) else {choice: choice for choice in choices}
    folded = {spoken.casefold(): valid for spoken, valid in sorted(known.items(), reverse=True)}
    nearest = difflib.get_close_matches(word.casefold(), sorted(folded), n=1, cutoff=0.6)
    return f"Did you mean '{folded[nearest[0]]}'?" if nearest else ""


def read_time_zone(text: str) -> str:
    """Return the time zone's name; a ValueError proposes the nearest."""
    if text in _time_zones():
        return text
    spoken = {zone.rpartition("/")[2]: zone for zone in sorted(_time_zones())}
    hint = find_nearest(text.replace(" ", "_"), spoken | {zone: zone for zone in _time_zones()})
    raise ValueError(hint or "Name the zone by continent and city, for example America/New_York.")


def read_currency(text: str) -> str:
    """Return the currency's code; a ValueError proposes the nearest code, name or symbol."""
    codes = list_currencies()
    if text in codes:
        return text
    english = Locale("en")
    spoken = {str(name): code for code, name in english.currencies.items() if code in codes}
    spoken |= {str(symbol): code for code, symbol in english.currency_symbols.items() if code in codes}
    hint = find_nearest(text, spoken | {code: code for code in codes})
    raise ValueError(hint or "Write the code of three capital letters, for example USD.")


def read_locale(text: str) -> str:
    """Return the locale's name with an underscore; a ValueError proposes the nearest."""
    name = text.replace("-", "_")
    try:
        return str(Locale.parse(name))
    except (ValueError, UnknownLocaleError) as error:
        hint = find_nearest(name, locale_identifiers())
        raise ValueError(hint or "Write language and country, for example en_US or de_DE.") from error


def read_country(text: str) -> str:
    """Return the country's code, with or without a region; a ValueError proposes the nearest."""
    territories = {str(code): str(name) for code, name in Locale("en").territories.items()}
    countries = {code: code for code in territories if re.fullmatch("[A-Z]{2}", code)}
    country, dash, region = text.partition("-")
    if country in countries and bool(dash) == bool(re.fullmatch("[A-Z0-9]{1,3}", region)):
        return text
    spoken = {territories[code]: code for code in countries} | countries
    hint = find_nearest(text, spoken)
    raise ValueError(hint or "Write the ISO 3166 code of two capital letters, for example DE.")


@cache
def _time_zones() -> frozenset[str]:
    # "localtime" is a link on some machines: what it means differs from one to the next.
    return frozenset(zoneinfo.available_timezones() - {"localtime", "Factory"})
