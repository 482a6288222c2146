"""Damaged and rewritten exports: exact totals or a refusal that names the cause, never a wrong number."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest
from import_samples import add_up, bring_in

from mopsnb.errors import MopsnbError

Grid = list[list[str]]
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Sheet:
    """A file as a grid, with what may be changed in it."""

    name: str
    before: Grid
    header: list[str]
    rows: Grid
    after: Grid
    table: str
    measures: dict[str, str]
    day: str
    options: dict[str, object]

    def column(self, name: str) -> int:
        return self.header.index(name)

    def change(self, name: str, edit: Callable[[str], str]) -> Sheet:
        """Return the sheet with each cell of a column edited, totals included."""
        at = self.column(name)
        return self.replace_rows(
            [[edit(cell) if place == at else cell for place, cell in enumerate(row)] for row in self.rows]
        )

    def replace_rows(self, rows: Grid) -> Sheet:
        return replace(self, rows=rows)

    def data(self) -> Grid:
        """The rows that are no totals."""
        return [row for row in self.rows if self.is_data(row)]

    def is_data(self, row: list[str]) -> bool:
        return bool(row[0].strip()) and not row[0].startswith("Total")

    def expect(self) -> dict[str, Decimal]:
        """Return the sum of each measure, worked out with decimals alone."""
        found = {}
        for canonical, name in self.measures.items():
            at, unit = self.column(name), Decimal("0.000001") if name == "cost_micros" else Decimal(1)
            cells = [row[at].replace(",", "") for row in self.data()]
            found[canonical] = sum((Decimal(cell) for cell in cells if cell not in {"", "--"}), Decimal(0)) * unit
        return found

    def write(self, delimiter: str = ",", *, quote: int = csv.QUOTE_MINIMAL, end: str = "\n") -> str:
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quote)
        writer.writerows([*self.before, self.header, *self.rows, *self.after])
        return out.getvalue()


def open_sheet(shared: Path, name: str) -> Sheet:
    usd = {"defaults": {"currency": "USD"}}
    ads = {"impressions": "impressions", "clicks": "clicks"}
    results = {
        "spend": "Amount spent (EUR)",
        "clicks": "Link clicks",
        "impressions": "Impressions",
        "conversions": "Results",
    }
    report = {"spend": "Cost", "clicks": "Clicks", "impressions": "Impr.", "conversions": "Conversions"}
    visits = {"sessions": "Sessions", "engaged_sessions": "Engaged sessions", "key_events": "Key events"}
    google, meta = "fivetran/dbt_google_ads/", "fivetran/dbt_facebook_ads/facebook_ads_"
    micros = {"spend": "cost_micros", **ads, "conversions": "conversions"}
    links = {"spend": "spend", "clicks": "inline_link_clicks", "impressions": "impressions"}
    kinds = {
        "google": ("ui_exports/google_ads_campaign_utf16.csv", "utf-16", "\t", 2, "ad_daily", report, "Day", {}),
        "meta": ("ui_exports/meta_ads.csv", "utf-8-sig", ",", 0, "ad_daily", results, "Day", {}),
        "ga4": (
            *("ui_exports/ga4_traffic_acquisition.csv", "utf-8", ",", 9, "web_daily"),
            *(visits | {"revenue": "Total revenue"}, "", {}),
        ),
        "google_connector": (f"{google}campaign_stats_data.csv", "utf-8", ",", 0, "ad_daily", micros, "date", usd),
        "meta_connector": (f"{meta}basic_ad_data.csv", "utf-8", ",", 0, "ad_daily", links, "date", usd),
    }
    place, encoding, delimiter, skip, table, measures, day, options = kinds[name]
    path = shared / place
    grid = list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=delimiter))
    return Sheet(
        name, grid[:skip], grid[skip], [row for row in grid[skip + 1 :] if row], [], table, measures, day, options
    )


ALL = ("google", "meta", "ga4", "google_connector", "meta_connector")
WITH_TOTAL = ("google", "meta", "ga4")
DATED = ("google", "meta", "google_connector", "meta_connector")


@dataclass(frozen=True)
class Written:
    """What a mutation wrote."""

    content: bytes
    suffix: str = ".csv"
    options: dict[str, object] | None = None


Mutate = Callable[[Sheet], "str | bytes | Written"]
KEEPS: dict[str, tuple[tuple[str, ...], Mutate]] = {}
REFUSED: dict[str, tuple[tuple[str, ...], Mutate, str]] = {}


def keeps(name: str, files: tuple[str, ...] = ALL) -> Callable[[Mutate], Mutate]:
    """Register a mutation after which the totals are exact."""

    def register(mutate: Mutate) -> Mutate:
        KEEPS[name] = (files, mutate)
        return mutate

    return register


def refused(name: str, cause: str, files: tuple[str, ...] = ALL) -> Callable[[Mutate], Mutate]:
    """Register a mutation that is refused with words that name the cause."""

    def register(mutate: Mutate) -> Mutate:
        REFUSED[name] = (files, mutate, cause)
        return mutate

    return register


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


def reorder(sheet: Sheet, order: list[int]) -> Sheet:
    def pick(row: list[str]) -> list[str]:
        return [row[at] for at in order]

    return replace(sheet, header=pick(sheet.header), rows=[pick(row) for row in sheet.rows])


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


def speak_german(cell: str) -> str:
    return cell.translate(str.maketrans(",.", ".,"))


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


def rewrite_day(cell: str, form: str) -> str:
    if not cell:
        return cell
    year, month, day = cell.split("-")
    return form.format(
        y=year,
        m=int(month),
        d=int(day),
        n=MONTHS[int(month) - 1],
    )


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


def sheet_without(sheet: Sheet, name: str) -> Sheet:
    gone = sheet.column(name)
    return reorder(sheet, [at for at in range(len(sheet.header)) if at != gone])


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


def list_cases() -> Iterator[tuple[str, str, str]]:
    for name, (files, *_) in KEEPS.items():
        yield from (("keeps", name, file) for file in files)
    for name, (files, *_) in REFUSED.items():
        yield from (("refused", name, file) for file in files)


CASES = list(list_cases())


def test_there_are_at_least_sixty_mutations() -> None:
    assert len(KEEPS) + len(REFUSED) >= 60
    assert len(CASES) >= 200


@pytest.mark.slow
@pytest.mark.parametrize(("outcome", "name", "file"), CASES, ids=[f"{file}-{name}" for _, name, file in CASES])
def test_a_mutation_yields_exact_totals_or_names_the_cause(
    outcome: str, name: str, file: str, shared_data: Path, tmp_path: Path
) -> None:
    sheet = open_sheet(shared_data, file)
    made = (KEEPS if outcome == "keeps" else REFUSED)[name][1](sheet)
    made = made if isinstance(made, Written) else Written(made.encode() if isinstance(made, str) else made)
    path = tmp_path / f"file{made.suffix}"
    path.write_bytes(made.content)
    options = {**sheet.options, **(made.options or {})}
    try:
        bring_in(tmp_path / "team", path, **options)
    except MopsnbError as error:
        assert outcome == "refused", error
        cause = REFUSED[name][2]
        assert any(word in str(error) for word in cause.split("|")), error
        assert path.name in str(error)
        assert not list((tmp_path / "team" / "data").glob("*.parquet"))
        return
    assert outcome == "keeps", add_up(tmp_path / "team", sheet.table, tuple(sheet.measures))
    assert add_up(tmp_path / "team", sheet.table, tuple(sheet.measures)) == sheet.expect()
