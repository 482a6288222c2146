"""From the text of a cell to a value of its column's kind; `BAD` where it does not fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from mopsnb.data.contract import Field
from mopsnb.data.contract.kinds import FALSE_WORDS, TRUE_WORDS, WHOLE_DIGITS
from mopsnb.data.importing.dates import Order, read_moment, to_day, to_utc
from mopsnb.data.importing.model import Column
from mopsnb.data.importing.numbers import TYPED, Style, is_missing, read_styles, unwrap

BAD: Final = object()
UTC = ZoneInfo("UTC")
_EMPTY = ("", "--")
_SPECIAL = f"{TYPED}="
LIMIT = 100_000  # remembered cells of one column
_FACTORS = {"one": 0, "percent": -2, "cents": -2, "micros": -6, "thousands": 3}  # powers of ten
_TRUE = {*TRUE_WORDS, "t", "y", "on", "x", "✓", "checked", "ja", "oui", "sí", "si", "vrai", "wahr", "verdadero"}
_FALSE = {*FALSE_WORDS, "f", "n", "off", "unchecked", "nein", "non", "faux", "falsch", "falso"}
_NOISE = Decimal("1e-9")  # what binary floats add


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of one file are read.

    Parameters
    ----------
    style
        What separates decimals.
    order
        Whether the day or the month comes first.
    zone
        The zone of wall clocks.
    day_zone
        The zone in which a moment falls on a day.
    """

    style: Style = "point"
    order: Order | None = None
    zone: ZoneInfo = UTC
    day_zone: ZoneInfo = UTC


class Memo(dict[str, Any]):
    """Remembers what each cell of a column was converted to, as cells repeat."""

    def __init__(self, convert: Callable[[str], Any]) -> None:
        super().__init__()
        self.convert = convert

    def __missing__(self, text: str) -> Any:
        value = self.convert(text)
        if len(self) >= LIMIT:
            self.clear()
        self[text] = value
        return value


def make_memo(field: Field, spec: Column, reading: Reading) -> Memo:
    """Return the conversion of a column's cells.

    Parameters
    ----------
    field
        The canonical column.
    spec
        How the source maps it.
    reading
        How the file's cells are read.
    """
    kind = _KINDS[field.kind]
    known = _Values(spec.values)
    pattern = re.compile(spec.pattern) if spec.pattern else None

    quick = None if known.exact or known.patterns or pattern else _make_quick(field, spec, reading.style)

    def convert(text: str) -> Any:
        if quick is not None and (value := quick(text)) is not None:
            return value
        text = unwrap(text)
        if pattern:
            found = pattern.search(text)
            text = found[1] if found else ""
        if spec.values:
            hit, value = known.find(text)
            if hit:
                return value if value is None else kind(value, field, spec, reading)
            if text.strip() and spec.other != "keep":
                return None if spec.other == "missing" else BAD
        return kind(text, field, spec, reading)

    return Memo(convert)


def _make_quick(field: Field, spec: Column, style: Style) -> Callable[[str], Any] | None:
    """Return a short way for numbers in their usual form; None from it leaves a cell to the long way."""
    lowest = [rule.facts["minimum"] for rule in field.rules if rule.name == "at_least"]
    if field.kind not in {"decimal", "integer"} or spec.unit not in {"one", "micros"} or any(low > 0 for low in lowest):
        return None
    group, point = (",", ".") if style == "point" else (".", ",")
    grouped = rf"\d{{1,9}}|[1-9]\d{{0,2}}(?:{re.escape(group)}\d{{3}}){{1,2}}"
    if spec.unit == "micros":
        if field.kind != "decimal" or field.scale < 6:
            return None
        fits = re.compile(r"\d{1,15}", re.ASCII).fullmatch
        return lambda text: Decimal(text).scaleb(-6) if fits(text) else None
    if field.kind == "integer":
        fits = re.compile(grouped, re.ASCII).fullmatch
        return lambda text: int(text.replace(group, "")) if fits(text) else None
    fits = re.compile(rf"(?:{grouped})(?:{re.escape(point)}\d{{1,{min(field.scale, 6)}}})?", re.ASCII).fullmatch
    return lambda text: Decimal(text.replace(group, "").replace(point, ".")) if fits(text) else None


def read_plain_texts(cells: Sequence[str], memo: Memo) -> list[Any]:
    """Return the cells of a column of ids or names; those that are more than their text are left to the memo."""
    return [
        text if (text := cell.strip()) and text[0] not in _SPECIAL and text not in _EMPTY else memo[cell]
        for cell in cells
    ]


def is_plain_text(field: Field, spec: Column) -> bool:
    """Tell whether a column's cells stand for themselves."""
    is_text = field.kind in {"id", "text"} and field.name != "currency"
    return is_text and not (spec.values or spec.pattern or spec.clean or spec.prefix)


class _Values:
    """A mapping of cells, some of them given as regular expressions between slashes."""

    def __init__(self, values: Mapping[str, str | None]) -> None:
        self.exact = {key.casefold(): value for key, value in values.items() if not key.startswith("/")}
        self.patterns = [
            (re.compile(key.strip("/"), re.IGNORECASE), value) for key, value in values.items() if key.startswith("/")
        ]

    def find(self, text: str) -> tuple[bool, str | None]:
        folded = text.removeprefix(TYPED).strip().casefold()
        if folded in self.exact:
            return True, self.exact[folded]
        for pattern, value in self.patterns:
            if pattern.search(folded):
                return True, value
        return False, None


def _read_text(text: str, field: Field, spec: Column, reading: Reading) -> Any:
    text = text.removeprefix(TYPED).strip()
    if spec.clean == "lower":
        text = text.casefold()
    if spec.clean == "digits":
        text = re.sub(r"\D", "", text)
    if spec.clean == "salesforce":
        text = lengthen_id(text)
    if field.name == "currency":
        text = text.upper()
    return None if text in _EMPTY else spec.prefix + text


def lengthen_id(text: str) -> str:
    """Return an id of Salesforce in its long form; reports have 15 characters of it, other exports 18.

    The last three say which of the others are capitals, in groups of five.

    Examples
    --------
    >>> lengthen_id("0013000000L7bSt")
    '0013000000L7bStAAJ'
    """
    if len(text) != 15 or not (text.isascii() and text.isalnum()):
        return text
    groups = [text[place : place + 5] for place in (0, 5, 10)]
    places = [sum(letter.isupper() << bit for bit, letter in enumerate(group)) for group in groups]
    return text + "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[place] for place in places)


def _read_boolean(text: str, field: Field, spec: Column, reading: Reading) -> Any:
    word = text.removeprefix(TYPED).strip().casefold()
    if is_missing(word):
        return None
    return True if word in _TRUE else False if word in _FALSE else BAD


def read_amount(text: str, spec: Column, style: Style, *, whole: bool) -> Any:
    """Return a cell as a decimal in units of one; None where it is missing."""
    text = text.strip()
    if text.endswith("%") and spec.unit == "percent":
        text = text[:-1]
    if is_missing(text.removeprefix(TYPED)):
        return None
    value = read_styles(text, whole=whole).get(style)
    return BAD if value is None else value.scaleb(_FACTORS[spec.unit]) if spec.unit != "one" else value


def _read_decimal(text: str, field: Field, spec: Column, reading: Reading) -> Any:
    value = read_amount(text, spec, reading.style, whole=False)
    if value is None or value is BAD:
        return value
    if abs(value) >= Decimal(10) ** WHOLE_DIGITS or _is_below(value, field):
        return BAD
    kept = value.quantize(Decimal(1).scaleb(-field.scale), rounding=ROUND_HALF_UP)
    return BAD if field.is_money and abs(kept - value) > _NOISE else kept


def _read_integer(text: str, field: Field, spec: Column, reading: Reading) -> Any:
    value = read_amount(text, spec, reading.style, whole=spec.unit == "one")
    if value is None or value is BAD:
        return value
    return int(value) if value == value.to_integral_value() and not _is_below(value, field) else BAD


def _read_number(text: str, field: Field, spec: Column, reading: Reading) -> Any:
    value = read_amount(text, spec, reading.style, whole=False)
    return value if value is None or value is BAD else float(value)


def _is_below(value: Decimal, field: Field) -> bool:
    return any(rule.name == "at_least" and value < rule.facts["minimum"] for rule in field.rules)


def _read_date(text: str, field: Field, spec: Column, reading: Reading) -> Any:
    if is_missing(text.removeprefix(TYPED)):
        return None
    moment = read_moment(text, reading.order)
    if moment is None:
        return BAD
    day = to_day(moment, reading.day_zone)
    return day.replace(day=1) if field.kind == "month" else day


def _read_timestamp(text: str, field: Field, spec: Column, reading: Reading) -> Any:
    if is_missing(text.removeprefix(TYPED)):
        return None
    moment = read_moment(text, reading.order)
    return BAD if moment is None else to_utc(moment, reading.zone)


def _read_list(text: str, field: Field, spec: Column, reading: Reading) -> Any:
    items = [item.removeprefix(TYPED).strip() for item in re.split(f"[{re.escape(spec.split)};]", text)]
    return [item for item in items if item] or None


_KINDS: dict[str, Callable[[str, Field, Column, Reading], Any]] = {
    "id": _read_text,
    "text": _read_text,
    "boolean": _read_boolean,
    "decimal": _read_decimal,
    "integer": _read_integer,
    "number": _read_number,
    "date": _read_date,
    "month": _read_date,
    "timestamp": _read_timestamp,
    "list": _read_list,
}
