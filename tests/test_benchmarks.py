"""The email events of the benchmark, small: what they are, and that every side answers alike."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import duckdb
import pytest

from benchmarks.event_file import SCHEMA, build_workspace
from benchmarks.event_sides import FIRST, METRICS, MONTHS, SIDES
from mopsnb.data.contract import TABLES

ROWS = 20_000


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_workspace(tmp_path_factory.mktemp("events") / "workspace", ROWS)


def test_the_same_number_of_events_gives_the_same_bytes(workspace: Path, tmp_path: Path) -> None:
    again = build_workspace(tmp_path / "again", ROWS) / "data" / "email_event.parquet"
    assert again.read_bytes() == (workspace / "data" / "email_event.parquet").read_bytes()


def test_the_file_holds_the_rows_that_were_asked_for_in_the_columns_of_the_contract(workspace: Path) -> None:
    file = workspace / "data" / "email_event.parquet"
    rows, months, kinds = duckdb.sql(
        f"""SELECT count(*), count(DISTINCT date_trunc('month', occurred_at AT TIME ZONE 'America/New_York')),
        count(DISTINCT event_type) FROM '{file}'"""
    ).fetchall()[0]
    assert (rows, months, kinds) == (ROWS, MONTHS, 9)
    assert set(SCHEMA.names) <= set(TABLES["email_event"].fields)


def test_every_side_of_the_benchmark_gives_the_same_figures(workspace: Path) -> None:
    found = {side: ask(workspace, "256MB")["figures"] for side, ask in SIDES.items()}
    ours = found.pop("mopsnb")
    first = f"{FIRST[0]}-{FIRST[1]:02d}"
    assert len(ours) == MONTHS * len(METRICS)
    assert ours[f"email_churn_rate {first}"][1] > 100
    for side, figures in found.items():
        assert figures == ours, side


@pytest.mark.slow
def test_a_notebook_is_measured_in_a_warm_process_and_without_its_interactive_cells(tmp_path: Path) -> None:
    from benchmarks.notebooks import run_warm

    cells = [
        {
            "cell_type": "code",
            "id": "a",
            "metadata": {"tags": ["parameters"]},
            "source": 'workspace: str = ""\nresults_dir: str = ""',
        },
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {},
            "source": "import pathlib, sys\nassert 'mopsnb.workspace' in sys.modules",
        },
        {
            "cell_type": "code",
            "id": "c",
            "metadata": {},
            "source": "assert pathlib.Path(workspace).is_dir() and results_dir",
        },
        {
            "cell_type": "code",
            "id": "d",
            "metadata": {"tags": ["interactive"]},
            "source": "raise SystemError('interactive')",
        },
    ]
    for cell in cells:
        cell |= {"outputs": [], "execution_count": None}
    path = tmp_path / "measured.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    cpu, wall = run_warm(path, str(tmp_path))
    assert cpu > 0 and wall > 0
    cells[2]["source"] = "raise ValueError('the cell failed')"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError) as caught:
        run_warm(path, str(tmp_path))
    assert "the cell failed" in caught.value.stderr


@pytest.mark.slow
def test_a_headless_notebook_is_measured_from_its_first_cell_to_its_end(tmp_path: Path) -> None:
    from workspaces import write_workspace

    from benchmarks.headless import run_one

    bills = "spend_id,date,area,amount,currency\n1,2026-01-05,print,10,EUR\n"
    place = write_workspace(tmp_path / "company", spend_actual=bills)
    assert 0 < run_one("budget_pacing", str(place), "none") < 600
