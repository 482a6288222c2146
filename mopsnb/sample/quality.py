"""The untidiness of a real contact database: broken values and duplicates.

Broken values are wrong for people, not for the table's types: an address without its ``@`` is text, a consent
of 1970 is a time. So the sample has no faults, and a check of the database has something to find.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mopsnb.sample import company, names
from mopsnb.sample.clock import LAST_INSTANT
from mopsnb.sample.columns import NEVER
from mopsnb.sample.contacts import CAPACITY

Rows = dict[str, list[Any]]  # column name to cells; instants are seconds, ``NEVER`` is missing
PHONES = ("000-000-0000", "call me", "n/a", "+1 999", "1234567")
# Kind of fault: its column, and how many records of a block have it.
BROKEN = {
    "email_invalid": ("email", 12),
    "phone_junk": ("phone", 14),
    "email_missing": ("email", 9),
    "country_missing": ("country", 22),
    "job_title_missing": ("job_title", 60),
    "activity_before_creation": ("last_activity_at", 5),
    "updated_before_creation": ("updated_at", 4),
    "consent_in_1970": ("consent_at", 4),
    "owner_gone": ("owner", 10),
}
KINDS = ("case", "typo", "second address", "initial", "plus tag")
GROUPS = 40  # groups of duplicates in a block; one in ten has three members, one in five is merged already
_DAY = 86_400


@dataclass
class Planted:
    """What is wrong on purpose in a block: groups of duplicates and broken records, by contact id."""

    duplicates: list[dict[str, Any]] = field(default_factory=list)
    broken: dict[str, list[str]] = field(default_factory=dict)


def break_records(rows: Rows, planted: Planted, generator: np.random.Generator) -> None:
    """Spoil some records in place, each in one way."""
    order = generator.permutation(len(rows["contact_id"])).tolist()
    for kind, (column, count) in BROKEN.items():
        chosen = sorted(order.pop() for _ in range(min(count, len(order))))
        planted.broken[kind] = [rows["contact_id"][row] for row in chosen]
        for turn, row in enumerate(chosen):
            rows[column][row] = _spoil(kind, turn, rows, row)
            if kind == "consent_in_1970":
                rows["consent_basis"][row] = "opt-in form"


def _spoil(kind: str, turn: int, rows: Rows, row: int) -> Any:
    """Return the broken value of one record."""
    if kind == "email_invalid":
        address = str(rows["email"][row])
        wrong = (("@", "(at)"), ("@", ""), (".example", ""), ("@", "@@"))[turn % 4]
        return address.replace(*wrong)
    if kind == "phone_junk":
        return PHONES[turn % len(PHONES)]
    if kind == "activity_before_creation":
        return rows["created_at"][row] - 400 * _DAY
    if kind == "updated_before_creation":
        return rows["created_at"][row] - 3 * _DAY
    return {"consent_in_1970": 0, "owner_gone": "rep-hale"}.get(kind)


def add_duplicates(rows: Rows, planted: Planted, generator: np.random.Generator, block: int) -> None:
    """Add second and third records of some people in place, as imports of lists make them."""
    count = len(rows["contact_id"])
    broken = {name for found in planted.broken.values() for name in found}
    usable = [row for row in range(count) if rows["contact_id"][row] not in broken]
    chosen = sorted(usable[i] for i in generator.choice(len(usable), min(GROUPS, len(usable)), replace=False))
    for turn, row in enumerate(chosen):
        members = [str(rows["contact_id"][row])]
        is_merged = turn % 5 == 4
        for copy in range(2 if turn % 10 == 0 else 1):
            name = f"C{block * CAPACITY + len(rows['contact_id']):08d}"
            born = rows["created_at"][row] + int(generator.integers(_DAY, 300 * _DAY))
            _copy(rows, row, min(born, LAST_INSTANT - 60), members[0] if is_merged else None)
            rows["contact_id"][-1] = name
            _vary(rows, KINDS[(turn + copy) % len(KINDS)], generator)
            members.append(name)
        planted.duplicates.append({"contact_ids": members, "is_merged": is_merged, "kind": KINDS[turn % len(KINDS)]})


def _copy(rows: Rows, row: int, born: int, merged_into: str | None) -> None:
    """Add a record of the same person as a list import writes it, without the first one's history."""
    for values in rows.values():
        values.append(values[row])
    fresh = {
        **dict.fromkeys(("created_at", "updated_at", "last_activity_at"), born),
        **dict.fromkeys(("converted_at", "consent_at"), NEVER),
        **{"record_type": "lead", "lifecycle_stage": "lead", "lead_status": "new", "lead_source": "list_import"},
        **{"is_converted": False, "email_opt_out": False, "consent_basis": None, company.LEAK_COLUMN: None},
        **{"is_deleted": merged_into is not None, "merged_into": merged_into},
    }
    for column, value in fresh.items():
        rows[column][-1] = value


def _vary(rows: Rows, kind: str, generator: np.random.Generator) -> None:
    """Change the last record as a person or an import would have typed it."""
    first, last, address = (str(rows[column][-1]) for column in ("first_name", "last_name", "email"))
    local, _, domain = address.partition("@")
    if kind == "case":
        rows["first_name"][-1], rows["last_name"][-1] = first.upper(), last.upper()
        rows["email"][-1] = address.title()
    elif kind == "typo":
        cut = int(generator.integers(1, len(last) - 1))
        rows["last_name"][-1] = last[:cut] + last[cut + 1 :]
        rows["email"][-1] = f"{first[0]}.{last}@{domain}".lower()
    elif kind == "second address":
        service = names.FREE_MAIL[len(last) % len(names.FREE_MAIL)]
        rows["email"][-1] = f"{first}{last}{rows['contact_id'][-1][-4:]}@{service}".lower()
    elif kind == "initial":
        rows["first_name"][-1] = f"{first[0]}."
    else:
        rows["email"][-1] = f"{local}+news@{domain}"
    phone = rows["phone"][-1]
    if phone is not None and kind != "second address":
        rows["phone"][-1] = str(phone).replace(" ", "").replace("ext.", "x")
