"""Large files: read with less work and bounded memory, with the same figures."""

import duckdb
import pytest
from metric_tables import compute, event, make_tables
from workspaces import write_workspace

import mopsnb
from mopsnb.data import connection, files

METRICS = ["email_churn_rate", "click_through_rate", "emails_sent"]
EVENTS = """
    SELECT 'C' || i % 7 AS contact_id, CASE WHEN i % 5 > 0 THEN 'M' || i % 3 ELSE {blank} END AS campaign_id,
      ['sent', 'delivered', 'click', 'unsubscribe'][1 + i % 4] AS event_type, i % 11 = 0 AS is_bot,
      TIMESTAMPTZ '2026-01-01 00:00:00+00' + INTERVAL (i * 5) HOUR AS occurred_at,
      CASE WHEN i % 2 = 0 THEN 'a' END AS source, CAST(NULL AS VARCHAR) AS variant
    FROM range(600) AS numbers(i)
"""


def write_events(folder, blank):
    """Write a workspace whose events name no campaign where ``blank`` stands, in three row groups."""
    team = write_workspace(folder)
    (team / "data").mkdir(exist_ok=True)
    file = team / "data" / "email_event.parquet"
    duckdb.sql(f"COPY ({EVENTS.format(blank=blank)}) TO '{file}' (FORMAT parquet, ROW_GROUP_SIZE 200)")
    return team


@pytest.mark.parametrize(("blank", "is_full"), [("NULL", True), ("''", False)])
def test_a_large_file_gives_the_figures_of_a_small_one(tmp_path, monkeypatch, blank, is_full):
    """A column is read bare only where its statistics show no empty text; an empty text is missing all the same."""
    team = write_events(tmp_path / "team", blank)
    small = mopsnb.open(team).monthly(METRICS)
    monkeypatch.setattr(files, "LARGE", 0)
    large = mopsnb.open(team)
    assert large.monthly(METRICS).equals(small)
    assert large.sql("SELECT count(*) AS n FROM email_event WHERE campaign_id IS NULL")["n"].tolist() == [120]
    path = team / "data" / "email_event.parquet"
    found = files.inspect_file(files.TABLES["email_event"], path, duckdb.connect())
    assert ("campaign_id" in found.full, "contact_id" in found.full) == (is_full, True)


def test_a_column_without_statistics_is_not_taken_for_full(tmp_path, monkeypatch):
    """A writer may leave statistics out: then nothing is known."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "email_event.parquet"
    pq.write_table(pa.table({"contact_id": ["a"], "event_type": ["sent"]}), path, write_statistics=["event_type"])
    monkeypatch.setattr(files, "LARGE", 0)
    assert files.inspect_file(files.TABLES["email_event"], path, duckdb.connect()).full == {"event_type"}


def test_memory_grows_with_the_files_within_limits(tmp_path):
    """Half of what the files take, at least 256 MB and at most 1.2 GB; a link that leads nowhere takes nothing."""
    sizes = {"none": 0, "some": 1_600_000_000, "many": 9_000_000_000}
    found = {}
    for name, size in sizes.items():
        path = tmp_path / name
        with path.open("wb") as file:
            file.truncate(size)  # takes no place on the disk
        found[name] = connection.find_memory([path, tmp_path / "nowhere"])
    assert found == {"none": 256, "some": 800, "many": 1_200}


def test_a_connection_has_no_more_threads_than_its_memory_serves(tmp_path):
    """A machine with many cores spills like one with few."""
    asked = "SELECT current_setting('memory_limit'), current_setting('threads')"
    limit, threads = connection.connect(tmp_path).execute(asked).fetchall()[0]
    assert (limit, threads <= 8) == ("244.1 MiB", True)


def test_months_in_which_only_machines_clicked_have_no_row():
    """The first day of a table may be earlier than the first that counts, and its local day earlier than in UTC."""
    rows = [event("click", "ann", "2026-01-10", is_bot=True), event("delivered", "ann", "2026-03-01T04:30:00Z")]
    rows += [event("click", "ann", "2026-03-02")]
    frame = compute(make_tables(email_event=rows), "total_clicks", as_of="2026-03-31", zone="America/New_York")
    assert [f"{month:%Y-%m}" for month in frame["period_start"]] == ["2026-02", "2026-03"]
    assert frame["value"].tolist() == [0, 1]
