"""Exports as grids that can be rewritten, and the lists of what is done to them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

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


def reorder(sheet: Sheet, order: list[int]) -> Sheet:
    def pick(row: list[str]) -> list[str]:
        return [row[at] for at in order]

    return replace(sheet, header=pick(sheet.header), rows=[pick(row) for row in sheet.rows])


def sheet_without(sheet: Sheet, name: str) -> Sheet:
    gone = sheet.column(name)
    return reorder(sheet, [at for at in range(len(sheet.header)) if at != gone])


def speak_german(cell: str) -> str:
    return cell.translate(str.maketrans(",.", ".,"))


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
