"""How much processor time a change of a widget takes on the sample, from the choice to the chart's specification.

Processor time, because a wait for other programs says nothing about the notebook.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import mopsnb
from mopsnb import analysis, view
from mopsnb.analysis import pacing, scoring, service
from mopsnb.view.explorer import Explorer

LIMIT = 0.5  # seconds


def open_explorers() -> Iterator[tuple[str, Explorer, list[dict[str, object]]]]:
    """Yield the widgets of each notebook on the sample, with changes to try."""
    ws, studies = mopsnb.open(""), analysis.studies
    view.use_theme(ws.currency, ws.locale, channels=ws.channel_names)
    shown = {"format_value": view.format_value}
    goals = studies.study_goals(ws.strategy, ws.catalogue, ws.goal_history(), ws.as_of, "linear", **shown)
    chosen = [value for _, value in goals.offer({})[0].options]
    yield (
        "goals",
        view.explore(goals),
        [{"target": 1.2e7}, {"path": "seasonal"}, *({"goal": one} for one in chosen[1:4])],
    )
    money = (ws.spend(), ws.plan())
    paced = {by: pacing.pace_budget(*money, ws.strategy, ws.as_of, by=by) for by in ("area", "channel", "total")}
    budget = studies.study_budget(money, paced, 12, **shown)
    yield "budget_pacing", view.explore(budget), [{"per_day": 3000}, {"by": "channel"}, {"months": 36}]
    timetable = service.read_timetable(ws.strategy)
    judged = service.judge_requests(ws.requests(), ws.strategy, timetable, ws.as_of)
    given = {"months": 12, "lead_days": 45, "event": ""}
    promises = studies.study_service(judged, ws.strategy, timetable, ws.as_of, given, **shown)
    yield "service_levels", view.explore(promises), [{"months": 36}, {"lead_days": 20}, {"promise": 80}]
    monthly = ws.monthly(analysis.list_shown(ws.metrics_in_use))
    asked = (*analysis.LEADING_METRICS, "leads")
    split = {by: ws.break_down(dict.fromkeys(asked, by), months=60) for by in studies.DIMENSIONS}
    metrics = studies.study_metrics(monthly, split, ws.catalogue, 24, **shown)
    changes = [{"what_if": 0.4}, {"months": 36}, {"by": "campaign"}, {"metric": "spend"}, {"metric": "cost_per_lead"}]
    yield "metrics", view.explore(metrics), changes
    leads = scoring.prepare_leads(ws.leads(), ws.strategy.lead_scoring, as_of=ws.as_of)
    scored = studies.study_leads(leads, scoring.score_leads(leads), 20, **shown)
    yield "lead_scoring", view.explore(scored), [{"threshold": 60}, {"by": "country"}, {"by": ""}]


def measure() -> list[tuple[str, float]]:
    """Return the slowest change of each notebook in seconds."""
    found = []
    for step, explorer, changes in open_explorers():
        slowest = 0.0
        for change in changes:
            before = time.process_time()
            explorer.choose(**change)
            slowest = max(slowest, time.process_time() - before)
        found.append((step, slowest))
    return found


if __name__ == "__main__":
    for name, seconds in measure():
        print(
            f"{name:16} {seconds * 1000:6.0f} ms, limit {LIMIT * 1000:.0f} ms {'' if seconds < LIMIT else 'TOO SLOW'}"
        )
