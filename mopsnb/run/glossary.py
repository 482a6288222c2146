"""The glossary: which of its words a page uses, and the page of documentation.

Write ``docs/glossary.md`` anew with ``python -m mopsnb.run.glossary > docs/glossary.md``.
"""

from __future__ import annotations

import html
import re
import sys
from dataclasses import dataclass
from functools import cache

from mopsnb.run.words import WORDS

_HIDDEN = re.compile(r"<(script|style|template)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_COMMON = frozenset(
    {"measure", "need", "report", "run", "step"}
)  # words of everyday speech: on each page, in other senses
_EXTRA = re.compile(r"\s*\(([^()]+)\)$")  # "marketing qualified lead (MQL)" has two names
INTRODUCTION = """\
# Glossary

Words as this project uses them. Each page of a report ends with those that it uses. Metrics have a page of their own:
[Metrics](metrics.md). This page is written from `mopsnb/run/words.py`; a test keeps the two alike.

| Term | Meaning |
|---|---|
"""


@dataclass(frozen=True, slots=True)
class Word:
    """A term and its meaning, in plain text."""

    term: str
    meaning: str


def find_words(page: str) -> list[Word]:
    """Return the words of the glossary that a page shows, in their order.

    Parameters
    ----------
    page
        HTML. What stands in tags, scripts and styles does not count.

    Examples
    --------
    >>> [word.term for word in find_words("<p title='signal'>Forecasts with an interval.</p>")]
    ['forecast', 'interval']
    """
    pattern, terms = _compile()
    text = html.unescape(_HIDDEN.sub(" ", page))
    used = {terms[found.casefold()] for found in set(pattern.findall(text))}
    return [Word(term, _write_plainly(meaning)) for term, meaning in WORDS.items() if term in used]


def _write_plainly(meaning: str) -> str:
    """Return a meaning without Markdown: a page links to no file of the documentation."""
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", meaning).replace("`", "")


def describe_glossary() -> str:
    """Return the page of documentation as Markdown."""
    return INTRODUCTION + "".join(f"| {term} | {meaning} |\n" for term, meaning in WORDS.items())


@cache
def _compile() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds a term in a text, and the term that each of its forms belongs to."""
    terms = {form.casefold(): term for term in WORDS if term not in _COMMON for form in _list_forms(term)}
    longest = sorted(terms, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE), terms


def _list_forms(term: str) -> list[str]:
    extra = _EXTRA.search(term)
    names = [*_EXTRA.sub("", term).split(", "), *([extra[1]] if extra else [])]
    return [form for name in names for form in (name, f"{name}s", name[:-1] + "ies" if name.endswith("y") else name)]


if __name__ == "__main__":
    sys.stdout.write(describe_glossary())
