"""Goals that cannot be measured as they are written: an unknown metric, or a scope that does not fit the metric."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mopsnb.data.catalogue import Catalogue, Metric
from mopsnb.data.relations import Relation
from mopsnb.data.scope import Scope
from mopsnb.errors import suggest
from mopsnb.findings import Finding, make_id, sort_findings
from mopsnb.strategy import Goal, Strategy


def review_goals(strategy: Strategy, catalogue: Catalogue, tables: Iterable[str] | None = None) -> list[Finding]:
    """Return what keeps goals from being measured.

    A goal without any metric is left to its SMART verdict.

    Parameters
    ----------
    strategy
        The strategy file.
    catalogue
        As `mopsnb.data.metrics.read_catalogue` returns it.
    tables
        The workspace's tables: parts of a metric that they do not allow need not fit. None: every part does.

    Returns
    -------
    list of Finding
        Errors ``goals.metric.<goal>`` and ``goals.scope.<goal>``, warnings ``goals.channel.<goal>``; the most severe
        first. ``where`` is the goal's id.
    """
    present = None if tables is None else tuple(tables)
    findings = []
    for goal in strategy.goals:
        if goal.metric and goal.metric not in catalogue:
            findings.append(_report_metric(goal, catalogue))
        elif goal.metric:
            findings += _review_scope(goal, catalogue[goal.metric], present)
            findings += _review_channel(goal, catalogue[goal.metric], strategy, present)
    return sort_findings(findings)


def fits_scope(metric: Metric, scope: Scope, tables: Iterable[str] | None = None) -> bool:
    """Tell whether a metric can be limited to a scope. Nothing is raised, whatever the scope holds.

    Parameters
    ----------
    metric
        The metric.
    scope
        Column to the value or values that count.
    tables
        The workspace's tables; None: every part of the metric must fit.
    """
    return not _list_misfits(_list_relations(metric, tables), scope)


def alternatives_missing(metric: Metric, tables: Iterable[str]) -> list[list[str]]:
    """Return which tables a metric still lacks; of each inner list, one is enough.

    Parameters
    ----------
    metric
        The metric.
    tables
        The tables that are there.

    Returns
    -------
    list of list of str
        Empty where the metric can be computed.
    """
    present = set(tables)
    if not any(present.issuperset(part.relation.tables) for part in metric.numerator):
        choices = [table for part in metric.numerator for table in part.relation.tables]
        several = len(metric.numerator) > 1
        lacking = [list(dict.fromkeys(choices))] if several else [[name] for name in choices if name not in present]
    else:
        lacking = []
    bottom = metric.denominator.relation.tables if metric.denominator else ()
    lacking += [[name] for name in bottom if name not in present and [name] not in lacking]
    return lacking


def _list_relations(metric: Metric, tables: Iterable[str] | None) -> list[Relation]:
    parts = metric.find_measures(tables) if tables is not None else ()
    every = (*metric.numerator, *filter(None, [metric.denominator]))
    return list({part.relation.name: part.relation for part in parts or every}.values())


def _list_values(scope: Scope, key: str) -> list[str]:
    value = scope[key]
    return [value] if isinstance(value, str) else [str(item) for item in value]


def _list_misfits(relations: Sequence[Relation], scope: Scope) -> list[tuple[str, Relation]]:
    """Return the keys of a scope that a relation cannot be limited by, or has no such value of."""
    found = []
    for key in scope:
        for relation in relations:
            fixed = relation.fixed.get(key)
            fits = set(_list_values(scope, key)) & set(fixed) if fixed else key in relation.dimensions
            if not fits:
                found.append((key, relation))
                break
    return found


def _report_metric(goal: Goal, catalogue: Catalogue) -> Finding:
    hint = suggest(goal.metric, catalogue)
    return Finding(
        make_id("goals", "metric", goal.id),
        "error",
        f"The goal {goal.id} names a metric that does not exist: {goal.metric}.",
        f"The catalogue holds {len(catalogue)} metrics, and not this one, so the goal has no figures. {hint}".rstrip(),
        f"In strategy.yml, goal {goal.id}, write the name of a metric under the key metric; docs/metrics.md lists all.",
        where=goal.id,
    )


def _review_scope(goal: Goal, metric: Metric, tables: Sequence[str] | None) -> list[Finding]:
    relations = _list_relations(metric, tables)
    misfits = _list_misfits(relations, goal.scope)
    if not misfits:
        return []
    usable = sorted(set.intersection(*({*item.dimensions, *item.fixed} for item in relations)))
    can = f"{metric.title} can be limited by {', '.join(usable)}." if usable else f"{metric.title} takes no scope."
    reasons, fixes = [], []
    for key, relation in misfits:
        values = ", ".join(_list_values(goal.scope, key))
        if key in relation.fixed:
            only = ", ".join(relation.fixed[key])
            reasons.append(f"Every row of {relation.tables[-1]} has {key} {only}, so none has {key} {values}.")
            fixes.append(
                f"write {key}: {only} under the key scope, or choose a metric of {values} under the key metric"
            )
        else:
            reasons.append(
                f"{' and '.join(relation.tables)} cannot be limited by {key}. {suggest(key, usable)}".rstrip()
            )
            near = suggest(key, usable).removeprefix("Did you mean '").removesuffix("'?")
            fixes.append(
                f"write {near} instead of {key} under the key scope" if near else f"remove {key} under the key scope"
            )
    keys = ", ".join(key for key, _ in misfits)
    return [
        Finding(
            make_id("goals", "scope", goal.id),
            "error",
            f"The goal {goal.id} cannot be measured: its scope {keys} does not fit the metric {metric.name}.",
            f"{' '.join(reasons)} {can}",
            f"In strategy.yml, goal {goal.id}, {'; '.join(fixes)}.",
            where=goal.id,
        )
    ]


def _review_channel(goal: Goal, metric: Metric, strategy: Strategy, tables: Sequence[str] | None) -> list[Finding]:
    declared = [channel.id for channel in strategy.channels]
    relations = _list_relations(metric, tables)
    if "channel" not in goal.scope or not declared or not all("channel" in item.dimensions for item in relations):
        return []
    unknown = [value for value in _list_values(goal.scope, "channel") if value not in declared]
    if not unknown:
        return []
    hints = " ".join(filter(None, (suggest(value, declared) for value in unknown)))
    return [
        Finding(
            make_id("goals", "channel", goal.id),
            "warning",
            f"The goal {goal.id} counts a channel that the strategy file does not declare: {', '.join(unknown)}.",
            f"Declared are {', '.join(declared)}. {hints}".rstrip(),
            f"In strategy.yml, goal {goal.id}, write a declared channel under the key scope, "
            "or declare this one under the key channels.",
            where=goal.id,
        )
    ]
