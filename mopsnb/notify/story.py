"""What there is to tell of a run, read from its folder: every text is fit for a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mopsnb.findings import SEVERITIES
from mopsnb.run.causes import CAUSES, LOCKED, Cause

LEFT_OUT = "left_out"
# Why there was no run at all, where the runner's causes have no words for that.
_NO_RUN = {
    LEFT_OUT: Cause(
        0,
        "A run did not start in time, and nothing makes up for it.",
        "Find out why nothing called mopsnb at that time, or give the schedule a longer catch_up.",
    ),
    "input": replace(CAUSES["input"], fix="Correct the places named here. mopsnb check lists all."),
    "locked": Cause(
        LOCKED, "Another run held the workspace.", "Let the other run end, or move one of the two to another time."
    ),
}


@dataclass(frozen=True, slots=True)
class FailedStep:
    """A step that did not reach its end: its page, what happened, what to do, and the first line of its error."""

    step: str
    title: str
    cause: str
    what: str
    fix: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: a goal or a headline figure of a page, as text for people."""

    title: str
    value: str
    period: str
    target: str = ""
    status: str = ""
    status_words: str = ""


@dataclass(frozen=True, slots=True)
class FindingItem:
    """One finding, the page that it comes from, and whether the last good run did not have it."""

    id: str
    severity: str
    title: str
    evidence: str
    fix: str
    owner: str
    where: str
    step: str
    page_title: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """What there is to tell of one run.

    Parameters
    ----------
    workspace
        Its name.
    status
        Of the run: ``ok``, ``failed``, ``partial``, ``killed``, ``stopped``.
    exit_code, cause
        How the command line ended, or would have, and why; an empty cause where nothing went wrong.
    run
        The run's id, the name of its folder in ``runs/``; empty where the report has a folder of its own.
    is_sample
        Whether the data is the sample company's.
    as_of, data_through
        ISO days; empty where there are none.
    through
        The day through which there is data, as people write it.
    age_days
        How old the data was when the run ended; None where there is none.
    ended
        When the run ended, in UTC, as text.
    state
        Where the team stands: the sentences of the report's first page.
    failures
        Steps that did not reach their end.
    unrun
        Titles of steps that were not started.
    findings
        Each once: the most severe first, new ones before others of the same severity.
    resolved
        How many findings of the last good run are gone; None where there was no run to compare with.
    goals, figures
        Running goals, worst first, and headline figures in reading order.
    headline
        The headline figures as the results hold them, each with its ``step``.
    steps
        Step, title and status of every page, in the registry's order.
    """

    workspace: str
    status: str
    exit_code: int = 0
    cause: str = ""
    run: str = ""
    is_sample: bool = False
    as_of: str = ""
    data_through: str = ""
    through: str = ""
    age_days: int | None = None
    ended: str = ""
    state: Sequence[str] = ()
    failures: Sequence[FailedStep] = ()
    unrun: Sequence[str] = ()
    findings: Sequence[FindingItem] = ()
    resolved: int | None = None
    goals: Sequence[Figure] = ()
    figures: Sequence[Figure] = ()
    headline: Sequence[Mapping[str, Any]] = ()
    steps: Sequence[Mapping[str, str]] = field(default_factory=list)

    @property
    def has_failed(self) -> bool:
        """Whether anything but a good end is to be told."""
        return self.status != "ok"

    @property
    def is_left_out(self) -> bool:
        """Whether there was no run, because nothing called mopsnb in time."""
        return self.cause == LEFT_OUT

    @property
    def urgent(self) -> list[FindingItem]:
        """Errors and warnings."""
        return [item for item in self.findings if item.severity != "info"]

    def repeat(self) -> Story:
        """Return the story of a report that people know already: nothing in it is new."""
        findings = [replace(item, is_new=False) for item in self.findings]
        return replace(self, findings=findings, resolved=None)

    def count(self, severity: str) -> int:
        """Return how many findings have this severity."""
        return sum(item.severity == severity for item in self.findings)

    def select(self, severity: str, *, only_new: bool = False) -> list[FindingItem]:
        """Return the findings that are at least this severe."""
        least = SEVERITIES.index(severity)
        severe = [item for item in self.findings if SEVERITIES.index(item.severity) >= least]
        return [item for item in severe if item.is_new or not only_new]


def tell_of_refusal(workspace: str, message: str, exit_code: int, cause: str = "") -> Story:
    """Return the story of a run that left no report: refused before its first notebook, or unable to write.

    Parameters
    ----------
    workspace
        The workspace's name, or its folder's.
    message
        What the command line said.
    exit_code
        How the command line ended.
    cause
        A word of `mopsnb.run.causes`, ``left_out`` or ``locked``; empty where none fits.
    """
    from mopsnb.notify.wording import clean

    lines = [clean(line) for line in message.splitlines()]
    known = _NO_RUN.get(cause) or CAUSES.get(cause)
    what = known.title if known else "The run ended before its first notebook."
    fix = known.fix if known else ""
    failed = FailedStep("", "The whole run", cause, what, fix, "\n".join(line for line in lines[:6] if line))
    return Story(clean(workspace), "failed", exit_code, cause, failures=[failed])
