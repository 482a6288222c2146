"""Sheets of workbooks: which one has the rows, and cells that a formula left without a value."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.typed import show_cell

_HEAD = 200  # rows in which the header is looked for
_PACKED = (".xlsx", ".xlsm")
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True)
class Sheet:
    """The sheet of a workbook that has the rows.

    Parameters
    ----------
    name
        Its name.
    rows
        Its rows as text, with the numbers that the program shows.
    others
        Sheets with cells that are not read.
    """

    name: str
    rows: list[tuple[int, list[str]]]
    others: tuple[str, ...]


def open_book(path: Path, score: Callable[[list[list[str]]], int]) -> Sheet:
    """Read the sheet of a workbook that looks most like a known file.

    Parameters
    ----------
    path
        The workbook.
    score
        Tells how well some rows look like a known file.

    Raises
    ------
    DataError
        The file is no workbook, has no cells, or several sheets that could be meant.
    """
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = {
            name: [
                [show_cell(cell) for cell in row]
                for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
            for name in book.sheet_names
        }
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        fix = "Save it again as .xlsx. A web page or text file that is only named like a workbook must be saved anew."
        raise refuse(path.name, f"a workbook that does not open ({error})", "an Excel file", fix) from error
    filled = {name: rows for name, rows in sheets.items() if any(any(row) for row in rows)}
    if not filled:
        raise refuse(path.name, "a workbook without cells", "a header and rows", "Export it again.")
    scores = {name: score(rows[:_HEAD]) for name, rows in filled.items()}
    best = max(filled, key=lambda name: scores[name])
    rivals = [name for name in filled if scores[name] == scores[best] and scores[best] > 0]
    if len(rivals) > 1:
        found = f"{len(rivals)} sheets that could be meant: {', '.join(rivals)}"
        raise refuse(path.name, found, "one sheet with the rows", "Save the right sheet as a file of its own.")
    rows = filled[best]
    if path.suffix.casefold() in _PACKED:
        for row, column, text in _find_valueless(path, best):
            if row < len(rows) and column < len(rows[row]) and not rows[row][column]:
                rows[row][column] = text
    return Sheet(best, list(enumerate(rows, start=1)), tuple(name for name in filled if name != best))


def _find_valueless(path: Path, sheet: str) -> list[tuple[int, int, str]]:
    """Return the places of formulas that failed or were never worked out, which a reader would take for empty cells."""
    found = []
    with zipfile.ZipFile(path) as archive, archive.open(_find_sheet(archive, sheet)) as file:
        for _, node in ElementTree.iterparse(file):  # noqa: S314 - expat bounds what entities grow to
            if _tag(node) == "c":
                parts = {_tag(child): child.text or "" for child in node}
                place = _REFERENCE.fullmatch(node.get("r", ""))
                if place and node.get("t") == "e":
                    found.append((*_count(place), parts.get("v", "#ERROR")))
                elif place and "f" in parts and not parts.get("v") and node.get("t") != "str":
                    found.append((*_count(place), f"={parts['f']}, not worked out"))
            if _tag(node) == "row":
                node.clear()
    return found


def _find_sheet(archive: zipfile.ZipFile, name: str) -> str:
    """Return where a sheet stands in the archive of its workbook."""
    listed = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for node in listed.iter():
        if _tag(node) == "sheet" and node.get("name") == name:
            link = next(value for key, value in node.attrib.items() if key.endswith("}id"))
            target = targets[link]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(name)


def _tag(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]


def _count(place: re.Match[str]) -> tuple[int, int]:
    """Return row and column from 0 of a reference such as ``C7``."""
    column = 0
    for letter in place[1]:
        column = column * 26 + ord(letter) - 64
    return int(place[2]) - 1, column - 1
