"""The data gate looks at the tables that a step reads, and at those that goals lead it to."""

from __future__ import annotations

from pathlib import Path

import pytest

import mopsnb
from mopsnb.run.gate import check_gate
from mopsnb.steps import Step

GOAL = """
version: 1
goals:
  - id: visits
    metric: sessions
"""


@pytest.mark.parametrize(("any_metric", "stopped"), [(True, {"goals"}), (False, set())])
def test_a_fault_in_a_table_that_only_a_goal_leads_to_stops_the_step_that_shows_goals(
    tmp_path: Path, any_metric: bool, stopped: set[str]
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "strategy.yml").write_text(GOAL)
    (tmp_path / "data" / "web_daily.csv").write_text("date,source,sessions\n2026-01-30,ga4,many\n")
    step = Step("goals", "plan", "Goals", "What?", any_metric=any_metric)
    assert set(check_gate([step], "error", mopsnb.open(tmp_path, strict=False))) == stopped
