"""With more leads than fit into memory at once, the models still answer, and say what they learned from."""

import numpy as np
import pandas as pd
import pytest
from scoring_samples import make_leads

from mopsnb.analysis.scoring import card, leads, models, prepare_leads
from mopsnb.analysis.scoring.models import fit_boosting, fit_logistic, thin_out
from mopsnb.analysis.scoring.values import Column


def make_columns(count=3000):
    generator = np.random.default_rng(1)
    named = generator.integers(0, 4, count).astype(float)
    numbers = np.where(generator.random(count) < 0.1, np.nan, generator.normal(size=count))
    outcome = generator.random(count) < 1 / (1 + np.exp(1 - named + np.nan_to_num(numbers)))
    return (Column("named", named, tuple("abcd")), Column("numbers", numbers)), outcome


def test_leads_to_learn_from_are_thinned_evenly_beyond_the_most(monkeypatch):
    every = np.arange(100, 130)
    assert thin_out(every) is every
    monkeypatch.setattr(models, "LEARN_MOST", 10)
    assert thin_out(every).tolist() == list(range(100, 130, 3))
    assert thin_out(every[:10]).tolist() == every[:10].tolist()


@pytest.mark.parametrize("fit", [fit_logistic, fit_boosting])
def test_models_learn_from_the_thinned_leads_and_score_all_in_parts(fit, monkeypatch):
    columns, outcome = make_columns()
    learn, score = np.arange(2400), np.arange(2400, 3000)
    expected = fit(columns, outcome, learn[::4], score)
    monkeypatch.setattr(models, "LEARN_MOST", 600)
    monkeypatch.setattr(models, "MOST_AT_ONCE", 70)
    assert fit(columns, outcome, learn, score) == pytest.approx(expected, abs=1e-12)
    assert fit(columns, outcome, learn, score[:0]).shape == (0,)


def test_a_large_card_has_the_weights_of_a_small_one(monkeypatch):
    columns, outcome = make_columns()
    small = card.fit_card(columns, outcome)
    monkeypatch.setattr(card, "DENSE_MOST", 0)
    large = card.fit_card(columns, outcome)
    assert [part.tolist() for part in large.points] == [part.tolist() for part in small.points] != []
    assert large.intercept == pytest.approx(small.intercept)


def test_the_page_says_what_the_models_learned_from(monkeypatch):
    frame = make_leads(seed=4, count=600)
    assert not any("evenly spaced" in note for note in prepare_leads(frame).notes)
    monkeypatch.setattr(leads, "LEARN_MOST", 200)
    (note,) = [note for note in prepare_leads(pd.DataFrame(frame)).notes if "evenly spaced" in note]
    assert note.startswith(
        "Logistic regression and gradient boosting, which stand beside the points card, learn from 200"
    )
