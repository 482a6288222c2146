"""A workspace with as many email events as wanted: the same rows for the same number, written in chunks.

Run as ``python -m benchmarks.event_file FOLDER ROWS [CONTACTS]``. Two years of mailings to a list of as many contacts,
or of a contact for every hundred events. The ratios are those of ordinary business mail: of a hundred emails 97
arrive; of those a person opens a third and clicks four, three in a thousand end in an unsubscribe, and machines open
and click as well. One of two sources reports no sent emails, as several tools do. Memory does not grow with the number
of rows.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.event_sides import FIRST, ZONE

SEED = 20
EMAILS = 100_000  # at most, in a chunk
GROUP = 100_000  # rows of a row group, as an import writes them
PER_EMAIL = 2.35  # events of one email, a little rounded down
START, DAYS = datetime(*FIRST, 1, 4, tzinfo=UTC), 730
HOUR = 3_600_000_000
STRATEGY = f"version: 1\norganization: {{name: Benchmark, time_zone: {ZONE}, currency: USD}}\n"
TYPES = ("sent", "delivered", "open", "click", "unsubscribe", "resubscribe", "bounce_hard", "bounce_soft", "spam")
SOURCES = ("mailer", "newsletter tool")
LISTS = ("newsletter", "product", "events")
# What becomes of an email: the event, its share of the emails that arrived, hours until then, by a machine.
OUTCOMES = (
    ("open", 0.33, 9.0, False),
    ("open", 0.11, 40.0, False),
    ("open", 0.06, 0.1, True),
    ("click", 0.03, 12.0, False),
    ("click", 0.01, 30.0, False),
    ("click", 0.025, 0.1, True),
    ("unsubscribe", 0.0033, 15.0, False),
    ("resubscribe", 0.0003, 200.0, False),
    ("spam", 0.0004, 10.0, False),
)
FAILURES = (("bounce_hard", 0.006), ("bounce_soft", 0.02))
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("event_id", "contact_id", "campaign_id", "email_id", "variant")),
        *((name, pa.string()) for name in ("subscription_type", "event_type")),
        ("occurred_at", pa.timestamp("us", tz="UTC")),
        ("is_bot", pa.bool_()),
        ("source", pa.string()),
    ]
)


def build_workspace(folder: Path, rows: int, contacts: int | None = None) -> Path:
    """Write ``strategy.yml`` and ``data/email_event.parquet``; return the folder."""
    data = folder / "data"
    data.mkdir(parents=True)
    (folder / "strategy.yml").write_text(STRATEGY, encoding="utf-8")
    with pq.ParquetWriter(data / "email_event.parquet", SCHEMA, compression="zstd") as writer:
        for chunk in _list_chunks(rows, contacts or max(rows // 100, 10)):
            writer.write_table(chunk, row_group_size=GROUP)
    return folder


def _list_chunks(rows: int, length: int) -> Iterator[pa.Table]:
    """Yield the events of a chunk of emails after another, each in the order of time."""
    emails = min(EMAILS, int(rows / PER_EMAIL) + 1)
    count = -(-rows // int(emails * PER_EMAIL))
    contacts = np.arange(length)
    known, done, number = len(contacts), 0, 0
    while done < rows:
        luck = np.random.default_rng([SEED, number])
        events = _draw_events(luck, luck.choice(contacts, emails), number, DAYS * 24 / count)
        events = {name: values[: rows - done] for name, values in events.items()}
        yield _write_table(events, done)
        left = np.unique(events["contact"][events["type"] == TYPES.index("unsubscribe")])
        stayed = np.setdiff1d(contacts, left, assume_unique=True)
        contacts = np.concatenate([stayed, np.arange(known, known + len(left))])  # the list keeps its length
        known += len(left)
        done += len(events["type"])
        number += 1


def _draw_events(luck: np.random.Generator, people: np.ndarray, number: int, hours: float) -> dict[str, np.ndarray]:
    """Return the events of a chunk of emails, one for each of these people, of the hours that are the chunk's."""
    count = len(people)
    begin = (number + luck.random(count)) * hours
    sent = {
        "contact": people,
        "campaign": (begin / 168 + luck.integers(0, 3, count)).astype(np.int64),
        "email": luck.integers(1, 5, count),
        "variant": luck.integers(0, 3, count),
        "list": luck.integers(0, len(LISTS), count),
        "source": (luck.random(count) < 0.2).astype(np.int64),
        "time": (begin * HOUR).astype(np.int64),
    }
    fate = luck.random(count)
    lost = sum(failure for _, failure in FAILURES)
    parts = [_follow(sent, sent["source"] == 0, "sent", sent["time"], False)]
    after = sent["time"] + luck.integers(1, 300, count) * 1_000_000
    low = 0.0
    for name, failure in FAILURES:
        parts.append(_follow(sent, (low <= fate) & (fate < low + failure), name, after, False))
        low += failure
    arrived = fate >= lost
    parts.append(_follow(sent, arrived, "delivered", after, False))
    for name, chance, mean, is_bot in OUTCOMES:
        when = after + (luck.exponential(mean, count) * HOUR).astype(np.int64)
        parts.append(_follow(sent, arrived & (luck.random(count) < chance), name, when, is_bot))
    found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    # Some tools name no campaign where someone leaves.
    found["campaign"][(found["type"] == TYPES.index("unsubscribe")) & (found["variant"] == 2)] = -1
    order = np.argsort(found["time"], kind="stable")
    return {name: values[order] for name, values in found.items()}


def _follow(
    sent: dict[str, np.ndarray], chosen: np.ndarray, kind: str, when: np.ndarray, is_bot: bool
) -> dict[str, np.ndarray]:
    within = np.minimum(when[chosen], DAYS * 24 * HOUR - 1)  # what happens later is not known yet
    found = {name: values[chosen] for name, values in sent.items()} | {"time": within}
    count = int(chosen.sum())
    return found | {"type": np.full(count, TYPES.index(kind)), "bot": np.full(count, is_bot)}


def _write_table(events: dict[str, np.ndarray], first: int) -> pa.Table:
    count = len(events["type"])
    campaign = pc.if_else(pa.array(events["campaign"] >= 0), _number("M", events["campaign"], 4), None)
    start = int((START - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
    columns = {
        "event_id": _number("E", np.arange(first, first + count), 11),
        "contact_id": _number("C", events["contact"], 8),
        "campaign_id": campaign,
        "email_id": pc.binary_join_element_wise(campaign, _number("", events["email"], 2), "-"),
        "variant": _name(("A", "B", None), events["variant"]),
        "subscription_type": _name(LISTS, events["list"]),
        "event_type": _name(TYPES, events["type"]),
        "occurred_at": pa.array(events["time"] + start).cast(SCHEMA.field("occurred_at").type),
        "is_bot": pa.array(events["bot"]),
        "source": _name(SOURCES, events["source"]),
    }
    return pa.table(columns, schema=SCHEMA)


def _number(letter: str, numbers: np.ndarray, width: int) -> Any:
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(letter, digits, "")


def _name(names: tuple[str | None, ...], numbers: np.ndarray) -> Any:
    return pc.take(pa.array(names, pa.string()), pa.array(numbers))


if __name__ == "__main__":
    build_workspace(Path(sys.argv[1]), *map(int, sys.argv[2:4]))
