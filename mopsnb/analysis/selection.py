"""Parts of a frame that one place of a page shows: a metric's row, the latest months, figures by month."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from mopsnb.analysis.frames import list_rows, read_number
from mopsnb.analysis.headlines import SHOWN_METRICS
from mopsnb.analysis.months import shift_month
from mopsnb.analysis.tree import STEPS

RESTS_ON_OPENS = frozenset({"open_rate", "click_to_open_rate"})
OPENS_CAUTION = "Unreliable: privacy proxies open mail that nobody read"
FROM_CATALOGUE = ("title", "unit", "direction", "formula", "base", "lacks")


def select_metric(summary: pd.DataFrame, catalogue: pd.DataFrame, name: str) -> dict[str, object]:
    """Return what is known of one metric: its definition and, where it has data, its summary.

    Parameters
    ----------
    summary
        What ``summarize_metrics`` returned.
    catalogue
        Index: metric. Columns title, unit, direction, formula, base and lacks (what is missing, in words).
    name
        A metric of the catalogue.

    Returns
    -------
    dict
        ``metric`` and the catalogue's columns, then the summary's. A metric without data has the former alone,
        so that a page can name what is missing.

    Raises
    ------
    KeyError
        The catalogue has no such metric.
    """
    card = catalogue.loc[name]
    known: dict[str, object] = {"metric": name} | {column: card[column] for column in FROM_CATALOGUE}
    rows = summary[summary["metric"] == name].to_dict("records")
    return known | {str(key): value for row in rows for key, value in row.items() if key not in known}


def list_shown(names: Iterable[str]) -> list[str]:
    """Return the metrics of a page: the usual ones, then others that a team has in use."""
    return list(dict.fromkeys([*SHOWN_METRICS, *names]))


def select_months(monthly: pd.DataFrame, as_of: date | None, months: int) -> pd.DataFrame:
    """Return the rows of the latest months.

    Parameters
    ----------
    monthly
        A row a metric and month, with ``period_start``.
    as_of
        The last day that counts; its month is the last one. None: there are no rows.
    months
        How many months to keep.
    """
    if as_of is None:
        return monthly.iloc[:0]
    first = shift_month(as_of.replace(day=1), 1 - months)
    return monthly[monthly["period_start"] >= pd.Timestamp(first)].reset_index(drop=True)


def tabulate_months(monthly: pd.DataFrame, names: Sequence[str], limit: int = 12) -> pd.DataFrame:
    """Return metrics side by side, a row a month, the newest first.

    Parameters
    ----------
    monthly
        Columns metric, period_start and value.
    names
        The metrics, in the order of the columns. One without rows is a column of missing values.
    limit
        How many months at most. Months in which all of these metrics are missing are left out.

    Returns
    -------
    pandas.DataFrame
        ``period_start``, then a column a metric.
    """
    chosen = monthly[monthly["metric"].isin(names)]
    wide = chosen.pivot_table(index="period_start", columns="metric", values="value", dropna=False)
    wide = wide.reindex(columns=list(names))
    wide = wide.dropna(how="all").sort_index(ascending=False).head(limit)
    return wide.rename_axis(columns=None).reset_index()


def compare_metrics(summary: pd.DataFrame, catalogue: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return metrics side by side for their latest complete month, with what explains the difference.

    Parameters
    ----------
    summary
        What ``summarize_metrics`` returned.
    catalogue
        Index: metric. Columns title and formula.
    names
        The metrics, in the order of the rows. Those without data are left out.

    Returns
    -------
    pandas.DataFrame
        metric, title, unit, value, numerator, denominator, change (against the month before), formula, difference (from
        the first row's value), why (what the difference comes from: how counts and bases compare with the first
        row's), caution (for figures that rest on opens).
    """
    places = {name: place for place, name in enumerate(names)}
    chosen = summary[summary["metric"].isin(names) & summary["value"].notna()]
    chosen = chosen.sort_values("metric", key=lambda column: column.map(places), kind="stable")
    columns = ["metric", "title", "unit", "value", "numerator", "denominator", "change"]
    formulas = catalogue["formula"].reindex(chosen["metric"]).to_numpy()
    table = chosen[columns].assign(formula=formulas).reset_index(drop=True)
    why = [_explain_difference(row, table.iloc[0].to_dict()) for row in table.to_dict("records")]
    caution = [OPENS_CAUTION if name in RESTS_ON_OPENS else "" for name in table["metric"]]
    first = table["value"].iloc[0] if len(table) else float("nan")
    return table.assign(difference=table["value"] - first, why=why, caution=caution)


def _explain_difference(row: Mapping[Hashable, object], first: Mapping[Hashable, object]) -> str:
    if row["metric"] == first["metric"]:
        return ""
    parts = []
    for key, name in (("numerator", "count"), ("denominator", "base")):
        mine, its = read_number(row[key]), read_number(first[key])
        if not (math.isfinite(mine) and math.isfinite(its)):
            return "its base is another"
        other = f"a {name} {mine / its:.2f} times as large" if its > 0 else f"another {name}"
        parts.append(f"the same {name}" if mine == its else other)
    return " and ".join(parts)


def tabulate_verdicts(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return a row a goal with its verdict for each letter, the most flawed goals first.

    Parameters
    ----------
    verdicts
        What ``judge_goals`` returned.

    Returns
    -------
    pandas.DataFrame
        goal, statement, then S, M, A, R and T (``pass``, ``fail`` or ``unknown``), flaws (how many letters fail).
    """
    wide = verdicts.pivot_table(
        index=["goal", "statement"], columns="letter", values="verdict", aggfunc="first", sort=False
    )
    wide = wide.reindex(columns=list("SMART")).rename_axis(columns=None).reset_index()
    wide = wide.assign(flaws=(wide[list("SMART")] == "fail").sum(axis=1))
    return wide.sort_values("flaws", ascending=False, kind="stable").reset_index(drop=True)


def select_goals(progress: pd.DataFrame, statuses: Sequence[str]) -> pd.DataFrame:
    """Return goals by status, in the order of the statuses, then those with the smallest part of their change first.

    Parameters
    ----------
    progress
        What ``track_goals`` returned.
    statuses
        The statuses to keep, the first on top.
    """
    places = {status: place for place, status in enumerate(statuses)}
    chosen = progress[progress["status"].isin(statuses)]
    ranked = chosen.assign(place=chosen["status"].map(places)).sort_values(
        ["place", "achieved", "deadline"], kind="stable"
    )
    return ranked.drop(columns="place").reset_index(drop=True)


def define_metrics(catalogue: pd.DataFrame, summary: pd.DataFrame, goals: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the definitions of the metrics that have a value, in the catalogue's order.

    Parameters
    ----------
    catalogue
        Index: metric.
    summary
        What ``summarize_metrics`` returned.
    goals
        What ``track_goals`` returned; None: no goals.

    Returns
    -------
    pandas.DataFrame
        The catalogue's columns; wish (which way is better, in words), role (in the driver tree from spend to revenue:
        a leading or a lagging indicator; empty for other metrics), goals (the statements of the goals that the
        metric serves) and owner (of these goals), both empty where there is none.
    """
    known = set(summary.loc[summary["value"].notna(), "metric"])
    chosen = catalogue[catalogue.index.isin(known)]
    wishes = {"up": "more is better", "down": "less is better"}
    served: dict[str, list[str]] = {}
    owners: dict[str, list[str]] = {}
    for row in [] if goals is None else list_rows(goals):
        served.setdefault(str(row["metric"]), []).append(str(row["statement"]).rstrip("."))
        owners.setdefault(str(row["metric"]), []).append(str(row["owner"]))
    return chosen.assign(
        wish=[wishes.get(str(word), "neither way is better by itself") for word in chosen["direction"]],
        role=[_name_role(catalogue, str(name)) for name in chosen.index],
        goals=["; ".join(served.get(str(name), [])) for name in chosen.index],
        owner=[", ".join(dict.fromkeys(filter(None, owners.get(str(name), [])))) for name in chosen.index],
    )


def _name_role(catalogue: pd.DataFrame, name: str) -> str:
    if name not in STEPS:
        return ""
    above = STEPS[STEPS.index(name) - 1] if name != STEPS[0] else ""
    if not above:
        return "Lagging indicator: how the steps before it ended"
    title = str(catalogue.loc[above, "title"]) if above in catalogue.index else above
    return f"Leading indicator of {title}"
