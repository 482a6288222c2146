"""How one character, or a value made of them, is spelled in a text: escaped, encoded, or wrapped at white space."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus

from mopsnb.secrets.spread import JOINT

_BREAK = r"(?:\r?\n|\\n)?"  # base64 is often broken into lines


def find_needle(text: str) -> str:
    """Return the longest run of a text that no encoding changes."""
    return max(re.findall(r"[A-Za-z0-9]+", text), key=len, default="")


def spell_all(value: str) -> str:
    """Return a pattern for a value; any white space stands for white space inside it, for libraries wrap lines."""
    words = re.split(r"(?<=\S)(\s+)(?=\S)", value)
    spaces = ["|".join(_spell(char) for char in sorted(set(word))) for word in words[1::2]]
    spaces = [rf"(?:\s|{JOINT}|&nbsp;|&#160;|{forms})+" for forms in spaces]
    spelled = ["".join(map(_spell, word)) for word in words[::2]]
    return "".join(part for pair in zip(spelled, [*spaces, ""]) for part in pair)


@lru_cache(maxsize=1024)
def _spell(char: str) -> str:
    """Return a pattern for a character in all its encodings, one inside another included."""
    if char.isascii() and char.isalnum():
        return char
    forms = {char}
    for _ in range(2):
        forms |= {encoded for form in forms for encoded in _encode(form)}
    forms |= {f"&#{ord(char)};", f"&#x{ord(char):x};", f"&#x{ord(char):X};"}
    if char == "\n":
        forms |= {"\r\n", "<br>", "<br/>", "<br />"}
    return "(?:" + "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form))) + ")"


@lru_cache(maxsize=1024)
def compile_char(char: str) -> re.Pattern[str]:
    """Return the pattern of a character in all its encodings, in any case."""
    return re.compile(_spell(char), re.IGNORECASE)


def spell_base64(text: str) -> str:
    """Return a pattern for base64, in either of its alphabets, broken into lines or not."""
    others = {"+": f"(?:{_spell('+')}|-)", "/": f"(?:{_spell('/')}|_)"}
    return _BREAK.join(others.get(char, char) for char in text)


def _encode(text: str) -> Iterator[str]:
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield text.replace("/", "\\/")
    yield text.replace("\\", "\\\\").replace("'", "\\'")
    yield text.encode("unicode_escape", "surrogatepass").decode("ascii")
    yield from (html.escape(text), html.escape(text, quote=False), text.replace('"', "&#34;").replace("'", "&#39;"))
    yield text.replace("'", "&apos;")
    yield f"\\{text}"  # as in Markdown and in patterns
    yield from (quote(text, safe="", errors="replace"), quote_plus(text, errors="replace"))
    yield quote(text, safe="", errors="replace").lower()
