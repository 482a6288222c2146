"""Requests under the agreements between teams, other than first calls to leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns
from mopsnb.sample.clock import (
    DAY_MINUTES,
    KNOWN_DAYS,
    LAST_INSTANT,
    Bools,
    Floats,
    Ints,
    add_business_minutes,
    business_minutes,
    day_of,
    is_business_day,
    to_utc,
)
from mopsnb.sample.columns import NEVER
from mopsnb.sample.streams import stream


@dataclass(frozen=True, slots=True)
class Agreement:
    """A promise between teams. ``minutes`` is the threshold in business minutes."""

    id: str
    owners: tuple[str, ...]
    minutes: float
    monthly: float
    kept: float
    slump: tuple[date, date]
    kept_in_slump: float


AGREEMENTS = (
    Agreement("email-technology", ("tobias-lindqvist", "leo-marchand"), 8 * 60, 7.5, 0.97,
              (date(2025, 3, 17), date(2025, 4, 25)), 0.62),
    Agreement("campaign-enablement", ("rosalind-achebe", "jun-halvorsen"), 5 * DAY_MINUTES, 6.0, 0.91,
              (date(2026, 6, 15), date(2026, 8, 14)), 0.55),
    Agreement("handoff-news", ("ines-calloway", "tobias-lindqvist", "rep-novak"), 2 * DAY_MINUTES, 9.0, 0.94,
              (date(2024, 12, 9), date(2025, 1, 10)), 0.7),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests of all agreements in time order, shapes (n,); ``closed`` is ``NEVER`` for those still open."""

    agreement: Ints
    opened: Ints
    closed: Ints
    paused: Floats

    def answered(self) -> Bools:
        """Return which requests are closed."""
        return np.asarray(self.closed != NEVER)

    def in_time(self) -> Bools:
        """Return which requests were closed within their agreement's business minutes, pauses taken off."""
        closed = np.where(self.answered(), self.closed, self.opened)
        elapsed = business_minutes(closed) - business_minutes(self.opened) - self.paused * 60
        return self.answered() & (elapsed <= np.array([a.minutes for a in AGREEMENTS])[self.agreement])


def request_id(position: int) -> str:
    """Return the id of the request at a position."""
    return f"R{position + 1:05d}"


def run_service(seed: int) -> Requests:
    """Return the requests. A kept promise ends well before the threshold and a broken one well after it.

    Paused hours count as business hours that the provider waited for the consumer; they are part of the time
    between opening and closing and not of the promise.
    """
    generator = stream(seed, "service")
    parts = []
    for code, agreement in enumerate(AGREEMENTS):
        growth = np.linspace(0.75, 1.25, KNOWN_DAYS)
        business = is_business_day(np.arange(KNOWN_DAYS))
        counts = generator.poisson(agreement.monthly / 21 * growth * business)
        day = np.repeat(np.arange(KNOWN_DAYS), counts)
        n = len(day)
        opened = to_utc(day, generator.integers(9 * 3_600, 17 * 3_600, n))
        bad_time = (day >= day_of(agreement.slump[0])) & (day <= day_of(agreement.slump[1]))
        kept = generator.random(n) < np.where(bad_time, agreement.kept_in_slump, agreement.kept)
        share = np.where(kept, generator.beta(2.0, 2.6, n) * 0.85, 1.25 + generator.exponential(0.6, n))
        paused = np.where(generator.random(n) < 0.12, np.round(generator.uniform(1, 6, n), 1), 0.0)
        closed = add_business_minutes(opened, share * agreement.minutes + paused * 60)
        parts.append((np.full(n, code), opened, np.where(closed > LAST_INSTANT, NEVER, closed), paused))
    which, opened, closed, paused = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((which, opened))
    return Requests(which[order], opened[order], closed[order], paused[order])


def tabulate_service(requests: Requests) -> pa.Table:
    """Return these requests for the table ``service_event``."""
    n = len(requests.opened)
    owners = [a.owners[i % len(a.owners)] for i, a in enumerate(AGREEMENTS[c] for c in requests.agreement)]
    return pa.table(
        {
            "agreement": columns.pick([a.id for a in AGREEMENTS], requests.agreement),
            "request_id": columns.texts([request_id(position) for position in range(n)]),
            "contact_id": columns.fixed(None, n),
            "owner": columns.texts(owners),
            "opened_at": columns.stamps(requests.opened),
            "closed_at": columns.stamps(requests.closed),
            "paused_hours": columns.decimals(requests.paused, 2),
        }
    )
