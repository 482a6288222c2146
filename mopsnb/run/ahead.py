"""Questions that the notebooks of a run will ask of the data, asked while their kernels start.

A kernel takes its time to begin, and a processor is idle meanwhile. The answers go to the run's shelf
(`mopsnb.data.shelf`), where every notebook finds them; one that asks the same meanwhile waits for the answer. A
question that is forgotten here costs time and nothing else: its notebook asks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from mopsnb.errors import MopsnbError

if TYPE_CHECKING:
    from mopsnb.steps import Step
    from mopsnb.workspace import Workspace


def ask_ahead(workspace: Workspace, steps: Sequence[Step]) -> None:
    """Ask what notebooks rest on: months of metrics first, then findings, then what metrics are broken down by.

    What cannot be answered is left to the notebooks: they say it on their pages.

    Parameters
    ----------
    workspace
        Of the run.
    steps
        The steps of the run.
    """
    shows_metrics = not workspace.strategy.data and any(step.any_metric for step in steps)
    if shows_metrics:
        with suppress(MopsnbError):
            _ask_metrics(workspace)
    with suppress(MopsnbError):
        workspace.findings()
    if shows_metrics and any(step.slug == "metrics" for step in steps):
        from mopsnb.analysis import BREAKDOWNS

        with suppress(MopsnbError):
            workspace.break_down(BREAKDOWNS)


def _ask_metrics(workspace: Workspace) -> None:
    from mopsnb.analysis import list_shown

    workspace.monthly(list_shown(workspace.metrics_in_use))
    workspace.goal_history()
