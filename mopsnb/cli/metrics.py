"""What ``mopsnb metrics`` lists and explains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mopsnb.cli.printing import align

if TYPE_CHECKING:
    from mopsnb.data.catalogue import Metric
    from mopsnb.data.relations import Measure

WISHES = {"up": "higher is better", "down": "lower is better", "neutral": "neither is better"}


def read_metrics(workspace: str) -> tuple[Mapping[str, Metric], Mapping[str, str]]:
    """Return the metrics by name, and what each lacks in a workspace; without one, the project's own.

    Raises
    ------
    InputError
        The workspace, its strategy file or its metrics cannot be used.
    """
    if not workspace:
        from mopsnb.data.catalogue import read_catalogue

        return read_catalogue(), {}
    from mopsnb.run.imports import import_without_grammar

    import_without_grammar("mopsnb.workspace")
    from mopsnb.workspace import open as open_workspace

    opened = open_workspace(workspace)
    return opened.definitions, {str(name): str(lack) for name, lack in opened.catalogue["lacks"].items()}


def read_request(workspace: str, name: str) -> tuple[str, str]:
    """Return workspace and metric from what was typed: a single word that is no folder names a metric."""
    if workspace and not name and not Path(workspace).exists() and "/" not in workspace:
        return "", workspace
    return workspace, name


def search_metrics(metrics: Mapping[str, Metric], text: str) -> list[Metric]:
    """Return the metrics whose name, title, group, formula, base or caveat holds every word of a text."""
    words = text.casefold().split()
    fields = ("name", "title", "group", "formula", "base", "definition_source", "caveat")
    texts = {metric.name: " ".join(getattr(metric, field) for field in fields) for metric in metrics.values()}
    return [metric for metric in metrics.values() if all(word in texts[metric.name].casefold() for word in words)]


def list_metrics(metrics: Iterable[Metric], lacks: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return metrics as plain values for JSON.

    Parameters
    ----------
    metrics
        What is listed.
    lacks
        What each lacks in the workspace; nothing where none is looked at.
    """
    return [
        {
            "name": metric.name,
            "title": metric.title,
            "group": metric.group,
            "formula": metric.formula,
            "numerator": [_describe(part) for part in metric.numerator],
            "denominator": _describe(metric.denominator) if metric.denominator else None,
            "base": metric.base,
            "unit": metric.unit,
            "direction": metric.direction,
            "grain": metric.grain,
            "additive": metric.additive,
            "breakdowns": list_breakdowns(metric),
            "tables": list(metric.needs),
            "alternatives": list(metric.alternatives),
            "source": metric.definition_source,
            "caveat": metric.caveat,
            "related": list(metric.related),
            "replaces": metric.replaces,
            "lacks": lacks.get(metric.name, ""),
        }
        for metric in metrics
    ]


def describe_metrics(metrics: Iterable[Metric], lacks: Mapping[str, str]) -> str:
    """Return metrics as a table for the terminal; see `list_metrics`."""
    shown = list(metrics)
    if not shown:
        return "No metric has these words. mopsnb metrics lists all."
    header = ("metric", "group", "unit", "title", *(["data"] if lacks else []))
    rows = [
        (metric.name, metric.group, metric.unit, metric.title)
        + ((("no" if lacks[metric.name].startswith("It needs") else "yes"),) if lacks else ())
        for metric in shown
    ]
    return "\n".join([align([header, *rows]), "", "mopsnb metrics NAME explains one of them."])


def explain_metric(metric: Metric, lacks: Mapping[str, str]) -> str:
    """Return everything about one metric as lines for the terminal; see `list_metrics`."""
    tables = [table for table in metric.needs if table not in metric.alternatives]
    tables += [" or ".join(metric.alternatives)] if metric.alternatives else []
    rows = [
        ("formula", metric.formula),
        ("numerator", " + ".join(_describe(part) for part in metric.numerator)),
        ("denominator", _describe(metric.denominator) if metric.denominator else "none"),
        ("base", metric.base),
        ("unit", metric.unit),
        ("direction", WISHES[metric.direction]),
        ("grain", metric.grain),
        ("tables", ", ".join(tables)),
        ("break down by", ", ".join(["time", *list_breakdowns(metric)])),
        ("months add up", "yes" if metric.additive else "no"),
        ("definition", metric.definition_source),
        ("caveat", metric.caveat),
        ("see also", ", ".join(metric.related) or "none"),
    ]
    lack = lacks.get(metric.name, "")
    rows += [("data", lack)] if lack.startswith("It needs") else []
    return "\n".join([f"{metric.title} ({metric.name})", "", *(f"{key + ':':<15}{text}" for key, text in rows)])


def list_breakdowns(metric: Metric) -> list[str]:
    """Return by what a metric breaks down besides time, where a workspace has all tables of the data dictionary."""
    from mopsnb.data.contract import TABLES
    from mopsnb.data.dimensions import share_dimensions

    return share_dimensions(metric.parts, {name: tuple(table.fields) for name, table in TABLES.items()})


def _describe(measure: Measure) -> str:
    columns = ", ".join(measure.columns)
    words = {
        "count": "rows",
        "sum": f"sum of {columns}",
        "distinct": f"distinct {columns}",
        "level": f"running total of {columns} at the start",
    }
    where = "" if measure.where == "TRUE" else f" where {measure.where}"
    return f"{words[measure.kind]} of {measure.relation.name}{where}"
