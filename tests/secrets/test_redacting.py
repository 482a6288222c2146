"""Whatever is done to a secret on its way into a text, its reference stands there in the end."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mopsnb.secrets.patterns import Redactor

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


def test_an_id_made_of_a_value_is_found() -> None:
    assert hide('<h2 id="spend-from-tok3n-ab12-zz-99">', "Tok3n_Ab12:Zz.99") == '<h2 id="spend-from-secret://x">'


def test_other_cases_of_a_long_value_are_found() -> None:
    assert hide("HUNTER22-PROD hunter22-prod", "Hunter22-Prod") == "secret://x secret://x"
    assert hide("ABCD", "abcd") == "ABCD"
