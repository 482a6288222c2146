"""Where a table and the strategy file say different things about the same subject. The table wins."""

from __future__ import annotations

from datetime import date, timedelta

from mopsnb.data.engine import Engine
from mopsnb.errors import DataError
from mopsnb.findings import Finding, make_id
from mopsnb.strategy import Strategy

TOLERANCE = 0.005  # share of the budget that may come from rounding


def find_disagreements(engine: Engine, strategy: Strategy) -> list[Finding]:
    """Return a finding for each subject on which a table and the strategy file disagree.

    Parameters
    ----------
    engine
        Reads the data folder. A table that cannot be used is left out; its faults are reported elsewhere.
    strategy
        The strategy file.
    """
    findings: list[Finding] = []
    for compare in (_compare_budget, _compare_tools):
        try:
            findings += compare(engine, strategy)
        except DataError:
            continue
    return findings


def _compare_budget(engine: Engine, strategy: Strategy) -> list[Finding]:
    if strategy.budget is None or "budget_plan" not in engine.tables:
        return []
    start = date.fromisoformat(f"{strategy.budget.year}-{strategy.organization.fiscal_year_start}").replace(day=1)
    end = date(start.year + 1, start.month, 1) - timedelta(days=1)
    query = (
        "SELECT version, sum(planned) AS planned FROM budget_plan WHERE month BETWEEN $start AND $end "
        "GROUP BY version ORDER BY version DESC NULLS LAST LIMIT 1"
    )
    frame = engine.query(query, {"start": start, "end": end})
    if frame.empty:
        return []
    planned, total, currency = float(frame["planned"].iloc[0]), strategy.budget.total, engine.currency or ""
    if abs(planned - total) <= TOLERANCE * total:
        return []
    return [
        Finding(
            make_id("disagreement", "budget_plan"),
            "warning",
            f"The table budget_plan and strategy.yml give different budgets for {strategy.budget.year}.",
            f"The table plans {planned:,.0f} {currency}, the strategy file {total:,.0f} {currency}.",
            "Correct one of them. Until then the table counts.",
            where="budget_plan",
        )
    ]


def _compare_tools(engine: Engine, strategy: Strategy) -> list[Finding]:
    if not strategy.tools or "tool" not in engine.tables:
        return []
    in_table = set(engine.query("SELECT DISTINCT tool_id FROM tool ORDER BY tool_id")["tool_id"])
    in_file = {tool.id for tool in strategy.tools}
    if in_table == in_file:
        return []
    parts = []
    if only_table := sorted(in_table - in_file):
        parts.append(f"only in the table: {', '.join(only_table)}")
    if only_file := sorted(in_file - in_table):
        parts.append(f"only in the strategy file: {', '.join(only_file)}")
    return [
        Finding(
            make_id("disagreement", "tool"),
            "warning",
            "The table tool and strategy.yml name different tools.",
            "; ".join(parts).replace("only", "Only", 1) + ".",
            "Correct one of them. Until then the table counts.",
            where="tool",
        )
    ]
