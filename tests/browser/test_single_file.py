"""The report as one file in a reader's browser: alone in a folder, with and without scripts, and on paper."""

import shutil

import pytest
from page_kinds import NAMES, write_kinds

pytestmark = pytest.mark.browser
SINGLE = tuple(name for name in NAMES if name.startswith("single file"))
STILL = "[...document.querySelectorAll('.chart-still svg')].filter(e => e.checkVisibility()).length"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A page of each kind; the single files stand alone."""
    folder = tmp_path_factory.mktemp("kinds")
    written = write_kinds(folder)
    for name in SINGLE:
        alone = folder / name / "attachment.html"
        alone.parent.mkdir()
        written[name] = shutil.copy(written[name], alone)
    return written


@pytest.mark.parametrize("name", NAMES)
def test_page_asks_for_nothing_but_its_own_files(pages, visit, name):
    with visit(pages[name]) as opened:
        opened.wait_for_charts()
        opened.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        opened.page.wait_for_timeout(200)
        own = pages[name].as_uri() if name in SINGLE else pages[name].parent.as_uri()
        assert [url for url in opened.loaded if not url.startswith((own, "data:"))] == []
        assert opened.console == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_chart_is_drawn_and_nothing_scrolls_sideways(pages, visit, width, dark):
    with visit(pages["single file"], width=width, dark=dark) as opened:
        assert opened.wait_for_charts() == 3
        assert opened.console == []
        assert opened.run("document.documentElement.scrollWidth") <= width
        assert opened.run(STILL) == 0


def test_tooltip_shows_without_a_word_on_the_console(pages, visit):
    with visit(pages["single file"]) as opened:
        opened.wait_for_charts()
        bar = opened.page.locator(".chart-live .mark-rect path").first
        bar.scroll_into_view_if_needed()
        bar.hover()
        tooltip = opened.page.locator("#vg-tooltip-element.visible")
        tooltip.wait_for(timeout=5000)
        assert opened.run("getComputedStyle(document.querySelector('#vg-tooltip-element')).position") == "fixed"
        assert opened.console == []


def test_links_lead_from_page_to_page_inside_the_file(pages, visit):
    with visit(pages["single file"]) as opened:
        opened.wait_for_charts()
        opened.page.locator(".parts").get_by_role("link", name="Metrics").click()
        opened.page.wait_for_function(
            "() => { const top = document.querySelector('#page-metrics h2').getBoundingClientRect().top;"
            " return top > 0 && top < 400; }"
        )
        opened.page.locator("#page-metrics").get_by_role("link", name="First page").click()
        opened.page.wait_for_function("() => document.querySelector('h1').getBoundingClientRect().top > 0")
        assert opened.page.url.endswith("#main")


def test_theme_can_be_chosen_and_the_charts_follow(pages, visit):
    color = "getComputedStyle(document.querySelector('.chart-live .role-axis-label text')).fill"
    with visit(pages["single file"]) as opened:
        opened.wait_for_charts()
        light = opened.run(color)
        opened.page.get_by_role("button", name="Dark").click()
        opened.page.wait_for_function(
            f"() => document.querySelector('.chart-live .role-axis-label text') && {color} !== '{light}'"
        )
        assert opened.console == []


def test_policy_of_hashes_stops_every_other_script_and_style(pages, visit):
    with visit(pages["single file"]) as opened:
        opened.run(
            "(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
            " const c = document.createElement('style'); c.textContent = 'body { display: none }';"
            " document.body.append(s, c); setTimeout('window.ran = 2', 0); })()"
        )
        opened.page.wait_for_timeout(200)
        assert opened.run("window.ran ?? 0") == 0
        assert opened.run("getComputedStyle(document.body).display") == "block"
        assert sum("Content Security Policy" in message for message in opened.console) == 3


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"unread", "no data", "first steps"}])
def test_still_pictures_show_without_scripts_and_on_paper(pages, visit, name):
    wanted = "document.querySelectorAll('figure').length"
    with visit(pages[name], scripts=False) as opened:
        assert opened.page.locator(".chart-still svg >> visible=true").count() == opened.page.locator("figure").count()
        assert opened.page.locator(".toggle").is_hidden()
        opened.page.get_by_text("Show the data").first.click() if opened.page.locator("figure").count() else None
        assert opened.console == []
    with visit(pages[name], dark=True) as opened:
        opened.wait_for_charts()
        opened.page.emulate_media(media="print")
        assert opened.run(STILL) == opened.run(wanted)
        assert opened.run("[...document.querySelectorAll('.chart-live')].every(e => !e.checkVisibility())")
        assert opened.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
