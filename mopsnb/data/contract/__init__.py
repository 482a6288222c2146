"""The canonical tables: what a workspace's ``data/<table>.csv`` or ``.parquet`` holds.

Each table is declared once, as a pandera schema, in a module named by its subject. To add
one, declare it there, list it in the module's ``TABLES`` and run ``make docs``.
"""

from mopsnb.data.contract import campaigns, contacts, sales, spend, tools, work
from mopsnb.data.contract.tables import Field, Role, Rule, Table, read_table

TABLES: dict[str, Table] = {
    schema.name: read_table(schema)
    for module in (contacts, campaigns, spend, sales, work, tools)
    for schema in module.TABLES
}
# Tables of the contract that no notebook reads yet: their files are no mistake.
ANNOUNCED: tuple[str, ...] = ("competitor", "experiment", "order")

__all__ = ["ANNOUNCED", "TABLES", "Field", "Role", "Rule", "Table", "read_table"]
