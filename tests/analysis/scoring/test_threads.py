"""Models that are fitted side by side give what they give one after the other."""

import numpy as np
import pytest

from mopsnb.analysis.scoring import evaluation
from mopsnb.analysis.scoring.evaluation import BOOSTING, LOGISTIC, POINTS, Material, predict_held_out
from mopsnb.analysis.scoring.splits import Split
from mopsnb.analysis.scoring.values import Column

pytestmark = pytest.mark.slow


def test_threads_change_no_probability(monkeypatch):
    draws = np.random.default_rng(5)
    size, region = draws.normal(size=600), draws.integers(0, 3, 600).astype(float)
    outcome = draws.random(600) < 1 / (1 + np.exp(1 - size - region))
    material = Material((Column("size", size), Column("region", region, ("a", "b", "c"))), (), outcome)
    places = np.arange(600)
    blocks = tuple((places[places % 4 != part], places[places % 4 == part]) for part in range(4))
    splits = [Split("cv", blocks)]
    alone = predict_held_out(material, splits)
    monkeypatch.setattr(evaluation, "MANY", 1)
    together = predict_held_out(material, splits)

    assert together.keys() == alone.keys() >= {(model, "cv") for model in (POINTS, LOGISTIC, BOOSTING)}
    for name, parts in alone.items():
        for one, other in zip(parts, together[name], strict=True):
            assert one.probability.tobytes() == other.probability.tobytes()
            assert one.outcome.tolist() == other.outcome.tolist()
