"""What is done to exports: rewritten, so that totals stay exact, or changed so that they are refused."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from decimal import Decimal

from import_sheets import DATED, WITH_TOTAL, Sheet, Written, keeps, refused, reorder, rewrite_day, speak_german

# --- writing ----------------------------------------------------------------------------------------------------------

for _encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le", "utf-16-be"):
    keeps(f"encoded as {_encoding}")(lambda sheet, encoding=_encoding: sheet.write().encode(encoding))
for _delimiter, _name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
    keeps(f"separated by {_name}")(lambda sheet, delimiter=_delimiter: sheet.write(delimiter))
keeps("line ends of Windows")(lambda sheet: sheet.write(end="\r\n"))
keeps("line ends of old Macs")(lambda sheet: sheet.write(end="\r"))
keeps("every cell in quotes")(lambda sheet: sheet.write(quote=csv.QUOTE_ALL))
keeps("named .txt")(lambda sheet: Written(sheet.write("\t").encode(), ".txt"))


@keeps("a byte-order mark and a big end")
def _(sheet: Sheet) -> bytes:
    return b"\xfe\xff" + sheet.write("\t").encode("utf-16-be")


# --- the grid ---------------------------------------------------------------------------------------------------------


@keeps("columns in reverse order")
def _(sheet: Sheet) -> str:
    return reorder(sheet, list(range(len(sheet.header)))[::-1]).write()


@keeps("columns shuffled")
def _(sheet: Sheet) -> str:
    order = list(range(len(sheet.header)))
    random.Random(5).shuffle(order)
    return reorder(sheet, order).write()


@keeps("headers in capitals")
def _(sheet: Sheet) -> str:
    return replace(sheet, header=[name.upper().replace("(EUR)", "(EUR)") for name in sheet.header]).write()


@keeps("headers with spaces around and inside")
def _(sheet: Sheet) -> str:
    return replace(sheet, header=[f"  {name.replace(' ', '  ')} " for name in sheet.header]).write()


@keeps("cells with spaces around")
def _(sheet: Sheet) -> str:
    return sheet.replace_rows([[f" {cell} " if cell else cell for cell in row] for row in sheet.rows]).write()


@keeps("rows in reverse order")
def _(sheet: Sheet) -> str:
    return sheet.replace_rows(sheet.rows[::-1]).write()


@keeps("blank lines between rows")
def _(sheet: Sheet) -> str:
    return sheet.write(end="\n\n")


@keeps("lines of empty cells")
def _(sheet: Sheet) -> str:
    empty = [""] * len(sheet.header)
    return sheet.replace_rows([line for row in sheet.rows for line in (row, empty)]).write()


@keeps("a title above")
def _(sheet: Sheet) -> str:
    return replace(sheet, before=[["My report"], [], *sheet.before]).write()


@keeps("a note below")
def _(sheet: Sheet) -> str:
    return replace(sheet, after=[[], ["Confidential Information - Do Not Distribute"], ["Copyright 2026"]]).write()


@keeps("an unknown remark below a blank line")
def _(sheet: Sheet) -> str:
    return replace(sheet, after=[[], ["Numbers are final."]]).write()


@keeps("a further column")
def _(sheet: Sheet) -> str:
    return replace(sheet, header=[*sheet.header, "Remark"], rows=[[*row, "ok"] for row in sheet.rows]).write()


@keeps("an empty column at the end")
def _(sheet: Sheet) -> str:
    return replace(sheet, header=[*sheet.header, ""], rows=[[*row, ""] for row in sheet.rows]).write()


@keeps("every row twice", ("google_connector", "meta_connector"))
def _(sheet: Sheet) -> str:
    return sheet.replace_rows(
        [line for row in sheet.rows for line in ((row, row) if sheet.is_data(row) else (row,))]
    ).write()


@refused("every row twice beside a total", "sum of the rows", WITH_TOTAL)
def _(sheet: Sheet) -> str:
    return sheet.replace_rows(
        [line for row in sheet.rows for line in ((row, row) if sheet.is_data(row) else (row,))]
    ).write()


@keeps("the header again in the middle")
def _(sheet: Sheet) -> str:
    return sheet.replace_rows([sheet.rows[0], sheet.header, *sheet.rows[1:]]).write()


@keeps("a total added below", ("google_connector", "meta_connector"))
def _(sheet: Sheet) -> str:
    total = [""] * len(sheet.header)
    total[0] = "Total"
    for name in sheet.measures.values():
        at = sheet.column(name)
        total[at] = f"{sum((Decimal(row[at]) for row in sheet.rows), Decimal(0))}"
    return sheet.replace_rows([*sheet.rows, total]).write()


@keeps("without its totals", WITH_TOTAL)
def _(sheet: Sheet) -> str:
    return sheet.replace_rows(sheet.data()).write()


# --- numbers and dates ------------------------------------------------------------------------------------------------


@keeps("decimal commas", ("google", "meta", "ga4", "meta_connector"))
def _(sheet: Sheet) -> str:
    written = {*sheet.measures.values(), "CTR", "Avg. CPC", "Search impr. share", "Engagement rate"}
    for name in written & {*sheet.header}:
        sheet = sheet.change(name, speak_german)
    return sheet.write(";")


@keeps("thousands set apart by spaces", ("google", "meta"))
def _(sheet: Sheet) -> str:
    for name in sheet.measures.values():
        sheet = sheet.change(name, lambda cell: cell.replace(",", "\u202f"))
    return sheet.write()


@keeps("thousands set apart by apostrophes", ("google",))
def _(sheet: Sheet) -> str:
    for name in sheet.measures.values():
        sheet = sheet.change(name, lambda cell: cell.replace(",", "'"))
    return sheet.write()


@keeps("signs of money", ("google",))
def _(sheet: Sheet) -> str:
    return sheet.change("Cost", lambda cell: f"${cell}").write()


@keeps("codes of money", ("google", "meta"))
def _(sheet: Sheet) -> str:
    code = "USD" if sheet.name == "google" else "EUR"
    return sheet.change(sheet.measures["spend"], lambda cell: f"{code} {cell}").write()


for _form in (
    "{d:02}.{m:02}.{y}",
    "{n} {d}, {y}",
    "{d}-{n}-{y}",
    "{y}/{m}/{d}",
    "{y}{m:02}{d:02}",
    "{y}-{m:02}-{d:02} 00:00:00",
):
    keeps(f"days as {_form}", DATED)(
        lambda sheet, form=_form: sheet.change(sheet.day, lambda cell: rewrite_day(cell, form)).write()
    )
keeps("days as month/day, told by --date-order", DATED)(
    lambda sheet: Written(
        sheet.change(sheet.day, lambda cell: rewrite_day(cell, "{m}/{d}/{y}")).write().encode(),
        options={"date_order": "mdy"},
    )
)
keeps("days as month/day, where one shows the order", ("google_connector",))(
    lambda sheet: sheet.change(sheet.day, lambda cell: rewrite_day(cell, "{m}/{d}/{y}")).write()
)
keeps("days as month/day, where the report's period shows the order", ("google",))(
    lambda sheet: sheet.change(sheet.day, lambda cell: rewrite_day(cell, "{m}/{d}/{y}")).write()
)
refused("days as month/day without a hint", "--date-order", ("meta",))(
    lambda sheet: sheet.change(sheet.day, lambda cell: rewrite_day(cell, "{m}/{d}/{y}")).write()
)


@refused("days in two orders", "dates written in one way", ("google_connector", "meta_connector"))
def _(sheet: Sheet) -> str:
    forms = iter(["{m}/{d}/{y}", "{d}/{m}/{y}"] * len(sheet.rows))
    late = [row for row in sheet.rows if int(row[sheet.column(sheet.day)][-2:]) > 12]
    early = [row for row in sheet.rows if row not in late]
    at = sheet.column(sheet.day)
    changed = [
        [rewrite_day(cell, next(forms)) if place == at else cell for place, cell in enumerate(row)] for row in late
    ]
    if len(late) < 2:
        changed.append(
            [rewrite_day(late[0][at], "{d}/{m}/{y}") if place == at else cell for place, cell in enumerate(late[0])]
        )
    return sheet.replace_rows(changed + early).write()


@refused("numbers in two ways", "numbers written in one way", ("google", "meta", "meta_connector"))
def _(sheet: Sheet) -> str:
    at = sheet.column(sheet.measures["spend"])
    rows = [list(row) for row in sheet.rows]
    rows[1][at] = speak_german(rows[1][at] if "." in rows[1][at] else "12.34")
    return sheet.replace_rows(rows).write(";")


@refused("a number that could be two", "--decimal", ("meta",))
def _(sheet: Sheet) -> str:
    sheet = sheet.replace_rows(sheet.data()).change("Amount spent (EUR)", lambda cell: "1.234")
    return sheet.change("Impressions", lambda cell: "900").write(";")
