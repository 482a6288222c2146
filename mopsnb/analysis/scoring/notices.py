"""What about the lead score needs attention, as findings."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from mopsnb.analysis.scoring.evaluation import POINTS, Predictions, read_measure
from mopsnb.analysis.scoring.gap import GAP, MOST, Gap
from mopsnb.analysis.scoring.leads import LeadTable
from mopsnb.analysis.scoring.quality import Estimate, chance_ece
from mopsnb.analysis.scoring.roles import FUTURE
from mopsnb.analysis.scoring.verdict import Verdict
from mopsnb.analysis.wording import format_plainly
from mopsnb.findings import Finding, make_id, sort_findings

STEP = "lead_scoring"
DRIFT = 1.25  # the newest rate over the older one, or the other way round
POOR_CALIBRATION = 0.05


def report_columns(leads: LeadTable) -> list[Finding]:
    """Return a finding for each column that knows the future, and for each that the team should check.

    Parameters
    ----------
    leads
        What `prepare_leads` returned.
    """
    findings = []
    for item in leads.judgments:
        if item.reason == FUTURE:
            kind, claim = "leak", "knows the future and is set aside"
            fix = "If that is before the first call, name it in the parameter keep."
        elif item.role == "attribute" and item.reason:
            kind, claim = "check", "carries most of the score"
            fix = "If that is after the first call, exclude it in strategy.yml."
        else:
            continue
        findings.append(
            Finding(
                id=make_id(STEP, kind, item.column),
                severity="warning",
                title=f"The column {item.column} {claim}",
                evidence=item.evidence,
                fix=f"{_ask(item.column)} {fix}",
                where=item.column,
            )
        )
    return findings


def report_verdict(verdict: Verdict) -> list[Finding]:
    """Return a finding where the leads cannot be ranked."""
    if verdict.answer == "usable":
        return []
    few = verdict.answer == "too little data"
    return [
        Finding(
            id=make_id(STEP, "verdict"),
            severity="info",
            title="Too little data to rank leads" if few else "No usable signal: leads are not ranked",
            evidence=verdict.reason,
            fix="Collect more leads with a known outcome."
            if few
            else "Add attributes that are known before the first call.",
            where="contact",
        )
    ]


def report_evaluation(evaluation: pd.DataFrame, predictions: Predictions, gap: Gap, seed: int) -> list[Finding]:
    """Return findings on the evaluation: calendar, drift of the conversion rate, calibration.

    Parameters
    ----------
    evaluation, predictions, gap
        The evaluation, what each model gave to held-out leads, and why shuffling flatters.
    seed
        Decides the draws behind the chance level of the calibration error.
    """
    findings = [*_report_gap(gap), *_report_drift(gap)]
    error = read_measure(evaluation, POINTS, "time", "ece")
    chance = chance_ece(predictions[POINTS, "time"], seed)
    if error.value > max(POOR_CALIBRATION, chance):
        findings.append(
            Finding(
                id=make_id(STEP, "calibration"),
                severity="warning",
                title="Probabilities learned from older leads miss the newest ones",
                evidence=(
                    f"On the newest fifth they are off by {_points(error.value)} on average"
                    f" ({_points(error.low)} to {_points(error.high)}); chance alone makes at most {_points(chance)}."
                ),
                fix="Rely on the order of the list. Run the step each month: probabilities follow the newest leads.",
                where="probabilities",
            )
        )
    return findings


def collect(*groups: Sequence[Finding]) -> list[Finding]:
    """Return findings in order: the most severe first."""
    return sort_findings(finding for group in groups for finding in group)


def _report_gap(gap: Gap) -> list[Finding]:
    if not gap.matters:
        return []
    return [
        Finding(
            id=make_id(STEP, "gap"),
            severity="warning" if gap.difference >= GAP and gap.share >= MOST else "info",
            title="Shuffled cross-validation flatters the score: part of it is the calendar",
            evidence=gap.reading,
            fix="Quote the AUC in time order.",
            where="evaluation",
        )
    ]


def _report_drift(gap: Gap) -> list[Finding]:
    older, newest = gap.older, gap.newest
    apart = newest.low > older.high or newest.high < older.low
    ratio = newest.value / older.value if older.value else math.inf
    if not apart or 1 / DRIFT < ratio < DRIFT:
        return []
    before, after = (_write_rate(rate) for rate in (older, newest))
    return [
        Finding(
            id=make_id(STEP, "drift"),
            severity="warning",
            title="The conversion rate has changed",
            evidence=f"It is {after} in the newest fifth of the leads and was {before} before.",
            fix="Find the cause: another mix of leads, another offer, or another way to record conversions.",
            where="conversion_rate",
        )
    ]


def _ask(column: str) -> str:
    return f"Find out when {column} is filled in."


def _write_rate(rate: Estimate) -> str:
    value, low, high = (format_plainly(part, "fraction") for part in rate)
    return f"{value} ({low} to {high})"


def _points(value: float) -> str:
    return f"{format_plainly(value * 100, '')} percentage points"
