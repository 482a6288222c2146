"""Faults are found in their row and column, and said in words that a person can act on."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from workspaces import write_data

from mopsnb.data.engine import Engine
from mopsnb.errors import DataError

EVENTS = "contact_id,event_type,occurred_at\n"
ADS = "date,channel,campaign_id,spend,currency\n"


def list_faults(folder, table):
    """Return the faults of a table as text."""
    return [str(fault) for fault in Engine(folder).faults(table)]


def test_a_clean_table_has_no_faults(tmp_path):
    """A table that keeps to the contract has none."""
    write_data(tmp_path, email_event=EVENTS + "0012,sent,2026-01-05T10:00:00Z\n")
    assert list_faults(tmp_path, "email_event") == []


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        (
            "spend",
            "1,5",
            "found '1,5', expected a number with a decimal point, such as 1234.50, with at most 6 decimals.",
        ),
        ("spend", "$5", "found '$5', expected a number"),
        ("spend", "--", "found '--', expected a number"),
        ("spend", "0.0000001", "found '0.0000001', expected a number"),
        ("spend", "", "found an empty cell, expected a value in each row. Fill the cell, or remove the row."),
        ("clicks", "12.5", "found '12.5', expected a whole number, such as 1200. Use digits only"),
        ("clicks", "-1", "found '-1', expected a number of at least 0."),
        (
            "date",
            "05.01.2026",
            "found '05.01.2026', expected an ISO date, such as 2026-09-30. Write dates as year-month-day.",
        ),
        ("date", "2026-02-30", "found '2026-02-30', expected an ISO date"),
        ("currency", "eur", "found 'eur', expected an ISO 4217 currency code in capitals, such as EUR."),
    ],
)
def test_bad_cells_of_ad_daily(column, cell, says, tmp_path):
    """A bad cell is named with file, row, column, value, expectation and fix; the header is row 1."""
    good = {
        "date": "2026-01-05",
        "channel": "search",
        "campaign_id": "1",
        "spend": "1",
        "currency": "EUR",
        "clicks": "1",
    }
    rows = [good, good | {column: cell}]
    text = ",".join(good) + "\n" + "".join(",".join(f'"{value}"' for value in row.values()) + "\n" for row in rows)
    (fault,) = list_faults(write_data(tmp_path, ad_daily=text), "ad_daily")
    assert fault.startswith(f"data/ad_daily.csv, row 3, {column}: {says}")


@pytest.mark.parametrize(
    ("table", "header", "row", "says"),
    [
        ("contact", "contact_id,is_deleted", "1,maybe", "is_deleted: found 'maybe', expected true or false"),
        ("contact", "contact_id,created_at", "1,1767571200", "created_at: found '1767571200', expected an ISO time"),
        ("budget_plan", "month,area,planned,currency", "01/2026,a,1,EUR", "month: found '01/2026', expected a month"),
        ("metric_value", "metric,period_start,value", "m,2026-01-01,5%", "value: found '5%', expected a number"),
        (
            "fx_rate",
            "date,currency,rate_to_base",
            "2026-01-01,USD,0",
            "rate_to_base: found '0', expected a number above 0",
        ),
        ("web_daily", "date,sessions", ",5", "date or period_start: found an empty cell, expected a value in date or"),
    ],
)
def test_bad_cells_of_other_kinds(table, header, row, says, tmp_path):
    """Each kind of cell says what was expected of it."""
    (fault,) = list_faults(write_data(tmp_path, **{table: f"{header}\n{row}\n"}), table)
    assert fault.startswith(f"data/{table}.csv, row 2, {says}")


def test_a_misspelled_value_gets_a_suggestion(tmp_path):
    """A value close to an allowed one is answered with that one."""
    write_data(tmp_path, email_event=EVENTS + "1,Clik,2026-01-05T10:00:00Z\n")
    (fault,) = list_faults(tmp_path, "email_event")
    assert fault.endswith("Did you mean 'click'?")


def test_one_line_a_kind_with_count_and_first_three(tmp_path):
    """Many cells with one fault make one line: the count, and the first three."""
    bad = "".join(f"2026-01-05,search,1,x{n},EUR\n" for n in range(5000))
    (fault,) = Engine(write_data(tmp_path, ad_daily=ADS + bad)).faults("ad_daily")
    assert (fault.count, fault.place, fault.value) == (5000, "row 2", "'x0'")
    assert fault.examples == ("row 3: 'x1'", "row 4: 'x2'")


def test_faults_come_in_the_order_of_the_columns(tmp_path):
    """Several kinds of fault are listed in the order of the contract's columns."""
    write_data(tmp_path, ad_daily=ADS + ",search,1,x,\n")
    faults = Engine(tmp_path).faults("ad_daily")
    assert [fault.field for fault in faults] == ["spend", "currency", "date or period_start"]


def test_rows_after_a_line_break_in_a_cell_are_counted_as_rows(tmp_path):
    """A quoted cell may span lines; the row number counts rows."""
    write_data(tmp_path, contact='contact_id,email\n1,"a\nb"\n,c\n')
    (fault,) = Engine(tmp_path).faults("contact")
    assert (fault.place, fault.field) == ("row 3", "contact_id")


def test_a_quote_within_an_unquoted_cell_is_text(tmp_path):
    """Five inches may be written as 5" without more quotes."""
    engine = Engine(write_data(tmp_path, contact='contact_id,email\n1,5" pipe\n'))
    assert engine.query("SELECT email FROM contact")["email"].tolist() == ['5" pipe']


def test_long_values_are_shortened(tmp_path):
    """A long cell is cut in the message."""
    write_data(tmp_path, ad_daily=ADS + f"2026-01-05,search,1,{'9' * 500},EUR\n")
    (fault,) = Engine(tmp_path).faults("ad_daily")
    assert len(fault.value) <= 62
    assert fault.value.endswith("…'")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "found an empty file, expected a header line."),
        (b"\xef\xbb\xbf\n", "found an empty file, expected a header line."),
        (
            "contact_id;email\n1;ä\n".encode(),
            "row 1: found columns separated by semicolons, expected columns separated by",
        ),
        (b"contact_id\temail\n1\tx\n", "row 1: found columns separated by tabs"),
        ("contact_id,email\n".encode("utf-16"), "row 1: found UTF-16 or binary data, expected text in UTF-8."),
        (
            "contact_id,größe\n".encode("latin-1"),
            "row 1: found the byte 0xf6 near 'tact_id,größe', expected text in UTF-8.",
        ),
        ("contact_id,email\n1,ä\n2,b\n".encode("latin-1"), "row 2: found '1,?', expected text in UTF-8."),
        (b"contact_id,email,Email\n", "row 1, email: found the column 2 times, expected each column once."),
        (b"contact_id,,email\n", "row 1, column 2: found a column without a name"),
        (b"contact_id,email\n1,a\n2\n3,b,c\n", "row 3: found 1 cell, expected 2 cells, as in the header."),
        (b'contact_id,email\n1,"a\n2,b\n', "expected a closing double quote."),
        (b"contact_id,email\r\n1,a\n2,b\r\n", "found line ends of two kinds, expected one kind of line end."),
        (
            b"email\nx\n",
            "row 1, contact_id: found no such column, expected a required column. Add the column contact_id.",
        ),
        (b"contactid\n1\n", 'Rename the column "contactid" to contact_id.'),
        (b"Contact_ID\n1\n", 'row 1, contact_id: found the column "Contact_ID", expected the column contact_id.'),
    ],
)
def test_files_that_cannot_be_read(content, says, tmp_path):
    """A file that is not a comma-separated UTF-8 table with the required columns says what is wrong."""
    (tmp_path / "contact.csv").write_bytes(content)
    faults = list_faults(tmp_path, "contact")
    assert says in faults[0]
    assert faults[0].startswith("data/contact.csv")
    with pytest.raises(DataError):
        Engine(tmp_path).query("SELECT * FROM contact")


def test_too_short_and_too_long_rows_are_two_kinds(tmp_path):
    """Rows with too few and with too many cells are reported apart, each with its rows."""
    write_data(tmp_path, contact="contact_id,email\n1\n2,b\n3\n4,c,d\n")
    short, long = Engine(tmp_path).faults("contact")
    assert (short.place, short.value, short.count, short.examples) == ("row 2", "1 cell", 2, ("row 4: '3'",))
    assert (long.place, long.value, long.count) == ("row 5", "3 cells", 1)


def test_ragged_rows_far_down_are_found(tmp_path):
    """A broken row deep in a large file is found, as the whole file is read."""
    rows = [f"{n},x" for n in range(200_000)]
    rows[150_000] = "broken"
    write_data(tmp_path, contact="contact_id,email\n" + "\n".join(rows) + "\n")
    (fault,) = Engine(tmp_path).faults("contact")
    assert fault.place == "row 150,002"


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffcontact_id,email\n0012,a\n",
        "contact_id,email\r\n0012,a\r\n",
        "contact_id,email\r0012,a\r",
        "contact_id,email\n0012,a",
        "contact_id,email\n\n0012,a\n\n",
    ],
)
def test_byte_order_mark_and_line_ends_are_tolerated(content, tmp_path):
    """A byte order mark, the line ends of any system, a missing last one and empty lines are no faults."""
    (tmp_path / "contact.csv").write_bytes(content.encode())
    engine = Engine(tmp_path)
    assert engine.faults("contact") == []
    assert engine.query("SELECT contact_id, email FROM contact").to_dict("records") == [
        {"contact_id": "0012", "email": "a"}
    ]


def test_a_header_without_rows_is_no_fault(tmp_path):
    """A table may be empty."""
    engine = Engine(write_data(tmp_path, contact="contact_id,email\n"))
    assert engine.faults("contact") == []
    assert engine.query("SELECT * FROM contact").empty


def test_both_csv_and_parquet_are_a_fault(tmp_path):
    """Two files of one table contradict each other."""
    write_data(tmp_path, contact="contact_id\n1\n")
    pq.write_table(pa.table({"contact_id": ["1"]}), tmp_path / "contact.parquet")
    (fault,) = list_faults(tmp_path, "contact")
    found = "found both contact.csv and contact.parquet, expected one file of a table. Remove one of them."
    assert fault == f"data/contact.csv: {found}"


@pytest.mark.parametrize("keep", [0, 8, 200])
def test_a_truncated_parquet_file_is_a_fault(keep, tmp_path):
    """A Parquet file that breaks off says so, without a path of this machine."""
    path = tmp_path / "contact.parquet"
    pq.write_table(pa.table({"contact_id": [str(n) for n in range(1000)]}), path)
    path.write_bytes(path.read_bytes()[:keep])
    (fault,) = list_faults(tmp_path, "contact")
    assert "expected a complete Parquet file. Export it again." in fault
    assert str(tmp_path) not in fault


def test_damage_inside_a_parquet_file_is_a_fault(tmp_path):
    """Damaged pages between a good head and a good foot are found when the rows are read."""
    path = tmp_path / "contact.parquet"
    pq.write_table(pa.table({"contact_id": [str(n * 7919) for n in range(100_000)]}), path, compression="zstd")
    content = bytearray(path.read_bytes())
    content[1000:3000] = b"\xff" * 2000
    path.write_bytes(bytes(content))
    (fault,) = list_faults(tmp_path, "contact")
    assert "expected a complete Parquet file" in fault


def test_strict_refuses_at_first_use_only(tmp_path):
    """A faulty table is refused when it is used, every time; other tables answer."""
    write_data(tmp_path, ad_daily=ADS + "2026-01-05,search,1,x,EUR\n", contact="contact_id\n1\n")
    engine = Engine(tmp_path)
    assert engine.query("SELECT count(*) AS n FROM contact")["n"].tolist() == [1]
    for _ in range(2):
        with pytest.raises(
            DataError, match=r"data/ad_daily.csv has 1 kind of fault.\n  data/ad_daily.csv, row 2, spend: found 'x'"
        ):
            engine.query("SELECT * FROM ad_daily")


def test_without_strict_only_unreadable_tables_are_refused(tmp_path):
    """Where faults are let through, bad cells are missing; a file without its rows stays refused."""
    write_data(tmp_path, ad_daily=ADS + "2026-01-05,search,1,x,EUR\n", contact="contact_id,email\n1\n")
    engine = Engine(tmp_path, strict=False)
    assert engine.query("SELECT spend FROM ad_daily")["spend"].isna().tolist() == [True]
    with pytest.raises(DataError, match="as in the header"):
        engine.query("SELECT * FROM contact")
