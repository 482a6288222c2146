"""One value and the type that a notebook declares for it: the typed value, or why it is refused."""

from __future__ import annotations

import math
import re
from datetime import date, datetime

from mopsnb.errors import suggest
from mopsnb.run.declaration import Parameter, Value
from mopsnb.run.given import Given
from mopsnb.run.wording import has_password
from mopsnb.secrets import is_reference

_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ZERO_FIRST = re.compile(r"[+-]?0[0-9]+")
_LARGEST = 10**18  # a whole number has at most 18 digits
_QUOTE = "Put it in quotes: {}."


class RefusalError(ValueError):
    """A value that cannot be used.

    Parameters
    ----------
    fix
        How to put it right; empty: the message needs no more.
    expected
        What is expected; empty: what the parameter declares.
    """

    def __init__(self, fix: str = "", expected: str = "") -> None:
        super().__init__(fix)
        self.fix, self.expected = fix, expected


def convert(parameter: Parameter, given: Given) -> Value:
    """Return the value that was given, in the parameter's type.

    Raises
    ------
    RefusalError
        It is not a value of the type, range or choices.
    """
    if given.oddity:
        raise RefusalError("Write a single value.")
    if has_password(given.text):
        fix = "Name a secret, such as secret://warehouse, and keep the value where docs/secrets.md says."
        raise RefusalError(fix, "a text without a password in the open")
    value = _convert_typed(parameter, given) if given.is_typed else _convert_text(parameter, given.text)
    _check_limits(parameter, value)
    if isinstance(value, str) and value.casefold().startswith("secret:") and not is_reference(value):
        raise RefusalError(expected="secret:// and a name of letters, digits, '_', '-' and '.'")
    return value


def read_date(text: str) -> str:
    """Return the text of a date such as 2026-01-31.

    Raises
    ------
    ValueError
        It is another text, or there is no such day.
    """
    return date.fromisoformat(_match(_DATE, text)).isoformat()


def _convert_text(parameter: Parameter, text: str) -> Value:
    if not text and parameter.optional:
        return None
    if parameter.kind == "bool":
        if text.casefold() not in _WORDS:
            raise RefusalError
        return _WORDS[text.casefold()]
    if parameter.kind == "int":
        return int(_match(_INTEGER, text))
    if parameter.kind == "float":
        return float(_match(_FLOAT, text))
    return _read_day(parameter, text) if parameter.kind == "date" else _check_letters(text)


def _convert_typed(parameter: Parameter, given: Given) -> Value:
    value = given.value
    if value is None and parameter.optional:
        return None
    if parameter.kind == "str":
        return _take_text(given)
    if parameter.kind == "date":
        return _take_day(parameter, given)
    if parameter.kind == "bool":
        if not isinstance(value, bool):
            raise RefusalError("Write true or false, without quotes." if isinstance(value, str) else "")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        is_number = isinstance(value, str) and (_INTEGER if parameter.kind == "int" else _FLOAT).fullmatch(value)
        raise RefusalError("Remove the quotes." if is_number else "")
    if _ZERO_FIRST.fullmatch(given.text):
        raise RefusalError("Remove the zeros in front.")
    if parameter.kind == "int":
        if not isinstance(value, int) or abs(value) >= _LARGEST:
            raise RefusalError
        return value
    try:
        return float(value)
    except OverflowError:
        raise RefusalError from None


def _take_text(given: Given) -> str:
    if isinstance(given.value, str):
        return _check_letters(given.value)
    is_number = isinstance(given.value, int | float) and not isinstance(given.value, bool)
    if is_number and str(given.value) == given.text:
        return given.text  # nothing is lost: the text is the number and the number is the text
    raise RefusalError(_QUOTE.format(f'"{given.text}"') if given.text else 'Write "" for an empty text.')


def _take_day(parameter: Parameter, given: Given) -> str:
    if isinstance(given.value, date) and not isinstance(given.value, datetime):
        return given.value.isoformat()
    if not isinstance(given.value, str):
        raise RefusalError
    return _read_day(parameter, given.value)


def _read_day(parameter: Parameter, text: str) -> str:
    if not text and parameter.default == "":
        return ""
    try:
        return read_date(text)
    except ValueError:
        raise RefusalError from None


def _check_letters(text: str) -> str:
    # Control characters, and bytes that are not UTF-8.
    if any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF or ord(letter) == 127 for letter in text):
        raise RefusalError
    return text


def _check_limits(parameter: Parameter, value: Value) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        is_low = parameter.low is not None and value < parameter.low
        is_high = parameter.high is not None and value > parameter.high
        if not math.isfinite(value) or is_low or is_high:
            raise RefusalError
    if parameter.choices and value is not None and value not in parameter.choices:
        choices = [item for item in parameter.choices if isinstance(item, str)]
        raise RefusalError(suggest(value, choices) if isinstance(value, str) else "")


def _match(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise RefusalError
    return text
