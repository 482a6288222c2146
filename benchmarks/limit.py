"""The limit that no runner can beat: the cells of all notebooks as one plain Python process, then the pages.

Run as ``python -m benchmarks.limit FOLDER [NOTEBOOK]``, it prints JSON with processor seconds: ``imports`` (of runner
and notebooks, once), ``cells`` and ``html`` (still pictures, pages and index). Nothing is started, sent or waited for.
With a notebook, it runs the cells of that one alone and writes no page.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any


def main() -> None:
    """Run every notebook's cells in this process and write the pages."""
    folder = Path(sys.argv[1])
    os.environ |= {
        "MOPSNB_STILLS": "later",
        "MOPSNB_SHELF": str(folder / "shelf"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    begin = time.process_time()
    _import_all()
    imported = time.process_time()
    notebooks = _run_cells(folder, [Path(name).resolve() for name in sys.argv[2:]] or _list_notebooks())
    ran = time.process_time()
    if not sys.argv[2:]:
        _write_pages(folder, notebooks)
    wrote = time.process_time()
    print(json.dumps({"imports": imported - begin, "cells": ran - imported, "html": wrote - ran}))


def _import_all() -> None:
    from importlib import import_module

    from mopsnb.run.imports import import_without_grammar
    from mopsnb.run.preload import list_modules

    import_without_grammar("mopsnb.run.pool")
    named = [name for path in _list_notebooks() for name in list_modules([path])]
    for name in (*dict.fromkeys(named), "mopsnb.run.site"):
        import_module(name)


def _list_notebooks() -> list[Path]:
    from mopsnb.assets import folder
    from mopsnb.steps import STEPS

    return [folder("notebooks") / step.notebook for step in STEPS]


def _run_cells(folder: Path, paths: list[Path]) -> dict[str, Any]:
    from IPython.core.interactiveshell import InteractiveShell

    from mopsnb.data.shelf import build_shelf
    from mopsnb.run.cleaning import load_notebook

    build_shelf(folder / "shelf")
    os.chdir(folder)
    shell = InteractiveShell.instance()
    notebooks = {}
    for path in paths:
        shell.reset(new_session=True)
        notebooks[path.stem] = load_notebook(path)
        for cell in notebooks[path.stem].cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = _run_cell(shell, cell), 1
    return notebooks


def _run_cell(shell: Any, cell: Any) -> list[Any]:
    from IPython.utils.capture import capture_output
    from nbformat.v4 import new_output

    source = cell.source
    if "parameters" in cell.metadata.get("tags", []):
        source += '\nresults_dir = "results"'
    with capture_output() as captured:
        shell.run_cell(source).raise_error()
    return [new_output("display_data", data=shown.data, metadata=shown.metadata or {}) for shown in captured.outputs]


def _write_pages(folder: Path, notebooks: dict[str, Any]) -> None:
    import mopsnb
    from mopsnb.run.site import ExecutedStep, SiteContext, write_index, write_pages
    from mopsnb.run.stills import FIGURE, STILL
    from mopsnb.steps import STEPS
    from mopsnb.view import stills

    for notebook in notebooks.values():
        for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
            if figure := output.data.get(FIGURE):
                svg = stills.draw_still(stills.make_still_spec(figure["spec"]))
                output.data[STILL] = stills.finish_still(svg, figure["id"], figure["alt"])
    results = {step.slug: json.loads(Path("results", f"{step.slug}.json").read_text()) for step in STEPS}
    pages = [ExecutedStep(step, notebooks[step.slug], results[step.slug], "ok") for step in STEPS]
    workspace = mopsnb.open()
    context = SiteContext(
        name=workspace.name,
        is_sample=True,
        as_of=workspace.as_of,
        data_through=workspace.data_through,
        currency=workspace.currency,
        locale=workspace.locale,
        stale_after_days=3,
        steps=pages,
    )
    write_pages(folder, pages, context)
    write_index(folder, context)


if __name__ == "__main__":
    main()
