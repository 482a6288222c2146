"""Series for the tests of the forecasts: the sample company's, and public ones that statsmodels ships."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

import mopsnb
from mopsnb import analysis
from mopsnb.analysis import forecast
from mopsnb.sample.generation import generate

AHEAD = 6
Case = tuple[np.ndarray, np.ndarray, int, bool]  # what is known, what came, periods in a season, whether a share


def list_sample_series(folder: Path, seed: int) -> list[tuple[np.ndarray, bool]]:
    """The monthly figures of every metric of the page, for the company of a seed."""
    generate(folder / str(seed), seed=seed)
    ws = mopsnb.open(str(folder / str(seed)))
    monthly = ws.monthly(analysis.list_shown([]))
    monthly = monthly[monthly["is_complete"] & (monthly["period_start"] >= "2023-10-01")]
    shares = ws.catalogue["proportion"].to_dict()
    return [(group["value"].to_numpy(), shares[name] is True) for name, group in monthly.groupby("metric")]


def cut_sample(series: Sequence[tuple[np.ndarray, bool]], origins: Sequence[int]) -> Iterator[Case]:
    """Each series as it was known after so many months."""
    for values, is_share in series:
        for origin in origins:
            yield values[:origin], values[origin : origin + AHEAD], 12, is_share


def cut_public(step: int) -> Iterator[Case]:
    """Stretches of public series: carbon dioxide, the warm sea and orders by month, the Nile and sunspots by year."""
    from statsmodels.datasets import co2, elec_equip, elnino, nile, sunspots

    monthly = [
        co2.load_pandas().data["co2"].resample("MS").mean().interpolate().to_numpy(),
        elnino.load_pandas().data.drop(columns="YEAR").to_numpy(dtype=float).ravel(),
        elec_equip.load().data.iloc[:, 0].to_numpy(dtype=float),
    ]
    yearly = [nile.load_pandas().data["volume"], sunspots.load_pandas().data["SUNACTIVITY"]]
    for values, period in [*((one, 12) for one in monthly), *((one.to_numpy(dtype=float), 1) for one in yearly)]:
        for length in (36, 48, 72) if period > 1 else (30, 45):
            for start in range(0, len(values) - length - AHEAD + 1, step if period > 1 else step // 4):
                end = start + length
                yield values[start:end], values[end : end + AHEAD], period, False


def count_covered(cases: Iterator[Case]) -> tuple[int, int]:
    """How many outcomes lay inside the 80% interval, and how many there were."""
    inside = total = 0
    for known, came, period, is_share in cases:
        outlook = forecast.look_out(known, AHEAD, period=period, is_share=is_share)
        assert outlook is not None
        low, high = outlook.limits()
        inside += int(np.sum((came >= low[: len(came)]) & (came <= high[: len(came)])))
        total += len(came)
    return inside, total
