"""A real JupyterLab in a real browser: notebooks run to their end, widgets redraw charts, a button keeps the choice."""

import nbformat
import pytest
from lab_samples import has_ended, list_errors, serve, visit

from mopsnb.cli.lab import lay_out, name_copy
from mopsnb.schedule.reading import read_schedules
from mopsnb.steps import STEPS

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# The field that is moved in each notebook, and what is typed into it.
MOVES = {
    "goals": ("target", "12000000"),
    "budget_pacing": ("per_day", "3000"),
    "service_levels": ("promise", "80"),
    "metrics": ("what_if", "0.2"),
    "lead_scoring": ("threshold", "60"),
}
FULL = "budget_pacing"  # the one that goes through the whole story in every run of the tests


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A JupyterLab on a copy of the sample, and the folder that the copy is in."""
    folder = tmp_path_factory.mktemp("lab")
    with serve(folder) as address:
        yield address, folder / "lab"


def find_chart(page, field):
    """Return the chart beside a field, scrolled into view: JupyterLab draws no cell that is far away."""
    box = page.locator(f".mops-choice-{field}")
    page.locator(".jp-Notebook").hover()
    for _ in range(80):
        if box.count():
            break
        page.mouse.wheel(0, -500)
        page.wait_for_timeout(100)
    box.scroll_into_view_if_needed()
    chart = page.locator(f".jp-OutputArea-output:has(.mops-choice-{field}) .vega-embed").last
    chart.wait_for(timeout=20_000)
    return box, chart


def read_words(page, field):
    """Return all that stands around a field: labels and sentences."""
    return page.evaluate(
        """field => {
            const area = [...document.querySelectorAll('.jp-OutputArea-output')].filter(
                one => one.querySelector(`.mops-choice-${field}`)).pop();
            return area.innerText;
        }""",
        field,
    )


def paint(chart):
    """Return the pixels of a chart's canvas as one text."""
    return chart.locator("canvas").first.evaluate("canvas => canvas.toDataURL()")


def wait_for_change(page, chart, before):
    """Wait until a chart's pixels differ from what they were, and return them."""
    for _ in range(100):
        if chart.locator("canvas").count() and (now := paint(chart)) != before:
            return now
        page.wait_for_timeout(50)
    raise AssertionError("the chart did not change")


def run(lab, folder, step):
    """Open a step's notebook, run all its cells, and return the notebook as it was saved."""
    name = name_copy([one.slug for one in STEPS].index(step) + 1, next(one for one in STEPS if one.slug == step))
    lab.open(f"notebooks/{name}")
    lab.run_all()
    return lab.save(folder / "notebooks" / name, has_ended)


def move(lab, step):
    """Move a field of a step's notebook, and wait until sentences and chart follow."""
    field, typed = MOVES[step]
    box, chart = find_chart(lab.page, field)
    before, said = paint(chart), read_words(lab.page, field)
    number = box.locator("[contenteditable], input").last
    number.fill(typed)
    number.press("Enter")
    lab.page.wait_for_function(
        """([field, said]) => [...document.querySelectorAll('.jp-OutputArea-output')].filter(
            one => one.querySelector(`.mops-choice-${field}`)).pop().innerText !== said""",
        arg=[field, said], timeout=20_000,
    )  # fmt: skip
    return chart, wait_for_change(lab.page, chart, before)


def test_widgets_redraw_charts_marks_filter_bars_and_a_button_keeps_the_choice(chromium, server):
    """The whole story of one notebook: no errors, a field moves the chart, marked months filter the bars below, and
    what is kept stands in the schedule of the copy, whose comments stay. Nothing leaves the machine."""
    address, folder = server
    with visit(chromium, address) as lab:
        assert list_errors(run(lab, folder, FULL)) == []
        page = lab.page
        chart, moved = move(lab, FULL)
        slider, _ = find_chart(page, "months")
        number = slider.locator("[contenteditable]")
        number.fill("9")
        number.press("Enter")
        shorter = wait_for_change(page, chart, moved)
        place = chart.bounding_box()
        page.mouse.move(place["x"] + 180, place["y"] + 160)
        page.mouse.down()
        page.mouse.move(place["x"] + 330, place["y"] + 165, steps=5)
        page.mouse.up()
        wait_for_change(page, chart, shorter)
        button = page.get_by_role("button", name="Keep for scheduled runs")
        button.scroll_into_view_if_needed()
        button.click()
        page.get_by_text("Its next run uses it.").wait_for(timeout=20_000)
        assert (lab.console, lab.outside) == ([], [])
    assert read_schedules(folder).find("weekly").params == {"budget_pacing.months": "9"}
    assert "# Mondays at 6 in the morning" in (folder / "schedule.yml").read_text(encoding="utf-8")


@pytest.mark.soak
@pytest.mark.parametrize("step", [slug for slug in MOVES if slug != FULL])
def test_every_notebook_runs_without_errors_and_a_widget_redraws_its_chart(chromium, server, step):
    """All cells run, a field is moved, the chart and the sentences below follow, and the button works."""
    address, folder = server
    with visit(chromium, address) as lab:
        assert list_errors(run(lab, folder, step)) == []
        move(lab, step)
        button = lab.page.get_by_role("button", name="Keep for scheduled runs")
        button.scroll_into_view_if_needed()
        button.click()
        lab.page.get_by_text("Its next run uses it.").wait_for(timeout=20_000)
        assert (lab.console, lab.outside) == ([], [])


def test_the_page_that_opens_first_leads_to_every_notebook_in_order(chromium, server):
    """The start page lists the notebooks in the order of work, and a link opens one."""
    address, _ = server
    with visit(chromium, address) as lab:
        page = lab.open()
        links = page.locator(".jp-RenderedMarkdown table a")
        links.first.wait_for(timeout=30_000)
        assert links.all_inner_texts() == [step.title for step in STEPS]
        links.nth(1).click()
        page.get_by_role("heading", name="Budget pacing").first.wait_for(timeout=30_000)


def test_the_copies_differ_from_the_originals_in_their_workspace_alone(tmp_path, repository):
    """Each copy opens the workspace that it lies in; all else is the original's."""
    laid = lay_out(sample_copy=tmp_path / "copy")
    for number, step in enumerate(STEPS, start=1):
        ours = nbformat.read(laid.workspace / "notebooks" / name_copy(number, step), as_version=4)
        theirs = nbformat.read(repository / "notebooks" / step.notebook, as_version=4)
        changed = [
            (one.source, other.source) for one, other in zip(ours.cells, theirs.cells) if one.source != other.source
        ]
        assert [mine.replace('".."', '""') for mine, _ in changed] == [other for _, other in changed]
        assert len(changed) == 1
