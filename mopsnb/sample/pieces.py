"""Content pieces, as they were measured at the end of each month of their first year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns
from mopsnb.sample.clock import END, KNOWN_DAYS, START, day_of, to_utc
from mopsnb.sample.story import read_rows
from mopsnb.sample.streams import stream

PIECES = 84
FADING = 0.72  # each month brings this share of the month before


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of content: title, channel, impressions in its first month, and what share of them does what."""

    name: str
    title: str
    channel: str
    impressions: float
    engage: float
    click: float
    convert: float
    strength: float = 1.0


_KINDS = (
    _Kind("article", "{}: five things we learned", "website", 900, 0.35, 0.06, 0.004),
    _Kind("guide", "The short guide: {}", "website", 520, 0.48, 0.16, 0.045),
    _Kind("checklist", "Checklist: {}", "website", 700, 0.52, 0.22, 0.07, 1.35),
    _Kind("case story", "{}: how one team fixed it", "website", 380, 0.44, 0.10, 0.02),
    _Kind("video", "{} in ninety seconds", "professional_social", 2_400, 0.12, 0.012, 0.001),
    _Kind("post", "Did you know? {}", "professional_social", 1_500, 0.035, 0.009, 0.0006),
)


def generate_content(seed: int, scale: int) -> pa.Table:
    """Return the table ``content``: running totals of each piece at month ends."""
    generator = stream(seed, "content")
    topics = [row["topic"] for row in read_rows("content_topics")]
    rows: list[tuple[date, int, date, float]] = []
    for number in range(PIECES):
        kind = _KINDS[number % len(_KINDS)]
        wait = int(number * (KNOWN_DAYS - 40) / PIECES) + int(generator.integers(0, 10))
        published = START + timedelta(days=wait)
        level = scale * kind.impressions * kind.strength * float(generator.lognormal(0, 0.5))
        total = 0.0
        for age in range(12):
            total += level * FADING**age * float(generator.lognormal(0, 0.1))
            measured = _month_end(published, age)
            if measured <= END:
                rows.append((measured, number, published, total))
    rows.sort(key=lambda row: row[:2])
    numbers = [row[1] for row in rows]
    kinds = [_KINDS[number % len(_KINDS)] for number in numbers]
    seen = np.array([row[3] for row in rows])
    published_on = np.array([day_of(row[2]) for row in rows])
    return pa.table(
        {
            "content_id": columns.ids("W", np.array(numbers) + 1, 3),
            "title": columns.texts(
                [k.title.format(topics[n * 5 % len(topics)]) for n, k in zip(numbers, kinds, strict=True)]
            ),
            "type": columns.texts([kind.name for kind in kinds]),
            "channel": columns.texts([kind.channel for kind in kinds]),
            "published_at": columns.stamps(to_utc(published_on, np.full(len(rows), 36_000))),
            "measured_on": pa.array([row[0] for row in rows], pa.date32()),
            "impressions": columns.whole(np.rint(seen)),
            "engagements": columns.whole(np.rint(seen * np.array([kind.engage for kind in kinds]))),
            "clicks": columns.whole(np.rint(seen * np.array([kind.click for kind in kinds]))),
            "conversions": columns.whole(np.rint(seen * np.array([kind.convert for kind in kinds]))),
        }
    )


def _month_end(published: date, age: int) -> date:
    """Return the last day of the month that comes ``age`` months after the one of publication."""
    years, index = divmod(published.month + age, 12)
    return date(published.year + years, index + 1, 1) - timedelta(days=1)
