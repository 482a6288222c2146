"""Values are grouped so that each group has enough leads and a name of its own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsnb.analysis.scoring.groups import MISSING_LABEL, OTHER_LABEL, group_values
from mopsnb.analysis.scoring.values import Column

NAN = np.nan


@given(st.lists(st.integers(-50, 50) | st.none(), min_size=1, max_size=300), st.integers(1, 40), st.integers(2, 8))
def test_every_number_has_one_group_and_groups_have_enough_leads(values, least, most):
    column = Column("x", np.array([NAN if value is None else value for value in values], dtype=float))

    grouping = group_values(column, least, most)
    groups = grouping.place(column)
    sizes = np.bincount(groups, minlength=len(grouping.labels))[:-1]

    assert len(set(grouping.labels)) == len(grouping.labels)
    assert (groups == len(grouping.labels) - 1).tolist() == np.isnan(column.cells).tolist()
    assert len(sizes) == 1 or sizes.min() >= least
    known = ~np.isnan(column.cells)
    order = np.argsort(column.cells[known], kind="stable")
    assert (np.diff(groups[known][order]) >= 0).all()


def test_a_value_that_many_leads_share_is_a_group_of_its_own():
    """The bank's 999 days means: never called before."""
    column = Column("pdays", np.array([999.0] * 900 + list(range(1, 28)) * 4))

    grouping = group_values(column, 20, 6)

    assert grouping.labels[-2:] == ("999", MISSING_LABEL)
    assert (np.bincount(grouping.place(column))[-1]) == 900


def test_named_values_with_too_few_leads_are_put_together():
    column = Column("x", np.array([0.0] * 50 + [1.0] * 40 + [2.0] * 3 + [NAN] * 7), ("a", "b", "rare"))

    grouping = group_values(column, 20, 12)

    assert grouping.labels == ("a", "b", OTHER_LABEL, MISSING_LABEL)
    assert np.bincount(grouping.place(column)).tolist() == [50, 40, 3, 7]


def test_a_number_never_seen_before_falls_into_the_nearest_range():
    grouping = group_values(Column("x", np.repeat([1.0, 2.0, 3.0], 30)), 20, 6)

    assert grouping.place(Column("x", np.array([-9.0, 2.5, 99.0]))).tolist() == [0, 2, 2]


@pytest.mark.parametrize("values", [[0.12341, 0.12342, 0.12343], [1e9 + 1, 1e9 + 2, 1e9 + 3]])
def test_ranges_that_round_to_the_same_text_keep_apart(values):
    grouping = group_values(Column("x", np.repeat(values, 30)), 20, 6)

    assert len(set(grouping.labels)) == 4
