"""Whatever is done to a secret on its way into a text, its reference stands there in the end."""

from __future__ import annotations

import base64
import html
import json
import re
import reprlib
import textwrap
from urllib.parse import quote, quote_plus, urlsplit

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mopsnb.secrets.patterns import Redactor

pytestmark = pytest.mark.slow

NASTY = "p&ss \"w/rd'<b>\\n\té+=%2F"
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=4, max_size=24)
AROUND = st.text("xyz .,;:", max_size=6)


def hide(text: str, value: str, name: str = "x") -> str:
    return Redactor({value: f"secret://{name}"})(text)


WAYS = {
    "as it is": lambda value: value,
    "JSON": lambda value: json.dumps(value)[1:-1],
    "JSON in UTF-8": lambda value: json.dumps(value, ensure_ascii=False)[1:-1],
    "JSON in JSON": lambda value: json.dumps(json.dumps(value))[3:-3],
    "repr": lambda value: repr(value)[1:-1],
    "ascii": lambda value: ascii(value)[1:-1],
    "HTML": html.escape,
    "HTML without quotes": lambda value: html.escape(value, quote=False),
    "JSON in HTML": lambda value: html.escape(json.dumps(value)[1:-1]),
    "percent": quote,
    "percent, nothing safe": lambda value: quote(value, safe=""),
    "a form": quote_plus,
    "hex": lambda value: value.encode().hex(),
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64 for addresses": lambda value: base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
}


@pytest.mark.parametrize("way", WAYS)
@given(value=VALUES, before=AROUND, after=AROUND)
@settings(max_examples=30)
def test_a_value_is_found_however_it_is_escaped(way: str, value: str, before: str, after: str) -> None:
    assume(value.strip(".,;: xyz") and not value.isspace())
    spelled = WAYS[way](value)
    assume("secret://x" not in spelled)
    clean = hide(f"{before} {spelled} {after}", value)
    assert "secret://x" in clean
    assert value not in clean.replace("secret://x", "")


@pytest.mark.parametrize("way", WAYS)
def test_a_value_of_difficult_characters_leaves_nothing_behind(way: str) -> None:
    clean = hide(f"[{WAYS[way](NASTY)}]", NASTY)
    assert clean.rstrip("=]").removesuffix("8") in ("[secret://x", "[secret://xr", "[secret://xv", "[secret://x0")


@given(
    before=st.binary(max_size=5),
    value=st.text("abcdefgh0123&+/é", min_size=8, max_size=20),
    after=st.binary(max_size=5),
)
@settings(max_examples=150)
def test_a_value_inside_other_base64_is_found_wherever_it_begins(before: bytes, value: str, after: bytes) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode, base64.encodebytes):
        text = encode(before + value.encode() + after).decode()
        assert "secret://x" in hide(text, value)


@given(VALUES)
@settings(max_examples=100)
def test_to_redact_twice_is_to_redact_once(value: str) -> None:
    once = hide(f"a {value} b {quote(value)}", value)
    assert hide(once, value) == once


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_a_text_without_a_secret_stays_as_it_is(text: str) -> None:
    value = "tok3n-Ab12_Zz"
    assume(value.lower() not in text.lower())
    assert hide(text, value) == text


def test_three_characters_are_too_few_to_look_for() -> None:
    assert hide("abc abcd", "abc") == "abc abcd"
    assert hide("abc abcd", "abcd") == "abc secret://x"


def test_the_longest_of_several_values_wins() -> None:
    redact = Redactor({"hunter22": "secret://a", "hunter22-prod": "secret://b"})
    assert redact("hunter22 hunter22-prod") == "secret://a secret://b"


def test_a_name_that_holds_a_value_is_left_alone() -> None:
    redact = Redactor({"warehouse": "secret://warehouse", "house": "secret://house"})
    assert redact("warehouse secret://warehouse house") == "secret://warehouse secret://warehouse secret://house"


@pytest.mark.parametrize("dots", ["...", "…", "&hellip;", "\\u2026"])
def test_the_beginning_of_a_value_that_was_cut_off_is_found(dots: str) -> None:
    value = "postgresql://reader:s3cr3t&more@db.example/warehouse"
    assert hide(f"<td>{value[:30]}{dots}</td>", value) == f"<td>secret://x{dots}</td>"
    assert hide(f"<td>{html.escape(value[:30])}{dots}</td>", value) == f"<td>secret://x{dots}</td>"
    assert hide("postgresql://reader of all things...", value) == "postgresql://reader of all things..."


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("postgresql://reader:p%40ss-word@db.example/warehouse", "p@ss-word"),
        ("postgresql://reader:p%40ss-word@db.example/warehouse", "p%40ss-word"),
        ("redis://:only-a-password@cache", "only-a-password"),
        ("https://hooks.example/services/T000/B000/abcdef", "/services/T000/B000/abcdef"),
        ("https://hooks.example/send?token=abcdefgh", "abcdefgh"),
        ("-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END KEY-----", "MIIEvQIBADANBgkqhkiG9w0B"),
        ("  padded-value\n", "padded-value"),
    ],
)
def test_a_part_that_tells_as_much_as_the_whole_is_found(value: str, part: str) -> None:
    assert hide(f"failed for {part} again", value) == "failed for secret://x again"


def test_a_schema_and_a_setting_of_an_address_stay_words() -> None:
    """A schema is often called as the report's own words are; the address as a whole is found all the same."""
    value = "postgresql://reader:s3cr3t@db.example/warehouse?schema=marketing&sslmode=verify-full&key=abcdefgh"
    words = "marketing goals are verify-full"
    assert hide(f"{words} {value} abcdefgh", value) == f"{words} secret://x secret://x"


def test_an_id_made_of_a_value_is_found() -> None:
    assert hide('<h2 id="spend-from-tok3n-ab12-zz-99">', "Tok3n_Ab12:Zz.99") == '<h2 id="spend-from-secret://x">'


def test_other_cases_of_a_long_value_are_found() -> None:
    assert hide("HUNTER22-PROD hunter22-prod", "Hunter22-Prod") == "secret://x secret://x"
    assert hide("ABCD", "abcd") == "ABCD"


def color(value: str) -> str:
    return "".join(f"\x1b[3{at % 7}m{letter}\x1b[0m" for at, letter in enumerate(value))


APART = {
    "colored": color,
    "colored, in JSON": lambda value: json.dumps(color(value))[1:-1],
    "wrapped": lambda value: "\n    ".join(textwrap.wrap(value, 5)),
    "wrapped in HTML": lambda value: f"<b>{value[:6]}</b>\r\n<i>{html.escape(value[6:])}</i>",
    "between tags": lambda value: "".join(f"<span class='n'>{html.escape(letter)}</span>" for letter in value),
    "with a place to break": lambda value: f"{value[:5]}<wbr>{value[5:9]}&shy;{value[9:]}\u200b",
    "as numbers": lambda value: "".join(f"&#{ord(letter)};" for letter in value),
    "as other numbers": lambda value: "".join(f"&#x{ord(letter):X};" for letter in value),
    "colored and cut off": lambda value: f"{color(value[:12])}...",
    "as in Markdown": lambda value: re.sub(r"([^\w]|_)", r"\\\1", value),
}


@pytest.mark.parametrize("way", APART)
@pytest.mark.parametrize("value", ["tok3n-Ab12_Zz.99", "p&ss/w(rd)+more=4"])
def test_a_value_whose_characters_stand_apart_is_found(way: str, value: str) -> None:
    clean = hide(f"<p>seen {APART[way](value)} today</p>", value)
    assert "seen" in clean
    assert "secret://x" in clean
    assert "today</p>" in clean
    seen = html.unescape(re.sub(r"<[^<>]*>|\\u001b\[\d+m|\x1b\[\d+m|\s+", "", clean))
    assert seen.removesuffix("today").rstrip("\xad\u200b.") == "seensecret://x"


@given(st.text("ab<>\n\x1b[0m;&#9. ", max_size=40), st.integers(0, 3))
@settings(max_examples=150)
def test_what_stands_between_characters_stays_where_no_value_is(text: str, copies: int) -> None:
    value = "tok3n-Ab12_Zz.99"
    parts = [text, *["".join(f"<b>{letter}</b>" for letter in value), text] * copies]
    clean = hide("".join(parts), value)
    assert clean.count("secret://x") == copies
    assert clean.replace("secret://x", "").count("<b>") == "".join(parts).count("<b>")
    assert clean.startswith(text)


def test_lines_that_a_reader_sees_as_one_are_looked_at_as_one() -> None:
    redact = Redactor({"tok3n-Ab12_Zz.99": "secret://x", "correct horse  battery": "secret://y"})
    assert redact.redact_joined(["Spend from tok3n-", "Ab12_Zz.99 rises"]) == ["Spend from secret://x", " rises"]
    assert redact.redact_joined(["of correct", "horse battery", "now"]) == ["of secret://y", "now", ""]
    assert redact.redact_joined(["tok3n-", "Ab12", "x"]) == ["tok3n-", "Ab12", "x"]
    assert redact.redact_joined(["\ue000", "tok3n-Ab12_Zz.99"]) == ["\ue000", "secret://x"]


@pytest.mark.parametrize("text", ["correct\nhorse battery", "correct horse battery", "correct&nbsp;horse%20battery"])
def test_white_space_stands_for_white_space(text: str) -> None:
    assert hide(f"<{text}>", "correct horse  battery") == "<secret://x>"


def test_both_ends_of_a_value_that_was_cut_in_the_middle_are_found() -> None:
    value = "postgresql://reader:s3cr3t&more@db.example:5432/warehouse"
    assert hide(reprlib.repr([value]), value) == "['secret://x...']"
    assert hide("postgresql:/...other words", value) == "secret://x...other words"


def test_a_value_that_was_escaped_before_it_was_encoded_is_found() -> None:
    value = 'p"ss/wörd-of-many'
    for escaped in (json.dumps({"u": value}), json.dumps([value], ensure_ascii=False), quote(value, safe="")):
        encoded = base64.b64encode(escaped.encode()).decode()
        assert "secret://x" in hide(encoded, value)


def test_what_a_library_takes_for_the_host_is_found() -> None:
    value = "postgresql://reader:k7&Q/m+9#x@db.example/warehouse"
    assert "k7" not in hide(f"no such host: {urlsplit(value).netloc.upper()}", value)
