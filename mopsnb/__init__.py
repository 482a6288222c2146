"""Notebook templates with which a marketing operations team sets goals, measures them and runs its plan.

``mopsnb.open(workspace)`` is where a notebook starts; it returns a `mopsnb.workspace.Workspace`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mopsnb.workspace import open  # noqa: A004

__version__ = "0.1.0"
__all__ = ["__version__", "open"]


def __getattr__(name: str) -> Any:
    # Loaded at first use: the command line must answer at once, and pandas takes half a second.
    if name == "open":
        from mopsnb.workspace import open  # noqa: A004

        return open
    raise AttributeError(f"module 'mopsnb' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
