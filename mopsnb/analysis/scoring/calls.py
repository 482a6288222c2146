"""Whom to call first, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mopsnb.analysis.frames import NUMBER, TEXT, WHOLE, build_frame
from mopsnb.analysis.scoring.card import Card
from mopsnb.analysis.scoring.leads import LeadTable
from mopsnb.analysis.scoring.values import Bools, Column, Floats, Ints, read_flags, read_words

if TYPE_CHECKING:
    from mopsnb.analysis.scoring.scores import Scoring

CALL_COLUMNS = {
    **{"rank": WHOLE, "contact_id": TEXT, "company": TEXT, "came_in": TEXT, "score": WHOLE, "probability": NUMBER},
    **{"low": NUMBER, "high": NUMBER, "why": TEXT},
}
REASONS = 3
# Stages after which a lead is no longer marketing's to call.
CLOSED_STAGES = {"opportunity": "already with sales", "customer": "already a customer", "disqualified": "disqualified"}


def list_calls(leads: LeadTable, scoring: Scoring, *, count: int = 20, show_email: bool = False) -> pd.DataFrame:
    """Return the leads to call first: those with the highest chance to still convert.

    A lead that has waited without converting has less of its chance left. Leads with the same chance stand with
    the newest first, then by contact_id.

    Parameters
    ----------
    leads
        What `prepare_leads` returned.
    scoring
        What `score_leads` returned for them.
    count
        How many leads.
    show_email
        Show e-mail addresses. Off by default, because the page is sent around.

    Returns
    -------
    pandas.DataFrame
        rank, contact_id, company, came_in (day, empty where unknown), score, probability (of converting from now on)
        with its interval low to high, why (the values that bring most points above the average lead), and email
        where asked for. Empty where the verdict is not ``usable``.
    """
    columns = CALL_COLUMNS | ({"email": TEXT} if show_email else {})
    if scoring.card is None:
        return build_frame([], columns)
    open_rows = _find_open(leads)
    left = find_left(leads)[open_rows]
    first = _keep_highest(keep_chance(scoring.scores["probability"].to_numpy(np.float64)[open_rows], left), count)
    open_rows, left = open_rows[first], left[first]
    table = scoring.scores.iloc[open_rows]
    chance = {
        name: keep_chance(table[name].to_numpy(dtype=np.float64), left) for name in ("probability", "low", "high")
    }
    order = np.lexsort((table["contact_id"].to_numpy(), -_number_moments(leads)[open_rows], -chance["probability"]))[
        :count
    ]
    reasons = explain_scores(scoring.card, leads.attributes, open_rows[order])
    rows = []
    for rank, (place, why) in enumerate(zip(order.tolist(), reasons), start=1):
        row = int(open_rows[place])
        day = "" if leads.created is None or pd.isna(leads.created.iloc[row]) else f"{leads.created.iloc[row]:%Y-%m-%d}"
        shown: dict[str, object] = {
            name: _read_text(leads.frame, name, row) for name in ("company", "email") if name in columns
        }
        shown |= {name: table[name].iloc[place] for name in ("contact_id", "score")}
        shown |= {name: values[place] for name, values in chance.items()}
        rows.append({"rank": rank, "came_in": day, "why": why} | shown)
    return build_frame(rows, columns)


def list_open(leads: LeadTable, scoring: Scoring) -> pd.DataFrame:
    """Return every lead that may be called: contact_id, score, and its chance to still convert.

    Parameters
    ----------
    leads, scoring
        As for `list_calls`.

    Returns
    -------
    pandas.DataFrame
        contact_id, score, probability, low, high; the index is that of the lead table's frame. Empty where the
        verdict is not ``usable``.
    """
    open_rows = _find_open(leads)
    if scoring.card is None:
        return scoring.scores.iloc[:0]
    left = find_left(leads)[open_rows]
    table = scoring.scores.iloc[open_rows].set_axis(leads.frame.index[open_rows])
    names = ("probability", "low", "high")
    return table.assign(**{name: keep_chance(table[name].to_numpy(dtype=np.float64), left) for name in names})


def find_left(leads: LeadTable) -> Floats:
    """Return the share of conversions that come later than each lead's age; 1 where that is unknown. Shape (leads,)."""
    if leads.ages is None or not len(leads.delays):
        return np.ones(len(leads.frame))
    later = 1 - np.searchsorted(leads.delays, leads.ages, side="right") / len(leads.delays)
    return np.where(np.isnan(leads.ages), 1.0, later)


def keep_chance(probability: Floats, left: Floats) -> Floats:
    """Return the probability to convert from now on, of leads that have not converted yet.

    With ``p`` the probability when a lead comes in and ``s`` the share of conversions that come later than its age,
    it is ``p s / (1 - p (1 - s))``, by Bayes' theorem.

    Parameters
    ----------
    probability, left
        ``p`` and ``s``, from 0 to 1, shape (leads,).

    Examples
    --------
    >>> keep_chance(np.array([0.5, 0.5, 0.5]), np.array([1.0, 0.5, 0.0])).round(3).tolist()
    [0.5, 0.333, 0.0]
    """
    return np.asarray(probability * left / (1 - probability * (1 - left)))


def list_left_out(leads: LeadTable) -> pd.DataFrame:
    """Return how many records are not called, by reason: reason, leads. A record counts once, for its first reason."""
    codes, names = _find_reasons(leads)
    counts = np.bincount(codes, minlength=len(names))
    rows = [{"reason": name, "leads": int(n)} for name, n in sorted(zip(names, counts)) if name and n]
    return pd.concat([leads.removed, build_frame(rows, {"reason": TEXT, "leads": WHOLE})], ignore_index=True)


def explain_scores(card: Card, columns: Sequence[Column], rows: Ints) -> list[str]:
    """Return for each of some leads the values that bring most points above the average lead.

    Parameters
    ----------
    card
        The points card.
    columns
        The attributes, of all leads.
    rows
        Positions of the leads to explain.
    """
    named = {column.name: column for column in columns}
    groups = [grouping.place(named[grouping.column]) for grouping in card.groupings]
    average = [np.bincount(g, minlength=len(p)) @ p / max(len(g), 1) for g, p in zip(groups, card.points)]
    labels = [np.array(item.labels, dtype=object)[group[rows]] for item, group in zip(card.groupings, groups)]
    picked = [column.take(rows) for column in columns]
    texts = []
    for place, own in enumerate(card.split(picked)):
        order = sorted(range(len(own)), key=lambda part: (average[part] - own[part], part))
        kept = [part for part in order if own[part] > average[part]][:REASONS]
        parts = [f"{_name(card.groupings[p].column)}: {_name(labels[p][place])} ({own[p]} points)" for p in kept]
        texts.append("; ".join(parts) or "no value above the average lead")
    return texts


def _find_reasons(leads: LeadTable) -> tuple[Ints, list[str]]:
    """Return why each lead is not called, as a position in a list of reasons; 0 where it is called."""
    codes, names = np.zeros(len(leads.frame), dtype=np.int64), [""]

    def close(hit: Bools, reason: str) -> None:
        names.append(reason)
        codes[hit & (codes == 0)] = len(names) - 1

    close(np.asarray(leads.outcome == 1), "already converted")
    if "email_opt_out" in leads.frame:
        close(np.asarray(read_flags(leads.frame["email_opt_out"]) == 1), "opted out")
    if "lifecycle_stage" in leads.frame:
        stages, words = read_words(leads.frame["lifecycle_stage"])
        for stage, reason in CLOSED_STAGES.items():
            close(np.isin(stages, [place for place, word in enumerate(words) if word == stage]), reason)
    close(np.asarray(find_left(leads) <= 0), "older than any lead was when it converted")
    return codes, names


def _find_open(leads: LeadTable) -> Ints:
    """Return the positions of the leads that may be called."""
    return np.flatnonzero(_find_reasons(leads)[0] == 0)


def _keep_highest(values: Floats, count: int) -> Ints:
    """Return the positions of the highest values and of all that equal the last of them: few are left to be ranked."""
    if count >= len(values):
        return np.arange(len(values))
    return np.flatnonzero(values >= -np.partition(-values, count - 1)[count - 1])


def _number_moments(leads: LeadTable) -> Floats:
    """Return each lead's moment as a number; its place in time order where no date says it."""
    if leads.ages is None:
        return np.arange(len(leads.frame), dtype=np.float64)
    return np.where(np.isnan(leads.ages), -np.inf, -leads.ages)


def _read_text(frame: pd.DataFrame, name: str, row: int) -> str:
    if name not in frame:
        return ""
    value = frame[name].iloc[row]
    return "" if pd.isna(value) else str(value).strip()


def _name(column: str) -> str:
    return column.replace("_", " ")
