"""Findings have one shape, a stable id and an order."""

import pytest

from mopsnb.findings import Finding, make_id, sort_findings


def test_an_id_is_made_of_lower_case_words() -> None:
    assert make_id("goals", "No stakeholder", "Clicks 2026") == "goals.no-stakeholder.clicks-2026"


def test_an_id_never_has_an_empty_part() -> None:
    assert make_id("a", "!!") == "a.x"


def test_an_id_that_is_not_stable_is_refused() -> None:
    with pytest.raises(ValueError, match="lower-case"):
        Finding("Freshness 2026", "info", "x")


def test_an_unknown_severity_is_refused() -> None:
    with pytest.raises(ValueError, match="severity"):
        Finding("a", "fatal", "x")  # type: ignore[arg-type]


def test_the_most_severe_finding_stands_first_and_those_of_one_severity_keep_their_order() -> None:
    findings = [
        Finding("b", "info", ""),
        Finding("d", "error", ""),
        Finding("c", "warning", ""),
        Finding("a", "info", ""),
    ]
    assert [f.id for f in sort_findings(findings)] == ["d", "c", "b", "a"]
