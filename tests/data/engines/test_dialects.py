"""The project's SQL as SQL of other engines: every query of the catalogue, and what engines read differently."""

import os
import random
from datetime import date
from zoneinfo import ZoneInfo

import pytest
import sqlglot
from metric_random import CATALOGUE, draw_rows
from metric_tables import make_tables
from sqlglot import exp

from mopsnb.data.breakdown import Request, break_down
from mopsnb.data.dimensions import share_dimensions
from mopsnb.data.engines.dialects import DIALECTS, translate
from mopsnb.data.metric_queries import find_columns
from mopsnb.data.metrics import compute_monthly, list_tables
from mopsnb.data.months import Calendar
from mopsnb.data.unmapped import list_unmapped
from mopsnb.errors import UsageError

AS_OF, ZONE = date(2026, 6, 15), "Europe/Berlin"
SPACES = "\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"


class Recorder:
    """A connection that keeps what it is asked."""

    def __init__(self, connection):
        self.connection = connection
        self.queries = {}

    def execute(self, query, parameters=None):
        if "information_schema" not in query:
            self.queries[query] = dict(parameters or {})
        return self.connection.execute(query, parameters)


@pytest.fixture(scope="module")
def queries():
    """What the catalogue asks of small tables: each metric by month, and by all that it can be broken down by."""
    luck = random.Random(7)
    names = [*list_tables(CATALOGUE), "campaign", "campaign_map"]
    recorder = Recorder(make_tables(**{name: draw_rows(luck, name) or draw_rows(luck, name) for name in names}))
    compute_monthly(recorder, CATALOGUE, None, time_zone=ZONE, as_of=AS_OF)
    columns, calendar = find_columns(recorder), Calendar(ZoneInfo(ZONE), AS_OF)
    for metric in CATALOGUE.values():
        every = share_dimensions(metric.find_measures(columns), columns)
        break_down(recorder, metric, Request(("quarter", *every), tables=tuple(columns)), calendar)
    list_unmapped(recorder, CATALOGUE, columns)
    return recorder.queries


def list_parameters(tree):
    """Return the names of the parameters that a query of an engine has."""
    found = {node.name for node in tree.find_all(exp.Placeholder)}
    return found | {node.name for node in tree.find_all(exp.Parameter)}


@pytest.mark.slow
@pytest.mark.tenth
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_query_of_the_catalogue_parses_in_each_dialect_with_its_parameters(queries, dialect):
    assert len(queries) > 150
    part = slice(None) if os.environ.get("MOPSNB_SOAK") else slice(list(DIALECTS).index(dialect), None, len(DIALECTS))
    for query, values in list(queries.items())[part]:  # each is parsed in one dialect, and in all by make soak
        written = translate(query, dialect)
        trees = sqlglot.parse(written, read=dialect)
        assert len(trees) == 1, written
        assert isinstance(trees[0], exp.Select), written
        assert list_parameters(trees[0]) == set(values), written


def out(sql, dialect):
    """Return an engine's SQL of an expression."""
    return translate(f"SELECT {sql} FROM t", dialect).removeprefix("SELECT ").rpartition(" FROM ")[0]


def column(sql):
    """Return what each engine makes of an expression: PostgreSQL, Spark, BigQuery, Snowflake."""
    return [out(sql, dialect) for dialect in DIALECTS]


def test_seconds_since_1970_keep_their_fraction_and_are_floats_as_in_duckdb():
    """Spark has no EPOCH, Snowflake's is whole seconds, PostgreSQL's is a decimal that datetime does not take."""
    assert column("EXTRACT(EPOCH FROM a)") == [
        'CAST(EXTRACT(EPOCH FROM "a") AS DOUBLE PRECISION)',
        "(CAST(UNIX_MICROS(CAST(`a` AS TIMESTAMP)) AS DOUBLE) / 1000000)",
        "(CAST(UNIX_MICROS(CAST(`a` AS TIMESTAMP)) AS FLOAT64) / 1000000)",
        '(CAST(DATE_PART(EPOCH_MICROSECOND, "A") AS DOUBLE) / 1000000)',
    ]


def test_division_is_of_floats_and_only_by_what_cannot_be_zero():
    assert column("a / NULLIF(b, 0)") == [
        'CAST("a" AS DOUBLE PRECISION) / CAST(NULLIF("b", 0) AS DOUBLE PRECISION)',
        "CAST(`a` AS DOUBLE) / CAST(NULLIF(`b`, 0) AS DOUBLE)",
        "CAST(`a` AS FLOAT64) / CAST(NULLIF(`b`, 0) AS FLOAT64)",
        'CAST("A" AS DOUBLE) / CAST(NULLIF("B", 0) AS DOUBLE)',
    ]
    for dialect in DIALECTS:
        with pytest.raises(UsageError, match=r"a / b may divide by zero.* Write a / NULLIF\(b, 0\)"):
            translate("SELECT a / b FROM t", dialect)
        with pytest.raises(UsageError, match="may divide by zero"):
            translate("SELECT a / 0 FROM t", dialect)


def test_a_division_inside_a_division_is_rewritten_too():
    assert out("a / NULLIF(b / 2, 0)", "postgres").count("DOUBLE PRECISION") == 4


def test_trim_takes_every_space_of_unicode_away_as_duckdb_does():
    for written in column("TRIM(a)"):
        assert f"'{SPACES}'" in written


def test_weeks_begin_on_monday_and_months_are_dates():
    assert column("DATE_TRUNC('month', a)")[:2] == [
        'CAST(DATE_TRUNC(\'MONTH\', "a") AS DATE)', "CAST(DATE_TRUNC('MONTH', `a`) AS DATE)",
    ]  # fmt: skip
    assert out("DATE_TRUNC('week', a)", "bigquery") == "DATE_TRUNC(CAST(`a` AS DATE), ISOWEEK)"
    with pytest.raises(UsageError, match="the first day of a week is a setting"):
        translate("SELECT DATE_TRUNC('week', a) FROM t", "snowflake")


def test_at_time_zone_turns_instants_into_local_times_in_every_engine():
    assert column("CAST(created_at AT TIME ZONE $zone AS DATE)") == [
        'CAST("created_at" AT TIME ZONE CAST(:zone AS TEXT) AS DATE)',
        "CAST(CAST(FROM_UTC_TIMESTAMP(`created_at`, :zone) AS TIMESTAMP_NTZ) AS DATE)",
        "CAST(TIMESTAMP(DATETIME(`created_at`, @zone)) AS DATE)",
        'CAST(CAST(CONVERT_TIMEZONE(:zone, "CREATED_AT") AS TIMESTAMPNTZ) AS DATE)',
    ]
    assert column("timezone('UTC', created_at)")[1] == (
        "CAST(FROM_UTC_TIMESTAMP((`created_at`), 'UTC') AS TIMESTAMP_NTZ)"
    )


def test_at_time_zone_turns_local_times_into_instants_where_an_engine_can():
    local = "SELECT CAST(\"date\" AS TIMESTAMP) AT TIME ZONE 'Asia/Kolkata' FROM t"
    assert "TO_UTC_TIMESTAMP(CAST(CAST(`date` AS TIMESTAMP_NTZ) AS TIMESTAMP), 'Asia/Kolkata')" in translate(
        local, "spark"
    )
    for dialect in ("bigquery", "snowflake"):
        with pytest.raises(UsageError, match="takes an instant"):
            translate(local, dialect)
    inside = out("COUNT(*) FILTER (WHERE CAST(due_on AS TIMESTAMP) AT TIME ZONE $zone < created_at)", "spark")
    assert "TO_UTC_TIMESTAMP" in inside


def test_missing_values_sort_last_both_ways():
    """Spark puts them first going up, PostgreSQL and Snowflake first going down."""
    query = "SELECT a FROM t ORDER BY a, b DESC"
    assert translate(query, "postgres").endswith('ORDER BY "a", "b" DESC NULLS LAST')
    assert translate(query, "spark").endswith("ORDER BY `a` NULLS LAST, `b` DESC")
    assert translate(query, "bigquery").endswith("ORDER BY `a` NULLS LAST, `b` DESC")
    assert translate(query, "snowflake").endswith('ORDER BY "A", "B" DESC NULLS LAST')
    assert "ORDER BY `a` IS NULL, `a`, `b` DESC" in out("MAX(c) OVER (ORDER BY a, b DESC)", "bigquery")


def test_named_windows_and_filters_are_written_out():
    counts = "COUNT(*) FILTER (WHERE b), COUNT(DISTINCT a) FILTER (WHERE b)"
    named = f"SELECT MAX(a) OVER w, {counts} FROM t WINDOW w AS (PARTITION BY c)"
    for dialect in DIALECTS:
        written = translate(named, dialect)
        assert "WINDOW" not in written
        assert "FILTER" not in written
        assert written.count("PARTITION BY") == 1
    assert out("SUM(a) FILTER (WHERE b)", "spark") == "SUM(CASE WHEN `b` THEN `a` END)"
    with pytest.raises(UsageError, match="the window w builds on another"):
        translate("SELECT MAX(a) OVER (w ORDER BY b) FROM t WINDOW w AS (PARTITION BY c)", "spark")


def test_names_find_their_columns_whatever_the_case_an_engine_keeps_them_in():
    """DuckDB knows no case in names; typed views give their columns in small letters, Snowflake keeps capitals."""
    query = 'SELECT "date", Spend, "Lead Source" FROM Ad_Daily'
    assert translate(query, "postgres") == 'SELECT "date", "spend", "lead source" FROM "ad_daily"'
    assert translate(query, "snowflake") == 'SELECT "DATE", "SPEND", "Lead Source" FROM "AD_DAILY"'


def test_a_table_bears_an_alias_in_spark_which_else_takes_where_for_one():
    assert translate("SELECT a FROM t WHERE (b)", "spark") == "SELECT `a` FROM `t` AS `t` WHERE (`b`)"


def test_a_with_stays_where_it_stands():
    """At the top it would meet another of its name, or hide a table."""
    query = "SELECT a FROM (WITH t AS (SELECT a FROM u) SELECT a FROM t) AS x, t"
    for dialect in DIALECTS:
        tree = sqlglot.parse_one(translate(query, dialect), read=dialect)
        assert tree.args.get("with_") is None
        assert len(list(tree.find_all(exp.With))) == 1


def test_no_text_can_be_taken_for_a_parameter():
    """SQLAlchemy reads :name inside a text, too."""
    assert out("'a :b ' || c", "postgres") == "('a ' || CHR(58) || 'b ') || \"c\""
    assert out("'it''s' || '\\'", "spark") == r"'it\'s' || '\\'"


def test_rounding_is_by_the_digits_that_were_asked_for():
    """Spark cuts whole numbers off, BigQuery keeps nine digits."""
    assert out("CAST(a AS BIGINT)", "spark") == "CAST(ROUND(`a`, 0) AS BIGINT)"
    assert out("CAST(a AS DECIMAL(18, 6))", "bigquery") == "ROUND(CAST(`a` AS NUMERIC), 6)"


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT foo(a) FROM t", "FOO"),
        ("SELECT a FROM t QUALIFY ROW_NUMBER() OVER (ORDER BY a) = 1", "Number the rows in a subquery"),
        ("SELECT TRY_CAST(a AS DATE) FROM t", "Use CASE"),
        ("SELECT CAST(a AS INTEGER) FROM t", "rounds or reads differently"),
        ("SELECT a // b FROM t", "Use / with NULLIF"),
        ("SELECT a % b FROM t", "Use CASE"),
        ("SELECT ROUND(a, 2) FROM t", "Leave numbers as they are"),
        ("SELECT a ILIKE 'x' FROM t", "LOWER"),
        ("SELECT a LIKE 'x\\_' FROM t", "without a backslash"),
        ("SELECT a LIKE $b FROM t", "a text in quotes"),
        ("SELECT due_on - created_at FROM task", "calculates with times"),
        ("SELECT day - 1 FROM (SELECT COALESCE(due_on, measured_on) AS day FROM t)", "calculates with times"),
        ("SELECT created_at || 'x' FROM t", "Write CAST"),
        ("SELECT EXTRACT(SECOND FROM a) FROM t", "SECOND"),
        ("SELECT DATE_TRUNC('hour', a) FROM t", "hour|HOUR"),
        ("SELECT COUNT(DISTINCT (a, b)) FROM t", "Join the texts"),
        ("SELECT * EXCLUDE (a) FROM t", "except"),
        ("SELECT DISTINCT ON (a) a FROM t", "Distinct.on"),
        ("SELECT a FROM t GROUP BY ALL", "Group.all"),
        ("SELECT a FROM read_csv('x.csv')", "is not a table's name"),
        ("SELECT a FROM other.t", "Table.db"),
        ('SELECT "a:b" FROM t', "has a mark in it"),
        ("SELECT a FROM t; SELECT b FROM t", "it is not one SELECT"),
        ("DELETE FROM t", "it is not one SELECT"),
        ("SELECT (", "This is not SQL"),
    ],
)
def test_what_has_no_tested_translation_is_refused_with_advice(sql, said):
    for dialect in DIALECTS:
        with pytest.raises(UsageError, match=said):
            translate(sql, dialect)


def test_what_one_engine_reads_differently_is_refused_there_alone():
    assert out("LEAST(a, b)", "postgres") == 'LEAST("a", "b")'
    with pytest.raises(UsageError, match="Least"):
        translate("SELECT LEAST(a, b) FROM t", "bigquery")


def test_an_unknown_dialect_is_refused():
    with pytest.raises(UsageError, match="no SQL dialect 'oracle'"):
        translate("SELECT 1 FROM t", "oracle")
