"""Which metric of the catalogue a statement speaks of, by its names, titles and synonyms."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mopsnb.analysis.statements.patterns import compile_pattern

# Where a word may mean several metrics, the place that the statement names decides: the table that measures it.
_TABLES = {
    "email_event": r"emails?|e mails?|newsletters?|mailings?|nurture|promotional mail",
    "ad_daily": r"ads?|advertising|paid|linkedin|google|facebook|bing|display|search ads|campaigns on",
    "web_daily": r"web|website|site|landing pages?",
    "content": r"content|blog|posts?|articles?",
}
# "The quality of leads" is no number of leads; "share of voice" is no share of ours.
_OTHER = re.compile(r"\b(?:quality|value|happiness|satisfaction|share|morale|size) of (?:the |our |all )?[a-z]+")
# A verb may tell which number a thing stands for: content alone is no metric, content that is published is.
_DEEDS = (("content_published", re.compile(r"\bpublish\w*\b[^.;:]{0,30}?\b(?P<thing>content)\b")),)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a statement names a metric.

    Parameters
    ----------
    metrics
        The metrics that the words may mean, in the catalogue's order; more than one is ambiguous.
    words
        The words.
    place
        Where they stand.
    """

    metrics: tuple[str, ...]
    words: str
    place: tuple[int, int]


def find_mentions(text: str, catalogue: pd.DataFrame) -> list[Mention]:
    """Return where a statement names metrics, in its order.

    The longest name wins. A word that several metrics share means the one whose data the statement names, if any.

    Parameters
    ----------
    text
        The statement in small letters.
    catalogue
        Index: metric. Columns title and table; synonyms where known.
    """
    plain = _flatten(text)
    found: list[Mention] = []
    for phrase, names in _list_phrases(catalogue).items():
        for match in compile_pattern(rf"(?<!\w){re.escape(phrase)}(?:s(?!\w)|(?!\w))").finditer(plain):
            if not any(match.start() < end and start < match.end() for start, end in (m.place for m in found)):
                found.append(Mention(_settle(names, plain, catalogue), text[match.start() : match.end()], match.span()))
    for name, form in _DEEDS:
        deed = form.search(plain)
        if deed and name in catalogue.index and not any(name in mention.metrics for mention in found):
            found.append(Mention((name,), deed["thing"], deed.span("thing")))
    others = [match.span() for match in _OTHER.finditer(plain)]
    found = [m for m in found if not any(a < m.place[0] and m.place[1] <= b for a, b in others)]
    found.sort(key=lambda mention: mention.place)
    return _drop_parts(found)


def _list_phrases(catalogue: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return what metrics are called, the longest first, with the metrics that share each phrase."""
    phrases: dict[str, list[str]] = {}
    synonyms: dict[Hashable, Any] = catalogue["synonyms"].to_dict() if "synonyms" in catalogue else {}
    for name, title in catalogue["title"].to_dict().items():
        for words in (str(name), str(title), *synonyms.get(name, ())):
            known = phrases.setdefault(_flatten(words.casefold()).strip(), [])
            if name not in known:
                known.append(str(name))
    ranked = sorted(phrases.items(), key=lambda item: (-len(item[0]), item[0]))
    return {phrase: tuple(names) for phrase, names in ranked}


def _settle(names: tuple[str, ...], text: str, catalogue: pd.DataFrame) -> tuple[str, ...]:
    if len(names) < 2 or "table" not in catalogue:
        return names
    tables = [table for table, words in _TABLES.items() if re.search(rf"\b(?:{words})\b", text)]
    fitting = tuple(n for n in names if any(table in str(catalogue.loc[n, "table"]) for table in tables))
    return fitting or names


def _drop_parts(found: list[Mention]) -> list[Mention]:
    """Leave out a single word that only says what another metric is about: leads, in "lead response time"."""
    kept = []
    for mention in found:
        stem = mention.words.removesuffix("s")
        others = [other.words for other in found if other is not mention and len(other.words) > len(mention.words)]
        if " " in mention.words.strip() or not any(
            compile_pattern(rf"\b{re.escape(stem)}").search(other) for other in others
        ):
            kept.append(mention)
    return kept


def _flatten(text: str) -> str:
    return re.sub(r"[-‐–_/]", " ", text)
