"""``mopsnb lab``: JupyterLab on copies of the notebooks, in the order in which a team works."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from mopsnb.assets import folder
from mopsnb.disk import writing
from mopsnb.errors import UsageError, WorkspaceError
from mopsnb.steps import GROUPS, STEPS, Step

SAMPLE_COPY = Path("lab")
NOTEBOOKS = "notebooks"  # in the workspace
START = "0-start.ipynb"
RECORD = ".mopsnb-lab.json"  # what was written, so that an analyst's own changes are known
_DEFAULT = 'workspace: str = ""'
_OWN = 'workspace: str = ".."'


@dataclass(frozen=True, slots=True)
class Laid:
    """What was laid out.

    Parameters
    ----------
    workspace
        The workspace that the notebooks open.
    written
        Notebooks that are new or were brought up to date.
    kept
        Notebooks that an analyst changed; they stay as they are.
    outdated
        Those of ``kept`` of which mopsnb has a newer version.
    """

    workspace: Path
    written: tuple[str, ...]
    kept: tuple[str, ...]
    outdated: tuple[str, ...]


def lab(
    context: typer.Context,
    workspace: Annotated[
        str,
        typer.Argument(
            metavar="WORKSPACE", help="Folder with strategy.yml and data/. Without it: a copy of the sample."
        ),
    ] = "",
    *,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Lay out the notebooks, say where they are, and do not open JupyterLab.")
    ] = False,
) -> None:
    """Open JupyterLab on copies of the notebooks. Further options are JupyterLab's own, such as --port 8890."""
    options = [*([workspace] if workspace.startswith("-") else []), *context.args]  # behind -- all look alike
    laid = lay_out("" if workspace.startswith("-") else workspace)
    typer.echo(describe(laid))
    if not prepare:
        open_lab(laid.workspace, options)


def lay_out(workspace: str = "", sample_copy: Path = SAMPLE_COPY) -> Laid:
    """Put the notebooks into a workspace, numbered in the order of work, with a page to start from.

    Without a workspace the sample company is copied first; what mopsnb brings along is never opened itself. A notebook
    that was changed since it was laid out stays as it is, and so does a copy of the sample that is there already.

    Parameters
    ----------
    workspace
        The workspace's folder; empty: a copy of the sample.
    sample_copy
        Where that copy goes.

    Raises
    ------
    WorkspaceError
        The folder is no workspace.
    OutputError
        A file cannot be written.
    """
    root = Path(workspace).expanduser() if workspace else sample_copy
    if workspace and root.resolve() == folder("data/samples").resolve():
        raise WorkspaceError(f"{root} is the sample that mopsnb brings along. 'mopsnb lab' alone opens a copy of it.")
    if not workspace:
        _copy_sample(root)
    if not (root / "strategy.yml").is_file():
        raise WorkspaceError(f"'{root}' has no strategy.yml. Create a workspace with: mopsnb init DIR")
    place = root / NOTEBOOKS
    with writing("the notebooks", place):
        place.mkdir(exist_ok=True)
        return _write_all(root, place)


def _copy_sample(root: Path) -> None:
    if (root / "strategy.yml").is_file():
        return
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise WorkspaceError(f"{root} is there already and is no workspace. Move it away, or name a workspace.")
    with writing("a copy of the sample", root):
        # In two steps, so that a copy that was cut short is not taken for a whole one.
        fresh = root.with_name(f".{root.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(folder("data/samples"), fresh)
        shutil.copy(folder("templates") / "lab" / "schedule.yml", fresh / "schedule.yml")
        if root.exists():
            root.rmdir()
        fresh.rename(root)


def _write_all(root: Path, place: Path) -> Laid:
    record_file = place / RECORD
    record: dict[str, str] = json.loads(record_file.read_text(encoding="utf-8")) if record_file.is_file() else {}
    written, kept, outdated = [], [], []
    for name, text in _list_texts():
        path, digest = place / name, _digest(text)
        if path.is_file():
            now = _digest(path.read_text(encoding="utf-8"))
            if now != record.get(name) and now != digest:
                kept.append(name)
                outdated += [name] if record.get(name, digest) != digest else []
                continue
        if not path.is_file() or now != digest:
            path.write_text(text, encoding="utf-8", newline="\n")
            written.append(name)
        record[name] = digest
    record_file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return Laid(root, tuple(written), tuple(kept), tuple(outdated))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def name_copy(number: int, step: Step) -> str:
    """Return the file name of a step's copy: JupyterLab lists files by name, so a number gives the order."""
    return f"{number}-{step.slug}.ipynb"


def _list_texts() -> list[tuple[str, str]]:
    texts = [(START, _write_start())]
    for number, step in enumerate(STEPS, start=1):
        raw = json.loads((folder("notebooks") / step.notebook).read_text(encoding="utf-8"))
        for cell in raw["cells"]:
            if "parameters" in cell["metadata"].get("tags", []):
                cell["source"] = [line.replace(_DEFAULT, _OWN) for line in cell["source"]]
        texts.append((name_copy(number, step), json.dumps(raw, indent=1, ensure_ascii=False) + "\n"))
    return texts


def _write_start() -> str:
    lines = ["# Start here", "", "Open a notebook, then choose *Run*, *Run All Cells*.", ""]
    lines += ["| | Notebook | Question | When |", "|---|---|---|---|"]
    for number, step in enumerate(STEPS, start=1):
        link = f"[{step.title}]({name_copy(number, step)})"
        lines.append(f"| {number} | {link} | {step.question} | {GROUPS[step.group]} |")
    lines += ["", "These are your own copies: change them as you like. The original notebooks stay as they are.", ""]
    lines += ["Strategy, schedule and data lie one folder up. To read a report instead: `mopsnb run`."]
    cell: dict[str, Any] = {"cell_type": "markdown", "id": "start", "metadata": {}}
    cell["source"] = "\n".join(lines).splitlines(keepends=True)
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = {"cells": [cell], "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}}}
    return json.dumps(notebook | {"nbformat": 4, "nbformat_minor": 5}, indent=1, ensure_ascii=False) + "\n"


def describe(laid: Laid) -> str:
    """Return where the notebooks are, and which were left as they are."""
    place = laid.workspace / NOTEBOOKS
    lines = [f"Your notebooks are in {place.as_posix()}/, the workspace is {laid.workspace.as_posix()}/."]
    if laid.kept:
        lines.append(f"You changed {', '.join(laid.kept)}: left as it is." if len(laid.kept) == 1 else
                     f"You changed {', '.join(laid.kept)}: left as they are.")  # fmt: skip
    if laid.outdated:
        names = ", ".join(laid.outdated)
        lines.append(f"mopsnb has a newer version of {names}. Rename or delete yours to get it.")
    return "\n".join(lines)


def list_command(workspace: Path, options: Sequence[str]) -> list[str]:
    """Return the command that opens JupyterLab on the start page; the options given come last, so they win."""
    own = [f"--ServerApp.root_dir={workspace.resolve()}", f"--LabApp.default_url=/lab/tree/{NOTEBOOKS}/{START}"]
    return [sys.executable, "-m", "jupyterlab", *own, *options]


def open_lab(workspace: Path, options: Sequence[str]) -> None:
    """Become JupyterLab; port, token and browser are its own affair.

    Raises
    ------
    UsageError
        JupyterLab is not installed.
    """
    if find_spec("jupyterlab") is None:
        raise UsageError("JupyterLab is not installed. Install it with: pip install 'mopsnb[lab]'")
    command = list_command(workspace, options)
    sys.stdout.flush()
    os.chdir(workspace)  # where a person would start it: extensions write beside the files that they see
    if os.name == "posix":
        os.execv(command[0], command)  # noqa: S606 - Ctrl-C and signals reach JupyterLab itself
    raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603
