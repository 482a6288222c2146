"""Lead scoring on leads from outside: the Bank Marketing data of Moro, Cortez and Rita (UCI id 222), in time order."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

BIN = Path(sys.executable).parent
pytestmark = pytest.mark.soak  # tests/analysis/scoring/test_public_data.py asks the same of the analysis in each run


@pytest.fixture(scope="module")
def site(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = tmp_path_factory.mktemp("bank") / "team"
    (workspace / "data").mkdir(parents=True)
    (workspace / "strategy.yml").write_text("version: 1\nlead_scoring: {target: y}\n", encoding="utf-8")
    source = shared_data / "bank_marketing" / "bank-additional-full.csv"
    with (
        source.open(encoding="utf-8", newline="") as old,
        (workspace / "data" / "contact.csv").open("w", encoding="utf-8", newline="") as new,
    ):
        rows = csv.reader(old, delimiter=";")
        writer = csv.writer(new)
        writer.writerow(["contact_id", *next(rows)])
        writer.writerows([f"L{number:05d}", *row] for number, row in enumerate(rows))
    command = [BIN / "mopsnb", "run", workspace, "--steps", "lead_scoring", "--out", workspace / "out"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return workspace / "out"


def headline(site: Path) -> dict[str, dict]:
    result = json.loads((site / "results" / "lead_scoring.json").read_text(encoding="utf-8"))
    return {item["name"]: item for item in result["headline"]}


def test_the_length_of_the_call_is_set_aside_unaided_with_at_most_two_false_alarms(site: Path) -> None:
    excluded = pd.read_parquet(site / "results" / "lead_scoring" / "excluded_columns.parquet")
    assert "duration" in excluded["column"].tolist()
    assert len(excluded) <= 3
    assert excluded.set_index("column").loc["duration", "evidence"] in page(site)


def page(site: Path) -> str:
    return (site / "lead_scoring.html").read_text(encoding="utf-8")


def test_the_figure_in_time_order_is_the_known_one_with_its_interval(site: Path) -> None:
    figure = headline(site)["auc_time_ordered"]
    assert figure["value"] == pytest.approx(0.75, abs=0.015)
    assert figure["low"] < figure["value"] < figure["high"]
    assert figure["high"] - figure["low"] < 0.04


def test_the_page_explains_the_gap_to_the_shuffled_figure(site: Path) -> None:
    assert headline(site)["auc_shuffled"]["value"] == pytest.approx(0.79, abs=0.01)
    assert "most of the shuffled AUC is the month, not the lead" in page(site)


def test_the_evaluation_holds_each_model_on_each_split(site: Path) -> None:
    table = pd.read_parquet(site / "results" / "lead_scoring" / "evaluation.parquet")
    assert {"model", "split", "measure", "value", "low", "high"} <= set(table.columns)
    assert {"cv", "time", "cohort"} == set(table["split"])
    assert {"auc", "brier", "ece", "lift_at_10"} == set(table["measure"])
