"""What PostgreSQL's columns become, cell by cell; what cannot hold the contract's values is refused."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from mopsnb.data.engine import Engine
from mopsnb.errors import CurrencyError, DataError

pytestmark = pytest.mark.slow


@pytest.fixture
def make(database, monkeypatch, tmp_path, request):
    """Return what makes tables in a schema of their own, by their SQL, and opens an engine on them."""
    schema = f"c_{abs(hash(request.node.name))}"

    def build(*statements, **options):
        database.make_schema(schema)
        database.run(f'SET search_path = "{schema}"; ' + "; ".join(statements))
        monkeypatch.setenv(f"MOPSNB_SECRET_{schema.upper()}", database.address(schema))
        return Engine(tmp_path, address=f"secret://{schema}", **options)

    yield build
    database.run(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')


def read(engine, columns, table="contact"):
    return engine.connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall()


def prepare(engine, *tables):
    engine.prepare(tables)
    return engine


def test_cells_of_the_declared_types_arrive_as_they_are(make):
    engine = make(
        "CREATE TABLE deal (deal_id text, stage varchar(20), amount numeric(18,6), currency char(3), "
        "created_at timestamptz, expected_close_on date, is_won boolean, probability double precision, tier text[])",
        "INSERT INTO deal VALUES ('0012', 'won', 0.1, 'EUR', '2026-03-01T00:30:00+02:00', '2026-04-01', true, 0.25, "
        "'{a,b}'), ('1.2E+15', '', 123456789012.654321, 'EUR', NULL, NULL, NULL, NULL, NULL)",
        strict=False,
    )
    frame = prepare(engine, "deal").query("SELECT * FROM deal ORDER BY deal_id")
    assert frame["deal_id"].tolist() == ["0012", "1.2E+15"]
    assert frame["stage"].isna().tolist() == [False, True]  # an empty text is a missing one
    assert frame["created_at"][0] == datetime(2026, 2, 28, 22, 30, tzinfo=UTC)
    assert frame["tier"][0].tolist() == ["a", "b"]
    exact = read(engine, "deal_id, amount, probability, is_won, expected_close_on", "deal")
    assert exact[0] == ("0012", Decimal("0.100000"), 0.25, True, date(2026, 4, 1))
    assert exact[1] == ("1.2E+15", Decimal("123456789012.654321"), None, None, None)
    [fault] = engine.faults("deal")
    assert str(fault) == (
        "deal (database), deal_id 1.2E+15, stage: found an empty cell, expected a value in each row. "
        "Fill the cell, or remove the row."
    )
    assert engine.query("SELECT SUM(amount) AS total FROM deal")["total"][0] == pytest.approx(123456789012.754321)


def test_other_types_that_hold_the_same_are_converted(make):
    """Whole numbers as ids and booleans, floats as money, times without a zone (UTC), days as instants (the zone)."""
    engine = make(
        "CREATE TYPE kind AS ENUM ('new', 'renewal')",
        "CREATE DOMAIN ident AS bigint",
        "CREATE TABLE deal (deal_id ident, name uuid, stage text, type kind, amount double precision, currency text, "
        "created_at timestamp, closed_at date, is_won integer, probability numeric, account_id numeric(20,0))",
        "INSERT INTO deal VALUES (12, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'won', 'new', 0.1::float8 + 0.2::float8, "
        "'EUR', '2026-03-01 00:30', '2026-03-01', 1, 0.5, 123456789012345678)",
        time_zone="Europe/Berlin",
    )
    assert read(prepare(engine, "deal"), "deal_id, name, type, amount, is_won, probability, account_id", "deal") == [
        ("12", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "new", Decimal("0.3"), True, 0.5, "123456789012345678")
    ]
    assert read(engine, "created_at, closed_at", "deal") == [
        (datetime(2026, 3, 1, 0, 30, tzinfo=UTC), datetime(2026, 2, 28, 23, tzinfo=UTC))
    ]


def test_months_may_be_text_and_lists_too(make):
    engine = make(
        'CREATE TABLE budget_plan ("month" text, area text, planned numeric, currency text)',
        "INSERT INTO budget_plan VALUES ('2026-03', 'a', 5, 'EUR')",
        "CREATE TABLE task (task_id text, name text, depends_on text)",
        "INSERT INTO task VALUES ('1', 'a', ' b; ;c'), ('2', 'a', NULL)",
    )
    assert read(prepare(engine, "budget_plan", "task"), '"month"', "budget_plan") == [(date(2026, 3, 1),)]
    assert read(engine, "task_id, depends_on", "task") == [("1", ["b", "c"]), ("2", None)]


@pytest.mark.parametrize(
    ("column", "type_", "shown"),
    [
        ("created_at", "text", "text"),
        ("created_at", "time", "time without time zone"),
        ("is_converted", "varchar(5)", "character varying(5)"),
        ("contact_id", "double precision", "double precision"),
        ("email", "bytea", "bytea"),
        ("source_row", "text", "text"),
    ],
)
def test_a_type_that_cannot_hold_the_values_is_a_fault(make, column, type_, shown):
    others = "" if column == "contact_id" else "contact_id text, "
    engine = make(f"CREATE TABLE contact ({others}{column} {type_})")
    [fault] = engine.faults("contact")
    assert (fault.file, fault.field, fault.value) == ("contact (database)", column, f"a column of the type {shown}")
    assert fault.expected
    assert "read the table through a view that converts it" in fault.fix
    with pytest.raises(DataError, match="1 kind of fault"):
        engine.query("SELECT count(*) FROM contact")


def test_bad_cells_are_found_with_their_row_and_are_missing_where_faults_are_let_through(make):
    statements = (
        "CREATE TABLE spend_actual (spend_id text, date timestamp, area text, amount numeric, currency text)",
        "INSERT INTO spend_actual VALUES ('a', '2026-01-01', 'x', 0.1234567, 'EUR'), ('b', '2026-01-02 10:00', 'x', 1, "
        "'EUR'), ('c', '2026-01-03', 'x', 'NaN', 'EUR'), ('d', '2026-01-04', 'x', 1e15, 'eur')",
    )
    engine = make(*statements)
    found = {(fault.field, fault.place, fault.value) for fault in engine.faults("spend_actual")}
    assert found == {
        ("amount", "spend_id a", "'0.1234567'"),
        ("amount", "spend_id c", "'NaN'"),
        ("date", "spend_id b", "'2026-01-02 10:00:00'"),
        ("currency", "spend_id d", "'eur'"),
    }
    [amount] = [fault for fault in engine.faults("spend_actual") if "decimals" in fault.expected]
    assert (amount.count, amount.examples) == (2, ("spend_id d: '1000000000000000'",))
    with pytest.raises(DataError):
        engine.query("SELECT 1 FROM spend_actual")
    lenient = make(*statements, strict=False)
    rows = read(prepare(lenient, "spend_actual"), 'spend_id, "date", amount', "spend_actual")
    assert rows[1:] == [("b", None, Decimal(1)), ("c", date(2026, 1, 3), None), ("d", date(2026, 1, 4), None)]


def test_a_time_without_end_is_a_fault(make):
    engine = make(
        "CREATE TABLE stage_event (contact_id text, stage text, entered_at timestamptz)",
        "INSERT INTO stage_event VALUES ('a', 'mql', 'infinity'), ('b', 'mql', '2026-01-01')",
    )
    [fault] = engine.faults("stage_event")
    assert (fault.field, fault.value, fault.count) == ("entered_at", "'infinity'", 1)


def test_names_may_be_written_in_any_case(make):
    engine = make(
        'CREATE TABLE "Contact" ("Contact_ID" text, "Lead_Source" text, "Company Size" integer, "Größe" text)',
        "INSERT INTO \"Contact\" VALUES ('a', 'Web', 5, 'XL')",
    )
    assert engine.tables == ("contact",)
    assert prepare(engine, "contact").query('SELECT CONTACT_ID, "LEAD_SOURCE" AS Source FROM Contact').to_dict(
        "records"
    ) == [{"contact_id": "a", "Source": "Web"}]
    whole = engine.query("SELECT * FROM contact")
    assert (whole["Company Size"][0], whole["Größe"][0]) == (5, "XL")
    assert engine.query('SELECT "company size" AS size FROM contact')["size"][0] == 5


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        (
            'CREATE TABLE "Contact" (contact_id text); CREATE TABLE contact (contact_id text)',
            "both Contact and contact",
        ),
        (
            'CREATE TABLE contact (contact_id text, "Email" text, email text)',
            "the column email twice, in different case",
        ),
        ("CREATE TABLE contact (id text)", "no such column"),
    ],
)
def test_a_table_that_cannot_be_told_or_lacks_a_column_is_a_fault(make, statement, value):
    assert [fault.value for fault in make(statement, strict=False).faults("contact")] == [value]


def test_further_columns_keep_their_type(make):
    engine = make(
        "CREATE TABLE contact (contact_id text, a smallint, b numeric(10,2), c numeric, d json, e integer[], f bytea, "
        'g interval, h timestamp, "odd:name" text)',
        "INSERT INTO contact VALUES ('x', 1, 2.50, 3.5, '{\"k\": 1}', '{1,2}', 'z', '1 day', '2026-01-01 10:00', 'o')",
    )
    frame = prepare(engine, "contact").query("SELECT * FROM contact")
    row = frame.iloc[0]
    assert [row[name] for name in "abcde"] == [1, 2.5, 3.5, '{"k": 1}', "{1,2}"]
    assert (frame["a"].dtype, row["h"]) == ("int16", datetime(2026, 1, 1, 10))  # noqa: DTZ001
    assert not {"f", "odd:name"} & set(frame)


def test_tables_without_rows_and_workspaces_without_tables_are_no_fault(make):
    engine = make("CREATE TABLE email_event (contact_id text, event_type text, occurred_at timestamptz)")
    assert engine.faults("email_event") == []
    assert (engine.as_of, engine.currency) == (None, None)
    assert engine.query("SELECT COUNT(*) AS n, MAX(occurred_at) AS last FROM email_event")["n"].tolist() == [0]
    assert make("SELECT 1").tables == ()


def test_text_is_sorted_and_folded_as_on_duckdb(make):
    """By code points, whatever the server sorts by; letters beyond A to Z have a lower case, too."""
    words = ["b", "B", "a-c", "ab", "Ä", "z", "é"]
    values = ", ".join(f"('{word}')" for word in words)
    engine = prepare(make("CREATE TABLE contact (contact_id text)", f"INSERT INTO contact VALUES {values}"), "contact")
    assert [row[0] for row in read(engine, "contact_id")] == sorted(words)
    found = engine.query("SELECT MIN(contact_id) AS low, MAX(LOWER(contact_id)) AS high FROM contact").iloc[0]
    assert found.tolist() == ["B", "é"]
    assert engine.query("SELECT LOWER(contact_id) AS l FROM contact WHERE contact_id = $x", {"x": "Ä"})["l"][0] == "ä"


def test_money_of_several_currencies_takes_the_rate_of_its_day(make):
    statements = (
        "CREATE TABLE spend_actual (spend_id text, date date, area text, amount numeric(18,6), currency text)",
        "INSERT INTO spend_actual VALUES ('a', '2026-01-05', 'x', 10, 'EUR'), ('b', '2026-01-05', 'x', 10, 'USD'), "
        "('c', '2026-01-06', 'x', 10, 'USD'), ('d', '2026-03-01', 'x', 10, 'USD'), ('e', '2026-01-07', 'x', 1, NULL)",
    )
    rates = (
        "CREATE TABLE fx_rate (date date, currency text, rate_to_base numeric)",
        "INSERT INTO fx_rate VALUES ('2026-01-01', 'USD', 0.9), ('2026-01-06', 'USD', 0.8), ('2026-01-01', 'EUR', 1)",
    )
    engine = make(*statements, *rates, currency="EUR", strict=False)
    assert read(prepare(engine, "spend_actual"), "spend_id, amount, amount_original", "spend_actual") == [
        ("a", Decimal(10), Decimal(10)),
        ("b", Decimal(9), Decimal(10)),
        ("c", Decimal(8), Decimal(10)),
        ("d", Decimal(8), Decimal(10)),
        ("e", Decimal(1), Decimal(1)),
    ]
    with pytest.raises(CurrencyError, match="not all money can be converted"):
        make(*statements, currency="EUR", strict=False).prepare(["spend_actual"])
    twice = "INSERT INTO fx_rate VALUES ('2026-01-01', 'USD', 0.7)"
    with pytest.raises(DataError, match=r"the rates 0\.7000000000 and 0\.9000000000 for USD on 2026-01-01"):
        make(*statements, *rates, twice, currency="EUR", strict=False).prepare(["spend_actual"])
