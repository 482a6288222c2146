"""The quick ways of usual cells and rows give what the long ways give."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from import_samples import HEADER

from mopsnb.data.contract import TABLES
from mopsnb.data.importing import cells, dates, evidence
from mopsnb.data.importing.cells import Memo, Reading, make_memo, read_plain_texts
from mopsnb.data.importing.columns import Shape
from mopsnb.data.importing.model import Column
from mopsnb.data.importing.numbers import TYPED, find_evidence, read_styles
from mopsnb.data.importing.recognition import recognize
from mopsnb.data.importing.sorting import Sorter, is_blank
from mopsnb.data.importing.sources import read_sources

FIELDS = TABLES["ad_daily"].fields
NUMBERS = st.one_of(
    st.from_regex(r"[0-9.,]{1,16}", fullmatch=True),
    st.from_regex(r"-?[$€]?[0-9]{1,4}([.,][0-9]{3}){0,3}([.,][0-9]{0,7})? ?%?", fullmatch=True),
    st.sampled_from(["", " ", "--", "1e5", "٣", "1,23,456.00", '="7"', TYPED + "3", "(5)", "5-", "1 000,5"]),
)
TEXTS = st.text(alphabet=f" aB7-='\"{TYPED}\u00a0", max_size=6)


@given(NUMBERS, st.sampled_from(["point", "comma"]), st.sampled_from(["spend", "clicks"]), st.booleans())
def test_a_number(text: str, style: str, name: str, micros: bool) -> None:
    spec = Column(headers=["x"], unit="micros" if micros else "one")
    reading = Reading(style=style)  # type: ignore[arg-type]
    long = cells._KINDS[FIELDS[name].kind](text.removeprefix('="').removesuffix('"'), FIELDS[name], spec, reading)
    assert make_memo(FIELDS[name], spec, reading)[text] == long


@given(NUMBERS, st.booleans())
def test_the_style_of_a_number(text: str, whole: bool) -> None:
    quick = (evidence._COUNTED if whole else evidence._MEASURED).fullmatch(text)
    if quick:
        assert find_evidence(read_styles(text, whole=whole)) == str(quick.lastgroup).replace("plain", "")


@given(st.lists(TEXTS))
def test_a_text(texts: list[str]) -> None:
    spec = Column(headers=["x"])
    memo = make_memo(FIELDS["campaign_name"], spec, Reading())
    assert read_plain_texts(texts, memo) == [Memo(memo.convert)[text] for text in texts]


@given(
    st.datetimes(min_value=dates._EXCEL_EPOCH),
    st.sampled_from(["", "Z", " UTC", "+02:00", "-07:30"]),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d"]),
)
def test_a_time(moment: object, zone: str, form: str) -> None:
    text = f"{moment:{form}}" + ("" if form == "%Y-%m-%d" else zone)
    assert dates._QUICK.fullmatch(text)
    assert dates.read_moment(text) == dates._read(text, None)


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01 00:00:00", "2026-01-01 25:00:00", "2026-01-01 24:00:00"])
def test_a_day_that_does_not_exist(text: str) -> None:
    assert dates.read_moment(text) is None


@given(
    st.lists(st.sampled_from(["", " ", "Total", "Total: Account", "A", "2026-09-01", "Day", "#", "1", "Clicks", "--"]))
)
def test_a_row(row: list[str]) -> None:
    match = recognize("x.csv", [HEADER.strip().split(",")], read_sources(), {}, given=False)
    sorter = Sorter(Shape("x.csv", match))
    for cells_ in (row, (row * 7)[:7]):
        quick = sorter.is_plain(cells_)
        if quick:
            assert sorter.sort(cells_) == "row"
    assert is_blank(row) == (not re.search(r"\S", "".join(row)))


def test_the_usual_cells_take_the_quick_way() -> None:
    """Else the tests above would compare the long way with itself."""
    for name, text in (("spend", "1,234.50"), ("spend", "7"), ("clicks", "1,234")):
        quick = cells._make_quick(FIELDS[name], Column(headers=["x"]), "point")
        assert quick is not None
        assert quick(text) == Decimal(text.replace(",", ""))
    match = recognize("x.csv", [HEADER.strip().split(",")], read_sources(), {}, given=False)
    assert Sorter(Shape("x.csv", match)).is_plain(["2026-09-01", "A", "EUR", "10", "1", "1.50", "0"])
