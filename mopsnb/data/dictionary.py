"""The data dictionary: one page a table and an index, written from the contract.

``python -m mopsnb.data.dictionary docs/data-dictionary`` writes the pages.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from mopsnb.data.contract import TABLES, Field, Rule, Table

_NOTE = "<!-- Written by `python -m mopsnb.data.dictionary docs/data-dictionary`. Do not edit. -->"
_ROLES = {
    "event": "Things that happened. The latest row tells how far the data reaches.",
    "spend": "Money spent. The latest row tells how far the data reaches.",
    "record": "Records as they stood when they were exported.",
    "plan": "A plan: rows may lie in the future, and `as_of` does not cut them.",
    "reference": "Explains other tables.",
}
_KINDS = {
    "id": "id (text)",
    "text": "text",
    "timestamp": "time (UTC)",
    "date": "date",
    "month": "month (`2026-09`)",
    "decimal": "decimal",
    "number": "number",
    "integer": "whole number",
    "boolean": "true or false",
    "list": "list (`a;b`)",
}
INDEX = "index.md"


def write_pages() -> dict[str, str]:
    """Return the dictionary: file name to Markdown, the index first."""
    return {INDEX: _write_index(TABLES.values())} | {f"{name}.md": _write_page(table) for name, table in TABLES.items()}


def save_pages(folder: Path) -> None:
    """Write the dictionary to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in write_pages().items():
        (folder / name).write_text(text, encoding="utf-8")


def _write_index(tables: Iterable[Table]) -> str:
    rows = [
        f"| [{table.name}]({table.name}.md) | {table.description} | {', '.join(f'`{name}`' for name in table.key)} |"
        for table in sorted(tables, key=lambda table: table.name)
    ]
    return "\n".join(
        [
            _NOTE,
            "",
            "# Data dictionary",
            "",
            "What the files in a workspace's `data/` folder hold. Each table is one file, `<table>.csv` or",
            "`<table>.parquet`. No table is required: a notebook says which ones it misses.",
            "How files are read and checked stands in [Your data](../data.md).",
            "",
            "| Table | One row | Key |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _write_page(table: Table) -> str:
    rows = [f"| `{field.name}` | {_show_kind(field)} | {_show_rules(field)} |" for field in table.fields.values()]
    other = f"; where it is empty: {_join(table.other_key)}" if table.other_key else ""
    facts = [f"- **Key:** {_join(table.key)}{other}.", f"- **Role:** {_ROLES[table.role]}"]
    if table.time:
        facts.append(f"- **Dated by:** {_join(table.time, ', else ')}.")
    if table.every_days:
        facts.append(f"- **Freshness:** up to {table.every_days} days without a row are normal.")
    if table.money:
        facts.append(f"- **Money:** {_show_money(table)}.")
    facts += [f"- **Each row** needs {rule.expected}." for rule in table.rules]
    if table.grows:
        facts.append("- **Size:** may grow without end. Ask with `ws.sql(…)`.")
    return "\n".join(
        [
            _NOTE,
            "",
            f"# {table.name}",
            "",
            f"One row: {table.description}. The file is `data/{table.name}.csv` or `data/{table.name}.parquet`.",
            "",
            *facts,
            "",
            "The shortest header:",
            "",
            "```csv",
            ",".join(_list_least(table)),
            "```",
            "",
            "| Column | Holds | Meaning and rules |",
            "|---|---|---|",
            *rows,
            "",
            "Further columns are kept as they are."
            + (" They are attributes of the person." if table.name == "contact" else ""),
            "",
        ]
    )


def _list_least(table: Table) -> list[str]:
    either = {rule.facts["names"][0] for rule in table.rules if rule.name == "any_filled"}
    return [field.name for field in table.fields.values() if field.required or field.name in either]


def _show_money(table: Table) -> str:
    originals = _join(f"{name}_original" for name in table.money)
    verb = "keeps" if len(table.money) == 1 else "keep"
    return f"{_join(table.money)}, in the workspace's currency; {originals} {verb} what the file says"


def _show_kind(field: Field) -> str:
    kind = _KINDS[field.kind]
    if field.kind == "decimal" and (field.is_money or field.scale != 6):
        kind = f"money, {field.scale} decimals" if field.is_money else f"decimal, {field.scale} decimals"
    unit = "" if field.is_money or field.unit in {"", "rate", "row"} else f", {field.unit}"
    return kind + unit


def _show_rules(field: Field) -> str:
    parts = ["**Required.**"] if field.required else []
    parts.append(field.description)
    parts += [_show_rule(rule) for rule in field.rules if rule.name != "kind"]
    if field.known_at == field.name:
        parts.append("Empty where it lies after `as_of`.")
    elif field.known_at:
        blank = "False" if field.kind == "boolean" else "Empty"
        parts.append(f"{blank} where `{field.known_at}` lies after `as_of`.")
    return " ".join(parts)


def _show_rule(rule: Rule) -> str:
    if rule.name == "one_of":
        values = _join(rule.facts["values"])
        return f"Usually {values}; other values are kept." if rule.only_warn else f"One of {values}."
    return f"{rule.expected[0].upper()}{rule.expected[1:]}."


def _join(names: Iterable[str], separator: str = ", ") -> str:
    return separator.join(f"`{name}`" for name in names)


if __name__ == "__main__":
    save_pages(Path(sys.argv[1]))
