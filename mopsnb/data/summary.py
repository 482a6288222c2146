"""A workspace's tables at a glance, for people who work in JupyterLab."""

from __future__ import annotations

import html
from collections.abc import Sequence

from mopsnb.data.contract import TABLES
from mopsnb.data.engine import Engine
from mopsnb.data.wording import count_of

_Line = tuple[str, str]


def summarize_tables(engine: Engine) -> list[_Line]:
    """Return each table with its rows and how far they reach."""
    lines = []
    for name in engine.tables:
        is_plan = TABLES[name].role in {"plan", "reference"}
        last = None if is_plan else engine.days(name).find_last(engine.as_of)
        rows = count_of(engine.scan(name).rows, "row") if engine.is_readable(name) else "cannot be read"
        lines.append((name, rows + (f", through {last}" if last else "")))
    return lines


def write_text(title: str, lines: Sequence[_Line]) -> str:
    """Return the summary as text, one line a table."""
    width = max((len(name) for name, _ in lines), default=0)
    return "\n".join([title, *(f"  {name:<{width}}  {text}" for name, text in lines)])


def write_html(title: str, lines: Sequence[_Line]) -> str:
    """Return the summary as an HTML table."""
    rows = "".join(f'<tr><th scope="row">{name}</th><td>{html.escape(text)}</td></tr>' for name, text in lines)
    return f"<table><caption>{html.escape(title)}</caption><tbody>{rows}</tbody></table>"
