"""Finds the charts on a report's pages and chooses the few that go into a message."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from mopsnb.notify.story import Story
from mopsnb.notify.wording import clean, conceal, map_texts

MOST = 3
LEADING = 2  # findings of a page whose subject a chart may show; later ones matter less than the page's first chart
_WORD = re.compile(r"[^\W\d_]{4,}|\d[\d.,]*")  # words and numbers that tell one subject from another


@dataclass(frozen=True, slots=True)
class ChartSource:
    """A chart of a page: what it says, and the Vega-Lite specification that it is drawn from."""

    step: str
    title: str
    alt: str
    spec: dict[str, Any]


def read_charts(report: Path, step: str) -> list[ChartSource]:
    """Return the charts of a step's page in reading order, without e-mail addresses and secrets.

    Parameters
    ----------
    report
        The run's folder.
    step
        The step's id.
    """
    path = report / f"{step}.html"
    if not path.is_file():
        return []
    parser = _FigureParser()
    parser.feed(path.read_text(encoding="utf-8"))
    charts = []
    for title, alt, text in parser.found:
        spec = json.loads(text) if text else None
        if isinstance(spec, dict):
            charts.append(ChartSource(step, clean(title), clean(alt or title), map_texts(spec, conceal)))
    return charts


def choose_charts(report: Path, story: Story, most: int = MOST) -> list[ChartSource]:
    """Return the charts that show what the message is about.

    Pages come in the order of their most severe finding, then of their place in the report. Of each page it is
    the chart whose title names the subject of its first findings, else the first: pages show what goes wrong first.

    Parameters
    ----------
    report
        The run's folder.
    story
        What there is to tell.
    most
        How many at most.
    """
    steps = [*dict.fromkeys(item.step for item in story.findings), *(page["step"] for page in story.steps)]
    failed = {item.step for item in story.failures}
    chosen: list[ChartSource] = []
    for step in dict.fromkeys(steps):
        charts = [] if step in failed or len(chosen) == most else read_charts(report, step)
        if charts:
            subjects = [f"{item.title} {item.where}" for item in story.findings if item.step == step]
            chosen.append(_find_match(charts, subjects[:LEADING]))
    return chosen


def _find_match(charts: Sequence[ChartSource], subjects: Sequence[str]) -> ChartSource:
    """Return the chart whose title shares most words with a finding; each finding is asked in turn."""
    for subject in subjects:
        words = set(_WORD.findall(subject.casefold()))
        shared = [len(words & set(_WORD.findall(chart.title.casefold()))) for chart in charts]
        best = max(shared)
        # Two charts that match equally well tell nothing of which one is meant.
        if best >= 3 and shared.count(best) == 1:
            return charts[shared.index(best)]
    return charts[0]


class _FigureParser(HTMLParser):
    """Reads the figures of a page as the template ``figure.html.j2`` writes them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str, str]] = []
        self._parts: dict[str, str] | None = None
        self._into = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a figure begins, and where its title, text alternative and specification stand."""
        values = {name: value or "" for name, value in attrs}
        names = values.get("class", "").split()
        if tag == "figure" and "figure" in names:
            self._parts = {"title": "", "alt": "", "spec": ""}
        elif self._parts is not None:
            if "chart" in names:
                self._parts["alt"] = values.get("aria-label", "")
            self._into = {"figure-title": "title", "chart-spec": "spec"}.get(names[0], "") if names else ""

    def handle_endtag(self, tag: str) -> None:
        """Keep a figure that is complete."""
        self._into = ""
        if tag == "figure" and self._parts is not None:
            self.found.append((self._parts["title"], self._parts["alt"], self._parts["spec"]))
            self._parts = None

    def handle_data(self, data: str) -> None:
        """Take the text of the part that is open."""
        if self._parts is not None and self._into:
            self._parts[self._into] += data
