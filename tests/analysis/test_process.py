"""Process-behavior charts: limits, the two rules, shifts and seasons."""

import math

import numpy as np
import pytest

from mopsnb.analysis.process import chart_process
from mopsnb.analysis.season import estimate_season, set_aside

# Flow rates of the NIST/SEMATECH e-Handbook of Statistical Methods, section 6.3.2.2.
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
SOURCE = np.random.default_rng(12)
CALM = (100 + SOURCE.normal(0, 4, 36)).tolist()
YEAR = np.array([1.3, 0.8, 0.9, 1.0, 1.1, 0.7, 1.0, 0.9, 1.2, 1.0, 1.5, 0.8])


def test_the_limits_are_those_of_the_handbook():
    """The handbook's answer: center 50.81, limits 45.8159 and 55.8041, and no point outside."""
    chart = chart_process(FLOW)

    low, center, high = chart.limits_at(0)
    assert (low, center, high) == (
        pytest.approx(45.8159, abs=0.01),
        pytest.approx(50.81),
        pytest.approx(55.8041, abs=0.01),
    )
    assert set(chart.signals) == {""}


def test_one_month_far_out_is_a_signal_and_does_not_widen_the_limits():
    odd = [*CALM[:20], 160.0, *CALM[21:]]

    chart, calm = chart_process(odd), chart_process([*CALM[:20], math.nan, *CALM[21:]])

    assert [place for place, signal in enumerate(chart.signals) if signal] == [20]
    assert chart.signals[20] == "outside"
    assert chart.limits_at(20) == pytest.approx(calm.limits_at(20))
    assert chart.side_at(20) == "above"


def test_a_lasting_step_begins_new_limits_at_its_first_month():
    moved = [*CALM[:20], *(value + 25 for value in CALM[20:])]

    chart = chart_process(moved)

    assert [(stretch.first, stretch.last) for stretch in chart.stretches] == [(0, 19), (20, 35)]
    assert chart.signals[20] in ("outside", "shift")
    assert chart.limits_at(19)[1] == pytest.approx(np.mean(moved[:20]))
    assert chart.limits_at(20)[1] == pytest.approx(np.mean(moved[20:]))
    assert set(chart.signals[:20] + chart.signals[21:]) == {""}


def test_eight_months_barely_to_one_side_are_no_confirmed_shift():
    values = (
        [100 + 8 * (-1) ** place for place in range(20)] + [100.5] * 8 + [100 + 8 * (-1) ** place for place in range(8)]
    )

    assert len(chart_process(values).stretches) == 1


def test_seven_months_are_no_shift():
    values = [100 + (-1) ** place for place in range(20)] + [102.2 + 0.2 * (-1) ** place for place in range(7)]

    assert len(chart_process(values).stretches) == 1


def test_a_season_is_taken_off_before_the_limits_and_put_back_for_the_chart():
    noise = np.exp(np.random.default_rng(2).normal(0, 0.03, 36))
    values = 100 * np.tile(YEAR, 3) * noise

    chart, plain = chart_process(values.tolist()), 100 * noise

    assert chart.is_seasonal
    assert set(chart.signals) == {""}
    assert chart.adjusted == pytest.approx(plain * np.exp(np.mean(np.log(YEAR))), rel=0.08)
    low, center, high = zip(*(chart.limits_at(place) for place in range(36)))
    assert np.array(center) / center[0] == pytest.approx(chart.factors / chart.factors[0])
    assert all(a < b < c for a, b, c in zip(low, values, high))


def test_an_odd_month_does_not_pass_for_a_season():
    values = 100 * np.tile(YEAR, 3) * np.exp(np.random.default_rng(3).normal(0, 0.03, 36))
    values[17] *= 0.5

    chart = chart_process(values.tolist())

    assert chart.signals[17] == "outside"
    assert chart.factors[5] == pytest.approx(chart.factors[29])
    assert [place for place, signal in enumerate(chart.signals) if signal == "outside"] == [17]


def test_a_step_does_not_bend_the_season():
    """The factors are those of the series without the step, to 2%; a season that holds the step is off by over 5%."""
    plain = 100 * np.tile(YEAR, 3) * np.exp(np.random.default_rng(2).normal(0, 0.02, 36))
    moved = np.where(np.arange(36) < 21, plain, 1.6 * plain)

    chart, calm = chart_process(moved.tolist()), chart_process(plain.tolist())
    season = estimate_season(set_aside(np.log(moved)))
    bent = np.exp(season.tell(np.arange(36)))

    assert [stretch.first for stretch in chart.stretches] == [0, 21]
    assert chart.factors == pytest.approx(calm.factors, rel=0.02)
    assert np.max(np.abs(bent / calm.factors - 1)) > 0.05


def test_a_series_with_negative_values_may_shift_and_has_no_season():
    chart = chart_process([value - 200 for value in CALM[:20]] + [value - 150 for value in CALM[20:]])

    assert len(chart.stretches) == 2
    assert not chart.is_seasonal


@pytest.mark.parametrize(
    ("odd", "center"),
    [
        ([114.0], (40 * 100 + 114) / 41),  # 12 from the median of 102, and three standard deviations are 12.58
        ([115.0], 100),
        ([119.0, 118.0], (40 * 100 + 118) / 41),  # four are 16.77: the farthest one alone goes
        ([120.0, 119.0], 100),
    ],
)
def test_the_farthest_month_is_left_out_of_the_limits_and_others_only_very_far_out(odd, center):
    """By hand: the months lie at 98 and 102 by turns, so the median is 102 and the median moving range 4."""
    usual = [98.0, 102.0] * 10

    chart = chart_process([*usual, odd[0], *usual, *odd[1:]])

    assert chart.stretches[0].limits.center == pytest.approx(center)


def test_the_season_is_a_regression_on_a_line_and_the_months():
    """The same by statsmodels: ordinary least squares with dummies, and the F test of the dummies."""
    import statsmodels.api as sm

    values = np.log(100 * np.tile(YEAR, 3)) + SOURCE.normal(0, 0.1, 36) + 0.01 * np.arange(36)
    dummies = np.tile(np.eye(12), (3, 1))
    line = np.arange(36.0)[:, None]
    full = sm.OLS(values, np.hstack([line, dummies])).fit()
    plain = sm.OLS(values, sm.add_constant(line)).fit()
    ratio, chance, _ = full.compare_f_test(plain)

    season = estimate_season(values)

    assert season.effects == pytest.approx(full.params[1:] - full.params[1:].mean())
    assert season.ratio == pytest.approx(ratio)
    assert season.p_value == pytest.approx(chance)
    assert season.kept == pytest.approx(1 - 1 / ratio)


def test_noise_has_no_season():
    found = [
        chart_process((100 + np.random.default_rng(seed).normal(0, 4, 36)).tolist()).is_seasonal for seed in range(100)
    ]

    assert sum(found) <= 5


def test_what_is_set_aside_is_the_odd_value_alone():
    values = np.log(np.tile(YEAR, 3)) + SOURCE.normal(0, 0.02, 36)
    values[8] += 1

    assert np.flatnonzero(np.isnan(set_aside(values))).tolist() == [8]


@pytest.mark.parametrize("values", [[], [5.0], [math.nan] * 12, [5.0] * 7])
def test_a_short_series_has_no_limits_and_no_signals(values):
    chart = chart_process(values)

    assert set(chart.signals) <= {""}
    assert all(math.isnan(chart.limits_at(place)[0]) for place in range(len(values)))


def test_a_constant_series_has_no_signal():
    assert set(chart_process([5.0] * 30).signals) == {""}


def test_what_the_limits_rest_on_is_known():
    """A value ten times as far out as the others differ is outside limits that it has no part in."""
    values = [100.0, 102, 99, 101, 98, 100, 103, 101, 160, 99, 100, 102, 98, 101]
    chart = chart_process(values)

    assert chart.left_out == [8]
    assert chart.limits_at(0)[1] == pytest.approx(sum(values) / 14 - (160 - (sum(values) - 160) / 13) / 14)
    assert chart_process(values[:8]).left_out == []


def test_a_value_that_was_left_out_and_lies_inside_is_put_back():
    """Medians call one month far out that the limits, made with mean steps, hold: it counts, and the limits show it."""
    source = np.random.default_rng(1)
    found = 0
    for _ in range(300):
        values = np.round(source.normal(100, 4, 24) + source.choice([0, 9, -9], 24, p=[0.8, 0.1, 0.1]), 1)
        chart = chart_process(values.tolist())
        for one in chart.stretches:
            kept = [value for place, value in enumerate(values) if one.first <= place <= one.last
                    and place not in one.left_out]  # fmt: skip
            assert one.limits.center == pytest.approx(sum(kept) / len(kept))
            inside = [place for place in one.left_out if one.limits.low <= values[place] <= one.limits.high]
            assert inside == []
            assert all(chart.signals[place] == "outside" for place in one.left_out)
            found += len(one.left_out)
    assert found > 20
