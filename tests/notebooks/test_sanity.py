"""Every notebook follows the rules that can be counted (docs/notebooks.md lists them all)."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path
from statistics import median

import nbformat
import pytest

from mopsnb.steps import STEPS

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
TEMPLATE = NOTEBOOKS.parent / "templates" / "step.ipynb"
FOUND = sorted(path for path in NOTEBOOKS.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
ALL = [*FOUND, TEMPLATE]
TAGS = {"parameters", "interactive", "summary", "result", "exercise"}
COMMON = {"workspace", "as_of", "results_dir"}
ABSOLUTE = re.compile(r"(?<![\w.~:/])/(?:home|root|Users|tmp|work|mnt|opt|var)/|\b[A-Z]:\\")
CLOCK = re.compile(
    r"\b(?:now|today|utcnow|time)\(\)|default_rng\(\)|\brandom\.|np\.random\.(?!default_rng\(\w)|https?://"
)
FILLER = re.compile(r"\b(?:simply|just|obviously)\b", re.IGNORECASE)


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(NOTEBOOKS.parent).as_posix() for path in paths]


@pytest.fixture(params=ALL, ids=names(ALL))
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture
def notebook(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell: nbformat.NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def lines(cell: nbformat.NotebookNode) -> list[str]:
    return [line for line in cell.source.splitlines() if line.strip()]


def test_the_folder_holds_exactly_the_registered_steps() -> None:
    registered = {(NOTEBOOKS / step.notebook).relative_to(NOTEBOOKS).as_posix() for step in STEPS}
    found = {path.relative_to(NOTEBOOKS).as_posix() for path in FOUND if path.parent.name != "training"}
    assert found == registered


def test_it_is_a_valid_notebook_without_outputs(notebook: nbformat.NotebookNode) -> None:
    nbformat.validate(notebook)
    assert [cell.source for cell in code(notebook) if cell.outputs or cell.execution_count] == []


def test_the_first_cell_is_the_title_with_the_question_the_reader_and_the_decision(
    path: Path, notebook: nbformat.NotebookNode
) -> None:
    title = notebook.cells[0]
    assert title.cell_type == "markdown"
    assert title.source.startswith("# ")
    assert "**Read by**" in title.source
    assert "**To decide**" in title.source
    question = {step.slug: step.question for step in STEPS}.get(path.stem)
    assert question is None or question in title.source


def test_no_other_cell_has_a_title(notebook: nbformat.NotebookNode) -> None:
    others = [cell.source for cell in notebook.cells[1:] if cell.cell_type == "markdown"]
    assert [text for text in others if re.search(r"^# ", text, re.MULTILINE)] == []


def test_the_parameters_cell_holds_typed_literals_with_comments(notebook: nbformat.NotebookNode) -> None:
    cells = [cell for cell in notebook.cells if "parameters" in tags(cell)]
    assert len(cells) == 1
    body = ast.parse(cells[0].source).body
    assert all(isinstance(node, ast.AnnAssign) and node.value is not None for node in body)
    for node in body:
        ast.literal_eval(node.value)
    assert {node.target.id for node in body} >= COMMON
    assert all(line.count("#") == 1 and line.count("=") == 1 for line in lines(cells[0]))


def test_one_set_up_cell_imports_and_opens_the_workspace(notebook: nbformat.NotebookNode) -> None:
    importing = [cell for cell in code(notebook) if re.search(r"^\s*(?:import|from)\s", cell.source, re.MULTILINE)]
    assert len(importing) == 1
    assert "mopsnb.open(workspace, as_of=as_of)" in importing[0].source


def test_it_is_short_and_prose_stands_between_code_cells(notebook: nbformat.NotebookNode) -> None:
    assert len(notebook.cells) <= 40
    kinds = [cell.cell_type for cell in notebook.cells]
    assert ("code", "code") not in set(itertools.pairwise(kinds))


def test_code_cells_are_short_and_define_nothing(notebook: nbformat.NotebookNode) -> None:
    lengths = [len(lines(cell)) for cell in code(notebook)]
    assert max(lengths) <= 10
    assert median(lengths) <= 4
    for cell in code(notebook):
        nodes = list(ast.walk(ast.parse(cell.source)))
        assert not [
            n for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.For | ast.While)
        ]


def test_metadata_holds_the_known_tags_alone(notebook: nbformat.NotebookNode) -> None:
    assert {tag for cell in notebook.cells for tag in tags(cell)} <= TAGS
    assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"


def test_it_ends_with_what_to_do_next_and_saves_the_result(notebook: nbformat.NotebookNode) -> None:
    assert tags(notebook.cells[-1]) == ["result"]
    assert ".save(results_dir)" in notebook.cells[-1].source
    headings = [
        line for cell in notebook.cells[-4:] for line in cell.source.splitlines() if cell.cell_type == "markdown"
    ]
    assert any(line.startswith("## What to do next") for line in headings)


def test_nothing_ties_it_to_one_machine_or_one_moment(notebook: nbformat.NotebookNode) -> None:
    text = "\n".join(cell.source for cell in notebook.cells)
    assert ABSOLUTE.findall(text) == []
    assert CLOCK.findall(text) == []


def test_the_prose_has_no_filler(notebook: nbformat.NotebookNode) -> None:
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert FILLER.findall(prose) == []
