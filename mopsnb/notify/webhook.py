"""What a webhook gets: the run as plain values for programs. ``docs/notifications.md`` documents every key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from mopsnb.notify.digest import Digest, write_subject
from mopsnb.notify.story import Story

KIND = "mopsnb notice"
SCHEMA_VERSION = 1


def build_fields(story: Story, link: str = "", occasions: Sequence[str] = ()) -> dict[str, Any]:
    """Return a run as plain values for JSON.

    Parameters
    ----------
    story
        What there is to tell.
    link
        Where the report is published; empty: nowhere.
    occasions
        Why it is told: ``success``, ``failure``, ``findings``.
    """
    return {
        "kind": KIND,
        "schema_version": SCHEMA_VERSION,
        "occasions": list(occasions),
        "subject": write_subject(story),
        "workspace": story.workspace,
        "is_sample": story.is_sample,
        "run": story.run or None,
        "status": story.status,
        "exit_code": story.exit_code,
        "cause": story.cause or None,
        "as_of": story.as_of or None,
        "data_through": story.data_through or None,
        "link": link or None,
        "counts": {
            **{severity: story.count(severity) for severity in ("error", "warning", "info")},
            "new": sum(item.is_new for item in story.findings),
            "resolved": story.resolved or 0,
        },
        "steps": [dict(step) for step in story.steps],
        "failures": [asdict(item) for item in story.failures],
        "findings": [asdict(item) for item in story.findings],
        "headline": [
            {key: item.get(key) for key in ("step", "name", "title", "value", "unit", "period", "target", "status")}
            for item in story.headline
        ],
    }


def build_body(story: Story, digest: Digest, link: str = "", occasions: Sequence[str] = ()) -> dict[str, Any]:
    """Return all that a webhook at ``json://`` or ``jsons://`` gets: Apprise's own keys and the run's.

    Parameters
    ----------
    story, link, occasions
        As for `build_fields`.
    digest
        The message.
    """
    told = {"title": digest.subject, "message": join_brief(digest, link), "type": choose_kind(story)}
    return {**told, **build_fields(story, link, occasions)}


def join_brief(digest: Digest, link: str) -> str:
    """Return the few lines for a chat, with the link below."""
    return f"{digest.brief}\n{link}".strip()


def choose_kind(story: Story) -> str:
    """Return ``success``, ``warning`` or ``failure``, by which many services color a message."""
    return "failure" if story.has_failed else "warning" if story.urgent else "success"
