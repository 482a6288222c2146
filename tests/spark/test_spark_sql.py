"""What engines read differently, asked of Spark and of DuckDB: the answers are the same."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from metric_tables import make_tables
from spark_samples import write_tables

from mopsnb.data.engine import Engine
from mopsnb.errors import UsageError

pytestmark = pytest.mark.slow
SPACES = " \u00a0\u2003\u3000"
DEALS = [
    {"deal_id": "1", "amount": "10.000001", "created_at": "2026-03-29T00:59:59.123456Z", "closed_at": None,
     "is_won": True, "stage": f"{SPACES}Won{SPACES}", "owner": "Zoë", "expected_close_on": "2026-03-01"},
    {"deal_id": "2", "amount": "0", "created_at": "2026-03-29T01:00:00Z", "closed_at": "2026-10-25T00:30:00.5Z",
     "is_won": False, "stage": "\tlost", "owner": "ada", "expected_close_on": "2026-03-02"},
    {"deal_id": "3", "amount": None, "created_at": "2025-12-31T23:30:00Z", "closed_at": "2026-01-01T00:00:00Z",
     "is_won": None, "stage": "it's \\ 50% :end", "owner": None, "expected_close_on": None},
]  # fmt: skip
QUERIES = [
    "SELECT deal_id, EXTRACT(EPOCH FROM created_at), EXTRACT(EPOCH FROM closed_at) - EXTRACT(EPOCH FROM created_at) "
    "FROM deal",
    "SELECT deal_id, CAST(EXTRACT(EPOCH FROM closed_at) - EXTRACT(EPOCH FROM created_at) AS DECIMAL(18, 6)) FROM deal",
    "SELECT deal_id, 7 / NULLIF(amount, 0), 1 / 4, amount / 3, SUM(amount) OVER () / 2 FROM deal",
    "SELECT deal_id, CAST(CAST(amount AS DECIMAL(28, 6)) * CAST(1.2345674993 AS DECIMAL(18, 10)) AS DECIMAL(18, 6)), "
    "CAST(1.0000005 AS DECIMAL(18, 6)), amount * 3600 - COALESCE(amount, 0) FROM deal",
    "SELECT deal_id, TRIM(stage), LOWER(owner), NULLIF(TRIM(stage), '') || ' ' || owner FROM deal",
    "SELECT deal_id, stage = 'it''s \\ 50% :end', stage LIKE '%50%', owner NOT LIKE 'Z%' FROM deal",
    "SELECT deal_id, CAST(created_at AT TIME ZONE $zone AS DATE), CAST(created_at AS DATE), created_at AT TIME ZONE "
    "$zone FROM deal",
    "SELECT deal_id, DATE_TRUNC('week', expected_close_on), CAST(DATE_TRUNC('month', created_at) AS DATE) FROM deal",
    "SELECT deal_id, STRFTIME(expected_close_on, '%Y-%m'), expected_close_on + INTERVAL 1 MONTH < DATE '2026-04-02' "
    "FROM deal",
    "SELECT deal_id, CAST(expected_close_on AS TIMESTAMP) AT TIME ZONE 'Asia/Kolkata' FROM deal",
    "SELECT deal_id, CAST(created_at AS VARCHAR), CAST(amount AS VARCHAR), CAST(is_won AS VARCHAR) FROM deal",
    "SELECT deal_id, CAST(amount AS BIGINT), CAST(2.5 AS BIGINT), CAST(-2.5 AS BIGINT), CAST(3.4 AS BIGINT) FROM deal",
    "SELECT deal_id, LEAST(amount, 5), GREATEST(owner, 'b'), COALESCE(owner) FROM deal",
    "SELECT deal_id, ROW_NUMBER() OVER (ORDER BY owner), ROW_NUMBER() OVER (ORDER BY owner DESC), "
    "LAG(amount, 1, -1) OVER later FROM deal WINDOW later AS (ORDER BY created_at DESC)",
    "SELECT MIN(owner), MAX(owner), MIN(created_at), AVG(amount), COUNT(*) FILTER (WHERE is_won), "
    "SUM(amount) FILTER (WHERE NOT is_won), COUNT(DISTINCT owner), BOOL_OR(is_won), COUNT(closed_at) FROM deal",
    "SELECT COUNT(*) FROM deal WHERE (is_won)",
    "SELECT deal_id, CASE WHEN owner IN (SELECT owner FROM deal WHERE is_won) THEN 1 ELSE 0 END, "
    "NOT EXISTS (SELECT 1 FROM deal AS d WHERE d.amount > 100) FROM deal",
    "SELECT SUM(a), SUM(b) FROM (WITH d AS (SELECT amount AS a FROM deal) SELECT a FROM d) AS x, "
    "(WITH d AS (SELECT 5 AS b FROM deal) SELECT b FROM d) AS y",
    "SELECT deal_id, regexp_full_match(owner, '[a-z]+'), owner IS DISTINCT FROM 'ada' FROM deal",
    "SELECT owner AS name, 1 AS place FROM deal UNION SELECT stage, 2 FROM deal WHERE amount = $low",
    "SELECT deal_id, created_at < $moment, expected_close_on >= $day, amount > $low FROM deal",
]
VALUES = {
    "zone": "Europe/Berlin",
    "moment": datetime(2026, 3, 29, 1, tzinfo=UTC),
    "day": date(2026, 3, 2),
    "low": Decimal(0),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_tables(make_tables(deal=DEALS), ["deal"], tmp_path_factory.mktemp("small") / "data")


@pytest.fixture(scope="module")
def local(folder):
    return Engine(folder)


@pytest.fixture(scope="module")
def remote(folder, master):
    return Engine(folder, address=f"{master}?folder={folder}")


def ask(engine, query):
    """Return the rows of an answer in the order of their texts."""
    values = {name: value for name, value in VALUES.items() if f"${name}" in query}
    frame = engine.query(query, values)
    return sorted((tuple(row) for row in frame.astype(object).where(frame.notna(), None).to_numpy()), key=repr)


@pytest.mark.parametrize("query", QUERIES)
def test_spark_answers_as_duckdb(local, remote, query):
    assert ask(remote, query) == ask(local, query)


def test_a_query_that_would_write_is_refused(remote):
    for query in ("DROP TABLE deal", "INSERT INTO deal SELECT * FROM deal", "SET spark.sql.ansi.enabled = false"):
        with pytest.raises(UsageError, match=r"read-only|not accept"):
            remote.query(query)


def test_what_has_no_translation_is_refused_with_advice(remote):
    with pytest.raises(UsageError, match=r"cannot run on Spark with the same result.*amount / 0 may divide by zero"):
        remote.query("SELECT amount / 0 FROM deal")


def test_an_overflow_is_an_error_and_no_wrong_number(remote):
    with pytest.raises(UsageError, match="does not accept"):
        remote.query("SELECT SUM(CAST(9000000000000000000 AS BIGINT)) FROM deal")
