"""What people said and decided: feedback, approvals and decisions."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns, company
from mopsnb.sample.clock import CLOSES, KNOWN_DAYS, LAST_INSTANT, OPENS, add_business_minutes, day_of, to_utc
from mopsnb.sample.columns import NEVER
from mopsnb.sample.story import read_rows
from mopsnb.sample.streams import stream

ANSWERS = 230
COMPLAINTS = 14  # answers about too much email, after the over-mailing week
_FORM_FROM = 120  # the day on which the feedback form went online
_ROLES = {
    "colleague": ("sales", "email marketing", "customer success", "product", "finance"),
    "customer": ("quality manager", "pharmacist", "warehouse manager", "lab manager"),
}


def tabulate_feedback(seed: int) -> pa.Table:
    """Return the table ``feedback`` in time order."""
    generator = stream(seed, "feedback")
    pools = {kind: [row for row in read_rows("feedback") if row["who_kind"] == kind] for kind in _ROLES}
    found = []
    for number in range(ANSWERS):
        day = int(generator.integers(_FORM_FROM, KNOWN_DAYS - 1))
        pool = pools["customer" if generator.random() < 0.55 else "colleague"]
        said = pool[int(generator.integers(0, len(pool)))]
        # Since the move to the better email provider people complain less.
        while int(said["rating"]) <= 2 and day > day_of(company.PROVIDER_MOVE) and generator.random() < 0.45:
            said = pool[int(generator.integers(0, len(pool)))]
        found.append((day, number, said))
    annoyed = next(row for row in pools["customer"] if "too much" in row["text"])
    first = day_of(company.OVER_MAILING[0]) + 2
    found += [(first + number % 7, ANSWERS + number, annoyed) for number in range(COMPLAINTS)]
    found.sort(key=lambda answer: answer[:2])
    return _tabulate([said for _, _, said in found], np.array([answer[:2] for answer in found]), generator)


def _tabulate(said: list[dict[str, str]], order: np.ndarray, generator: np.random.Generator) -> pa.Table:
    n = len(said)
    asked = to_utc(order[:, 0], generator.integers(OPENS * 60, CLOSES * 60, n))
    reply = add_business_minutes(asked, generator.lognormal(5.6, 0.8, n))
    silent = (generator.random(n) < 0.2) | (reply > LAST_INSTANT)
    shift = generator.integers(-1, 2, n)
    roles = [_ROLES[row["who_kind"]] for row in said]
    return pa.table(
        {
            "feedback_id": columns.ids("F", np.arange(1, n + 1), 4),
            "submitted_at": columns.stamps(asked),
            "who_kind": columns.texts([row["who_kind"] for row in said]),
            "role": columns.texts([role[k % len(role)] for role, k in zip(roles, order[:, 1].tolist(), strict=True)]),
            "about": columns.texts([row["about"] for row in said]),
            "rating": columns.whole(np.clip(np.array([int(row["rating"]) for row in said]) + shift, 1, 5)),
            "effort_rating": columns.whole(np.clip(np.array([int(row["effort"]) for row in said]) - shift, 1, 5)),
            "text": columns.texts([row["text"] for row in said]),
            "triage": columns.texts([row["triage"] for row in said]),
            "reply_at": columns.stamps(np.where(silent, NEVER, reply)),
        }
    )


def tabulate_decisions() -> pa.Table:
    """Return the table ``decision``."""
    return _tabulate_rulings("decision", "N", "decision")


def tabulate_approvals() -> pa.Table:
    """Return the table ``approval``."""
    return _tabulate_rulings("approval", "P", "verdict")


def _tabulate_rulings(name: str, prefix: str, answer: str) -> pa.Table:
    rows = read_rows(f"{name}s")
    days = np.array([day_of(date.fromisoformat(row["day"])) for row in rows])
    return pa.table(
        {
            f"{name}_id": columns.ids(prefix, np.arange(1, len(rows) + 1), 3),
            "subject": columns.texts([row["subject"] for row in rows]),
            "who": columns.texts([row["who"] for row in rows]),
            "at": columns.stamps(to_utc(days, np.full(len(rows), 11 * 3_600))),
            answer: columns.texts([row[answer] for row in rows]),
            "reason": columns.texts([row["reason"] for row in rows]),
        }
    )
