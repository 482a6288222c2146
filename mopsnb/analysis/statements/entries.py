"""Goals as entries of the strategy file, to paste: what was read from a statement, and what a rewrite proposes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from datetime import date

import pandas as pd

from mopsnb.analysis.cards import explain_unknown
from mopsnb.analysis.frames import TEXT, build_frame
from mopsnb.analysis.stakeholders import name_goal
from mopsnb.analysis.statements.readings import Readings
from mopsnb.analysis.wording import join_words, write_number
from mopsnb.strategy import Goal

_FIELDS = (
    *("metric", "scope", "baseline", "target", "start", "deadline", "owner", "stakeholders", "needs", "parent"),
    *("benefit_customers", "benefit_team", "checkpoints"),
)
# What the writer of a goal must say before it can be followed, and passes Relevant.
_ASKED = {
    "metric": "a metric of the catalogue, the one that shows the change",
    "baseline": "where the metric stands before the start",
    "target": "where it shall stand at the deadline",
    "start": "the first day, such as 2027-01-01",
    "deadline": "the last day, such as 2027-12-31",
    "owner": "who answers for it",
    "stakeholders": "whom it serves, ids of stakeholders such as [sales]",
    "parent": "the id of the goal that it serves; or write benefit_customers and benefit_team",
}

_GAP = re.compile(r"^  (\w+):  # fill in: ", re.MULTILINE)


def find_gaps(goal: Goal) -> list[str]:
    """Return the fields that a goal leaves empty and its writer must fill in, in the order of an entry.

    A benefit to customers and to the team takes the place of a parent goal.
    """
    has_benefit = bool(goal.benefit_customers and goal.benefit_team)
    empty = [name for name in _ASKED if _is_empty(getattr(goal, name))]
    return [name for name in empty if not (name == "parent" and has_benefit)]


def write_yaml(
    goal: Goal, marked: tuple[str, ...] = (), mark: str = "proposed: check", gaps: Collection[str] = ()
) -> str:
    """Return a goal as an entry of ``goals`` in the strategy file; marked fields carry a comment.

    Parameters
    ----------
    goal
        The goal.
    marked, mark
        The fields that carry a comment, and what it says.
    gaps
        Empty fields that stand in the entry all the same, with what to write there. The strategy file takes such a
        line for a field that is not filled yet.

    Examples
    --------
    >>> print(write_yaml(Goal(id="clicks", statement="More clicks", target=1200), ("target",), gaps=["owner"]))
    - id: clicks
      statement: "More clicks"
      target: 1200  # proposed: check
      owner:  # fill in: who answers for it
    """
    lines = [f"- id: {goal.id}", f"  statement: {_quote(goal.statement)}"]
    for name in _FIELDS:
        value = getattr(goal, name)
        if not _is_empty(value):
            lines.append(f"  {name}: {_write(value)}{f'  # {mark}' if name in marked else ''}")
        elif name in gaps:
            lines.append(f"  {name}:  # fill in: {_ASKED[name]}")
    return "\n".join(lines)


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def write_entries(*frames: pd.DataFrame, escape: Callable[[object], str] = str) -> str:
    """Return the entries of frames with a column yaml as one block of Markdown; of a goal in several the last one.

    Above the block stands which goals have lines to fill in, and which lines.

    Parameters
    ----------
    frames
        What ``describe_readings`` and ``rewrite_goals`` returned.
    escape
        Makes a goal's id plain text for Markdown, such as ``view.escape``.
    """
    entries = {goal: text for frame in frames for goal, text in zip(frame["goal"], frame["yaml"], strict=True) if text}
    if not entries:
        return "No entry has to change."
    block = "\n".join(("```yaml", "goals:", *entries.values(), "```"))
    gaps = [
        f"**{escape(goal)}** lacks {join_words(names)}"
        for goal, text in entries.items()
        if (names := _GAP.findall(text))
    ]
    if not gaps:
        return block
    how = "Write a value into each line that says “fill in”. The file can be read without, but the goal is incomplete."
    return f"{'; '.join(gaps)}. {how}\n\n{block}"


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
        One row a goal with something read or left open: goal, statement, read (field by field), notes (what was
        assumed, and what the statement leaves open), yaml (the entry to paste; each field that is still to fill in
        stands in it with what to write).
    """
    rows: list[dict[str, object]] = []
    for found in readings.completions:
        is_unknown = bool(found.goal.metric) and found.goal.metric not in catalogue.index
        if not found.filled and not found.notes and not is_unknown:
            continue
        # A metric that the catalogue does not know is a line to fill in, like an empty one.
        goal = found.goal.model_copy(update={"metric": ""}) if is_unknown else found.goal
        notes = [explain_unknown(catalogue, found.goal.metric)] if is_unknown else []
        read = join_words([f"{name} {_write(getattr(found.goal, name))}" for name in found.filled]) or "nothing"
        rows.append(
            {
                "goal": found.goal.id,
                "statement": name_goal(found.goal),
                "read": read,
                "notes": " ".join([*notes, *found.notes]),
                "yaml": write_yaml(goal, found.filled, "read from the statement", find_gaps(goal)),
            }
        )
    return build_frame(rows, dict.fromkeys(("goal", "statement", "read", "notes", "yaml"), TEXT))
