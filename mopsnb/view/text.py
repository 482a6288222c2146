"""What a cell says in words: computed prose, headline cards, findings, a note that data is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date
from html import escape as escape_html
from typing import Any

import pandas as pd

from mopsnb.findings import Finding, sort_findings
from mopsnb.view import theme
from mopsnb.view.formats import Formats, is_known
from mopsnb.view.html import Html, Prose, name_status, show_status
from mopsnb.view.series import list_records, read_row


def say(text: str) -> Prose:
    """Return computed prose as Markdown.

    Parameters
    ----------
    text
        Markdown. Names that come from data go through `escape` first; HTML is shown as text in any case.

    Examples
    --------
    >>> print(say("Spend was **$1,204**, up from $980."))
    Spend was $1,204, up from $980.
    """
    return Prose(text)


def no_data(title: str, needs: Sequence[str] = (), fix: str = "") -> Html:
    """Return a note that stands where a chart or table has nothing to show.

    Parameters
    ----------
    title
        What cannot be shown.
    needs
        The tables that would supply it.
    fix
        A sentence that says how, where it is not by adding a table.
    """
    fixes = fix
    if needs and not fix:
        fixes = f"It needs {' or '.join(f'data/{name}.csv' for name in needs)} (or .parquet) in the workspace."
    lines = [f"{title}: no data.", *([fixes] if fixes else [])]
    body = f"<p><strong>{escape_html(lines[0])}</strong>{''.join(f' {escape_html(line)}' for line in lines[1:])}</p>"
    return Html(f'<div class="mops-note mops-no-data">{body}</div>', " ".join(lines))


def headlines(rows: pd.DataFrame | Iterable[Any]) -> Html:
    """Return figures as cards: name, value, change in words, target, status, base and formula.

    Parameters
    ----------
    rows
        A frame with the columns of a headline (title, value, unit, and where known period, n, formula, target,
        status, change, low, high), or headlines themselves. Optional further columns: base (what n counts).

    Returns
    -------
    Html
        A note where there is no row.
    """
    formats = theme.current().formats
    cards = [_read_card(read_row(row), formats) for row in _list_rows(rows)]
    if not cards:
        return no_data("Headline figures")
    items = "".join(f'<li class="mops-card">{"".join(_show_part(*part) for part in card)}</li>' for card in cards)
    plain = "\n\n".join("\n".join(text for _, text, _ in card) for card in cards)
    return Html(f'<ul class="mops-cards">{items}</ul>', plain)


Part = tuple[str, str, str]  # class, text, HTML; the HTML is safe


def _show_part(name: str, _text: str, html: str) -> str:
    return f'<p class="mops-card-{name}">{html}</p>'


def _read_card(row: Mapping[str, Any], formats: Formats) -> list[Part]:
    unit = str(row.get("unit") or "")
    value = row.get("value")
    shown = formats.value(value, unit)
    big = escape_html(shown) if is_known(value) else f'<span class="mops-missing" title="missing">{shown}</span>'
    parts = [_plain("title", str(row.get("title") or row.get("name") or "")), ("value", shown, big)]
    period = str(row.get("period") or "")
    about = formats.period(period)
    if is_known(row.get("change")):
        move = formats.change(row["change"], name_previous(period, formats))
        text = f"{about}, {move}" if about else move
        glyph = "▲" if "up " in move else "▼" if "down " in move else "■"
        inner = f'<span class="mops-change"><span aria-hidden="true">{glyph}</span> {escape_html(move)}</span>'
        parts.append(("change", text, f"{escape_html(about)}, {inner}" if about else inner))
    elif about:
        parts.append(_plain("change", about))
    signal = describe_signal(row, formats)
    parts += [_plain("usual", signal)] if signal else []
    parts += _read_target(row, unit, formats)
    details = [f"Base: {_show_base(row, formats)} {row.get('base', '')}".rstrip()] if "n" in row else []
    details += [str(row["formula"])] if "formula" in row else []
    details += _read_interval(row, unit, formats)
    return [*parts, *([_plain("formula", "; ".join([part.rstrip(".") for part in details]))] if details else [])]


def _show_base(row: Mapping[str, Any], formats: Formats) -> str:
    return formats.value(row["n"], str(row["base_unit"])) if row.get("base_unit") else formats.count(row["n"])


def _read_interval(row: Mapping[str, Any], unit: str, formats: Formats) -> list[str]:
    interval = str(row.get("interval", ""))
    if interval.startswith("none: "):
        return [f"no interval: {interval.removeprefix('none: ')}"]
    if not interval or "low" not in row or "high" not in row:
        return []
    if interval.startswith("usual range") and row.get("signal"):
        return [interval]  # its limits stand on the card already
    return [f"{interval}: {formats.span(row['low'], row['high'], unit)}"]


def _read_target(row: Mapping[str, Any], unit: str, formats: Formats) -> list[Part]:
    target = f"Target {formats.value(row['target'], unit)}" if is_known(row.get("target")) else ""
    if target and row.get("target_span"):
        target += f" ({row['target_span']})"
    status = str(row.get("status") or "")
    if not target and not status:
        return []
    text = ", ".join(part for part in (target, name_status(status)) if part)
    html = " ".join(part for part in (escape_html(target), show_status(status) if status else "") if part)
    return [("target", text, html)]


def _plain(name: str, text: str) -> Part:
    return name, text, escape_html(text)


def describe_signal(row: Mapping[str, Any], formats: Formats) -> str:
    """Return whether a figure lies inside its usual range, in words; empty where that is not known.

    Parameters
    ----------
    row
        signal (``above``, ``below`` or ``inside``), usual_low and usual_high, unit.
    formats
        How figures are written.
    """
    signal = str(row.get("signal") or "")
    if signal not in ("above", "below", "inside"):
        return ""
    unit = str(row.get("unit") or "")
    # A limit of 40.7 clicks promises a precision that limits do not have.
    low, high = (round(row[name]) if unit == "count" else row[name] for name in ("usual_low", "usual_high"))
    where = "inside" if signal == "inside" else f"outside: {signal}"
    return f"{where} its usual range, {formats.span(low, high, unit)}"


def name_previous(period: str, formats: Formats) -> str:
    """Return the month before a period of one month (``2026-09``) by name, else ``the period before``.

    The year is named where it is another one.
    """
    if len(period) != 7:
        return "the period before"
    month = date.fromisoformat(f"{period}-01")
    if month.month == 1:
        return formats.month(month.replace(year=month.year - 1, month=12))
    return formats.month_name(month.replace(month=month.month - 1))


def findings(items: Iterable[Finding]) -> Html:
    """Return findings as a list, the most severe first: severity in a word, title, evidence, fix, owner.

    Returns
    -------
    Html
        A sentence that nothing needs attention, where there is none.
    """
    ordered = sort_findings(items)
    if not ordered:
        return Html('<div class="mops-note"><p>Nothing needs attention.</p></div>', "Nothing needs attention.")
    body = "".join(
        f'<li class="mops-finding">{show_status(item.severity)}<div>{_tell(item)}</div></li>' for item in ordered
    )
    plain = "\n".join(
        f"{name_status(item.severity)}: {' '.join(text for _, text in _list_facts(item))}".rstrip() for item in ordered
    )
    return Html(f'<ul class="mops-findings">{body}</ul>', plain)


def _list_facts(item: Finding) -> list[tuple[str, str]]:
    owner = f"Owner: {item.owner}." if item.owner else ""
    facts = [("title", item.title), ("evidence", item.evidence), ("fix", item.fix), ("meta", owner)]
    return [(name, text) for name, text in facts if text]


def _tell(item: Finding) -> str:
    return "".join(f'<p class="mops-finding-{name}">{escape_html(text)}</p>' for name, text in _list_facts(item))


def _list_rows(rows: pd.DataFrame | Iterable[Any]) -> list[Mapping[str, Any]]:
    if isinstance(rows, pd.DataFrame):
        return list(list_records(rows))
    return [_read_item(row) for row in rows]


def _read_item(row: Any) -> Mapping[str, Any]:
    return asdict(row) if is_dataclass(row) and not isinstance(row, type) else dict(row)
