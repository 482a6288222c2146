"""Lifecycle: when each contact enters each stage, up to the opportunity; the deal decides the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns, company
from mopsnb.sample.clock import (
    FIRST_INSTANT,
    HORIZON_INSTANT,
    Bools,
    Floats,
    Ints,
    add_business_minutes,
    day_of,
    local_day,
)
from mopsnb.sample.columns import NEVER
from mopsnb.sample.contacts import Contacts, log_odds
from mopsnb.sample.streams import stream

STAGES = ("subscriber", "lead", "mql", "sal", "sql", "opportunity", "customer", "recycled", "disqualified")
_REASONS = (
    None,
    "became a lead",
    "score reached",
    "accepted by sales",
    "qualified by sales",
    "discovery call held",
    "deal won",
    "no budget yet",
    "not a fit",
)


@dataclass(slots=True)
class Lifecycle:
    """When contacts enter stages.

    Parameters
    ----------
    entered
        Instants by stage, shape (n,) each; ``NEVER`` where the stage was not reached.
    again
        Instants at which a recycled contact became an MQL once more.
    """

    entered: dict[str, Ints]
    again: Ints

    @property
    def converts(self) -> Bools:
        """Who became an opportunity."""
        return np.asarray(self.entered["opportunity"] != NEVER)

    def cut(self, count: int, instant: int) -> Lifecycle:
        """Return what is known of the first contacts at an instant: later stages have not come yet."""

        def known(times: Ints) -> Ints:
            return np.where(times[:count] <= instant, times[:count], NEVER)

        return Lifecycle({stage: known(times) for stage, times in self.entered.items()}, known(self.again))

    def current(self) -> Ints:
        """Return the code of each contact's latest stage in ``STAGES``."""
        times = np.stack([np.where(self.entered[s] == NEVER, -1, self.entered[s]) for s in STAGES])
        latest = np.argmax(times + np.arange(len(STAGES))[:, None] * (times >= 0), axis=0)
        reopened = (self.again != NEVER) & (self.again > times.max(axis=0))
        return np.where(reopened, STAGES.index("mql"), latest)


def _later(base: Ints, delay: Floats, where: Bools) -> Ints:
    """Return base plus a delay in seconds where it applies and is not after the horizon."""
    when = np.where(where & (base != NEVER), base, 0) + delay.astype(np.int64)
    return np.where(where & (base != NEVER) & (when <= HORIZON_INSTANT), when, NEVER)


def _at_work(base: Ints, hours: Floats, where: Bools) -> Ints:
    """Return the instant so many business hours later, where it applies."""
    known = where & (base != NEVER)
    when = add_business_minutes(np.where(known, base, FIRST_INSTANT), hours * 60)
    return np.where(known & (when <= HORIZON_INSTANT), when, NEVER)


def run_lifecycle(contacts: Contacts, seed: int, block: int) -> Lifecycle:
    """Return the stages of a block's contacts up to the opportunity.

    Whether a contact becomes an opportunity follows the true log-odds alone.
    """
    generator = stream(seed, "lifecycle", block)
    n = len(contacts)
    odds = log_odds(contacts)
    converts = generator.random(n) < 1 / (1 + np.exp(-odds))
    promising = generator.random(n) < 1 / (1 + np.exp(-(0.7 * (odds - company.INTERCEPT) - 2.35)))
    entered = {stage: np.full(n, NEVER) for stage in STAGES}
    starts_low = np.isin(contacts.source, [company.SOURCES.index(s) for s in ("content", "list_import", "webinar")])
    engaged = converts | promising | (generator.random(n) < 0.55)
    entered["subscriber"] = np.where(starts_low, contacts.created, NEVER)
    lead_delay = np.where(starts_low, generator.lognormal(11.6, 1.0, n), 0)
    entered["lead"] = _later(contacts.created, lead_delay, ~starts_low | engaged)
    entered["mql"] = _later(entered["lead"], generator.lognormal(12.6, 1.05, n), converts | promising)
    forgotten = in_routing_gap(entered["mql"], contacts.region)
    converts &= ~forgotten
    accepted = (converts | (generator.random(n) < 0.52)) & ~forgotten
    entered["sal"] = _at_work(entered["mql"], generator.lognormal(2.0, 0.7, n), accepted)
    qualified = converts | (generator.random(n) < 0.34)
    entered["sql"] = _at_work(entered["sal"], generator.lognormal(3.0, 0.7, n), qualified)
    entered["opportunity"] = _at_work(entered["sql"], generator.lognormal(3.5, 0.6, n), converts)
    returned = ~converts & ~forgotten & (entered["mql"] != NEVER) & (generator.random(n) < 0.8)
    furthest = np.where(
        entered["sql"] != NEVER, entered["sql"], np.where(entered["sal"] != NEVER, entered["sal"], entered["mql"])
    )
    unfit = generator.random(n) < 0.22
    close = generator.lognormal(14.6, 0.5, n)
    entered["recycled"] = _later(furthest, close, returned & ~unfit)
    entered["disqualified"] = _later(furthest, close, returned & unfit)
    again = _later(entered["recycled"], generator.lognormal(15.6, 0.4, n), generator.random(n) < 0.08)
    return Lifecycle(entered, again)


def in_routing_gap(mql: Ints, region: Ints) -> Bools:
    """Return which leads were qualified in the South while its representative was away; nobody calls them."""
    known = mql != NEVER
    day = local_day(np.where(known, mql, FIRST_INSTANT))
    inside = (day >= day_of(company.ROUTING_GAP[0])) & (day <= day_of(company.ROUTING_GAP[1]))
    return np.asarray(known & inside & (region == company.REGIONS.index("South")))


def tabulate_stages(contact_ids: pa.Array, life: Lifecycle) -> pa.Table:
    """Return the table ``stage_event`` of a block; what happened before the data starts was not carried over."""
    entries = [(code, life.entered[name]) for code, name in enumerate(STAGES)] + [(STAGES.index("mql"), life.again)]
    known = [np.flatnonzero((times != NEVER) & (times >= FIRST_INSTANT)) for _, times in entries]
    contact = np.concatenate(known)
    instant = np.concatenate([times[found] for (_, times), found in zip(entries, known, strict=True)])
    stage = np.concatenate([np.full(len(found), code) for (code, _), found in zip(entries, known, strict=True)])
    order = np.lexsort((stage, contact, instant))
    contact, stage, instant = contact[order], stage[order], instant[order]
    return pa.table(
        {
            "contact_id": columns.gather(contact_ids, contact),
            "stage": columns.pick(STAGES, stage),
            "entered_at": columns.stamps(instant),
            "reason": columns.pick(_REASONS, stage),
        }
    )
