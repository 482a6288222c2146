"""Monthly email churn and click-through rate from one file of email events, by one side: the project, SQL or pandas.

Run as ``python -m benchmarks.event_sides SIDE FOLDER MEMORY``, it prints JSON: processor seconds of the ``question``
and of the ``call`` (for the project the first one, which looks for faults and finds the last day as well), the largest
memory of the process in MB, and the ``figures`` by metric and month. Imports count for memory alone.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ZONE = "America/New_York"
FIRST, MONTHS = (2024, 10), 24  # the file's first month, and how many there are
METRICS = ["email_churn_rate", "click_through_rate"]
Figures = dict[str, list[float]]  # metric and month to numerator and denominator

# Contacts who were sent an email, and who left: first each contact once a month, then their number. Where a source
# reports no sent emails, its delivered ones stand in for them.
PEOPLE = """
SELECT month, sum(was_sent), sum(has_left) FROM (
  SELECT {month} AS month, contact_id, max(CASE WHEN event_type <> 'unsubscribe' THEN 1 ELSE 0 END) AS was_sent,
    max(CASE WHEN event_type = 'unsubscribe' THEN 1 ELSE 0 END) AS has_left
  FROM {file}
  WHERE NOT coalesce(is_bot, false) AND (event_type IN ('sent', 'unsubscribe') OR (event_type = 'delivered'
    AND coalesce(source, '') IN (
      SELECT coalesce(source, '') FROM {file} WHERE NOT coalesce(is_bot, false) GROUP BY 1
      HAVING count_if(event_type = 'sent') = 0)))
  GROUP BY 1, 2) GROUP BY month
"""
PAIRS = """
SELECT month, count(*) FROM (
  SELECT DISTINCT {month} AS month, contact_id, campaign_id FROM {file}
  WHERE NOT coalesce(is_bot, false) AND event_type = 'delivered') GROUP BY month
"""
CLICKS = """
SELECT {month} AS month, count(*) FROM {file}
WHERE NOT coalesce(is_bot, false) AND event_type = 'click' GROUP BY 1
"""


def ask_project(folder: Path, memory: str) -> dict[str, Any]:
    """Ask a workspace twice: the first call looks at the whole file before, the second only answers."""
    import mopsnb
    import mopsnb.data.metrics
    from mopsnb.data.recall import forget

    begin = time.process_time()
    workspace = mopsnb.open(folder)
    frame = workspace.monthly(METRICS)
    call = time.process_time() - begin
    forget(workspace._engine.connection)  # else the second call would only remember the first one's answer
    begin = time.process_time()
    workspace.monthly(METRICS)
    question = time.process_time() - begin
    rows = zip(frame["metric"], frame["period_start"], frame["numerator"], frame["denominator"], strict=True)
    figures = {f"{metric} {month:%Y-%m}": [top, bottom] for metric, month, top, bottom in rows}
    return {"question": question, "call": call, "figures": figures}


def ask_plain_sql(folder: Path, memory: str) -> dict[str, Any]:
    """Ask DuckDB as an analyst writes it: months are cut by DATE_TRUNC in the team's time zone."""
    return _ask_sql(folder, memory, "CAST(date_trunc('month', occurred_at) AS DATE)", str)


def ask_tuned_sql(folder: Path, memory: str) -> dict[str, Any]:
    """Ask DuckDB with months as a search among their limits, which is faster and nobody writes by hand."""
    numbers = [FIRST[0] * 12 + FIRST[1] - 1 + place for place in range(MONTHS)]
    limits = [datetime(number // 12, number % 12 + 1, 1, tzinfo=ZoneInfo(ZONE)) for number in numbers]

    def search(low: int, high: int) -> str:
        if high - low == 1:
            return str(low)
        middle = (low + high) // 2
        limit = f"TIMESTAMPTZ '{limits[middle].isoformat()}'"
        return f"CASE WHEN occurred_at < {limit} THEN {search(low, middle)} ELSE {search(middle, high)} END"

    return _ask_sql(folder, memory, search(0, MONTHS), lambda number: limits[number].date().isoformat())


def _ask_sql(folder: Path, memory: str, month: str, name: Callable[[Any], str]) -> dict[str, Any]:
    import duckdb

    begin = time.process_time()
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone = '{ZONE}'")
    connection.execute(f"SET memory_limit = '{memory}'")
    connection.execute(f"SET temp_directory = '{folder / 'spilled'}'")
    file = f"read_parquet('{folder / 'data' / 'email_event.parquet'}')"
    people, pairs, clicks = (
        {name(row[0])[:7]: row[1:] for row in connection.execute(query.format(month=month, file=file)).fetchall()}
        for query in (PEOPLE, PAIRS, CLICKS)
    )
    seconds = time.process_time() - begin
    churn = {key: [float(left), float(sent)] for key, (sent, left) in people.items()}
    through = {key: [float(clicks.get(key, (0,))[0]), float(pairs[key][0])] for key in pairs}
    return {"question": seconds, "call": seconds, "figures": _name_figures(churn, through)}


def ask_pandas(folder: Path, memory: str) -> dict[str, Any]:
    """Ask pandas, with the columns that the question needs in memory."""
    import pandas as pd
    import pyarrow.parquet  # noqa: F401 - imports count for memory alone

    begin = time.process_time()
    columns = ["contact_id", "campaign_id", "event_type", "occurred_at", "is_bot", "source"]
    events = pd.read_parquet(folder / "data" / "email_event.parquet", columns=columns)
    events = events[~events["is_bot"].fillna(value=False)]
    events["source"] = events["source"].fillna("")
    events["month"] = events["occurred_at"].dt.tz_convert(ZONE).dt.tz_localize(None).dt.to_period("M")
    reporting = events.loc[events["event_type"] == "sent", "source"].unique()
    is_delivered = events["event_type"] == "delivered"
    is_sent = (events["event_type"] == "sent") | (is_delivered & ~events["source"].isin(reporting))
    sent = events[is_sent].drop_duplicates(["month", "contact_id"]).groupby("month").size()
    is_left = events["event_type"] == "unsubscribe"
    left = events[is_left].drop_duplicates(["month", "contact_id"]).groupby("month").size()
    pairs = events[is_delivered].drop_duplicates(["month", "contact_id", "campaign_id"]).groupby("month").size()
    clicks = events[events["event_type"] == "click"].groupby("month").size()
    seconds = time.process_time() - begin
    churn = {str(key): [float(left.get(key, 0)), float(sent[key])] for key in sent.index}
    through = {str(key): [float(clicks.get(key, 0)), float(pairs[key])] for key in pairs.index}
    return {"question": seconds, "call": seconds, "figures": _name_figures(churn, through)}


def _name_figures(*metrics: Figures) -> Figures:
    named = zip(METRICS, metrics, strict=True)
    return {f"{metric} {month}": pair for metric, figures in named for month, pair in sorted(figures.items())}


SIDES: dict[str, Callable[[Path, str], dict[str, Any]]] = {
    "mopsnb": ask_project,
    "plain SQL": ask_plain_sql,
    "tuned SQL": ask_tuned_sql,
    "pandas": ask_pandas,
}


def find_peak() -> float:
    """Return the largest memory of this process so far in MB; what its parent held before it does not count."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="utf-8"))
    return int(found[1]) / 1024 if found else float("nan")


if __name__ == "__main__":
    answer = SIDES[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
    print(json.dumps(answer | {"peak": find_peak()}))
