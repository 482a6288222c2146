"""Leads are ranked only where there is enough data and a signal that holds in time order."""

import numpy as np
import pytest
from scoring_samples import make_leads

from mopsnb.analysis.scoring import list_calls, prepare_leads, score_leads

pytestmark = pytest.mark.slow

RANKING = ("points", "segments", "attributes", "probabilities", "bands", "scores")


def is_silent(leads, scoring):
    """Whether nothing is ranked."""
    frames = [*(getattr(scoring, name) for name in RANKING), list_calls(leads, scoring)]
    return all(frame.empty for frame in frames) and scoring.card is None


def test_leads_with_a_signal_are_ranked():
    scoring = score_leads(prepare_leads(make_leads(seed=1)))

    assert scoring.verdict == "usable"
    assert "In time order the score has an AUC of" in scoring.reading
    assert scoring.findings == []


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "There are 0 leads that converted (at least 100), 0 leads that did not convert (at least 100)"),
        (300, "There are 33 leads that converted (at least 100) and 6 leads among the newest fifth that converted"),
    ],
)
def test_too_few_conversions_are_said_with_the_least_number(count, said):
    leads = prepare_leads(make_leads(seed=1).head(count))
    scoring = score_leads(leads)

    assert scoring.verdict == "too little data"
    assert said in scoring.reading
    assert is_silent(leads, scoring)
    assert [finding.id for finding in scoring.findings] == ["lead_scoring.verdict"]
    assert scoring.findings[0].severity == "info"
    assert scoring.headline["name"].iloc[0] == "auc_time_ordered"
    assert np.isnan(scoring.headline["value"].iloc[0])


def test_a_newest_fifth_in_which_nobody_converted_cannot_test_the_score():
    frame = make_leads(seed=1)
    frame.loc[frame.index >= 2300, "is_converted"] = False
    leads = prepare_leads(frame)

    assert score_leads(leads).verdict == "too little data"
    assert "0 leads among the newest fifth that converted (at least 10)" in score_leads(leads).reading


def test_what_held_among_older_leads_alone_is_no_usable_signal():
    frame = make_leads(seed=2)
    newest = frame.index >= 2400
    frame.loc[newest, "is_converted"] = np.random.default_rng(0).permutation(frame.loc[newest, "is_converted"])
    leads = prepare_leads(frame)
    scoring = score_leads(leads)

    assert scoring.verdict == "no usable signal"
    assert "does not hold clearly enough among the newest fifth" in scoring.reading
    assert is_silent(leads, scoring)
    assert not scoring.evaluation.empty


def shuffle(seed):
    frame = make_leads(seed=seed, count=1500)
    frame["is_converted"] = np.random.default_rng(seed).permutation(frame["is_converted"])
    leads = prepare_leads(frame)
    return leads, score_leads(leads, seed=seed)


@pytest.mark.parametrize("seed", [*range(5), *(pytest.param(s, marks=pytest.mark.soak) for s in range(5, 50))])
def test_a_shuffled_outcome_has_no_usable_signal(seed):
    leads, scoring = shuffle(seed)

    assert scoring.verdict == "no usable signal"
    assert is_silent(leads, scoring)


@pytest.mark.soak
def test_a_weak_signal_in_few_leads_is_seldom_missed():
    found = [score_leads(prepare_leads(make_leads(seed=seed, count=1500))).verdict for seed in range(20)]

    assert found.count("usable") >= 18
