"""The status of a goal: the rule, and what the rest of the time must bring."""

from __future__ import annotations

import math

from mopsnb.analysis.cases import Case
from mopsnb.analysis.measures import Measure
from mopsnb.analysis.months import NAN, measure_rest
from mopsnb.analysis.paths import rate_achievement

ON_TRACK = 0.9  # at this pace the last tenth of the change is within reach
AT_RISK = 0.5  # below, the rest of the time needs a pace well above the planned one
HOLD_TOLERANCE = 0.1  # how far a level to be held may slip, as a share of it, before it is behind
LEAST_COVERED = 0.5  # a running total must cover at least this share of the elapsed days
ROUNDING = 1e-9


def rate_status(case: Case, found: Measure) -> str:
    """Return the status of a goal that has started and has data."""
    if case.as_of >= case.path.deadline or _is_settled(case, found):
        return _rate_end(case, found)
    if case.card.additive and found.covered < LEAST_COVERED:
        return "no_data"
    achieved = rate_achievement(found.actual, found.expected, found.base)
    if math.isnan(achieved):
        slip = found.expected - found.actual if case.sign > 0 else found.actual - found.expected
        slip = abs(slip) if case.sign == 0 else slip
        if slip <= ROUNDING * abs(found.expected):
            return "on_track"
        return "at_risk" if slip <= HOLD_TOLERANCE * abs(found.expected) else "behind"
    if achieved >= ON_TRACK - ROUNDING:
        return "on_track"
    return "at_risk" if achieved >= AT_RISK - ROUNDING else "behind"


def _is_settled(case: Case, found: Measure) -> bool:
    # A total of amounts that are never negative cannot fall again: a target that is passed stays passed.
    if not case.card.additive or any(month.value < 0 for month in case.months):
        return False
    if case.sign > 0:
        return found.actual >= case.path.target
    return case.sign < 0 and found.actual > case.path.target * (1 + ROUNDING)


def _rate_end(case: Case, found: Measure) -> str:
    if case.card.additive and found.missing and not _is_settled(case, found):
        return "no_data"
    short = case.path.target - found.actual
    slack = ROUNDING * abs(case.path.target)
    if case.sign == 0:
        return "met" if abs(short) <= HOLD_TOLERANCE * abs(case.path.target) else "missed"
    return "met" if case.sign * short <= slack else "missed"


def find_need(case: Case, found: Measure, status: str) -> float:
    """Return what each remaining month must bring (an additive metric) or change (a ratio), in the metric's unit.

    With less than a month to go it is the whole rest. NaN where the goal has ended or its figure is incomplete, 0 where
    it is met.
    """
    if case.as_of >= case.path.deadline or status in ("missed", "no_data") or found.missing:
        return NAN
    if status == "met":
        return 0.0
    return (case.path.target - found.actual) / max(1.0, measure_rest(case.as_of, case.path.deadline))
