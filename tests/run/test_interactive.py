"""Cells for a reader at the keyboard are gone before a headless run begins: nothing of them is executed or counted."""

import json

import nbformat
import pytest
from run_samples import find, make_request, read_notebook, read_tree

from mopsnb.run.cells import drop_interactive
from mopsnb.run.runner import run
from mopsnb.steps import find_step

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_server")]


def add_widgets(notebook):
    """Put prose and a failing cell for people before the last cell of a notebook file."""
    raw = json.loads(notebook.read_text(encoding="utf-8"))
    tags = {"tags": ["interactive"]}
    code = {"cell_type": "code", "execution_count": None, "id": "widgets", "metadata": tags, "outputs": []}
    raw["cells"][-1:-1] = [
        {"cell_type": "markdown", "id": "try", "metadata": tags, "source": ["## Try it out"]},
        code | {"source": ["raise RuntimeError('widgets ran')"]},
    ]
    notebook.write_text(json.dumps(raw), encoding="utf-8")


def test_a_run_is_the_same_to_the_byte_with_and_without_them(tmp_path):
    plain = run(make_request(tmp_path / "plain", "ok", out=tmp_path / "plain-report"))
    request = make_request(tmp_path / "rich", "ok", out=tmp_path / "rich-report")
    add_widgets(request.notebooks / "measure" / "ok.ipynb")
    rich = run(request)
    assert find(rich, "ok").status == find(plain, "ok").status == "ok"
    assert read_tree(rich.folder) == read_tree(plain.folder)


def test_an_executed_notebook_that_is_kept_has_no_such_cell(tmp_path):
    request = make_request(tmp_path, "ok", out=tmp_path / "report", keep_notebooks=True)
    add_widgets(request.notebooks / "measure" / "ok.ipynb")
    cells = read_notebook(run(request), "ok")["cells"]
    assert not [cell for cell in cells if "interactive" in cell["metadata"].get("tags", [])]


@pytest.mark.parametrize("slug", ["goals", "budget_pacing", "service_levels", "metrics", "lead_scoring"])
def test_a_notebook_has_one_place_to_try_things_out(slug, repository):
    """One cell of prose and one of code, before what needs attention."""
    notebook = nbformat.read(repository / "notebooks" / find_step(slug).notebook, as_version=4)
    marked = [cell for cell in notebook.cells if "interactive" in cell.metadata.get("tags", [])]
    assert [cell.cell_type for cell in marked] == ["markdown", "code"]
    at = notebook.cells.index(marked[1])
    assert notebook.cells[at + 1].source.startswith("## What needs attention")
    assert f'mopsnb.keeper(ws, "{slug}")' in marked[1].source
    rest = drop_interactive(notebook)
    assert len(rest.cells) == len(notebook.cells) - 2
