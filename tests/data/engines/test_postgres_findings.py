"""What needs attention in a database's tables, and what the notebooks of a run share of it."""

import pytest
from cli_samples import Shell
from workspaces import STRATEGY

import mopsnb
from mopsnb.data.shelf import SWITCH, build_shelf
from mopsnb.errors import CurrencyError, DataError

TABLES = """
    CREATE TABLE contact (contact_id text, email text, created_at timestamptz, lead_source text);
    INSERT INTO contact VALUES ('b', 'b@x', NULL, 'Web'), ('a', 'a@x', NULL, 'Web'), ('a', 'c@x', NULL, NULL);
    CREATE TABLE email_event (event_id text, contact_id text, campaign_id text, event_type text,
      occurred_at timestamptz);
    INSERT INTO email_event VALUES (NULL, 'a', 'k', 'click', '2026-01-02Z'), (NULL, 'a', 'k', 'click', '2026-01-02Z'),
      ('1', 'a', 'k', 'click', '2026-01-03Z');
    CREATE TABLE ad_daily (date date, channel text, campaign_id text, spend numeric(18,6), currency text, clicks int);
    INSERT INTO ad_daily VALUES ('2026-01-01', 'search', 'k', 1, 'EUR', 5), ('2026-01-02', 'search', 'k', 1, 'USD', 6);
    CREATE TABLE deal (deal_id text, stage text, amount numeric(18,6), created_at timestamptz, closed_at timestamptz,
      is_won boolean, is_closed boolean);
    INSERT INTO deal VALUES ('1', 'won', 5, '2025-11-01Z', '2026-01-05Z', true, true);
"""  # fmt: skip


@pytest.fixture(scope="module")
def team(database, tmp_path_factory):
    """A workspace on a schema of its own."""
    database.make_schema("findings")
    with database.connect() as connection:
        connection.execute("SET search_path = findings")
        connection.execute(TABLES)
    folder = tmp_path_factory.mktemp("team")
    (folder / "strategy.yml").write_text(f"{STRATEGY}data: secret://findings\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOPSNB_SECRET_FINDINGS", database.address("findings"))
        yield folder


@pytest.fixture
def cli(monkeypatch, capsys):
    """Return what runs a command in this process."""

    return Shell(monkeypatch, capsys)


@pytest.mark.slow
def test_rows_that_share_a_key_are_found(team):
    found = {item.id: item for item in mopsnb.open(team).findings()}
    same_id = found["duplicates.contact"]
    assert same_id.severity == "error"
    assert same_id.evidence == "1 key, first contact_id a. Figures count each of these rows."
    again = found["duplicates.email_event.without-event_id"]
    assert again.title == "email_event (database) holds 1 row without event_id that repeat an earlier row."
    assert "first contact_id a, campaign_id k, event_type click, occurred_at 2026-01-02" in again.evidence


def test_figures_without_money_are_answered_where_amounts_are_of_several_currencies(team):
    ws = mopsnb.open(team)
    assert ws.metric("ad_clicks", by="total")["value"].tolist() == [11]
    assert ws.monthly(["ad_clicks"])["value"].tolist() == [11]
    for ask in (lambda: ws.metric("ad_spend"), lambda: ws.sql("SELECT spend FROM ad_daily"), ws.spend):
        with pytest.raises(CurrencyError, match="2 currencies"):
            ask()
    assert ws.metric("ad_clicks", by="total")["value"].tolist() == [11]


def test_what_became_of_a_record_later_is_not_known_yet(team):
    """As in files: a deal that closed after the day is open."""
    query = "SELECT is_won, closed_at IS NULL AS is_open FROM deal"
    assert mopsnb.open(team, as_of="2026-01-04").sql(query).to_numpy().tolist() == [[False, True]]
    assert mopsnb.open(team, as_of="2026-01-05").sql(query).to_numpy().tolist() == [[True, False]]


def test_leads_without_a_time_have_no_order_in_a_database(team, database):
    with pytest.raises(DataError, match=r"no order that could stand for time") as caught:
        mopsnb.open(team).leads()
    assert "contact (database), created_at: found no value in any row" in str(caught.value)
    database.run("UPDATE findings.contact SET created_at = '2026-01-01Z' WHERE email = 'b@x'")
    assert mopsnb.open(team).leads()["contact_id"].tolist() == ["a", "a", "b"]


def test_answers_are_shared_within_a_run_until_somebody_writes(team, database, tmp_path, monkeypatch):
    shelf = tmp_path / "shelf"
    build_shelf(shelf)
    monkeypatch.setenv(SWITCH, str(shelf))
    assert mopsnb.open(team)._engine.scan("deal").rows == 1
    kept = {path.name for path in shelf.iterdir()}
    assert mopsnb.open(team)._engine.scan("deal").rows == 1
    assert {path.name for path in shelf.iterdir()} == kept
    database.run("INSERT INTO findings.deal (deal_id, stage) VALUES ('2', 'new')")
    assert mopsnb.open(team)._engine.scan("deal").rows == 2
    assert kept < {path.name for path in shelf.iterdir()}


@pytest.mark.slow
def test_the_commands_know_databases(team, cli):
    code, printed, _ = cli("check", team)
    assert code == 3  # no rate brings the currencies together
    assert "ad_daily (database)" in printed
    code, printed, _ = cli("metrics", team)
    assert code == 0
    assert "email_churn_rate" in printed
