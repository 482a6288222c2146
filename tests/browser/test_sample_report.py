"""The sample company's report as a reader opens it: made by the command line, read in Chromium."""

import pytest
from page_audit import OUTLINE, open_details, run_axe

from mopsnb.steps import STEPS

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = pytest.mark.soak  # test_accessibility.py looks at every kind of page in both modes and widths
PAGES = ("index", *(step.slug for step in STEPS), "report")
# What every run looks at; axe takes longer for the single file than for its pages one by one.
ALWAYS = {"index": [(1280, False)], "goals": [(360, True)], "metrics": [(360, True)], "service_levels": [(360, True)]}


@pytest.mark.parametrize(
    ("width", "dark", "name"),
    [
        *(pytest.param(1280, False, name, id=f"desktop-{name}") for name in PAGES),
        *(
            pytest.param(360, True, name, id=f"phone in the dark-{name}", marks=() if name == "report" else LONG)
            for name in PAGES  # the single file holds every page
        ),
    ],
)
def test_page_is_whole_quiet_and_asks_for_nothing(sample_report, visit, name, width, dark):
    with visit(sample_report / f"{name}.html", width=width, dark=dark) as opened:
        charts = opened.wait_for_charts()
        opened.page.wait_for_timeout(200)
        assert charts == opened.page.locator("figure").count()
        assert charts > 0 or name in {"index", "lead_scoring"}
        assert opened.requests == []
        assert opened.console == []
        assert opened.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", PAGES)
def test_page_can_be_read_without_seeing_it(sample_report, visit, name):
    with visit(sample_report / f"{name}.html") as opened:
        opened.wait_for_charts()
        assert opened.run(OUTLINE) == []


@pytest.mark.parametrize(
    ("name", "width", "dark"),
    [
        pytest.param(name, width, dark, marks=() if (width, dark) in ALWAYS.get(name, ()) else LONG)
        for name in PAGES
        for width in (1280, 360)
        for dark in (False, True)
    ],
)
def test_axe_finds_no_violation(sample_report, visit, name, width, dark):
    with visit(sample_report / f"{name}.html", width=width, dark=dark) as opened:
        opened.wait_for_charts()
        open_details(opened.page)
        assert run_axe(opened.page) == []


def test_first_page_leads_to_every_page(sample_report, visit):
    with visit(sample_report / "index.html") as opened:
        for name in ("Goals", "Metrics"):
            opened.page.get_by_role("link", name=name, exact=True).last.click()
            opened.page.wait_for_url(f"**/{name.lower()}.html")
            opened.page.get_by_role("heading", level=1).wait_for(state="visible")
            opened.page.go_back()


def test_first_page_marks_the_sample_and_says_how_far_the_data_goes(sample_report, visit):
    with visit(sample_report / "index.html") as opened:
        assert opened.page.get_by_text("Sample company.").is_visible()
        assert opened.run("document.body.dataset.through") in opened.page.content()
        assert opened.page.locator(".goal").count() > 5
        assert opened.page.locator(".card").count() > 3
