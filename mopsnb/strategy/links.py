"""What ties entries of the strategy file together: ids, references, parents, shares.

It works on the plain values, so that it finds its faults beside those of single keys in one pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mopsnb.strategy.models import TOLERANCE
from mopsnb.strategy.names import find_nearest
from mopsnb.strategy.syntax import Problem
from mopsnb.strategy.values import read_number

US = "marketing"  # the team whose file this is; an agreement may name it undeclared
_LISTS = (
    ("stakeholders",),
    ("needs",),
    ("agreements",),
    ("goals",),
    ("channels",),
    ("budget", "areas"),
    ("people",),
    ("tools",),
)
Path = tuple[str | int, ...]


def check_links(data: dict[str, Any]) -> list[Problem]:
    """Return ids that stand twice, references to nothing, circles of parents and shares that do not add up."""
    problems = [problem for path in _LISTS for problem in _find_duplicates(data, path)]
    stakeholders = _ids(data, ("stakeholders",))
    parties = [*stakeholders, *_ids(data, ("people",)), US]
    needs = _ids(data, ("needs",))
    goals, channels = _ids(data, ("goals",)), _ids(data, ("channels",))
    for path, goal in _entries(data, ("goals",)):
        named = goal.get("stakeholders")
        for position, word in enumerate(named if isinstance(named, list) else []):
            problems += _find_dangling((*path, "stakeholders", position), word, stakeholders, "a stakeholder")
        asked = goal.get("needs")
        for position, word in enumerate(asked if isinstance(asked, list) else []):
            problems += _find_dangling((*path, "needs", position), word, needs, "a need")
        problems += _find_dangling((*path, "parent"), goal.get("parent"), goals, "a goal")
    for path, talk in _entries(data, ("interviews",)):
        problems += _find_dangling((*path, "stakeholder"), talk.get("stakeholder"), stakeholders, "a stakeholder")
        ranked = talk.get("ranking")
        for position, word in enumerate(ranked if isinstance(ranked, list) else []):
            problems += _find_dangling((*path, "ranking", position), word, needs, "a need")
    for path, agreement in _entries(data, ("agreements",)):
        for side in ("provider", "consumer"):
            word = agreement.get(side)
            problems += _find_dangling((*path, side), word, parties, "a stakeholder or a person")
    for path, area in _entries(data, ("budget", "areas")):
        problems += _find_dangling((*path, "channel"), area.get("channel"), channels, "a channel")
    return [*problems, *_find_circles(data), *_check_shares(data)]


def _entries(data: dict[str, Any], path: Sequence[str]) -> Iterator[tuple[Path, dict[str, Any]]]:
    found: Any = data
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    for position, entry in enumerate(found if isinstance(found, list) else []):
        if isinstance(entry, dict):
            yield (*path, position), entry


def _ids(data: dict[str, Any], path: Sequence[str]) -> list[str]:
    return [entry["id"] for _, entry in _entries(data, path) if isinstance(entry.get("id"), str)]


def _find_duplicates(data: dict[str, Any], path: Sequence[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, entry in _entries(data, path):
        word = entry.get("id")
        if isinstance(word, str) and word in seen:
            yield Problem((*place, "id"), "an id that no other entry of the list has", "Choose another id.")
        elif isinstance(word, str):
            seen.add(word)


def _find_dangling(path: Path, word: Any, known: Sequence[str], what: str) -> Iterator[Problem]:
    known = list(dict.fromkeys(known))
    if isinstance(word, str) and word not in known:
        choices = f" ({', '.join(known[:8])}{', …' if len(known) > 8 else ''})" if known else ""
        fix = find_nearest(word, known) or f"Declare '{word}', or correct the id."
        yield Problem(path, f"the id of {what} of this file{choices}", fix)


def _find_circles(data: dict[str, Any]) -> Iterator[Problem]:
    parents = {
        goal["id"]: goal.get("parent") for _, goal in _entries(data, ("goals",)) if isinstance(goal.get("id"), str)
    }
    reported: set[str] = set()
    for path, goal in _entries(data, ("goals",)):
        first = goal.get("id")
        if not isinstance(first, str) or first in reported:
            continue
        chain, current = [first], parents[first]
        while isinstance(current, str) and current in parents and current not in chain:
            chain.append(current)
            current = parents[current]
        if current == first:
            reported.update(chain)
            circle = " → ".join([*chain, first])
            yield Problem((*path, "parent"), "a parent that does not lead back to this goal",
                          f"Remove one parent of the circle {circle}.")  # fmt: skip


def _check_shares(data: dict[str, Any]) -> Iterator[Problem]:
    areas = list(_entries(data, ("budget", "areas")))
    try:
        total = sum(read_number(str(area.get("share"))) for _, area in areas)
    except ValueError:
        return  # a share that is no number is a fault of its own
    if total > 1 + TOLERANCE:
        fix = "Lower the shares. Less than 1 is fine: the rest is not allocated yet."
        yield Problem(("budget", "areas"), "shares that sum to at most 1", fix, f"{total:.6g} in total")
