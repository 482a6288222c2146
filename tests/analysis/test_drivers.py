"""What moved a figure: mix and rate effects that add up to the change, whatever the segments do."""

import math
from datetime import date

import analysis_samples as samples
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsnb.analysis import explain_moves
from mopsnb.analysis.cards import find_card
from mopsnb.analysis.drivers import REST, Figure, split_change, tell_change

NAN = math.nan
WHOLE = st.integers(0, 10_000)
SEGMENTS = st.dictionaries(st.sampled_from("abcdef"), st.tuples(WHOLE, WHOLE))


def ratio(top, base):
    return Figure(top / base if base else NAN, float(top), float(base))


def count(value):
    return Figure(float(value), float(value), NAN)


def total(pairs):
    return ratio(sum(top for top, _ in pairs.values()), sum(base for _, base in pairs.values()))


def test_a_ratio_is_split_by_hand():
    """Search: share 0.6 to 0.4, rate 0.10 to 0.12. Display: share 0.4 to 0.6, rate 0.02 to 0.02. The whole falls from
    0.068 to 0.060, middle 0.064. Search: rate 0.5 × 0.02 = 0.010, mix −0.2 × (0.11 − 0.064) = −0.0092.
    Display: rate 0, mix 0.2 × (0.02 − 0.064) = −0.0088. Together 0.010 − 0.018 = −0.008."""
    before = {"search": ratio(60, 600), "display": ratio(8, 400)}
    after = {"search": ratio(48, 400), "display": ratio(12, 600)}

    rows = split_change(before, after, (ratio(68, 1000), ratio(60, 1000)), additive=False).set_index("segment")

    assert rows["rate"].to_dict() == pytest.approx({"search": 0.010, "display": 0.0})
    assert rows["mix"].to_dict() == pytest.approx({"search": -0.0092, "display": -0.0088})
    assert rows["effect"].sum() == pytest.approx(-0.008)
    assert list(rows.index) == ["display", "search"]
    assert not rows["is_rest"].any()


def test_a_shift_toward_the_worse_segment_alone_is_all_mix():
    """Simpson's paradox: every rate rises, and the whole falls."""
    before = {"good": ratio(90, 100), "poor": ratio(10, 100)}
    after = {"good": ratio(19, 20), "poor": ratio(27, 180)}

    rows = split_change(before, after, (ratio(100, 200), ratio(46, 200)), additive=False)

    assert (rows["rate"] > 0).all()
    assert rows["mix"].sum() < 0
    assert rows["effect"].sum() == pytest.approx(0.23 - 0.5)


@given(SEGMENTS, SEGMENTS, st.sampled_from([1, 1000]))
def test_the_effects_of_a_ratio_add_up_to_the_change(old, new, factor):
    before, after = ({name: ratio(*pair) for name, pair in pairs.items()} for pairs in (old, new))
    ends = [total(old), total(new)]
    ends = [Figure(one.value * factor, one.numerator, one.denominator) for one in ends]

    rows = split_change(before, after, (ends[0], ends[1]), additive=False)

    if math.isnan(ends[0].value) or math.isnan(ends[1].value):
        assert rows.empty
        return
    change = ends[1].value - ends[0].value
    largest = max(abs(ends[0].value), abs(ends[1].value), 1e-9)
    assert math.fsum(rows["effect"]) == pytest.approx(change, abs=1e-9 * largest + 1e-9)
    assert (rows["mix"] + rows["rate"]).tolist() == pytest.approx(rows["effect"].tolist(), abs=1e-9 * largest)
    if ends[0].numerator:
        assert REST not in set(rows["segment"])


@given(SEGMENTS, SEGMENTS, WHOLE)
def test_the_effects_of_a_count_add_up_to_the_change(old, new, extra):
    before, after = ({name: count(top) for name, (top, _) in pairs.items()} for pairs in (old, new))
    ends = count(sum(top for top, _ in old.values())), count(sum(top for top, _ in new.values()) + extra)

    rows = split_change(before, after, ends, additive=True)

    assert math.fsum(rows["effect"]) == pytest.approx(ends[1].value - ends[0].value)
    rest = rows.loc[rows["is_rest"], "effect"].tolist()
    assert rest == ([pytest.approx(extra)] if extra else [])


def test_segments_that_come_and_go_say_so_and_are_all_mix():
    before = {"stays": ratio(10, 100), "goes": ratio(30, 100)}
    after = {"stays": ratio(10, 100), "comes": ratio(2, 100)}

    rows = split_change(before, after, (ratio(40, 200), ratio(12, 200)), additive=False).set_index("segment")

    assert rows["status"].to_dict() == {"stays": "", "goes": "none now", "comes": "none before"}
    assert rows.loc[["goes", "comes"], "rate"].tolist() == [0, 0]
    assert math.isnan(rows.loc["comes", "before"])


def test_spend_without_a_click_is_a_rate_effect():
    before, after = {"a": ratio(100, 50), "b": ratio(0, 0)}, {"a": ratio(100, 50), "b": ratio(25, 0)}

    rows = split_change(before, after, (ratio(100, 50), ratio(125, 50)), additive=False).set_index("segment")

    assert rows.loc["b", ["mix", "rate"]].tolist() == [0, 0.5]


def test_a_person_counted_in_two_segments_is_a_row_of_its_own():
    rows = split_change(
        {"a": count(5), "b": count(5)}, {"a": count(9), "b": count(9)}, (count(8), count(12)), additive=True
    )

    assert rows["effect"].tolist() == [4, 4, -4]
    assert rows["segment"].tolist() == ["a", "b", REST]


def test_a_missing_total_has_no_parts():
    rows = split_change({"a": count(5)}, {}, (count(5), count(NAN)), additive=True)
    card = find_card(samples.CATALOGUE, "leads")

    assert rows.empty
    assert tell_change(rows, card, (count(5), count(NAN)), ("May", "June")).startswith(
        "Leads has no data in May or June"
    )


def test_the_two_latest_complete_months_are_explained_in_words():
    monthly = samples.ratio(date(2026, 7, 1), [(50, 900), (68, 1000), (60, 1000), (1, 10)], partial=True)
    pairs = {"search": [(60, 600), (48, 400)], "display": [(8, 400), (12, 600)]}
    rows = [
        {
            "month": pd.Timestamp(2026, 8 + place, 1),
            "channel": name,
            "numerator": top,
            "denominator": base,
            "value": top / base,
        }
        for name, both in pairs.items()
        for place, (top, base) in enumerate(both)
    ]
    parts = {"email_churn_rate": pd.DataFrame(rows).assign(is_complete=True)}

    drivers, readings = explain_moves(parts, monthly, samples.CATALOGUE)

    assert drivers["effect"].sum() == pytest.approx(-0.008)
    assert readings["title"].tolist() == [
        "Email churn rate: −0.8 points from August 2026 to September 2026, by channel"
    ]
    assert readings["reading"].tolist() == [
        "Email churn rate changed by −0.8 points, from 6.8% in August 2026 to 6% in September 2026. The largest "
        "parts: Display (−0.88 points) and Search (+0.08 points). Rates within segments made +1 points, the mix of "
        "segments −1.8 points."
    ]


def test_a_metric_with_one_month_is_left_out():
    drivers, readings = explain_moves(
        {"leads": pd.DataFrame()}, samples.additive(date(2026, 1, 1), [5], metric="leads"), samples.CATALOGUE
    )

    assert drivers.empty
    assert readings.empty


@pytest.mark.parametrize(("latest", "is_said"), [(103, True), (160, False)])
def test_a_change_between_usual_months_is_said_to_be_noise_perhaps(latest, is_said):
    values = [100, 102, 98, 101, 99, 103, 97, 100, 101, 99, 102, latest]
    monthly = samples.additive(date(2025, 10, 1), values, metric="total_clicks")
    rows = [
        {"month": pd.Timestamp(2026, 8 + place, 1), "campaign": "a", "value": float(value)}
        for place, value in enumerate(values[-2:])
    ]
    frame = pd.DataFrame(rows).assign(numerator=lambda one: one["value"], denominator=NAN, is_complete=True)
    readings = explain_moves({"total_clicks": frame}, monthly, samples.CATALOGUE)[1]

    text = "Both months lie inside their usual range: the change and its parts may be noise."
    assert readings["reading"].iloc[0].endswith(text) is is_said
