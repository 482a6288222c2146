"""Cells are read by what they hold, whatever type a file gave them."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from mopsnb.analysis.scoring.values import is_filled, list_oddities, read_cells, read_flags


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2.5", "-3"], "number"),
        (["0012", "0013"], "text"),
        (["2024-01-31", "2024-02-01T10:00:00Z"], "date"),
        (["2024-01-31", "soon"], "text"),
        ([Decimal("1.50"), None], "number"),
        ([None, "", "  "], "empty"),
        ([], "empty"),
    ],
    ids=["numbers", "leading zeros", "dates", "a date and a word", "decimals", "blank", "no rows"],
)
def test_text_is_read_as_what_it_holds_throughout(cells, kind):
    assert read_cells(pd.Series(cells, dtype=object, name="x")).kind == kind


def test_a_leading_zero_and_a_long_id_survive_as_text():
    column = read_cells(pd.Series(["0012", "123456789012345678"], name="id")).column

    assert column.levels == ("0012", "123456789012345678")


def test_blank_cells_are_missing_and_values_keep_their_rows():
    column = read_cells(pd.Series(["b", "", None, " a "], name="x")).column

    assert column.levels == ("a", "b")
    assert column.cells[[0, 3]].tolist() == [1.0, 0.0]
    assert np.isnan(column.cells[1:3]).all()


@pytest.mark.parametrize("dtype", ["object", "boolean"])
def test_booleans_become_yes_and_no(dtype):
    column = read_cells(pd.Series([True, None, False], dtype=dtype, name="x")).column

    assert column.levels == ("no", "yes")
    assert column.cells[0] == 1.0
    assert np.isnan(column.cells[1])


def test_whole_numbers_with_gaps_stay_numbers():
    column = read_cells(pd.Series([3, None], dtype="Int64", name="x")).column

    assert column.cells[0] == 3.0
    assert np.isnan(column.cells[1])


def test_lists_are_read_as_their_items():
    column = read_cells(pd.Series([np.array(["a", "b"]), None], dtype=object, name="x")).column

    assert column.levels == ("a; b",)


def test_yes_and_no_are_understood_in_every_usual_spelling():
    flags = read_flags(pd.Series(["Yes", "TRUE", "1", "1.0", 1, True, "n", "false", 0, 0.0, None], dtype=object))

    assert flags[:6].tolist() == [1.0] * 6
    assert flags[6:10].tolist() == [0.0] * 4
    assert np.isnan(flags[10])


def test_what_is_neither_yes_nor_no_is_named():
    assert list_oddities(pd.Series(["yes", "maybe", "", None, "later"])) == ["later", "maybe"]


def test_blank_text_does_not_count_as_filled():
    assert is_filled(pd.Series(["x", " ", None])).tolist() == [True, False, False]
