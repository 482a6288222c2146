"""The reference part of ``docs/strategy-file.md``, written from the models.

``python -m mopsnb.strategy.reference docs/strategy-file.md`` brings the page up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel

from mopsnb.strategy.kinds import describe_type, find_part
from mopsnb.strategy.models import Part, Strategy
from mopsnb.strategy.spans import write_span

START = "<!-- The part below is written from the models: python -m mopsnb.strategy.reference docs/strategy-file.md -->"


def update_page(page: str, whole: type[Part] = Strategy, start: str = START) -> str:
    """Return the page with its reference part as the models have it.

    Parameters
    ----------
    page
        Markdown. What follows the marker is replaced; without the marker, the part is added.
    whole
        The model of the whole file.
    start
        The marker.
    """
    prose = page.partition(start)[0].rstrip()
    return f"{prose}\n\n{start}\n\n{write_reference(whole)}"


def write_reference(whole: type[Part] = Strategy) -> str:
    """Return one Markdown section a block of keys, with a table of its keys."""
    return "\n".join(_write_section(name, part) for name, part in list_parts(whole))


def list_parts(part: type[Part] = Strategy, name: str = "") -> Iterator[tuple[str, type[Part]]]:
    """Yield every block of keys with its place in the file, for example ``budget.areas[]``."""
    yield name, part
    for key, field in part.model_fields.items():
        inner = find_part(field.rebuild_annotation())
        if inner:
            many = "[]" if describe_type(field.rebuild_annotation()).startswith("a list") else ""
            yield from list_parts(inner, f"{name}.{key}{many}".lstrip("."))


def _write_section(name: str, part: type[Part]) -> str:
    lines = [
        f"### `{name}`" if name else "### The whole file",
        "",
        str(part.__doc__).partition("\n")[0],
        "",
        "| Key | Meaning | Value | Default |",
        "|---|---|---|---|",
    ]
    for key, field in part.model_fields.items():
        value = describe_type(field.rebuild_annotation())
        lines.append(f"| `{key}` | {field.description} | {_capitalize(value)}. | {_describe_default(part, key)} |")
    return "\n".join([*lines, ""])


def _describe_default(part: type[Part], key: str) -> str:
    field = part.model_fields[key]
    if field.is_required():
        return "**required**"
    if key == "name" and "id" in part.model_fields:
        return "the id"
    if isinstance(field.default, BaseModel):
        return "its keys' defaults"
    return f"`{_show(field.default)}`" if field.default not in (None, "", [], {}) else "none"


def _show(default: object) -> str:
    """Return a default as the file has it."""
    if isinstance(default, list):
        return f"[{', '.join(default)}]"
    if isinstance(default, timedelta):
        return write_span(default)
    return str(default).lower() if isinstance(default, bool) else str(default)


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(update_page(target.read_text(encoding="utf-8")), encoding="utf-8")
