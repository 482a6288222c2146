"""What a notebook that stopped before its end tells its reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from mopsnb import errors
from mopsnb.findings import Finding, make_id
from mopsnb.run.causes import CAUSES, Cause
from mopsnb.run.cells import add_tag, change, list_code
from mopsnb.run.request import StepOutcome
from mopsnb.steps import Step

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_KEPT_LINES = 60  # of what a cell printed: the last lines say most


STOP_TAG = "stopped-here"


@dataclass(frozen=True, slots=True)
class Unrun:
    """A code cell that did not run: its number among the code cells and its first line."""

    number: int
    first_line: str


@dataclass(frozen=True, slots=True)
class Failure:
    """What the template ``failure.html.j2`` shows.

    Parameters
    ----------
    cause
        Why it stopped, in words.
    kind
        What kind of failure it is, as a short sentence; empty where that says no more.
    fix
        What a person does about it.
    place
        Which cell stopped it.
    rest
        What became of the cells after it.
    source
        The cell's code.
    printed
        What the cell printed before it stopped.
    details
        The traceback, for whoever maintains the notebook.
    not_run
        The code cells that did not run.
    """

    cause: str
    place: str
    rest: str
    source: str = ""
    printed: str = ""
    details: str = ""
    not_run: Sequence[Unrun] = ()
    kind: str = ""
    fix: str = ""


def report_failure(step: Step, cause: str, error: str) -> Finding:
    """Return the finding that a step stopped before its end."""
    kind = CAUSES.get(cause, CAUSES["cell"])
    return Finding(
        make_id("run", step.slug, "failed"),
        "error",
        f"The page '{step.title}' stopped before its end.",
        error.partition("\n")[0] or kind.title,
        kind.fix,
        where=step.slug,
    )


def report_failures(steps: Sequence[StepOutcome]) -> list[dict[str, str]]:
    """Return a finding for each step that failed, as plain values."""
    failed = (item for item in steps if item.status == "failed")
    return [report_failure(item.step, item.cause, item.error).to_dict() for item in failed]


def is_failure(finding: str) -> bool:
    """Return whether a finding's id is that of a step that stopped before its end."""
    return finding.startswith("run.") and finding.endswith(".failed")


def describe_failure(notebook: NotebookNode, error: str = "", cause: str = "") -> Failure:
    """Find where a notebook stopped and say why.

    Parameters
    ----------
    notebook
        The notebook as far as it was executed. A cell that ran has an execution count or outputs.
    error
        What the runner says about the cause; empty: the failing cell's own error.
    cause
        Its kind, one of `mopsnb.run.causes`.
    """
    kind = CAUSES[cause] if cause in CAUSES else Cause(0, "", "")
    code = list_code(notebook)
    at = _find_stop(code)
    if at is None:
        return Failure(
            cause=error or "The notebook could not be started.",
            place="It stopped before its first cell.",
            rest=_count_rest(len(code)),
            not_run=[Unrun(number, _first_line(cell)) for number, cell in enumerate(code, 1)],
            kind=kind.title,
            fix=kind.fix,
        )
    cell, rest = code[at], code[at + 1 :]
    raised = _find_error(cell)
    inside = "in" if raised is not None else "in or after"
    return Failure(
        cause=error or _explain(raised),
        place=f"It stopped {inside} code cell {at + 1} of {len(code)}.",
        rest=_count_rest(len(rest)),
        source=cell.source,
        printed=_read_printed(cell),
        details=clean_text("\n".join(raised.get("traceback", []))) if raised else "",
        not_run=[Unrun(number, _first_line(cell)) for number, cell in enumerate(rest, at + 2)],
        kind=kind.title,
        fix=kind.fix,
    )


def mark_stop(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook in which the code cell that stopped it, and no other, carries ``STOP_TAG``."""
    code = list_code(notebook)
    at = _find_stop(code)
    stops = code[:1] if at is None else [code[at]]
    cells = [add_tag(cell, STOP_TAG) if any(cell is stop for stop in stops) else cell for cell in notebook.cells]
    return change(notebook, cells=cells)


def clean_text(text: str) -> str:
    """Return terminal output without its color codes."""
    return _ANSI.sub("", text).strip("\n")


def _find_stop(code: Sequence[NotebookNode]) -> int | None:
    ran = [at for at, cell in enumerate(code) if cell.get("execution_count") is not None or cell.get("outputs")]
    failed = [at for at in ran if _find_error(code[at]) is not None]
    return failed[0] if failed else (ran[-1] if ran else None)


def _find_error(cell: NotebookNode) -> NotebookNode | None:
    return next((output for output in cell.get("outputs", []) if output.output_type == "error"), None)


def _explain(raised: NotebookNode | None) -> str:
    if raised is None:
        return "The notebook's process ended without a word. The machine may have run out of memory."
    name, text = str(raised.get("ename", "")), clean_text(str(raised.get("evalue", "")))
    if isinstance(known := getattr(errors, name, None), type) and issubclass(known, errors.MopsnbError):
        return text
    if name == "MemoryError":
        return "The notebook ran out of memory."
    if name == "KeyboardInterrupt":
        return "The run was interrupted."
    return f"The notebook's code raised an error that it does not expect: {name}{': ' if text else ''}{text}"


def _read_printed(cell: NotebookNode) -> str:
    streams = (output.text for output in cell.get("outputs", []) if output.output_type == "stream")
    lines = clean_text("".join("".join(text) for text in streams)).splitlines()
    return "\n".join(lines[-_KEPT_LINES:])


def _first_line(cell: NotebookNode) -> str:
    return str(cell.source.strip().splitlines()[0])


def _count_rest(count: int) -> str:
    if count == 0:
        return "No cell comes after it."
    return f"{count} {'cell' if count == 1 else 'cells'} after it did not run, so figures and charts are missing below."
