"""What charts of the sample's pages say in tooltips and on axes is written as the pages write it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
SPEC = re.compile(r'<script type="application/json" class="chart-spec">(.*?)</script>', re.DOTALL)
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
MONTH = re.compile(rf"({MONTHS}) \d{{4}}(, so far)?")
FAULTS = {
    "a time as machines write it": re.compile(r"\d{4}-\d{2}-\d{2}|\d{2}:\d{2}:\d{2}|\b1[5-9]\d{11}\b"),
    "a number of many digits": re.compile(r"\d\.\d{5,}|\d\d\.\d{3,}(?!\d*%)|\d{5,}(?![\d,.]*%)"),
    "an exponent": re.compile(r"\d[eE][+-]?\d"),
    "a space before the percent sign": re.compile(r"\d\s+%"),
    "an amount in another form": re.compile(r"\$(?!\d{1,3}(,\d{3})*(\.\d{2,5})?(?![\d,]*\d))|\bUSD\b"),
    "no value": re.compile(r"\b(nan|None|null|NaT|undefined)\b"),
}


def walk(part: Any) -> Iterator[dict[str, Any]]:
    """Every mapping within a specification."""
    if isinstance(part, dict):
        yield part
        for item in part.values():
            yield from walk(item)
    elif isinstance(part, list):
        for item in part:
            yield from walk(item)


def read_specs(report: Path) -> list[tuple[str, dict[str, Any]]]:
    pages = sorted(page for page in report.glob("*.html") if page.name != "report.html")
    return [
        (page.name, json.loads(html.unescape(found)))
        for page in pages
        for found in SPEC.findall(page.read_text(encoding="utf-8"))
    ]


def list_tips(spec: dict[str, Any]) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """Each field of a tooltip with its values."""
    for layer in walk(spec):
        tips = layer.get("encoding", {}).get("tooltip", []) if "mark" in layer else []
        for tip in tips if isinstance(tips, list) else [tips]:
            data = layer.get("data", spec.get("data", {}))
            rows = data["values"] if "values" in data else spec["datasets"][data["name"]]
            yield tip, [row.get(tip["field"]) for row in rows]


def find_faults(text: str) -> list[str]:
    return [what for what, pattern in FAULTS.items() if pattern.search(text)]


def test_every_tooltip_shows_text_as_the_page_writes_it(sample_report: Path) -> None:
    faults, count = [], 0
    for page, spec in read_specs(sample_report):
        for tip, values in list_tips(spec):
            assert tip.get("title"), (page, tip)
            for value in values:
                count += 1
                if not isinstance(value, str):
                    faults.append((page, tip["title"], value, "a bare number"))
                    continue
                faults += [(page, tip["title"], value, what) for what in find_faults(value)]
                if tip["title"] == "Month" and not MONTH.fullmatch(value):
                    faults.append((page, tip["title"], value, "a month in another form"))

    assert count > 1_000
    assert faults == []


def test_every_axis_says_how_its_labels_are_written(sample_report: Path) -> None:
    faults, kinds = [], set()
    for page, spec in read_specs(sample_report):
        for part in walk(spec):
            for name in ("x", "y"):
                channel = part.get("encoding", {}).get(name, {})
                axis = channel.get("axis")
                if not axis or not axis.get("labels", True):
                    continue
                kinds.add(channel["type"])
                is_told = axis.get("format") or axis.get("labelExpr")
                if channel["type"] in ("quantitative", "temporal") and not is_told:
                    faults.append((page, name, channel))

    assert {"quantitative", "temporal"} <= kinds
    assert faults == []


@pytest.mark.parametrize(
    "text",
    ["0.0038471", "2026-09-30", "1798675200000", "1234567", "0.3 %", "$1234", "12.5 USD", "4.1e-05", "nan", "12.34567"],
)
def test_a_fault_is_found(text: str) -> None:
    assert find_faults(text)


@pytest.mark.parametrize("text", ["0.38%", "$1,234", "$0.014", "12,345", "3.40", "0.0042", "Sep 30, 2026", "0.012%"])
def test_what_a_page_writes_is_none(text: str) -> None:
    assert find_faults(text) == []
