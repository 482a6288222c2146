"""Reads a goal's statement: metric, scope, size, direction, time and whom it serves, and what it leaves open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mopsnb.analysis.smart_statement import find_channels
from mopsnb.analysis.statements.aims import find_parents, find_served
from mopsnb.analysis.statements.metrics import Mention, find_mentions
from mopsnb.analysis.statements.patterns import compile_pattern
from mopsnb.analysis.statements.periods import Period, find_period
from mopsnb.analysis.statements.sizes import Change, find_change
from mopsnb.strategy import Strategy

# What follows these words says why, how or for whom; the change itself stands before them.
_WHY = re.compile(
    r"(?:;(?!.*\d)|\bso that\b|\bso we\b|\bin order to\b|\bto (?:support|help|enable|serve)\b|\bbecause\b|\bsince\b|"
    r"\bin support of\b|\bas part of\b|\btowards? (?:our|the)\b|\bjust\b)"
)
_MONTHLY = re.compile(r"\b(?:per|a|each|every)\s+month\b|\bmonthly\b|/\s?month\b")
_LIMIT = re.compile(
    r"\b(?:from|on|in|for|among|across|via|through|of|at) (?:the |our |all )?(?!total|today|least|most|month|them|it\b)"
    r"[a-z][a-z-]+(?: (?!by\b|up\b|down\b|as\b|to\b|from\b|and\b)[a-z][a-z-]+)?"
)
# A sentence may open with the reason: "to help customer success, reduce …", "for the sales team, grow …".
_OPENING = re.compile(
    r"^[\s,]*(?:and\s+)?(?:to (?:help|support|enable|serve)|for|in support of|as part of|in line with|as agreed with|"
    r"because|since|so that|in order to)\b[^,]*,"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a statement says.

    Parameters
    ----------
    mentions
        Where it names metrics; what stands after "so that" or "because" is left out.
    change
        How much, and in which direction.
    period
        From when to when.
    is_monthly
        Whether its figures are those of one month.
    channels
        The channels that it names: ids of the strategy where one is declared, else its words.
    limits
        What else seems to limit it ("from partners") and is no channel.
    stakeholders, parent
        Whom and which goal it says it serves: ids of the strategy.
    """

    mentions: tuple[Mention, ...]
    change: Change
    period: Period
    is_monthly: bool
    channels: tuple[str, ...]
    limits: tuple[str, ...]
    stakeholders: tuple[str, ...]
    parent: str | None

    @property
    def metric(self) -> str:
        """The one metric that it names; empty where it names none, several, or one that may be several."""
        names = {name for mention in self.mentions for name in mention.metrics}
        return names.pop() if len(names) == 1 else ""


def read_statement(statement: str, strategy: Strategy, catalogue: pd.DataFrame, today: date) -> Reading:
    """Return what a goal's statement says, without any guess: what it leaves open stays empty.

    Parameters
    ----------
    statement
        The goal in one sentence.
    strategy
        Its stakeholders, goals and channels are looked for by name and id.
    catalogue
        Index: metric. Columns title, table; synonyms where known.
    today
        The last day of the data: "in one year" starts on the day after it.
    """
    text = re.sub(r"\s", " ", statement.casefold())
    parents = [(goal.id, place) for goal, place in find_parents(text, strategy)]
    core = _cut_reason(_blank(text, [place for _, place in parents] + list(find_served(text, strategy))))
    mentions = tuple(find_mentions(core, catalogue))
    period = find_period(core, today, strategy.organization.fiscal_year_start)
    bare = _blank(core, [mention.place for mention in mentions] + list(period.places))
    channels = _find_channels(core, strategy)
    return Reading(
        mentions,
        find_change(bare),
        period,
        bool(_MONTHLY.search(core)),
        channels,
        _find_limits(bare, channels),
        _find_stakeholders(text, strategy, catalogue),
        _find_parent(text, strategy) or (parents[0][0] if parents else None),
    )


def _cut_reason(text: str) -> str:
    """Blank the part of a statement that says why, so that places stay the same."""
    while opening := _OPENING.match(text):
        text = " " * opening.end() + text[opening.end() :]
    match = _WHY.search(text)
    return text[: match.start()] + " " * (len(text) - match.start()) if match else text


def _blank(text: str, places: list[tuple[int, int]]) -> str:
    letters = list(text)
    for start, end in places:
        letters[start:end] = " " * (end - start)
    return "".join(letters)


def _find_channels(text: str, strategy: Strategy) -> tuple[str, ...]:
    ids = {name.casefold(): channel.id for channel in strategy.channels for name in (channel.name, channel.id)}
    found = find_channels(text, ids)
    return tuple(dict.fromkeys(ids.get(name, ids.get(f"{name}s", name.replace(" ", "_"))) for name in found))


def _find_limits(bare: str, channels: tuple[str, ...]) -> tuple[str, ...]:
    """Return what follows a word of place, apart from channels; the metric and the time are blanked out."""
    named = {name.replace("_", " ").rstrip("s") for name in channels}
    found = (match[0].strip() for match in _LIMIT.finditer(bare))
    return tuple(words for words in found if not any(name in words for name in named))


def _find_stakeholders(text: str, strategy: Strategy, catalogue: pd.DataFrame) -> tuple[str, ...]:
    # "Sales qualified leads" and "sales cycle" name metrics, not whom they are for.
    plain = _blank(text, [mention.place for mention in find_mentions(text, catalogue)])
    found = []
    for person in strategy.stakeholders:
        names = {person.name.casefold(), person.id.casefold().replace("-", " ").replace("_", " ")} - {""}
        if any(compile_pattern(rf"\b{re.escape(name)}\b").search(plain) for name in names):
            found.append(person.id)
    return tuple(found)


def _find_parent(text: str, strategy: Strategy) -> str | None:
    for goal in strategy.goals:
        name = re.escape(goal.id.casefold().replace("-", " ").replace("_", " "))
        pattern = rf"\b{name}\b\W*(?:20\d\d)?\W*(?:goal|target|objective)\b"
        pattern += rf"|\b(?:goal|target|objective)\W+(?:of\s+|on\s+)?\W*{name}\b"
        if re.search(pattern, text):
            return goal.id
    return None
