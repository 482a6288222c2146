"""Names from data that hold markup, links, expressions and hidden marks: a whole run on them, read in Chromium."""

import subprocess
import sys

import pytest
from hostile import write_hostile_company, write_unreadable_company
from page_audit import OUTLINE, open_details, run_axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STEPS = ("goals", "budget_pacing", "service_levels", "metrics", "lead_scoring")
PAGES = ("index", *STEPS, "report")
ALWAYS = ("index", "goals", "report")

# What data could have planted: anything that acts, and links or pictures that lead outside.
PLANTED = """() => [...document.querySelectorAll("*")].filter((e) => !e.closest(".chart-live, #vg-tooltip-element"))
  .filter((e) => [...e.attributes].some((a) => /^on|^srcdoc$/i.test(a.name) || /^\\s*javascript:/i.test(a.value))
    || (e.tagName === "A" && e.hasAttribute("href") && !/^[\\w./-]*(#[\\w.-]*)?$/.test(e.getAttribute("href")))
    || (e.hasAttribute("src") && !/^(assets[/]|data:image[/])/.test(e.getAttribute("src")))
    || /^(iframe|object|embed|base|form|foreignobject|animate|use)$/i.test(e.tagName))
  .map((e) => e.outerHTML.slice(0, 150))"""
HIDDEN = "/[\\u202a-\\u202e\\u2066-\\u2069\\u0000]/.test(document.documentElement.outerHTML)"


def run_report(workspace, *options):
    """Run a workspace with the command line and return its exit code, and the folder of the newest report."""
    command = [sys.executable, "-c", "from mopsnb.cli import main; main()", "run", str(workspace), "--single-file"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, timeout=300)
    runs = sorted((workspace / "runs").glob("2*/run.json"))
    assert runs, done.stdout + done.stderr
    return done.returncode, runs[-1].parent


@pytest.fixture(scope="module")
def reports(tmp_path_factory, repository):
    """The reports of a company with hostile names, and of one whose errors quote them."""
    folder = tmp_path_factory.mktemp("hostile")
    code, hostile = run_report(write_hostile_company(folder / "names", repository / "data" / "samples"))
    assert code == 0
    code, unreadable = run_report(write_unreadable_company(folder / "errors"))
    assert code not in {0, 70}
    return {"names": hostile, "errors": unreadable}


def visit_all(opened):
    """Do what a reader does: wait for the charts, open everything, point at the charts."""
    opened.wait_for_charts()
    open_details(opened.page)
    for chart in opened.page.locator(".chart-live").all()[:12]:
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        for share in (0.3, 0.6):
            opened.page.mouse.move(box["x"] + share * box["width"], box["y"] + 0.5 * box["height"])
    opened.page.wait_for_timeout(200)


@pytest.mark.parametrize(
    ("company", "name"),
    [  # the single file holds every page, and errors come on any of them
        pytest.param(company, name, marks=() if company == "errors" or name in ALWAYS else pytest.mark.soak)
        for company in ("names", "errors")
        for name in PAGES
    ],
)
def test_nothing_that_data_planted_runs_loads_or_shows_on_the_console(reports, visit, company, name):
    with visit(reports[company] / f"{name}.html") as opened:
        dialogs = []
        opened.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        visit_all(opened)
        assert "__pwned" in opened.run("document.body.textContent"), "the page shows what the data holds, as text"
        assert opened.run("window.__pwned ?? 0") == 0
        assert dialogs == []
        assert [url for url in opened.loaded if not url.startswith((reports[company].as_uri(), "data:"))] == []
        assert opened.console == []
        assert opened.run(PLANTED) == []
        assert not opened.run(HIDDEN)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in ("index", "goals") else pytest.mark.soak) for name in PAGES]
)
def test_page_of_hostile_names_keeps_its_outline_and_is_accessible(reports, visit, name):
    with visit(reports["names"] / f"{name}.html", width=360) as opened:
        opened.wait_for_charts()
        assert opened.run(OUTLINE) == []
        assert run_axe(opened.page) == []
        assert opened.run("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
@pytest.mark.parametrize("company", ["names", "errors"])
def test_index_of_runs_takes_no_orders_from_data_and_is_accessible(reports, visit, company, width, dark):
    with visit(reports[company].parent / "index.html", width=width, dark=dark) as opened:
        open_details(opened.page)
        assert opened.run("window.__pwned ?? 0") == 0
        assert opened.requests == []
        assert opened.console == []
        assert opened.run(PLANTED) == []
        assert not opened.run(HIDDEN)
        assert opened.run(OUTLINE) == []
        assert run_axe(opened.page) == []
        assert opened.run("document.documentElement.scrollWidth") <= width


def test_page_of_a_failed_step_quotes_the_bad_value_as_text(reports, visit):
    with visit(reports["errors"] / "budget_pacing.html") as opened:
        cause = opened.page.locator(".stopped-cause").inner_text()
        assert "found '<script>window.__pwned=1</script>'" in cause
