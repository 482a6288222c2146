"""The contract: names, keys and required columns of the canonical tables, and what each kind of cell accepts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from mopsnb.data.contract import ANNOUNCED, TABLES
from mopsnb.data.contract.cells import fits
from mopsnb.data.contract.kinds import KINDS
from mopsnb.data.frames import find_misfits

PINNED = {  # table: key / required columns
    "contact": "contact_id / contact_id",
    "account": "account_id / account_id name",
    "stage_event": "contact_id stage entered_at / contact_id stage entered_at",
    "lead_activity": "contact_id activity_type occurred_at / contact_id activity_type occurred_at",
    "assignment_event": "contact_id assigned_at / contact_id rep assigned_at",
    "campaign": "campaign_id / campaign_id name",
    "campaign_map": "source source_name / source source_name",
    "campaign_member": "campaign_id contact_id / campaign_id contact_id",
    "email_event": "event_id / contact_id event_type occurred_at",
    "email_send_summary": "campaign_id sent_at / campaign_id sent_at recipients",
    "content": "content_id measured_on / content_id published_at",
    "event_calendar": "event_id / start_on kind",
    "ad_daily": ("channel account_id campaign_id ad_group_id date period_start / channel campaign_id spend currency"),
    "spend_actual": "spend_id / spend_id date area amount currency",
    "budget_plan": "version month area channel campaign_id / month area planned currency",
    "fx_rate": "date currency / date currency rate_to_base",
    "deal": "deal_id / deal_id stage",
    "deal_stage_event": "deal_id stage entered_at / deal_id stage entered_at",
    "deal_contact": "deal_id contact_id / deal_id contact_id",
    "web_daily": "date period_start channel_group source medium campaign / sessions",
    "touchpoint": "touch_id / occurred_at channel",
    "task": "task_id / task_id name",
    "task_event": "task_id occurred_at / task_id occurred_at status",
    "service_event": "agreement request_id / agreement request_id opened_at",
    "approval": "approval_id / subject who at verdict",
    "decision": "decision_id / subject who at decision",
    "feedback": "feedback_id / feedback_id submitted_at",
    "tool": "tool_id / tool_id name",
    "tool_usage": "tool_id person / tool_id person",
    "metric_value": "metric period_start segment / metric period_start value",
}


def test_tables_keys_and_required_columns_are_pinned():
    """A changed table name, key or required column breaks other people's files, so it fails here first."""
    assert {name: f"{' '.join(table.key)} / {' '.join(table.required)}" for name, table in TABLES.items()} == PINNED


@pytest.mark.parametrize("name", sorted(TABLES))
def test_declarations_are_complete(name):
    """Each column has a known kind and a description, and all columns that a table refers to exist."""
    table = TABLES[name]
    for field in table.fields.values():
        assert field.kind in KINDS
        assert field.description.endswith(".")
        assert not field.known_at or table.fields[field.known_at].kind == "timestamp"
    assert {*table.key, *table.time, *table.money_on} <= set(table.fields)
    assert all(table.fields[column].kind in {"date", "month", "timestamp"} for column in (*table.time, *table.money_on))
    assert bool(table.time) or not table.is_dated


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_row_may_say_where_it_comes_from(name):
    """Each table has the columns source, source_file and source_row."""
    assert {"source", "source_file", "source_row"} <= set(TABLES[name].fields)


def test_a_traffic_source_is_not_a_provenance():
    """The source of web_daily and campaign_map is a column of their own, not where the row comes from."""
    assert "source" in TABLES["ad_daily"].provenance
    assert "source" not in TABLES["web_daily"].provenance
    assert "source" not in TABLES["campaign_map"].provenance


def test_announced_tables_are_not_yet_declared():
    """A table is either declared or announced."""
    assert not set(ANNOUNCED) & set(TABLES)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("id", ["0012", "1.2E+15", 12, np.int64(12)], [12.0, True, [1]]),
        ("text", ["", "x", 1.5, date(2026, 1, 1)], [["x"]]),
        ("timestamp", ["2026-01-05", "2026-01-05T10:00", datetime(2026, 1, 5, tzinfo=UTC)], ["05.01.2026", 1767571200]),
        (
            "date",
            ["2026-01-05", date(2026, 1, 5), pd.Timestamp("2026-01-05")],
            ["2026-02-30", pd.Timestamp("2026-01-05T10:00")],
        ),
        ("month", ["2026-01", "2026-01-05", date(2026, 1, 5)], ["2026-13", "01/2026", 202601]),
        ("decimal", ["1.50", "1e3", Decimal("1.5"), 1.5, 3], ["1,5", "$5", "--", float("inf"), True, "1000000000000"]),
        ("number", ["0.0042", 0.5, 3], ["5%", float("-inf")]),
        ("integer", ["12", "12.0", "1E+3", 12.0], ["12.5", 12.5, "1 000", 2**63]),
        ("boolean", ["TRUE", "no", "1", True, 0, 1.0], ["y", "2", 2]),
        ("list", ["a;b", ["a"], np.array(["a"])], [3]),
    ],
)
def test_kinds_accept_and_refuse_cells(kind, good, bad):
    """Each kind accepts its spellings and types, and refuses others."""
    assert [fits(value, kind) for value in good] == [True] * len(good)
    assert [fits(value, kind) for value in bad] == [False] * len(bad)


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NaT, pd.NA])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_missing_cells_are_no_misfits(kind, missing):
    """A missing cell fits every kind: whether it may be missing is another rule."""
    assert fits(missing, kind)


def test_money_is_exact_and_other_decimals_may_be_rounded():
    """A seventh decimal is a misfit in money; what binary floats add beyond it is not."""
    assert not fits("0.0000004", "decimal", exact=True)
    assert fits("5.279999999999999", "decimal", exact=True)
    assert fits("0.0000004", "decimal", exact=False)


def test_a_typed_frame_passes_pandera():
    """A frame with typed cells that keep to the contract has no misfits."""
    frame = pd.DataFrame(
        {
            "contact_id": ["0012", "0013"],
            "created_at": pd.to_datetime(["2026-01-05T10:00:00Z", None]),
            "is_converted": [True, False],
            "favorite_color": ["red", None],
        }
    )
    assert find_misfits(TABLES["contact"], frame).empty


def test_pandera_names_row_column_and_rule():
    """A bad frame yields row (as in a file with a header), column and rule, once each."""
    frame = pd.DataFrame({"contact_id": ["1", None], "event_type": ["sent", "clik"], "is_bot": ["maybe", None]})
    found = find_misfits(TABLES["email_event"], frame)
    assert [tuple(row) for row in found.itertuples(index=False)] == [
        (1, "occurred_at", "column"),
        (2, "is_bot", "kind"),
        (3, "contact_id", "required"),
        (3, "event_type", "one_of"),
    ]
