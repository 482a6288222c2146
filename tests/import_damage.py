"""What is done to exports: cut, torn, renamed and mistyped."""

from __future__ import annotations

import csv
from dataclasses import replace

from import_sheets import ALL, DATED, REFUSED, WITH_TOTAL, Sheet, Written, keeps, refused, sheet_without

# --- damage -----------------------------------------------------------------------------------------------------------


@keeps("cut off within its total", ("ga4",))
@refused("cut off within the last row", "cut off", ("google", "meta", "google_connector", "meta_connector"))
def _(sheet: Sheet) -> str:
    return sheet.write().rstrip("\n").rsplit(",", 3)[0]


@refused("cut off within a quoted cell", "cut off", ("google", "meta", "google_connector"))
def _(sheet: Sheet) -> str:
    text = sheet.write(quote=csv.QUOTE_ALL)
    return text[: text.rindex('"', 0, len(text) - 20) + 2]


@refused("cut off within a character of UTF-16", "cut off", ALL)
def _(sheet: Sheet) -> bytes:
    return sheet.write().encode("utf-16")[:-3]


@refused("a row is missing", "sum of the rows", WITH_TOTAL)
def _(sheet: Sheet) -> str:
    gone = sheet.data()[0]
    return sheet.replace_rows([row for row in sheet.rows if row is not gone and row != gone]).write()


@refused("a figure is another", "sum of the rows", WITH_TOTAL)
def _(sheet: Sheet) -> str:
    rows = [list(row) for row in sheet.rows]
    row = next(row for row in rows if sheet.is_data(row))
    at = sheet.column(list(sheet.measures.values())[1])
    row[at] = str(int(row[at].replace(",", "")) + 1)
    return sheet.replace_rows(rows).write()


@refused("two rows of one name with other figures", "differ otherwise", ("google_connector", "meta_connector"))
def _(sheet: Sheet) -> str:
    twin = list(sheet.rows[0])
    twin[sheet.column(sheet.measures["impressions"])] = "777"
    return sheet.replace_rows([*sheet.rows, twin]).write()


@refused("no column for money", "spend")
def _(sheet: Sheet) -> str:
    if "spend" not in sheet.measures:
        return sheet_without(sheet, "Sessions").write().replace("Sessions", "Visits")
    return sheet_without(sheet, sheet.measures["spend"]).write()


REFUSED["no column for money"] = (
    ("google", "meta", "google_connector", "meta_connector"),
    REFUSED["no column for money"][1],
    "spend",
)


@refused("the column for money renamed", "spend", ("google", "meta", "google_connector", "meta_connector"))
def _(sheet: Sheet) -> str:
    name = sheet.measures["spend"]
    return replace(sheet, header=["Moolah" if cell == name else cell for cell in sheet.header]).write()


@keeps("the column for money renamed, told by --map", ("google", "meta", "google_connector", "meta_connector"))
def _(sheet: Sheet) -> Written:
    name = sheet.measures["spend"]
    header = ["Moolah" if cell == name else cell for cell in sheet.header]
    options: dict[str, object] = {"maps": {"spend": "Moolah"}, "defaults": {"currency": "EUR"}}
    if name == "cost_micros":  # a unit that nobody can guess stays with the source
        options["source"] = "google_ads_campaign_connector"
    if sheet.name == "google":
        options["defaults"] = {}
    return Written(replace(sheet, header=header).write().encode(), options=options)


@refused("the column for impressions renamed", "impressions", ("google", "meta", "google_connector", "meta_connector"))
def _(sheet: Sheet) -> str:
    name = sheet.measures["impressions"]
    return replace(sheet, header=["Eyeballs" if cell == name else cell for cell in sheet.header]).write()


@refused("the column for clicks renamed", "clicks", ("google", "meta", "google_connector", "meta_connector"))
def _(sheet: Sheet) -> str:
    name = sheet.measures["clicks"]
    return replace(sheet, header=["Taps" if cell == name else cell for cell in sheet.header]).write()


@refused("the column for conversions renamed", "conversions", ("google", "meta", "google_connector"))
def _(sheet: Sheet) -> str:
    name = sheet.measures["conversions"]
    return replace(sheet, header=["Wins" if cell == name else cell for cell in sheet.header]).write()


@refused("the column for days renamed", "date", ("google_connector", "meta_connector"))
def _(sheet: Sheet) -> str:
    return replace(sheet, header=["when" if cell == sheet.day else cell for cell in sheet.header]).write()


@refused("a word in the place of a figure", "cannot be used", ("meta_connector", "google_connector"))
def _(sheet: Sheet) -> str:
    rows = [list(row) for row in sheet.rows]
    rows[1][sheet.column(sheet.measures["impressions"])] = "many"
    return sheet.replace_rows(rows).write()


@refused("cells moved by an unquoted comma", "cannot be used|cut off", ("google", "google_connector"))
def _(sheet: Sheet) -> str:
    rows = [",".join(row) for row in (sheet.header, *sheet.rows)]
    rows[1] = rows[1].replace(",", ",1,", 1)
    return "\n".join(rows) + "\n"


@refused("an impossible day", "cannot be used", DATED)
def _(sheet: Sheet) -> str:
    rows = [list(row) for row in sheet.rows]
    row = next(row for row in rows if sheet.is_data(row))
    row[sheet.column(sheet.day)] = "2026-02-31"
    return sheet.replace_rows(rows).write()


refused("empty", "empty file")(lambda sheet: b"")
refused("nothing but spaces", "empty file")(lambda sheet: b"  \n \n")
refused("binary", "binary data")(lambda sheet: bytes(range(256)) * 20)
refused("a picture named .xlsx", "workbook")(lambda sheet: Written(b"\x89PNG\r\n", ".xlsx"))
refused("text named .parquet", "Parquet")(lambda sheet: Written(sheet.write().encode(), ".parquet"))
refused("packed", "Unpack")(lambda sheet: Written(b"PK\x03\x04", ".zip"))
refused("UTF-8 and another encoding in one file", "one encoding", ("google",))(
    lambda sheet: sheet.write().encode("utf-8") + "é,".encode("cp1252")
)
refused("header alone", "rows")(lambda sheet: sheet.replace_rows([]).write())
