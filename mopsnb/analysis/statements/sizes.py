"""How much a goal's statement asks for, and in which direction."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from mopsnb.analysis.statements.figures import NUMBER, NUMBER_WORDS, PARTS, Figure, read_figure

Kind = Literal["", "fraction", "points", "amount", "level"]
_PER = r"(?:\s+(?:per|a|each|every)\s+month|\s+monthly)?"
_NEARLY = r"(?:(?:about|around|roughly|at least|at most|a full|a)\s+)?"
_FROM_TO = re.compile(rf"(?:from\s+)?(?P<a>{NUMBER}){_PER}\s*(?:up |down )?(?:to|->|→|–)\s*{_NEARLY}(?P<b>{NUMBER})")
# "By two points to 34 %", "up 4 points to 39 %": the first figure is the step, the second where it leads.
_STEP_TO = re.compile(
    rf"(?:\b(?:by|another|up|down|plus|minus)\s+|[+−])\s*(?P<a>{NUMBER})\s*,?\s*(?:up |down )?(?:to|->|→)\s*"
    rf"(?P<b>{NUMBER})"
)
_INSTEAD = re.compile(rf"(?P<b>{NUMBER})(?P<gap>[^.;:\d]{{0,30}}?)\b(?:instead of|rather than)\s+(?P<a>{NUMBER})")
_TO_FROM = re.compile(rf"\bto\s+(?P<b>{NUMBER}){_PER},?\s+(?:up |down )?from\s+(?P<a>{NUMBER})")
_TO = re.compile(rf"\b(?:to|at|of|reach(?:es)?|than|within)\s+(?:at (?:least|most)\s+)?(?P<b>{NUMBER})")
_ANY = re.compile(NUMBER)
_BASE = re.compile(
    rf"(?:\b(?:from|instead of|compared (?:with|to)|versus|vs\.?|against|rather than|after|to the)\s+(?P<a>{NUMBER}))"
    rf"|(?P<a2>{NUMBER})(?:\s+\w+){{0,2}}\s+(?:today|now|currently|at present|at the moment|we [a-z]+ today)"
)
# "(2025 average: 2.5 %)", "(45 % today)": what stands in brackets beside such a word, or alone, is where it comes from.
_NOTE = r"(?:average|avg|mean|baseline|current(?:ly)?|now|today|at present|was|were|is|are|previously|so far|before)"
_NOTED = re.compile(
    rf"\([^()]*?\b{_NOTE}\b[^()\d]*(?P<a>{NUMBER})[^()]*\)|\(\s*(?P<a2>{NUMBER})\s*(?:{_NOTE}\b[^()\d]*)?\)"
)
# "45 a month, five more than today": the first figure is the level, the second how far it lies from today's.
_MORE_THAN = re.compile(
    rf",?\s*(?P<n>{NUMBER})\s+(?P<word>more|fewer|less|higher|lower)\s+than\s+"
    r"(?:today|now|currently|at present|before|we\b)"
)
_RANKED = re.compile(r"\btop[- ]\d+\b")  # "the top 10 landing pages" is no size
_PLUS, _MINUS = re.compile(r"(?:\+\s?|\bplus\s*)$"), re.compile(r"(?:(?:^|[\s(:])[-−–]|\bminus\s*)$")
_BY = re.compile(rf"\bby\s+(?:at least\s+|about\s+|another\s+)?(?P<n>{NUMBER})")
_MORE = re.compile(rf"(?P<n>{NUMBER})\s+(?P<word>more|additional|extra|fewer|less)\b|\badd\s+(?P<n2>{NUMBER})")
_PART = re.compile(
    rf"\b(?:by\s+)?(?P<count>an?|{'|'.join(NUMBER_WORDS)})\s+(?P<part>{'|'.join(PARTS)})s?\b(?!\s+(?:of|year))"
)
_FOLD = re.compile(
    rf"\b(?P<count>\d+|{'|'.join(NUMBER_WORDS)})[- ]?fold\b|\bmultipl(?:y|ied)\b.*?\bby\s+(?P<times>{NUMBER})"
    rf"|\b(?P<count2>\d+|{'|'.join(NUMBER_WORDS)})\s+times\b"
)
_FACTORS = {"doubl": 2.0, "twice": 2.0, "tripl": 3.0, "quadrupl": 4.0, "quintupl": 5.0, "halv": 0.5, "halve": 0.5}
_FACTOR = re.compile(rf"\b(?P<stem>{'|'.join(_FACTORS)})\w*")
_UP = (
    r"increas\w*|grow\w*|rais\w*|ris(?:e|es|ing)|climb\w*|boost\w*|lift\w*|expand\w*|gain\w*|win|generat\w*|more|higher|"
    r"add|additional|extra|up|maximi[sz]\w*|upward|multipl\w*|doubl\w*|tripl\w*|quadrupl\w*|quintupl\w*|\w*fold|open|drive|larger"
)
_DOWN = (
    r"reduc\w*|cut|cuts|cutting|lower\w*|decreas\w*|drop\w*|shrink\w*|shorten\w*|down|fewer|less|trim\w*|slash\w*|"
    r"fall\w*|sink\w*|declin\w*|minimi[sz]\w*|halv\w*|shorter|sooner|smaller"
)
_BETTER = r"improv\w*|better|optimi[sz]\w*|strengthen\w*|speed\w*|faster|enhanc\w*|quicker|slower"
_WAYS = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<better>{_BETTER}))\b")
Way = Literal["up", "down", "better", ""]


@dataclass(frozen=True, slots=True)
class Change:
    """What a statement asks for.

    Parameters
    ----------
    kind
        ``fraction`` (of the baseline), ``points`` (percentage points, or points of a rating), ``amount`` (in the
        metric's unit), ``level`` (a target, with or without a baseline), or empty where no size stands there.
    way
        ``up``, ``down``, ``better`` (the way that the catalogue calls better), or empty where the words name none.
    amount
        The size without a sign: 0.25 stands for 25 %; an amount is as written.
    baseline, target
        The levels that the statement names.
    words
        The words in which the size stands.
    """

    kind: Kind = ""
    way: Way = ""
    amount: float | None = None
    baseline: Figure | None = None
    target: Figure | None = None
    words: str = ""


def find_change(text: str) -> Change:
    """Return how much a statement asks for.

    Parameters
    ----------
    text
        The statement in small letters; what names the metric and the time is blanked out.

    Examples
    --------
    >>> find_change("increase             from email by 25 %            ").amount
    0.25
    >>> find_change("raise             from 4.0% to 4.4%").target.value
    4.4
    """
    text = _RANKED.sub(lambda found: " " * len(found[0]), text)
    more = _MORE_THAN.search(text)
    first = _ANY.search(text[: more.start()]) if more else None
    if more and first:
        level, gap = read_figure(first[0]), read_figure(more["n"])
        sign = 1 if more["word"] in ("more", "higher") else -1
        base = Figure(level.value - sign * gap.value, level.measure, f"{level.words} − {gap.words}")
        return Change("level", "up" if sign > 0 else "down", None, base, level, first[0].strip())
    step = _STEP_TO.search(text)
    if step and (change := _read_step(text, step)):
        return change
    instead = _INSTEAD.search(text)
    if instead and not _MORE.search(text):
        a, b = _share_unit(read_figure(instead["a"]), read_figure(instead["b"]))
        return Change("level", "up" if b.value > a.value else "down", None, a, b, instead[0].strip())
    for form in (_TO_FROM, _FROM_TO):
        match = form.search(text)
        if match:
            a, b = _share_unit(read_figure(match["a"]), read_figure(match["b"]))
            way: Way = "up" if b.value > a.value else "down" if b.value < a.value else ""
            return Change("level", way, None, a, b, match[0].strip())
    noted = _NOTED.search(text)
    if noted:
        rest = text[: noted.start()] + " " * (noted.end() - noted.start()) + text[noted.end() :]
        return _start_from(find_change(rest), read_figure(noted["a"] or noted["a2"]))
    return _find_factor(text) or _find_relative(text) or _find_amount(text) or Change("", _find_way(text, len(text)))


def _read_step(text: str, match: re.Match[str]) -> Change | None:
    """Return the level that a step leads to; where it starts is known of a step in points or in the level's unit."""
    step, target = read_figure(match["a"]), read_figure(match["b"])
    sign = -1 if _find_way(text, match.start() + 1) == "down" or match[0][0] == "−" else 1
    way: Way = "up" if sign > 0 else "down"
    if step.measure == "percent" and target.measure == "":
        return Change("level", way, None, None, target, match[0].strip())
    if step.measure == "points" or match[0].lower().startswith(("by", "another", "+", "−", "plus", "minus")):
        base = Figure(target.value - sign * step.value, target.measure, f"{target.words} − {step.words}")
        return Change("level", way, None, base, target, match[0].strip())
    return None


def _start_from(change: Change, base: Figure) -> Change:
    if change.baseline is not None or change.kind in ("", "amount"):
        return replace(change, baseline=change.baseline or (base if change.kind else None))
    if change.kind == "fraction" and base.measure == "percent" and _is_near(base.value, change.amount):
        return _start_from(Change("level", target=Figure(100 * (change.amount or 0), "percent", change.words)), base)
    if change.kind != "level" or change.target is None:
        return replace(change, baseline=base)
    base, target = _share_unit(base, change.target)
    way: Way = "up" if target.value > base.value else "down" if target.value < base.value else ""
    return replace(change, baseline=base, target=target, way=way)


def _is_near(base: float, share: float | None) -> bool:
    """Tell whether "58 % (55 % today)" speaks of two levels: a change as large as its level is rare."""
    return share is not None and base / 2 <= 100 * share <= base * 2


def _find_factor(text: str) -> Change | None:
    match = _FACTOR.search(text)
    if match:
        factor = next(value for stem, value in _FACTORS.items() if match["stem"] == stem)
        return Change("fraction", "up" if factor > 1 else "down", abs(factor - 1), words=match[0])
    fold = _FOLD.search(text)
    if not fold:
        return None
    factor = read_figure(fold["count"] or fold["count2"] or fold["times"]).value
    return Change("fraction", "up" if factor > 1 else "down", abs(factor - 1), words=fold[0].strip())


def _find_relative(text: str) -> Change | None:
    base = _BASE.search(text)
    taken = base.span("a" if base["a"] else "a2") if base else (-1, -1)
    for match in _ANY.finditer(text):
        figure = read_figure(match[0])
        if taken[0] < match.end() and match.start() < taken[1]:
            continue
        if figure.measure not in ("percent", "points"):
            continue
        before, after = text[: match.start()], text[match.end() :]
        if re.search(r"\b(?:to|at|reach|of)\s*(?:at (?:least|most)\s*)?$", before):
            continue
        if re.match(r"\s*of\s", after) and not re.search(r"\bby\s*$", before):
            continue  # "95 % of these" is a level
        follows = re.match(rf"\s*(?:{_UP}|{_DOWN}|{_BETTER}|growth|increase|reduction|decrease)\b", after)
        way = _find_way(after.strip().split(maxsplit=1)[0], 0) if follows else ""
        way = "up" if _PLUS.search(before) else "down" if _MINUS.search(before) else way
        way = way or _find_way(text, match.start()) or ("up" if re.match(r"\s*growth\b", after) else "")
        kind: Kind = "fraction" if figure.measure == "percent" else "points"
        return Change(kind, way, figure.value / 100 if kind == "fraction" else figure.value, words=figure.words)
    part = _PART.search(text)
    if part:
        amount = NUMBER_WORDS.get(part["count"], 1) / PARTS[part["part"]]
        return Change("fraction", _find_way(text, part.start()), amount, words=part[0].removeprefix("by ").strip())
    return None


def _find_amount(text: str) -> Change | None:
    base = _BASE.search(text)
    baseline = read_figure(base["a"] or base["a2"]) if base else None
    taken = base.span("a" if base["a"] else "a2") if base else (-1, -1)
    for form in (_MORE, _BY):
        match = form.search(text)
        if match:
            groups = match.groupdict()
            figure = read_figure(groups.get("n") or groups["n2"])
            word = groups.get("word") or ""
            way = _find_way(word, 0) if word else _find_way(text, match.end())
            return Change("amount", way, figure.value, baseline, None, match[0].strip())
    rest = [m for m in _ANY.finditer(text) if not (taken[0] < m.end() and m.start() < taken[1])]
    named = [m for m in _TO.finditer(text) if not (taken[0] < m.end("b") and m.start("b") < taken[1])]
    found = named[0]["b"] if named else rest[0][0] if baseline and rest else rest[0][0] if len(rest) == 1 else ""
    if not found:
        return None
    target = read_figure(found)
    if baseline:
        baseline, target = _share_unit(baseline, target)
        way = "up" if target.value > baseline.value else "down"
    else:
        way = _find_way(text, len(text))
    return Change("level", way, None, baseline, target, target.words)


def _share_unit(a: Figure, b: Figure) -> tuple[Figure, Figure]:
    """Return both figures in the unit that one of them names: "from 35 to 40 %"."""
    measure = a.measure or b.measure
    first, second = a.value, b.value
    for scale, letter in ((1e3, "k"), (1e6, "m")):
        if re.search(rf"\d\s?{letter}\b", b.words) and first * scale <= second * 10 and first < 1000:
            first *= scale
    return Figure(first, a.measure or measure, a.words), Figure(second, b.measure or measure, b.words)


def _find_way(text: str, place: int) -> Way:
    """Return the way of the last word of change before a place, else of the first after it."""
    found = list(_WAYS.finditer(text))
    before = [match for match in found if match.start() < place]
    chosen = before[-1] if before else found[0] if found else None
    if chosen is None:
        return ""
    return "up" if chosen["up"] else "down" if chosen["down"] else "better"
