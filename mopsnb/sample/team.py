"""The people of the company's marketing department, their tools, and who uses which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns, company
from mopsnb.sample.clock import END, day_of, to_utc
from mopsnb.sample.columns import NEVER
from mopsnb.sample.story import read_rows
from mopsnb.sample.streams import stream


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the marketing team; skills from 1 (knows of it) to 5 (teaches it)."""

    id: str
    name: str
    role: str
    hours: int
    skills: dict[str, int]
    coordinator: bool = False


_PLANNING = {"project_management": 5, "automation": 4, "analytics": 3, "budgeting": 3}
_MEDIA = {"advertising": 5, "analytics": 3, "budgeting": 3}
PEOPLE = (
    Person("maren-okafor", "Maren Okafor", "Chief marketing officer", 40, {"strategy": 5, "budgeting": 4}),
    Person("tobias-lindqvist", "Tobias Lindqvist", "Marketing operations manager", 40, _PLANNING, coordinator=True),
    Person("dana-whitfield", "Dana Whitfield", "Paid media manager", 40, _MEDIA),
    Person("leo-marchand", "Leo Marchand", "Email marketer", 40, {"email": 5, "automation": 3, "copywriting": 2}),
    Person("ines-calloway", "Ines Calloway", "Events manager", 40, {"events": 5, "project_management": 3}),
    Person("rosalind-achebe", "Rosalind Achebe", "Copywriter", 40, {"copywriting": 5, "content": 4}),
    Person("farid-nazari", "Farid Nazari", "Analytics manager", 32, {"analytics": 5, "data": 4}),
    Person("jun-halvorsen", "Jun Halvorsen", "Graphic designer", 20, {"design": 5, "video": 3}),
    Person("wendy-oyelaran", "Wendy Oyelaran", "Social media coordinator", 24, {"social": 4, "content": 3, "video": 2}),
)
_OUTSIDE = (
    *(*company.REPS, "rep-ito", "rep-marlow", "rep-quist"),
    *("cs-hartono", "cs-lemieux", "cs-oyekan", "cs-silva", "pm-bergstrom", "ops-dubois", "fin-kowalczyk"),
)
# Accounts of people who left, and of an agency whose project ended.
STALE = (
    ("ledgerlight", "hollis-drake", date(2025, 8, 29), "admin"),
    ("pigeonpost", "hollis-drake", date(2025, 8, 28), "admin"),
    ("planwell", "hollis-drake", date(2025, 8, 29), "member"),
    ("tallyboard", "summer-intern-2025", date(2025, 9, 5), "viewer"),
    ("callbell", "rep-hale", date(2026, 1, 30), "member"),
    ("ledgerlight", "rep-hale", date(2026, 1, 30), "member"),
    ("chartwharf", "agency-ferrylane", date(2025, 3, 14), "editor"),
)
UNUSED = ("mirrorbox", "wendy-oyelaran", "member")  # an account that nobody ever used


def tabulate_tools() -> pa.Table:
    """Return the table ``tool``; lists are joined by semicolons."""
    rows = read_rows("tools")
    renewals = [date.fromisoformat(row["renewal"]) for row in rows]
    return pa.table(
        {
            "tool_id": columns.texts([row["id"] for row in rows]),
            "name": columns.texts([row["name"] for row in rows]),
            "vendor": columns.texts([row["vendor"] for row in rows]),
            "category": columns.texts([row["category"] for row in rows]),
            "owner": columns.texts([row["owner"] for row in rows]),
            "annual_cost": columns.money(np.array([float(row["cost"]) for row in rows])),
            "currency": columns.fixed(company.CURRENCY, len(rows)),
            "seats": columns.whole(np.array([int(row["seats"]) for row in rows])),
            "renewal_on": columns.dates(np.array([day_of(day) for day in renewals])),
            "contract_months": columns.whole(np.array([int(row["months"]) for row in rows])),
            "capabilities": columns.texts([row["capabilities"] for row in rows]),
            "integrates_with": columns.texts([row["integrates"] or None for row in rows]),
        }
    )


def tabulate_usage(seed: int) -> pa.Table:
    """Return the table ``tool_usage``: users of today logged in within weeks, stale accounts long ago or never."""
    generator = stream(seed, "tools")
    rows: list[tuple[str, str, int, str, str]] = []
    for tool in read_rows("tools"):
        team = [person.id for person in PEOPLE]
        everyone = [*_OUTSIDE, *team] if tool["category"] in {"crm", "sales"} else [*team, *_OUTSIDE]
        others = [name for name in everyone if name != tool["owner"]]
        used = tool["capabilities"].split(";")
        for order, person in enumerate([tool["owner"], *others[: int(tool["users"]) - 1]]):
            age = int(min(generator.geometric(0.16), 45)) - 1
            login = int(to_utc(day_of(END) - age, int(generator.integers(8 * 3_600, 18 * 3_600))))
            # The last capability of a tool is paid for and used by nobody, where there are several.
            capability = used[order % max(1, len(used) - 1)]
            rows.append((tool["id"], person, login, capability, "admin" if order == 0 else "member"))
    rows += [(tool_id, person, int(to_utc(day_of(last), 54_000)), "", role) for tool_id, person, last, role in STALE]
    rows.append((UNUSED[0], UNUSED[1], NEVER, "", UNUSED[2]))
    rows.sort(key=lambda row: row[:2])
    tools, people, logins, capabilities, roles = zip(*rows, strict=True)
    return pa.table(
        {
            "tool_id": columns.texts(tools),
            "person": columns.texts(people),
            "last_login_at": columns.stamps(np.array(logins)),
            "capability": columns.texts([capability or None for capability in capabilities]),
            "role": columns.texts(roles),
        }
    )
