"""The page on methods states the constants that the code uses."""

import re

import pytest

from mopsnb.analysis import (
    days,
    intervals,
    measures,
    missing_days,
    paths,
    process,
    risks,
    season,
    signals,
    smart_attainable,
    smart_measurable,
    stakeholders,
    status,
    tree,
)
from mopsnb.analysis.forecast import backtest, goals, metrics
from mopsnb.analysis.statements import rewrite


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("mean ± **{}** × mean moving range", f"{intervals.LIMIT_FACTOR}"),
        ("needs at least **{}** months", f"{process.LEAST}"),
        ("more than **{:g}%** of a level's months", process.DROPPED * 100),
        ("moved within **{}** months is a finding", f"{signals.NEW}"),
        ("**{}** months before the latest", f"{signals.RECENT}"),
        ("those of the last {} complete months", f"{measures.NOISE_MONTHS}"),
        ("fewer than {} give no interval", f"{measures.NOISE_LEAST}"),
        ("**{}** and 5 count as high", f"{stakeholders.HIGH_FROM}"),
        ("within **{} percentage point**", {0.01: "one"}[smart_measurable.SIZE_TOLERANCE]),
        ("within a factor of **{}**", f"{smart_measurable.BASELINE_FACTOR:g}"),
        ("two counts within {} × √(their sum)", f"{smart_measurable.CHANCE}"),
        ("at least **one in {}** past changes", {0.1: "ten"}[smart_attainable.REACHED]),
        ("less than **{}** as far", {0.5: "half"}[smart_attainable.FAR]),
        ("`pass` from {}, `fail` below 0.05", f"{smart_attainable.LIKELY}"),
        ("`pass` from 0.25, `fail` below {}", f"{smart_attainable.UNLIKELY}"),
        ("the target that one in {} past changes reached", {3: "three"}[rewrite.REACHED_ONCE_IN]),
        ("the last **{}** complete months", f"{measures.RATIO_MONTHS}"),
        ("at least **{}** full years", f"{paths.SEASON_YEARS}"),
        ("achieved is at least **{}**: the last tenth", f"{status.ON_TRACK}"),
        ("achieved is at least **{}**: the rest", f"{status.AT_RISK}"),
        ("slips by at most **{}%**", f"{status.HOLD_TOLERANCE:.0%}".rstrip("%")),
        ("at least **{}** of the elapsed days", {0.5: "half"}[status.LEAST_COVERED]),
        ("From **{}** full cycles on", f"{process.SEASON_CYCLES}"),
        ("in less than **{:g}%** of cases", process.SEASON_CHANCE * 100),
        ("from **{:g}** robust standard deviations", season.FAR),
        ("**{}** months in a row on one side", f"{process.RUN}"),
        ("at least **{}** standard errors away", f"{process.CONFIRMED}"),
        ("up to **{}** earlier dates", f"{backtest.ORIGINS_MOST}"),
        ("what the next **{}** months will bring", f"{backtest.TESTED_AHEAD}"),
        ("fewer than **{}** such dates", f"{backtest.ORIGINS_LEAST}"),
        ("The step is **{}** ×", f"{backtest.WIDER}"),
        ("less than **{}** months the baseline alone", f"{metrics.SHORT}"),
        ("sum over sum of the last **{}** months", f"{tree.HISTORY}"),
        ("reaches at most **{}** months ahead", f"{metrics.FARTHEST}"),
        ("a chance below **{}**", f"{goals.DOUBTFUL}"),
        ("one above **{}**", f"{goals.LIKELY}"),
        ("where at least **{}** in a row hold no row", f"{missing_days.RUN}"),
        ("at least **{:g}%** of the same weekdays", missing_days.USUAL * 100),
        ("same weekdays of the **{}** weeks", f"{missing_days.WEEKS}"),
        ("silent for more than **{}** days", f"{missing_days.ENDED}"),
        ("at least **{:g}** times the median of the 14 days", days.TIMES),
        ("more than **{:g}** robust standard", days.FAR),
        ("at least **{}** days in a row on which", f"{days.SILENT_DAYS}"),
        ("within the last **{}** days", f"{risks.STILL_NEWS}"),
    ],
)
def test_the_page_states_the_constant_of_the_code(repository, sentence, value):
    page = re.sub(r"\s+", " ", (repository / "docs" / "methods.md").read_text(encoding="utf-8"))

    assert sentence.format(value) in page
