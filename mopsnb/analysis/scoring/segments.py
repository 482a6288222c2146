"""Who converts: attributes that matter, and the conversion rate of each of their values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mopsnb.analysis.frames import FLAG, NUMBER, TEXT, WHOLE, build_frame
from mopsnb.analysis.intervals import estimate_wilson
from mopsnb.analysis.scoring.association import cross, separate
from mopsnb.analysis.scoring.card import SIGNAL, Screened
from mopsnb.analysis.scoring.samples import Sample
from mopsnb.analysis.wording import format_plainly

ATTRIBUTE_COLUMNS = {
    **{"attribute": TEXT, "has_signal": FLAG, "p_value": NUMBER, "auc": NUMBER, "known": WHOLE, "on_card": FLAG},
    **{"best": TEXT, "best_rate": NUMBER, "worst": TEXT, "worst_rate": NUMBER, "reading": TEXT},
}
SEGMENT_COLUMNS = {
    **{"attribute": TEXT, "value": TEXT, "leads": WHOLE, "conversions": WHOLE, "rate": NUMBER, "low": NUMBER},
    **{"high": NUMBER, "lift": NUMBER, "lift_same_period": NUMBER, "position": TEXT},
}


def tabulate_segments(screened: Sequence[Screened], sample: Sample) -> pd.DataFrame:
    """Return the conversion rate of each value of the attributes with signal.

    Parameters
    ----------
    screened
        All attributes, the strongest first.
    sample
        Who converted.

    Returns
    -------
    pandas.DataFrame
        attribute, value, leads (the base), conversions, rate with its Wilson interval low to high, lift (rate ÷ rate of
        all leads), lift_same_period (conversions ÷ those that leads of the same periods would have had), position
        (``above`` or ``below`` the rate of all leads where the interval leaves it out, else empty). The
        attribute that matters most comes first, and its values by rate.
    """
    overall = float(sample.outcome.mean()) if len(sample.outcome) else np.nan
    rows = []
    for item in screened:
        if item.probability >= SIGNAL:
            continue
        table = cross(item.groups, sample.outcome, sample.periods, len(item.grouping.labels))
        found = []
        for label, leads, hits, expected in zip(item.grouping.labels, table.sizes, table.hits, table.expected):
            if not leads:
                continue
            low, high = estimate_wilson(hits, leads)
            row: dict[str, object] = {"attribute": item.grouping.column, "value": label, "rate": hits / leads}
            row |= {"leads": int(leads), "conversions": int(hits), "low": low, "high": high}
            row |= {"lift": hits / leads / overall, "lift_same_period": hits / expected if expected else np.nan}
            row["position"] = "above" if low > overall else "below" if high < overall else ""
            found.append(row)
        rows += sorted(found, key=lambda row: -float(str(row["rate"])))
    return build_frame(rows, SEGMENT_COLUMNS)


def tabulate_attributes(screened: Sequence[Screened], sample: Sample, card: Sequence[str]) -> pd.DataFrame:
    """Return every attribute and whether it matters, the strongest first.

    Parameters
    ----------
    screened
        All attributes, the strongest first.
    sample
        Who converted.
    card
        The attributes on the points card.

    Returns
    -------
    pandas.DataFrame
        attribute, has_signal, p_value (adjusted by Holm's method for the number of attributes), auc (how well it alone
        ranks leads of the same period), known (leads that have a value), on_card, best and worst (values with the
        highest and lowest rate among those with enough leads) with their rates, reading (in words).
    """
    rows = []
    for item in screened:
        labels = item.grouping.labels
        table = cross(item.groups, sample.outcome, sample.periods, len(labels))
        known = table.sizes[:-1].sum()
        large = np.flatnonzero(table.sizes >= sample.least)
        rates = table.hits / np.maximum(table.sizes, 1)
        row: dict[str, object] = {"attribute": item.grouping.column, "has_signal": item.probability < SIGNAL}
        row |= {"p_value": item.probability, "auc": separate(table), "known": int(known)}
        row["on_card"] = item.grouping.column in card
        if len(large) > 1:
            best, worst = (int(large[pick(rates[large])]) for pick in (np.argmax, np.argmin))
            row |= {"best": labels[best], "best_rate": rates[best], "worst": labels[worst], "worst_rate": rates[worst]}
        rows.append(row | {"reading": _read(row)})
    return build_frame(rows, ATTRIBUTE_COLUMNS)


def _read(row: dict[str, object]) -> str:
    name = str(row["attribute"])
    if not row["has_signal"]:
        return f"{name}: the differences between its values are no larger than chance makes them."
    if "best" not in row:
        return f"{name} matters, but only one of its values has enough leads."
    best, worst = (format_plainly(float(str(row[key])), "fraction") for key in ("best_rate", "worst_rate"))
    return f"{name}: {best} of the leads with {row['best']} convert, and {worst} of those with {row['worst']}."
