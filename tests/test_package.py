"""The package's public names, and what importing it costs."""

import subprocess
import sys

import pytest

import mopsnb
from mopsnb.workspace import Workspace

MEMBERS = [
    "ad_days", "as_of", "break_down", "campaign_names", "catalogue", "channel_names", "channels", "currency",
    "data_through", "definitions", "earlier", "events", "faults", "findings", "freshness", "goal_history", "has",
    "is_sample", "leads", "locale", "metric", "metrics_in_use", "monthly", "name", "path", "plan", "recorded_days",
    "requests", "result", "shown_currency", "spend", "sql", "strategy", "table", "tables", "time_zone", "unmapped",
]  # fmt: skip


def test_public_names():
    """The package exports open, keeper and its version, and nothing else."""
    assert mopsnb.__all__ == ["__version__", "keeper", "open"]
    assert {"__version__", "open"} <= set(dir(mopsnb))
    assert mopsnb.__version__ == "0.1.0"


def test_public_names_of_a_workspace(tmp_path):
    """What a notebook can ask a workspace is pinned."""
    (tmp_path / "strategy.yml").write_text("version: 1\n")
    ws = mopsnb.open(tmp_path)
    assert isinstance(ws, Workspace)
    assert [name for name in dir(ws) if not name.startswith("_")] == MEMBERS


def test_an_unknown_name_is_an_attribute_error():
    """Asking for a name that is not there fails as for any module."""
    with pytest.raises(AttributeError, match="'mopsnb' has no attribute 'close'"):
        _ = mopsnb.close


def test_importing_is_light():
    """Importing the package imports neither pandas nor DuckDB; the first open does."""
    code = "import sys, mopsnb; print(sorted({'pandas', 'duckdb', 'altair', 'pandera'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
