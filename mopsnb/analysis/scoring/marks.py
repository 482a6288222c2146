"""Marks of a column that was filled in at the outcome or after it. A strong column alone is no mark."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit, pdtr
from scipy.stats import norm, rankdata

from mopsnb.analysis.intervals import estimate_wilson
from mopsnb.analysis.scoring.association import Crosstab
from mopsnb.analysis.scoring.roles import split_name
from mopsnb.analysis.scoring.values import Bools, Column, Floats, Ints
from mopsnb.analysis.wording import format_plainly

CERTAIN = 0.95  # a group that converts so often by the lower limit knows the outcome
NOT_CERTAIN = 0.4  # ... unless leads of those periods convert about as often anyway
NEVER = 0.05  # a half of the leads that converts so little of what is expected, by the upper limit, knows it too
RARE = 0.01  # a half this small shows nothing
TAILS = (0.05, 0.1, 0.2)
TAIL_SHARE = 0.5  # the conversions in an empty tail, as a share of what the trend predicts
TAIL_EXPECTED = 20  # conversions that a tail of ordinary leads would have
MEDIATED_Z = 4.0
WITHIN_Z = 2.0
# Words for what sales does, or for how it ended. Only with a relation to match are they a mark.
_AFTER = frozenset(
    [
        "duration",
        "minutes",
        "mins",
        "seconds",
        "secs",
        "talk",
        "talktime",
        "call",
        "calls",
        "handled",
        "disposition",
        "result",
        "outcome",
        "won",
        "lost",
        "closed",
        "close",
        "deal",
        "deals",
        "opportunity",
        "opportunities",
        "customer",
        "contract",
        "invoice",
        "order",
        "orders",
        "purchase",
        "purchased",
        "paid",
        "revenue",
        "meeting",
        "meetings",
        "demo",
        "proposal",
        "quote",
        "qualified",
        "disqualified",
        "unqualified",
        "onboarding",
        "onboarded",
        "churn",
        "churned",
    ]
)
_OUTCOME = ("convert", "conversion")


def name_outcome(name: str) -> bool:
    """Return whether a column's name speaks of conversion itself."""
    return any(word in split_name(name) for word in _OUTCOME)


def name_aftermath(name: str) -> bool:
    """Return whether a column's name speaks of what happens at the outcome or after it."""
    return not _AFTER.isdisjoint(split_name(name).split("_"))


def find_certainty(table: Crosstab, labels: tuple[str, ...]) -> str:
    """Return the evidence that a group of values nearly always converts; empty where none does.

    Parameters
    ----------
    table
        Leads and conversions by period and group.
    labels
        The groups in words.
    """
    best = ""
    share = 0.0
    for place, (leads, hits, expected) in enumerate(zip(table.sizes, table.hits, table.expected)):
        if leads and expected <= NOT_CERTAIN * leads and estimate_wilson(hits, leads)[0] >= CERTAIN and hits > share:
            share = hits
            best = (
                f"{hits:,.0f} of {leads:,.0f} leads with {labels[place]} converted;"
                f" of as many leads of the same time usually {expected:,.0f} do."
            )
    return best


def find_silence(table: Crosstab, labels: tuple[str, str]) -> str:
    """Return the evidence that one of two halves never converts; empty where both do.

    Parameters
    ----------
    table
        Leads and conversions by period and half, two groups.
    labels
        The halves in words, for example ``a value`` and ``no value``.
    """
    sizes = table.sizes
    if sizes.min() < RARE * sizes.sum():
        return ""
    for place in (0, 1):
        leads, hits, expected = sizes[place], table.hits[place], table.expected[place]
        if estimate_wilson(hits, leads)[1] * leads < NEVER * expected:
            return (
                f"{hits:,.0f} of {leads:,.0f} leads with {labels[place]} converted;"
                f" of as many leads of the same time usually {expected:,.0f} do."
            )
    return ""


def find_threshold(column: Column, outcome: Bools, periods: Ints, chance: float) -> str:
    """Return the evidence that nearly nobody converts beyond a value, against the trend of all other values.

    A trait makes conversion more or less likely along a smooth curve. A measure of the event itself has a
    threshold: below it the event did not take place. The curve is a logistic one in the normal score of the
    rank and its square, beside the rate of each period; conversions in a tail are compared with it by the
    Poisson distribution.

    Parameters
    ----------
    column
        A column of numbers, of leads in time order.
    outcome, periods
        Who converted, and each lead's period.
    chance
        How improbable so few conversions must be.
    """
    known = ~np.isnan(column.cells)
    if column.is_text or known.sum() < 2 or not outcome[known].any():
        return ""
    cells, won = column.cells[known], outcome[known]
    score = norm.ppf((rankdata(cells) - 0.5) / len(cells))
    rates = _period_rates(won, periods[known])
    trend = _fit_curve(np.column_stack([np.ones(len(score)), score, score**2]), won, logit(rates))
    for side, name in ((score, "lowest"), (-score, "highest")):
        for share in TAILS:
            tail = side <= np.quantile(side, share)
            hits, predicted = int(won[tail].sum()), float(trend[tail].sum())
            usual = float(rates[tail].sum())
            if usual < TAIL_EXPECTED or tail.mean() > 2 * share or hits > TAIL_SHARE * predicted:
                continue
            if pdtr(hits, predicted) < chance:
                edge = f"up to {_write(cells[tail].max())}" if name == "lowest" else f"from {_write(cells[tail].min())}"
                return (
                    f"{hits:,} of the {int(tail.sum()):,} leads with the {name} values ({edge}) converted;"
                    f" the trend of the other values predicts {predicted:,.0f}."
                )
    return ""


def is_mediated(column: Column, others: Floats, outcome: Bools, periods: Ints) -> bool:
    """Return whether a column goes with all other columns through the outcome alone.

    A trait that helps to convert is either unrelated to the other traits, or related to them among leads of the
    same outcome too. A consequence of the outcome is related to what causes it, and no longer so among leads of
    the same outcome: the chain ``others → outcome → column`` (Pearl, 2009, Causality, section 1.2.3).

    Parameters
    ----------
    column
        The column, of leads in time order.
    others
        What all other columns predict, from leads that were held out.
    outcome, periods
        Who converted, and each lead's period.
    """
    known = ~np.isnan(column.cells)
    if column.is_text or known.mean() < 0.5:
        return False
    own = norm.ppf((rankdata(column.cells[known]) - 0.5) / known.sum())
    rest = norm.ppf((rankdata(others[known]) - 0.5) / known.sum())
    won, period = outcome[known], periods[known]
    if abs(_correlate(own, rest, period)) < MEDIATED_Z:
        return False
    both = 2 * period + won
    return all(
        abs(_correlate(own[won == side], rest[won == side], both[won == side])) < WITHIN_Z for side in (True, False)
    )


def _write(value: float) -> str:
    return format_plainly(float(value), "")


def _correlate(first: Floats, second: Floats, strata: Ints) -> float:
    """Return how many standard errors a correlation within strata is from 0."""
    a, b = (values - _stratum_means(values, strata)[strata] for values in (first, second))
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b / scale * np.sqrt(len(a))) if scale > 0 else 0.0


def _stratum_means(values: Floats, strata: Ints) -> Floats:
    return np.bincount(strata, values) / np.maximum(np.bincount(strata), 1)


def _period_rates(won: Bools, periods: Ints) -> Floats:
    overall = won.mean()
    hits, leads = np.bincount(periods, won), np.bincount(periods)
    return np.asarray(((hits + 2 * overall) / (leads + 2))[periods])


def _fit_curve(matrix: Floats, won: Bools, offset: Floats) -> Floats:
    """Return fitted probabilities of a logistic regression with an offset, by Newton's method."""
    weights = np.zeros(matrix.shape[1])
    for _ in range(25):
        fitted = expit(matrix @ weights + offset)
        slope = matrix.T @ (won - fitted)
        curve = (matrix * (fitted * (1 - fitted))[:, None]).T @ matrix + 1e-6 * np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        weights = weights + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-8:
            break
    return np.asarray(expit(matrix @ weights + offset))
