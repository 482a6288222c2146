"""The pages that are filed of a killed run, in a real browser."""

import json
from datetime import UTC, datetime

import pytest
from page_audit import run_axe

from mopsnb.run.unfinished import Ending, write_unfinished

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("killed")
    about = [{"step": slug, "title": slug.title(), "question": "What?"} for slug in ("goals", "metrics", "late")]
    facts = {
        "started_at": "2026-11-22T08:00:00+00:00",
        "workspace": "Ann & <b>Co</b><script>alert(1)</script>",
        "has_latest": True,
        "about": about,
        "steps": {"goals": "ok", "metrics": "running", "late": "waiting"},
    }
    (folder / "results").mkdir()
    (folder / "results" / "goals.json").write_text(json.dumps({"status": "ok", "findings": []}))
    (folder / "goals.html").write_text("<p>goals</p>")
    write_unfinished(folder, facts, Ending("killed", "killed", "It ended.", datetime(2026, 11, 22, 9, tzinfo=UTC)))
    return folder


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", ["index", "metrics"])
def test_it_is_accessible_asks_for_nothing_and_runs_nothing(site, visit, name, width, dark):
    with visit(site / f"{name}.html", width=width, dark=dark) as opened:
        assert run_axe(opened.page) == []
        assert opened.requests == []
        assert opened.console == []
        assert opened.page.locator("h1").count() == 1
        assert opened.run("document.documentElement.scrollWidth <= innerWidth")
        assert "It ended." in opened.page.locator(".stopped").inner_text()
