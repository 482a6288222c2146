"""A step's result is one JSON file and its tables."""

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from mopsnb.errors import OutputError
from mopsnb.findings import Finding
from mopsnb.results import Headline, StepResult


@pytest.fixture
def result() -> StepResult:
    return StepResult(
        step="metrics",
        question="What do our numbers say?",
        as_of=date(2026, 9, 30),
        data_through=date(2026, 9, 29),
        headline=[
            Headline("spend", "Spend", float("nan"), "USD"),
            Headline("total_clicks", "Total clicks", 12.0, "count"),
        ],
        findings=[Finding("b", "info", "later"), Finding("a", "error", "first")],
        tables={"monthly": pd.DataFrame({"metric": ["spend"], "value": [231.33]})},
    )


def test_the_json_has_the_fields_that_readers_rely_on(result: StepResult, tmp_path: Path) -> None:
    path = result.save(tmp_path)
    assert path is not None
    saved = json.loads(path.read_text(encoding="utf-8"))
    assert list(saved) == [
        "schema_version", "step", "question", "status", "as_of", "data_through", "headline", "findings", "tables",
    ]  # fmt: skip
    assert saved["as_of"] == "2026-09-30"
    assert saved["tables"] == {"monthly": "metrics/monthly.parquet"}


def test_a_missing_value_is_null_and_never_zero(result: StepResult) -> None:
    assert [item["value"] for item in result.to_dict()["headline"]] == [None, 12.0]


def test_the_most_severe_finding_comes_first(result: StepResult) -> None:
    assert [f["id"] for f in result.to_dict()["findings"]] == ["a", "b"]


def test_a_table_stands_where_the_json_says(result: StepResult, tmp_path: Path) -> None:
    result.save(tmp_path)
    table = pd.read_parquet(tmp_path / result.to_dict()["tables"]["monthly"])
    assert table["value"].tolist() == [231.33]


def test_the_same_result_gives_the_same_bytes(result: StepResult, tmp_path: Path) -> None:
    for name in ("one", "two"):
        result.save(tmp_path / name)
    files = [sorted(p for p in (tmp_path / name).rglob("*") if p.is_file()) for name in ("one", "two")]
    assert [p.read_bytes() for p in files[0]] == [p.read_bytes() for p in files[1]]
    assert len(files[0]) == 2


def test_an_empty_folder_name_keeps_nothing(result: StepResult) -> None:
    assert result.save("") is None


def test_a_folder_that_cannot_be_written_is_named(result: StepResult, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(OutputError, match="Cannot write results to"):
        result.save(blocked / "results")
