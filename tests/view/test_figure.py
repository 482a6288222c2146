"""A figure is drawn wherever a notebook is opened, and is the same bytes each time."""

import json
import re
import xml.etree.ElementTree as ElementTree

import altair as alt
import nbformat
import pandas as pd
import pytest
import vl_convert
from nbformat import v4

from mopsnb import view
from mopsnb.view.figure import FIGURE_MIME, LAB_MIME

pytestmark = pytest.mark.slow

FRAME = pd.DataFrame({"channel": ["search", "social"], "leads": [42, 17]})


def make(**more):
    bars = more.pop("chart", alt.Chart(FRAME).mark_bar().encode(x="leads:Q", y="channel:N"))
    words = {"title": "Search brings most leads", "alt": "Bars: search 42, social 17.", "data": FRAME} | more
    return view.chart(bars, **words)


def show(figure):
    return figure._repr_mimebundle_()


def walk(value):
    """Every mapping inside a specification."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from walk(item)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item)


def test_a_figure_carries_four_forms_that_a_notebook_accepts():
    bundle = show(make())
    assert set(bundle) == {LAB_MIME, "image/svg+xml", FIGURE_MIME, "text/plain"}
    cell = v4.new_code_cell("figure", outputs=[v4.new_output("display_data", bundle)])
    nbformat.validate(v4.new_notebook(cells=[cell]))
    json.dumps(bundle, allow_nan=False)


def test_the_report_gets_words_data_and_a_specification_without_title_and_colors():
    payload = show(make(reading="Social brings fewer."))[FIGURE_MIME]
    assert payload["title"] == "Search brings most leads"
    assert payload["alt"] == "Bars: search 42, social 17."
    assert payload["reading"] == "Social brings fewer."
    assert payload["columns"] == [
        {"name": "channel", "label": "Channel", "align": "left"},
        {"name": "leads", "label": "Leads", "align": "right"},
    ]
    assert payload["rows"] == [["search", "42"], ["social", "17"]]
    assert "title" not in payload["spec"]
    assert "config" not in payload["spec"]
    assert payload["spec"]["width"] == "container"
    assert payload["spec"]["description"] == payload["alt"]


def test_jupyterlab_gets_vega_lite_5_with_words_colors_and_a_fixed_width():
    spec = show(make(reading="Social brings fewer."))[LAB_MIME]
    assert spec["$schema"] == "https://vega.github.io/schema/vega-lite/v5.json"
    assert spec["title"]["text"] == ["Search brings most leads"]
    assert spec["title"]["subtitle"] == ["Social brings fewer."]
    assert isinstance(spec["width"], int), "JupyterLab stops answering on the width of a container"
    assert spec["config"]["background"] == "#ffffff"


def test_a_long_title_is_broken_for_jupyterlab():
    title = "Email churn rate was 0.41% in September 2026, down 4.2% on August, inside the usual range of two years"
    lines = show(make(title=title))[LAB_MIME]["title"]["text"]
    assert " ".join(lines) == title
    assert max(map(len, lines)) <= 80


def test_the_picture_is_one_labeled_image_without_the_title():
    svg = show(make())["image/svg+xml"]
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Bars: search 42, social 17."
    assert "Search brings most leads" not in svg
    assert svg.count("aria-label=") == 1, "one label for the picture, none for each bar"


def test_ids_in_pictures_differ_between_figures():
    clipped = alt.Chart(FRAME).mark_bar(clip=True).encode(x="leads:Q", y="channel:N")
    svgs = [show(make(chart=clipped, title=title))["image/svg+xml"] for title in ("One", "Two")]
    ids = [re.findall(r'\bid="([^"]+)"', svg) for svg in svgs]
    assert ids[0], "the example has a clipping path"
    assert not set(ids[0]) & set(ids[1])
    for svg, names in zip(svgs, ids, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(names)


def test_a_picture_escapes_the_names_in_it(evil):
    frame = pd.DataFrame({"channel": [evil], "leads": [42]})
    bars = alt.Chart(frame).mark_bar().encode(x="leads:Q", y="channel:N")
    svg = show(view.chart(bars, title="t", alt=evil, data=frame))["image/svg+xml"]
    assert "<img" not in svg
    assert ElementTree.fromstring(svg).get("aria-label") == evil


def test_the_same_chart_is_the_same_bytes():
    first, second = (json.dumps(show(make())) for _ in range(2))
    assert first == second


def test_an_id_is_a_word_that_follows_the_content():
    assert re.fullmatch(r"figure-search-brings-most-leads-[0-9a-f]{8}", make().id)
    assert make().id == make().id != make(alt="Another.").id


def test_a_subtitle_set_on_the_chart_is_kept():
    bars = alt.Chart(FRAME, title=alt.Title("", subtitle=["Leads", "by channel"])).mark_bar().encode(x="leads:Q")
    assert make(chart=bars).words.subtitle == "Leads by channel"


def test_what_a_chart_configures_itself_wins_over_the_theme():
    bars = alt.Chart(FRAME).mark_bar().encode(x="leads:Q").configure_axis(labelFontSize=20)
    figure = make(chart=bars)
    assert show(figure)[FIGURE_MIME]["spec"]["config"] == {"axis": {"labelFontSize": 20}}
    assert show(figure)[LAB_MIME]["config"]["axis"]["labelFontSize"] == 20
    assert show(figure)[LAB_MIME]["config"]["axis"]["labelColor"] == "#59636e"


def test_panels_keep_their_own_size():
    bars = alt.Chart(FRAME).mark_bar().encode(x="leads:Q")
    spec = show(make(chart=alt.hconcat(bars, bars)))[FIGURE_MIME]["spec"]
    assert "width" not in spec
    assert "autosize" not in spec


@pytest.mark.parametrize("words", [{"title": " "}, {"alt": ""}])
def test_a_chart_without_title_or_text_alternative_is_refused(words):
    with pytest.raises(ValueError, match=next(iter(words))):
        make(**words)


def test_a_column_that_does_not_exist_is_named_with_the_nearest():
    with pytest.raises(ValueError, match=r"no column 'leeds'\. Did you mean 'leads'"):
        make(columns={"leeds": view.Column("Leads")})


def test_other_words_leave_the_chart_as_it_is():
    figure = make()
    other = figure.with_words(reading="Now read.")
    assert other.words.reading == "Now read."
    assert other.spec == figure.spec
    assert figure.words.reading == ""


def test_a_terminal_shows_title_and_text_alternative():
    assert repr(make()) == "Search brings most leads\nBars: search 42, social 17."


def test_a_locale_travels_with_the_specification():
    view.use_theme("EUR", "de_DE")
    assert show(make())[FIGURE_MIME]["spec"]["config"]["locale"]["number"]["decimal"] == ","


@pytest.mark.parametrize("version", ["5.8", "6.4"])
def test_every_ready_made_chart_compiles_without_warnings(figures, version, capfd):
    for name, figure in figures.items():
        spec = figure.make_lab_spec() if version == "5.8" else dict(figure.spec)
        vega = vl_convert.vegalite_to_vega(spec, vl_version=version, show_warnings=True)
        assert vega["marks"], name
    assert capfd.readouterr() == ("", "")


def test_every_ready_made_chart_draws_the_same_in_both_versions(figures):
    for name, figure in figures.items():
        spec = figure.make_lab_spec()
        five, six = (vl_convert.vegalite_to_svg(spec, vl_version=version) for version in ("5.8", "6.4"))
        texts = [re.findall(r"<text[^>]*>([^<]*)", svg) for svg in (five, six)]
        assert texts[0] == texts[1], name


def test_every_ready_made_chart_has_words_data_and_fits_its_container(figures):
    for name, figure in figures.items():
        payload = show(figure)[FIGURE_MIME]
        assert payload["title"], name
        assert payload["alt"].endswith("."), name
        assert payload["rows"], name
        assert payload["spec"]["width"] == "container", name
        assert isinstance(payload["spec"]["height"], int), name
        ElementTree.fromstring(show(figure)["image/svg+xml"])


def test_ready_made_charts_name_styles_instead_of_colors(figures):
    for name, figure in figures.items():
        assert not re.search(r'"#[0-9a-fA-F]{6}"', json.dumps(figure.spec)), name
        marks = [part["mark"] for part in walk(dict(figure.spec)) if "mark" in part]
        assert all(mark["style"] in view.site_configs()["light"]["style"] for mark in marks), name


def test_ready_made_charts_hold_no_value_that_json_lacks(figures):
    for figure in figures.values():
        json.dumps(show(figure), allow_nan=False)
