"""What a parameters cell declares."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from papermill import inspect_notebook
from run_samples import FIXTURES

from mopsnb.errors import StepError
from mopsnb.run.declaration import parse_parameters, read_parameters


def one(source: str):
    [parameter] = parse_parameters(source)
    return parameter


@pytest.mark.parametrize(
    ("source", "kind", "default"),
    [
        ('name: str = "x"', "str", "x"),
        ("n: int = -3", "int", -3),
        ("share: float = 0.5", "float", 0.5),
        ("share: float = 1", "float", 1),
        ("is_on: bool = False", "bool", False),
        ("months = 24", "int", 24),
        ('day: "date" = "2026-01-31"', "date", "2026-01-31"),
        ('since: str = ""  # first day, an ISO date', "date", ""),
    ],
)
def test_the_type_comes_from_the_annotation_or_the_default(source: str, kind: str, default: object) -> None:
    parameter = one(source)
    assert (parameter.kind, parameter.default) == (kind, default)


@pytest.mark.parametrize("annotation", ["int | None", "None | int", "Optional[int]", '"int | None"'])
def test_a_type_with_none_makes_the_parameter_optional(annotation: str) -> None:
    parameter = one(f"cap: {annotation} = None")
    assert (parameter.kind, parameter.optional, parameter.default) == ("int", True, None)


@pytest.mark.parametrize("annotation", ['Literal["month", "quarter"]', "\"Literal['month', 'quarter']\""])
def test_a_literal_type_lists_the_choices(annotation: str) -> None:
    parameter = one(f'by: {annotation} = "month"')
    assert (parameter.kind, parameter.choices) == ("str", ("month", "quarter"))


def test_choices_stand_in_braces_and_leave_the_help() -> None:
    parameter = one('by: str = "month"  # grain of the trend {month, quarter}')
    assert (parameter.choices, parameter.help) == (("month", "quarter"), "grain of the trend")


def test_choices_of_numbers_are_numbers() -> None:
    assert one("days: int = 7  # window {7, 28}").choices == (7, 28)


@pytest.mark.parametrize(
    ("text", "low", "high"), [("[1..60]", 1, 60), ("[0..]", 0, None), ("[..0.5]", None, 0.5), ("[-1..1]", -1, 1)]
)
def test_a_range_stands_in_brackets_and_leaves_the_help(text: str, low: float | None, high: float | None) -> None:
    parameter = one(f"x: float = 0  # how much {text}, in euro" if low != 1 else f"x: int = 2  # how much {text}")
    assert (parameter.low, parameter.high) == (low, high)
    assert parameter.help.startswith("how much")
    assert "[" not in parameter.help


@pytest.mark.parametrize(
    "source",
    [
        "months: int = 99  # [1..60]",
        'by: str = "year"  # {month, quarter}',
        'months: int = "24"',
        "is_on: bool = 1",
        "months: int = True",
        "x: float = float('nan')",
        "x: float = 1e999",
        "items: list = [1]",
        "items: dict[str, int] = {}",
        "x = None",
        "months: int",
        "print(1)",
        "a, b = 1, 2",
        "import os",
        "days: int = 7  # {seven}",
    ],
)
def test_a_line_that_is_not_a_sound_declaration_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_parameters(source)


def test_a_value_over_several_lines_takes_the_comment_of_its_last_line() -> None:
    assert one('text: str = (\n    "a"\n    "b"\n)  # two parts').help == "two parts"


def test_a_number_sign_inside_text_is_not_a_comment() -> None:
    parameter = one('color: str = "#ff0000"  # color of the line')
    assert (parameter.default, parameter.help) == ("#ff0000", "color of the line")


def test_papermill_lists_the_same_names() -> None:
    notebook = FIXTURES / "typed.ipynb"
    ours = [parameter.name for parameter in read_parameters(notebook)]
    assert ours == list(inspect_notebook(notebook))
    assert {"code", "by", "months", "share", "is_paid", "since"} < set(ours)


def test_a_notebook_without_a_parameters_cell_has_no_parameters(tmp_path: Path) -> None:
    path = tmp_path / "bare.ipynb"
    path.write_text(json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    assert read_parameters(path) == []


@pytest.mark.parametrize("text", ["", "not json", "[]", '{"cells": [{"metadata": {"tags": ["parameters"]}}]}'])
def test_a_file_that_is_not_a_notebook_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.ipynb"
    path.write_text(text)
    with pytest.raises(StepError, match=r"odd\.ipynb"):
        read_parameters(path)


def test_two_parameters_cells_are_refused(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": ["x: int = 1"]}
    path = tmp_path / "twice.ipynb"
    path.write_text(json.dumps({"cells": [cell, cell]}))
    with pytest.raises(StepError, match="2 cells"):
        read_parameters(path)
