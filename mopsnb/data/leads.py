"""Every contact, for the lead score."""

from __future__ import annotations

import pandas as pd

from mopsnb.data.engine import Engine
from mopsnb.errors import DataError, Fault


def read_leads(engine: Engine, order_by: str) -> pd.DataFrame:
    """Return the whole table contact: in the order of the file; from a database, in the order of the ids.

    Parameters
    ----------
    engine
        Answers about the workspace's tables.
    order_by
        The column that puts leads in order of time. In a file the order of the rows can stand for it.

    Raises
    ------
    DataError
        The table has faults; or it is in a database and the column is not filled.
    """
    if not engine.place.is_database:
        return engine.query("SELECT * FROM contact")
    frame = engine.query("SELECT * FROM contact ORDER BY contact_id")
    if len(frame) and order_by in frame and frame[order_by].isna().all():
        label = engine.files["contact"].label
        fault = Fault(label, "", order_by, "no value in any row", "when each lead came in", "Fill the column.")
        raise DataError("The rows of a database have no order that could stand for time.", [fault])
    return frame
