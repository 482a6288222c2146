"""Tables of at most twelve rows: formatted, with a caption and headers that a screen reader announces."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from great_tables import GT

from mopsnb.view import theme
from mopsnb.view.columns import Column, describe_columns, write_cells
from mopsnb.view.formats import MISSING
from mopsnb.view.html import Html, show_status
from mopsnb.view.sparks import draw_spark
from mopsnb.view.text import no_data

MOST_ROWS = 12
_OPEN, _SHUT = "\ue000", "\ue001"  # around the number of a cell: characters that no text has a meaning for
_PLACE = re.compile(f"{_OPEN}(\\d+){_SHUT}")
_ROWS = re.compile(r"(?<=<tbody class=\"gt_table_body\">\n).*(?=</tbody>)", re.DOTALL)
_NUMBER = re.compile(r'-stub-1(?=[" ])')  # of the row, in the ids of its cells
MOST_FOLDED = 250  # rows of a folded table; beyond, a reader needs the file


def table(
    frame: pd.DataFrame,
    *,
    caption: str,
    columns: Mapping[str, Column] | None = None,
    limit: int | None = None,
    empty: str = "",
    whole: pd.DataFrame | None = None,
) -> Html:
    """Return a table of at most twelve rows. Its first column names the rows.

    Where there are more, all of them stand below, folded, up to 250; the caption says how many there are.

    Parameters
    ----------
    frame
        The rows in the order in which they shall stand: what matters first.
    caption
        What the table shows. It also makes the table's id, so it should be unique on a page.
    columns
        Which columns are shown, in this order, and how; None: all, guessed from their types.
    limit
        Show only so many of the first rows (at most twelve).
    empty
        What to say where there is no row and that is no lack of data.
    whole
        All rows in the order in which one looks something up; None: as in the frame.

    Returns
    -------
    Html
        A note that there is no data, where there is no row.

    Raises
    ------
    ValueError
        There are more than twelve rows and no limit, the limit is not between 1 and 12, or a column does not exist.

    Examples
    --------
    >>> frame = pd.DataFrame({"channel": ["search", "social"], "share": [0.62, None]})
    >>> columns = {"channel": Column("Channel"), "share": Column("Share of spend", "percent")}
    >>> print(table(frame, caption="Spend by channel", columns=columns))
    Spend by channel
    Channel  Share of spend
    search            62.0%
    social                –
    """
    if limit is not None and not 1 <= limit <= MOST_ROWS:
        raise ValueError(f"limit is {limit}, expected 1 to {MOST_ROWS}")
    if limit is None and len(frame) > MOST_ROWS:
        raise ValueError(
            f"{len(frame)} rows are too many to read, at most {MOST_ROWS}: "
            "sort by what matters and pass a limit, or save the frame with the result"
        )
    if not len(frame):
        if empty:
            return Html(f'<div class="mops-note"><p>{html.escape(empty)}</p></div>', empty)
        return no_data(caption)
    named = caption if limit is None or len(frame) <= limit else f"{caption} (first {limit} of {len(frame):,})"
    shown = frame if limit is None else frame.head(limit)
    described = describe_columns(frame, columns)
    formats = theme.current().formats
    cells = {name: write_cells(shown, name, column, formats) for name, column in described.items()}
    body = _draw(shown, cells, described, named)
    if len(shown) < len(frame):
        body += _fold(frame if whole is None else whole, described, caption)
    return Html(body, _type(cells, described, named))


def _fold(frame: pd.DataFrame, columns: Mapping[str, Column], caption: str) -> str:
    """Return all rows of a long table behind a line that opens them; up to a limit that a page can bear."""
    count = f"{len(frame):,}"
    if len(frame) > MOST_FOLDED:
        return f'<p class="mops-rest">All {count} rows are in the files of this page\'s results.</p>'
    cells = {name: write_cells(frame, name, column, theme.current().formats) for name, column in columns.items()}
    body = _draw(frame, cells, columns, f"{caption} (all {count})")
    return f'<details class="mops-rest"><summary>Show all {count} rows</summary>{body}</details>'


def _draw(frame: pd.DataFrame, cells: Mapping[str, list[str]], columns: Mapping[str, Column], caption: str) -> str:
    # Great Tables draws one row of places under plain names, labels may hold anything: all rows are drawn alike.
    written = [_mark(cells[name], frame[name], columns[name]) for name in cells]
    plain = {f"c{place}": [f"{_OPEN}{place}{_SHUT}"] for place in range(len(written))}
    first, *others = plain
    grid = GT(pd.DataFrame(plain, dtype="object"), rowname_col=first, id=make_id(caption))
    labels = {f"c{place}": column.label for place, column in enumerate(columns.values())}
    grid = grid.cols_label({name: labels[name] for name in others}).tab_stubhead(label=labels[first])
    for place, column in enumerate(columns.values()):
        if place:
            grid = grid.cols_align(column.align, columns=[f"c{place}"])
    raw = grid.as_raw_html()
    body = raw[raw.index("<table") : raw.index("</table>") + len("</table>")]
    # Its style sheet knows light pages alone, and a heading row is no caption.
    body = re.sub(r' (?:data-quarto-[a-z-]+|style)="[^"]*"', "", body)
    body = _ROWS.sub(lambda found: _repeat(found[0], written), body, count=1)
    titled = re.sub(r"(<table[^>]*>)", rf"\1<caption>{_literal(html.escape(caption))}</caption>", body, count=1)
    region = f'role="region" tabindex="0" aria-label="{html.escape(caption)}"'
    return f'<div class="mops-table" {region}>{titled}</div>'


def _repeat(row: str, written: Sequence[Sequence[str]]) -> str:
    """Return a table's one row of places once for each row of cells, as Great Tables numbers them."""
    parts = _PLACE.split(row)  # text, place, text, place … text
    columns = [written[int(place)] for place in parts[1::2]]
    rows = []
    for number, cells in enumerate(zip(*columns, strict=True), start=1):
        texts = (_NUMBER.sub(f"-stub-{number}", text) for text in parts[::2])
        rows.append("".join(text + cell for text, cell in zip(texts, (*cells, ""), strict=True)))
    return "".join(rows)


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\")


def _mark(texts: Sequence[str], values: pd.Series, column: Column) -> list[str]:
    marked = []
    for text, value in zip(texts, values, strict=True):
        if text == MISSING:
            marked.append(f'<span class="mops-missing" title="missing">{MISSING}</span>')
        else:
            marked.append(_draw_cell(text, value, column.kind))
    return marked


def _draw_cell(text: str, value: Any, kind: str) -> str:
    if kind == "status":
        return show_status(str(value))
    if kind == "spark":
        return draw_spark(value, f"{len(value)} months: {text}")
    return _keep(html.escape(text), kind)


def _keep(text: str, kind: str) -> str:
    # A figure or a date broken over two lines is hard to read.
    return text if kind in ("text", "name") else f'<span class="mops-whole">{text}</span>'


def make_id(caption: str) -> str:
    """Return an id made of a caption: the same caption has the same id in every run.

    Examples
    --------
    >>> make_id("Spend by channel")
    'table-spend-by-channel-7393'
    """
    slug = re.sub(r"[^a-z0-9]+", "-", caption.casefold()).strip("-")[:40].rstrip("-")
    return f"table-{slug or 'x'}-{hashlib.sha256(caption.encode()).hexdigest()[:4]}"


def _type(cells: Mapping[str, list[str]], columns: Mapping[str, Column], caption: str) -> str:
    # For a terminal: columns padded to their widest cell.
    lines = [[column.label for column in columns.values()], *map(list, zip(*cells.values(), strict=True))]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    aligns = [str.ljust if column.align == "left" else str.rjust for column in columns.values()]
    typed = [
        "  ".join(align(text, width) for align, text, width in zip(aligns, line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([caption, *typed])
