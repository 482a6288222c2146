"""Every kind of page can be read without seeing it and used without a mouse: axe-core's rules, outline, keyboard."""

import pytest
from page_audit import OUTLINE, REACHABLE, open_details, run_axe, walk
from page_kinds import NAMES, write_kinds

pytestmark = pytest.mark.browser
LONG = pytest.mark.soak  # wide and light or narrow and dark is looked at always, every pair for every page by make soak


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A page of each kind."""
    return write_kinds(tmp_path_factory.mktemp("kinds"))


@pytest.mark.parametrize(
    ("name", "width", "dark"),
    [
        pytest.param(name, width, dark, marks=() if (width, dark) == ((1280, False), (360, True))[place % 2] else LONG)
        for place, name in enumerate(NAMES)
        for width in (1280, 360)
        for dark in (False, True)
    ],
)
def test_axe_finds_no_violation(pages, visit, name, width, dark):
    with visit(pages[name], width=width, dark=dark) as opened:
        opened.wait_for_charts()
        assert run_axe(opened.page) == []
        open_details(opened.page)
        assert run_axe(opened.page) == []
        assert opened.console == []


def test_axe_finds_a_fault_where_there_is_one(pages, visit):
    with visit(pages["goals"]) as opened:
        opened.page.locator(".chart").first.evaluate("e => e.removeAttribute('aria-label')")
        assert any(line.startswith("role-img-alt") for line in run_axe(opened.page))


@pytest.mark.parametrize("name", NAMES)
def test_outline_is_whole(pages, visit, name):
    with visit(pages[name]) as opened:
        opened.wait_for_charts()
        assert opened.run(OUTLINE) == []


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", ["first page", "metrics", "stopped", "single file"])
def test_keyboard_reaches_every_control_and_every_area_that_scrolls(pages, visit, name, width):
    with visit(pages[name], width=width) as opened:
        opened.wait_for_charts()
        open_details(opened.page)
        wanted = opened.run(REACHABLE)
        assert wanted["lost"] == []
        stops, unseen = walk(opened.page)
        missed = set(range(wanted["count"])) - set(stops)
        assert [wanted["names"][at] for at in missed] == []
        assert [wanted["names"][at] for at in unseen] == []
        assert stops == sorted(stops), "the order of the keyboard is the order of the page"
