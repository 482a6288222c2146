"""What an executed notebook sheds before anyone reads it: clocks, process numbers, folders of one machine."""

from __future__ import annotations

import json
import os
import re
import site
import sys
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from papermill.translators import PythonTranslator

from mopsnb.errors import StepError
from mopsnb.run.declaration import RUNNER_SETS, Value

_CELL_FILE = re.compile(r"[^\s\"'(<>]*ipykernel_\d+[/\\]\d+\.py")
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")


def load_notebook(path: Path) -> NotebookNode:
    """Read a notebook in the current format, with ids that are the same each time.

    Raises
    ------
    StepError
        The file is not a notebook.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if (raw["nbformat"], raw["nbformat_minor"]) < (4, 5):
            raw["nbformat_minor"] = 5 if raw["nbformat"] == 4 else raw["nbformat_minor"]
            for index, cell in enumerate(raw.get("cells", [])):
                cell.setdefault("id", f"cell-{index}")
        notebook: NotebookNode = nbformat.reads(json.dumps(raw), as_version=4)  # type: ignore[no-untyped-call]
        return notebook
    except (OSError, ValueError, KeyError, TypeError, nbformat.ValidationError) as error:
        raise StepError(f"{path.name} cannot be read as a notebook: {error}.") from error


def clean_notebook(notebook: NotebookNode, values: Mapping[str, Value], folders: Mapping[str, str]) -> NotebookNode:
    """Return the notebook without what differs between two runs on the same inputs.

    Parameters
    ----------
    notebook
        The executed notebook. It is changed in place.
    values
        The parameters it ran with; folders among them are not repeated in it.
    folders
        Absolute folders and the words that stand for them, see `name_folders`.
    """
    public = {name: value for name, value in values.items() if name not in RUNNER_SETS or name == "as_of"}
    for cell in notebook.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags", True):
            del cell.metadata["tags"]
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id, cell.source = "parameters-of-this-run", PythonTranslator.codify(public)
        if "outputs" in cell:
            cell.outputs = [_hide(output, folders) for output in cell.outputs]
    notebook.metadata.pop("papermill", None)
    return notebook


def name_folders(named: Mapping[Path, str]) -> dict[str, str]:
    """Return the words that stand for folders of this machine in what a notebook printed.

    Parameters
    ----------
    named
        The run's own folders, with a word for each.

    Returns
    -------
    dict
        Absolute path to word, the longest path first. Python's own folders are added.
    """
    package = Path(__file__).resolve().parents[2]
    python = {Path(place): "" for place in [*site.getsitepackages(), os.fspath(package)]}
    homes = {Path(sys.prefix): "python", Path(sys.base_prefix): "python", Path.home(): "~"}
    folders = {str(path): word for path, word in (homes | python | dict(named)).items() if len(path.parts) > 1}
    return dict(sorted(folders.items(), key=lambda item: (-len(item[0]), item[0])))


def hide_folders(text: str, folders: Mapping[str, str]) -> str:
    """Return a text in which words stand for folders, and process numbers and memory addresses are gone.

    Examples
    --------
    >>> hide_folders("cannot read /home/ann/team/data/deal.csv", {"/home/ann/team": "team"})
    'cannot read team/data/deal.csv'
    """
    if "/" in text or "\\" in text:  # most texts hold no path, and there are many
        for path, word in folders.items():
            if path in text:
                pattern = rf"(?<![\w.~-]){re.escape(path)}(?:([/\\])|(?![\w.-]))"
                text = re.sub(pattern, partial(_name, word), text)
        if "ipykernel_" in text:
            text = _CELL_FILE.sub("<cell>", text)
    return _ADDRESS.sub("at 0x…", text) if "at 0x" in text else text


def _name(word: str, found: re.Match[str]) -> str:
    if found[1]:
        return f"{word}/" if word else ""
    return word or "."


def _hide(value: Any, folders: Mapping[str, str]) -> Any:
    """Return a value without folders: itself where it holds none."""
    if isinstance(value, str):
        return hide_folders(value, folders)
    if isinstance(value, Mapping):
        hidden = {key: _hide(item, folders) for key, item in value.items()}
        is_same = all(hidden[key] is item for key, item in value.items())
        return value if is_same else NotebookNode(hidden)  # type: ignore[no-untyped-call]
    if isinstance(value, Iterable):
        items = [_hide(item, folders) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    return value
