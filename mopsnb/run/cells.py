"""Cells of a notebook by their tags, and copies of them with something changed."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode

INTERACTIVE = "interactive"


def read_tags(cell: NotebookNode) -> list[str]:
    """Return a cell's tags."""
    return list(cell.metadata.get("tags", []))


def find_cells(notebook: NotebookNode, tag: str) -> list[NotebookNode]:
    """Return the cells that carry a tag, in order."""
    return [cell for cell in notebook.cells if tag in read_tags(cell)]


def list_code(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the code cells that hold code, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def drop_interactive(notebook: NotebookNode) -> NotebookNode:
    """Return a copy of a notebook without what is there for a reader at the keyboard: cells tagged ``interactive``."""
    return change(notebook, cells=[cell for cell in notebook.cells if INTERACTIVE not in read_tags(cell)])


def add_tag(cell: NotebookNode, tag: str) -> NotebookNode:
    """Return a copy of a cell with one more tag."""
    return change(cell, metadata=change(cell.metadata, tags=[*read_tags(cell), tag]))


def change(node: NotebookNode, **values: Any) -> NotebookNode:
    """Return a shallow copy of a notebook, a cell or metadata with some values replaced."""
    return NotebookNode(node | values)  # type: ignore[no-untyped-call]
