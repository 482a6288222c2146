"""One metric of a workspace, broken down as a notebook asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from mopsnb.data.breakdown import TIMES, Request, break_down
from mopsnb.data.catalogue import Catalogue, Metric, choose_metrics
from mopsnb.data.engine import Engine
from mopsnb.data.lending import lend_without_money
from mopsnb.data.metrics import compute_monthly
from mopsnb.data.months import Calendar
from mopsnb.data.scope import list_values
from mopsnb.errors import UsageError

__all__ = ["Request", "break_down_metric", "read_breakdowns", "read_limit"]
Where = Mapping[str, str | Sequence[str]]
_NAMES = ("campaign", "campaign_map")


def break_down_metric(
    engine: Engine, catalogue: Catalogue, name: str, request: Request, where: Where | None = None
) -> pd.DataFrame:
    """Return one metric's figures; see `mopsnb.data.breakdown.break_down`.

    Parameters
    ----------
    engine
        Answers about the workspace's tables.
    catalogue
        The workspace's metrics.
    name
        One of them.
    request
        What is asked of it, without tables and filters.
    where
        Column to the value or values that count.

    Raises
    ------
    UsageError
        There is no such metric, or the breakdown is not possible.
    DataError
        A table that it needs has faults.
    CurrencyError
        It reads amounts, and they cannot be brought to one currency.
    """
    metric = choose_metrics(catalogue, [name])[0]
    if not isinstance(where or {}, Mapping):
        raise UsageError(f"where is {where!r}, expected columns with their values, such as {{'channel': 'email'}}.")
    filters = {str(key): list_values(key, value) for key, value in (where or {}).items()}
    tables = _list_tables(engine, metric, {*request.segments, *filters} - {*TIMES})
    if metric.reads_money:
        engine.prepare(tables)
    with lend_without_money(engine, tables):
        if request == Request(fiscal_start=request.fiscal_start) and not filters and engine.as_of:
            # Months alone: one query serves several parts.
            zone, day = engine.time_zone, engine.as_of
            frame = compute_monthly(engine.connection, catalogue, [name], time_zone=zone, as_of=day)
            return frame.drop(columns="metric").rename(columns={"period_start": "month"})
        asked = replace(request, where=filters, tables=tables)
        calendar = Calendar(ZoneInfo(engine.time_zone), engine.as_of or date.min)
        return break_down(engine.connection, metric, asked, calendar)


def read_breakdowns(by: str | Sequence[str]) -> tuple[str, ...]:
    """Return breakdowns as they are asked for: one name, or several.

    Raises
    ------
    UsageError
        They are no names.
    """
    names = (by,) if isinstance(by, str) or not isinstance(by, Iterable) else tuple(by)
    if not all(isinstance(name, str) for name in names):
        raise UsageError(f"by is {by!r}, expected a name such as 'month', or a list of them.")
    return names


def read_limit(name: str, value: str | date | None) -> date | None:
    """Return a day that limits a figure; None where none is given.

    Raises
    ------
    UsageError
        It is no day.
    """
    if value is None or value == "":
        return None
    if isinstance(value, date) and value == value:  # noqa: PLR0124 - pandas' missing time differs from itself
        return value.date() if isinstance(value, datetime) else value
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value).strip()):
            return date.fromisoformat(str(value).strip())
    except ValueError:
        pass
    raise UsageError(f"{name} is '{value}', expected a day such as 2026-09-30.")


def _list_tables(engine: Engine, metric: Metric, keys: set[str]) -> tuple[str, ...]:
    """Return the tables that figures rest on: those of the metric, and those that name campaigns and people."""
    wanted = list(metric.needs)
    if keys:
        wanted += _NAMES
        wanted += ["contact"] if any(part.relation.person for part in metric.parts) else []
    return tuple(table for table in dict.fromkeys(wanted) if table in engine.tables)
