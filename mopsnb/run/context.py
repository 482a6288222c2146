"""What the site is written from: executed steps, and what every page knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from babel.dates import format_date
from nbformat import NotebookNode

from mopsnb.steps import Step
from mopsnb.view.formats import Formats, is_known, to_date


@dataclass(frozen=True)
class ExecutedStep:
    """A step after its run.

    Parameters
    ----------
    step
        The step.
    notebook
        The notebook as far as it was executed; None where it could not be read.
    result
        What ``results/<step>.json`` holds; None where the notebook wrote nothing.
    status
        ``ok``, ``no_data`` or ``failed``.
    error, cause
        Why it failed, in words, and as one of `mopsnb.run.causes`.
    """

    step: Step
    notebook: NotebookNode | None
    result: Mapping[str, Any] | None
    status: Literal["ok", "no_data", "failed"]
    error: str = ""
    cause: str = ""


@dataclass(frozen=True)
class SiteContext:
    """What every page knows.

    Parameters
    ----------
    name
        The organization.
    is_sample
        Whether the data is the sample company's.
    as_of
        The day that the figures are as of.
    data_through
        The latest day that the data covers; None where there is none.
    currency
        ISO code; None where no money is shown.
    locale
        Of figures and dates, for example ``en_US``.
    stale_after_days
        From which age on the data counts as stale.
    steps
        Every step of the run, in the registry's order.
    changes
        ``new`` and ``resolved`` against the previous run: finding ids, or findings as in the results.
        Empty: there was no previous run.
    people
        The names of people and stakeholders by their ids.
    coordinator
        The name of whom everything without an owner falls to; empty where the strategy names nobody.
    """

    name: str
    is_sample: bool
    as_of: date | None
    data_through: date | None
    currency: str | None
    locale: str
    stale_after_days: int
    steps: Sequence[ExecutedStep] = ()
    changes: Mapping[str, Sequence[str | Mapping[str, Any]]] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    coordinator: str = ""

    @property
    def formats(self) -> Formats:
        """How figures are written."""
        return Formats(self.locale, self.currency)

    def show_day(self, day: Any) -> str:
        """Return a day in full, ``September 30, 2026``; empty where there is none."""
        return str(format_date(to_date(day), "long", locale=self.locale)) if is_known(day) else ""

    def name_person(self, person: str) -> str:
        """Return the name that belongs to an id, or the id where none is known."""
        return self.people.get(person, person)
