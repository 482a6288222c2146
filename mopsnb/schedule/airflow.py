"""A schedule as the DAG file for Airflow has it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mopsnb.errors import UsageError
from mopsnb.schedule.calls import needs_both
from mopsnb.schedule.cron import read_cron
from mopsnb.schedule.links import settle_values
from mopsnb.schedule.models import Schedule, show_day
from mopsnb.schedule.quoting import quote_shell
from mopsnb.schedule.words import Outlook, find_zone

_RUN = '{{ run_id | replace(":", "") | replace("+", "_") }}'  # Airflow's name of a run, as a folder may be called
_LAST = re.compile(r"([0-7])L")


def describe(schedule: Schedule, workspace: Path, command: Sequence[str]) -> dict[str, Any]:
    """Return what the template needs of a schedule.

    Raises
    ------
    UsageError
        Airflow cannot express when it runs.
    """
    retries = schedule.retries
    check = quote_shell([*command, "check", str(workspace)])
    report = quote_shell([*command, "due", str(workspace), "--only", schedule.id, "--force"])
    return {
        "id": schedule.id,
        "title": Outlook(schedule, ()).timing,
        "cron": translate(schedule),
        "time_zone": find_zone(schedule).key,
        "deadline": schedule.deadline.total_seconds() if schedule.deadline else None,
        "retries": retries.times if retries else 0,
        "wait": retries.wait.total_seconds() if retries else 0.0,
        "folder": f"{guard(str(workspace))}/airflow/{schedule.id}/{_RUN}",
        "prepare": guard(check) + ' && mkdir -p "$FOLDER/results"',
        "report": guard(report),
        "steps": [
            {"slug": step.slug, "notebook": step.notebook.as_posix(), "values": _fill(schedule, values)}
            for step, values in settle_values(schedule, workspace)
        ],
    }


def translate(schedule: Schedule) -> str:
    """Return the cron expression in Airflow's dialect.

    Raises
    ------
    UsageError
        Airflow has no word for it.
    """
    minute, hour, day, month, weekday = read_cron(schedule.cron).fields
    if "W" in day or needs_both(day, weekday):
        reason = "has no last working day (LW)" if "W" in day else "reads a day and a weekday as: one of the two"
        raise UsageError(
            f"The schedule '{schedule.id}' cannot be written for Airflow, which {reason}. Choose days that it knows,"
            " or let crontab or systemd call mopsnb."
        )
    return " ".join([minute, hour, day, month, _LAST.sub(r"L\1", weekday)])


def guard(text: str) -> str:
    """Return a text that Airflow's templates leave as it is.

    Examples
    --------
    >>> guard("plain"), guard("{{ odd }}")
    ('plain', '{% raw %}{{ odd }}{% endraw %}')
    """
    return f"{{% raw %}}{text}{{% endraw %}}" if re.search(r"\{[{%#]", text) else text


def write_literal(value: Any) -> str:
    """Return plain values as Python source.

    Examples
    --------
    >>> print(write_literal({"months": 12, "path": "a", "full": None}))
    {"months": 12, "path": "a", "full": None}
    """
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{write_literal(key)}: {write_literal(item)}" for key, item in value.items()) + "}"
    return repr(value)


def _fill(schedule: Schedule, values: Mapping[str, Any]) -> dict[str, Any]:
    filled = {"as_of": show_day(schedule.as_of)} if schedule.as_of else {}
    return filled | {name: guard(value) if isinstance(value, str) else value for name, value in values.items()}
