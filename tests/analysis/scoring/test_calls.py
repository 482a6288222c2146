"""The call list: whom to call first, why, and who is left out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring_samples import make_leads

from mopsnb.analysis.scoring import list_calls, list_left_out, prepare_leads, score_leads
from mopsnb.analysis.scoring.calls import keep_chance

pytestmark = pytest.mark.slow

COUNT = 3000


@pytest.fixture(scope="module")
def frame():
    number = np.arange(COUNT)
    closed = {"customer": 11, "opportunity": 13, "disqualified": 17}
    stage = np.select([number % every == 0 for every in closed.values()], list(closed), "lead")
    frame = make_leads(
        seed=5,
        count=COUNT,
        email=[f"person{n}@firm.example" for n in number],
        company=[f"Firm {n % 900}" for n in number],
        email_opt_out=number % 7 == 0,
        lifecycle_stage=stage,
        is_deleted=number % 29 == 0,
        merged_into=np.where(number % 31 == 0, "C00001", None),
        is_bot=number % 37 == 0,
    )
    return frame.sample(frac=1, random_state=0).reset_index(drop=True)


@pytest.fixture(scope="module")
def leads(frame):
    return prepare_leads(frame)


@pytest.fixture(scope="module")
def scoring(leads):
    return score_leads(leads)


def find_open(frame):
    """The leads to call, by an independent route."""
    gone = frame["is_deleted"] | frame["merged_into"].notna() | frame["is_bot"] | frame["email_opt_out"]
    return frame[~gone & ~frame["is_converted"] & (frame["lifecycle_stage"] == "lead")]


def test_the_list_holds_the_open_leads_with_the_highest_scores(frame, leads, scoring):
    calls = list_calls(leads, scoring)
    scores = (
        find_open(frame)
        .merge(scoring.scores, on="contact_id")
        .sort_values(["score", "created_at"], ascending=[False, False])
    )

    assert calls["contact_id"].tolist() == scores["contact_id"].head(20).tolist()
    assert calls["rank"].tolist() == list(range(1, 21))
    assert calls["score"].is_monotonic_decreasing


def test_nobody_is_called_who_opted_out_converted_or_is_no_lead(frame, leads, scoring):
    everyone = list_calls(leads, scoring, count=COUNT)

    assert set(everyone["contact_id"]) == set(find_open(frame)["contact_id"])


def test_who_is_left_out_is_counted_once_with_a_reason(frame, leads):
    left_out = list_left_out(leads).set_index("reason")["leads"]

    assert left_out.sum() == COUNT - len(find_open(frame))
    assert set(left_out.index) == {
        *("deleted", "merged into another record", "bot", "already converted", "opted out"),
        *("already a customer", "already with sales", "disqualified"),
    }


def test_no_cell_shows_an_address_unless_the_workspace_allows_it(leads, scoring):
    hidden = list_calls(leads, scoring)
    shown = list_calls(leads, scoring, show_email=True)

    assert not hidden.astype(str).apply(lambda column: column.str.contains("@")).any(axis=None)
    assert shown["email"].str.contains("@firm.example").all()
    assert not any(
        frame.astype(str).apply(lambda column: column.str.contains("@")).any(axis=None)
        for frame in (scoring.scores, scoring.points, scoring.segments, scoring.attributes, leads.excluded)
    )


def test_equal_scores_stand_with_the_newest_first_and_then_by_id():
    moment = pd.Timestamp("2024-02-01", tz="UTC")
    frame = make_leads(seed=6, count=2000)
    twin = frame["contact_id"].isin(["C00100", "C00200", "C00300"])
    frame.loc[twin, ["source", "level", "pages", "is_converted"]] = ["referral", "director", 15, False]
    frame.loc[frame["contact_id"].isin(["C00100", "C00300"]), "created_at"] = moment
    frame.loc[frame["contact_id"] == "C00200", "created_at"] = moment + pd.Timedelta(days=1)
    ids = []
    for seed in range(3):
        leads = prepare_leads(frame.sample(frac=1, random_state=seed))
        calls = list_calls(leads, score_leads(leads), count=2000)["contact_id"]
        ids.append([name for name in calls if name in ("C00100", "C00200", "C00300")])

    assert ids == [["C00200", "C00100", "C00300"]] * 3


def test_the_reasons_are_the_values_that_bring_most_points(leads, scoring):
    calls = list_calls(leads, scoring)
    row = leads.frame.set_index("contact_id").loc[calls["contact_id"].iloc[0]]
    points = scoring.points.set_index(["attribute", "value"])["points"]

    assert f"source: {row['source']} ({points['source', row['source']]} points)" in calls["why"].iloc[0]
    assert calls["why"].str.count("points").between(1, 3).all()


def test_a_lead_that_has_waited_has_less_of_its_chance_left():
    """All conversions come within 10 days: a lead of 5 days keeps part of its chance, one of 11 days none."""
    frame = make_leads(seed=7, count=4800)
    days = pd.to_timedelta(np.arange(4800) % 10 + 1, unit="D")
    frame["converted_at"] = (frame["created_at"] + days).where(frame["is_converted"])
    leads = prepare_leads(frame)
    scoring = score_leads(leads)

    calls = list_calls(leads, scoring, count=4800).merge(scoring.scores, on="contact_id", suffixes=("", "_at_start"))
    age = (frame["created_at"].max() - pd.to_datetime(calls["came_in"], utc=True)).dt.days

    assert age.max() <= 10
    assert calls["probability"].is_monotonic_decreasing
    assert (calls["probability"] <= calls["probability_at_start"] + 1e-12).all()
    assert (calls.loc[age >= 5, "probability"] < 0.7 * calls.loc[age >= 5, "probability_at_start"]).all()
    assert "older than any lead was when it converted" in set(list_left_out(leads)["reason"])


@given(st.floats(0.01, 0.99), st.floats(0, 1))
def test_the_chance_left_is_that_of_bayes(probability, left):
    """Of leads that convert, a share has done so already; the rest is compared with all who have not."""
    still = probability * left
    expected = still / (still + (1 - probability))

    assert keep_chance(np.array([probability]), np.array([left]))[0] == pytest.approx(expected)


def test_without_a_ranking_there_is_no_call_list(frame):
    few = prepare_leads(frame.head(150))
    calls = list_calls(few, score_leads(few), show_email=True)

    assert calls.empty
    assert "email" in calls
