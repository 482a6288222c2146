"""Nothing that a parameter, a step or a notebook names leads out of the report's folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mopsnb import assets
from mopsnb.errors import ParameterError, StepError, UsageError
from mopsnb.results import StepResult, is_table_name
from mopsnb.run.inside import open_inside
from mopsnb.run.parameters import assign_parameters, read_parameters
from mopsnb.run.takeover import read_result, take_results
from mopsnb.secrets.patterns import Redactor
from mopsnb.steps import Step, select_steps

pytestmark = pytest.mark.slow

NONE = Redactor({})
TABLE = pd.DataFrame({"value": [1]})
NAMES = st.text(st.characters(codec="utf-8"), max_size=12) | st.text("./\\~:\0a", max_size=8)
needs_links = pytest.mark.skipif(os.name != "posix", reason="needs links")


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """What a notebook saved: one result with one table."""
    folder = tmp_path / "kernel" / "results"
    StepResult("metrics", "?", tables={"rows": TABLE}).save(folder)
    return folder


def rewrite(results: Path, **changes: object) -> None:
    path = results / "metrics.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def list_tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


# --- names ------------------------------------------------------------------------------------------------------------


@given(NAMES)
@example("../rows")
@example("..")
@example("/etc/passwd")
@example("rows/../../x")
@example("C:rows")
@settings(max_examples=150)
def test_a_table_is_saved_inside_its_folder_or_refused(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    place = tmp_path_factory.mktemp("save")
    result = StepResult("metrics", "?", tables={name: TABLE})
    if is_table_name(name):
        result.save(place / "inner" / "results")
        assert (place / "inner" / "results" / "metrics" / f"{name}.parquet").is_file()
    else:
        with pytest.raises(StepError, match="cannot name a file of results"):
            result.save(place / "inner" / "results")
    assert list_tree(place) <= {"inner", "inner/results", "inner/results/metrics", "inner/results/metrics.json"} | {
        f"inner/results/metrics/{name}.parquet"
    }


@given(NAMES, NAMES)
@example("rows", "../../../etc/passwd")
@example("rows", "metrics/../../secret.parquet")
@example("..", "metrics/...parquet")
@settings(max_examples=150)
def test_a_result_that_names_a_table_elsewhere_is_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, place: str
) -> None:
    folder = tmp_path_factory.mktemp("take")
    results = folder / "results"
    StepResult("metrics", "?", tables={"rows": TABLE}).save(results)
    rewrite(results, tables={name: place})
    with pytest.raises(StepError):
        take_results(results, "metrics", folder / "report", NONE)
    assert not (folder / "report").is_dir() or list_tree(folder / "report") == set()


@given(NAMES)
@example("../../etc")
@example("a/b")
@settings(max_examples=150)
def test_a_step_whose_id_leads_elsewhere_does_not_exist(slug: str) -> None:
    with pytest.raises(UsageError):
        Step(f"{slug}/..", "measure", "Title", "Question?")
    if any(part.strip() for part in slug.split(",")):
        with pytest.raises(UsageError):
            select_steps(slug)


@given(NAMES, st.sampled_from(["workspace", "as_of", "results_dir"]), st.sampled_from(["", "metrics."]))
@example("../../elsewhere", "results_dir", "metrics.")
@settings(max_examples=100)
def test_no_parameter_moves_what_the_runner_sets(text: str, name: str, step: str) -> None:
    declared = {"metrics": read_parameters(assets.folder("notebooks") / "measure" / "metrics.ipynb")}
    with pytest.raises(ParameterError, match=f"{name} is set by"):
        assign_parameters(declared, [f"{step}{name}={text}"])


@given(st.lists(NAMES, min_size=1, max_size=4).map("/".join))
@example("../outside")
@example("a/../../outside")
@example("/etc/passwd")
@settings(max_examples=200)
def test_only_a_file_below_the_folder_is_opened(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("inside") / "inner"
    folder.mkdir()
    (folder.parent / "outside").write_text("secret")
    with pytest.raises((StepError, FileNotFoundError, ValueError)), open_inside(folder, name) as file:
        file.read()


# --- links ------------------------------------------------------------------------------------------------------------


@needs_links
@pytest.mark.parametrize("linked", ["metrics/rows.parquet", "metrics", "metrics.json", ""])
def test_a_link_is_not_followed(linked: str, results: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    target = results / linked if linked else results
    target.rename(elsewhere)
    target.symlink_to(elsewhere)
    with pytest.raises(StepError, match="link"):
        take_results(results, "metrics", tmp_path / "report", NONE)
    assert not list((tmp_path / "report").rglob("*.parquet"))


@needs_links
def test_a_link_to_a_table_of_its_own_is_not_followed_either(results: Path) -> None:
    (results / "metrics" / "copy.parquet").symlink_to("rows.parquet")
    rewrite(results, tables={"copy": "metrics/copy.parquet"})
    with pytest.raises(StepError, match="link"):
        read_result(results, "metrics")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_not_waited_for(results: Path) -> None:
    (results / "metrics" / "rows.parquet").unlink()
    os.mkfifo(results / "metrics" / "rows.parquet")
    with pytest.raises(StepError, match="no file"):
        read_result(results, "metrics")


# --- what is taken over -----------------------------------------------------------------------------------------------


def test_a_result_and_the_tables_that_it_names_are_taken_over_as_they_are(results: Path, tmp_path: Path) -> None:
    (results / "metrics" / "stray.parquet").write_bytes(b"stray")
    (results / "stray.txt").write_text("stray")
    taken = take_results(results, "metrics", tmp_path / "report", NONE)
    assert list_tree(tmp_path / "report") == {"metrics", "metrics/rows.parquet", "metrics.json"}
    assert taken == json.loads((results / "metrics.json").read_text())
    for name in ("metrics.json", "metrics/rows.parquet"):
        assert (tmp_path / "report" / name).read_bytes() == (results / name).read_bytes()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"step": "goals"}, "another step or status"),
        ({"status": "fine"}, "another step or status"),
        ({"tables": {"rows": "metrics/gone.parquet"}}, "is not at metrics/<name>.parquet"),
        ({"tables": {"gone": "metrics/gone.parquet"}}, "tables that are not there: metrics/gone.parquet"),
        ({"tables": ["rows"]}, "cannot be read"),
        ({"tables": {"rows": None}}, "is not at"),
    ],
)
def test_a_result_that_is_not_sound_is_refused(changes: dict, words: str, results: Path) -> None:
    rewrite(results, **changes)
    with pytest.raises(StepError, match=words):
        read_result(results, "metrics")


def test_a_step_without_a_result_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(StepError, match="saved no result"):
        read_result(tmp_path / "results", "metrics")
