"""The sample company: its planted drivers and its planted leak are found, graded against its truth."""

import json

import pandas as pd
import pytest

from mopsnb.analysis.scoring import list_calls, prepare_leads, score_leads

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def truth(repository):
    path = repository / "data" / "samples" / "truth.json"
    if not path.is_file():
        pytest.skip("the sample company is not in this checkout (data/samples)")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def frame(repository, truth):
    return pd.read_parquet(repository / "data" / "samples" / "data" / "contact.parquet")


@pytest.fixture(scope="module")
def leads(frame):
    return prepare_leads(frame)


@pytest.fixture(scope="module")
def scoring(leads):
    return score_leads(leads)


def test_the_planted_leak_is_set_aside(truth, leads, scoring):
    reasons = dict(zip(leads.excluded["column"], leads.excluded["reason"]))

    assert reasons[truth["leak"]["column"]] == "knows the future"
    assert f"lead_scoring.leak.{truth['leak']['column']}" in [finding.id for finding in scoring.findings]


def test_what_is_written_later_is_set_aside_and_no_true_driver_is(truth, leads):
    conversion = truth["conversion"]
    used = {column.name for column in leads.attributes}

    assert not used & set(conversion["later_columns"])
    assert used >= {*conversion["log_odds"], *conversion["log_odds_per_unit"], *conversion["noise_columns"]}


def test_all_planted_drivers_are_on_the_card_and_no_noise(truth, scoring):
    conversion = truth["conversion"]

    assert set(scoring.points["attribute"]) == {*conversion["log_odds"], *conversion["log_odds_per_unit"]}
    signal = scoring.attributes.set_index("attribute")["has_signal"]
    assert not signal[conversion["noise_columns"]].any()


def test_points_put_values_in_the_order_of_the_planted_effects(truth, scoring):
    names = {"true": "yes", "false": "no"}
    for column, effects in truth["conversion"]["log_odds"].items():
        points = scoring.points[scoring.points["attribute"] == column].set_index("value")["points"]
        planted = pd.Series({names.get(value, value): effect for value, effect in effects.items()})
        both = pd.concat([points, planted], axis=1, keys=["points", "planted"]).dropna()

        assert both["points"].corr(both["planted"], method="spearman") > 0.75, column


def test_the_score_is_usable_in_time_order(scoring):
    card = scoring.headline.set_index("name").loc["auc_points_card"]

    assert scoring.verdict == "usable"
    assert card["low"] > 0.65


def test_the_call_list_shows_nobody_who_cannot_be_called_and_no_address(frame, leads, scoring):
    calls = list_calls(leads, scoring)
    called = frame.set_index("contact_id").loc[calls["contact_id"]]

    assert len(calls) == 20
    assert not called["is_converted"].any()
    assert not called["email_opt_out"].any()
    assert not called["is_deleted"].any()
    assert called["merged_into"].isna().all()
    assert not called["lifecycle_stage"].isin(["customer", "opportunity", "disqualified"]).any()
    assert not calls.astype(str).apply(lambda column: column.str.contains("@")).any(axis=None)
