"""The points card: whole points that add up to the score."""

import numpy as np
import pandas as pd
import pytest
from scoring_samples import DRIVERS, make_leads, true_odds

from mopsnb.analysis.scoring import prepare_leads, rank_points, rank_segments, score_leads
from mopsnb.analysis.scoring.card import choose_attributes, fit_card, predict, screen_attributes
from mopsnb.analysis.scoring.models import fit_logistic
from mopsnb.analysis.scoring.quality import Block, measure_auc
from mopsnb.analysis.scoring.samples import make_sample
from mopsnb.analysis.scoring.values import read_cells

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def frame():
    leads = make_leads(seed=3, count=6000)
    leads.loc[leads.index % 9 == 0, "level"] = None
    return leads


@pytest.fixture(scope="module")
def leads(frame):
    return prepare_leads(frame)


@pytest.fixture(scope="module")
def scoring(leads):
    return score_leads(leads)


def columns_of(frame):
    return [
        read_cells(frame[name]).column for name in frame if name not in ("contact_id", "created_at", "is_converted")
    ]


def test_the_card_holds_the_true_drivers_and_no_noise(scoring):
    assert set(scoring.points["attribute"]) == set(DRIVERS)
    assert set(scoring.attributes.loc[scoring.attributes["has_signal"], "attribute"]) == set(DRIVERS)


def test_points_follow_the_true_effects(scoring):
    points = {name: group.set_index("value")["points"] for name, group in scoring.points.groupby("attribute")}

    assert points["source"].drop("(any other value)", errors="ignore").idxmax() == "referral"
    assert (
        points["source"]["referral"] > points["source"]["search"] > points["source"]["event"] > points["source"]["list"]
    )
    assert points["level"]["director"] > points["level"]["manager"] > points["level"]["student"] == 0


def test_the_points_of_the_table_add_up_exactly_to_every_leads_score(frame, leads, scoring):
    """By an independent route: each lead's values are looked up by hand in the table that the page shows."""
    table = scoring.points.set_index(["attribute", "value"])["points"]
    labels = [value for attribute, value in table.index if attribute == "pages"]
    expected = []
    for row in leads.frame.to_dict("records"):
        pages = next(label for label in labels if _holds(label, row["pages"]))
        level = row["level"] if isinstance(row["level"], str) else "(missing)"
        expected.append(table["source", row["source"]] + table["level", level] + table["pages", pages])

    assert scoring.scores["score"].tolist() == expected
    assert scoring.scores["contact_id"].tolist() == frame["contact_id"].tolist()


def _holds(label: str, value: int) -> bool:
    words = label.replace(" and more", " to 99").replace("up to", "0 to").split(" to ")
    return int(words[0]) <= value <= int(words[-1])


def test_points_are_whole_start_at_0_and_reach_at_most_100(scoring):
    highest = scoring.points.groupby("attribute")["points"].max()
    lowest = scoring.points.groupby("attribute")["points"].min()

    assert scoring.points["points"].dtype == "int64"
    assert (lowest == 0).all()
    assert 95 <= highest.sum() <= 100
    assert scoring.scores["score"].between(0, 100).all()


def test_missing_values_have_their_own_row(leads, scoring):
    row = scoring.points.set_index(["attribute", "value"]).loc[("level", "(missing)")]

    assert row["leads"] == leads.frame["level"].isna().sum()
    assert row["rate"] == pytest.approx(leads.outcome[leads.frame["level"].isna()].mean())
    assert row["low"] < row["rate"] < row["high"]


def test_the_table_counts_leads_and_conversions_as_they_are(leads, scoring):
    row = scoring.points.set_index(["attribute", "value"]).loc[("source", "referral")]
    inside = leads.frame["source"] == "referral"

    assert (row["leads"], row["conversions"]) == (inside.sum(), leads.outcome[inside].sum())


def test_rounding_to_points_costs_next_to_no_ranking_power(frame):
    won = frame["is_converted"].to_numpy()
    columns = columns_of(frame)
    rows = np.arange(len(won))

    card = measure_auc([Block(won, predict(fit_card(columns, won), columns))]).value
    exact = measure_auc([Block(won, fit_logistic(columns, won, rows, rows))]).value
    truth = measure_auc([Block(won, true_odds(make_leads(seed=3, count=6000)))]).value

    assert card == pytest.approx(exact, abs=0.01)
    assert card == pytest.approx(truth, abs=0.015)


def test_probabilities_of_the_card_average_to_the_conversion_rate(frame):
    won = frame["is_converted"].to_numpy()
    columns = columns_of(frame)

    assert predict(fit_card(columns, won), columns).mean() == pytest.approx(won.mean(), abs=1e-3)


def test_an_attribute_that_repeats_a_stronger_one_stays_off_the_card():
    frame = make_leads(seed=4, count=6000)
    teams = frame["source"].map({"referral": "north", "search": "south", "event": "east", "list": "west"})
    sample = make_sample(frame["is_converted"].to_numpy())
    screened = screen_attributes(columns_of(frame.assign(team=teams)), sample)

    chosen = {item.grouping.column for item in choose_attributes(screened, sample)}

    assert {item.grouping.column for item in screened if item.probability < 0.05} == {*DRIVERS, "team"}
    assert chosen == {*DRIVERS}


def test_a_value_never_seen_before_counts_like_the_average_lead(frame):
    won = frame["is_converted"].to_numpy()
    card = fit_card(columns_of(frame), won)
    stranger = frame.head(1).assign(source="a new source")

    place = [grouping.column for grouping in card.groupings].index("source")
    points = card.split(columns_of(stranger))[0, place]

    assert 0 < points < card.points[place].max()


def test_without_signal_the_card_is_empty_and_gives_the_conversion_rate(frame):
    won = np.random.default_rng(0).permutation(frame["is_converted"].to_numpy())
    columns = columns_of(frame[["browser", "load_ms", "greeting"]])
    card = fit_card(columns, won)

    assert card.groupings == ()
    assert card.score(columns).tolist() == [0] * len(won)
    assert predict(card, columns) == pytest.approx(won.mean())


def test_the_same_leads_give_the_same_frames(frame, scoring):
    again = score_leads(prepare_leads(frame))

    for name in ("evaluation", "points", "scores", "segments", "probabilities", "bands", "cohorts", "headline"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(scoring, name), check_exact=True)
    assert again.findings == scoring.findings


def test_another_seed_changes_shuffled_folds_and_not_the_card(frame, scoring):
    other = score_leads(prepare_leads(frame), seed=1)

    pd.testing.assert_frame_equal(other.points, scoring.points)
    shuffled = scoring.evaluation["split"] == "cv"
    assert not other.evaluation[shuffled].equals(scoring.evaluation[shuffled])


def test_points_beside_the_average_agree_with_the_leads_own_points(leads, scoring):
    """The mean of an attribute's points over all leads is what each value is compared with."""
    table = scoring.points[scoring.points["attribute"] == "source"].set_index("value")
    mean = leads.frame["source"].map(table["points"]).mean()

    assert table["beside_average"].to_dict() == pytest.approx((table["points"] - mean).to_dict())


def test_the_values_that_move_a_score_most_come_first(scoring):
    ranked = rank_points(scoring.points)

    assert ranked["beside_average"].abs().is_monotonic_decreasing
    assert sorted(ranked["value"]) == sorted(scoring.points["value"])


def test_the_values_that_convert_surely_and_furthest_from_usual_come_first(frame, scoring):
    ranked = rank_segments(scoring.segments)
    sure = ranked[ranked["position"] != ""]
    distance = (sure["rate"] - frame["is_converted"].mean()).abs()

    assert ranked["position"].head(len(sure)).ne("").all()
    assert distance.is_monotonic_decreasing
    assert list(ranked.columns) == list(scoring.segments.columns)


def test_who_converts_agrees_with_counting_by_hand(frame, scoring):
    by_hand = frame.groupby("source")["is_converted"].agg(["size", "sum", "mean"])
    found = scoring.segments[scoring.segments["attribute"] == "source"].set_index("value")

    for source, row in by_hand.iterrows():
        assert (found.loc[source, "leads"], found.loc[source, "conversions"]) == (row["size"], row["sum"])
        assert found.loc[source, "lift"] == pytest.approx(row["mean"] / frame["is_converted"].mean())
        assert found.loc[source, "low"] < row["mean"] < found.loc[source, "high"]
    assert found["rate"].is_monotonic_decreasing
    assert found.loc["referral", "position"] == "above"
    assert found.loc["list", "position"] == "below"
