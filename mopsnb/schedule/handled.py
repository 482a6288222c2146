"""What became of a schedule, for people, for JSON and for the state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mopsnb.run.causes import CAUSES, FOUND
from mopsnb.schedule.pending import MOST_KILLS, Decision
from mopsnb.schedule.state import show_time
from mopsnb.secrets import redact
from mopsnb.strategy.spans import write_span


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a schedule.

    Parameters
    ----------
    schedule
        Its id.
    status
        ``ok``, ``failed``, ``skipped`` (another run held the workspace), ``killed`` (given up: its run was ended from
        outside too often), ``left_out`` (missed, and beyond its window), ``busy`` (another process is at it), ``due``
        (would run).
    exit_code
        As ``mopsnb run`` would end.
    slot
        The moment that it ran for.
    missed
        How many earlier slots this run stands for.
    left_out
        Slots that were missed longer ago than the window.
    tries
        How many times it ran.
    error
        What went wrong, in words.
    report
        The run's folder, as a name in ``runs/``.
    notes
        What else a person should know.
    """

    schedule: str
    status: str
    exit_code: int = 0
    slot: datetime | None = None
    missed: int = 0
    left_out: tuple[datetime, ...] = ()
    tries: int = 0
    error: str = ""
    report: str = ""
    notes: tuple[str, ...] = field(default=())

    def describe(self) -> str:
        """Return it as one sentence or two."""
        slot = f" ({self.slot:%Y-%m-%d %H:%M} UTC)" if self.slot else ""
        words = {"ok": "passed", "due": "is due", "skipped": "was skipped"}.get(self.status, "")
        stop = "" if self.error.endswith((".", "!", "?")) else "."
        text = f"{self.schedule}: {self.error}{stop}" if self.error else f"{self.schedule} {words}{slot}."
        if self.exit_code == FOUND:
            text = f"{self.schedule} passed{slot}, with findings at or above its fail_on."
        if self.missed:
            text += f" It stands for {self.missed} missed {'run' if self.missed == 1 else 'runs'} too."
        if self.left_out and self.status != "left_out":
            count = len(self.left_out)
            text += f" {count} {'run' if count == 1 else 'runs'} before {'was' if count == 1 else 'were'} left out."
        if self.tries > 1:
            text += f" It took {self.tries} tries."
        return text + (f" Report: runs/{self.report}" if self.report else "")

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return {
            "schedule": self.schedule,
            "status": self.status,
            "exit_code": self.exit_code,
            "slot": show_time(self.slot) if self.slot else None,
            "missed": self.missed,
            "left_out": [show_time(slot) for slot in self.left_out],
            "tries": self.tries,
            "error": self.error,
            "report": self.report,
            "notes": list(self.notes),
        }


def leave_out(decision: Decision) -> Handled:
    """Return that slots were missed for which nothing makes up."""
    last, count = decision.lapsed[-1], len(decision.lapsed)
    what = "The run" if count == 1 else f"{count} runs"
    when = f"{last:%Y-%m-%d %H:%M} UTC" + ("" if count == 1 else " and before")
    window = write_span(decision.schedule.catch_up)
    text = f"{what} of {when} did not start in time, and its window of {window} is over. Nothing makes up for it."
    return Handled(decision.schedule.id, "left_out", slot=last, left_out=decision.lapsed, error=text)


def give_up(decision: Decision, slot: datetime) -> Handled:
    """Return that a slot is not tried again."""
    what = f"Its run of {slot:%Y-%m-%d %H:%M} UTC"
    text = f"It was ended from outside {MOST_KILLS} times in a row. {what} is not tried again."
    return Handled(
        decision.schedule.id, "killed", CAUSES["killed"].code, slot, len(decision.missed), decision.lapsed, error=text
    )


def note_end(handled: Handled, now: datetime) -> dict[str, Any]:
    """Return what the state keeps of how a slot ended."""
    values = handled.to_dict()
    kept = ("slot", "status", "exit_code", "missed", "tries", "error", "report")
    # An error of a library may hold what the notebook was given.
    return {key: values[key] for key in kept} | {"error": redact(handled.error), "ended_at": show_time(now)}
