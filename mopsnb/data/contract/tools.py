"""The tools of the stack, who uses them, and figures from elsewhere."""

from mopsnb.data.contract.columns import at_least, column, declare_table
from mopsnb.data.contract.spend import ISO_CURRENCY

TOOL = declare_table(
    "tool",
    "a tool in the stack",
    {
        "tool_id": column("id", "The tool's id.", required=True),
        "name": column("text", "The tool's name.", required=True),
        "vendor": column("text", "Who sells it."),
        "category": column("text", "What kind of tool it is."),
        "owner": column("text", "Who looks after it."),
        "annual_cost": column("decimal", "What it costs in a year.", unit="money"),
        "currency": column("text", "The currency of the cost.", ISO_CURRENCY),
        "seats": column("integer", "Seats paid for.", at_least(0), unit="count"),
        "renewal_on": column("date", "The next renewal."),
        "contract_months": column("integer", "The contract's length.", at_least(0), unit="months"),
        "capabilities": column("list", "What it can do."),
        "integrates_with": column("list", "Ids of the tools that it exchanges data with."),
    },
    key=("tool_id",),
    role="plan",
)

TOOL_USAGE = declare_table(
    "tool_usage",
    "a person's use of a tool",
    {
        "tool_id": column("id", "The tool.", required=True),
        "person": column("text", "The person.", required=True),
        "last_login_at": column("timestamp", "When the person last logged in.", known_at="last_login_at"),
        "capability": column("text", "The capability that the person uses."),
        "role": column("text", "The person's rights in the tool."),
    },
    key=("tool_id", "person"),
    role="record",
)

METRIC_VALUE = declare_table(
    "metric_value",
    "a figure from elsewhere, say a monthly spreadsheet",
    {
        "metric": column("text", "The metric's name.", required=True),
        "period_start": column("date", "The first day that the figure covers.", required=True),
        "period_end": column("date", "The last day that it covers."),
        "segment": column("text", "The segment, such as a region; empty: everything."),
        "value": column("number", "The figure; a ratio as a fraction.", required=True),
        "numerator": column("number", "Its numerator, where it is a ratio."),
        "denominator": column("number", "Its denominator, where it is a ratio."),
    },
    key=("metric", "period_start", "segment"),
    role="record",
    time=("period_end", "period_start"),
)

TABLES = (TOOL, TOOL_USAGE, METRIC_VALUE)
