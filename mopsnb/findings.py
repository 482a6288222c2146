"""Findings: what needs attention, in the one shape that every step returns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal, get_args

Severity = Literal["info", "warning", "error"]
SEVERITIES: tuple[str, ...] = get_args(Severity)  # mildest first
WITHIN = {"error": 7, "warning": 14}  # days after the report's day to act; what is good to know needs no date
Stake = Literal["", "result"]
STAKES: tuple[str, ...] = get_args(Stake)  # the smaller first


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
    stake
        ``result`` where a goal, a promise to a colleague or money is off its mark, or the data that tell of them have
        stopped; empty where lists, files or definitions need care. Of one severity, results come first.
    period
        The time that the evidence speaks of: a day (``2026-09-30``), a month (``2026-09``) or a span
        (``2026-07-01/2026-09-30``). Empty: the day that figures are as of.
    due
        The day after which nothing can be done any more, such as a goal's deadline: ``2026-12-31``. Empty where there
        is no such day.
    section
        The heading, on the step's page, under which the rows that it is about are listed: ``Which promises were
        broken``. Empty where there is no such list.
    cost
        What is known of its cost, where the evidence holds no amount of money; or that it is not in the data, and
        what would tell. A sentence.
    """

    id: str
    severity: Severity
    title: str
    evidence: str = ""
    fix: str = ""
    owner: str = ""
    where: str = ""
    stake: Stake = ""
    period: str = ""
    due: str = ""
    section: str = ""
    cost: str = ""

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            raise ValueError(f"severity is {self.severity!r}, expected one of {SEVERITIES}")
        if self.stake not in STAKES:
            raise ValueError(f"stake is {self.stake!r}, expected one of {STAKES}")
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
    """Return findings with the most severe first, and of one severity results first; the rest keeps its order.

    A step lists its most important first.
    """
    return sorted(findings, key=lambda f: (-SEVERITIES.index(f.severity), -STAKES.index(f.stake)))
