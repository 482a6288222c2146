"""What a step leaves in the report, put there as soon as the step has ended.

A run that is killed later leaves complete steps behind, which a run with ``--resume`` takes over. A step's page
comes last and in one step: where it stands beside a result, the step is complete.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from mopsnb.disk import writing
from mopsnb.errors import StepError
from mopsnb.run.execution import Execution
from mopsnb.run.imports import load
from mopsnb.run.redaction import redact_folder, redact_notebook
from mopsnb.run.resuming import Earlier
from mopsnb.run.takeover import take_results
from mopsnb.secrets.known import find_redactor
from mopsnb.secrets.patterns import Redactor
from mopsnb.steps import Step

if TYPE_CHECKING:
    from mopsnb.run.context import ExecutedStep, SiteContext


@dataclass(slots=True)
class Harvest:
    """Fills a report, step by step; steps come from several threads.

    Parameters
    ----------
    site
        The folder in which the report is built.
    kernels
        The folder in which each step's kernel works.
    steps
        All steps of the run.
    describe
        Returns what every page knows, given all steps: on a page only their order counts.
    keep_notebooks
        Whether executed notebooks belong to the report.
    """

    site: Path
    kernels: Path
    steps: Sequence[Step]
    describe: Callable[[Sequence[ExecutedStep]], SiteContext]
    keep_notebooks: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, step: Step, execution: Execution) -> None:
        """Put a step that ended, well or not, into the report."""
        load("mopsnb.run.site")
        from mopsnb.run.context import ExecutedStep
        from mopsnb.run.site import write_pages

        with self.lock:  # a secret that comes up meanwhile waits for `hide_secrets`
            redactor = find_redactor()
            with writing("the report", self.site.parent):
                if execution.status != "failed":
                    self._take_results(step.slug, execution, redactor)
                execution.notebook = redact_notebook(execution.notebook, redactor)
                execution.error = redactor(execution.error)
                if self.keep_notebooks:
                    self._keep_notebook(step.slug, execution)
            page = ExecutedStep(
                step, execution.notebook, execution.result, execution.status, execution.error, execution.cause
            )
            others = [ExecutedStep(other, None, None, "ok") for other in self.steps]
            write_pages(self.site, [page], self.describe(others))

    def hide_secrets(self) -> None:
        """Replace the secrets that are known now in what lies in the report already.

        A step may show a value that only a later one asks for. The later one gets it after this, so that a run that
        is killed leaves no value in what is filed of it.
        """
        with self.lock:
            redact_folder(self.site)

    def take_over(self, earlier: Earlier) -> dict[str, Execution]:
        """Put the steps of an earlier run into the report, and return what became of them."""
        found = {}
        for step in self.steps:
            if step.slug in earlier.results:
                with writing("the report", self.site.parent):
                    earlier.copy(step, self.steps, self.site, keep_notebook=self.keep_notebooks)
                result = dict(earlier.results[step.slug])
                empty = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
                found[step.slug] = Execution(empty, result["status"], result=result)
        return found

    def _take_results(self, slug: str, execution: Execution, redactor: Redactor) -> None:
        """Take over the tables that a result names, then the result, and nothing else."""
        try:
            execution.result = take_results(self.kernels / slug / "results", slug, self.site / "results", redactor)
        except StepError as error:  # it was sound when the notebook ended; a process of it goes on
            execution.status, execution.result = "failed", None
            execution.cause, execution.error = "result", str(error)

    def _keep_notebook(self, slug: str, execution: Execution) -> None:
        path = self.site / "notebooks" / f"{slug}.ipynb"
        path.parent.mkdir(exist_ok=True)
        text = nbformat.writes(execution.notebook)  # type: ignore[no-untyped-call]
        path.write_bytes((text + "\n").encode("utf-8", "replace"))
