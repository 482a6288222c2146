"""Lead routing of a block: who gets which qualified lead, and how fast they call."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns, company
from mopsnb.sample.block import Block
from mopsnb.sample.clock import FIRST_INSTANT, LAST_INSTANT, Bools, Floats, Ints, add_business_minutes, local_day
from mopsnb.sample.clock import day_of as number_of
from mopsnb.sample.columns import NEVER
from mopsnb.sample.lifecycle import in_routing_gap
from mopsnb.sample.streams import stream

AGREEMENT = "lead-follow-up"
THRESHOLD_HOURS = 4.0


@dataclass(frozen=True, slots=True)
class Routing:
    """Assignments of a block in time order, shapes (n,).

    ``due`` is when the lead reached its threshold, ``assigned`` when a representative got it, ``called`` the
    first response (``NEVER``: none yet), ``hours`` the business hours to that response, ``waits`` who fell
    into the routing gap.
    """

    contact: Ints
    due: Ints
    assigned: Ints
    called: Ints
    hours: Floats
    region: Ints
    waits: Bools


def run_routing(block: Block) -> Routing:
    """Return a block's assignments: each MQL goes to its region's representative within minutes.

    Who was recycled and qualifies again is assigned again.

    In the gap nobody stands in for the South's representative: those leads still wait on the last day.
    """
    contacts, life = block.contacts, block.life
    generator = stream(block.seed, "routing", block.number)
    entries = np.stack([life.entered["mql"], life.again])
    turn, contact = np.nonzero((entries != NEVER) & (entries >= FIRST_INSTANT))
    order = np.lexsort((contact, entries[turn, contact]))
    turn, contact = turn[order], contact[order]
    due, region = entries[turn, contact], contacts.region[contact]
    n = len(contact)
    day = local_day(due)
    waits = in_routing_gap(due, region)
    assigned = due + generator.integers(60, 1_500, n)
    slump = (day >= number_of(company.RESPONSE_SLUMP[0])) & (day <= number_of(company.RESPONSE_SLUMP[1]))
    median = np.where(slump, 3.4, np.where(region == company.REGIONS.index("West"), 1.9, 1.35))
    hours = median * generator.lognormal(0, 0.72, n)
    called = add_business_minutes(assigned, hours * 60)
    accepted = np.where(turn == 0, life.entered["sal"][contact], NEVER)
    never = (generator.random(n) < 0.025) & (accepted == NEVER)
    called = np.where((accepted != NEVER) & (called > accepted), np.maximum(accepted - 60, assigned + 30), called)
    called = np.where(never | (called > LAST_INSTANT), NEVER, called)
    return Routing(contact, due, assigned, called, hours, region, waits)


def tabulate_assignments(routing: Routing, contact_ids: pa.Array) -> pa.Table:
    """Return the table ``assignment_event`` of a block; leads in the gap have no row."""
    keep = np.flatnonzero(~routing.waits & (routing.assigned <= LAST_INSTANT))
    return pa.table(
        {
            "contact_id": columns.gather(contact_ids, routing.contact[keep]),
            "rep": columns.pick(company.REPS, routing.region[keep]),
            "assigned_at": columns.stamps(routing.assigned[keep]),
            "reason": columns.fixed("territory", len(keep)),
            "first_response_at": columns.stamps(routing.called[keep]),
        }
    )


def tabulate_follow_up(routing: Routing, block: Block) -> pa.Table:
    """Return the block's requests under the agreement on first calls, for ``service_event``.

    The clock starts when the lead is due, whether or not it was assigned; leads in the gap stay open.
    """
    n = len(routing.contact)
    return pa.table(
        {
            "agreement": columns.fixed(AGREEMENT, n),
            "request_id": columns.ids(f"L{block.number:05d}", np.arange(n), 4),
            "contact_id": columns.gather(block.contact_ids, routing.contact),
            "owner": columns.pick(company.REPS, routing.region),
            "opened_at": columns.stamps(routing.due),
            "closed_at": columns.stamps(np.where(routing.waits, NEVER, routing.called)),
            "paused_hours": columns.decimals(np.zeros(n), 2),
        }
    )
