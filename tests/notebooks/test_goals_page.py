"""The page of goals as its reader sees it: chance, need, restated figures, proposed targets and a short history."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from workspaces import write_workspace

pytestmark = pytest.mark.slow
BIN = Path(sys.executable).parent
GOALS = """version: 1
organization: {name: Example, currency: EUR}
goals:
  - {id: clicks, statement: More clicks, metric: ad_clicks, baseline: 1200, target: 1500, start: 2026-01-01,
     deadline: 2026-12-31}
  - {id: visits, statement: More visits, metric: sessions, baseline: 1200, target: 1500, start: 2026-01-01,
     deadline: 2026-12-31, parent: clicks}
"""


def write_days(clicks: dict[str, int]) -> str:
    rows = [f"{month}-{day},search,1,1,EUR,{count // 2}" for month, count in clicks.items() for day in ("10", "28")]
    return "\n".join(["date,channel,campaign_id,spend,currency,clicks", *rows, "2026-09-30,search,1,1,EUR,0", ""])


def run(folder: Path) -> tuple[str, Path]:
    done = subprocess.run(
        [BIN / "mopsnb", "run", folder, "--steps", "goals"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    page = (folder / "runs" / "latest" / "goals.html").read_text(encoding="utf-8")
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split()), folder / "runs" / "latest" / "results"


def test_a_second_run_shows_which_old_figure_was_restated_and_why_beside_chance_and_need(tmp_path: Path) -> None:
    months = [f"{day:%Y-%m}" for day in pd.date_range("2023-01-01", "2026-09-01", freq="MS")]
    clicks = {month: 100 + 10 * (place % 3) for place, month in enumerate(months)}
    visits = "date,source,medium,sessions\n" + "".join(f"2026-{month:02}-10,a,b,100\n" for month in range(1, 10))
    visits += "2026-09-30,a,b,0\n"
    write_workspace(tmp_path / "team", GOALS, ad_daily=write_days(clicks), web_daily=visits)
    first, _ = run(tmp_path / "team")
    (tmp_path / "team" / "data" / "ad_daily.csv").write_text(write_days(clicks | {"2026-05": 200}), encoding="utf-8")

    text, results = run(tmp_path / "team")
    table = pd.read_parquet(results / "goals" / "progress.parquet").set_index("goal")

    assert "There is no earlier run of this workspace to compare with" in first
    assert re.search(r"More clicks May 2026 1\d0 200 Rows of that month came, went or were corrected", text)
    came = sum(clicks[month] for month in months[36:]) + 200 - clicks["2026-05"]
    assert table.loc["clicks", "actual"] == came
    assert table.loc["clicks", "needed_per_month"] == pytest.approx((1500 - came) / 3)
    assert table.loc["clicks", "pace_per_month"] == pytest.approx(sum(clicks[month] for month in months[-3:]) / 3)
    assert 0 <= table.loc["clicks", "probability"] <= 1
    assert table.loc["clicks", "chance"] in text
    assert table["probability"].isna().tolist() == [False, True]
    assert "The history is too short for a forecast: 9 months." in text
    assert "Targets for the next period" in text
