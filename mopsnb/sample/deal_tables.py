"""The deals of a block as tables, as they stood on the last day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns, company
from mopsnb.sample.block import Block
from mopsnb.sample.clock import LAST_INSTANT, Bools, Floats, Ints, local_day, to_local
from mopsnb.sample.deals import TYPES
from mopsnb.sample.streams import stream

STAGES = ("discovery", "evaluation", "proposal", "negotiation", "closed_won", "closed_lost")
_PROBABILITY = (0.1, 0.25, 0.5, 0.75, 1.0, 0.0)
_PASSED = (0.0, 0.22, 0.5, 0.8)  # the share of a deal's life after which it enters each open stage
_ROLES = ("primary", "decision maker", "technical evaluator", "champion")
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class _Rows:
    """The deals that exist on the last day in the order of their creation, shapes (n,)."""

    ids: pa.Array
    account: Ints
    kind: Ints
    created: Ints
    close: Ints
    won: Bools
    amount: Floats
    members: list[list[int]]

    @property
    def closed(self) -> Bools:
        """Which deals have ended."""
        return np.asarray(self.close <= LAST_INSTANT)

    @property
    def primary(self) -> Ints:
        """The first contact of each deal; -1 for none."""
        return np.array([people[0] if people else -1 for people in self.members], dtype=np.int64)


def tabulate_deals(block: Block, campaign_ids: list[str]) -> dict[str, pa.Table]:
    """Return the tables ``deal``, ``deal_stage_event`` and ``deal_contact`` of a block."""
    rows = _select(block)
    return {
        "deal": _tabulate_deals(rows, block, campaign_ids),
        "deal_stage_event": _tabulate_stages(rows),
        "deal_contact": _tabulate_members(rows, block.contact_ids),
    }


def _select(block: Block) -> _Rows:
    deals = block.deals
    created = np.array(deals.created)
    order = np.lexsort((np.array(deals.account), created))
    order = order[created[order] <= LAST_INSTANT]
    joined = block.life.entered["opportunity"]
    return _Rows(
        ids=columns.ids(f"D{block.number:05d}", np.arange(len(order)), 4),
        account=np.array(deals.account)[order],
        kind=np.array(deals.kind)[order],
        created=created[order],
        close=np.array(deals.close)[order],
        won=np.array(deals.won)[order],
        amount=np.array(deals.amount)[order],
        members=[
            [m for m in deals.members[i] if m < len(joined) and joined[m] <= LAST_INSTANT] for i in order.tolist()
        ],
    )


def _tabulate_deals(rows: _Rows, block: Block, campaign_ids: list[str]) -> pa.Table:
    generator = stream(block.seed, "deals", 1_000_000 + block.number)
    n, account, primary, closed = len(rows.account), rows.account, rows.primary, rows.closed
    passed = (LAST_INSTANT - rows.created) / np.maximum(rows.close - rows.created, 1)
    stage = np.where(closed, np.where(rows.won, 4, 5), np.searchsorted(_PASSED, passed, side="right") - 1)
    of_contact = np.where(primary >= 0, block.contacts.region[primary], 0)
    region = np.where(account >= 0, block.accounts.region[account], of_contact)
    lost = closed & ~rows.won
    reason = generator.choice(len(company.LOSS_REASONS), n, p=(0.24, 0.26, 0.2, 0.12, 0.13, 0.05))
    rival = generator.choice(len(company.COMPETITORS), n, p=(0.3, 0.25, 0.15, 0.3))
    contested = (rows.kind == 0) & (generator.random(n) < 0.55) | (lost & (reason == 2))
    source = np.where((primary >= 0) & (rows.kind == 0), block.contacts.campaign[primary], -1)
    guess = local_day(np.minimum(rows.close, LAST_INSTANT + 300 * _DAY)) + np.rint(generator.normal(-4, 12, n)).astype(
        np.int64
    )
    return pa.table(
        {
            "deal_id": rows.ids,
            "name": columns.texts(_name_deals(rows, block)),
            "type": columns.pick(TYPES, rows.kind),
            "pipeline": columns.pick(("New business", "Customer base", "Customer base"), rows.kind),
            "stage": columns.pick(STAGES, stage),
            "amount": columns.money(rows.amount),
            "currency": columns.fixed(company.CURRENCY, n),
            "created_at": columns.stamps(rows.created),
            "expected_close_on": columns.dates(np.maximum(guess, local_day(rows.created) + 3)),
            "closed_at": columns.stamps(rows.close, ~closed),
            "is_won": columns.flags(closed & rows.won),
            "is_closed": columns.flags(closed),
            "probability": columns.decimals(np.array(_PROBABILITY)[stage], 2),
            "owner": columns.pick(company.REPS, region),
            "account_id": columns.gather(block.accounts.ids, account),
            "campaign_id": columns.pick(campaign_ids, source),
            "loss_reason": columns.pick(company.LOSS_REASONS, reason, ~lost),
            "competitor": columns.pick(company.COMPETITORS, rival, ~contested),
            "is_deleted": columns.flags(np.zeros(n, dtype=bool)),
        }
    )


def _name_deals(rows: _Rows, block: Block) -> list[str]:
    years = np.datetime64("2023-10-01") + to_local(rows.created) // _DAY
    found = zip(
        rows.account.tolist(), rows.kind.tolist(), years.astype("datetime64[Y]").astype(str).tolist(), strict=True
    )
    return [f"{block.accounts.names[a] if a >= 0 else 'Private buyer'} - {TYPES[k]} {y}" for a, k, y in found]


def _tabulate_stages(rows: _Rows) -> pa.Table:
    """Return the stages that each deal entered by the last day."""
    life = np.maximum(rows.close - rows.created, 6 * 3_600)
    times = [rows.created + (life * share).astype(np.int64) for share in _PASSED] + [rows.created + life]
    who = np.tile(np.arange(len(life)), 5)
    when = np.concatenate(times)
    code = np.repeat(np.arange(5), len(life))
    code = np.where((code == 4) & ~rows.won[who], 5, code)
    keep = np.flatnonzero(when <= LAST_INSTANT)
    order = keep[np.lexsort((code[keep], who[keep], when[keep]))]
    return pa.table(
        {
            "deal_id": columns.gather(rows.ids, who[order]),
            "stage": columns.pick(STAGES, code[order]),
            "entered_at": columns.stamps(when[order]),
        }
    )


def _tabulate_members(rows: _Rows, contact_ids: pa.Array) -> pa.Table:
    deal = np.array([i for i, people in enumerate(rows.members) for _ in people], dtype=np.int64)
    person = np.array([p for people in rows.members for p in people], dtype=np.int64)
    role = np.array([min(k, 3) for people in rows.members for k in range(len(people))], dtype=np.int64)
    return pa.table(
        {
            "deal_id": columns.gather(rows.ids, deal),
            "contact_id": columns.gather(contact_ids, person),
            "role": columns.pick(_ROLES, role),
        }
    )
