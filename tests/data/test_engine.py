"""The engine answers one SELECT over typed views, changes nothing and reads nothing else."""

from datetime import date

import pandas as pd
import pytest
from workspaces import write_data

from mopsnb.data.engine import Engine
from mopsnb.errors import DataError, UsageError

CONTACTS = "contact_id,country\n0012,DE\n0013,FR\n0014,DE\n"


@pytest.fixture
def engine(tmp_path):
    """An engine over three contacts and one task."""
    return Engine(write_data(tmp_path / "data", contact=CONTACTS, task="task_id,name\n2,b\n1,a\n"))


def test_tables_are_those_with_a_file(engine):
    """The tables are the canonical ones that have a file, in the contract's order."""
    assert engine.tables == ("contact", "task")


def test_a_missing_data_folder_has_no_tables(tmp_path):
    """A workspace without a data folder has no tables, and no day."""
    engine = Engine(tmp_path / "nowhere")
    assert (engine.tables, engine.as_of, engine.data_through, engine.currency) == ((), None, None, None)


def test_values_come_by_parameter(engine):
    """A parameter's value is a value, never SQL."""
    query = "SELECT contact_id FROM contact WHERE country = $country ORDER BY contact_id"
    assert engine.query(query, {"country": "DE"})["contact_id"].tolist() == ["0012", "0014"]
    assert engine.query(query, {"country": "' OR 1=1 --"}).empty


@pytest.mark.parametrize(
    "query",
    [
        "WITH c AS (FROM contact) SELECT count(*) AS n FROM c",
        "SELECT count(*) AS n FROM main.contact",
        "SELECT count(*) AS n FROM Contact",
        "SELECT n FROM (SELECT count(*) AS n FROM contact) WHERE EXISTS (FROM task)",
        "WITH deal AS (FROM contact) SELECT count(*) AS n FROM deal",
    ],
)
def test_ways_to_name_a_table(query, engine):
    """A table may be named in a subquery, in WITH, in any case; WITH may define a name of the contract."""
    assert engine.query(query)["n"].tolist() == [3]


@pytest.mark.parametrize(
    "query",
    [
        "CREATE TABLE x AS SELECT 1",
        "DROP VIEW contact",
        "INSERT INTO contact VALUES (1)",
        "COPY (SELECT 1) TO 'x.csv'",
        "SET TimeZone = 'Asia/Tokyo'",
        "ATTACH 'x.db'",
        "PRAGMA database_list",
        "EXPLAIN ANALYZE SELECT 1",
        "SELECT 1; SELECT 2",
        "",
    ],
)
def test_anything_but_one_select_is_refused(query, engine):
    """A workspace is read-only: statements that change something, several statements and none are refused."""
    with pytest.raises(UsageError, match="write one SELECT"):
        engine.query(query)


def test_nothing_outside_the_data_folder_is_read(engine, tmp_path):
    """A query cannot read other files of the machine."""
    (tmp_path / "secret.csv").write_text("a\n1\n")
    for source in (
        f"read_csv('{tmp_path}/secret.csv')",
        f"read_text('{tmp_path}/secret.csv')",
        f"'{tmp_path}/secret.csv'",
    ):
        with pytest.raises(UsageError):
            engine.query(f"SELECT * FROM {source}")


def test_frames_of_the_caller_are_not_read(engine):
    """A Python variable is no table."""
    contacts = pd.DataFrame({"a": [1]})
    with pytest.raises(UsageError, match=r"There is no table 'contacts'. Did you mean 'contact'\?"):
        engine.query("SELECT * FROM contacts")
    assert len(contacts) == 1


def test_settings_are_locked(engine):
    """The connection itself refuses a change of its settings and a write to disk."""
    for statement in ("SET memory_limit = '1TB'", "COPY (SELECT 1) TO 'x.csv'"):
        with pytest.raises(Exception, match=r"(?i)configuration"):
            engine.connection.execute(statement)


def test_a_table_without_a_file_says_how_to_supply_it(engine):
    """A canonical table that is not there is missing data, with the file's name to supply."""
    with pytest.raises(DataError, match=r"no table 'deal'. Supply data/deal.csv or data/deal.parquet"):
        engine.query("SELECT * FROM deal")


def test_a_wrong_query_says_what_duckdb_said(engine):
    """A mistake in SQL comes back with DuckDB's hint."""
    with pytest.raises(UsageError, match="contact_id"):
        engine.query("SELECT contact_i FROM contact")
    with pytest.raises(UsageError, match="syntax"):
        engine.query("SELEC 1")


def test_the_engine_answers_after_an_error(engine):
    """An error does not spoil the connection."""
    with pytest.raises(UsageError):
        engine.query("SELECT 1/x FROM contact")
    assert engine.query("SELECT count(*) AS n FROM contact")["n"].tolist() == [3]


def test_loading_is_for_small_tables(engine):
    """A small table comes whole and in the order of its key; one that grows is refused with advice."""
    assert engine.load("task")["task_id"].tolist() == ["1", "2"]
    with pytest.raises(UsageError, match=r"too large to load whole. Ask for what you need, such as ws.sql"):
        engine.load("contact")


@pytest.mark.parametrize("name", ["Q3 [final] it's *", "ä ö", "a{b,c}?", "100%"])
def test_folders_with_unusual_names(name, tmp_path):
    """A folder's name may hold brackets, quotes, stars and accents."""
    engine = Engine(write_data(tmp_path / name, contact=CONTACTS))
    assert engine.query("SELECT count(*) AS n FROM contact")["n"].tolist() == [3]


def test_links_lead_out_of_the_folder(tmp_path):
    """A file of the data folder may be a link to a file elsewhere, and the folder a link itself."""
    write_data(tmp_path / "store", people=CONTACTS)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "contact.csv").symlink_to(tmp_path / "store" / "people.csv")
    (tmp_path / "link").symlink_to(tmp_path / "data", target_is_directory=True)
    assert Engine(tmp_path / "link").query("SELECT count(*) AS n FROM contact")["n"].tolist() == [3]


def test_unusual_column_names_are_kept(tmp_path):
    """Further columns keep their names, whatever they hold."""
    engine = Engine(write_data(tmp_path, contact='contact_id,"say ""x""",order,a b,_row\n1,2,3,4,5\n'))
    frame = engine.query('SELECT "say ""x""", "order", "a b", _row FROM contact')
    assert frame.to_numpy().tolist() == [["2", "3", "4", "5"]]


def test_the_spill_folder_goes_with_the_engine(tmp_path, monkeypatch):
    """What outgrows memory is written to a folder of its own, gone when the engine is."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    engine = Engine(write_data(tmp_path / "data", contact=CONTACTS))
    engine.query("SELECT 1")
    assert list(tmp_path.glob("mopsnb-*"))
    engine.connection.close()
    del engine
    assert not list(tmp_path.glob("mopsnb-*"))


@pytest.mark.slow
def test_a_large_file_streams(tmp_path):
    """Faults and figures of two million rows need far less memory than the rows."""
    import resource

    path = tmp_path / "email_event.csv"
    with path.open("w") as file:
        file.write("contact_id,campaign_id,event_type,occurred_at\n")
        for n in range(2_000_000):
            file.write(f"{n % 50_000:07},c{n % 300},sent,2026-01-{n % 28 + 1:02}T10:00:00Z\n")
        file.write("1,c,sendt,2026-01-28T10:00:00Z\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    engine = Engine(tmp_path, strict=False)
    (fault,) = engine.faults("email_event")
    assert (fault.place, fault.fix) == ("row 2,000,002", "Did you mean 'sent'?")
    assert engine.as_of == date(2026, 1, 28)
    assert engine.query("SELECT count(*) AS n FROM email_event WHERE event_type = 'sent'")["n"].tolist() == [2_000_000]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 400_000  # kilobytes; the rows as Python text would be over a gigabyte
