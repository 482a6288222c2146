"""Questions in SQL to PostgreSQL: what they may ask, that they cannot write, and what a refusal says."""

import os
import subprocess
import sys
from datetime import date

import pytest
from postgres_samples import PASSWORD
from workspaces import STRATEGY

import mopsnb
from mopsnb.data.engines import connect_to
from mopsnb.errors import DataError, MopsnbError, SecretError, StrategyError, UsageError

pytestmark = pytest.mark.slow

EVENTS = """
    CREATE TABLE email_event (contact_id text, campaign_id text, event_type text, occurred_at timestamptz, source text);
    INSERT INTO email_event VALUES ('ann', 'a:b %', 'sent', '2026-01-31 23:30+00', 'x'),
      ('bob', NULL, 'click', '2026-02-01 00:30+00', NULL);
    CREATE TABLE secrets (word text);
    CREATE TABLE ad_daily (date date, channel text, campaign_id text, spend numeric(18,6), currency text);
    INSERT INTO ad_daily SELECT DATE '2026-01-01' + n, 'search', 'k', 0.1, 'EUR' FROM generate_series(0, 9) AS n;
"""


@pytest.fixture(scope="module")
def schema(database):
    database.make_schema("reading")
    with database.connect() as connection:
        connection.execute("SET search_path = reading")
        connection.execute(EVENTS)
    return database


@pytest.fixture
def ask(schema, tmp_path, monkeypatch):
    """Return what opens a workspace on an address, by default that of the schema."""

    def build(address=None, **options):
        name = f"reading_{abs(hash(address))}"
        monkeypatch.setenv(f"MOPSNB_SECRET_{name.upper()}", address or schema.address("reading"))
        (tmp_path / "strategy.yml").write_text(f"{STRATEGY}data: secret://{name}\n", encoding="utf-8")
        return mopsnb.open(tmp_path, **options)

    return build


def test_a_query_takes_values_and_names_its_columns_as_duckdb_does(ask):
    ws = ask()
    frame = ws.sql(
        "SELECT Channel, count(*), sum(spend) AS Spend FROM ad_daily WHERE date >= $start AND channel = $channel "
        "GROUP BY channel",
        {"start": "2026-01-06", "channel": "search"},
    )
    assert list(frame) == ["channel", "count_star()", "Spend"]
    assert frame.iloc[0].tolist() == ["search", 5, 0.5]
    assert ws.sql("SELECT campaign_id AS c FROM email_event WHERE campaign_id = 'a:b %'")["c"].tolist() == ["a:b %"]
    part = ws.sql("WITH part AS (SELECT contact_id FROM email_event) SELECT count(*) AS n FROM part")
    assert part["n"].tolist() == [2]
    assert ws.sql("SELECT 1 AS one")["one"].tolist() == [1]


def test_days_are_those_of_the_strategy_whatever_the_zone_of_the_server(ask, schema):
    """The server's own zone is Asia/Kolkata; a month begins at midnight in Berlin."""
    with schema.connect() as connection:
        assert connection.execute("SHOW timezone").fetchone()[0] == "Asia/Kolkata"
    ws = ask(as_of=date(2026, 2, 1))
    months = ws.monthly(["emails_sent", "total_clicks"])
    known = months[months["value"] > 0]
    assert [str(month.date()) for month in known["period_start"]] == ["2026-02-01", "2026-02-01"]
    frame = ws.sql("SELECT CAST(occurred_at AS DATE) AS day, occurred_at AS moment FROM email_event ORDER BY 2")
    assert [str(day.date()) for day in frame["day"]] == ["2026-01-31", "2026-02-01"]
    assert str(frame["moment"].dt.tz) == "UTC"


def test_rows_after_the_day_that_figures_are_as_of_are_left_out(ask):
    assert ask(as_of="2026-01-04").sql("SELECT count(*) AS n FROM ad_daily")["n"].tolist() == [4]
    assert ask().as_of == date(2026, 2, 1)


WRITING = [
    "DELETE FROM ad_daily",
    "CREATE TABLE x (a int)",
    "SELECT 1; DROP TABLE ad_daily",
    "WITH gone AS (DELETE FROM ad_daily RETURNING *) SELECT * FROM gone",
    "SELECT * INTO copy FROM ad_daily",
    "SELECT * FROM ad_daily FOR UPDATE",
    "SELECT setval('s', 1) FROM ad_daily",
    "SELECT set_config('transaction_read_only', 'off', false) FROM ad_daily",
    "SELECT pg_terminate_backend(1) FROM ad_daily",
    "SELECT pg_read_file('/etc/passwd') FROM ad_daily",
    "SELECT nextval('s') FROM ad_daily",
    "EXPLAIN ANALYZE DELETE FROM ad_daily",
    "COPY ad_daily TO PROGRAM 'true'",
    "CALL anything()",
]


@pytest.mark.parametrize("query", WRITING)
def test_what_could_write_or_do_more_than_read_is_refused(ask, query):
    with pytest.raises(MopsnbError):
        ask().sql(query)
    assert ask().sql("SELECT count(*) AS n FROM ad_daily")["n"].tolist() == [10]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM secrets",
        "SELECT * FROM reading.secrets",
        "SELECT * FROM pg_catalog.pg_authid, ad_daily",
        "SELECT * FROM information_schema.tables, ad_daily",
        "SELECT (SELECT max(word) FROM reading.secrets) AS w FROM ad_daily",
    ],
)
def test_other_tables_cannot_be_reached(ask, query):
    with pytest.raises(UsageError):
        ask().sql(query)


def test_a_server_s_transaction_refuses_to_write_even_where_the_role_may(database, schema):
    """The owner of the tables, past every check of the query itself."""
    server = connect_to(schema.address("reading", user="owner", password="owner-pw")).server
    for writing in ("DELETE FROM reading.ad_daily", "CREATE TABLE reading.x (a int)", "SELECT nextval('reading.s')"):
        database.run("CREATE SEQUENCE IF NOT EXISTS reading.s")
        with pytest.raises(UsageError, match="read-only"):
            server.fetch(writing, {})
    assert server.fetch("SELECT count(*) FROM reading.ad_daily", {}) == [(10,)]
    server.close()


def test_a_team_s_own_metric_reads_and_cannot_write(ask, tmp_path):
    own = """
measures:
  cheap_ads: {of: ad_daily, count: rows, where: spend < 1}
metrics:
  cheap_ads:
    title: Cheap ads
    numerator: [cheap_ads]
    unit: count
    direction: up
    formula: rows
    base: ads
    definition_source: us
    caveat: none
"""
    (tmp_path / "metrics.yml").write_text(own)
    assert ask().metric("cheap_ads", by="total")["value"].tolist() == [10]
    for bad in ("TRUE) OR (DELETE FROM ad_daily", "EXISTS (SELECT 1 FROM secrets)", "pg_sleep(1) IS NULL"):
        (tmp_path / "metrics.yml").write_text(own.replace("spend < 1", f'"{bad}"'))
        with pytest.raises(MopsnbError):
            ask().metric("cheap_ads", by="total")
        assert ask(strict=False).faults()


def test_an_unknown_column_or_function_is_told_as_on_files(ask):
    with pytest.raises(UsageError, match='Referenced column "spent" not found'):
        ask().sql("SELECT spent FROM ad_daily")
    with pytest.raises(UsageError, match=r"There is no table 'ad_dayly'\. Did you mean 'ad_daily'"):
        ask().sql("SELECT 1 FROM ad_dayly")
    with pytest.raises(DataError, match=r"has no table 'deal'\. Supply the table deal in the database"):
        ask().table("deal")
    with pytest.raises(UsageError, match=r"no translation that is known to mean the same|cannot run on PostgreSQL"):
        ask().sql("SELECT list(channel) FROM ad_daily")


def say(action):
    with pytest.raises(MopsnbError) as caught:
        action()
    chain = [caught.value, caught.value.__cause__]
    return "\n".join(str(item) for item in chain if item)


def test_no_message_says_anything_of_an_address_that_is_a_secret(ask, database, schema):
    host, secret = "db.internal.example", "Xy-unguessable-9"
    cases = {
        schema.address("reading", password=secret): "The user name or the password is wrong.",
        schema.address("reading", user="somebody-else", password=secret): "The user name or the password is wrong.",
        f"postgresql://reader:{secret}@127.0.0.1:1/marketing": "Nothing answers there: the connection was refused.",
        f"postgresql://reader:{secret}@{host}:5432/marketing": "There is no such host.",
        f"postgresql://reader:{PASSWORD}@127.0.0.1:{database.port}/hidden-name": "It has no database of that name.",
        f"postgresql://reader:{secret}@127.0.0.1:port/marketing": "is no address",
        f"mysql://reader:{secret}@127.0.0.1/marketing": "no known kind of database",
        f"postgresql://reader:{secret}@127.0.0.1:1/marketing?nonsense={secret}": "",
    }
    for address, expected in cases.items():
        said = say(lambda address=address: ask(address).tables)
        assert expected in said
        assert "secret://reading_" in said
        for part in (secret, PASSWORD, host, "127.0.0.1", "somebody-else", "hidden-name", "reader"):
            assert part not in said, (part, said)


def test_a_password_does_not_come_out_of_a_crash_either(schema, tmp_path):
    """In a process of its own: standard output, standard error and the traceback of an error that nobody caught."""
    (tmp_path / "strategy.yml").write_text(f"{STRATEGY}data: secret://w\n", encoding="utf-8")
    secret = "Xy-unguessable-9"
    environment = os.environ | {"MOPSNB_SECRET_W": schema.address("reading", password=secret)}
    code = f"import mopsnb; ws = mopsnb.open({str(tmp_path)!r}); print(ws)"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "cannot be reached" in done.stderr
    assert secret not in done.stdout + done.stderr
    assert "127.0.0.1" not in done.stderr


def test_tables_that_the_role_may_not_read_are_faults_and_others_answer(ask, database, schema):
    database.make_schema("closed")
    database.run(
        "CREATE TABLE closed.contact (contact_id text, email text)", "REVOKE SELECT ON closed.contact FROM reader",
        "CREATE TABLE closed.account (account_id text, name text, domain text)",
        "REVOKE SELECT ON closed.account FROM reader", "GRANT SELECT (account_id, name) ON closed.account TO reader",
    )  # fmt: skip
    ws = ask(schema.address("closed"), strict=False)
    [fault] = ws.faults()
    assert str(fault) == (
        "contact (database): found a table that the role may not read, expected the right to read it. "
        'As its owner: GRANT SELECT ON "contact" TO the role of the address.'
    )
    assert ws.sql("SELECT name, domain FROM account").empty
    database.run("REVOKE USAGE ON SCHEMA closed FROM reader")
    assert "refuses to read" in say(
        lambda: ask(f"{schema.address('closed')}&connect_timeout=3").sql("SELECT 1 FROM account")
    )


def test_a_schema_without_tables_and_tables_beside_the_database_are_told(ask, database, schema, tmp_path):
    database.make_schema("nearly")
    database.run("CREATE TABLE nearly.contacts (contact_id text)", "CREATE TABLE nearly.other (a int)")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "contact.csv").write_text("contact_id\n1\n")
    ws = ask(schema.address("nearly"))
    assert ws.tables == ()
    titles = [finding.title for finding in ws.findings()]
    assert titles == [
        "The folder data/ holds 1 table that nothing reads.",
        "The database has a table contacts that looks like contact, and is not read.",
    ]
    assert ws.monthly().empty
    assert "contact in the database" in ws.catalogue["lacks"]["leads"]


def test_the_address_stands_in_the_strategy_as_a_reference_or_without_a_password(tmp_path, schema):
    path = tmp_path / "strategy.yml"
    for text, error in (
        ("postgresql://reader:hunter2-hunter2@db/marketing", StrategyError),
        ("mysql://db/marketing", StrategyError),
        ("secret://", StrategyError),
        ("warehouse", StrategyError),
        ("secret://nobody-has-this", SecretError),
    ):
        path.write_text(f"{STRATEGY}data: {text}\n", encoding="utf-8")
        said = say(lambda: mopsnb.open(tmp_path).tables)
        assert "hunter2" not in said
        with pytest.raises(error):
            mopsnb.open(tmp_path).tables  # noqa: B018
    path.write_text(f"{STRATEGY}data: postgresql://reader@127.0.0.1:{schema.port}/marketing\n", encoding="utf-8")
    assert f"The database at 127.0.0.1:{schema.port}/marketing cannot be reached." in say(
        lambda: mopsnb.open(tmp_path).tables
    )
