"""Kinds of value in the strategy file: how text becomes a value, and what helps where it does not.

The file's scalars arrive as text, exactly as people wrote them. Each :class:`Kind` turns text into
one type of value, and carries the words that both the error messages and the reference page use.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from mopsnb.secrets import is_reference
from mopsnb.secrets.secret import NAME_RULE, SCHEME
from mopsnb.strategy import hours, names

_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
_SERVERS = re.compile(r"(postgres(ql)?(\+psycopg)?|spark|sc|k8s)://\S+|(local(\[[0-9*, ]+\])?|yarn)(\?.*)?$")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@dataclass(frozen=True)
class Kind:
    """What a value is.

    Parameters
    ----------
    words
        What is expected, in plain words: ``a number``.
    read
        Turns text into the value. It raises ValueError, whose text is the proposed fix.
    """

    words: str
    read: Callable[[str], Any]

    def check(self, value: Any) -> Any:
        """Return text as a value of this kind, and anything else as it is."""
        if not isinstance(value, str):
            return value
        try:
            return self.read(value)
        except ValueError as error:
            context = {"expected": self.words, "fix": str(error)}
            raise PydanticCustomError("kind", "expected {expected}. {fix}", context) from error

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))


def read_number(text: str) -> float:
    """Return a YAML 1.2 number; anything else is a ValueError that says how to write it."""
    if _NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    percent = re.fullmatch(r"([-+]?[0-9]+(?:\.[0-9]+)?)\s*%", text)
    if percent:
        raise ValueError(f"Write {text} as a fraction: {float(percent[1]) / 100:.10g}.")
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]{1,2}", text):
        raise ValueError(f"Use a decimal point: {text.replace(',', '.')}.")
    bare = re.sub(r"[,_'’\s]|[^\x00-\x7f]|[$]|^[A-Z]{3}|[A-Z]{3}$", "", text)
    if bare != text and _NUMBER.fullmatch(bare):
        raise ValueError(f"Write it with digits alone: {bare}.")
    raise ValueError("Write digits, with a point for decimals, for example 1234.5.")


def read_whole(text: str) -> int:
    """Return a whole number; anything else is a ValueError that says how to write it."""
    if _WHOLE.fullmatch(text):
        return int(text)
    raise ValueError("Write it with digits alone, without decimals.")


def read_flag(text: str) -> bool:
    """Return true or false; ``yes`` and ``NO`` are text in YAML 1.2, so they are refused."""
    if text in _FLAGS:
        return _FLAGS[text]
    meant = {
        "yes": "true",
        "y": "true",
        "on": "true",
        "1": "true",
        "no": "false",
        "n": "false",
        "off": "false",
        "0": "false",
    }
    raise ValueError(f"Write {meant[text.casefold()]} instead of {text}." if text.casefold() in meant else "")


def read_date(text: str) -> date:
    """Return an ISO date; anything else is a ValueError that says how to write it."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        meant = re.fullmatch(r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})", text) or re.fullmatch(
            r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})", text
        )
        day = date(int(meant["y"]), int(meant["m"]), int(meant["d"])) if meant else None
    except ValueError as error:
        raise ValueError("The calendar has no such day.") from error
    raise ValueError(f"Write {day}." if day else "Write year-month-day.")


def read_month_day(text: str) -> str:
    """Return a day that every year has, as ``MM-DD``."""
    try:
        date.fromisoformat(f"2023-{text}")  # 2023 has no February 29
    except ValueError as error:
        raise ValueError('Write month-day, for example "04-01" for April 1.') from error
    return text


def read_list(text: str) -> Any:
    """Refuse text where a list is expected, with a ValueError that shows it as a list."""
    raise ValueError(f"Write [{text}], or one item a line after a dash.")


def read_data_address(text: str) -> str:
    """Return where a workspace's tables are; a ValueError says how to write it, and repeats nothing of an address."""
    if text.startswith(SCHEME):
        if not is_reference(text):
            raise ValueError(f"A secret's name consists of {NAME_RULE}.")
        return text
    if re.search(r"(?i)\btoken=", text):
        raise ValueError("It holds a token: put it where secrets are kept, and write its name here, secret://NAME.")
    if not re.match(_SERVERS, text):
        raise ValueError("Write the whole address, beginning with postgresql://, or the name of a secret.")
    return text


@dataclass(frozen=True)
class ScopeKind(Kind):
    """Text or a list of texts; one fault a value, where a union of types would report two."""

    def check(self, value: Any) -> Any:
        """Return the value where it is text or a list of texts that is not empty."""
        if isinstance(value, str) or (isinstance(value, list) and value and all(isinstance(v, str) for v in value)):
            return value
        context = {"fix": "Name at least one value, or leave the key out."}
        raise PydanticCustomError("kind", "expected text, or a list of texts. {fix}", context)


Text = Annotated[str, Kind("text", str)]
Id = Annotated[str, Field(min_length=1), Kind("an id: a short text that no other entry of the list has", str)]
Reference = Annotated[str, Field(min_length=1), Kind("the id of an entry of this file", str)]
Number = Annotated[float, Field(allow_inf_nan=False), Kind("a number", read_number)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False), Kind("a number of 0 or more", read_number)]
Fraction = Annotated[float, Field(ge=0, le=1), Kind("a fraction from 0 to 1, for example 0.4", read_number)]
Hours = Annotated[float, Field(ge=0, le=168), Kind("a number of hours from 0 to 168", read_number)]
Score = Annotated[int, Field(ge=1, le=5), Kind("a whole number from 1 to 5", read_whole)]
Year = Annotated[int, Field(ge=1900, le=2200), Kind("a year, for example 2026", read_whole)]
Days = Annotated[int, Field(ge=0, le=3650), Kind("a whole number of days from 0 to 3650", read_whole)]
Version = Annotated[Literal[1], Kind("1, the only version of this format so far", read_whole)]
Flag = Annotated[bool, Kind("true or false", read_flag)]
Day = Annotated[date, Kind("a date, for example 2026-12-31", read_date)]
MonthDay = Annotated[str, Kind('a month and a day, for example "01-01"', read_month_day)]
OpenTimes = Annotated[
    str,
    Kind('opening hours, for example 09:00-17:00, or "09:00-12:30, 13:30-17:00" with a break', hours.read_open_times),
]
ScopeValue = Annotated[str | list[str], ScopeKind("text, or a list of texts", str)]
DataAddress = Annotated[
    str,
    Kind(
        "the name of a secret that holds an address, such as secret://warehouse, or an address without a password, "
        "such as postgresql://reader@db.example.com/marketing",
        read_data_address,
    ),
]
TimeZone = Annotated[str, Kind("an IANA time zone, for example Europe/Berlin", names.read_time_zone)]
Currency = Annotated[str, Kind("an ISO 4217 currency code, for example EUR", names.read_currency)]
LocaleName = Annotated[str, Kind("a locale: language and country, for example en_US", names.read_locale)]
Country = Annotated[str, Kind("a country code, for example DE, or with its region, DE-BY", names.read_country)]
Texts = Annotated[list[Text], Kind("a list of texts", read_list)]
References = Annotated[list[Reference], Kind("a list of ids", read_list)]
DayList = Annotated[list[Day], Kind("a list of dates", read_list)]
PathShape = Literal["linear", "seasonal"]
Clock = Literal["business_hours", "business_days", "hours", "days"]
