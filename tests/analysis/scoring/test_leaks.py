"""Columns that know the future are found without being told, and honest ones are left alone."""

import numpy as np
import pandas as pd
import pytest
from scoring_samples import draw_attributes, draw_outcome, true_odds

from mopsnb.analysis.scoring.leaks import find_leaks
from mopsnb.analysis.scoring.models import limit_threads
from mopsnb.analysis.scoring.roles import FUTURE
from mopsnb.analysis.scoring.samples import make_sample
from mopsnb.analysis.scoring.values import read_cells

COUNT = 8000


def judge(frame: pd.DataFrame, won: np.ndarray) -> dict[str, str]:
    """The reason against each column that has one."""
    with limit_threads():
        found = find_leaks([read_cells(frame[name]).column for name in frame], make_sample(won))
    return {item.column: item.reason for item in found}


def fill_after(generator, won):
    """A call's minutes, noted for nearly all conversions and hardly any other lead: the sample company's leak."""
    noted = np.where(won, generator.random(len(won)) < 0.97, generator.random(len(won)) < 0.004)
    return np.where(noted, np.rint(generator.lognormal(3.4, 0.35, len(won))), np.nan)


LEAKS = {
    "filled after conversion": fill_after,
    "filled for some conversions alone": lambda g, won: np.where(won & (g.random(len(won)) < 0.3), "C1", None),
    "money, and 0 without conversion": lambda g, won: np.where(won, g.lognormal(8, 1, len(won)), 0.0),
    "reason of a loss": lambda g, won: np.where(~won & (g.random(len(won)) < 0.5), "price", None),
    "stage": lambda g, won: np.where(won, g.choice(["won", "open"], len(won)), g.choice(["lost", "open"], len(won))),
    "nobody converts below 60": lambda g, won: np.where(
        won, 60 + g.exponential(300, len(won)), g.exponential(180, len(won))
    ),
    "shifted by the outcome": lambda g, won: np.exp(g.normal(size=len(won)) + 1.6 * won),
}


@pytest.mark.parametrize("kind", LEAKS)
def test_a_planted_leak_is_set_aside_and_no_other_column(kind):
    generator = np.random.default_rng(1)
    frame = draw_attributes(generator, COUNT)
    won = draw_outcome(generator, true_odds(frame))

    found = judge(frame.assign(x7=LEAKS[kind](generator, won)), won)

    assert found == {"x7": FUTURE}


def drive_by_number(generator, strength):
    score = generator.normal(size=COUNT)
    return np.exp(score), strength * score


def drive_by_level(generator, strength):
    level = generator.integers(0, 5, COUNT)
    return np.array(list("ABCDE"))[level], strength * (level - 2)


def drive_by_flag(generator, strength):
    flag = generator.random(COUNT) < 0.25
    return np.where(flag, "yes", "no"), strength * flag


def drive_by_count(generator, strength):
    count = generator.negative_binomial(1.2, 0.25, COUNT)
    return count.astype(float), strength * count


@pytest.mark.parametrize(
    ("drive", "strength"),
    [
        (drive_by_number, 1.0),
        (drive_by_number, 2.0),
        (drive_by_level, 1.2),
        (drive_by_flag, 3.5),
        (drive_by_count, 0.35),
    ],
)
@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(s, marks=pytest.mark.soak) for s in range(3, 20))])
def test_a_strong_honest_driver_is_never_set_aside(drive, strength, seed):
    generator = np.random.default_rng(seed)
    frame = draw_attributes(generator, COUNT)
    values, effect = drive(generator, strength)
    won = draw_outcome(generator, true_odds(frame) + effect)

    found = judge(frame.assign(x7=values), won)

    assert FUTURE not in found.values()
    assert set(found) <= {"x7"}


def test_a_driver_as_strong_as_a_leak_is_named_for_the_team_to_check():
    generator = np.random.default_rng(2)
    frame = draw_attributes(generator, COUNT)
    values, effect = drive_by_number(generator, 2.0)
    won = draw_outcome(generator, true_odds(frame) + effect)

    assert judge(frame.assign(x7=values), won) == {"x7": "carries most of the score"}
    assert judge(frame.assign(call_minutes=values), won) == {"call_minutes": FUTURE}


def test_a_name_that_speaks_of_conversion_needs_a_relation_to_match():
    generator = np.random.default_rng(4)
    frame = draw_attributes(generator, COUNT)
    won = draw_outcome(generator, true_odds(frame))
    told = np.where(generator.random(COUNT) < 0.6, won, generator.random(COUNT) < 0.5)

    assert judge(frame.assign(conversion_type=np.where(told, "a", "b")), won) == {"conversion_type": FUTURE}
    assert judge(frame.assign(conversion_type=generator.choice(["a", "b"], COUNT)), won) == {}


def test_one_leak_does_not_hide_another():
    generator = np.random.default_rng(5)
    frame = draw_attributes(generator, COUNT)
    won = draw_outcome(generator, true_odds(frame))
    shifted = np.exp(generator.normal(size=COUNT) + 1.6 * won)

    found = judge(frame.assign(deal_amount=np.where(won, 100.0, 0.0), call_seconds=shifted), won)

    assert found == {"deal_amount": FUTURE, "call_seconds": FUTURE}


def test_a_change_of_the_conversion_rate_makes_no_column_a_leak():
    generator = np.random.default_rng(6)
    frame = draw_attributes(generator, COUNT)
    won = draw_outcome(generator, true_odds(frame) + np.linspace(-1, 3, COUNT))
    late = generator.random(COUNT) < np.linspace(0, 1, COUNT)

    assert judge(frame.assign(form=np.where(late, "new", "old")), won) == {}


def test_with_a_shuffled_outcome_a_leak_knows_nothing():
    generator = np.random.default_rng(7)
    frame = draw_attributes(generator, COUNT)
    won = draw_outcome(generator, true_odds(frame))
    leak = fill_after(generator, won)

    assert judge(frame.assign(x7=leak), generator.permutation(won)) == {}
