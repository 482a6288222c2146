"""The registry of step notebooks: one row a notebook, one question a row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from mopsnb.errors import UsageError, suggest

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
GROUPS = {
    "overview": "Overview",
    "plan": "Plan, each quarter",
    "run": "Run, each week",
    "measure": "Measure, each month",
    "maintain": "Maintain, each quarter",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A notebook that answers one question.

    Parameters
    ----------
    slug
        The step's id and the notebook's file name.
    group
        The folder, named by how often the answer is needed.
    title
        The page's name in the table of contents.
    question
        What the notebook answers.
    needs
        Tables without which it has no answer. One of them is enough; empty: the strategy file alone.
    uses
        Tables that it reads where they exist.
    any_metric
        Whether it shows the metrics that goals name and those that the workspace defines, on whatever table.
    """

    slug: str
    group: str
    title: str
    question: str
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    any_metric: bool = False

    def __post_init__(self) -> None:
        """Refuse an id that would lead out of a folder: it names files and addresses.

        Raises
        ------
        UsageError
            The id or the group holds more than lower-case letters, digits, ``_`` and ``-``.
        """
        for name in (self.slug, self.group):
            if not _ID.fullmatch(name):
                raise UsageError(f"'{name}' cannot be a step's id or group. Use a-z, 0-9, '_' and '-'.")

    @property
    def notebook(self) -> Path:
        """The notebook's path below the folder of notebooks."""
        return Path(self.group) / f"{self.slug}.ipynb"


STEPS: tuple[Step, ...] = (
    Step(
        slug="goals",
        group="plan",
        title="Goals",
        question="What do we want for whom, and will we get there?",
        uses=("email_event", "ad_daily", "spend_actual", "contact", "stage_event", "deal", "task"),
        any_metric=True,
    ),
    Step(
        slug="budget_pacing",
        group="run",
        title="Budget pacing",
        question="Are we spending as planned?",
        needs=("ad_daily", "spend_actual"),
        uses=("budget_plan", "campaign", "fx_rate"),
    ),
    Step(
        slug="service_levels",
        group="run",
        title="Service levels",
        question="Do we keep our promises to each other?",
        needs=("service_event",),
    ),
    Step(
        slug="metrics",
        group="measure",
        title="Metrics",
        question="What do our numbers say, and is it signal or noise?",
        needs=("email_event", "ad_daily", "spend_actual", "contact", "deal"),
        uses=("stage_event", "fx_rate", "campaign", "campaign_map"),
        any_metric=True,
    ),
    Step(
        slug="lead_scoring",
        group="measure",
        title="Lead scoring",
        question="Whom to call first?",
        needs=("contact",),
    ),
)


def find_step(slug: str) -> Step:
    """Return the step with this id.

    Raises
    ------
    UsageError
        There is no such step; the message names the nearest and lists all.
    """
    for step in STEPS:
        if step.slug == slug:
            return step
    slugs = [step.slug for step in STEPS]
    hint = suggest(slug, slugs)
    raise UsageError(f"There is no step '{slug}'. {hint} The steps are: {', '.join(slugs)}.".replace("  ", " "))


def select_steps(slugs: str = "", group: str = "") -> tuple[Step, ...]:
    """Return the steps that a run asks for, in the registry's order.

    Parameters
    ----------
    slugs
        Ids joined by commas; empty: all.
    group
        A group's name; empty: all groups.

    Raises
    ------
    UsageError
        An id or the group does not exist, or both together leave nothing.
    """
    if group and group not in GROUPS:
        hint = suggest(group, GROUPS)
        raise UsageError(f"There is no group '{group}'. {hint} The groups are: {', '.join(GROUPS)}.".replace("  ", " "))
    asked = [slug.strip() for slug in slugs.split(",") if slug.strip()]
    named = {find_step(slug).slug for slug in asked}
    chosen = tuple(s for s in STEPS if (not named or s.slug in named) and (not group or s.group == group))
    if not chosen:
        raise UsageError(f"No step to run: the selection {slugs or 'all'} holds nothing of the group '{group}'.")
    return chosen
