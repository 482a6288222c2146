"""What the last good run kept is read back, and nothing else."""

import pandas as pd
from pandas.testing import assert_frame_equal

from mopsnb.results import StepResult
from mopsnb.workspace.earlier import read_earlier

FRAME = pd.DataFrame({"goal": ["a"], "value": [1.5]})


def save(folder, **tables):
    StepResult("goals", "q", "ok", as_of=None, data_through=None, headline=[], findings=[], tables=tables).save(
        folder / "runs" / "latest" / "results"
    )


def test_the_tables_of_the_last_good_run_come_back(tmp_path):
    save(tmp_path, progress=FRAME)

    assert_frame_equal(read_earlier(tmp_path, "goals")["progress"], FRAME)


def test_without_a_run_or_with_a_broken_one_there_is_nothing(tmp_path):
    assert read_earlier(tmp_path, "goals") == {}
    save(tmp_path, progress=FRAME)
    assert read_earlier(tmp_path, "metrics") == {}
    (tmp_path / "runs" / "latest" / "results" / "goals" / "progress.parquet").write_bytes(b"no table")
    assert read_earlier(tmp_path, "goals") == {}


def test_a_name_that_leads_elsewhere_is_not_followed(tmp_path):
    save(tmp_path, progress=FRAME)
    path = tmp_path / "runs" / "latest" / "results" / "goals.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"progress":', '"../../secret":'), encoding="utf-8")

    assert read_earlier(tmp_path, "goals") == {}
