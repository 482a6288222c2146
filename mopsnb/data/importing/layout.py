"""What a text file is before its rows are read: encoding, delimiter, and the lines before the header."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mopsnb.errors import DataError, Fault

HEAD = 200  # records among which the header is looked for
DELIMITERS = (",", "\t", ";", "|")
_BLOCK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class TextLayout:
    """How a text file is written.

    Parameters
    ----------
    encoding
        The name of a Python codec.
    delimiter
        What separates cells.
    is_ended
        The last line ends with a line break.
    """

    encoding: str
    delimiter: str
    is_ended: bool


def refuse(file: str, found: str, expected: str, fix: str, place: str = "") -> DataError:
    """Return the refusal of a whole file."""
    return DataError(f"{file} was not imported.", [Fault(file, place, "", found, expected, fix)])


def find_encoding(path: Path) -> str:
    """Return the encoding of a text file. Every byte is checked.

    Raises
    ------
    DataError
        The file is empty, broken off within a character, or in no encoding that is safe to assume.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise refuse(path.name, "an empty file", "a header and rows", "Export it again.")
    for mark, name in _BOMS:
        if head.startswith(mark):
            _decode(path, name)
            return name
    if b"\0" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        name = "utf-16-be" if even > odd else "utf-16-le"
        if max(even, odd) < len(head) / 4:
            raise refuse(path.name, "binary data", "a text file", "Export it as CSV, Excel or Parquet.")
        _decode(path, name)
        return name
    try:
        _decode(path, "utf-8")
    except DataError:
        _check_single_bytes(path)
        return "cp1252"
    return "utf-8"


def _decode(path: Path, encoding: str) -> None:
    """Read the whole file in an encoding, and refuse where that fails."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        found = f"bytes that are not {encoding.upper()} ({error.reason})"
        fix = "The file may be cut off. Export it again, as CSV in UTF-8."
        raise refuse(path.name, found, "text in one encoding", fix) from error


def _check_single_bytes(path: Path) -> None:
    """Refuse a file that is UTF-8 in one place and not in another: names in it would be garbled."""
    multi, _ = 0, 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            try:
                text = block.decode("cp1252")
            except UnicodeDecodeError as error:
                found = f"the byte {block[error.start]:#04x}, which neither UTF-8 nor Windows-1252 knows"
                raise refuse(path.name, found, "text in UTF-8", "Export it again, as CSV in UTF-8.") from error
            multi += sum(text.count(mark) for mark in ("Ã¤", "Ã¶", "Ã¼", "Ã©", "Ã¨", "â€", "Ã±", "ÃŸ"))
    if multi:
        found = "UTF-8 in one place and another encoding elsewhere"
        raise refuse(path.name, found, "text in one encoding", "Export it again, as CSV in UTF-8.")


def read_head(path: Path, encoding: str, delimiter: str) -> list[list[str]]:
    """Return the first records of a file by one delimiter, as far as they can be read."""
    found: list[list[str]] = []
    with path.open(encoding=encoding, newline="") as file:
        text = "".join(line for line, _ in zip(file, range(HEAD)))
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            found.append([cell.strip() for cell in row])
    except csv.Error:
        pass
    return found


def inspect_text(path: Path, score: Callable[[list[list[str]]], int]) -> TextLayout:
    """Return how a text file is written.

    Parameters
    ----------
    path
        The file.
    score
        Tells how well the first records look like a known file; the delimiter with the best score is taken.
    """
    encoding = find_encoding(path)
    heads = {delimiter: read_head(path, encoding, delimiter) for delimiter in DELIMITERS}
    ranks = {
        delimiter: (score(rows), max((len(row) for row in rows), default=0), -DELIMITERS.index(delimiter))
        for delimiter, rows in heads.items()
    }
    delimiter = max(ranks, key=lambda item: ranks[item])
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 8))
        ended = file.read().rstrip(b"\0").endswith((b"\n", b"\r"))
    return TextLayout(encoding, delimiter, ended)
