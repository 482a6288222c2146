"""Still pictures on a page: shapes and text inline, anything else as an image that can do nothing."""

import base64
import re

import pytest
import site_samples as samples
from hypothesis import given
from hypothesis import strategies as st

from mopsnb.run.drawings import clean_svg
from mopsnb.view.figure import FIGURE_MIME

EVIL = [
    "<script>alert(1)</script>",
    "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='alert(1)'/></foreignObject>",
    '<a href="javascript:alert(1)"><text>x</text></a>',
    '<image href="http://a.example/x.png"/>',
    '<use href="http://a.example/x.svg#a"/>',
    '<rect onclick="alert(1)"/>',
    '<rect fill="url(http://a.example/x)"/>',
    "<style>@import 'http://a.example'</style>",
    '<animate attributeName="href" values="javascript:alert(1)"/>',
    "<rect onclick=alert(1)>",
    "<text>a < b</text>",
    "<!-- --><text>x</text>",
    "<![CDATA[<script>]]>",
    "</svg><img src=x onerror=alert(1)><svg>",
]


def draw(inside):
    return str(clean_svg(f'<svg width="10" height="10">{inside}</svg>', "a", set()))


@pytest.mark.parametrize("inside", EVIL)
def test_drawing_with_more_than_shapes_becomes_an_image(inside):
    shown = draw(inside)
    assert re.fullmatch(r'<img alt="" src="data:image/svg\+xml;base64,[A-Za-z0-9+/=]+">', shown)
    assert inside in base64.b64decode(shown.partition("base64,")[2][:-2]).decode()


@given(st.lists(st.sampled_from(EVIL) | st.text(alphabet="<>/='\" gaonrect", max_size=10), max_size=5))
def test_no_drawing_holds_anything_that_acts(parts):
    shown = draw("".join(parts))
    if not shown.startswith("<img"):
        assert not re.search(r"<(?!/?(?:svg|g|text|rect|path)\b)", shown)
        assert not re.search(r"<[^>]*\s(?:on\w+|href|src)\s*=", shown)


def test_drawing_of_vega_stands_inline_with_its_text():
    data = samples.make_figure("A")["data"]
    shown = str(clean_svg(data["image/svg+xml"], "a", set()))
    assert shown.startswith('<svg aria-hidden="true" focusable="false"')
    for label in ("Share of recipients", "Churn", "Unsubscribes"):
        assert label in shown
    assert shown.count('d="M') >= 2
    assert len(shown) < 0.7 * len(data["image/svg+xml"])
    assert data[FIGURE_MIME]["title"] == "A"


def test_coordinates_are_rounded_and_texts_are_not():
    shown = draw('<path d="M1.23456,-0.0001L99.999999,5"/><text x="1.005001">0.12345</text>')
    assert '<path d="M1.23,0L100,5"/><text x="1.01">0.12345</text>' in shown


def test_ids_of_a_drawing_are_its_own():
    seen = {"a-part-1"}
    shown = str(clean_svg('<svg><clipPath id="c"/><g clip-path="url(#c)"/></svg>', "a", seen))
    assert 'id="a-part-1-2"' in shown
    assert 'clip-path="url(#a-part-1-2)"' in shown
    assert "a-part-1-2" in seen


def test_output_without_a_drawing_is_empty():
    assert clean_svg("", "a", set()) == ""
