"""Workbooks: their row numbers, formulas without a value, percentages, long ids, and files that only look like one."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from import_samples import HEADER, add_up, bring_in, read

from mopsnb.errors import DataError

NAMES = HEADER.strip().split(",")
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
Cell = str | int | float | None


def write_book(path: Path, sheets: dict[str, list[list[Cell]]], start: int = 1) -> Path:
    """Write a workbook with the zipfile module alone; a text in braces is XML of a cell's inside."""

    def show(cell: Cell, place: str) -> str:
        if isinstance(cell, str) and cell.startswith("<"):
            kind = ' t="e"' if cell.startswith("<v>#") else ""
            return f'<c r="{place}"{kind}>{cell}</c>'
        if isinstance(cell, str):
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        return f'<c r="{place}"><v>{cell!r}</v></c>'

    types, listed, links = "", "", ""
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, rows) in enumerate(sheets.items(), start=1):
            lines = ""
            for at, row in enumerate(rows, start=start):
                cells = "".join(
                    show(cell, f"{chr(65 + place)}{at}") for place, cell in enumerate(row) if cell is not None
                )
                lines += f'<row r="{at}">{cells}</row>'
            space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
            archive.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f'<worksheet xmlns="{space}"><sheetData>{lines}</sheetData></worksheet>',
            )
            types += f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{KIND}.worksheet+xml"/>'
            listed += f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
            target = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            links += f'<Relationship Id="rId{number}" Type="{target}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        package = "http://schemas.openxmlformats.org/package/2006"
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.'
            f'openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
            f'ContentType="{KIND}.sheet.main+xml"/>{types}</Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{target}/officeDocument" '
            f'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{space}" xmlns:r="{target}"><sheets>{listed}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships">{links}</Relationships>'
        )
    return path


def one_sheet(folder: Path, *rows: list[Cell], start: int = 1) -> Path:
    return write_book(folder / "book.xlsx", {"Sheet": [list(NAMES), *rows]}, start)


def test_rows_have_the_numbers_that_the_spreadsheet_shows(tmp_path: Path) -> None:
    path = one_sheet(tmp_path, ["2026-09-01", "A", "EUR", "x", 1, 1.5, 0], start=4)
    with pytest.raises(DataError, match=r"book\.xlsx, row 5, Impr\.: found 'x'"):
        bring_in(tmp_path / "team", path)


def test_a_german_sheet_with_numbers_as_text_beside_numbers(tmp_path: Path) -> None:
    path = one_sheet(
        tmp_path,
        ["01.09.2026", "A", "EUR", 1234, 1, 1033.33, 0],
        ["02.09.2026", "A", "EUR", "1.234", 1, "1.033,33", "0,5"],
    )
    bring_in(tmp_path / "team", path)
    assert add_up(tmp_path / "team") == {
        "spend": Decimal("2066.66"), "clicks": 2, "impressions": 2468, "conversions": Decimal("0.5")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("inside", "shown"),
    [("<v>#DIV/0!</v>", "#DIV/0!"), ("<f>SUM(E2)</f>", "=SUM(E2), not worked out"), ("<f>E2</f><v></v>", "=E2")],
)
def test_a_formula_without_a_value_is_no_empty_cell(tmp_path: Path, inside: str, shown: str) -> None:
    path = one_sheet(tmp_path, ["2026-09-01", "A", "EUR", 10, 1, 1.5, inside])
    with pytest.raises(DataError) as caught:
        bring_in(tmp_path / "team", path)
    assert f"Conversions: found '{shown}" in str(caught.value)


def test_a_formula_with_its_value_is_read(tmp_path: Path) -> None:
    bring_in(tmp_path / "team", one_sheet(tmp_path, ["2026-09-01", "A", "EUR", 10, 1, "<f>1+1</f><v>2.5</v>", 0]))
    assert add_up(tmp_path / "team")["spend"] == Decimal("2.5")


def test_a_percentage_is_a_number_from_0_to_1_or_points(tmp_path: Path) -> None:
    names = ["Opportunity ID", "Opportunity Name", "Stage", "Amount", "Amount Currency", "Probability (%)"]
    for name, cells in (("shares", (0.6, 0.25)), ("points", (60, 25)), ("texts", ("60%", "25%"))):
        rows = [[f"00{at}", "X", "Open", 5, "EUR", cell] for at, cell in enumerate(cells)]
        bring_in(tmp_path / name, write_book(tmp_path / f"{name}.xlsx", {"Sheet": [names, *rows]}))
        assert [row[0] for row in read(tmp_path / name, "deal", "probability")] == [0.6, 0.25]


def test_ids_that_lost_their_last_digits_are_named_and_never_joined(tmp_path: Path) -> None:
    names = [*NAMES, "Campaign ID"]
    rows = [["2026-09-01", name, "EUR", 10, 1, 1.5, 0, 120210000000000123 + at] for at, name in enumerate("AB")]
    path = write_book(tmp_path / "book.xlsx", {"Sheet": [names, *rows]})
    with pytest.raises(DataError, match=r"the id 1.2021.*under several names, as a spreadsheet cut its digits"):
        bring_in(tmp_path / "team", path)
    report = bring_in(tmp_path / "team", write_book(tmp_path / "book.xlsx", {"Sheet": [names, rows[0]]}))
    assert any("lost digits in a spreadsheet" in note for note in report.files[0].notes)


def test_two_sheets_that_could_be_meant_are_refused_and_others_are_named(tmp_path: Path) -> None:
    rows = [list(NAMES), ["2026-09-01", "A", "EUR", 10, 1, 1.5, 0]]
    path = write_book(tmp_path / "two.xlsx", {"Sep": rows, "Oct": rows})
    with pytest.raises(DataError, match="2 sheets that could be meant: Sep, Oct"):
        bring_in(tmp_path / "team", path)
    path = write_book(tmp_path / "one.xlsx", {"Notes": [["made by", "Mira"]], "Sep": rows})
    assert "read the sheet Sep, not Notes" in bring_in(tmp_path / "team", path).files[0].notes


def test_a_web_page_that_is_named_like_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.xls"
    path.write_text("<html><table><tr><td>Day</td></tr></table></html>")
    with pytest.raises(DataError, match=r"a workbook that does not open.*only named like a workbook"):
        bring_in(tmp_path / "team", path)
