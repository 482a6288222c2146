"""Reads a run's folder: run.json, the results and nothing else. The words are those of the report's first page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mopsnb.errors import MopsnbError, UsageError
from mopsnb.findings import SEVERITIES
from mopsnb.notify.story import FailedStep, Figure, FindingItem, Story
from mopsnb.notify.wording import clean, map_texts, shorten
from mopsnb.run.causes import CAUSES, choose_exit_code
from mopsnb.run.publish import LATEST, RECORD, is_report

if TYPE_CHECKING:
    from mopsnb.run.context import SiteContext
    from mopsnb.run.lines import Card, GoalLine
    from mopsnb.steps import Step

LONGEST_ERROR = 300
_RUN = re.compile(r"\d{8}T\d{6}Z-\w+")
_ENDS = {"stopped": "stopped", "killed": "killed"}  # what ended a whole run, by its status


def find_report(place: str | Path, run: str = LATEST) -> Path:
    """Return the folder of a report: the one named, or a run of the workspace named.

    Parameters
    ----------
    place
        A report's folder, or a workspace.
    run
        The run's name in ``runs/`` of the workspace.

    Raises
    ------
    UsageError
        There is no report.
    """
    folder = Path(place)
    inside = [folder / "runs" / run] if Path(run).name == run else []
    for candidate in [*([folder] if run == LATEST else []), *inside]:
        if is_report(candidate):
            return candidate.resolve()
    if run != LATEST:
        raise UsageError(f"{place} holds no run '{run}'. The folder runs/ in the workspace lists them.")
    raise UsageError(f"{place} holds no report. Name a workspace that has run, or a folder with {RECORD} in it.")


def read_story(report: Path, exit_code: int | None = None) -> Story:
    """Return what there is to tell of a run.

    Parameters
    ----------
    report
        The run's folder.
    exit_code
        How the command line ended; None: as the causes of the failed steps say.

    Raises
    ------
    UsageError
        The folder holds no report.
    """
    report = find_report(report)
    record = json.loads((report / RECORD).read_text(encoding="utf-8"))
    results = _read_results(report, record)
    people = _read_people(report)
    context = _build_context(record, results, people)
    status = str(record.get("status") or "failed")
    causes = [str(step.get("cause") or "") for step in record.get("steps", ()) if step.get("status") == "failed"]
    if not causes and status in _ENDS:
        causes = [_ENDS[status]]
    code = choose_exit_code(causes) if exit_code is None else exit_code
    volatile = record.get("volatile", {})
    index = _build_index(report, context)
    goals = [_read_goal(line) for line in index.goals] if index else []
    cards = [card for group in index.cards for card in group.cards] if index else []
    return Story(
        workspace=clean(record.get("workspace")) or "A workspace",
        status=status,
        exit_code=code,
        cause=_choose_cause(causes),
        run=report.name if _RUN.fullmatch(report.name) else "",
        is_sample=bool(record.get("is_sample")),
        as_of=str(record.get("as_of") or ""),
        data_through=str(record.get("data_through") or ""),
        through=context.show_day(context.data_through),
        age_days=volatile.get("data_age_days"),
        ended=_show_time(volatile.get("ended_at") or volatile.get("started_at")),
        state=[clean(sentence.text) for sentence in index.state] if index else [],
        failures=_list_failures(record, status),
        unrun=[_find_step(step["step"]).title for step in record.get("steps", ()) if step.get("status") == "not_run"],
        findings=_list_findings(record, results, people),
        resolved=len(record["changes"].get("resolved", ())) if _has_previous(record) else None,
        goals=goals,
        figures=[_read_card(card) for card in cards],
        headline=[
            {"step": slug, **map_texts(item, clean)} for slug, one in results.items() for item in one["headline"]
        ],
        steps=[_describe_page(step) for step in record.get("steps", ())],
    )


def _read_results(report: Path, record: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the results of the steps that reached their end; a file that cannot be read counts as none."""
    results = {}
    for step in record.get("steps", ()):
        path = report / "results" / f"{Path(str(step['step'])).name}.json"
        if step.get("status") in ("failed", "not_run") or not path.is_file():
            continue
        result = json.loads(path.read_text(encoding="utf-8"))
        results[str(step["step"])] = {"headline": [], "findings": [], **result}
    return results


def _read_people(report: Path) -> dict[str, str]:
    """Return the names of people and stakeholders by their ids; none where no strategy can be read."""
    from mopsnb.strategy.reading import read_strategy

    try:
        strategy = read_strategy(report.parent.parent / "strategy.yml")
    except MopsnbError:
        return {}
    teams = {item.id: item.name for item in strategy.stakeholders}
    return {**teams, **{item.id: item.name for item in strategy.people}}


def _build_context(
    record: Mapping[str, Any], results: Mapping[str, Mapping[str, Any]], people: Mapping[str, str]
) -> SiteContext:
    from mopsnb.run.context import ExecutedStep, SiteContext

    pages = []
    for step in record.get("steps", ()):
        result = results.get(str(step["step"]))
        if result is not None:
            status = "no_data" if result.get("status") == "no_data" else "ok"
        elif step.get("status") == "failed":
            status = "failed"
        else:
            continue
        pages.append(ExecutedStep(_find_step(step["step"], result), None, result, status, str(step.get("error") or "")))  # type: ignore[arg-type]
    return SiteContext(
        name=str(record.get("workspace") or ""),
        is_sample=bool(record.get("is_sample")),
        as_of=_read_day(record.get("as_of")),
        data_through=_read_day(record.get("data_through")),
        currency=record.get("currency"),
        locale=str(record.get("locale") or "en_US"),
        stale_after_days=0,
        steps=pages,
        people=people,
    )


def _build_index(report: Path, context: SiteContext) -> Any:
    from mopsnb.run.index import build_index

    return build_index(report / "results", context) if context.steps else None


def _list_failures(record: Mapping[str, Any], status: str) -> list[FailedStep]:
    failures = []
    for step in record.get("steps", ()):
        if step.get("status") == "failed":
            cause = CAUSES.get(str(step.get("cause")))
            what = cause.title if cause else "The notebook stopped before its end."
            error = shorten(clean(str(step.get("error") or "").strip().partition("\n")[0]), LONGEST_ERROR)
            title = _find_step(step["step"]).title
            failures.append(FailedStep(step["step"], title, step.get("cause") or "", what, cause.fix if cause else "",
                                       "" if error == what else error))  # fmt: skip
    if status in _ENDS:
        cause = CAUSES[_ENDS[status]]
        failures.insert(0, FailedStep("", "The whole run", _ENDS[status], cause.title, cause.fix))
    return failures


def _list_findings(
    record: Mapping[str, Any], results: Mapping[str, Mapping[str, Any]], people: Mapping[str, str]
) -> list[FindingItem]:
    from mopsnb.run.history import merge_findings

    new = set(record.get("changes", {}).get("new", ()))
    pages = {item["id"]: slug for slug, result in reversed(list(results.items())) for item in result["findings"]}
    items = []
    for found in merge_findings(results):
        owner = str(found.get("owner") or "")
        texts = {name: clean(found.get(name)) for name in ("title", "evidence", "fix", "where")}
        texts["owner"] = clean(people.get(owner) or owner)
        step = pages[found["id"]]
        title = _find_step(step, results[step]).title
        items.append(FindingItem(clean(found["id"]), found["severity"], **texts, step=step, page_title=title,
                                 is_new=found["id"] in new))  # fmt: skip
    return sorted(items, key=lambda item: (-SEVERITIES.index(item.severity), not item.is_new))


def _read_goal(line: GoalLine) -> Figure:
    target = clean(line.aim).removeprefix("target ").removeprefix("of ") if line.filled is not None else ""
    return Figure(
        title=clean(line.statement),
        value=line.actual,
        period=f"due {line.deadline}" if line.deadline else "",
        target=target,
        status=line.status,
        status_words=line.status_words,
    )


def _read_card(card: Card) -> Figure:
    return Figure(clean(card.title), card.value, clean(card.period), card.target, card.status, card.status_words)


def _describe_page(step: Mapping[str, Any]) -> dict[str, str]:
    names = {"step": str(step["step"]), "title": _find_step(step["step"]).title}
    return names | {"status": str(step.get("status") or ""), "cause": str(step.get("cause") or "")}


def _choose_cause(causes: Sequence[str]) -> str:
    worst = choose_exit_code(causes)
    return next((cause for cause in causes if choose_exit_code([cause]) == worst), "")


def _has_previous(record: Mapping[str, Any]) -> bool:
    # A first run has nothing new and nothing resolved; to say so would be a claim about a run that was not there.
    changes = record.get("changes", {})
    return bool(changes.get("new") or changes.get("resolved"))


def _find_step(slug: str, result: Mapping[str, Any] | None = None) -> Step:
    from mopsnb.steps import STEPS, Step

    known = next((step for step in STEPS if step.slug == slug), None)
    return known or Step(slug, "measure", slug.replace("_", " ").capitalize(), str((result or {}).get("question", "")))


def _read_day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def _show_time(text: Any) -> str:
    if not text:
        return ""
    moment = datetime.fromisoformat(str(text)).astimezone(UTC)
    return f"{moment:%B} {moment.day}, {moment:%Y, %H:%M} UTC"
