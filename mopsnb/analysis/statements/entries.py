"""Goals as entries of the strategy file, to paste: what was read from a statement, and what a rewrite proposes."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd

from mopsnb.analysis.frames import TEXT, build_frame
from mopsnb.analysis.stakeholders import name_goal
from mopsnb.analysis.statements.readings import Readings
from mopsnb.analysis.wording import join_words, write_number
from mopsnb.strategy import Goal

_FIELDS = (
    *("metric", "scope", "baseline", "target", "start", "deadline", "owner", "stakeholders", "needs", "parent"),
    *("benefit_customers", "benefit_team", "checkpoints"),
)


def write_yaml(goal: Goal, marked: tuple[str, ...] = (), mark: str = "proposed: check") -> str:
    """Return a goal as an entry of ``goals`` in the strategy file; marked fields carry a comment.

    Examples
    --------
    >>> print(write_yaml(Goal(id="clicks", statement="More clicks", target=1200), ("target",)))
    - id: clicks
      statement: "More clicks"
      target: 1200  # proposed: check
    """
    lines = [f"- id: {goal.id}", f"  statement: {_quote(goal.statement)}"]
    for name in _FIELDS:
        value = getattr(goal, name)
        if value is None or value in ("", [], {}):
            continue
        lines.append(f"  {name}: {_write(value)}{f'  # {mark}' if name in marked else ''}")
    return "\n".join(lines)


def write_entries(*frames: pd.DataFrame) -> str:
    """Return the entries of frames with a column yaml as one block of Markdown; of a goal in several the last one.

    Parameters
    ----------
    frames
        What ``describe_readings`` and ``rewrite_goals`` returned.
    """
    entries = {goal: text for frame in frames for goal, text in zip(frame["goal"], frame["yaml"], strict=True) if text}
    if not entries:
        return "No entry has to change."
    return "\n".join(("```yaml", "goals:", *entries.values(), "```"))


def _write(value: object) -> str:
    if isinstance(value, dict):
        pairs = (f"{key}: {_write(item)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_write(item) for item in value) + "]"
    if isinstance(value, bool | date):
        return str(value)
    if isinstance(value, int | float):
        return write_number(value)
    text = str(value)
    return text if text.replace("-", "").replace("_", "").isalnum() and not text[0].isdigit() else _quote(text)


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def describe_readings(readings: Readings, catalogue: pd.DataFrame) -> pd.DataFrame:
    """Return what was read from the statements of goals whose fields were empty.

    Returns
    -------
    pandas.DataFrame
        One row a goal with something read: goal, statement, read (field by field), notes (what was assumed, and
        what the statement leaves open), yaml (the entry to paste).
    """
    rows: list[dict[str, object]] = []
    for found in readings.completions:
        is_open = bool(found.notes) and not (found.goal.metric and found.goal.metric not in catalogue.index)
        if not found.filled and not is_open:
            continue
        read = join_words([f"{name} {_write(getattr(found.goal, name))}" for name in found.filled]) or "nothing"
        rows.append(
            {
                "goal": found.goal.id,
                "statement": name_goal(found.goal),
                "read": read,
                "notes": " ".join(found.notes),
                "yaml": write_yaml(found.goal, found.filled, "read from the statement"),
            }
        )
    return build_frame(rows, dict.fromkeys(("goal", "statement", "read", "notes", "yaml"), TEXT))
