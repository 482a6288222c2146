"""A step's figures rest on the tables that it declares, so a change of any other table leaves them as they are."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from mopsnb import assets
from mopsnb.run.fingerprints import RATES
from mopsnb.run.request import RunOutcome, RunRequest
from mopsnb.run.runner import run
from mopsnb.steps import STEPS, Step

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunOutcome:
    return run(RunRequest(out=tmp_path_factory.mktemp("whole") / "report"))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_without_the_other_tables_a_step_says_the_same(tmp_path: Path, whole: RunOutcome, step: Step) -> None:
    sample = assets.folder("data/samples")
    (tmp_path / "team" / "data").mkdir(parents=True)
    shutil.copy(sample / "strategy.yml", tmp_path / "team")
    for path in (sample / "data").iterdir():
        if path.stem in {*step.needs, *step.uses, RATES}:
            shutil.copy(path, tmp_path / "team" / "data")
    asked = RunRequest(
        workspace=str(tmp_path / "team"), steps=(step,), as_of=whole.record["as_of"], out=tmp_path / "report"
    )
    alone = run(asked)
    assert alone.exit_code == 0
    expected, found = (
        json.loads((outcome.folder / "results" / f"{step.slug}.json").read_text()) for outcome in (whole, alone)
    )
    assert found["headline"] == expected["headline"]
    assert found["tables"] == expected["tables"]
    for name in expected["tables"].values():
        tables = [pd.read_parquet(outcome.folder / "results" / name) for outcome in (alone, whole)]
        pd.testing.assert_frame_equal(*tables)
