"""A goal's way to its target: the planned path and what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from mopsnb.view import theme
from mopsnb.view.axes import month_axis, scale_values, to_milliseconds
from mopsnb.view.columns import Column
from mopsnb.view.figure import Figure, Words, make_figure, read_layers
from mopsnb.view.formats import Formats, is_known, to_date
from mopsnb.view.html import Html, name_status
from mopsnb.view.marks import Label, label_ends, label_points, layer, make_tooltip
from mopsnb.view.series import list_records, read_row, require_columns
from mopsnb.view.text import no_data

HEIGHT = 260
_PATH = ("period_start", "expected", "actual")


def goal_progress(paths: pd.DataFrame, progress: Any, *, title: str = "", reading: str = "") -> Figure | Html:
    """Return a goal's actual figures against its target path.

    Parameters
    ----------
    paths
        What ``analysis.draw_paths`` returned: goal, period_start, period_end, expected, actual, actual_through
        and is_complete. Rows of other goals are left out.
    progress
        The goal's row of ``analysis.track_goals``; with the columns of ``forecast.add_chances`` the chart shows where
        the forecast sees the goal at its deadline, with its interval.
    title
        The finding; empty: the goal's statement and status.
    reading
        The sentence below; empty: the reason for the status.

    Returns
    -------
    Figure or Html
        A note that there is no data, where the goal has no path.

    Raises
    ------
    ValueError
        A column is missing.
    """
    require_columns(paths, _PATH, "a goal's progress")
    row = read_row(progress)
    formats = theme.current().formats
    name = str(row.get("statement") or row.get("goal") or "Goal")
    if "goal" in row and "goal" in paths.columns:
        paths = paths[paths["goal"] == row["goal"]]
    paths = paths.sort_values("period_start")
    if not len(paths) or not paths["expected"].map(is_known).any():
        return no_data(name, fix=str(row.get("reason", "")))
    unit = str(row.get("unit", ""))
    total = _is_total(row, paths)
    plan, actual = _read_paths(paths, row, formats, total=total)
    what = str(row.get("title") or "Value")
    end = _read_forecast(row)
    values = [point["y"] for point in plan + actual] + [
        row.get("target"),
        None if total else row.get("baseline"),
        *end.values(),
    ]
    span = None if total else _read_span(row, formats)
    scale = scale_values(values, unit, f"{what}, total so far" if total else what, formats)
    deadline = row.get("deadline", plan[-1]["x"])
    axes = (month_axis(paths["period_start"].tolist()), scale.axis())
    layers = [*_draw_plan(plan, axes), *_draw_forecast(end, actual, axes, row), *_draw_actual(actual, axes, span)]
    layers += label_ends(_name_ends(row, plan, actual, formats), to_milliseconds(deadline), scale, HEIGHT)
    status = name_status(str(row.get("status", "")))
    words = Words(
        title=title or (f"{name}: {status}" if status else name),
        alt=_describe(row, plan, actual, formats),
        subtitle=_explain(row, actual, total=total, forecast=bool(end), whole=span is not None),
        reading=reading or " ".join(filter(None, (str(row.get("reason", "")), str(row.get("outlook", ""))))),
    )
    columns = {
        "period_start": Column("Month", "month"),
        "expected": Column("Plan", "value", unit),
        "actual": Column("Actual", "value", unit),
    }
    spec = read_layers(layers, HEIGHT)
    return make_figure(spec, words, paths, columns)


def _is_total(row: Mapping[str, Any], paths: pd.DataFrame) -> bool:
    # A ratio has a base, a running total has none. Before there is a figure, the path tells: a total starts with a
    # small share of its end, a level near its baseline.
    if "actual" in row:
        return not is_known(row.get("denominator"))
    plan = [float(x) for x in paths["expected"] if is_known(x)]
    return len(plan) > 1 and abs(plan[0]) <= 1.5 * abs(plan[-1]) / len(plan)


def _read_paths(
    paths: pd.DataFrame, row: Mapping[str, Any], formats: Formats, *, total: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    unit = str(row.get("unit", ""))
    plan: list[dict[str, Any]] = []
    actual: list[dict[str, Any]] = []
    if total:
        origin = {"x": to_date(row.get("start", paths["period_start"].iloc[0])).isoformat(), "y": 0.0, "segment": 0}
        plan, actual = [origin], [origin | {"done": True, "month": "", "value": ""}]
    segment = 0
    for item in list_records(paths):
        start, end = item["period_start"], item.get("period_end")
        place = end if total and is_known(end) else start
        if is_known(item["expected"]):
            plan.append({"x": to_date(place).isoformat(), "y": float(item["expected"])})
        if not is_known(item["actual"]):
            segment += 1
            continue
        through = item.get("actual_through")
        place = through if total and is_known(through) else start
        done = bool(item.get("is_complete", True)) or total
        words = {"month": formats.month(start), "value": formats.value(item["actual"], unit)}
        record = {"x": to_date(place).isoformat(), "y": float(item["actual"]), "segment": segment, "done": done}
        actual.append(record | words)
    if "deadline" in row and "target" in row:
        plan = [point for point in plan if point["x"] < to_date(row["deadline"]).isoformat()]
        plan.append({"x": to_date(row["deadline"]).isoformat(), "y": float(row["target"])})
    return plan, actual if len(actual) > 1 or not total else []


def _draw_plan(plan: list[dict[str, Any]], axes: tuple[alt.X, alt.Y]) -> list[alt.Chart]:
    path = layer(plan).mark_line(style="mops-plan").encode(*axes)
    return [path, layer(plan[-1:]).mark_point(style="mops-goal", filled=True, shape="diamond").encode(*axes)]


def _read_forecast(row: Mapping[str, Any]) -> dict[str, float]:
    """Return the forecast at the deadline and the ends of its interval; empty where there is none."""
    found = {name: row.get(name) for name in ("forecast", "forecast_low", "forecast_high")}
    known = all(is_known(x) for x in found.values()) and "deadline" in row
    return {name: float(x) for name, x in found.items() if x is not None} if known else {}


def _draw_forecast(
    end: Mapping[str, float], actual: list[dict[str, Any]], axes: tuple[alt.X, alt.Y], row: Mapping[str, Any]
) -> list[alt.Chart]:
    if not end:
        return []
    formats, unit, x = theme.current().formats, str(row.get("unit", "")), to_date(row["deadline"]).isoformat()
    span = f"{formats.value(end['forecast_low'], unit)} to {formats.value(end['forecast_high'], unit)}"
    point = {"x": x, "y": end["forecast"], "value": formats.value(end["forecast"], unit), "span": span}
    reach = {"x": x, "y": end["forecast_low"], "y2": end["forecast_high"]}
    layers = [layer([reach]).mark_rule(style="mops-interval").encode(*axes, y2=alt.Y2("y2:Q"))]
    if actual:
        layers.append(layer([actual[-1], point]).mark_line(style="mops-open").encode(*axes))
    tooltip = make_tooltip(value="Forecast", span="80% interval")
    return [*layers, layer([point]).mark_point(style="mops-hollow", filled=True).encode(*axes, tooltip=tooltip)]


def _read_span(row: Mapping[str, Any], formats: Formats) -> dict[str, Any] | None:
    """Return the months that a rate's figure covers, and the figure over all of them; None where that is not known."""
    first, _, last = str(row.get("actual_period", "")).partition("/")
    if not last or not is_known(row.get("actual")):
        return None
    ends = {"x": first, "x2": f"{last[:7]}-01", "y": float(row["actual"])}
    count = (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7]) + 1
    if count < 2:
        return None  # one month is its own point
    value = formats.value(row["actual"], str(row.get("unit", "")))
    return ends | {"text": f"{value} over {count} months", "value": value, "span": str(row.get("basis", ""))}


def _draw_actual(
    actual: list[dict[str, Any]], axes: tuple[alt.X, alt.Y], span: dict[str, Any] | None
) -> list[alt.Chart]:
    if not actual:
        return []
    closed = [record for record in actual if record["done"]]
    tooltip = make_tooltip(month="Month", value="Actual")
    layers = [
        layer(closed).mark_line(style="mops-line").encode(*axes, detail=alt.Detail("segment:N")),
        layer([r for r in closed if r["month"]])
        .mark_point(style="mops-point", filled=True)
        .encode(*axes, tooltip=tooltip),
    ]
    if actual[-1]["done"]:
        layers.append(layer(actual[-1:]).mark_point(style="mops-latest", filled=True).encode(*axes, tooltip=tooltip))
    else:
        if closed and closed[-1]["segment"] == actual[-1]["segment"]:
            layers.append(layer([closed[-1], actual[-1]]).mark_line(style="mops-open").encode(*axes))
        layers.append(layer(actual[-1:]).mark_point(style="mops-hollow", filled=True).encode(*axes, tooltip=tooltip))
    if span:  # the figure that counts is that of several months, not the last month's
        tip = make_tooltip(value="Actual", span="It covers")
        layers.append(layer([span]).mark_rule(style="mops-whole").encode(*axes, x2=alt.X2("x2"), tooltip=tip))
        below = actual[-1]["y"] >= span["y"]  # the side on which the line goes on stays free
        label = {"x": span["x2"], "y": span["y"], "text": span["text"]}
        return layers + label_points([label], "mops-label", align="left", dx=6, dy=12 if below else -12)
    known = closed[-1] if closed else actual[-1]
    near = known | {"text": known["value"]}
    return layers + label_points([near], "mops-label", dy=-15)


def _name_ends(
    row: Mapping[str, Any], plan: list[dict[str, Any]], actual: list[dict[str, Any]], formats: Formats
) -> list[Label]:
    if "target" not in row:
        return [("mops-note", plan[-1]["y"], "plan")]
    day = f"\n{formats.date(row['deadline'])}" if "deadline" in row else ""
    text = f"target\n{formats.value(row['target'], str(row.get('unit', '')))}{day}"
    labels = [("mops-note", plan[-1]["y"], text)]
    end = _read_forecast(row)
    if end:
        labels.append(
            ("mops-label", end["forecast"], f"forecast\n{formats.value(end['forecast'], str(row.get('unit', '')))}")
        )
    return labels


def _explain(row: Mapping[str, Any], actual: list[dict[str, Any]], *, total: bool, forecast: bool, whole: bool) -> str:
    scope = f" ({row['scope']})" if "scope" in row else ""
    kind = "total since the start" if total else "by month"
    parts = [f"{row['title']}{scope}, {kind}"] if "title" in row else []
    if whole:
        parts.append(
            f"Thick line: the figure that counts, over {row['basis']}" if "basis" in row else "Thick line: actual"
        )
    aim = "" if total or "aim" not in row else f", over {row['aim']}"
    parts.append(f"Dashed: the planned path to the target{aim}")
    if forecast:
        last = "" if total else ", the mean of its last three months"
        parts.append(f"Dotted: to the forecast at the deadline{last}, with the bar that holds 80% of futures")
    if actual and not actual[-1]["done"]:
        parts.append("Hollow: a month that is not over yet")
    if "owner" in row:
        parts.append(f"Owner: {row['owner']}")
    return "".join(f"{part}. " for part in parts).strip()


def _describe(
    row: Mapping[str, Any], plan: list[dict[str, Any]], actual: list[dict[str, Any]], formats: Formats
) -> str:
    unit = str(row.get("unit", ""))
    text = f"Line chart of {row.get('title') or 'the goal'} against a planned path"
    if "target" in row and "deadline" in row:
        text += f" to {formats.value(row['target'], unit)} by {formats.date(row['deadline'])}"
    if not actual:
        return f"{text}. There is no actual figure yet."
    expected = f", expected {formats.value(row['expected'], unit)}" if "expected" in row else ""
    figure = formats.value(row.get("actual", actual[-1]["y"]), unit)
    ahead = f" Forecast at the deadline {formats.value(row['forecast'], unit)}." if _read_forecast(row) else ""
    return f"{text}. Actual {figure}{expected}.{ahead}"
