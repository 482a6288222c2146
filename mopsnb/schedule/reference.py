"""The reference part of ``docs/schedules.md``, written from the models.

``python -m mopsnb.schedule.reference docs/schedules.md`` brings the page up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mopsnb.schedule.models import ScheduleFile
from mopsnb.strategy import reference

START = "<!-- The part below is written from the models: python -m mopsnb.schedule.reference docs/schedules.md -->"


def update_page(page: str) -> str:
    """Return the page with its reference part as the models have it."""
    return reference.update_page(page, ScheduleFile, START)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(update_page(target.read_text(encoding="utf-8")), encoding="utf-8")
