"""HTML of cells is written anew: whatever it holds, nothing of it runs, loads or leaves the report."""

import re
from html import escape, unescape
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mopsnb.run.markup import render_said
from mopsnb.run.safe_html import sanitize

PIECES = [
    "<script>alert(1)</script>",
    "</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg><foreignObject><body onload=alert(1)></foreignObject></svg>",
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "<a href=' java\tscript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<style>@import 'http://a.example'</style>",
    "<p style='background: url(http://a.example)'>x</p>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form action=http://a.example><button formaction=javascript:alert(1)>x</button></form>",
    "<base href=http://a.example><meta http-equiv=refresh content='0;url=http://a.example'>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<![;",
    "<?php echo 1 ?>",
    "<!doctype html>",
    "[a](javascript:alert(1))",
    "![a](http://a.example/a.png)",
    "<http://a.example>",
    "`<b onclick=alert(1)>`",
    "{{ constructor.constructor('alert(1)')() }}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<table><tr><td>1",
    "</div></main>",
    "$\\href{javascript:alert(1)}{x}$",
    "\x00",
    "<scr\x00ipt>alert(1)</script>",
    "\u202egnitrevni\u202c",
    "plain text",
    "<b>",
    "\n\n",
]
VOID = {"br", "col", "hr", "img", "wbr"}
payloads = st.lists(st.sampled_from(PIECES) | st.text(alphabet="<>/='\" abnosx&;!-[]()", max_size=12), max_size=6)


class Reader(HTMLParser):
    """Lists what could act, and the elements that are open at the end."""

    def __init__(self, html):
        super().__init__()
        self.faults, self.open = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag in {"script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "button", "base"}:
            self.faults.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in {"src", "srcdoc", "action", "formaction"}:
                self.faults.append(f"{tag} {name}={value}")
            if name == "href" and not re.fullmatch(r"[\w-]*(\.html)?(#[\w.-]*)?", value or ""):
                self.faults.append(f"{tag} {name}={value}")
            if name == "style" and "url" in value:
                self.faults.append(f"{tag} {name}={value}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing of its own")


@given(payloads)
@example(PIECES)
def test_html_of_a_cell_keeps_nothing_that_acts_and_closes_what_it_opens(parts):
    for html in (sanitize("".join(parts)), sanitize(" ".join(parts))):
        reader = Reader(html)
        assert reader.faults == []
        assert reader.open == []


@given(payloads)
@example(PIECES)
def test_sanitized_html_stays_as_it_is(parts):
    once = sanitize("".join(parts))
    assert sanitize(once) == once


@given(payloads)
def test_computed_markdown_keeps_nothing_that_acts(parts):
    assert Reader(str(render_said("".join(parts)))).faults == []


@given(st.text())
def test_text_stays_as_it_is(text):
    assert unescape(sanitize(f"<p>{escape(text)}</p>")) == f"<p>{text}</p>"


@pytest.mark.parametrize(
    "html",
    [
        '<p class="a" id="b">Spend <strong>rose</strong><br>in May</p>',
        '<td headers="a b" class="gt_right"><span title="missing">–</span></td>',
        '<div role="region" tabindex="0" aria-label="A &amp; B"></div>',
        '<a href="goals.html#leads">goals</a>',
        '<img alt="A" src="data:image/png;base64,AAAA">',
        '<th scope="col" colspan="2">A</th>',
        '<p style="text-align: right; color: #b8212a">1 &lt; 2</p>',
    ],
)
def test_harmless_html_stays_as_it_is(html):
    assert sanitize(html) == html


def test_frame_of_pandas_keeps_its_cells_and_loses_its_style():
    import pandas as pd

    html = sanitize(pd.DataFrame({"<b>": ["<script>x</script>"]})._repr_html_())
    assert "&lt;script&gt;x&lt;/script&gt;" in html
    assert "<style" not in html
