"""Leads in time order: who converted, what each column is to the score, and who can be learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from mopsnb.analysis.frames import TEXT, WHOLE, build_frame
from mopsnb.analysis.scoring.context import find_context, number_days
from mopsnb.analysis.scoring.leaks import find_leaks
from mopsnb.analysis.scoring.models import LEARN_MOST, limit_threads
from mopsnb.analysis.scoring.outcomes import Order, find_ages, find_wait, list_delays, order_leads, read_outcome
from mopsnb.analysis.scoring.roles import (
    BOOKKEEPING,
    BY_TEAM,
    REASONS,
    Judgment,
    compare_dates,
    judge_by_name,
    judge_levels,
    split_name,
    tabulate_judgments,
)
from mopsnb.analysis.scoring.samples import Sample, make_sample
from mopsnb.analysis.scoring.sampling import draw_sample, say_sample
from mopsnb.analysis.scoring.values import Bools, Cells, Column, Floats, Ints, is_filled, read_cells, read_flags
from mopsnb.analysis.wording import count_things
from mopsnb.errors import suggest
from mopsnb.strategy import LeadScoring

EXCLUDED_COLUMNS = {"column": TEXT, "reason": TEXT, "evidence": TEXT}
TRAITS = ("lead_source", "country", "industry", "product_interest", "company_size", "owner")
# Of very many leads only these columns are kept: the call list shows them, or is cut by them.
FEW_VALUES = ("lifecycle_stage", *TRAITS)
SHOWN = ("contact_id", "company", "email", "email_opt_out", *FEW_VALUES)


@dataclass(frozen=True, slots=True)
class LeadTable:
    """Leads that are ready to be scored. Made by `prepare_leads`.

    Parameters
    ----------
    frame
        One row a lead in time order with all columns; deleted and merged records and bots are left out. Where a sample
        is drawn, it has the columns that the page shows.
    target
        The column that says who converted.
    order
        The column that puts leads in time order, or ``the order of the rows``.
    created
        When each lead came in; None where no date says it.
    outcome
        1 converted, 0 not, NaN unknown; shape (leads,).
    learn
        Positions of the leads to learn from, in time order: their outcome is known and they had time to convert.
    sample
        Positions of those that models learn from and are tested on: all of them, or a sample of very many.
    attributes
        What is known about the lead, as columns.
    context
        What is the same for every lead of a period, as columns.
    judgments
        What each column is to the score.
    removed
        Records that are no leads: reason, leads.
    ages
        How many days old each lead is; None where no date says it.
    delays
        After how many days each conversion came, ascending; empty where that is unknown.
    notes
        Sentences that the page must say about how the leads were read.
    """

    frame: pd.DataFrame
    target: str
    order: str
    created: pd.Series | None
    outcome: Floats
    learn: Ints
    sample: Ints
    attributes: tuple[Column, ...]
    context: tuple[Column, ...]
    judgments: tuple[Judgment, ...]
    removed: pd.DataFrame
    ages: Floats | None
    delays: Floats
    notes: tuple[str, ...]

    @property
    def won(self) -> Bools:
        """Which of the leads to learn from converted, in time order."""
        return np.asarray(self.outcome[self.learn] == 1)

    @property
    def sample_won(self) -> Bools:
        """Which of the leads of the sample converted, in time order."""
        return np.asarray(self.outcome[self.sample] == 1)

    @property
    def columns(self) -> pd.DataFrame:
        """Every column with its role: column, role, reason, evidence. Empty columns are left out."""
        return tabulate_judgments([item for item in self.judgments if item.role != "empty"])

    @property
    def excluded(self) -> pd.DataFrame:
        """The columns that the score must not use: column (verbatim), reason, evidence. Leaks come first."""
        return self._list("set aside")

    @property
    def context_columns(self) -> pd.DataFrame:
        """The columns that describe the time and not the lead: column, reason, evidence."""
        return self._list("context")

    def _list(self, role: str) -> pd.DataFrame:
        kept = sorted(
            (item for item in self.judgments if item.role == role), key=lambda item: REASONS.index(item.reason)
        )
        rows = [{name: getattr(item, name) for name in EXCLUDED_COLUMNS} for item in kept]
        return build_frame(rows, EXCLUDED_COLUMNS)


def prepare_leads(
    frame: pd.DataFrame, settings: LeadScoring | None = None, *, as_of: date | None = None, keep: Sequence[str] = ()
) -> LeadTable:
    """Return leads in time order with the columns that the score may use.

    Columns that know the future are found unaided and set aside, as are personal data, identifiers, constants
    and what the strategy excludes. Columns that are the same for every lead of a period are kept apart.

    Parameters
    ----------
    frame
        One row a lead: the table contact, with any further attributes. Without a date, in order of time.
    settings
        The strategy's lead_scoring: the column that says who converted, the one that orders leads by time, and the
        columns to exclude. None: ``is_converted``, ``created_at`` and none.
    as_of
        The last day of the data; None: the day on which the latest lead came in.
    keep
        Columns of which the team knows that they are filled before the lead is called.

    Raises
    ------
    StrategyError
        The strategy names a column that the leads do not have, or one that holds something else.
    """
    settings = settings or LeadScoring()
    rows, removed = _remove_records(frame)
    kept = _pick_columns(frame, rows, settings)
    outcome, note = read_outcome(kept, settings)
    order = order_leads(kept, settings)
    delays, ages = list_delays(kept, outcome, order.created), find_ages(order.created, as_of)
    wait = find_wait(delays)
    known = ~np.isnan(outcome)
    young = known & (ages < wait) if ages is not None else np.zeros(len(known), dtype=bool)
    rows = rows[order.rows]
    created = None if order.created is None else _take(order.created, order.rows)
    outcome, learn = outcome[order.rows], np.flatnonzero((known & ~young)[order.rows])
    names = frame["contact_id"] if "contact_id" in frame else pd.Series(np.arange(len(frame)))
    drawn = draw_sample(names, rows, learn, outcome[learn] == 1)
    looked = np.arange(len(rows)) if drawn is learn else drawn  # a sample is looked at as if there were no others
    seen = frame.iloc[rows[looked]].reset_index(drop=True)
    dates = None if created is None else _take(created, looked)
    columns, judgments = _judge_columns(seen, settings, dates, order)
    sample, places = make_sample(outcome[drawn] == 1), np.searchsorted(looked, drawn)
    attributes, context, found = _sort_columns(columns, places, dates, sample, set(keep))
    if drawn is not learn:
        shown = frame[[name for name in SHOWN if name in frame]]
        seen = shown.astype({n: "category" for n in FEW_VALUES if n in shown}).iloc[rows].reset_index(drop=True)
        attributes, context = (
            tuple(_read_whole(frame[column.name], rows, created) for column in part) for part in (attributes, context)
        )
    notes = [note, order.note, _say_young(int(young.sum()), wait), *_say_unknown(frame, settings)]
    notes += [say_sample(len(learn), len(drawn)), _say_many(len(drawn))]
    return LeadTable(
        frame=seen,
        target=settings.target,
        order=order.by,
        created=created,
        outcome=outcome,
        learn=learn,
        sample=drawn,
        attributes=attributes,
        context=context,
        judgments=(*judgments, *found),
        removed=removed,
        ages=None if ages is None else ages[order.rows],
        delays=delays,
        notes=tuple(text for text in notes if text),
    )


def _remove_records(frame: pd.DataFrame) -> tuple[Ints, pd.DataFrame]:
    """Return the positions of the records that are leads, and how many are not, by reason."""
    out = np.zeros(len(frame), dtype=bool)
    rows: list[dict[str, object]] = []
    for name, reason in (("is_deleted", "deleted"), ("merged_into", "merged into another record"), ("is_bot", "bot")):
        if name not in frame:
            continue
        hit = is_filled(frame[name]) if name == "merged_into" else np.asarray(read_flags(frame[name]) == 1)
        hit = hit & ~out
        if hit.any():
            rows.append({"reason": reason, "leads": int(hit.sum())})
        out |= hit
    return np.flatnonzero(~out), build_frame(rows, {"reason": TEXT, "leads": WHOLE})


def _pick_columns(frame: pd.DataFrame, rows: Ints, settings: LeadScoring) -> pd.DataFrame:
    """Return who converted and when, of some rows; every column where one is missing, so that a like one is named."""
    asked = list(dict.fromkeys([settings.target, settings.order_by, "converted_at"]))
    there = [name for name in asked if name in frame]
    return (frame[there] if set(asked[:2]) <= set(there) else frame).iloc[rows].reset_index(drop=True)


def _read_whole(series: pd.Series, rows: Ints, created: pd.Series | None) -> Column:
    """Return an attribute of all leads, in time order."""
    cells = read_cells(series)
    if cells.kind != "date":
        return cells.column.take(rows)
    return compare_dates(Cells(cells.kind, cells.column.take(rows), _take(cells.dates, rows)), created)[0]


def _take(dates: pd.Series, rows: Ints) -> pd.Series:
    return dates.iloc[rows].reset_index(drop=True)


def _judge_columns(
    frame: pd.DataFrame, settings: LeadScoring, created: pd.Series | None, order: Order
) -> tuple[list[Column], list[Judgment]]:
    """Return the columns that may be attributes, and the judgments on those that are not."""
    columns: list[Column] = []
    judgments: list[Judgment] = []
    for name in map(str, frame.columns):
        if name in (settings.target, order.by) or split_name(name) in BOOKKEEPING:
            judgments.append(Judgment(name, "bookkeeping"))
            continue
        cells = read_cells(frame[name])
        column, judgment = cells.column, judge_by_name(cells)
        if name in settings.exclude:
            judgment = Judgment(name, "set aside", BY_TEAM, "The strategy file lists it under lead_scoring.exclude.")
        elif judgment is None and cells.kind == "date":
            column, judgment = compare_dates(cells, created)
        if judgment is None:
            columns.append(column)
        else:
            judgments.append(judgment)
    return columns, judgments


def _sort_columns(
    columns: Sequence[Column], learn: Ints, created: pd.Series | None, sample: Sample, keep: set[str]
) -> tuple[tuple[Column, ...], tuple[Column, ...], list[Judgment]]:
    """Return attributes, columns of context, and the judgments on all of them."""
    days = number_days(created)
    found: dict[str, Judgment] = {}
    for column in columns:
        judgment = find_context(column, days) or judge_levels(column.take(learn), sample.least)
        if judgment is not None:
            found[column.name] = judgment
    if sample.outcome.any() and not sample.outcome.all():
        open_to_doubt = [c for c in columns if c.name not in found and c.name not in keep]
        with limit_threads():
            found |= {item.column: item for item in find_leaks([c.take(learn) for c in open_to_doubt], sample)}
    judgments = [found.get(column.name, Judgment(column.name, "attribute")) for column in columns]
    roles = {item.column: item.role for item in judgments}
    attributes = tuple(column for column in columns if roles[column.name] == "attribute")
    return attributes, tuple(column for column in columns if roles[column.name] == "context"), judgments


def _say_young(young: int, wait: float) -> str:
    if not young:
        return ""
    return (
        f"Nine in ten conversions come within {wait:.0f} days."
        f" {count_things(young, 'lead is', 'leads are')} younger, so nothing is learned from them yet."
    )


def _say_many(learn: int) -> str:
    if learn <= LEARN_MOST:
        return ""
    return (
        f"Logistic regression and gradient boosting, which stand beside the points card, learn from {LEARN_MOST:,} "
        "leads at most, evenly spaced in time; they are tested on every lead that is held out."
    )


def _say_unknown(frame: pd.DataFrame, settings: LeadScoring) -> list[str]:
    names = [str(name) for name in frame.columns]
    unknown = [name for name in settings.exclude if name not in names]
    return [f"The strategy excludes '{n}', which the leads do not have. {suggest(n, names)}".rstrip() for n in unknown]
