"""The reference page of all metrics, ``docs/metrics.md``, written from the catalogue.

Write it anew with ``python -m mopsnb.data.metrics_page > docs/metrics.md``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from mopsnb.data.catalogue import Catalogue, Metric, read_catalogue
from mopsnb.data.relations import Measure, Relation

UNITS = {
    "fraction": "fraction, shown as percent (0.004 is 0.4%)",
    "count": "count",
    "currency": "money in the workspace's currency",
    "ratio": "ratio (3.2 is 3.2 times)",
    "hours": "hours",
    "days": "days of 24 hours",
    "points": "points on the form's scale",
}
WISHES = {"up": "higher", "down": "lower", "neutral": "neither"}
COVERAGE = {
    "rows": "A month without any of these rows is missing.",
    "span": "From the table's first to its last record, a month without a match is 0; outside, it is missing.",
    "since": "From the first row on, a month without a match is 0.",
}
INTRODUCTION = """\
# Metrics

This page is written from `mopsnb/data/metrics.yml`; a test keeps the two alike.

- A month is a calendar month in the strategy's time zone. Rows after the report's day are ignored.
- A missing figure is missing, never 0. A ratio whose base is 0 is missing.
- Ratios over several months are the sum of the numerators divided by the sum of the bases.
- Rows of `email_event` with `is_bot` true never count.
- Money is added up exactly, in the workspace's currency.
- [Breakdowns](breakdowns.md) by week, quarter, fiscal year, channel, campaign and segment keep these rules.
- A workspace can add [its own metrics](own-metrics.md).
- A scope such as `{channel: search}` limits every part of a metric. Where a part cannot be limited, it is refused.
  Its channel is the one that breakdowns show: `campaign_map` comes before the row's own.
"""


def describe_metrics(catalogue: Catalogue) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    catalogue
        As `mopsnb.data.catalogue.read_catalogue` returns it.
    """
    groups = list(dict.fromkeys(metric.group for metric in catalogue.values()))
    lines = [INTRODUCTION, "| Metric | Name in files | Formula |", "|---|---|---|"]
    lines += [f"| {_link(metric)} | `{metric.name}` | {metric.formula} |" for metric in catalogue.values()]
    for group in groups:
        lines += ["", f"## {group}"]
        for metric in catalogue.values():
            if metric.group == group:
                lines += ["", *_describe_metric(metric, catalogue)]
    relations = {part.relation.name: part.relation for metric in catalogue.values() for part in _list_parts(metric)}
    lines += ["", "## What is counted"]
    for relation in relations.values():
        lines += ["", *_describe_relation(relation)]
    return "\n".join(lines) + "\n"


def _describe_metric(metric: Metric, catalogue: Catalogue) -> list[str]:
    tables = [f"`{table}`" for table in metric.needs if table not in metric.alternatives]
    if metric.alternatives:
        tables.append(" or ".join(f"`{table}`" for table in metric.alternatives))
    lines = [
        f"### {metric.title}",
        "",
        f"- Name: `{metric.name}`",
        f"- Formula: {metric.formula}",
        f"- Base: {metric.base}",
        f"- Unit: {UNITS[metric.unit]}",
        f"- Better when: {WISHES[metric.direction]}",
        f"- Months add up: {'yes' if metric.additive else 'no'}",
        f"- Share of its base: {'yes, so a binomial interval fits' if metric.proportion else 'no'}",
        f"- Grain: {metric.grain}",
        f"- Tables: {', '.join(tables)}",
        f"- Numerator: {' + '.join(_describe_measure(part) for part in metric.numerator)}",
    ]
    if metric.denominator:
        lines.append(f"- Denominator: {_describe_measure(metric.denominator)}")
    lines += [
        f"- Definition: {metric.definition_source}",
        f"- Caveat: {metric.caveat}",
        f"- See also: {', '.join(_link(catalogue[name]) for name in metric.related)}",
    ]
    return lines


def _describe_measure(measure: Measure) -> str:
    column = ", ".join(f"`{column}`" for column in measure.columns)
    words = {
        "count": "rows",
        "sum": f"sum of {column}",
        "distinct": f"distinct {column}",
        "level": f"running total of {column} at the start of the month",
    }
    where = "" if measure.where == "TRUE" else f" where `{measure.where}`"
    return f"{words[measure.kind]} of [{measure.relation.name}](#rows-of-{measure.relation.name}){where}"


def _describe_relation(relation: Relation) -> list[str]:
    zone = ", in the strategy's time zone" if relation.clock == "timestamp" else ""
    fixed = [f"`{name}` (always {', '.join(values)})" for name, values in relation.fixed.items()]
    limits = [*fixed, *(f"`{name}`" for name in relation.dimensions)]
    lines = [
        f"### Rows of {relation.name}",
        "",
        f"- One row: {relation.grain}",
        f"- Tables: {', '.join(f'`{table}`' for table in relation.tables)}",
        f"- A row belongs to the month of `{relation.time}`{zone}.",
    ]
    if relation.where != "TRUE":
        lines.append(f"- Only rows with `{relation.where}` count.")
    lines += [f"- {COVERAGE[relation.covered]}", f"- A scope may name: {', '.join(limits) or 'nothing'}."]
    if relation.spans:
        held = "`held` are those that lie in one of the spans asked for: a month, a quarter, all days."
        lines += ["", f"All rows, with their first and last day; {held}"]
        lines += ["", "```sql", relation.spans.rows.rstrip(), "```"]
        lines += ["", "`torn` are the totals that count nowhere:", "", "```sql", relation.spans.torn.rstrip(), "```"]
        lines += ["", "The rows that count:"]
    if relation.sql:
        lines += ["", "```sql", relation.sql.rstrip(), "```"]
    return lines


def _list_parts(metric: Metric) -> Sequence[Measure]:
    return (*metric.numerator, *filter(None, [metric.denominator]))


def _link(metric: Metric) -> str:
    anchor = re.sub(r"[^\w -]", "", metric.title.lower()).replace(" ", "-")
    return f"[{metric.title}](#{anchor})"


if __name__ == "__main__":
    sys.stdout.write(describe_metrics(read_catalogue()))
