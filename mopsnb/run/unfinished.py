"""What is filed of a run that did not reach its end: its record, a page that says what happened, one for each step.

Steps that were complete by then keep their pages and results: a run with ``--resume`` takes them over.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mopsnb import assets
from mopsnb.run.causes import CAUSES
from mopsnb.run.publish import KEPT, KIND, RECORD

# No script, and nothing from elsewhere.
POLICY = "default-src 'none'; style-src 'self' file:; img-src data:; base-uri 'none'; form-action 'none'"
_STATES = {"waiting": "It had not started.", "running": "It was running.", "failed": "It had failed before."}
_LATE = "It had ended, and its page was not written yet."
_COMPLETE = "Its page is complete."


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended that wrote no report.

    Parameters
    ----------
    status
        The run's status: ``killed``, ``stopped`` or ``failed``.
    cause
        One of `mopsnb.run.causes`.
    text
        The cause in words.
    at
        The last moment at which the run was known to work.
    """

    status: str
    cause: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UnfinishedStep:
    """One step of such a run: its page, how far it was, and what was found where it was complete."""

    slug: str
    title: str
    question: str
    parameters: Mapping[str, Any]
    status: str
    text: str
    findings: Sequence[Mapping[str, Any]] = ()

    @property
    def is_complete(self) -> bool:
        """Whether its own page stands."""
        return self.status in ("ok", "no_data")


def write_unfinished(folder: Path, facts: Mapping[str, Any], ending: Ending) -> None:
    """Turn a building folder into what is filed of its run.

    Parameters
    ----------
    folder
        The building folder.
    facts
        What the run's sign of life says, see `mopsnb.run.alive`.
    ending
        How it ended. Where the disk was full, complete steps go too, to make room for saying so.

    Raises
    ------
    OSError
        It cannot be written.
    """
    steps = [_read_step(folder, facts, slug, state, ending) for slug, state in facts["steps"].items()]
    _clear(folder, {step.slug for step in steps if step.is_complete})
    (folder / "assets").mkdir(exist_ok=True)
    if not (folder / "assets" / "site.css").exists():
        shutil.copyfile(assets.folder("templates") / "report" / "site.css", folder / "assets" / "site.css")
    template = _read_template()
    values = {"facts": facts, "ending": ending, "kind": CAUSES[ending.cause], "steps": steps, "policy": POLICY}
    for step in (None, *(step for step in steps if not step.is_complete)):
        page = folder / f"{step.slug if step else 'index'}.html"
        page.write_text(template.render(**values, step=step), encoding="utf-8", newline="\n")
    record = json.dumps(_build_record(facts, steps, ending), indent=2, ensure_ascii=False)
    (folder / RECORD).write_text(record + "\n", encoding="utf-8")


def _read_step(folder: Path, facts: Mapping[str, Any], slug: str, state: str, ending: Ending) -> UnfinishedStep:
    about: Mapping[str, Any] = next((item for item in facts.get("about", []) if item.get("step") == slug), {})
    own = (slug, str(about.get("title", slug)), str(about.get("question", "")), about.get("parameters", {}))
    try:
        result = json.loads((folder / "results" / f"{slug}.json").read_text(encoding="utf-8"))
        # A step's page comes last: where it stands beside a result, the step was complete.
        if (folder / f"{slug}.html").is_file() and ending.cause != "output":
            return UnfinishedStep(*own, result["status"], _COMPLETE, result["findings"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return UnfinishedStep(*own, "not_run" if state == "waiting" else "failed", _STATES.get(state, _LATE))


def _clear(folder: Path, complete: set[str]) -> None:
    """Remove what belongs to no complete step."""
    for path in sorted(folder.rglob("*"), reverse=True):
        parts = path.relative_to(folder).parts
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
            continue
        own = parts[1] if parts[0] in ("results", "notebooks") and len(parts) > 1 else parts[0]
        is_kept = parts[0] == "assets" or path.name == KEPT or own.partition(".")[0] in complete
        if not (is_kept and complete):
            path.unlink()


def _read_template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    place = FileSystemLoader(assets.folder("templates") / "report")
    environment = Environment(loader=place, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("unfinished.html.j2")


def _build_record(facts: Mapping[str, Any], steps: Sequence[UnfinishedStep], ending: Ending) -> dict[str, Any]:
    started = datetime.fromisoformat(facts["started_at"])
    found = {item["id"]: item["severity"] for step in steps for item in step.findings}
    found |= {f"run.{step.slug}.failed": "error" for step in steps if step.status == "failed"}
    return {
        "kind": KIND,
        "schema_version": 1,
        **{name: facts.get(name) for name in ("workspace", "is_sample", "as_of", "data_through")},
        "status": ending.status,
        "cause": ending.cause,
        "error": ending.text,
        "steps": [_record_step(step, ending) for step in steps],
        "findings": {name: list(found.values()).count(name) for name in ("error", "warning", "info")},
        "changes": {"new": [], "persisting": [], "resolved": []},
        "volatile": {
            "started_at": started.isoformat(timespec="seconds"),
            "ended_at": ending.at.astimezone(UTC).isoformat(timespec="seconds"),
            "seconds": round(max(0.0, (ending.at - started).total_seconds()), 3),
            "step_seconds": {},
        },
    }


def _record_step(step: UnfinishedStep, ending: Ending) -> dict[str, Any]:
    return {
        "step": step.slug,
        "status": step.status,
        "cause": ending.cause if step.status == "failed" else "",
        "error": "" if step.is_complete else f"{ending.text} {step.text}",
        "page": f"{step.slug}.html",
        "result": f"results/{step.slug}.json" if step.is_complete else None,
        "parameters": dict(step.parameters),
    }
