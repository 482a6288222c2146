"""The contact table of a block: what the company knows of each person on the last day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns, company, names
from mopsnb.sample.block import Block
from mopsnb.sample.clock import LAST_INSTANT, Floats, Ints
from mopsnb.sample.columns import NEVER
from mopsnb.sample.lifecycle import STAGES
from mopsnb.sample.quality import Planted, Rows, add_duplicates, break_records
from mopsnb.sample.streams import stream

LEAK_FILLED, LEAK_BY_MISTAKE = 0.97, 0.004  # how often the leak column is filled: converted contacts, others
_DAY = 86_400
_STATUS = {
    "subscriber": "new",
    "lead": "new",
    "mql": "working",
    "sal": "working",
    "sql": "qualified",
    "opportunity": "qualified",
    "customer": "won",
    "recycled": "nurture",
    "disqualified": "unqualified",
}
_BASES = ("opt-in form", "event badge scan", "phone call")
_BROWSERS, _BROWSER_SHARE = ("Chromium", "WebKit", "Gecko", "other"), (0.6, 0.25, 0.1, 0.05)
_WHOLE = ("pages_before_form", "page_load_ms", company.LEAK_COLUMN)
_FLAGS = ("email_opt_out", "is_converted", "is_deleted", "is_free_mail")


def tabulate_contacts(block: Block) -> tuple[pa.Table, Planted]:
    """Return the table ``contact`` of a block in the order of creation, and what is planted in it."""
    generator = stream(block.seed, "quality", block.number)
    rows: Rows = {
        **_describe_person(block, generator),
        **_describe_record(block, generator),
        **_describe_attributes(block, generator),
    }
    planted = Planted()
    break_records(rows, planted, generator)
    add_duplicates(rows, planted, generator, block.number)
    return _tabulate(rows), planted


def _describe_person(block: Block, generator: np.random.Generator) -> Rows:
    contacts, accounts = block.contacts, block.accounts
    pairs = zip(contacts.level.tolist(), contacts.industry.tolist(), strict=True)
    titles = [names.list_titles(company.JOB_LEVELS[level], company.INDUSTRIES[industry]) for level, industry in pairs]
    turn = contacts.numbers.tolist()
    return {
        "contact_id": block.contact_ids.to_pylist(),
        "first_name": [names.FIRST[i] for i in contacts.first],
        "last_name": [names.LAST[i] for i in contacts.last],
        "email": _write_emails(block),
        "phone": _write_phones(len(contacts), generator),
        "company": [accounts.names[a] if a >= 0 else None for a in contacts.account],
        "account_id": columns.gather(accounts.ids, contacts.account).to_pylist(),
        "industry": _pick(company.INDUSTRIES, contacts.industry),
        "country": _pick(company.COUNTRIES, contacts.country),
        "region": _pick(company.REGIONS, contacts.region),
        "job_title": [title[k % len(title)] for title, k in zip(titles, turn, strict=True)],
    }


def _describe_record(block: Block, generator: np.random.Generator) -> Rows:
    contacts, life = block.contacts, block.life
    n = len(contacts)
    stage = life.current()
    entered = np.stack([np.where(life.entered[name] == NEVER, 0, life.entered[name]) for name in STAGES])
    active = np.minimum(np.maximum(_last_click(block), entered.max(axis=0)), LAST_INSTANT)
    updated = np.minimum(active + generator.integers(0, 40 * _DAY, n), LAST_INSTANT)
    at_event = contacts.source == company.SOURCES.index("event")
    basis = np.where(at_event, 1, np.where(generator.random(n) < 0.06, 2, 0))
    return {
        "created_at": contacts.created.tolist(),
        "updated_at": updated.tolist(),
        "last_activity_at": active.tolist(),
        "record_type": _pick(("lead", "contact"), life.converts.astype(np.int64)),
        "lifecycle_stage": _pick(STAGES, stage),
        "lead_status": [_STATUS[STAGES[code]] for code in stage],
        "lead_source": _pick(company.SOURCES, contacts.source),
        "owner": _pick(company.REPS, contacts.region),
        "email_opt_out": block.emails.opted_out(n).tolist(),
        "consent_basis": _pick(_BASES, np.where(contacts.consent, basis, -1)),
        "consent_at": np.where(contacts.consent, contacts.created, NEVER).tolist(),
        "converted_at": life.entered["opportunity"].tolist(),
        "is_converted": life.converts.tolist(),
        "merged_into": [None] * n,
        "is_deleted": [False] * n,
    }


def _describe_attributes(block: Block, generator: np.random.Generator) -> Rows:
    """Return what a lead score can use: drivers, columns of noise, and the leak."""
    contacts, converts = block.contacts, block.life.converts
    n = len(contacts)
    minutes = np.clip(np.rint(generator.lognormal(3.45, 0.35, n)), 8, 95)
    filled = generator.random(n) < np.where(converts, LEAK_FILLED, LEAK_BY_MISTAKE)
    size = np.where(generator.random(n) < 0.05, -1, contacts.band)
    greeting = np.where(generator.random(n) < 0.3, -1, generator.choice(2, n, p=(0.7, 0.3)))
    return {
        "job_level": _pick(company.JOB_LEVELS, contacts.level),
        "company_size": _pick(company.SIZE_BANDS, size),
        "product_interest": _pick(company.INTERESTS, contacts.interest),
        "is_free_mail": contacts.free_mail.tolist(),
        "pages_before_form": contacts.pages.tolist(),
        company.LEAK_COLUMN: _fill(minutes, filled),
        "form_version": _pick(("A", "B", "C"), generator.integers(0, 3, n)),
        "browser": _pick(_BROWSERS, generator.choice(4, n, p=_BROWSER_SHARE)),
        "page_load_ms": np.rint(generator.lognormal(6.9, 0.4, n)).astype(np.int64).tolist(),
        "preferred_greeting": _pick(("first name", "last name"), greeting),
    }


def _pick(choices: Sequence[str], codes: Ints) -> list[Any]:
    return list(columns.pick(choices, codes).to_pylist())


def _fill(values: Floats, filled: np.ndarray) -> list[Any]:
    return [int(value) if keep else None for value, keep in zip(values.tolist(), filled.tolist(), strict=True)]


def _last_click(block: Block) -> Ints:
    """Return when each contact last clicked in an email; its creation where it never did."""
    last = block.contacts.created.copy()
    clicks = block.emails.of("click")
    np.maximum.at(last, block.emails.contact[clicks], block.emails.when[clicks])
    return last


def _write_emails(block: Block) -> list[Any]:
    """Return one address a contact; a second person of the same name at a company gets a number."""
    contacts = block.contacts
    seen: dict[str, int] = {}
    found = []
    for row, number in enumerate(contacts.numbers.tolist()):
        given, account = int(contacts.first[row]), int(contacts.account[row])
        first, last = names.FIRST[given].lower(), names.LAST[contacts.last[row]].lower()
        free = bool(contacts.free_mail[row]) or account < 0
        domain = names.FREE_MAIL[number % len(names.FREE_MAIL)] if free else block.accounts.domains[account]
        local = f"{first}.{last}" if given % 3 else f"{first[0]}{last}"
        local += str(number) if free else ""
        count = seen[f"{local}@{domain}"] = seen.get(f"{local}@{domain}", 0) + 1
        found.append(f"{local}{count if count > 1 else ''}@{domain}")
    return found


def _write_phones(count: int, generator: np.random.Generator) -> list[Any]:
    """Return telephone numbers of the range kept for fiction; a third of the contacts left none."""
    area = generator.integers(0, len(names.AREA_CODES), count).tolist()
    line, extension = generator.integers(100, 200, count).tolist(), generator.integers(100, 1000, count).tolist()
    left = (generator.random(count) < 0.66).tolist()
    rows = zip(area, line, extension, left, strict=True)
    return [f"+1 {names.AREA_CODES[a]} 555 0{x} ext. {e}" if ok else None for a, x, e, ok in rows]


def _tabulate(rows: Rows) -> pa.Table:
    """Return the rows as a table in the contract's types, in the order of creation."""
    built: dict[str, pa.Array] = {}
    for name, values in rows.items():
        if name.endswith("_at"):
            built[name] = columns.stamps(np.array(values, dtype=np.int64))
        elif name in _FLAGS:
            built[name] = pa.array(values, pa.bool_())
        else:
            built[name] = pa.array(values, pa.int64() if name in _WHOLE else pa.string())
    order = np.lexsort((np.array(rows["contact_id"]), np.array(rows["created_at"])))
    return pa.table(built).take(pa.array(order))
