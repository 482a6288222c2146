"""A step's figures rest on the tables that it declares, so a change of any other table leaves them as they are."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from mopsnb import assets
from mopsnb.run.fingerprints import RATES
from mopsnb.run.request import RunRequest
from mopsnb.run.runner import run
from mopsnb.steps import STEPS, Step

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(step, id=step.slug, marks=() if step.slug == "budget_pacing" else pytest.mark.soak)
        for step in STEPS
    ],
)
def test_without_the_other_tables_a_step_says_the_same(tmp_path: Path, sample_report: Path, step: Step) -> None:
    sample = assets.folder("data/samples")
    (tmp_path / "team" / "data").mkdir(parents=True)
    shutil.copy(sample / "strategy.yml", tmp_path / "team")
    for path in (sample / "data").iterdir():
        if path.stem in {*step.needs, *step.uses, RATES}:
            shutil.copy(path, tmp_path / "team" / "data")
    as_of = json.loads((sample_report / "run.json").read_text())["as_of"]
    alone = run(RunRequest(workspace=str(tmp_path / "team"), steps=(step,), as_of=as_of, out=tmp_path / "report"))
    assert alone.exit_code == 0
    folders = [report / "results" for report in (sample_report, alone.folder)]
    expected, found = (json.loads((folder / f"{step.slug}.json").read_text()) for folder in folders)
    assert found["headline"] == expected["headline"]
    assert found["tables"] == expected["tables"]
    for name in expected["tables"].values():
        pd.testing.assert_frame_equal(*(pd.read_parquet(folder / name) for folder in folders))
