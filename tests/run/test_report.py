"""One executed notebook as a page's body."""

import json
import re

import pytest
import site_samples as samples
from nbformat import v4

from mopsnb.run.failure import describe_failure, mark_stop
from mopsnb.run.markup import make_slug, order_headings, render_said, separate_ids
from mopsnb.run.report import read_used, render_body
from mopsnb.view import html as view_html


@pytest.fixture(scope="module")
def metrics():
    """The body of a page with every kind of cell."""
    return render_body(samples.make_metrics_notebook())


def read_ids(html):
    return re.findall(r'\sid="([^"]+)"', html)


def test_code_is_hidden(metrics):
    for source in ("import mopsnb", "view.trend", "months: int"):
        assert source not in metrics.body


@pytest.mark.parametrize("hidden", ["a slider", "a warning of a library", "PosixPath", "/secret/place"])
def test_interactive_cells_printed_text_and_paths_stay_out(metrics, hidden):
    assert hidden not in metrics.body


def test_money_in_prose_is_not_taken_for_mathematics(metrics):
    assert "<strong>$1,200</strong> or one of <strong>$9,000</strong>" in metrics.body


def test_names_from_data_are_escaped_in_computed_sentences(metrics):
    assert "&lt;img src=x" in metrics.body
    assert "<img" not in metrics.body
    assert 'was <strong>0.45%</strong>; see <a href="goals.html">goals</a>' in metrics.body


@pytest.mark.parametrize(
    "source", ["![alt](http://a.example/x.png)", "[alt](javascript:alert(1))", "[alt](//a.example)"]
)
def test_computed_sentences_lead_nowhere_outside_the_site(source):
    assert render_said(source) == "<p>alt</p>\n"


def test_markup_in_the_prose_of_a_notebook_stays_markup():
    page = render_body(samples.make_notebook([v4.new_markdown_cell("# A\n\n<kbd>Ctrl</kbd>")]))
    assert "<kbd>Ctrl</kbd>" in page.body


def test_each_chart_stands_with_picture_spec_reading_and_data(metrics):
    assert metrics.has_charts
    figures = re.findall(r"<figure.*?</figure>", metrics.body, re.DOTALL)
    assert len(figures) == 2
    for figure in figures:
        assert 'role="img" aria-label="' in figure
        assert '<svg aria-hidden="true"' in figure
        assert "Churn stayed within its usual range" in figure
        assert figure.count("<tr>") == 25
        spec = re.search(r'class="chart-spec">(.*?)</script>', figure, re.DOTALL)
        assert json.loads(spec[1])["$schema"].endswith(".json")


def test_spec_cannot_close_its_script_element():
    figure = samples.make_figure("A", spec={"title": "</script><script>alert(1)</script>"})
    page = render_body(samples.make_notebook([samples.code("x", figure)]))
    assert page.body.count("</script>") == 1
    spec = re.search(r'class="chart-spec">(.*?)</script>', page.body, re.DOTALL)
    assert json.loads(spec[1]) == {"title": "</script><script>alert(1)</script>"}


def test_names_from_data_are_escaped_in_titles_and_tables_of_charts():
    figure = samples.make_figure(
        samples.EVIL, columns=[{"label": samples.EVIL}], rows=[[samples.EVIL]], reading=samples.EVIL
    )
    page = render_body(samples.make_notebook([samples.code("x", figure)]))
    assert "<img" not in page.body
    assert "<b>" not in page.body


def test_data_table_of_a_chart_aligns_figures():
    columns = [{"name": "a", "label": "Month", "align": "left"}, {"name": "b", "label": "Rate", "align": "right"}]
    figure = samples.make_figure("A", columns=columns, rows=[["May", "–"], ["June", "0.40%"]])
    page = render_body(samples.make_notebook([samples.code("x", figure)]))
    assert '<th scope="col">Month</th><th scope="col" class="number">Rate</th>' in page.body
    assert '<td>May</td><td class="number">–</td>' in page.body


def test_style_of_the_view_is_not_repeated_in_the_page():
    shown = view_html.Html("<p>A card</p>", "A card")._repr_mimebundle_()
    output = v4.new_output("display_data", shown)
    page = render_body(samples.make_notebook([samples.code("x", output)]))
    assert "<p>A card</p>" in page.body
    assert "<style" not in page.body


def test_plain_chart_without_our_payload_is_drawn_too():
    chart, _ = samples.make_chart()
    spec = json.loads(chart.properties(title="Two lines").to_json())
    output = samples.show("application/vnd.vegalite.v6+json", spec)
    page = render_body(samples.make_notebook([samples.code("chart", output)]))
    assert page.has_charts
    assert 'aria-label="Two lines"' in page.body
    assert '<div class="chart-still"><svg' in page.body
    assert page.body.count("<tr>") == 25


def test_plain_chart_that_cannot_be_drawn_still_has_its_place():
    output = samples.show("application/vnd.vegalite.v6+json", {"title": "Broken", "mark": 1, "data": {"values": "a"}})
    page = render_body(samples.make_notebook([samples.code("chart", output)]))
    assert 'aria-label="Broken"' in page.body
    assert "<svg" not in page.body


def test_output_that_is_only_a_script_is_named_and_not_run():
    output = samples.show("text/html", "<script>draw()</script>")
    page = render_body(samples.make_notebook([samples.code("chart", output)]))
    assert "This output draws itself with a script" in page.body
    assert "draw()" not in page.body


def test_html_of_other_libraries_keeps_its_text_and_loses_what_acts():
    html = (
        '<table onclick="x()"><tr><td><b>Spend</b><script>x()</script></td></tr></table><a href="javascript:x()">a</a>'
    )
    page = render_body(samples.make_notebook([samples.code("frame", samples.show("text/html", html))]))
    assert "<td><b>Spend</b></td>" in page.body
    assert "x()" not in page.body


def test_ids_are_unique_and_the_same_in_the_next_run(metrics):
    ids = read_ids(metrics.body)
    assert len(ids) == len(set(ids))
    assert {"email-churn", "email-churn-2", "its-neighbors", "t", "t-2"} <= set(ids)
    assert render_body(samples.make_metrics_notebook()) == metrics


def test_contents_list_the_headings_of_two_levels(metrics):
    assert [(heading.level, heading.text) for heading in metrics.contents] == [
        (2, "Email churn"),
        (3, "Its neighbors"),
        (2, "Email churn"),
        (2, "What to do next"),
    ]


def test_one_title_and_no_skipped_level():
    html, _ = order_headings("<h1>A</h1><h4>B</h4><h1>C</h1><h3>D</h3><h2>E</h2>", set())
    assert re.findall(r"<h(\d)", html) == ["1", "2", "2", "3", "2"]


def test_renamed_id_takes_its_references_along():
    svg = '<clipPath id="a"/><g clip-path="url(#a)" aria-labelledby="a b" aria-label="a"/><i id="b"/>'
    assert separate_ids(svg, {"a"}) == (
        '<clipPath id="a-2"/><g clip-path="url(#a-2)" aria-labelledby="a-2 b" aria-label="a"/><i id="b"/>'
    )


def test_slug_of_a_heading_without_latin_letters_is_usable():
    assert make_slug("目標") == "section"


def test_parameters_are_those_that_ran_without_folders():
    [months] = read_used(samples.make_metrics_notebook())
    assert (months.name, months.value, months.meaning) == ("months", "36", "months shown")


def test_failure_names_cell_cause_output_and_what_did_not_run():
    failure = describe_failure(samples.make_failed_notebook())
    assert failure.place == "It stopped in code cell 2 of 4."
    assert failure.cause == (
        "The notebook's code raised an error that it does not expect: ZeroDivisionError: division by zero"
    )
    assert failure.source == "rate = 1 / 0"
    assert failure.printed == f"reading {samples.EVIL}"
    assert failure.details == "ZeroDivisionError: division by zero"
    assert [cell.number for cell in failure.not_run] == [3, 4]


def test_error_made_for_people_is_shown_as_it_is():
    error = v4.new_output("error", ename="DataError", evalue="data/contact.csv, row 7: no id.", traceback=[])
    failure = describe_failure(samples.make_notebook([samples.code("x", error)]))
    assert failure.cause == "data/contact.csv, row 7: no id."
    assert failure.rest == "No cell comes after it."


def test_notebook_whose_process_died_names_the_last_cell_that_started():
    notebook = samples.make_notebook([samples.code("a"), samples.code("b", count=2), samples.code("c", count=None)])
    failure = describe_failure(notebook)
    assert failure.place == "It stopped in or after code cell 2 of 3."
    assert "memory" in failure.cause
    assert describe_failure(notebook, "Killed after 60 seconds.").cause == "Killed after 60 seconds."


def test_page_shows_where_the_notebook_stopped_once():
    page = render_body(mark_stop(samples.make_failed_notebook()))
    assert page.body.count("The notebook stopped here.") == 1
    assert page.body.index("stopped here") < page.body.index("Spend")


def test_notebook_that_never_started_says_so():
    failure = describe_failure(samples.make_notebook([samples.code("a", count=None)]), "No kernel.")
    assert failure.place == "It stopped before its first cell."
    assert [cell.first_line for cell in failure.not_run] == ["a"]
