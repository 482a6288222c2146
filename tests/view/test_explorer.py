"""Widgets: a choice redraws the chart, an error is said, a button keeps what the scheduled run has a parameter for."""

from dataclasses import dataclass, field

import pandas as pd
import pytest
import vl_convert

from mopsnb import view
from mopsnb.analysis.studies import Answer, Choice, Study
from mopsnb.analysis.studies.study import build_lines, build_parts
from mopsnb.errors import OutputError, ParameterError
from mopsnb.view.explorer import Explorer
from mopsnb.view.figure import LAB_MIME
from mopsnb.view.html import Html

MONTHS = pd.date_range("2026-01-01", periods=3, freq="MS")


def offer(values):
    fruit = str(values.get("fruit", "apple"))
    return (
        Choice("fruit", "Fruit", "apple", options=(("Apple", "apple"), ("Pear", "pear"))),
        Choice("months", "Months", 3, "whole", low=1, high=60, is_parameter=True),
        Choice("weight", "What if", 5.0 if fruit == "apple" else 9.0, "number", key=fruit),
        Choice("event", "Day", "", "day", is_parameter=True),
    )


def answer(values):
    if values["weight"] == 13:
        raise ParameterError("The weight is 13, expected another.")
    if values["weight"] == 14:
        raise ZeroDivisionError("division by zero")
    if values["weight"] == 15:
        return Answer("Nothing", build_lines([]))
    lines = [{"x": day, "series": values["fruit"], "value": float(values["weight"])} for day in MONTHS]
    parts = [{"x": day, "segment": name, "value": 2.0} for day in MONTHS for name in ("red", "green")]
    return Answer(
        f"{values['fruit']} weighs <{values['weight']}>",
        build_lines(lines),
        build_parts(parts),
        measure="Weight",
        part_measure="By color",
        sentences=(f"On {values['event'] or 'no day'} <b>",),
    )


@dataclass
class Shelf:
    kept: list = field(default_factory=list)
    refuse: bool = False

    def list_places(self):
        return ["weekly", "parameters.yml"]

    def keep(self, values, place):
        if self.refuse:
            raise OutputError("Nothing was written: the disk is full.")
        self.kept.append((dict(values), place))
        return f"Written to {place}."


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def explorer(shelf):
    return view.explore(Study("fruit", offer, answer), shelf)


def read_title(explorer):
    return explorer.chart.outputs[0]["data"][LAB_MIME]["title"]["text"]


def test_a_choice_redraws_chart_and_sentences(explorer):
    assert read_title(explorer) == ["apple weighs <5.0>"]
    explorer.choose(weight=6.0, event="2026-12-04")
    assert read_title(explorer) == ["apple weighs <6.0>"]
    assert "On 2026-12-04 &lt;b&gt;" in explorer.words.value


def test_another_choice_starts_what_depends_on_it_anew_and_leaves_the_rest(explorer):
    explorer.choose(weight=6.0, months=12)
    explorer.choose(fruit="pear")
    assert explorer.chosen == {"fruit": "pear", "months": 12, "weight": 9.0, "event": ""}
    assert read_title(explorer) == ["pear weighs <9.0>"]


def test_an_error_for_people_is_said_and_the_chart_stays(explorer):
    explorer.choose(weight=13.0)
    assert "The weight is 13, expected another. The chart shows the choice before." in explorer.words.value
    assert 'role="alert"' in explorer.words.value
    assert read_title(explorer) == ["apple weighs <5.0>"]
    explorer.choose(weight=6.0)
    assert "alert" not in explorer.words.value


def test_any_other_error_is_said_too(explorer):
    explorer.choose(weight=14.0)
    assert "cannot be shown (ZeroDivisionError: division by zero)" in explorer.words.value


def test_no_data_is_a_note(explorer):
    explorer.choose(weight=15.0)
    assert "text/html" in explorer.chart.outputs[0]["data"]


def test_the_button_keeps_parameters_alone_and_says_where(explorer, shelf):
    explorer.choose(months=12, fruit="pear", event="2026-12-04")
    explorer.button.click()
    assert shelf.kept == [({"months": 12, "event": "2026-12-04"}, "weekly")]
    assert "Written to weekly." in explorer.state.value
    explorer.choose(months=6)
    assert explorer.state.value == ""


def test_a_refusal_to_write_is_said(explorer, shelf):
    shelf.refuse = True
    explorer.button.click()
    assert "the disk is full" in explorer.state.value
    assert 'role="alert"' in explorer.state.value


def test_without_a_keeper_or_a_parameter_there_is_no_button():
    study = Study("fruit", lambda values: offer(values)[:1], lambda values: answer({"weight": 1, "event": ""} | values))
    assert len(view.explore(study).box.children) == len(view.explore(study, Shelf()).box.children) == 3


def test_nothing_to_choose_is_said():
    explorer = Explorer(Study("fruit", lambda _: (), answer), Shelf())
    assert "There is nothing to try out yet" in explorer.words.value
    assert explorer.fields == {}


@pytest.mark.slow
def test_linked_charts_draw_with_both_versions_and_the_mark_filters_the_lower_one():
    """JupyterLab draws Vega-Lite 5, the report 6; a mark on the months is a filter below."""
    figure = view.linked(answer({"fruit": "apple", "weight": 5.0, "event": ""}))
    spec = figure.make_lab_spec()
    for version in ("5.20", "6.4"):
        svg = vl_convert.vegalite_to_svg(spec, vl_version=version, allowed_base_urls=[])
        assert "red" in svg
        assert "green" in svg
    upper, lower = spec["vconcat"]
    assert spec["params"][0]["select"] == {"type": "interval", "encodings": ["x"]}
    assert {"filter": {"param": "marked"}} in lower["transform"]
    assert upper["width"] == lower["width"] == 500


@pytest.mark.slow
def test_a_share_below_is_sum_over_sum_and_missing_without_a_base():
    """60 ÷ 600 and 8 ÷ 400 over two months are 68 ÷ 1,000; a segment without a base has no bar."""
    rows = [("a", 60, 600), ("a", 8, 400), ("b", 0, 0)]
    parts = [{"x": MONTHS[place], "segment": name, "numerator": float(top), "denominator": float(base)}
             for place, (name, top, base) in enumerate(rows)]  # fmt: skip
    lines = build_lines([{"x": MONTHS[0], "series": "Rate", "value": 0.1}])
    shown = Answer("Rate", lines, build_parts(parts), unit="fraction", part_unit="fraction", is_ratio=True)
    spec = view.linked(shown).make_lab_spec()
    svg = vl_convert.vegalite_to_svg(spec, vl_version="5.20", allowed_base_urls=[])
    assert "Part: a" in svg
    assert "6.8%" in svg
    assert "Part: b" not in svg


def test_a_study_without_values_is_a_note():
    assert isinstance(view.linked(Answer("Nothing", build_lines([]))), Html)
