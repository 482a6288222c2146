"""An executed notebook keeps nothing that differs between two runs on the same inputs."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from mopsnb.errors import StepError
from mopsnb.run.cleaning import clean_notebook, hide_folders, load_notebook, name_folders


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("read /home/ann/team/data/deal.csv", "read team/data/deal.csv"),
        ("in '/home/ann/team'", "in 'team'"),
        ("/home/ann/team: 3 rows", "team: 3 rows"),
        ("/home/ann/team-two/x", "~/team-two/x"),
        ("/home/ann", "~"),
        ("/home/anna", "/home/anna"),
        ("see example.org/home/ann/x", "see example.org/home/ann/x"),
        ("/tmp/run/step/out.txt", "out.txt"),
        ("/tmp/run/step", "."),
        ("/tmp/run/tmp/ipykernel_4321/1234.py:3: UserWarning", "<cell>:3: UserWarning"),
        ("<object at 0x7f3a5c0b1d90>", "<object at 0x…>"),
    ],
)
def test_words_stand_for_folders_and_numbers_of_the_machine(text: str, shown: str) -> None:
    folders = {"/tmp/run/step": "", "/home/ann/team": "team", "/home/ann": "~"}
    assert hide_folders(text, folders) == shown


def test_the_longest_folder_is_hidden_first() -> None:
    lengths = [len(folder) for folder in name_folders({Path("/a/b"): "b", Path("/a/b/c/d"): "d"})]
    assert lengths == sorted(lengths, reverse=True)


def test_the_root_folder_is_never_hidden() -> None:
    assert "/" not in name_folders({Path("/"): "root"})


def test_clocks_and_folders_leave_the_notebook() -> None:
    cell = nbformat.v4.new_code_cell("1")
    cell.metadata.update(papermill={"start_time": "now"}, execution={"x": "now"}, tags=[])
    cell.outputs = [nbformat.v4.new_output("stream", text="/w/team/data and /w/team")]
    injected = nbformat.v4.new_code_cell('workspace = "/w/team"', metadata={"tags": ["injected-parameters"]})
    notebook = nbformat.v4.new_notebook(cells=[injected, cell], metadata={"papermill": {"start_time": "now"}})
    values = {"workspace": "/w/team", "as_of": "2026-01-31", "results_dir": "results", "months": 3}
    cleaned = clean_notebook(notebook, values, {"/w/team": "team"})
    assert "now" not in json.dumps(cleaned)
    assert "/w" not in json.dumps(cleaned)
    assert cleaned.cells[0].source == '# Parameters\nas_of = "2026-01-31"\nmonths = 3\n'
    assert cleaned.cells[0].id == "parameters-of-this-run"
    assert cleaned.cells[1].outputs[0].text == "team/data and team"


def test_an_output_without_folders_stays_what_it_is() -> None:
    data = {"application/json": {"values": [{"x": 1.5, "label": "a/b", "none": None}]}}
    cell = nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("display_data", data=data)])
    output = cell.outputs[0]
    cleaned = clean_notebook(nbformat.v4.new_notebook(cells=[cell]), {}, {"/w/team": "team"})
    assert cleaned.cells[0].outputs[0] is output
    assert output.data == data


def test_folders_deep_in_an_output_are_hidden_and_the_rest_stays() -> None:
    data = {"application/json": {"values": [{"x": 1.5, "path": "/w/team/a"}, {"x": None}]}}
    cell = nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("display_data", data=data)])
    cleaned = clean_notebook(nbformat.v4.new_notebook(cells=[cell]), {}, {"/w/team": "team"})
    found = cleaned.cells[0].outputs[0].data["application/json"]
    assert found == {"values": [{"x": 1.5, "path": "team/a"}, {"x": None}]}


def test_cells_without_an_id_get_the_same_one_each_time(tmp_path: Path) -> None:
    path = tmp_path / "old.ipynb"
    cell = {"cell_type": "markdown", "metadata": {}, "source": "text"}
    path.write_text(json.dumps({"cells": [cell, dict(cell)], "metadata": {}, "nbformat": 4, "nbformat_minor": 2}))
    assert [item.id for item in load_notebook(path).cells] == ["cell-0", "cell-1"]


@pytest.mark.parametrize("text", ["", "{}", '{"nbformat": 4, "nbformat_minor": 5}', "[]"])
def test_a_file_that_is_not_a_notebook_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.ipynb"
    path.write_text(text)
    with pytest.raises(StepError, match=r"odd\.ipynb"):
        load_notebook(path)
