"""A page that moves into another document takes its ids and links along and finds its level."""

import pytest

from mopsnb.run.relocation import Move

MOVE = Move(("goals", "metrics"), "metrics")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<h1 id="a">A</h1>', '<h2 id="page-metrics-a">A</h2>'),
        ("<h6>A</h6>", "<h6>A</h6>"),
        ('<td headers="a b">1</td>', '<td headers="page-metrics-a page-metrics-b">1</td>'),
        ('<a href="#a">1</a>', '<a href="#page-metrics-a">1</a>'),
        ('<a href="goals.html">1</a>', '<a href="#page-goals">1</a>'),
        ('<a href="goals.html#a">1</a>', '<a href="#page-goals-a">1</a>'),
        ('<a href="index.html">1</a>', '<a href="#main">1</a>'),
        ('<a href="index.html#goals">1</a>', '<a href="#goals">1</a>'),
        ('<a href="results/goals.json">1</a>', "<a>1</a>"),
        ('<a href="gone.html">1</a>', "<a>1</a>"),
        ('<g clip-path="url(#a)"/>', '<g clip-path="url(#page-metrics-a)"/>'),
        ('<section class="made" aria-labelledby="a">', '<section class="made">'),
        ('<div role="region" tabindex="0" aria-label="A">', '<div role="group" tabindex="0" aria-label="A">'),
        ("<p>The text #a and url(#a) stays</p>", "<p>The text #a and url(#a) stays</p>"),
        ('<p title="an id=&quot;a&quot; > b" id="c">', '<p title="an id=&quot;a&quot; > b" id="page-metrics-c">'),
    ],
)
def test_tag_fits_its_new_place(before, after):
    assert MOVE.apply(before) == after


def test_first_page_keeps_its_ids_and_levels():
    html = '<h2 id="goals">Goals</h2><a href="goals.html">All</a><a href="#pages">Pages</a>'
    assert Move(("goals",)).apply(html) == (
        '<h2 id="goals">Goals</h2><a href="#page-goals">All</a><a href="#pages">Pages</a>'
    )
