"""The reference of the command line, made from the commands themselves.

``python -m mopsnb.cli.reference docs/command-line.md`` writes it into the page; a test compares the two.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import typer

from mopsnb.cli.app import app
from mopsnb.made_pages import replace_part
from mopsnb.run.causes import EXIT_CODES

BEGIN = "<!-- Made by python -m mopsnb.cli.reference; edit the commands, not this part. -->"
END = "<!-- End of the part that is made. -->"


def make_reference() -> str:
    """Return every command, argument, option and exit code as Markdown."""
    group: Any = typer.main.get_command(app)
    parts = [_describe_options("mopsnb", group)]
    parts += [_describe_command(name, command) for name, command in group.commands.items()]
    codes = [f"| {code} | {text} |" for code, text in EXIT_CODES.items()]
    parts.append("\n".join(["### Exit codes", "", "| Code | When |", "|---|---|", *codes]))
    return "\n\n".join(parts)


def insert_reference(page: str) -> str:
    """Return a page with the part between its two marks made anew.

    Raises
    ------
    ValueError
        The page has no such marks.
    """
    return replace_part(page, BEGIN, END, make_reference())


def _describe_command(name: str, command: Any) -> str:
    arguments = [item for item in command.params if item.param_type_name == "argument"]
    usage = " ".join([f"mopsnb {name}", "[OPTIONS]", *(_show_argument(item) for item in arguments)])
    lines = [f"### `mopsnb {name}`", "", command.help or "", "", "```", usage, "```", ""]
    lines += ["| Argument or option | Meaning |", "|---|---|"]
    lines += [f"| `{_show_argument(item)}` | {_escape(item.help)} |" for item in arguments]
    lines += _list_options(command)
    return "\n".join(lines)


def _describe_options(name: str, group: Any) -> str:
    lines = [f"### `{name}`", "", group.help or "", "", "| Option | Meaning |", "|---|---|", *_list_options(group)]
    return "\n".join(lines)


def _list_options(command: Any) -> list[str]:
    options = [item for item in command.params if item.param_type_name == "option"]
    return [f"| `{_show_option(item)}` | {_escape(item.help)}{_show_default(item)} |" for item in options]


def _show_argument(item: Any) -> str:
    name = item.metavar or item.name.upper()
    return name if item.required else f"[{name}]"


def _show_option(item: Any) -> str:
    names = ", ".join(item.opts)
    if item.is_flag:
        return names
    return f"{names} {_escape(item.metavar)}"


def _show_default(item: Any) -> str:
    return f" Default: {item.default}." if isinstance(item.default, int) and not item.is_flag else ""


def _escape(text: str | None) -> str:
    return (text or "").replace("|", "\\|")


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(insert_reference(path.read_text(encoding="utf-8")), encoding="utf-8")
