"""Requests under agreements, as the page about service levels reads them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import pandas as pd

Query = Callable[[str, Mapping[str, Any]], pd.DataFrame]
"""Answers one SELECT over the workspace's views: ``Workspace.sql``."""

REQUEST_COLUMNS = {
    **{"agreement": "str", "request_id": "str", "owner": "str"},
    **{"opened_at": "datetime64[us, UTC]", "closed_at": "datetime64[us, UTC]", "paused_hours": "float64"},
}
_ASK = (
    "SELECT agreement, request_id, coalesce(owner, '') AS owner, opened_at, closed_at, "
    "CAST(paused_hours AS DOUBLE) AS paused_hours FROM service_event ORDER BY opened_at, agreement, request_id"
)


def read_requests(query: Query, tables: Collection[str]) -> pd.DataFrame:
    """Return the requests that were opened up to the report's day, in order of time.

    Parameters
    ----------
    query
        Answers SQL over the workspace's views.
    tables
        The tables that the workspace holds. Without ``service_event`` there are no rows.

    Returns
    -------
    pandas.DataFrame
        agreement, request_id, owner (empty where nobody is named), opened_at, closed_at (NaT: not by the report's
        day), paused_hours (NaN: no pause is recorded).

    Raises
    ------
    DataError
        The table has faults.
    """
    frame = query(_ASK, {}) if "service_event" in tables else pd.DataFrame(columns=list(REQUEST_COLUMNS))
    return frame.astype(REQUEST_COLUMNS)
