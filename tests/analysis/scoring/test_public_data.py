"""The bank's telephone campaign: what is known of it from outside is found again.

Bank Marketing, UCI id 222 (Moro, Cortez, Rita, 2014, Decision Support Systems 62, 22-31). Rows are in time order; the
duration of a call is known only after it.
"""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from mopsnb.analysis.scoring import list_calls, prepare_leads, score_leads
from mopsnb.analysis.scoring.evaluation import read_measure
from mopsnb.strategy import LeadScoring

pytestmark = pytest.mark.slow

SETTINGS = LeadScoring(target="y")
ECONOMY = {"emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m", "nr.employed"}


def read(folder, name="bank-additional-full.csv"):
    return pd.read_csv(folder / "bank_marketing" / name, sep=";", dtype=str)


@pytest.fixture(scope="module")
def bank(shared_data):
    return read(shared_data)


@pytest.fixture(scope="module")
def leads(bank):
    return prepare_leads(bank, SETTINGS)


@pytest.fixture(scope="module")
def scoring(leads):
    return score_leads(leads)


def auc(scoring, model, split, measure="auc"):
    return read_measure(scoring.evaluation, model, split, measure).value


def test_the_duration_of_the_call_is_set_aside_unaided_and_nothing_else(leads):
    assert leads.excluded["column"].tolist() == ["duration"]
    assert leads.excluded["reason"].tolist() == ["knows the future"]
    assert "AUC of 0.85" in leads.excluded["evidence"].iloc[0]


def test_the_economy_and_the_calendar_are_context_and_not_leaks(leads):
    assert set(leads.context_columns["column"]) == ECONOMY | {"month", "day_of_week"}
    assert {column.name for column in leads.attributes} >= {"pdays", "poutcome", "previous", "campaign", "contact"}


def test_the_duration_is_found_under_any_name(bank):
    found = prepare_leads(bank.rename(columns={"duration": "x11"}), SETTINGS)

    assert found.excluded["column"].tolist() == ["x11"]


@pytest.mark.parametrize("rows", [2000, 5000])
def test_the_duration_is_found_among_fewer_leads_by_its_name(bank, rows):
    some = bank.iloc[np.sort(np.random.default_rng(rows).choice(len(bank), rows, replace=False))]

    assert prepare_leads(some, SETTINGS).excluded["column"].tolist() == ["duration"]


def test_the_team_can_vouch_for_a_column(bank):
    assert prepare_leads(bank, SETTINGS, keep=["duration"]).excluded.empty


def test_the_longer_file_of_the_same_bank_has_the_same_leak(shared_data):
    found = prepare_leads(read(shared_data, "bank-full.csv"), SETTINGS)

    assert found.excluded["column"].tolist() == ["duration"]
    assert set(found.context_columns["column"]) == {"day", "month"}


@pytest.mark.slow
def test_shuffled_figures_agree_with_the_known_ones(scoring):
    """Known: logistic regression AUC .791, Brier .078, lift 4.4; boosting .804, .076, 4.6; a hand-made card .788."""
    assert auc(scoring, "logistic_regression", "cv") == pytest.approx(0.791, abs=0.003)
    assert auc(scoring, "logistic_regression", "cv", "brier") == pytest.approx(0.078, abs=0.001)
    assert auc(scoring, "logistic_regression", "cv", "lift_at_10") == pytest.approx(4.4, abs=0.1)
    assert auc(scoring, "gradient_boosting", "cv") == pytest.approx(0.804, abs=0.006)
    assert auc(scoring, "gradient_boosting", "cv", "brier") == pytest.approx(0.076, abs=0.0015)
    assert auc(scoring, "gradient_boosting", "cv", "lift_at_10") == pytest.approx(4.6, abs=0.15)
    assert auc(scoring, "points_card_with_context", "cv") == pytest.approx(0.788, abs=0.01)


@pytest.mark.slow
def test_figures_in_time_order_agree_with_the_known_ones(scoring):
    """Known: base rate 6.4% to 30.8%, logistic regression .75, boosting .68."""
    gap = scoring.gap.set_index("name")["value"]

    assert auc(scoring, "logistic_regression", "time") == pytest.approx(0.75, abs=0.015)
    assert auc(scoring, "gradient_boosting", "time") == pytest.approx(0.68, abs=0.03)
    assert gap["rate_older"] == pytest.approx(0.0637, abs=5e-4)
    assert gap["rate_newest"] == pytest.approx(0.308, abs=5e-4)
    headline = scoring.headline.set_index("name").loc["auc_time_ordered"]
    assert headline["low"] < 0.75 < headline["high"]


@pytest.mark.slow
def test_the_page_can_say_that_most_of_the_shuffled_auc_is_the_month(scoring):
    assert scoring.verdict == "usable"
    assert auc(scoring, "calendar_only", "cv") == pytest.approx(0.79, abs=0.01)
    assert "most of the shuffled AUC is the month, not the lead" in scoring.gap_reading
    assert "from 6.37% in the older four fifths to 30.8% in the newest fifth" in scoring.gap_reading
    assert {finding.id for finding in scoring.findings} == {
        *("lead_scoring.leak.duration", "lead_scoring.gap", "lead_scoring.drift", "lead_scoring.calibration")
    }


@pytest.mark.slow
def test_the_time_ordered_auc_agrees_with_a_plain_pipeline_of_scikit_learn(bank, scoring):
    """An independent route: numbers standardized, words one-hot, first 80% of the rows to last 20%."""
    won = (bank["y"] == "yes").to_numpy()
    frame = read_numbers(bank)
    numbers = frame.select_dtypes("number").columns
    words = frame.columns.difference(numbers)
    coder = make_column_transformer((StandardScaler(), numbers), (OneHotEncoder(handle_unknown="ignore"), words))
    cut = int(len(bank) * 0.8)
    model = make_pipeline(coder, LogisticRegression(max_iter=2000)).fit(frame.iloc[:cut], won[:cut])
    other = roc_auc_score(won[cut:], model.predict_proba(frame.iloc[cut:])[:, 1])

    assert auc(scoring, "logistic_regression", "time") == pytest.approx(other, abs=0.01)


def read_numbers(bank):
    frame = bank.drop(columns=["y", "duration"])
    for name in frame:
        numbers = pd.to_numeric(frame[name], errors="coerce")
        frame[name] = numbers if numbers.notna().all() else frame[name]
    return frame


@pytest.mark.slow
def test_points_add_up_and_probabilities_match_the_newest_leads(bank, scoring):
    won = (bank["y"] == "yes").to_numpy()
    newest = slice(int(len(bank) * 0.8), None)

    assert scoring.scores["score"].between(0, 100).all()
    assert scoring.scores["probability"].to_numpy()[newest].mean() == pytest.approx(won[newest].mean(), abs=0.01)
    assert abs(scoring.bands["predicted"] - scoring.bands["rate"]).max() < 0.03


@pytest.mark.slow
def test_nobody_who_said_yes_is_on_the_call_list(bank, leads, scoring):
    calls = list_calls(leads, scoring)
    rows = [int(name.removeprefix("lead ")) - 1 for name in calls["contact_id"]]

    assert len(calls) == 20
    assert (bank["y"].iloc[rows] == "no").all()


def shuffle(bank, seed, rows=3000):
    generator = np.random.default_rng(seed)
    some = bank.iloc[np.sort(generator.choice(len(bank), rows, replace=False))].reset_index(drop=True)
    leads = prepare_leads(some.assign(y=generator.permutation(some["y"])), SETTINGS)
    return leads, score_leads(leads, seed=seed)


@pytest.mark.parametrize("seed", [*range(5), *(pytest.param(s, marks=pytest.mark.soak) for s in range(5, 50))])
def test_with_a_shuffled_outcome_there_is_no_usable_signal(bank, seed):
    leads, scoring = shuffle(bank, seed)

    assert scoring.verdict == "no usable signal"
    assert scoring.points.empty
    assert list_calls(leads, scoring).empty


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_all_leads_with_a_shuffled_outcome_have_no_usable_signal(bank, seed):
    assert shuffle(bank, seed, rows=len(bank))[1].verdict == "no usable signal"
