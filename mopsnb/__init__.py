"""Notebook templates with which a marketing operations team sets goals, measures them and runs its plan.

``mopsnb.open(workspace)`` is where a notebook starts; it returns a `mopsnb.workspace.Workspace`.
``mopsnb.keeper(ws, step)`` keeps what an analyst chose for scheduled runs; see `mopsnb.schedule.keeping`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mopsnb.workspace import open  # noqa: A004

__version__ = "0.1.0"
__all__ = ["__version__", "keeper", "open"]


def __getattr__(name: str) -> Any:
    # Loaded at first use: the command line must answer at once, and pandas takes half a second.
    if name == "open":
        from mopsnb.workspace import open  # noqa: A004

        return open
    if name == "keeper":
        # By name: the notebook stands above all layers, and those below this one import the package too.
        return import_module("mopsnb.schedule.keeping").make_keeper
    raise AttributeError(f"module 'mopsnb' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
