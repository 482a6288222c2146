"""Prose, cards, findings and notes say the same with and without a page, and nothing from data becomes markup."""

import re
from dataclasses import dataclass

import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import v4

from mopsnb import view
from mopsnb.findings import Finding
from mopsnb.view.html import NO_MATH, STATUS_TONES, show_status, strip_tags
from mopsnb.view.text import name_previous

HEADLINE = {
    "name": "email_churn_rate",
    "title": "Email churn rate",
    "value": 0.0038,
    "unit": "fraction",
    "period": "2026-09",
    "n": 41000.0,
    "formula": "unsubscribed ÷ recipients",
    "target": 0.004,
    "status": "on_track",
    "change": -0.091,
}


def html(output):
    return output._repr_mimebundle_()["text/html"]


def visible(output):
    return strip_tags(re.sub(r"<style>.*?</style>", "", html(output), flags=re.DOTALL))


def test_prose_is_markdown_html_and_text():
    bundle = view.say("Spend was **$1,204**.")._repr_mimebundle_()
    assert bundle["text/markdown"] == "Spend was **$1,204**."
    assert "<strong>$1,204</strong>" in bundle["text/html"]
    assert bundle["text/plain"] == "Spend was $1,204."


@pytest.mark.parametrize(
    ("signal", "words"), [("inside", "inside its usual range"), ("below", "outside: below its usual range")]
)
def test_a_card_says_whether_its_figure_lies_inside_the_usual_range(signal, words):
    limits = {"usual_low": 40.7, "usual_high": 189.6, "low": 40.7, "high": 189.6}
    card = HEADLINE | limits | {"value": 20, "unit": "count", "signal": signal, "interval": "usual range of 9 months"}
    lines = visible(view.headlines([card])).splitlines()
    assert f"{words}, 41 to 190" in lines
    assert lines[-1] == "Base: 41,000; unsubscribed ÷ recipients; usual range of 9 months"


@pytest.mark.parametrize(
    ("more", "ending"),
    [
        ({"interval": "Wilson 95%", "low": 0.003, "high": 0.0047}, "; Wilson 95%: 0.30% to 0.47%"),
        ({"interval": "Wilson 95%", "low": None, "high": None}, ""),
        ({"interval": "none: the year is over", "low": None, "high": None}, "; no interval: the year is over"),
    ],
)
def test_a_card_names_an_interval_only_with_its_figures_or_with_the_reason_why_there_is_none(more, ending):
    assert visible(view.headlines([HEADLINE | more])).splitlines()[-1] == f"Base: 41,000; {HEADLINE['formula']}{ending}"


def test_a_base_in_money_has_its_currency():
    lines = visible(view.headlines([HEADLINE | {"base": "of spend", "base_unit": "USD"}])).splitlines()
    assert lines[-1].startswith("Base: $41,000 of spend; ")


def test_dollars_in_a_notebook_are_money_and_not_mathematics():
    for output in (view.say("from $1,204 to $2,300"), view.headlines([HEADLINE]), view.no_data("Cost in $")):
        assert NO_MATH in html(output)


def test_prose_shows_html_as_text_and_fetches_no_picture(evil):
    shown = html(view.say(f"{evil} ![seen](http://tracker/x.png) <script>alert(1)</script> [x](javascript:alert(1))"))
    assert not re.search(r"<(img|script)|href=.javascript", shown)
    assert "seen" in shown


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=30))
def test_an_escaped_name_is_shown_as_it_is(name):
    shown = html(view.say(f"Before {view.escape(name)} after"))
    body = shown.split("<p>")[1].split("</p>")[0]
    assert " ".join(strip_tags(body).split()) == " ".join(f"Before {name} after".split())
    assert "<" not in body


def test_a_card_says_value_change_target_status_base_and_formula():
    assert visible(view.headlines([HEADLINE])).splitlines() == [
        "Email churn rate",
        "0.38%",
        "September 2026, ▼ down 9.1% on August",
        "Target 0.40% on track",
        "Base: 41,000; unsubscribed ÷ recipients",
    ]


def test_a_card_says_direction_and_status_in_words_beside_arrow_and_shape():
    shown = html(view.headlines([HEADLINE]))
    assert '<span aria-hidden="true">▼</span> down 9.1%' in shown
    assert '<span class="mops-status mops-is-good">on track</span>' in shown


def test_a_card_leaves_out_what_is_not_known():
    bare = {
        "title": "Cost per lead",
        "value": np.nan,
        "unit": "currency",
        "period": "2026-09",
        "formula": np.nan,
        "status": None,
    }
    assert visible(view.headlines(pd.DataFrame([bare]))).splitlines() == ["Cost per lead", "–", "September 2026"]


def test_cards_come_from_frames_mappings_and_objects_alike():
    @dataclass
    class Item:
        title: str
        value: float
        unit: str

    mapping = {"title": "Leads", "value": 1200.0, "unit": "count"}
    outputs = [view.headlines(rows) for rows in (pd.DataFrame([mapping]), [mapping], [Item(**mapping)])]
    assert outputs[0] == outputs[1] == outputs[2]
    assert repr(outputs[0]) == "Leads\n1,200"


def test_without_headlines_there_is_a_note():
    assert "no data" in view.headlines([]).text


def test_the_month_before_is_named_with_its_year_where_that_differs():
    formats = view.Formats("en_US", "USD")
    assert name_previous("2026-09", formats) == "August"
    assert name_previous("2026-01", formats) == "December 2025"
    assert name_previous("2026-01-01/2026-09-30", formats) == "the period before"


def test_findings_stand_by_severity_with_evidence_fix_and_owner():
    items = [
        Finding("a.b", "info", "Good to know."),
        Finding("a.c", "error", "A goal is missed.", "800 of 1,000.", "Agree on a target.", "jo"),
    ]
    assert visible(view.findings(items)).splitlines() == [
        "errorA goal is missed.",
        "800 of 1,000.",
        "Agree on a target.",
        "Owner: jo.",
        "noteGood to know.",
    ]
    assert (
        repr(view.findings(items)).splitlines()[0]
        == "error: A goal is missed. 800 of 1,000. Agree on a target. Owner: jo."
    )


def test_without_findings_the_list_says_so():
    assert view.findings([]).text == "Nothing needs attention."


def test_a_note_says_what_is_missing_and_how_to_supply_it():
    note = view.no_data("Email churn", ["email_event", "contact"])
    assert (
        note.text
        == "Email churn: no data. It needs data/email_event.csv or data/contact.csv (or .parquet) in the workspace."
    )
    assert view.no_data("Goals", fix="Add one to strategy.yml.").text == "Goals: no data. Add one to strategy.yml."


def test_names_from_data_are_escaped_everywhere(evil):
    outputs = [
        view.headlines([HEADLINE | {"title": evil, "formula": evil, "status": evil, "unit": evil, "period": evil}]),
        view.findings([Finding("a.b", "error", evil, evil, evil, evil)]),
        view.no_data(evil, fix=evil),
        view.definitions(pd.DataFrame([{"title": evil, "formula": evil, "base": evil}], index=["m"])),
    ]
    for output in outputs:
        assert "<img" not in html(output)
        assert evil in visible(output)


@pytest.mark.parametrize("status", sorted(STATUS_TONES))
def test_every_status_is_a_word_with_a_shape(status):
    shown = show_status(status)
    assert strip_tags(shown) == ("note" if status == "info" else status.replace("_", " "))
    tone = re.search(r"mops-is-(\w+)", shown)[1]
    shape = rf"\.mops-is-{tone}::before" if tone != "good" else r"\.mops-status::before"
    assert re.search(shape, view.STYLE), "the style draws a shape for it, not a color alone"


def test_outputs_are_accepted_by_a_notebook_and_are_the_same_bytes():
    for make in (lambda: view.say("x"), lambda: view.headlines([HEADLINE]), lambda: view.findings([])):
        bundles = [make()._repr_mimebundle_() for _ in range(2)]
        assert bundles[0] == bundles[1]
        cell = v4.new_code_cell("x", outputs=[v4.new_output("display_data", bundles[0])])
        nbformat.validate(v4.new_notebook(cells=[cell]))


def test_several_goals_make_one_chart_each(paths, progress):
    frame = pd.DataFrame([progress, progress | {"goal": "other", "reason": "It has no deadline."}])
    first, second = view.goal_gallery(paths, frame).items
    assert first.words.title.endswith("at risk")
    assert "It has no deadline." in second.text
    assert "no data" in view.goal_gallery(paths, frame.head(0)).items[0].text


def test_a_block_of_code_in_computed_prose_scrolls_by_keyboard():
    assert '<pre tabindex="0"><code>' in view.say("    - id: clicks\n")._repr_mimebundle_()["text/html"]
