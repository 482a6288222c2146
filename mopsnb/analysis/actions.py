"""What to do next: the fixes that findings propose, each with an owner and a date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd

from mopsnb.analysis.frames import DAY, TEXT, build_frame
from mopsnb.analysis.stakeholders import find_coordinator, name_owner
from mopsnb.findings import WITHIN, Finding, sort_findings
from mopsnb.strategy import Strategy

ACTION_COLUMNS = {"action": TEXT, "reason": TEXT, "owner": TEXT, "due": DAY, "severity": TEXT}


def plan_actions(
    findings: Iterable[Finding], strategy: Strategy, as_of: date | None, *, limit: int = 5
) -> pd.DataFrame:
    """Return the most urgent fixes as actions.

    An error is due within 7 days of the report's day, a warning within 14. Findings that are good to know ask for
    no action. Where a finding names no owner, the plan's coordinator decides who acts.

    Parameters
    ----------
    findings
        What needs attention.
    strategy
        Its people and stakeholders give owners their names.
    as_of
        The report's day; None: actions have no date.
    limit
        How many actions at most.

    Returns
    -------
    pandas.DataFrame
        action, reason, owner (a name; empty where the team has no coordinator either), due, severity. The most
        severe come first.
    """
    coordinator = find_coordinator(strategy)
    urgent = [finding for finding in sort_findings(findings) if finding.severity in WITHIN]
    rows = [
        {
            "action": finding.fix or f"Look into it: {finding.title}",
            "reason": finding.title,
            "owner": name_owner(strategy, finding.owner or coordinator),
            "due": as_of + timedelta(days=WITHIN[finding.severity]) if as_of else None,
            "severity": finding.severity,
        }
        for finding in urgent[:limit]
    ]
    return build_frame(rows, ACTION_COLUMNS)
