"""What a goal's statement says: how many outcomes, where, and how much."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

_VERBS = (
    *("increas", "grow", "rais", "boost", "lift", "improv", "expand", "gain", "win", "reduc", "cut", "lower"),
    *(
        "decreas",
        "drop",
        "shrink",
        "shorten",
        "halv",
        "doubl",
        "tripl",
        "reach",
        "achiev",
        "attain",
        "keep",
        "hold",
        "maintain",
    ),
    *("get", "generat", "deliver", "bring", "acquir", "retain", "convert", "sell", "earn", "sav"),
)
_OUTCOMES = (
    *("click", "lead", "open", "visit", "visitor", "session", "signup", "registration", "download", "deal"),
    *("customer", "revenue", "pipeline", "churn", "conversion", "rate", "spend", "spending", "cost", "roi", "roas"),
    *("booking", "order", "subscriber", "unsubscribe", "complaint", "bounce", "impression", "follower", "attendee"),
    *("traffic", "awareness", "engagement", "satisfaction", "retention", "margin", "profit", "mql", "sql", "demo"),
    *("opportunity", "opportunitie", "meeting", "view", "share", "score", "value", "time", "budget"),
)
_CHANNELS = (
    *("email", "e-mail", "newsletter", "search", "social", "paid", "organic", "webinar", "event", "print", "mail"),
    *("web", "website", "blog", "partner", "display", "video", "ad", "ads", "advertising", "landing page", "referral"),
    *("linkedin", "facebook", "google", "instagram", "youtube", "tiktok", "podcast", "sms", "affiliate", "direct"),
)
# Names that mean a channel wherever they stand; "search" or "event" may mean something else.
_PLAIN_CHANNELS = (
    *("email", "newsletter", "webinar", "social media", "linkedin", "facebook", "google ads", "instagram", "youtube"),
    *("tiktok", "podcast", "sms", "paid search", "organic search", "paid social", "trade show", "direct mail"),
)
_VERB = re.compile(rf"\b(?:{'|'.join(_VERBS)})(?:e|es|ed|ing|s|n|ning|ping|ting|ns)?\b", re.IGNORECASE)
_OUTCOME = re.compile(rf"\b(?:{'|'.join(_OUTCOMES)})s?\b", re.IGNORECASE)
# What follows these words says how, why or within which bounds; it is no outcome of its own.
_TAIL = re.compile(
    r"(?<![-\w])(?:without|while (?!(?:also |at the same time )?(?:bring|cut|rais|lower|reduc|increas|grow|boost|lift|"
    r"shorten|improv)\w*)|by (?=\w+ing\b)|through|via|thanks to|so that|in order to|because|"
    r"(?<=\w )to (?=[a-z]+\b(?! \d)))"
    r"[^.;]*",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?<![-\w])(?:from|in|on|for|among|across|through|via|with|at|by|within|until|to|of)\b", re.IGNORECASE
)
_NUMBER = r"(\d[\d,]*(?:\.\d+)?)"
_PERCENT = re.compile(
    rf"\bby\s+(?:at least\s+|about\s+|up to\s+)?{_NUMBER}\s*(?:%|percent\b|per cent\b)(?!\s*-?points?)", re.I
)
_POINTS = re.compile(
    rf"\bby\s+(?:at least\s+|about\s+)?{_NUMBER}\s*(?:%[- ]points?|percentage[- ]points?|pp\b|points?\b)", re.I
)
_MORE = re.compile(rf"{_NUMBER}\s*(?:%|percent|per cent)\s+(?:more|less|fewer|higher|lower)\b", re.I)
_FACTOR = {"double": 1.0, "doubling": 1.0, "triple": 2.0, "tripling": 2.0, "halve": -0.5, "halving": -0.5}
_ANY_SIZE = re.compile(rf"{_NUMBER}|\b(?:double|triple|halve|twice|zero)", re.IGNORECASE)
_GENERIC = frozenset({"total", "rate", "number", "count", "of", "from", "per", "the", "on", "new", "average", "unique"})


@dataclass(frozen=True, slots=True)
class Size:
    """How much a statement asks for.

    Parameters
    ----------
    kind
        ``fraction``: of the baseline. ``points``: percentage points.
    value
        As a fraction: 0.25 stands for 25% or 25 points. Without a sign, unless the statement says halve.
    text
        The words in which it stands.
    """

    kind: Literal["fraction", "points"]
    value: float
    text: str


def find_size(statement: str) -> Size | None:
    """Return the change that a statement asks for, where it names one relative to the baseline.

    Examples
    --------
    >>> find_size("Increase total clicks from email by 25% in one year")
    Size(kind='fraction', value=0.25, text='25%')
    """
    match = _POINTS.search(statement)
    if match:
        return Size("points", _read(match[1]) / 100, f"{match[1]} points")
    match = _PERCENT.search(statement) or _MORE.search(statement)
    if match:
        return Size("fraction", _read(match[1]) / 100, f"{match[1]}%")
    for word in re.findall(r"[a-z]+", statement.casefold()):
        if word in _FACTOR:
            return Size("fraction", _FACTOR[word], word)
    return None


def names_size(statement: str) -> bool:
    """Tell whether any amount stands in a statement."""
    return bool(_ANY_SIZE.search(statement))


def split_outcomes(statement: str) -> list[str]:
    """Return the parts of a statement that each ask for an outcome of their own; one part or none is fine.

    Two outcomes are two verbs of change joined by "and", two amounts joined by "and", or two things that change under
    one verb. What follows "without", "by improving" or "in order to" says how or why and does not count.

    Examples
    --------
    >>> split_outcomes("Increase leads by 10% and cut cost per lead by 5%")
    ['Increase leads by 10%', 'cut cost per lead by 5%']
    >>> split_outcomes("Increase revenue from new and existing customers by 10%")
    ['Increase revenue from new and existing customers by 10%']
    """
    core = _TAIL.sub("", statement).strip()
    parts = [part.strip(" ,.;") for part in re.split(r"\band\b|&|;|\bplus\b|\bas well as\b|\bwhile\b", core)]
    acting = [part for part in parts if _VERB.search(part)]
    if len(acting) > 1:
        return acting
    sized = [part for part in parts if _PERCENT.search(part) or _POINTS.search(part)]
    if len(sized) > 1:
        return sized
    if acting:
        # Only what stands before the first "from", "in" or "by" changes; the rest says where and how much.
        head = _PLACE.split(core, maxsplit=1)[0]
        things = [part.strip(" ,.;") for part in re.split(r"\band\b|&|,(?!\d)|\bplus\b|\bas well as\b", head)]
        changing = [thing for thing in things if _OUTCOME.search(thing)]
        if len(changing) > 1:
            return changing
    return [core] if core else []


def find_channels(statement: str, channels: Iterable[str] = ()) -> list[str]:
    """Return the channels that a statement limits itself to, in the order of the alphabet.

    What follows "by improving" or "through" says how and limits nothing.

    Parameters
    ----------
    statement
        The goal in words.
    channels
        Further names of channels, from the strategy.

    Examples
    --------
    >>> find_channels("Win 40 leads from webinars and LinkedIn")
    ['linkedin', 'webinar']
    """
    core = _TAIL.sub("", statement)
    known = sorted({*_PLAIN_CHANNELS, *(name.casefold().replace("_", " ") for name in channels if name)})
    found = [name for name in known if re.search(rf"\b{re.escape(name)}s?\b", core, re.IGNORECASE)]
    return [name for name in found if not any(name in other for other in found if other != name)]


def names_metric(statement: str, name: str, title: str) -> bool:
    """Tell whether a statement names what changes: a word of the metric that is neither general nor a channel.

    Examples
    --------
    >>> names_metric("Increase total clicks from email by 25%", "total_clicks", "Total clicks from email")
    True
    >>> names_metric("Do better in email", "total_clicks", "Total clicks from email")
    False
    """
    said = {_stem(word) for word in re.findall(r"[a-z]+", statement.casefold())}
    words = {_stem(word) for word in re.findall(r"[a-z]+", f"{name} {title}".casefold()) if word not in _GENERIC}
    telling = words - {_stem(channel) for channel in _CHANNELS}
    return bool(said & (telling or words))


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _read(number: str) -> float:
    return float(number.replace(",", ""))
