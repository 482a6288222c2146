"""The currency of a file's money: from a column, a header, the cells, a person, or the strategy; never guessed."""

from __future__ import annotations

from mopsnb.data.importing.columns import Shape
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.survey import Survey

_DOLLARS = {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS", "TWD"}
_MEANT = {"$": _DOLLARS, "¥": {"JPY", "CNY"}, "kr": {"SEK", "NOK", "DKK"}, "kr.": {"DKK", "NOK", "SEK"}, "Fr.": {"CHF"}}


def settle_currency(shape: Shape, survey: Survey, usual: str) -> tuple[str, bool, list[str]]:
    """Return the currency of cells that name none, whether cells name theirs, and what a person should know.

    Parameters
    ----------
    shape
        The file as columns.
    survey
        Has the signs of money that stand in cells.
    usual
        The strategy's currency; empty: it names none.

    Raises
    ------
    DataError
        No currency is known where one is required, or two contradict each other.
    """
    table = shape.table
    fixed = shape.source.constants
    if "currency" not in table.fields or not any(name in shape.mapped or name in fixed for name in table.money):
        return "", False, []
    if "currency" in shape.mapped:
        return shape.defaults.get("currency", "").upper(), False, []
    if len(shape.match.currencies) > 1:
        found = f"{' and '.join(shape.match.currencies)} in the headers of one file"
        fix = "Export it in one currency, or leave the column in the other one out."
        raise refuse(shape.file, found, "amounts in one currency", fix)
    header, given = (
        "".join(shape.match.currencies),
        (shape.defaults.get("currency") or fixed.get("currency", "")).upper(),
    )
    codes = {sign for sign in survey.signs if len(sign) == 3 and sign.isupper()}
    if header and given and header != given:
        raise refuse(shape.file, f"{header} in the header", f"the currency {given}, as given", "Leave the default out.")
    if codes and not header and not given:
        _check_bare(shape, survey)
        return "", True, []
    code, notes = header or given, []
    if not code and usual:
        code = usual
        notes.append(f"the file names no currency; amounts are taken as {usual}, the strategy's")
    if not code and table.fields["currency"].required and not shape.source.completes:
        fix = "Add --default currency=CODE, such as EUR, or name the currency in the strategy file."
        raise refuse(shape.file, "money without a currency", "the currency of the amounts", fix)
    for sign, row in survey.signs.items():
        if code and sign != code and code not in _MEANT.get(sign, {sign}):
            fix = f"Correct the cells, or add --default currency={sign if sign in codes else 'CODE'}."
            raise refuse(shape.file, f"'{sign}' in an amount", f"amounts in {code}", fix, f"row {row:,}")
    return code, False, notes


def _check_bare(shape: Shape, survey: Survey) -> None:
    """Refuse signs that do not tell the currency beside codes that do."""
    unclear = {sign: row for sign, row in survey.signs.items() if not (len(sign) == 3 and sign.isupper())}
    if unclear:
        sign, row = next(iter(unclear.items()))
        fix = "Export the report with one currency, written as a code."
        raise refuse(shape.file, f"'{sign}' in an amount", "the currency as a code, as elsewhere", fix, f"row {row:,}")
