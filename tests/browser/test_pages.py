"""What a reader's browser does with the site: opened from a file, the network off."""

import http.server
import itertools
import re
import threading
from functools import partial

import pytest
import site_samples as samples

from mopsnb.run.site import write_index, write_pages

pytestmark = pytest.mark.browser
PAGES = ("index", "goals", "metrics")

# Contrast of every visible text against the first opaque background behind it (WCAG 2.2, 1.4.3).
LOW_CONTRAST = """() => {
  const parse = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || element.closest("script, svg, [hidden]")) continue;
    if (!element.getClientRects().length) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${element.className} ${walker.currentNode.textContent.trim()}`);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site that went well, with names that try to break out."""
    return write_site(tmp_path_factory.mktemp("site"), samples.make_steps())


def write_site(folder, steps, **changes):
    context = samples.make_context(steps, **changes)
    samples.fill_results(folder, steps)
    write_pages(folder, steps, context)
    write_index(folder, context)
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_page_asks_the_network_for_nothing_and_says_nothing_on_the_console(site, visit, name):
    with visit(site / f"{name}.html") as opened:
        opened.wait_for_charts()
        opened.page.wait_for_timeout(200)
        assert opened.requests == []
        assert opened.console == []


def test_every_chart_is_drawn_with_the_network_off(site, visit):
    with visit(site / "metrics.html") as opened:
        assert opened.wait_for_charts() == 2
        assert opened.run("[...document.querySelectorAll('.chart-live path')].length") > 0
        assert opened.run("[...document.querySelectorAll('.chart-still')].every(e => !e.checkVisibility())")


def test_chart_shows_its_values_where_the_pointer_is(site, visit):
    with visit(site / "metrics.html") as opened:
        opened.wait_for_charts()
        bar = opened.page.locator(".chart-live").nth(1).locator(".mark-rect path").first
        bar.scroll_into_view_if_needed()
        bar.hover()
        opened.page.locator("#vg-tooltip-element.visible").wait_for(timeout=5000)
        assert opened.console == []


@pytest.mark.parametrize("name", PAGES)
def test_page_works_from_a_web_server_under_the_same_policy(site, chromium, name):
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=site)
    handler.log_message = lambda *_: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = chromium.new_page()
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"http://127.0.0.1:{server.server_port}/{name}.html")
        wanted = page.locator(".chart-spec").count()
        page.wait_for_function(f"() => document.querySelectorAll('.chart-live svg.marks').length === {wanted}")
        page.close()
        server.shutdown()
    assert said == []


def test_policy_stops_evaluated_and_inline_scripts(site, visit):
    with visit(site / "index.html") as opened:
        opened.run("window.setTimeout(\"document.body.dataset.evaluated = 'yes'\", 0)")
        opened.run(
            "(() => { const s = document.createElement('script');"
            " s.textContent = \"document.body.dataset.inline = 'yes'\"; document.body.append(s); })()"
        )
        opened.page.wait_for_timeout(200)
        assert opened.run("({...document.body.dataset})").keys() == {"through", "staleAfter", "sample"}
        assert any("Content Security Policy" in message for message in opened.console)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [360, 768])
def test_narrow_screen_needs_no_sideways_scrolling(site, visit, name, width):
    with visit(site / f"{name}.html", width=width) as opened:
        opened.wait_for_charts()
        assert opened.run("document.documentElement.scrollWidth") <= width
        assert opened.run("[...document.querySelectorAll('.chart-live svg')].every(e => e.clientWidth <= innerWidth)")


@pytest.mark.parametrize("name", PAGES)
def test_headings_and_ids_are_in_order(site, visit, name):
    with visit(site / f"{name}.html") as opened:
        opened.wait_for_charts()
        levels = opened.run("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(e => Number(e.tagName[1]))")
        ids = opened.run("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_text_stands_out_from_its_background(site, visit, name, dark):
    with visit(site / f"{name}.html", dark=dark) as opened:
        opened.run("document.querySelectorAll('details').forEach(e => { e.open = true; })")
        assert opened.run(LOW_CONTRAST) == []


def test_failed_page_stands_out_in_light_and_dark(tmp_path, visit):
    site = write_site(tmp_path, samples.make_steps(failed=True), is_sample=True)
    for dark in (False, True):
        with visit(site / "metrics.html", dark=dark) as opened:
            opened.run("document.querySelectorAll('details').forEach(e => { e.open = true; })")
            assert opened.run(LOW_CONTRAST) == []
            assert opened.page.locator(".stopped").is_visible()
            assert opened.console == []


def test_theme_follows_the_system_until_the_reader_chooses_and_is_remembered(site, visit):
    background = "getComputedStyle(document.body).backgroundColor"
    with visit(site / "metrics.html", dark=True) as opened:
        dark = opened.run(background)
        opened.wait_for_charts()
        opened.page.get_by_role("button", name="Dark").click()
        light = opened.run(background)
        assert light == "rgb(255, 255, 255)" != dark
        opened.page.goto((site / "goals.html").as_uri())
        assert opened.run(background) == light
        assert opened.page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "false"
        opened.wait_for_charts()
        assert opened.console == []


def test_chart_takes_the_colors_of_the_theme(site, visit):
    color = "getComputedStyle(document.querySelector('.chart-live .role-axis-label text')).fill"
    with visit(site / "metrics.html", dark=True) as opened:
        opened.wait_for_charts()
        dark = opened.run(color)
        opened.page.get_by_role("button", name="Dark").click()
        opened.page.wait_for_function(
            f"() => document.querySelector('.chart-live .role-axis-label text') && {color} !== '{dark}'"
        )
        opened.wait_for_charts()
        assert opened.console == []


@pytest.mark.parametrize(("today", "shown"), [("2026-10-03", False), ("2026-10-04", True), ("2026-09-01", False)])
def test_old_data_is_announced_by_the_clock_of_the_reader(site, chromium, today, shown):
    context = chromium.new_context(offline=True)
    context.clock.set_fixed_time(f"{today}T12:00:00Z")
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    strip = page.locator(".strip-stale")
    assert strip.is_visible() == shown
    if shown:
        assert strip.inner_text().startswith("Data through September 30, 2026: 4 days ago.")
    context.close()


def test_sample_company_is_never_called_old(tmp_path, visit):
    site = write_site(tmp_path, samples.make_steps(), is_sample=True)
    with visit(site / "index.html") as opened:
        assert not opened.page.locator(".strip-stale").is_visible()
        assert opened.page.get_by_text("Sample company.").is_visible()


def test_print_shows_the_still_picture_in_light_colors(site, visit):
    with visit(site / "metrics.html", dark=True) as opened:
        opened.wait_for_charts()
        opened.page.emulate_media(media="print")
        assert opened.run("[...document.querySelectorAll('.chart-still svg')].every(e => e.checkVisibility())")
        assert opened.run("[...document.querySelectorAll('.chart-live')].every(e => !e.checkVisibility())")
        assert opened.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert opened.page.pdf().startswith(b"%PDF")


def test_print_unfolds_terms_and_formulas_and_says_where_the_rows_are(site, visit):
    with visit(site / "metrics.html", scripts=False) as opened:
        page = opened.page
        page.set_content(
            page.content().replace(
                "</article>",
                '<div class="mops-definitions"><details><summary>Leads</summary><dl><dt>Formula</dt>'
                "<dd>contacts created</dd></dl></details></div>"
                '<details class="mops-rest"><summary>Show all 30 rows</summary><p>The thirtieth row</p></details>'
                "</article>",
            )
        )
        paper = page.locator(".paper")
        assert paper.is_hidden()
        page.emulate_media(media="print")
        assert paper.is_visible()
        assert page.get_by_text("contacts created", exact=True).bounding_box()["height"] > 0
        assert page.get_by_text("The thirtieth row").is_hidden()
        assert page.locator(".made details .facts").first.bounding_box()["height"] > 0
        assert page.locator(".data table").first.is_hidden()


def test_page_reads_the_same_without_scripts(site, visit):
    with visit(site / "metrics.html", scripts=False) as opened:
        assert opened.page.locator(".chart-still svg").first.is_visible()
        assert opened.page.locator(".toggle").is_hidden()
        assert opened.page.get_by_text("Data through September 30, 2026", exact=True).is_visible()


def test_keyboard_reaches_content_contents_and_data(site, visit):
    with visit(site / "metrics.html") as opened:
        opened.page.keyboard.press("Tab")
        assert opened.run("document.activeElement.textContent") == "Skip to the content"
        assert opened.page.locator(".skip").bounding_box()["y"] >= 0
        opened.page.keyboard.press("Enter")
        assert opened.run("document.activeElement.id") == "main"
        reached = []
        for _ in range(12):
            opened.page.keyboard.press("Tab")
            reached.append(
                opened.run("document.activeElement.tagName + ' ' + document.activeElement.textContent.trim()")
            )
            width = opened.run("getComputedStyle(document.activeElement).outlineWidth")
            assert width == "3px", f"{reached[-1]} has no visible focus"
        assert any(re.match("SUMMARY Show the data", item) for item in reached)


def test_contents_mark_the_section_in_view(site, visit):
    with visit(site / "metrics.html") as opened:
        opened.wait_for_charts()
        opened.page.locator(".contents").get_by_role("link", name="Its neighbors").click()
        opened.page.wait_for_function(
            "() => document.querySelector('.contents [aria-current]')?.textContent === 'Its neighbors'"
        )


def test_contents_fold_away_on_a_phone(site, visit):
    with visit(site / "metrics.html", width=360) as opened:
        assert not opened.page.locator(".contents").is_visible()
        link = opened.page.locator(".contents-phone").get_by_role("link", name="Its neighbors")
        assert not link.is_visible()
        opened.page.locator(".contents-phone summary").click()
        assert link.is_visible()


def test_row_of_a_table_becomes_a_block_on_a_phone(site, visit):
    display = "getComputedStyle(document.querySelector('.mops-table tbody td')).display"
    with visit(site / "metrics.html", width=360) as opened:
        row = opened.page.get_by_role("row", name="Search")
        assert row.get_by_role("cell", name="$1,200").is_visible()
        assert opened.run(display) == "grid"
        assert opened.run("document.querySelector('.mops-table').scrollWidth <= innerWidth")
    with visit(site / "metrics.html") as opened:
        assert opened.run(display) == "table-cell"
