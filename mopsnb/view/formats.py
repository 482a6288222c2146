"""Figures, dates and periods as people of one locale write them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.localedata import exists
from babel.numbers import get_currency_precision, parse_pattern

MISSING = "–"
_MONTH = re.compile(r"\d{4}-\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CODE = re.compile(r"[A-Z]{3}")
_MONEY = frozenset({"currency", "currency_per_unit"})
_UNWRITTEN = frozenset({"", "count", "ratio"})  # the number stands alone
_WHOLE_FROM = 1000  # from here on the cents of an amount say nothing


@dataclass(frozen=True, slots=True)
class Formats:
    """Writes figures for people. What is missing is a dash, never 0.

    Parameters
    ----------
    locale
        For example ``en_US`` or ``de_DE``. It decides how numbers and money are written, and the order of a date. Names
        of months are English, as all words of a report are.
    currency_code
        ISO 4217 code of figures whose unit is ``currency``; None where the workspace has none.

    Examples
    --------
    >>> formats = Formats("en_US", "USD")
    >>> formats.value(0.004, "fraction"), formats.value(1204.5, "currency"), formats.value(None, "count")
    ('0.40%', '$1,204', '–')
    """

    locale: str = "en_US"
    currency_code: str | None = None

    def value(self, x: Any, unit: str) -> str:
        """Return a figure with its unit.

        Parameters
        ----------
        x
            The figure; None and NaN are missing.
        unit
            ``fraction`` (0.004 is 0.40%), ``count``, ``ratio``, ``currency`` or ``currency_per_unit`` (in the
            workspace's currency), an ISO code such as ``EUR``, or any other word, which follows the number: ``days``.
        """
        if not is_known(x):
            return MISSING
        if unit == "fraction":
            return self.percent(x)
        if unit in _MONEY or _CODE.fullmatch(unit):
            return self.currency(x, None if unit in _MONEY else unit)
        text = self.count(x) if unit == "count" else self.number(x)
        if unit in _UNWRITTEN:
            return text
        return f"{text} {unit.removesuffix('s') if float(x) == 1 else unit}"

    def span(self, low: Any, high: Any, unit: str) -> str:
        """Return two figures as ``2.2 to 2.9 times as many``: a unit in words stands once."""
        return f"{self.value(low, unit).removesuffix(f' {unit}')} to {self.value(high, unit)}"

    def percent(self, x: Any, digits: int | None = None) -> str:
        """Return a fraction as percent.

        Without ``digits`` the size decides: two decimals below 10%, one below 100%, none above, and for less
        than 0.1% as many as two significant figures need.
        """
        if not is_known(x):
            return MISSING
        shown = percent_digits(float(x)) if digits is None else digits
        return self._write(x, _locale(self.locale).percent_formats[None].pattern, shown)

    def percent_points(self, x: Any) -> str:
        """Return a difference of two fractions as ``+0.12 points`` (of percent)."""
        if not is_known(x):
            return MISSING
        points = float(x) * 100
        return f"{_sign(points)}{self._write(abs(points), self._plain, 1 if abs(points) >= 10 else 2)} points"

    def currency(self, x: Any, code: str | None = None, digits: int | None = None) -> str:
        """Return an amount of money: no cents from 1,000 on, up to six decimals for what costs less than a cent.

        Without a code, the workspace's currency; where it has none, the plain number.
        """
        if not is_known(x):
            return MISSING
        code = code or self.currency_code
        shown = currency_digits(float(x), code) if digits is None else digits
        if not code:
            return self._write(x, self._plain, shown)
        text = self._write(x, _locale(self.locale).currency_formats["standard"].pattern, shown)
        symbol = _locale(self.locale).currency_symbols.get(code, code)
        # A code of letters needs a space between itself and the number; a symbol brings its own habits.
        glue = "\N{NO-BREAK SPACE}" if symbol[-1].isalpha() and re.search(r"¤\d", text) else ""
        return text.replace("¤", symbol + glue)

    def count(self, x: Any) -> str:
        """Return a count with separators; one decimal where it is an average below 100."""
        if not is_known(x):
            return MISSING
        number = float(x)
        return self._write(x, self._plain, 0 if number == round(number) or abs(number) >= 100 else 1)

    def number(self, x: Any, digits: int | None = None) -> str:
        """Return a plain number with about three significant figures, whole numbers as they are."""
        if not is_known(x):
            return MISSING
        return self._write(x, self._plain, number_digits(float(x)) if digits is None else digits)

    def signed(self, x: Any, digits: int | None = None) -> str:
        """Return a plain number with its sign: ``+3``, ``−3``, and ``0`` without one."""
        if not is_known(x):
            return MISSING
        text = self.number(abs(float(x)), digits)
        return text if text == self.number(0, digits) else f"{_sign(float(x))}{text}"

    def date(self, day: Any) -> str:
        """Return a day as ``Sep 30, 2026``."""
        return format_date(to_date(day), "medium", locale=self._calendar) if is_known(day) else MISSING

    def month(self, day: Any, *, short: bool = False) -> str:
        """Return the month of a day as ``September 2026``, or ``Sep 2026`` where it must be short."""
        skeleton = "yMMM" if short else "yMMMM"
        return format_skeleton(skeleton, to_date(day), locale=self._calendar) if is_known(day) else MISSING

    def month_name(self, day: Any) -> str:
        """Return the month of a day without its year: ``September``."""
        return format_date(to_date(day), "LLLL", locale=self._calendar) if is_known(day) else MISSING

    def period(self, period: str) -> str:
        """Return ``2026-09`` as a month and ``2026-01-01/2026-09-30`` as its first and last day; else the text."""
        if _MONTH.fullmatch(period):
            return self.month(f"{period}-01")
        ends = period.split("/")
        if len(ends) == 2 and all(_DAY.fullmatch(end) for end in ends):
            return str(format_interval(to_date(ends[0]), to_date(ends[1]), "yMMMd", locale=self._calendar))
        return self.date(period) if _DAY.fullmatch(period) else period

    def change(self, x: Any, since: str = "") -> str:
        """Return a relative change in words.

        Parameters
        ----------
        x
            The change as a fraction of the figure before: 0.042 is ``up 4.2%``.
        since
            What it is compared with, for example ``August``; empty to leave it out.
        """
        if not is_known(x):
            return MISSING
        size = abs(float(x))
        on = f" on {since}" if since else ""
        if size < 0.0005:
            return f"unchanged{on}"
        return f"{'up' if float(x) > 0 else 'down'} {self.percent(size, 0 if size >= 0.9995 else 1)}{on}"

    @property
    def _calendar(self) -> str:
        # The reports are written in English: month names are English too, in the order of the territory.
        territory = _locale(self.locale).territory or "US"
        return f"en_{territory}" if exists(f"en_{territory}") else "en_150"

    @property
    def _plain(self) -> str:
        return str(_locale(self.locale).decimal_formats[None].pattern)

    def _write(self, x: Any, pattern: str, digits: int) -> str:
        # The locale's own pattern, with as many decimals as the size of this figure deserves.
        places = f".{'0' * digits}" if digits else ""
        number = float(x)
        if round(abs(number) * (100 if "%" in pattern else 1), digits) == 0:
            number = 0.0  # no "-0"
        exact = int(number) if number.is_integer() else number
        sized = ";".join(_set_places(part, places) for part in pattern.split(";"))
        return str(parse_pattern(sized).apply(exact, _locale(self.locale)))


def _set_places(pattern: str, places: str) -> str:
    bare = re.sub(r"(?<=0)\.[0#]+|(?<=[0#])\.#+", "", pattern)
    return re.sub(r"0(?!.*0)", f"0{places}", bare)


def is_known(x: Any) -> bool:
    """Tell whether a figure or a day is there: neither None, NaN, NaT nor infinite."""
    if isinstance(x, list | tuple):
        return True
    if x is None or bool(pd.isna(x)):
        return False
    return not (isinstance(x, float) and math.isinf(x))


def to_date(day: Any) -> date:
    """Return an ISO text, a timestamp or a date as a date."""
    return date.fromisoformat(day[:10]) if isinstance(day, str) else pd.Timestamp(day).date()


def percent_digits(x: float) -> int:
    """Return how many decimals a fraction deserves as percent."""
    size = float(f"{abs(x) * 100:.3g}")
    if size == 0 or size >= 100:
        return 0
    return 1 if size >= 10 else 2 if size >= 0.1 else min(8, 1 - math.floor(math.log10(size)))


def currency_digits(x: float, code: str | None) -> int:
    """Return how many decimals an amount deserves."""
    usual: int = get_currency_precision(code) if code else 2
    if round(abs(x), usual) >= _WHOLE_FROM:
        return 0
    tiny = 0 < abs(x) < 10 ** (1 - usual) and round(x, usual) != x
    return min(6, 1 - math.floor(math.log10(abs(x)))) if tiny else usual


def number_digits(x: float) -> int:
    """Return how many decimals a plain number deserves."""
    size = float(f"{abs(x):.3g}")
    if x == round(x) or size >= 100:
        return 0
    return 1 if size >= 10 else 2 if size >= 0.1 else min(8, 1 - math.floor(math.log10(size)))


def share_digits(values: Iterable[Any], unit: str, code: str | None = None) -> int:
    """Return the decimals with which a whole column stands under one another.

    The smallest figure's need decides for fractions, the largest one's for money.
    """
    known = [float(x) for x in values if is_known(x)]
    if not known:
        return 0
    if unit == "fraction":
        return max(percent_digits(x) for x in known)
    if unit == "currency":
        return min(currency_digits(x, code) for x in known)
    return max(number_digits(x) for x in known)


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(name.replace("-", "_"))


def _sign(x: float) -> str:
    return "+" if x > 0 else "−" if x < 0 else "±"
