"""Of outcomes after earlier dates, 75 to 85% lie inside the 80% interval."""

from itertools import chain

import pytest
from forecast_samples import count_covered, cut_public, cut_sample, list_sample_series

TENTH = (range(17, 18), range(30, 36, 2), 144)
FULL = (range(18, 26), range(30, 36), 24)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seeds", "origins", "step", "least", "slack"),
    [pytest.param(*TENTH, 100, 0.05, id="tenth"), pytest.param(*FULL, 1000, 0.0, id="full", marks=pytest.mark.soak)],
)
def test_intervals_hold_the_share_of_outcomes_that_they_claim(tmp_path, seeds, origins, step, least, slack):
    series = [one for seed in seeds for one in list_sample_series(tmp_path, seed)]

    sample = count_covered(cut_sample(series, origins))
    public = count_covered(cut_public(step))

    assert sample[1] + public[1] >= least
    # A tenth of the forecasts leaves more to chance: the companies of two seeds differ by that much.
    assert 0.75 - slack <= (sample[0] + public[0]) / (sample[1] + public[1]) <= 0.85 + slack


@pytest.mark.soak
def test_sample_and_public_series_are_each_covered_alike(tmp_path):
    series = chain.from_iterable(list_sample_series(tmp_path, seed) for seed in range(26, 30))

    sample, public = count_covered(cut_sample(list(series), range(30, 36))), count_covered(cut_public(24))

    assert 0.75 <= sample[0] / sample[1] <= 0.86
    assert 0.75 <= public[0] / public[1] <= 0.86
