"""The kinds of cells: what each looks like as text, and what to say when a cell does not fit.

A kind is written down once, here, as a regular expression that means the same to Python's
``re`` (`mopsnb.data.contract.cells`) and to DuckDB's RE2 (`mopsnb.data.casts`).
"""

from __future__ import annotations

from dataclasses import dataclass

_DATE = r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}"
# With an exponent there is one digit before the point, as every program writes it.
_NUMBER = r" *[+-]?([0-9]+\.?[0-9]*|\.[0-9]+|[0-9](\.[0-9]*)?[eE][+-]?[0-9]{1,2}) *"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?"
ZONE = r" ?(Z|UTC|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
TRUE_WORDS, FALSE_WORDS = ("true", "1", "yes"), ("false", "0", "no")
WHOLE_DIGITS = 12  # digits before the point that a decimal holds: DECIMAL(18, 6)


@dataclass(frozen=True, slots=True)
class Kind:
    """What cells of a column hold.

    Parameters
    ----------
    name
        The kind's name in the contract.
    sql_type
        The DuckDB type of the typed column.
    grammar
        A regular expression that the whole text of a cell matches; empty: any text.
    expected
        What should stand in a cell, for a message.
    fix
        How a person puts a bad cell right: one imperative sentence.
    """

    name: str
    sql_type: str
    grammar: str
    expected: str
    fix: str


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("id", "VARCHAR", "", "an id as text", "Export the id as text, so that no digit is lost."),
        Kind("text", "VARCHAR", "", "text", "Write text."),
        Kind(
            "timestamp",
            "TIMESTAMP WITH TIME ZONE",
            f"{_DATE}([T ]{_CLOCK}({ZONE})?)?",
            "an ISO time with its zone, such as 2026-09-30T14:05:00Z",
            "Export times in ISO form with Z or an offset.",
        ),
        Kind(
            "date",
            "DATE",
            rf"{_DATE}([T ]00:00(:00(\.0+)?)?({ZONE})?)?",
            "an ISO date, such as 2026-09-30",
            "Write dates as year-month-day.",
        ),
        Kind(
            "month",
            "DATE",
            rf"[1-9][0-9]{{3}}-(0[1-9]|1[0-2])(-[0-9]{{2}}([T ]00:00(:00(\.0+)?)?({ZONE})?)?)?",
            "a month, such as 2026-09",
            "Write months as year-month.",
        ),
        Kind(
            "decimal",
            "DECIMAL(18,{scale})",
            _NUMBER,
            "a number with a decimal point, such as 1234.50",
            "Use a decimal point, and no currency sign or thousands separator.",
        ),
        Kind(
            "number",
            "DOUBLE",
            _NUMBER,
            "a number with a decimal point, such as 0.0042",
            "Use a decimal point, and no percent sign or thousands separator.",
        ),
        Kind(
            "integer",
            "BIGINT",
            r" *[+-]?([0-9]+(\.[0-9]*)?|[0-9](\.[0-9]*)?[eE]\+?[0-9]{1,2}) *",
            "a whole number, such as 1200",
            "Use digits only, and no thousands separator.",
        ),
        Kind("boolean", "BOOLEAN", "", "true or false (also 1, 0, yes, no)", "Write true or false."),
        Kind("list", "VARCHAR[]", "", "texts separated by ;", "Separate the texts with ;."),
    )
}
