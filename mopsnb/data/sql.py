"""Small words of SQL: quoted names and texts, and what family a DuckDB type belongs to."""

from __future__ import annotations

_FAMILIES = {
    "VARCHAR": "text",
    "UUID": "text",
    "JSON": "text",
    "BOOLEAN": "boolean",
    "FLOAT": "float",
    "DOUBLE": "float",
    "DATE": "date",
    "TIMESTAMP": "naive",
    "TIMESTAMP_S": "naive",
    "TIMESTAMP_MS": "naive",
    "TIMESTAMP_NS": "naive",
    "TIMESTAMP WITH TIME ZONE": "zoned",
    "TIMESTAMPTZ_NS": "zoned",
}


def quote_name(name: str) -> str:
    """Return a name as a quoted SQL identifier; a quote in it is doubled.

    Examples
    --------
    >>> quote_name("spend")
    '"spend"'
    """
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """Return a text as an SQL literal.

    Examples
    --------
    >>> quote_text("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def name_family(sql_type: str) -> str:
    """Return the family of a DuckDB type.

    It is one of ``text``, ``integer``, ``float``, ``decimal``, ``boolean``, ``date``, ``naive`` and ``zoned``
    (times without and with a zone), ``list`` and ``other``.
    """
    if sql_type.endswith("[]"):
        return "list"
    if sql_type.startswith("ENUM"):
        return "text"
    if sql_type.startswith("DECIMAL"):
        return "decimal"
    if sql_type.endswith(("INT", "INTEGER")):
        return "integer"
    return _FAMILIES.get(sql_type, "other")
