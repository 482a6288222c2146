"""The calendar of what moved the numbers: holidays, launches, trade shows, seasons, incidents."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns, company
from mopsnb.sample.clock import END, START, federal_holidays
from mopsnb.sample.story import read_rows

_Happening = tuple[date, date | None, str, str]
_NOTES: tuple[_Happening, ...] = (
    (date(2024, 2, 13), None, "launch", "Wireless door sensor"),
    (date(2024, 9, 10), None, "launch", "Compliance reports for pharmacies"),
    (date(2025, 4, 15), None, "launch", "Compressor analytics"),
    (date(2026, 2, 10), None, "launch", "Cellular gateway"),
    (date(2026, 1, 20), None, "regulation", "New traceability rules in force"),
    (company.BROKEN_LINKS, None, "incident", "The August letter went out with links that led nowhere"),
    (company.BOT_BURST, None, "incident", "Link scanners opened the links of the February letter"),
    (company.PROVIDER_MOVE, None, "change", "Email moved to Pigeonpost Mail"),
    (*company.OUTAGE, "outage", "The website's tag was lost: no conversions and key events recorded"),
    (company.OFFER_LIBRARY, None, "change", "Offer library in use"),
    (company.SPEND_SPIKE, None, "incident", "Paid search ran a day without its budget limit"),
    (*company.OVER_MAILING, "incident", "Three offers in five days, each to half of the list"),
    (company.FREQUENCY_CAP, None, "change", "At most two emails a week to a contact"),
    (*company.OVERSPEND, "incident", "Professional social ran without its daily cap"),
    (*company.ROUTING_GAP, "absence", "The South's representative was away, and nobody stood in"),
    (*company.VIDEO_PAUSE, "change", "Video paused while new spots were made"),
    (*company.SOCIAL_PAUSE, "change", "Professional social paused for new audiences"),
)


def tabulate_calendar() -> pa.Table:
    """Return the table ``event_calendar``, to the end of 2026."""
    years = range(START.year, END.year + 1)
    holidays = {day: name for year in years for day, name in federal_holidays(year).items() if day >= START}
    rows: list[_Happening] = [(day, None, "holiday", name) for day, name in holidays.items()]
    rows += [(date.fromisoformat(row["day"]), None, "webinar", row["title"]) for row in read_rows("webinars")]
    for row in read_rows("trade_shows"):
        day = date.fromisoformat(row["day"])
        rows.append((day, day + timedelta(days=2), "trade show", row["name"]))
    rows += [(*span, "season", "Stocking season: buyers fill their cold stores") for span in company.PEAK_DAYS]
    rows += _NOTES
    rows.sort(key=lambda row: (row[0], row[2], row[3]))
    return pa.table(
        {
            "event_id": columns.ids("H", np.arange(1, len(rows) + 1), 3),
            "start_on": pa.array([row[0] for row in rows], pa.date32()),
            "end_on": pa.array([row[1] for row in rows], pa.date32()),
            "kind": columns.texts([row[2] for row in rows]),
            "note": columns.texts([row[3] for row in rows]),
        }
    )
