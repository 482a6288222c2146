"""Days that stand out: spikes of one segment, silences of all."""

import numpy as np
import pandas as pd
import pytest

from mopsnb.analysis import find_odd_days

SPAN = pd.date_range("2026-01-01", periods=60, freq="D")


def make(values, segment="search", measure="spend"):
    return pd.DataFrame({"day": SPAN, "segment": segment, "measure": measure, "value": values})


def calm():
    return 100 + 10 * np.sin(np.arange(60.0))


def test_a_day_of_three_times_the_usual_is_a_spike():
    values = calm()
    values[30] = 460

    found = find_odd_days(make(values))

    assert found[["kind", "segment", "days"]].iloc[0].tolist() == ["spike", "search", 1]
    assert found["first_on"].tolist() == [SPAN[30]]
    assert found["usual"].iloc[0] == pytest.approx(np.median(np.delete(values[16:45], 14)))
    assert len(found) == 1


def test_a_day_of_twice_the_usual_is_none():
    values = calm()
    values[30] = 220

    assert find_odd_days(make(values)).empty


def test_days_without_anything_in_all_segments_are_a_silence():
    values = np.full(60, 4.0)
    values[20:24] = 0

    found = find_odd_days(pd.concat([make(values, "a", "conversions"), make(values, "b", "conversions")]))

    assert found[["kind", "segment", "days"]].iloc[0].tolist() == ["silence", "", 4]
    assert (found["first_on"].iloc[0], found["last_on"].iloc[0]) == (SPAN[20], SPAN[23])
    assert found["usual"].iloc[0] == 8
    assert "Missing data is likely" in found["reading"].iloc[0]


def test_a_day_without_a_row_is_one_without_anything():
    frame = make(np.full(60, 9.0))

    found = find_odd_days(frame.drop(index=[30, 31, 32]))

    assert found["days"].tolist() == [3]


@pytest.mark.parametrize("gone", [[20, 21], []])
def test_two_silent_days_are_none_and_one_segment_alone_is_none(gone):
    values, other = np.full(60, 4.0), np.full(60, 4.0)
    values[gone] = other[gone] = 0
    other[40:50] = 0

    assert find_odd_days(pd.concat([make(values, "a"), make(other, "b")])).empty


def test_few_events_a_day_are_silent_by_chance():
    values = np.full(60, 1.0)
    values[20:26] = 0

    assert find_odd_days(make(values)).empty


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_handful_of_days_has_no_odd_one(count):
    assert find_odd_days(make(calm()).head(count)).empty
