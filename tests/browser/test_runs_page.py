"""The index of runs in a browser: accessible, readable on a phone, without a network."""

import json
from pathlib import Path

import pytest
from page_audit import OUTLINE, run_axe

from mopsnb.run.publish import KIND
from mopsnb.run.runs_index import write_index_of_runs

pytestmark = pytest.mark.browser
LONG = "The notebook's code raised an error that it does not expect: ValueError: " + "a_word_without_a_space_" * 12


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """An index with a run of each status; the newest one failed."""
    runs = tmp_path_factory.mktemp("team") / "runs"
    for day, status in enumerate(["ok", "partial", "killed", "stopped", "ok", "failed"], 1):
        folder = runs / f"202611{day:02d}T080000Z-{day:08x}"
        folder.mkdir(parents=True)
        steps = [
            {"step": "goals", "status": "unchanged", "parameters": {"months": 6}, "parameter_sources": {"months": "x"}},
            {"step": "metrics", "status": "failed" if status == "failed" else "ok", "error": LONG},
            {"step": "lead_scoring", "status": "not_run" if status in ("killed", "stopped") else "no_data"},
        ]
        volatile = {"started_at": f"2026-11-{day:02d}T08:00:00+00:00", "seconds": 61.4}
        counts = {"error": 1, "warning": 12, "info": 3}
        record = {"kind": KIND, "workspace": "Alderquay", "status": status, "as_of": "2026-10-31", "steps": steps}
        changes = {"new": ["a"], "persisting": [], "resolved": ["b"]}
        text = json.dumps(record | {"findings": counts, "changes": changes, "volatile": volatile})
        (folder / "run.json").write_text(text)
    (runs / "latest").symlink_to("20261105T080000Z-00000005")
    write_index_of_runs(runs)
    return runs / "index.html"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_it_is_accessible_and_asks_for_nothing(page, visit, width, dark):
    with visit(page, width=width, dark=dark) as opened:
        assert run_axe(opened.page) == []
        assert opened.run(OUTLINE) == []
        assert (opened.requests, opened.console) == ([], [])


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [1280, 768, 360])
def test_it_never_scrolls_sideways(page, visit, width, scripts):
    with visit(page, width=width, scripts=scripts) as opened:
        assert opened.page.locator("html").evaluate("e => e.scrollWidth") <= width


def test_on_a_phone_each_cell_has_its_name_beside_it(page, visit):
    with visit(page, width=360) as opened:
        cell = opened.page.locator("td[data-label='Took']").first
        assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"Took"'
        assert cell.bounding_box()["width"] <= 360


def test_the_stale_report_is_said_in_red_words(page, visit):
    with visit(page) as opened:
        box = opened.page.locator(".stopped")
        assert "The last good report is from November 5, 2026, 08:00 UTC; the run of November 6" in box.inner_text()
        red = opened.page.locator(".status-failed").first.evaluate("e => getComputedStyle(e).color")
        assert box.locator("h2").evaluate("e => getComputedStyle(e).color") == red
        row = opened.page.locator("tr", has_text="latest")
        assert row.count() == 1
        assert "November 5" in row.inner_text()


def test_the_reports_can_be_reached(page, visit):
    with visit(page) as opened:
        links = opened.page.locator("tbody a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        assert len(links) == 6
        assert all((Path(page).parent / link).parent.is_dir() for link in links)
