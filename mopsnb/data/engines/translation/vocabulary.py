"""The SQL that means the same on every engine once it is rewritten; everything else is refused.

sqlglot passes on what it does not know. A figure would then be wrong without a word, so this is a list of what is
allowed, node by node with the parts of each, and not a list of what is forbidden.
"""

from __future__ import annotations

from mopsnb.data.contract import TABLES

# The nodes of sqlglot's tree, each with the parts that it may have.
ALLOWED: dict[str, frozenset[str]] = {
    name: frozenset(parts.split())
    for name, parts in {
        "Select": "with_ expressions distinct from_ joins where group having windows order limit",
        "Union": "with_ this expression distinct order limit",
        "Subquery": "with_ this alias",
        "With": "expressions",
        "CTE": "this alias",
        "From": "this",
        "Join": "this on side kind using",
        "Table": "this alias",
        "TableAlias": "this columns",
        "Where": "this",
        "Group": "expressions",
        "Having": "this",
        "Order": "expressions",
        "Ordered": "this desc nulls_first",
        "Limit": "expression",
        "Distinct": "expressions",
        "Alias": "this alias",
        "Column": "this table",
        "Identifier": "this quoted",
        "Star": "",
        "Literal": "this is_string",
        "Boolean": "this",
        "Null": "",
        "Placeholder": "this",
        "Var": "this",
        "Paren": "this",
        "And": "this expression",
        "Or": "this expression",
        "Not": "this",
        "Is": "this expression",
        "EQ": "this expression",
        "NEQ": "this expression",
        "LT": "this expression",
        "LTE": "this expression",
        "GT": "this expression",
        "GTE": "this expression",
        "NullSafeEQ": "this expression",
        "NullSafeNEQ": "this expression",
        "Between": "this low high",
        "In": "this expressions query",
        "Exists": "this",
        "Like": "this expression negate",
        "Case": "this ifs default",
        "If": "this true",
        "Coalesce": "this expressions",
        "Nullif": "this expression",
        "Add": "this expression",
        "Sub": "this expression",
        "Mul": "this expression",
        "Div": "this expression typed safe",
        "Neg": "this",
        "Abs": "this",
        "Floor": "this",
        "DPipe": "this expression safe",
        "Lower": "this",
        "Upper": "this",
        "Trim": "this",
        "Cast": "this to",
        "DataType": "this expressions nested",
        "DataTypeParam": "this",
        "Extract": "this expression",
        "DateTrunc": "this unit",
        "TimestampTrunc": "this unit",
        "AtTimeZone": "this zone",
        "Interval": "this unit",
        "Least": "this expressions ignore_nulls",
        "Greatest": "this expressions ignore_nulls",
        "TimeToStr": "this format",
        "RegexpFullMatch": "this expression",
        "Array": "expressions",
        "CountIf": "this",
        "Count": "this big_int",
        "Sum": "this",
        "Avg": "this",
        "Min": "this",
        "Max": "this",
        "LogicalAnd": "this",
        "LogicalOr": "this",
        "Filter": "this expression",
        "Window": "this partition_by order spec alias over",
        "WindowSpec": "kind start start_side end end_side",
        "Lag": "this offset default",
        "Lead": "this offset default",
        "RowNumber": "",
        "Rank": "",
        "DenseRank": "",
    }.items()
}
CASTS = frozenset(
    {"VARCHAR", "TEXT", "DATE", "DECIMAL", "DOUBLE", "BIGINT", "BOOLEAN", "TIMESTAMPTZ", "TIMESTAMPNTZ", "ARRAY"}
)
FIELDS = frozenset({"EPOCH", "YEAR", "QUARTER", "MONTH", "DAY"})  # of a time, for EXTRACT
UNITS = frozenset({"YEAR", "QUARTER", "MONTH", "WEEK", "DAY"})  # for DATE_TRUNC

STEPS = frozenset({"YEAR", "MONTH", "WEEK", "DAY"})  # for INTERVAL
FORMATS = frozenset({"%Y", "%Y-%m", "%Y-%m-%d"})  # for STRFTIME

# Nodes that some of the engines read differently.
DIFFERS = {
    "bigquery": frozenset({"Least", "Greatest", "Array"}),
    "snowflake": frozenset({"Array", "TimeToStr"}),
}

# What to write in the place of something that engines read differently.
ADVICE = {
    "Select.qualify": "Number the rows in a subquery, and filter around it.",
    "TryCast": "Use CASE to leave out what cannot be converted, and CAST.",
    "IntDiv": "Use / with NULLIF.",
    "Mod": "Use CASE, or EXTRACT for parts of a date.",
    "ILike": "Use LOWER(column) LIKE 'pattern'.",
    "Concat": "Join texts with ||, and fill gaps with COALESCE.",
    "DateDiff": "Subtract EXTRACT(EPOCH FROM time), which is seconds.",
    "Round": "Leave numbers as they are; pages round them.",
    "First": "Use MIN or MAX, which do not depend on the order of rows.",
    "Tuple": "Join the texts with ||.",
}


def _list_names(*kinds: str) -> frozenset[str]:
    return frozenset(name for table in TABLES.values() for name, field in table.fields.items() if field.kind in kinds)


TEXTS = _list_names("id", "text")  # columns of the canonical tables; a name has one kind in all of them
DAYS = _list_names("date", "month")
INSTANTS = _list_names("timestamp")
