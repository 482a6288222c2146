"""What the last good run of a workspace kept, so that a notebook can say what changed since."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from mopsnb.results import is_table_name


def read_earlier(workspace: Path, step: str) -> dict[str, pd.DataFrame]:
    """Return the tables that a step saved in the last good run; empty where there is none, or it cannot be read.

    Parameters
    ----------
    workspace
        Its folder. Only ``runs/latest`` counts, as for the findings that are new or resolved.
    step
        The step's id.
    """
    folder = workspace / "runs" / "latest" / "results"
    try:
        result = json.loads((folder / f"{step}.json").read_text(encoding="utf-8"))
        names = [name for name in result["tables"] if is_table_name(name)]
        return {name: pd.read_parquet(folder / step / f"{name}.parquet") for name in names}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
