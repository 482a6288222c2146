"""The site: pages, first page and assets."""

import re

import pytest
import site_samples as samples

from mopsnb.errors import OutputError
from mopsnb.run.site import POLICY, ExecutedStep, write_index, write_pages
from mopsnb.steps import find_step

pytestmark = pytest.mark.slow


def write_site(folder, steps, **changes):
    """Write a whole site and return its files by name."""
    context = samples.make_context(steps, **changes)
    samples.fill_results(folder, steps)
    write_pages(folder, steps, context)
    write_index(folder, context)
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site that went well."""
    return write_site(tmp_path_factory.mktemp("site"), samples.make_steps())


@pytest.fixture(scope="module")
def pages(site):
    """The site's pages as text."""
    return {name: path.read_text() for name, path in site.items() if name.endswith(".html")}


def test_site_holds_pages_and_assets_and_nothing_else(site):
    names = [re.sub(r"vega-[0-9a-f]{12}", "vega-hash", name) for name in site if not name.startswith("results/")]
    assert names == [
        "assets/site.css",
        "assets/site.js",
        "assets/themes.js",
        "assets/vega-hash.js",
        "goals.html",
        "index.html",
        "metrics.html",
    ]


def test_same_input_gives_the_same_bytes(site, tmp_path):
    again = write_site(tmp_path, samples.make_steps())
    for name in ("index.html", "goals.html", "metrics.html", "assets/site.js"):
        assert again[name].read_bytes() == site[name].read_bytes()


def test_no_page_asks_for_anything_outside_the_site(pages):
    for text in pages.values():
        markup = re.sub(r'<script type="application/json".*?</script>', "", text, flags=re.DOTALL)
        addresses = re.findall(r'(?:src|href|action)="([^"]+)"', markup)
        assert addresses
        assert all(
            re.match(r"(data:image/svg\+xml,|#|assets/|results/|[\w-]+\.html)", address) for address in addresses
        )


def test_policy_allows_no_evaluated_and_no_inline_script(pages):
    scripts = re.search(r"script-src ([^;]*)", POLICY)[1]
    assert scripts == "'self' file:"
    for text in pages.values():
        assert POLICY.replace("'", "&#39;") in text
        assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", text)
        assert not re.search(r"<[^>]+\son\w+=", text)


def test_every_page_has_landmarks_one_title_and_a_language(pages):
    for text in pages.values():
        assert '<html lang="en">' in text
        assert text.count("<h1") == 1
        assert '<a class="skip" href="#main">' in text
        for landmark in ("<header", "<main", "<footer"):
            assert text.count(landmark) == 1
    assert 'aria-label="On this page"' in pages["metrics.html"]


def test_every_page_says_how_far_the_data_goes(pages):
    for text in pages.values():
        assert 'data-through="2026-09-30" data-stale-after="3" data-sample="false"' in text
        assert '<p class="through">Data through September 30, 2026</p>' in text


def test_sample_company_is_marked_on_every_page(tmp_path, pages):
    steps = samples.make_steps()
    for name, path in write_site(tmp_path, steps, is_sample=True).items():
        if name.endswith(".html"):
            assert "Sample company." in path.read_text()
            assert "Sample company." not in pages[name]


def test_names_from_data_are_escaped_on_every_page(pages):
    for text in pages.values():
        assert "<img" not in text
        assert "Nordlicht &lt;img" in text


def test_hidden_marks_and_broken_text_in_names_cannot_turn_or_stop_a_page(tmp_path):
    name = "Nord\u202elicht \x00 \u2066GmbH \udc80"
    text = write_site(tmp_path, samples.make_steps(), name=name)["index.html"].read_text()
    assert "Nord\N{REPLACEMENT CHARACTER}licht" in text
    assert not re.search("[\x00\u202a-\u202e\u2066-\u2069]", text)


def test_ids_are_unique_on_every_page(pages):
    for text in pages.values():
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids))


def test_every_link_inside_the_site_leads_somewhere(site, pages):
    for name, text in pages.items():
        for address in re.findall(r'href="([^":]*)"', text):
            page, _, anchor = address.partition("#")
            assert not page or page in site, f"{name} links to {address}"
            assert not anchor or f'id="{anchor}"' in pages.get(page or name, ""), f"{name} links to {address}"


def test_page_says_how_it_was_made(pages):
    text = pages["metrics.html"]
    assert "How this page was made" in text
    assert "contacts with an unsubscribe ÷ contacts who were sent an email" in text
    assert "months shown" in text
    assert 'href="results/metrics.json"' in text


def test_failed_page_explains_itself_and_the_other_page_stands(tmp_path):
    files = write_site(tmp_path, samples.make_steps(failed=True))
    text = files["metrics.html"].read_text()
    assert "its notebook stopped before the end" in text
    assert "ZeroDivisionError: division by zero" in text
    assert "<code>rate = 1 / 0</code>" in text
    assert text.count("<h1") == 1
    assert "stopped before the end" not in files["goals.html"].read_text()


def test_failed_step_without_a_notebook_has_a_page(tmp_path):
    steps = [ExecutedStep(find_step("goals"), None, None, "failed", "goals.ipynb is not a notebook.")]
    text = write_site(tmp_path, steps)["goals.html"].read_text()
    assert "goals.ipynb is not a notebook." in text
    assert text.count("<h1") == 1


def test_each_fault_behind_a_failure_stands_on_a_line_of_its_own(tmp_path):
    error = "data/ad_daily.csv has 2 kinds of fault.\n  row 2, spend: found 'abc'.\n  row 3, date: found 'x'."
    steps = [ExecutedStep(find_step("metrics"), samples.make_failed_notebook(), None, "failed", error)]
    text = write_site(tmp_path, steps)["metrics.html"].read_text()
    assert "<li>row 2, spend: found &#39;abc&#39;.</li>" in text


def test_page_without_data_says_what_is_missing_and_how_to_supply_it(tmp_path):
    result = samples.make_result("metrics", status="no_data")
    steps = [ExecutedStep(find_step("metrics"), samples.make_notebook([]), result, "no_data")]
    files = write_site(tmp_path, steps, data_through=None, as_of=None)
    text = files["metrics.html"].read_text()
    assert "<code>data/email_event.csv</code>" in text
    assert "mopsnb check" in text
    assert 'data-through=""' in text
    assert text.index("</h1>") < text.index("No data yet for this page.")
    assert "First steps" in files["index.html"].read_text()


def test_step_that_rests_on_the_strategy_file_says_so_when_it_is_empty(tmp_path):
    steps = [ExecutedStep(find_step("goals"), samples.make_notebook([]), samples.make_result("goals"), "no_data")]
    assert "Fill in <code>strategy.yml</code>" in write_site(tmp_path, steps)["goals.html"].read_text()


def test_page_without_charts_does_not_load_the_chart_script(tmp_path):
    steps = [ExecutedStep(find_step("metrics"), samples.make_notebook([]), None, "no_data")]
    text = write_site(tmp_path, steps)["metrics.html"].read_text()
    assert "vega-" not in text


def test_dates_and_figures_follow_the_locale(tmp_path):
    files = write_site(tmp_path, samples.make_steps(), locale="de_DE", currency="EUR")
    text = files["index.html"].read_text()
    assert "30. September 2026" in text
    assert "108.000" in text


def test_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "site").write_text("a file")
    with pytest.raises(OutputError, match=f"Cannot write the report to {tmp_path}: "):
        write_pages(tmp_path / "site", [], samples.make_context())
