"""Tables are short, formatted, named, and announce their headers."""

import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from mopsnb import view
from mopsnb.view import Column, table
from mopsnb.view.columns import KINDS
from mopsnb.view.tables import make_id

FRAME = pd.DataFrame(
    {
        "goal": ["Clicks", "Churn", "Revenue"],
        "status": ["at_risk", "met", "no_data"],
        "value": [108000, 0.0047, np.nan],
        "unit": ["count", "fraction", "currency"],
        "change": [0.042, -0.1, np.nan],
        "points": [0.0012, -0.0012, np.nan],
        "deadline": [pd.Timestamp("2026-12-31"), pd.Timestamp("2026-06-30"), pd.NaT],
        "cost": [1204.4, 30.0, np.nan],
    }
)
COLUMNS = {
    "goal": Column("Goal"),
    "status": Column("Status", "status"),
    "value": Column("Actual", "value", "unit"),
    "change": Column("Change", "change"),
    "points": Column("Gap", "percent_points"),
    "deadline": Column("Deadline", "date"),
    "cost": Column("Cost", "currency"),
}


class Reader(HTMLParser):
    """Collects tags with their attributes, and the text of each cell."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.cells, self._open = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("td", "th", "caption"):
            self.cells.append("")
            self._open = True

    def handle_endtag(self, tag):
        self._open = self._open and tag not in ("td", "th", "caption")

    def handle_data(self, data):
        if self._open:
            self.cells[-1] += data


def read(html):
    return Reader(html._repr_mimebundle_()["text/html"])


def test_cells_are_written_by_kind_and_what_is_missing_is_a_dash():
    cells = read(table(FRAME, caption="Goals", columns=COLUMNS)).cells
    assert cells[8:15] == ["Clicks", "at risk", "108,000", "up 4.2%", "+0.12 points", "Dec 31, 2026", "$1,204"]
    assert cells[15:22] == ["Churn", "met", "0.47%", "down 10.0%", "−0.12 points", "Jun 30, 2026", "$30"]
    assert cells[22:] == ["Revenue", "no data", "–", "–", "–", "–", "–"]


def test_a_missing_cell_says_so_to_who_points_at_it():
    assert '<span class="mops-missing" title="missing">–</span>' in table(FRAME, caption="Goals", columns=COLUMNS).html


def test_a_table_has_a_caption_and_headers_with_scope():
    tags = read(table(FRAME, caption="Goals", columns=COLUMNS)).tags
    names = [tag for tag, _ in tags]
    assert names[names.index("table") + 1] == "caption"
    scopes = [attributes.get("scope") for tag, attributes in tags if tag == "th"]
    assert scopes == ["col"] * 7 + ["row"] * 3


def test_every_header_that_a_cell_names_exists():
    tags = read(table(FRAME, caption="Goals", columns=COLUMNS)).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {name for _, a in tags for name in a.get("headers", "").split()} <= set(ids)


def test_figures_stand_right_and_words_left():
    tags = read(table(FRAME, caption="Goals", columns=COLUMNS)).tags
    first = [attributes["class"] for tag, attributes in tags if tag == "td"][:6]
    assert ["gt_right" in names for names in first] == [False, True, False, True, False, True]


def test_a_table_holds_no_script_and_no_style_of_its_own():
    html = table(FRAME, caption="Goals", columns=COLUMNS).html
    assert not re.search(r"<(script|style|link)|\son\w+=|style=|data-quarto", html)


def test_names_from_data_are_escaped_in_cells_labels_and_caption(evil):
    frame = pd.DataFrame({"name": [evil, "b"], "note": [evil, ""]})
    shown = table(frame, caption=evil, columns={"name": Column(evil), "note": Column("Note")})
    assert "<img" not in shown.html
    assert read(shown).cells == [evil, evil, "Note", evil, evil, "b", "–"]


def test_more_than_twelve_rows_need_a_limit_that_the_caption_names():
    long = pd.DataFrame({"a": range(1500)})
    with pytest.raises(ValueError, match="1500 rows are too many"):
        table(long, caption="Rows")
    shown = table(long, caption="Rows", limit=12)
    assert read(shown).cells[0] == "Rows (first 12 of 1,500)"
    assert [tag for tag, _ in read(shown).tags].count("tr") == 13
    assert read(table(long.head(5), caption="Rows", limit=12)).cells[0] == "Rows"


def test_the_rest_of_a_long_table_is_folded_below_in_the_order_for_looking_up():
    ranked = pd.DataFrame({"a": [f"row {place}" for place in range(14)]})
    shown = table(ranked, caption="Rows", limit=12, whole=ranked.iloc[::-1])
    html = shown._repr_mimebundle_()["text/html"]
    _, folded = html.split("<details")
    assert "<summary>Show all 14 rows</summary>" in folded
    assert read(shown).cells[1:4] == ["A", "row 0", "row 1"]
    assert [f"row {place}" for place in (13, 0)] == re.findall(r"row \d+", folded)[:: len(ranked) - 1]
    assert "<details" not in table(ranked.head(12), caption="Rows", limit=12).html
    ids = [attrs["id"] for tag, attrs in read(shown).tags if "id" in attrs]
    assert len(set(ids)) == len(ids)


def test_a_table_too_long_for_a_page_names_where_its_rows_are():
    html = table(pd.DataFrame({"a": range(251)}), caption="Rows", limit=12).html
    assert "All 251 rows are in the files of this page's results." in html
    assert "<details" not in html


def test_a_channel_has_its_name_and_other_words_have_spaces():
    view.use_theme("USD", channels={"paid_search": "Paid search"})
    frame = pd.DataFrame({"key": ["paid_search", "list_import", ""]})
    assert read(table(frame, caption="t", columns={"key": Column("Key", "name")})).cells[2:] == [
        "Paid search",
        "list import",
        "–",
    ]


def test_a_signed_number_says_more_or_less():
    frame = pd.DataFrame({"row": list("abc"), "x": [3.2, -7.8, 0.2]})
    columns = {"row": Column("Row"), "x": Column("X", "signed", digits=0)}
    assert read(table(frame, caption="t", columns=columns)).cells[-5::2] == ["+3", "−8", "0"]


@pytest.mark.parametrize("limit", [0, 13])
def test_a_limit_is_between_one_and_twelve(limit):
    with pytest.raises(ValueError, match="expected 1 to 12"):
        table(FRAME, caption="Goals", limit=limit)


def test_no_rows_are_a_note():
    assert "no data" in table(FRAME.head(0), caption="Goals", columns=COLUMNS).text


def test_a_wrong_column_or_kind_is_named_with_the_nearest():
    with pytest.raises(ValueError, match=r"no column 'gaol'.* Did you mean 'goal'"):
        table(FRAME, caption="Goals", columns={"gaol": Column("Goal")})
    with pytest.raises(ValueError, match=r"kind is 'percents'.* Did you mean 'percent'"):
        Column("Share", "percents")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_writes_a_missing_cell_as_a_dash(kind):
    frame = pd.DataFrame({"row": ["a"], "x": [np.nan]})
    assert read(table(frame, caption="t", columns={"row": Column("Row"), "x": Column("X", kind)})).cells[-1] == "–"


def test_a_column_of_percent_shares_its_decimals():
    frame = pd.DataFrame({"row": ["a", "b"], "x": [0.004, 0.12]})
    cells = read(table(frame, caption="t", columns={"row": Column("Row"), "x": Column("X", "percent")})).cells
    assert cells[-3::2] == ["0.40%", "12.00%"]


def test_without_columns_all_are_shown_by_their_type():
    frame = pd.DataFrame({"lead_source": ["web"], "leads": [1200], "on": [pd.Timestamp("2026-09-30")]})
    assert read(table(frame, caption="t")).cells[1:] == ["Lead source", "Leads", "On", "web", "1,200", "Sep 30, 2026"]


def test_the_id_follows_the_caption_and_the_bytes_are_the_same():
    assert make_id("Goals") == make_id("Goals") != make_id("Other goals")
    assert table(FRAME, caption="Goals", columns=COLUMNS) == table(FRAME, caption="Goals", columns=COLUMNS)


def test_a_terminal_shows_aligned_columns():
    text = table(
        FRAME[["goal", "cost"]], caption="Goals", columns={"goal": Column("Goal"), "cost": Column("Cost", "currency")}
    )
    assert str(text).splitlines() == [
        "Goals",
        "Goal       Cost",
        "Clicks   $1,204",
        "Churn       $30",
        "Revenue       –",
    ]
