"""Findings: what needs attention, in the one shape that every step returns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal, get_args

Severity = Literal["info", "warning", "error"]
SEVERITIES: tuple[str, ...] = get_args(Severity)  # mildest first


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that needs attention.

    Parameters
    ----------
    id
        Stable between runs: the same problem has the same id tomorrow. Lower-case words
        joined by ``.`` and ``-``, for example ``freshness.email_event``.
    severity
        ``error`` (a number or a promise is broken), ``warning`` (look at it this week)
        or ``info`` (good to know).
    title
        What is wrong, in one sentence.
    evidence
        The numbers that show it, with their units.
    fix
        The proposed next action: one imperative sentence.
    owner
        Who acts: the name of a person, team or stakeholder; empty where nobody is named.
    where
        What it is about: a table, goal, channel or page.
    """

    id: str
    severity: Severity
    title: str
    evidence: str = ""
    fix: str = ""
    owner: str = ""
    where: str = ""

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            raise ValueError(f"severity is {self.severity!r}, expected one of {SEVERITIES}")
        if self.id != make_id(*self.id.split(".")):
            raise ValueError(f"id {self.id!r} is not made of lower-case words, '.', '_' and '-'")

    def to_dict(self) -> dict[str, str]:
        """Return the finding as plain values for JSON."""
        return asdict(self)


def make_id(*parts: str) -> str:
    """Join words to a stable finding id.

    Examples
    --------
    >>> make_id("goals", "No stakeholder", "Clicks 2026")
    'goals.no-stakeholder.clicks-2026'
    """
    words = (re.sub(r"[^\w]+", "-", part.casefold()).strip("-") for part in parts)
    return ".".join(word or "x" for word in words)


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with the most severe first; those of one severity keep their order, the most important first."""
    return sorted(findings, key=lambda f: -SEVERITIES.index(f.severity))
