"""``mopsnb run --if-changed`` where nothing changed, in the time that the command takes to start.

Typer turns words into typed values with pydantic, and importing that takes longer than finding out that nothing
changed. Where the words need no such help, the answer comes first. Everything else goes its normal way, faults
in the words included.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from mopsnb.cli.running import tell
from mopsnb.run.request import RunRequest
from mopsnb.run.unchanged import find_unchanged
from mopsnb.steps import select_steps

TEXTS = {"workspace", "steps", "group", "out", "as_of", "param", "params_file"}
FLAGS = {"keep_notebooks", "single_file", "if_changed", "as_json", "quiet", "verbose"}


def answer(app: typer.Typer, words: Sequence[str]) -> int | None:
    """Print the answer where nothing changed.

    Parameters
    ----------
    app
        The command line: its own parser reads the words.
    words
        The words after the program's name.

    Returns
    -------
    int or None
        The exit code; None where the command has to run.
    """
    given = _parse(app, words)
    if given is None:
        return None
    request = RunRequest(
        workspace=given.get("workspace", ""),
        steps=select_steps(given.get("steps", ""), given.get("group", "")),
        parameters=tuple(given.get("param", ())),
        parameter_file=Path(given["params_file"]) if "params_file" in given else None,
        as_of=given.get("as_of", ""),
        out=Path(given["out"]) if "out" in given else None,
        keep_notebooks="keep_notebooks" in given,
        single_file="single_file" in given,
        if_changed=True,
    )
    outcome = find_unchanged(request)
    return tell(outcome, request, "", as_json="as_json" in given, quiet="quiet" in given) if outcome else None


def _parse(app: typer.Typer, words: Sequence[str]) -> dict[str, Any] | None:
    if not words or words[0] != "run":
        return None
    group: Any = typer.main.get_command(app)
    command = group.commands["run"]
    try:
        given, rest, _ = command.make_parser(typer.Context(command, info_name="run")).parse_args(args=list(words[1:]))
    except Exception:  # the command itself says what is wrong
        return None
    is_plain = not rest and set(given) <= TEXTS | FLAGS
    return dict(given) if is_plain and given.get("if_changed") else None
