"""Of very many leads a sample is learned from: which one, what it costs, and what stays exact."""

import numpy as np
import pandas as pd
import pytest
from scoring_samples import make_leads

from mopsnb.analysis.scoring import leads as reading
from mopsnb.analysis.scoring import list_calls, prepare_leads, sampling, score_leads
from mopsnb.analysis.scoring.sampling import draw_sample, say_sample

COUNT = 4000


@pytest.fixture
def few(monkeypatch):
    """Let a sample be drawn from a thousand leads on."""
    monkeypatch.setattr(sampling, "ALL_LEADS", 1000)
    monkeypatch.setattr(sampling, "SAMPLE_LEADS", 1600)
    monkeypatch.setattr(sampling, "SAMPLE_HITS", 100)


def draw(names, won=None):
    count = len(names)
    return draw_sample(names, np.arange(count), np.arange(count), np.arange(count) % 5 == 0 if won is None else won)


def test_up_to_the_limit_all_leads_are_learned_from():
    learn = np.arange(3, 2000)
    names = pd.Series([f"C{number}" for number in range(2000)])
    assert draw_sample(names, np.arange(2000), learn, learn % 5 == 0) is learn
    assert say_sample(len(learn), len(learn)) == ""


def test_a_sample_is_the_same_in_any_order_and_nearly_the_same_when_leads_are_added(few):
    names = pd.Series([f"C{number}" for number in range(COUNT)])
    drawn = set(names.iloc[draw(names)])
    assert len(drawn) == 1600
    shuffled = names.sample(frac=1, random_state=3).reset_index(drop=True)
    assert set(shuffled.iloc[draw(shuffled)]) == drawn
    more = pd.Series([*names, *(f"N{number}" for number in range(COUNT // 10))])
    kept = drawn & set(more.iloc[draw(more)])
    assert 1600 * 0.86 < len(kept) < 1600  # one in eleven leads is new, and so is about one in eleven of the sample


def test_a_sample_has_the_conversion_rate_of_all_leads(few):
    names = pd.Series([f"C{number}" for number in range(COUNT)])
    won = np.random.default_rng(2).random(COUNT) < 0.2
    error = np.sqrt(0.2 * 0.8 / 1600 * (1 - 1600 / COUNT))
    assert abs(won[draw(names, won)].mean() - won.mean()) < 3 * error


def test_rare_conversions_need_a_larger_sample(few):
    names = pd.Series([f"C{number}" for number in range(COUNT)])
    assert len(draw(names, np.arange(COUNT) % 20 == 0)) == 2000  # 100 of 200 conversions: half of the leads
    assert len(draw(names, np.arange(COUNT) % 50 == 0)) == COUNT  # only 80 conversions


def test_a_sample_changes_the_precision_and_not_the_counts(few, monkeypatch):
    frame = make_leads(seed=5, count=COUNT)
    frame["call_minutes"] = np.where(frame["is_converted"], 9.0, np.nan)
    table = prepare_leads(frame)
    found = score_leads(table)
    monkeypatch.setattr(sampling, "ALL_LEADS", COUNT)
    whole = prepare_leads(frame)
    every = score_leads(whole)

    assert len(table.sample) == 1600
    assert len(whole.sample) == len(table.learn) == COUNT
    assert table.excluded["column"].tolist() == whole.excluded["column"].tolist() == ["call_minutes"]
    assert found.scores["contact_id"].tolist() == every.scores["contact_id"].tolist()
    assert found.scores["score"].corr(every.scores["score"]) > 0.95
    rate = found.headline.set_index("name").loc["conversion_rate"]
    assert (rate["value"], rate["n"]) == (frame["is_converted"].mean(), COUNT)
    referrals = frame[frame["source"] == "referral"]["is_converted"]
    for given in (found.points, found.segments):
        row = given[given["value"] == "referral"].iloc[0]
        assert (row["leads"], row["conversions"]) == (len(referrals), referrals.sum())

    auc, best = (
        given.evaluation.set_index(["model", "split", "measure"]).loc[("points_card", "time", "auc")]
        for given in (found, every)
    )
    assert (auc["high"] - auc["low"]) / (best["high"] - best["low"]) == pytest.approx((COUNT / 1600) ** 0.5, rel=0.15)
    assert auc["low"] < best["value"] < auc["high"]
    calls = list_calls(table, found, count=12)
    assert calls["rank"].tolist() == list(range(1, 13))


def test_the_page_says_that_a_sample_was_drawn(few):
    (note,) = [note for note in prepare_leads(make_leads(seed=5, count=COUNT)).notes if "learns from" in note]
    assert note.startswith("Of 4,000 leads with a known outcome, the score learns from 1,600 and is tested on those")
    assert note.endswith("1.6 times as wide as all leads would make them.")


def test_only_columns_that_the_page_shows_are_kept_of_very_many_leads(few):
    frame = make_leads(seed=5, count=COUNT).assign(company="Acme", country=["FR", "DE"] * (COUNT // 2))
    table = prepare_leads(frame)
    assert list(table.frame) == ["contact_id", "company", "country"]
    assert set(table.frame) <= set(reading.SHOWN)
    assert table.frame["country"].tolist() == frame["country"].tolist()
    assert {column.name for column in table.attributes} >= {"source", "level", "pages", "country"}


def test_dates_and_flags_of_all_leads_are_read_like_those_of_the_sample(few):
    frame = make_leads(seed=5, count=COUNT)
    asked = frame["created_at"] - pd.to_timedelta(np.arange(COUNT) % 90, unit="D")
    frame["first_visit"] = asked.where(np.arange(COUNT) % 3 > 0)
    frame["newsletter"] = np.arange(COUNT) % 2 == 0
    columns = {column.name: column for column in prepare_leads(frame).attributes}
    assert np.isnan(columns["first_visit"].cells[::3]).all()
    assert columns["first_visit"].cells[1:90:3].tolist() == list(range(1, 90, 3))
    assert [columns["newsletter"].levels[int(cell)] for cell in columns["newsletter"].cells[:3]] == ["yes", "no", "yes"]
