"""Numbers as people and programs write them, and which sign separates the decimals."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Literal

Style = Literal["point", "comma"]
TYPED = "\x01"  # stands before a number that its file holds as a number, not as text
MISSING = frozenset({"", "--", "-", "—", "–", "n/a", "na", "null", "none", "nan", "(not set)", "(none)", "#n/a", "∅"})

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "))
_SYMBOL = r"(?:US\$|A\$|C\$|R\$|[$€£¥₹]|zł|Kč|kr\.?|Fr\.)"
_CODE = r"[A-Z]{3}"
_MONEY = re.compile(rf"^(?P<lead>{_CODE}|{_SYMBOL})? ?(?P<number>[-+(]?.*?\)?-?) ?(?P<tail>{_CODE}|{_SYMBOL})?$")
_MINUS = re.compile(rf"^([-−])({_SYMBOL}) ?")
_SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "US$": "USD", "A$": "AUD", "C$": "CAD", "R$": "BRL", "zł": "PLN"}
_PLAIN = re.compile(r"\d+")
_EXPONENT = re.compile(r"\d(?:\.\d+)?[eE][+-]?\d{1,2}")
_GROUPED = {  # no group of thousands starts with a zero
    "point": re.compile(r"(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d?(?:,\d{2})+,\d{3}|\d+)(?:\.\d*)?|\.\d+"),
    "comma": re.compile(r"(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d*)?|,\d+"),
}
_QUIET_SIGN = re.compile(r"(?<=\d)[ '’](?=\d{3})")
_QUIET = re.compile(r"[1-9]\d{0,2}(?:[ '’]\d{3})+(?=$|[.,])")


def is_missing(text: str) -> bool:
    """Tell whether a cell says that there is no value: empty, ``--``, ``n/a`` and the like."""
    return text.strip().casefold() in MISSING


def unwrap(text: str) -> str:
    """Return a cell without the formula that keeps a spreadsheet from changing it.

    Examples
    --------
    >>> unwrap('="0012"')
    '0012'
    """
    return text[2:-1] if text.startswith('="') and text.endswith('"') and len(text) > 2 else text


def split_money(text: str) -> tuple[str, str]:
    """Return a number without sign of money around it, and the currency that the sign names (empty: none or unclear).

    Examples
    --------
    >>> split_money("USD 120,000.00")
    ('120,000.00', 'USD')
    >>> split_money("$5")  # the dollars of many countries
    ('5', '')
    """
    text = text.strip()
    if text[:1].isdigit() and text[-1:].isdigit():
        return text, ""
    plain = _MINUS.sub(r"\2\1", text.translate(_SPACES).strip())  # -$5 is $-5
    found = _MONEY.match(plain)
    if not found:
        return text, ""
    sign = found["lead"] or found["tail"] or ""
    return found["number"], sign if re.fullmatch(_CODE, sign) else _SIGNS.get(sign, "")


def read_styles(text: str, *, whole: bool = False) -> dict[Style, Decimal]:
    """Return what a cell means by each style in which it can be read; nothing where it is no number.

    Parameters
    ----------
    text
        The cell. Money signs, grouping by spaces or apostrophes, parentheses and a sign behind are understood.
    whole
        The column counts things, so that a reading with a fraction is none, and ``1,000`` is a thousand.

    Examples
    --------
    >>> read_styles("1.234,50")
    {'comma': Decimal('1234.50')}
    >>> read_styles("1,234")
    {'point': Decimal('1234'), 'comma': Decimal('1.234')}
    >>> read_styles("1,234", whole=True)
    {'point': Decimal('1234')}
    """
    if text.startswith(TYPED):
        return _read_typed(text[1:])
    if text.isdecimal() and text.isascii():
        return dict.fromkeys(("point", "comma"), Decimal(text))
    number, _ = split_money(text)
    number = number.translate(_SPACES).strip().replace("−", "-")
    negative = number.startswith("-") or number.endswith("-") or (number.startswith("(") and number.endswith(")"))
    number = number.strip("+-() ")
    if _QUIET.match(number):
        number = _QUIET_SIGN.sub("", number)
    sign = -1 if negative else 1
    if _PLAIN.fullmatch(number):
        return dict.fromkeys(("point", "comma"), sign * Decimal(number))
    if _EXPONENT.fullmatch(number):
        return {"point": sign * Decimal(number)}
    found: dict[Style, Decimal] = {}
    for style, group, point in (("point", ",", "."), ("comma", ".", ",")):
        if _GROUPED[style].fullmatch(number):
            value = sign * Decimal(number.replace(group, "").replace(point, "."))
            if not whole or value == value.to_integral_value():
                found[style] = value  # type: ignore[index]
    if whole and len(found) == 2 and "," in number and found["point"] != found["comma"]:
        del found["comma"]  # nobody counts clicks in thousandths
    return found


def _read_typed(text: str) -> dict[Style, Decimal]:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return {}
    return dict.fromkeys(("point", "comma"), value) if value.is_finite() else {}


def find_evidence(found: dict[Style, Decimal]) -> str:
    """Return the style that alone fits, ``unclear`` where two readings differ, or an empty text.

    Examples
    --------
    >>> find_evidence(read_styles("2.60")), find_evidence(read_styles("1,234")), find_evidence(read_styles("12"))
    ('point', 'unclear', '')
    """
    if len(found) == 1:
        return next(iter(found))
    return "unclear" if len(set(found.values())) == 2 else ""
