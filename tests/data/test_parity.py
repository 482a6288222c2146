"""Both executors of the contract, DuckDB SQL and pandera, find the same faults in the same cells."""

import csv
import os

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mopsnb.data.checks import list_checks
from mopsnb.data.connection import connect
from mopsnb.data.contract import TABLES, read_table
from mopsnb.data.contract.columns import above, any_filled, at_least, column, declare_table, matches, one_of, usually
from mopsnb.data.files import inspect_file
from mopsnb.data.frames import find_misfits

pytestmark = pytest.mark.slow

ODD = [
    "", "0", "1", "-1", "1.5", "12.0", "12.5", "1,5", "$5", "--", "1_000", "1e3", "1.2E+3", "1e-9", ".5", "5.", ".",
    "+3", " 7 ", "1 000", "0x10", "nan", "inf", "-0", "1e99", "999999999999.999999", "999999999999.9999999",
    "1000000000000", "0.1234567", "5.279999999999999", "0.30000000000000004", "9223372036854775807",
    "9223372036854775808", "1e19", "1E+2", "true", "FALSE", "Yes", "no", "y", "t", "2026-01-05", "2026-02-30",
    "2026-1-5", "05.01.2026", "2026-13-01", "2026-01", "2026-13", "2026-00", "2026-01-05T00:00:00Z",
    "2026-01-05 00:00:00", "2026-01-05T10:00:00Z", "2026-01-05T10:00", "2026-01-05T10:00:00+02:00",
    "2026-01-05 10:00:00 UTC", "2026-01-05T25:00:00Z", "2026-01-05T10:00:00.123456789Z", "2026-01-05T10:00:00+0530",
    "2026-01-05T10:00:00-05", "2026-01-05T10:00:00+15:00", "20260105", "1767571200", "infinity", "0000-01-01",
    "9999-12-31", "EUR", "eur", "sent", "Sent", "clik", "paid", "a;b; c", "0012", "1.2E+15", "ä\nö", 'say "x"',
]  # fmt: skip
NUMBER_LIKE = st.from_regex(r"[+-]?[0-9]{0,14}(\.[0-9]{0,20})?([eE][+-]?[0-9]{1,2})?", fullmatch=True)
CELLS = st.one_of(
    st.sampled_from(ODD), NUMBER_LIKE, st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=6)
)


def find_with_sql(path, table):
    """Return (row, column, rule) of every fault, from the SQL checks."""
    with connect(path.parent) as connection:
        file = inspect_file(table, path, connection)
        checks = [check for check in list_checks(file, "Europe/Berlin") if check.is_fault]
        marks = ", ".join(check.predicate for check in checks)
        rows = connection.execute(f"SELECT _mopsnb_row, {marks} FROM {file.numbered}").fetchall()
    names = [("" if check.rule == "any_filled" else check.column, check.rule) for check in checks]
    return {(row, *name) for row, *marked in rows for name, mark in zip(names, marked) if mark}


def write_rows(path, columns, rows):
    """Write a CSV file with every cell quoted."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([columns, *rows])


def assert_same_faults(table, path, rows):
    """Compare both executors on one table of text cells."""
    columns = list(table.fields)
    write_rows(path, columns, rows)
    frame = pd.DataFrame(rows, columns=columns, dtype="str").replace("", None)
    expected = {tuple(row) for row in find_misfits(table, frame).itertuples(index=False)}
    assert find_with_sql(path, table) == expected


@pytest.mark.parametrize("name", sorted(TABLES))
def test_each_table_with_odd_cells(name, tmp_path):
    """In every table, each column holding every odd cell, both executors report the same row, column and rule."""
    table = TABLES[name]
    rows = [[ODD[(row + column) % len(ODD)] for column in range(len(table.fields))] for row in range(len(ODD))]
    assert_same_faults(table, tmp_path / f"{name}.csv", rows)


EVERY_RULE = read_table(
    declare_table(
        "every_rule",
        "a row with a column of each kind and rule",
        {
            "key": column("id", "An id.", required=True),
            "moment": column("timestamp", "A time.", required=True),
            "day": column("date", "A day."),
            "month": column("month", "A month."),
            "amount": column("decimal", "Money.", unit="money"),
            "hours": column("decimal", "Hours.", at_least(0)),
            "rate": column("rate", "A rate.", above(0)),
            "ratio": column("number", "A number.", at_least(1)),
            "clicks": column("integer", "A count.", at_least(0)),
            "flag": column("boolean", "A flag."),
            "kind": column("text", "An enumeration.", one_of("sent", "paid")),
            "mood": column("text", "An open enumeration.", usually("good", "bad")),
            "currency": column("text", "A currency.", matches("[A-Z]{3}", "a code")),
            "parts": column("list", "A list."),
        },
        any_filled("day", "month"),
        role="reference",
    )
)


@pytest.mark.slow
@pytest.mark.tenth
def test_any_text(tmp_path):
    """Whatever text stands in the cells, both executors report the same row, column and rule."""
    width = len(EVERY_RULE.fields)

    @settings(
        max_examples=1000 if os.environ.get("MOPSNB_SOAK") else 40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6))
    def compare(rows):
        assert_same_faults(EVERY_RULE, tmp_path / "every_rule.csv", rows)

    compare()
