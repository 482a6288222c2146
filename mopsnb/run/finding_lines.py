"""Findings as the first page shows them: each once, what concerns one thing together, with an owner and a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mopsnb.findings import SEVERITIES
from mopsnb.run.context import ExecutedStep, SiteContext
from mopsnb.run.decisions import join_subjects
from mopsnb.run.failure import is_failure, report_failure
from mopsnb.run.history import merge_findings
from mopsnb.run.lines import FindingLine


def gather_findings(context: SiteContext) -> list[FindingLine]:
    """Return what needs attention: pages that failed, and the findings of all steps, each once, by what they are about.

    The order is that of `mopsnb.run.history.merge_findings`, and a page that failed stands before all others of its
    severity: what it would have found is not in the list.
    """
    new = {_read_id(item) for item in context.changes.get("new", ())}
    found: dict[str, tuple[Mapping[str, Any], ExecutedStep]] = {}
    for page in context.steps:
        if page.status == "failed":
            failure = report_failure(page.step, page.cause, page.error)
            found[failure.id] = (failure.to_dict(), page)
        for finding in (page.result or {}).get("findings", []):
            found.setdefault(str(finding["id"]), (finding, page))
    merged = merge_findings({page.step.slug: page.result for page in context.steps if page.result})
    order = [*(key for key in found if is_failure(key)), *(str(item["id"]) for item in merged)]
    order = sorted(dict.fromkeys(order), key=lambda key: -SEVERITIES.index(found[key][0]["severity"]))
    read = [(found[key][0], _read_finding(*found[key], context, is_new=key in new)) for key in order]
    return join_subjects([(str(finding.get("where") or ""), line) for finding, line in read])


def list_all(lines: Sequence[FindingLine]) -> list[FindingLine]:
    """Return findings and what stands under them."""
    return [one for line in lines for one in (line, *line.also)]


def _read_finding(finding: Mapping[str, Any], page: ExecutedStep, context: SiteContext, *, is_new: bool) -> FindingLine:
    severity, title, evidence, fix, owner = (
        str(finding.get(name) or "") for name in ("severity", "title", "evidence", "fix", "owner")
    )
    step, due = page.step, str(finding.get("due") or "")
    as_of = context.as_of.isoformat() if context.as_of and not is_failure(str(finding["id"])) else ""
    return FindingLine(
        severity,
        title,
        evidence,
        fix,
        owner=context.name_person(owner) or _name_nobody(context),
        page=step.slug,
        page_title=step.title,
        is_new=is_new,
        period=context.formats.period(str(finding.get("period") or as_of)),
        is_result=finding.get("stake") == "result",
        due=date.fromisoformat(due) if due else None,
        section=str(finding.get("section") or ""),  # results of an earlier version have neither
        cost=str(finding.get("cost") or ""),
    )


def _name_nobody(context: SiteContext) -> str:
    return f"{context.coordinator}, who coordinates, as nobody is named" if context.coordinator else "nobody is named"


def _read_id(item: str | Mapping[str, Any]) -> str:
    return item if isinstance(item, str) else str(item["id"])


def name_finding(item: str | Mapping[str, Any]) -> str:
    """Return what people call a finding: its title, or its id where nothing else is known."""
    return item if isinstance(item, str) else str(item.get("title") or item["id"])
