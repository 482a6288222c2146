"""The paragraph to forward says what the first page says, in three to five sentences of plain text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mopsnb.run.brief import write_brief
from mopsnb.run.lines import Decision, FindingLine, GoalLine, Sentence

TOP = Sentence("“Win more” will likely be reached: the chance is 70%. 820 so far; forecast 900 to 1,100.", page="goals")
OUTLOOK = Sentence(
    "Spend will exceed the plan: $110 projected, $10 (10%) above the plan of $100.", page="budget_pacing"
)
LINE = FindingLine(
    "error", "First calls come late.", "", "Call them.", "Sales", "service_levels", "Service levels", False
)
DECISION = Decision(LINE, "October 7, 2026")
GOAL = GoalLine("Win", "Jo", "", "on_track", "On track", "1", "of 2", None, None, "", "", "")


def write(leading=(TOP, OUTLOOK), goals=(GOAL,), decisions=(DECISION,)):
    return write_brief("Acme", "September 30, 2026", leading, goals, decisions)


def test_it_tells_the_goal_with_its_chance_the_budget_and_what_is_decided():
    text = write()

    assert text == (
        f"Marketing at Acme, data through September 30, 2026: {TOP.text} {OUTLOOK.text} "
        "One decision is due: (1) First calls come late (Sales, by October 7, 2026)."
    )
    assert 3 <= len(re.findall(r"[.](?:\s|$)", text)) <= 5
    assert "<" not in text and "\n" not in text


def test_decisions_are_counted_and_numbered():
    text = write(decisions=[DECISION, replace(DECISION, by="")])

    assert text.endswith("Two decisions are due: (1) First calls come late (Sales, by October 7, 2026); "
                         "(2) First calls come late (Sales).")  # fmt: skip


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        (["on_track", "behind", "met"], "Of 2 running goals, 1 is on track."),
        (["on_track", "on_track"], "Of 2 running goals, 2 are on track."),
        (["behind"], "Of 1 running goal, none is on track."),
    ],
)
def test_without_a_top_goal_it_counts_the_running_ones(statuses, told):
    assert told in write(leading=(None, OUTLOOK), goals=[replace(GOAL, status=status) for status in statuses])


def test_nothing_to_tell_is_no_paragraph_and_no_decision_is_said():
    assert write(leading=(), goals=(), decisions=()) == ""
    assert write(decisions=()).endswith("No decision is due.")


def test_a_decision_links_to_the_list_that_names_its_record(sample_report):
    page = (sample_report / "index.html").read_text(encoding="utf-8")
    [(fix, name, anchor)] = re.findall(
        r'<p class="decision-fix">([^<]*) <a href="([a-z_]+)[.]html#([a-z-]+)">See “[^”]+”</a>', page
    )
    record = re.search(r"start with (\w+), which waits longest", fix)[1]
    listed = (sample_report / f"{name}.html").read_text(encoding="utf-8").split(f'id="{anchor}"')[1]

    assert listed.index(record) < listed.index("<h2")


def test_every_figure_of_the_paragraph_stands_on_the_first_page(sample_report):
    page = (sample_report / "index.html").read_text(encoding="utf-8")
    [brief] = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", page, re.DOTALL)
    rest = page.replace(brief, "")

    figures = re.findall(r"[$\d][\d,.]*\d%?", brief)

    assert len(figures) > 8
    assert [figure for figure in figures if figure not in rest] == []
