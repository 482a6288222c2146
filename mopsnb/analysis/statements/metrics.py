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
_ANSWER = r"\b(?:answer|reply to|reply|respond to|respond|follow up|contact|call back)\w*\b"
_TURN = r"\b(?:turn|become|convert|go on|move on)\w*\b"
_DEEDS = tuple(
    (name, re.compile(form))
    for name, form in (
        ("content_published", r"\bpublish\w*\b[^.;:]{0,30}?\b(?P<thing>content)\b"),
        ("emails_delivered", r"\bdeliver\w*\b[^.;:]{0,25}?\b(?P<thing>e ?mails|mailings|newsletters)\b"),
        ("emails_sent", r"\bsend\w*\b[^.;:]{0,25}?\b(?P<thing>e ?mails|mailings|newsletters)\b"),
        ("mql_to_sql_rate", rf"\b(?P<thing>mqls?\b[^.;:%]{{0,20}}?{_TURN}[^.;:%]{{0,20}}?\bsqls?)\b"),
        (
            "lead_response_rate",
            rf"{_ANSWER}[^.;:]{{0,12}}?(?:%|percent|share)\s?(?:of )?(?:\w+ ){{0,2}}?(?P<thing>leads?)\b",
        ),
        ("lead_response_rate", rf"(?:%|percent|share) of (?:\w+ ){{0,2}}?(?P<thing>leads?)\b[^.;:]{{0,20}}?{_ANSWER}"),
        (
            "lead_response_hours",
            rf"{_ANSWER}(?: to)?\s(?:\w+ ){{0,3}}?(?P<thing>leads?)\b"
            r"(?=.*\b(?:hours?|hrs?|h|minutes?|time|faster|quicker|sooner)\b)",
        ),
        (
            "lead_response_hours",
            rf"\b(?:hours?|time)\b[^.;:]{{0,20}}?{_ANSWER}(?: to)?\s(?:\w+ ){{0,3}}?(?P<thing>leads?)\b",
        ),
    )
)
# "Hard bounces as a share of emails sent": what follows is the base of a rate, not a second metric.
_BASE = re.compile(
    r"\b(?:as an? (?:share|part|percentage|proportion) of|in (?:percent|%) of|per)\s+(?:the |all |our )?$"
)


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
    others
        Metrics that are called so too, where one has the words for its title.
    """

    metrics: tuple[str, ...]
    words: str
    place: tuple[int, int]
    others: tuple[str, ...] = ()


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
        many = re.escape(phrase.removesuffix("s") if " " in phrase else phrase)  # "one more new customer"
        for match in compile_pattern(rf"(?<!\w){many}(?:s(?!\w)|(?!\w))").finditer(plain):
            if not any(match.start() < end and start < match.end() for start, end in (m.place for m in found)):
                chosen, namesakes = _settle(phrase, names, plain, catalogue)
                found.append(Mention(chosen, text[match.start() : match.end()], match.span(), namesakes))
    for name, form in _DEEDS:
        deed = form.search(plain)
        if deed and name in catalogue.index and not any(name in mention.metrics for mention in found):
            start, end = deed.span("thing")
            found = [mention for mention in found if not (start < mention.place[1] and mention.place[0] < end)]
            found.append(Mention((name,), deed["thing"], (start, end)))
    others = [match.span() for match in _OTHER.finditer(plain)]
    found = [m for m in found if not any(a < m.place[0] and m.place[1] <= b for a, b in others)]
    found.sort(key=lambda mention: mention.place)
    return _drop_parts(plain, [m for m in found if m is found[0] or not _BASE.search(plain[: m.place[0]])])


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


def _settle(
    phrase: str, names: tuple[str, ...], text: str, catalogue: pd.DataFrame
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the metrics that a phrase means in a text, and those that it might mean elsewhere."""
    if len(names) < 2 or "table" not in catalogue:
        return names, ()
    tables = [table for table, words in _TABLES.items() if re.search(rf"\b(?:{words})\b", text)]
    fitting = tuple(n for n in names if any(table in str(catalogue.loc[n, "table"]) for table in tables))
    # One metric has the words for its title; the others are called so beside their own.
    titled = tuple(n for n in names if _flatten(str(catalogue.loc[n, "title"]).casefold()).strip() == phrase)
    if fitting or not titled:
        return fitting or names, ()
    return titled, tuple(name for name in names if name not in titled)


def _drop_parts(text: str, found: list[Mention]) -> list[Mention]:
    """Leave out a single word that only says what another metric is about: leads, in "lead response time".

    A word with a figure of its own behind it stays: "leads +12 %, cost per lead −8 %".
    """
    kept = []
    for mention in found:
        stem = mention.words.removesuffix("s")
        others = [other.words for other in found if other is not mention and len(other.words) > len(mention.words)]
        has_figure = re.match(r"\s*(?:by\s+)?[+−]?\s?\d+(?:\.\d+)?\s?%", text[mention.place[1] :])
        if (
            has_figure
            or " " in mention.words.strip()
            or not any(compile_pattern(rf"\b{re.escape(stem)}").search(other) for other in others)
        ):
            kept.append(mention)
    return kept


def _flatten(text: str) -> str:
    return re.sub(r"[-‐–_/]", " ", text)
