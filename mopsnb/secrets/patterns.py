"""How a value looks in a text: as it is, escaped, encoded, cut off, or as a part that is as telling as the whole."""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from mopsnb.secrets.spelling import compile_char, find_needle, spell_all, spell_base64
from mopsnb.secrets.spread import JOINT, read_through

SHORTEST = 4  # characters of a value that is looked for
_SAFE = 8  # from so many on a find is no accident: any case counts, and any place inside other base64
_TELLING = 16  # characters of a line or an address's path that is looked for on its own
_ELLIPSIS = re.compile(r"\.\.\.|…|\\u2026|&hellip;|&#8230;")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#@:]*:(.+)@[^@]*", re.DOTALL)
# A database's schema is often a plain word, such as "marketing", that stands everywhere in a report.
_NO_SECRET = {"schema", "sslmode", "sslrootcert", "application_name", "client_encoding", "connect_timeout", "channel"}


@dataclass(frozen=True, slots=True)
class Look:
    """One way that a value may look.

    Parameters
    ----------
    pattern
        What matches it, or a reference, which stays.
    needle
        A text that is in every match; empty: none is known. Looking for it first is fast.
    any_case
        Whether the needle is in lower case.
    is_spread
        Whether its characters may stand apart, see `mopsnb.secrets.spread`.
    """

    pattern: re.Pattern[str]
    needle: str
    any_case: bool
    reference: str
    is_spread: bool = False

    def replace(self, text: str) -> str:
        """Return the text with the reference in the place of each match."""
        return self.pattern.sub(lambda found: found[0] if found["kept"] else self.reference, text)

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield where each match begins and ends, and the reference."""
        for found in self.pattern.finditer(text):
            if not found["kept"]:
                yield found.start(), found.end(), self.reference


@dataclass(frozen=True, slots=True)
class CutLook:
    """The beginning of a value with dots behind it, and maybe its end, as tables and charts cut long texts off.

    Parameters
    ----------
    pattern
        What matches the value's first characters, or a reference, which stays.
    rest
        What matches each character after them.
    needle
        A text that is in every match.
    """

    pattern: re.Pattern[str]
    rest: Sequence[re.Pattern[str]]
    needle: str
    reference: str
    any_case: bool = True
    is_spread: bool = True

    def replace(self, text: str) -> str:
        """Return the text with the reference in the place of each match, in front of the dots."""
        parts, at = [], 0
        for begin, end, words in self.find(text):
            parts += [text[at:begin], words]
            at = end
        return "".join([*parts, text[at:]])

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield where each beginning begins and ends, and the reference; and where an end behind its dots stands."""
        at = 0
        for found in self.pattern.finditer(text):
            end = None if found["kept"] or found.start() < at else self._find_end(text, found.end())
            if end is not None:
                yield found.start(), end, self.reference
                dots = _ELLIPSIS.match(text, end)
                begin = dots.end() if dots else end
                at = self._skip_tail(text, begin)
                if at > begin:
                    yield begin, at, ""

    def _skip_tail(self, text: str, begin: int) -> int:
        """Return where the longest end of the value that begins at a place ends; the place where none does."""
        for first in range(1, len(self.rest) - SHORTEST + 1):
            at = begin
            for pattern in self.rest[first:]:
                found = pattern.match(text, at)
                if found is None:
                    break
                at = found.end()
            else:
                return at
        return begin

    def _find_end(self, text: str, at: int) -> int | None:
        for pattern in self.rest:
            if _ELLIPSIS.match(text, at):
                return at
            found = pattern.match(text, at)
            if found is None:
                return None
            at = found.end()
        return None


class Redactor:
    """Puts references in the place of values.

    Parameters
    ----------
    known
        References by value.

    Examples
    --------
    >>> Redactor({"p&ss/word": "secret://warehouse"})("?key=p%26ss%2Fword or p&amp;ss/word")
    '?key=secret://warehouse or secret://warehouse'
    """

    def __init__(self, known: Mapping[str, str]) -> None:
        parts: dict[str, str] = {}
        for value, reference in sorted(known.items(), key=lambda item: (-len(item[0]), item[0])):
            for part in _list_parts(value):
                if len(part) >= SHORTEST:
                    parts.setdefault(part, reference)
        kept = "|".join(re.escape(reference) for reference in sorted(set(known.values()), key=len, reverse=True))
        ordered = sorted(parts.items(), key=lambda item: (-len(item[0]), item[0]))
        self._looks = [
            look for part, reference in ordered for look in _list_looks(part, reference, kept, is_whole=part in known)
        ]

    def __bool__(self) -> bool:
        return bool(self._looks)

    def __call__(self, text: str) -> str:
        """Return a text in which references stand for values."""
        if not self._looks or len(text) < SHORTEST:
            return text
        flat = text.replace("\\n", "").replace("\r", "").replace("\n", "")
        lower = text.lower() + flat.lower()
        for look in self._looks:
            if look.needle in (lower if look.any_case else flat):
                text = look.replace(text)
        return self._read_through(text)

    def _read_through(self, text: str) -> str:
        """Return a text without the values whose characters stand apart in it."""
        for is_markup in (False, True):
            if plain := read_through(text, is_markup=is_markup):
                lower = plain.text.lower()
                looks = [look for look in self._looks if look.is_spread and look.needle in lower]
                text = plain.replace([place for look in looks for place in look.find(plain.text)])
        return text

    def redact_joined(self, texts: Sequence[str]) -> list[str]:
        """Return texts that a reader sees as one, such as the lines of a title, without values; as many as came."""
        if any(JOINT in text for text in texts):
            return [self(text) for text in texts]
        clean = self(JOINT.join(texts)).split(JOINT)
        return [*clean, *[""] * (len(texts) - len(clean))]  # what hid white space between two stands in one


def _list_parts(value: str) -> Iterator[str]:
    """Yield the value and what of it tells as much: an address's password and path, the lines of a key."""
    yield value
    yield value.strip()
    lines = value.splitlines()
    if len(lines) > 1:
        yield from (line.strip() for line in lines if len(line.strip()) >= _TELLING)
    if found := _ADDRESS.fullmatch(value):
        yield from (found[1], unquote(found[1]))
    try:
        address = urlsplit(value)
    except ValueError:
        return
    if not address.netloc:
        return
    if found and "@" not in address.netloc:  # a character of the password ends what libraries take for the host
        yield from (part for part in (address.netloc, address.netloc.partition(":")[2]) if len(part) >= _SAFE)
    path = address.path + ("?" + address.query if address.query else "")
    if len(path) >= _TELLING:
        yield path
    pairs = parse_qsl(address.query)
    yield from (text for key, text in pairs if len(text) >= _SAFE and key.lower() not in _NO_SECRET)


def _list_looks(value: str, reference: str, kept: str, *, is_whole: bool) -> Iterator[Look | CutLook]:
    is_safe = len(value) >= _SAFE
    yield replace(_make_look(spell_all(value), find_needle(value), is_safe, reference, kept), is_spread=is_safe)
    if len(value) >= _SAFE + 4:
        start = _make_look(spell_all(value[:_SAFE]), find_needle(value[:_SAFE]), True, reference, kept)
        yield CutLook(start.pattern, [compile_char(char) for char in value[_SAFE:]], start.needle, reference)
    if is_safe:
        for slug in _list_slugs(value):
            yield _make_look(re.escape(slug), find_needle(slug), True, reference, kept)
    raw = value.encode("utf-8", "surrogatepass")
    yield _make_look(raw.hex(), raw.hex(), True, reference, kept)
    cores = _list_cores(raw)
    if is_whole:
        texts = (json.dumps(value), json.dumps(value, ensure_ascii=False))
        escaped = {*(text[1:-1] for text in texts), quote(value, safe="", errors="replace")}
        cores |= {core for form in escaped for core in _list_cores(form.encode("utf-8", "surrogatepass"))}
    for core in sorted(cores, key=lambda core: (-len(core), core)):
        spelled = spell_base64(core)
        if len(raw) < _SAFE:
            spelled = rf"(?<![A-Za-z0-9+/_-]){spelled}(?![A-Za-z0-9+/_-])"
        yield _make_look(spelled, find_needle(core), False, reference, kept)


def _make_look(spelled: str, needle: str, any_case: bool, reference: str, kept: str) -> Look:
    flags = re.IGNORECASE if any_case else 0
    pattern = re.compile(f"(?P<kept>{kept})|(?:{spelled})", flags)
    return Look(pattern, needle.lower() if any_case else needle, any_case, reference)


def _list_slugs(value: str) -> set[str]:
    """Return what ids of pages and charts make of a value: words in lower case, joined by dashes."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode().replace("'", "")
    slugs = {re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") for text in (plain, value)}
    return {slug for slug in slugs if len(slug) >= _SAFE and slug != value.casefold()}


def _list_cores(raw: bytes) -> set[str]:
    """Return what base64 makes of the bytes at each of the three places where they may begin."""
    if len(raw) < _SAFE:
        return {base64.b64encode(raw).decode().rstrip("=")}
    cores = set()
    for offset, cut in ((0, 0), (1, 2), (2, 3)):  # the first characters hold bits of what stands before
        text = base64.b64encode(bytes(offset) + raw).decode()
        cores.add(text[cut : (offset + len(raw)) * 8 // 6])
    return cores
