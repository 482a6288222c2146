"""Answers that a workspace puts together from several questions."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from mopsnb.data.catalogue import Catalogue
from mopsnb.data.cautions import find_cautions
from mopsnb.data.email_cautions import find_sends
from mopsnb.data.engine import Engine
from mopsnb.data.goals import review_goals
from mopsnb.data.lending import lend_without_money
from mopsnb.data.metrics import list_tables
from mopsnb.data.own_metrics import check_own_columns, read_own_catalogue, report_replaced
from mopsnb.data.unmapped import NAMES, STAKES, list_unmapped, report_unmapped
from mopsnb.errors import CurrencyError, DataError, Fault
from mopsnb.findings import Finding
from mopsnb.strategy import Strategy

MIXED_MONEY = (
    "Its amounts are in several currencies. Add exchange rates to data/fx_rate.csv (date, currency, rate_to_base), "
    "and name organization.currency in strategy.yml."
)


def name_lack(
    needs: Collection[str], alternatives: Collection[str], tables: Collection[str], *, is_database: bool = False
) -> str:
    """Return what a metric without data lacks, and how to supply it, in one sentence.

    Parameters
    ----------
    needs
        The tables that it reads.
    alternatives
        Those of them of which one is enough.
    tables
        The tables that the workspace holds.
    is_database
        Whether its tables are in a database.

    Examples
    --------
    >>> name_lack(["ad_daily", "spend_actual", "contact"], ["ad_daily", "spend_actual"], ["ad_daily"])
    'It needs data/contact.csv (or .parquet) in the workspace.'
    """
    shown = "{}" if is_database else "data/{}.csv"
    missing = [shown.format(name) for name in needs if name not in alternatives and name not in tables]
    if alternatives and not set(alternatives) & set(tables):
        missing.append(" or ".join(shown.format(name) for name in alternatives))
    if missing and is_database:
        return f"It needs {' and '.join(missing)} in the database."
    if missing:
        return f"It needs {' and '.join(missing)} (or .parquet) in the workspace."
    return "Its tables are there, but no row fills the columns that the formula reads."


def queue_unmapped(engine: Engine, catalogue: Catalogue) -> pd.DataFrame:
    """Return the campaign names that lead to no campaign, from the tables that can be used.

    Raises
    ------
    DataError
        A table that names campaigns has faults.
    """
    if not set(NAMES) & set(engine.tables):
        return list_unmapped(engine.connection, catalogue, ())
    relations = [
        part.relation for metric in catalogue.values() for part in metric.parts if part.relation.name in STAKES
    ]
    wanted = [*NAMES, *dict.fromkeys(table for relation in relations for table in relation.tables)]
    tables = [name for name in wanted if name in engine.tables]
    with lend_without_money(engine, tables):
        return list_unmapped(engine.connection, catalogue, tables)


def list_own_faults(engine: Engine, path: Path) -> list[Fault]:
    """Return the faults of the metrics that a workspace defines, columns that its data lack included."""
    try:
        catalogue = read_own_catalogue(path)
    except DataError as error:
        return list(error.faults)
    if not path.is_file():
        return []
    usable = []
    for name in list_tables(catalogue, None):
        try:
            engine.prepare([name] if name in engine.tables else [])
            usable += [name] if name in engine.tables else []
        except DataError:
            continue  # the table's own faults are listed
    return check_own_columns(engine.connection, path, usable)


def review_metrics(engine: Engine, strategy: Strategy, catalogue: Catalogue) -> list[Finding]:
    """Return what limits the metrics: sources that lack events, rows left out, amounts that may count twice.

    Goals whose scope cannot be applied are among it, campaign names that nothing maps, and metrics that the
    workspace defines anew. An unknown metric is not: the goal's SMART verdict names it.
    """
    usable, mixed = [], []
    for name in dict.fromkeys([*NAMES, *list_tables(catalogue, None)]):
        if name in engine.tables:
            try:
                engine.prepare([name])
                usable.append(name)
            except CurrencyError:
                mixed.append(name)
            except DataError:
                continue  # its faults are findings already
    goals = [item for item in review_goals(strategy, catalogue, engine.tables) if ".metric." not in item.id]
    with lend_without_money(engine, mixed):
        queue = report_unmapped(list_unmapped(engine.connection, catalogue, usable + mixed))
    cautions = find_cautions(engine.connection, catalogue, engine.time_zone, engine.as_of)
    return [*cautions, *find_sends(engine.tables), *queue, *report_replaced(catalogue), *goals]
