"""The report as one file: complete, under a policy of hashes, and the same each time."""

import base64
import hashlib
import re
from html import unescape

import pytest
import site_samples as samples

from mopsnb.errors import OutputError
from mopsnb.run.publish import KIND, RECORD, SINGLE_FILE, check_replaceable
from mopsnb.run.single_file import write_single_file
from mopsnb.run.site import write_index, write_pages

pytestmark = pytest.mark.slow


def write_site(folder, steps, **changes):
    context = samples.make_context(steps, **changes)
    samples.fill_results(folder, steps)
    write_pages(folder, steps, context)
    write_index(folder, context)
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site whose second page failed, with names that try to break out."""
    return write_site(tmp_path_factory.mktemp("site"), samples.make_steps(failed=True))


@pytest.fixture(scope="module")
def text(site):
    """The site as one file."""
    return write_single_file(site, [page.step for page in samples.make_steps()]).read_text()


def read_policy(text):
    policy = unescape(re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1])
    return {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}


def hash_text(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_policy_names_each_script_and_style_by_its_hash_and_allows_no_other(text):
    policy = read_policy(text)
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert len(scripts) == 3
    assert policy["script-src"] == [hash_text(script) for script in scripts]
    assert policy["style-src-elem"] == [hash_text(style) for style in styles]
    assert policy["default-src"] == ["'none'"]
    assert policy["img-src"] == ["data:"]
    assert "'unsafe-inline'" not in {word for name in policy if name != "style-src-attr" for word in policy[name]}
    assert text.index("Content-Security-Policy") < text.index("<style>") < text.index("<script>")


def test_every_address_lies_inside_the_file(text):
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    addresses = re.findall(r'\s(?:src|href|action|srcset|data)="([^"]*)"', markup)
    assert addresses
    assert all(address.startswith(("#", "data:image/")) for address in addresses)
    ids = set(re.findall(r'\sid="([^"]+)"', markup))
    assert {address[1:] for address in addresses if address.startswith("#")} <= ids
    assert not re.search(r"<(?:link(?! rel=\"icon\")|iframe|object|embed)\b", markup)


def test_every_page_is_in_it_once_below_the_first(text):
    markup = re.sub(r"<script\b.*?</script>", "", text, flags=re.DOTALL)
    assert markup.count("<h1") == 1
    assert markup.count("<main") == 1
    assert markup.index("Needs attention") < markup.index('id="page-goals"') < markup.index('id="page-metrics"')
    assert "This page is incomplete: its notebook stopped before the end." in markup
    ids = re.findall(r'\sid="([^"]+)"', markup)
    assert len(ids) == len(set(ids))


def test_charts_keep_picture_specification_and_data(site, text):
    pages = "".join((site / f"{name}.html").read_text() for name in ("goals", "metrics"))
    for part in ('class="chart-spec"', '<div class="chart-still"><svg', '<details class="data">'):
        assert text.count(part) == pages.count(part) > 0


def test_names_from_data_stay_text(text):
    assert "<img" not in text.partition("<body")[2].partition("<script>")[0]
    assert "Nordlicht &lt;img" in text


def test_same_site_gives_the_same_bytes(site, text):
    assert write_single_file(site, [page.step for page in samples.make_steps()]).read_text() == text


def test_page_that_was_not_made_is_left_out_with_its_links(tmp_path):
    site = write_site(tmp_path, samples.make_steps())
    (site / "metrics.html").unlink()
    text = write_single_file(site, [page.step for page in samples.make_steps()]).read_text()
    assert 'id="page-goals"' in text
    assert "page-metrics" not in text


def test_report_without_charts_carries_no_chart_script(tmp_path):
    steps = samples.make_steps(failed=True)[1:]
    path = write_single_file(write_site(tmp_path, steps), [page.step for page in steps])
    assert path.stat().st_size < 100_000


def test_report_with_the_file_in_it_can_be_replaced_by_the_next_one(tmp_path):
    site = write_site(tmp_path, samples.make_steps())
    write_single_file(site, [page.step for page in samples.make_steps()])
    (site / RECORD).write_text(f'{{"kind": "{KIND}"}}')
    check_replaceable(site)
    assert sorted(path.name for path in site.glob("*.html")) == [
        "goals.html",
        "index.html",
        "metrics.html",
        SINGLE_FILE,
    ]


def test_site_that_is_not_there_is_named(tmp_path):
    with pytest.raises(OutputError, match="Cannot write the report to "):
        write_single_file(tmp_path, [])
