"""The way into a workspace: from a folder, and the day that figures are as of."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

from mopsnb.disk import can_list
from mopsnb.errors import ParameterError, WorkspaceError
from mopsnb.strategy import read_strategy
from mopsnb.workspace.workspace import Workspace

STRATEGY_FILE = "strategy.yml"


def open(workspace: str | Path = "", *, as_of: str | date = "", strict: bool = True) -> Workspace:  # noqa: A001
    """Open a workspace.

    Parameters
    ----------
    workspace
        The folder with ``strategy.yml`` and ``data/``. Empty: the sample company.
    as_of
        The last day that counts, in the strategy's time zone, for example ``2026-09-30``. Empty: the
        latest event or spend date in the data.
    strict
        Refuse a table with faults when it is first used. False: its bad cells are missing, and findings say so.

    Returns
    -------
    Workspace
        Ready for questions. Tables are read at their first use.

    Raises
    ------
    WorkspaceError
        The folder is not a workspace, or its data cannot be listed.
    StrategyError
        ``strategy.yml`` has faults.
    ParameterError
        ``as_of`` is not a date.
    """
    day = _read_day(as_of)
    is_sample = not str(workspace)
    if is_sample:
        from mopsnb.assets import folder

        path = folder("data/samples")
    else:
        path = Path(workspace).expanduser()
    if not path.exists():
        raise WorkspaceError(f"There is no folder '{path}'. Create a workspace with: mopsnb init {path}")
    if not path.is_dir():
        raise WorkspaceError(f"'{path}' is a file. A workspace is a folder with {STRATEGY_FILE} and data/.")
    if not (path / STRATEGY_FILE).is_file():
        raise WorkspaceError(f"'{path}' has no {STRATEGY_FILE}. Create a workspace with: mopsnb init DIR")
    if not can_list(path / "data"):
        raise WorkspaceError(f"The folder '{path / 'data'}' cannot be read. Allow it, for example with chmod u+rx.")
    return Workspace(path, read_strategy(path / STRATEGY_FILE), as_of=day, strict=strict, is_sample=is_sample)


def _read_day(text: str | date) -> date | None:
    if isinstance(text, datetime):
        return text.date()
    if isinstance(text, date):
        return text
    if not text.strip():
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()):
            return date.fromisoformat(text.strip())
    except ValueError:
        pass
    raise ParameterError(f"as_of is '{text}', expected a day such as 2026-09-30.")
