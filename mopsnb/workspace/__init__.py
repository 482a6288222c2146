"""A workspace: the folder that a marketing team owns, opened for notebooks."""

from mopsnb.workspace.opening import STRATEGY_FILE, open  # noqa: A004
from mopsnb.workspace.workspace import Workspace

__all__ = ["STRATEGY_FILE", "Workspace", "open"]
