"""The parts of a statement that say which larger goal and whom it serves: they are no part of the change."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mopsnb.analysis.statements.calendar import MONTH_NAMES
from mopsnb.analysis.statements.patterns import compile_pattern
from mopsnb.strategy import Goal, Strategy

Place = tuple[int, int]
_LINK = (
    r"(?:in support of|in line with|as part of|support(?:s|ed|ing)?|contribut(?:es?|ing)(?: directly)? to|"
    r"feed(?:s|ing)?(?: into)?|aligned (?:with|to)|linked to|tied to|under|towards?|serv(?:es?|ing)|parent(?: goal)?)"
)
_FOR = r"(?:(?:for|on behalf of|stakeholders?\s*:|(?:requested|asked for|wanted) by|agreed with|promised to)\s+)"
_NO_NAME = frozenset(
    {"goal", "goals", "target", "targets", "objective", "plan", "year", "quarter", "half", "until", "from"}
)
_COLLEAGUES = r"(?:the |our |all )?(?:(?:colleagues|friends|people|team)(?: in| from| of)?\s+(?:the\s+)?)?"


def name_parents(goal: Goal) -> list[tuple[str, bool]]:
    """Return what a goal may be called in another's statement, and whether the name is clear without a linking word.

    A goal is called by its id or by what its own statement says before a colon. The second stands for itself where it
    names a year ("Revenue 2026"); an id may be any word, so it needs words such as "in support of" before it.
    """
    names = [(goal.id.casefold().replace("-", " ").replace("_", " "), False)]
    head, colon, _ = goal.statement.casefold().partition(":")
    if colon and 0 < len(head.split()) <= 4:
        words = [
            word for word in re.findall(r"[a-z]{4,}", head) if word not in _NO_NAME and word[:3] not in MONTH_NAMES
        ]
        names.insert(0, (head.strip(), bool(words and re.search(r"\b20\d\d\b", head))))
    return names


def find_parents(text: str, strategy: Strategy) -> Iterator[tuple[Goal, Place]]:
    """Yield the goals that a statement in small letters says it serves, with the place that says so."""
    for goal in strategy.goals:
        if " ".join(goal.statement.casefold().split()) == " ".join(text.split()):
            continue  # a goal does not serve itself
        for name, is_clear in name_parents(goal):
            words = rf"{re.escape(name)}\b(?:\W{{0,2}}20\d\d\b)?(?:\W{{0,2}}\s?(?:goal|target|objective)\b)?"
            words += r"(?:\s*\([^()]*\))?"  # what the larger goal asks for is no part of this one
            link = (
                rf"(?:\b{_LINK}\b\s*:?\s*(?:the |our )?(?:parent )?(?:goal |target |objective )?(?:of |on )?[\"'“‘]?)"
            )
            match = compile_pattern(rf"{link}{'?' if is_clear else ''}\b{words}").search(text)
            if match:
                yield goal, match.span()
                break


def find_served(text: str, strategy: Strategy) -> Iterator[Place]:
    """Yield the places of a statement in small letters that say for whom it is: "requested by Leadership"."""
    for person in strategy.stakeholders:
        for name in {person.name.casefold(), person.id.casefold().replace("-", " ").replace("_", " ")} - {""}:
            words = rf"\b{_FOR}{_COLLEAGUES}{re.escape(name)}\b(?: team\b| department\b)?(?!\s*(?:qualified|cycle))"
            yield from (match.span() for match in compile_pattern(words).finditer(text))
