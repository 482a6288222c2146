"""Columns called like mopsnb's own, filters with values of any type, and questions without sense."""

import pandas as pd
import pytest
from metric_tables import ad, make_tables, split
from workspaces import write_workspace

import mopsnb
from mopsnb.errors import UsageError

pytestmark = pytest.mark.slow

ODD = ("owner_id", "known_id", "person_id", "person_source", 'Sales "Rep" $end', "cost in $zone", "it's", "segment_0")
HEADER = "date,channel,campaign_id,campaign_name,source,spend,currency,is_new,value,"
ROWS = (
    "2026-01-30,search,g1,Spring,google,10,EUR,true,v,",
    "2026-02-01,search,g2,Autumn,google,5,EUR,,v,",
)


def quote(name):
    """Return a CSV cell."""
    return '"' + name.replace('"', '""') + '"'


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    """A workspace whose tables have columns of every name that a join could mistake for its own."""
    cells = [",".join(f"{name} {place}" for name in "abcdefgh") for place in (1, 2)]
    ads = "\n".join([HEADER + ",".join(map(quote, ODD)), *map("".join, zip(ROWS, cells, strict=True)), ""])
    contacts = "contact_id,created_at,lead_source,source,owner_id,person_x,job_title\n"
    return mopsnb.open(
        write_workspace(
            tmp_path_factory.mktemp("odd") / "team",
            ad_daily=ads,
            campaign="campaign_id,name,channel,owner_id,known_id\nc1,Spring,search,x,y\n",
            campaign_map="source,source_name,campaign_id,channel\ngoogle,Spring,c1,paid\n",
            contact=contacts + "c1,2026-01-05T10:00:00Z,Web,crm,o,p,CEO\n",
        )
    )


def spend(frame):
    """Return the labels of the first breakdown with their values."""
    return dict(zip(frame.iloc[:, 0], frame["value"], strict=True))


def test_columns_of_any_name_are_segments_and_filters_beside_campaign_and_channel(ws):
    """The table's own query hands on columns that the data dictionary does not know."""
    rows = [[f"{letter} {place}" for letter in "abcdefgh"] for place in (1, 2)]
    frame = ws.metric("ad_spend", by=[*ODD, "campaign", "channel"])
    assert list(frame.columns[:8]) == [*ODD]
    assert frame.iloc[:, :11].to_numpy().tolist() == [
        [*rows[0], "c1", "paid", 10],
        [*rows[1], "(unmapped)", "search", 5],
    ]
    where = dict(zip(ODD, rows[1], strict=True)) | {"channel": "search"}
    assert ws.metric("ad_spend", by="total", where=where)["value"].tolist() == [5]


@pytest.mark.parametrize("name", ["person_id", "cost in $zone"])
def test_a_column_called_like_one_of_a_join_needs_no_join(ws, name):
    letter = "abcdefgh"[ODD.index(name)]
    assert spend(ws.metric("ad_spend", by=name)) == {f"{letter} 1": 10, f"{letter} 2": 5}


def test_such_columns_disturb_neither_the_queue_nor_the_findings(ws):
    assert ws.unmapped()["campaign_name"].tolist() == ["Autumn"]
    assert "campaigns.unmapped" in {finding.id for finding in ws.findings()}


def test_columns_of_contacts_are_segments_of_leads(ws):
    for name, label in (("owner_id", "o"), ("person_x", "p"), ("job_title", "CEO"), ("channel", "Web")):
        assert spend(ws.metric("leads", by=name)) == {label: 1}


def test_a_segment_called_like_a_column_of_the_answer_is_refused_and_filters(ws):
    with pytest.raises(UsageError, match=r"has a column 'value' of its own: rename the column"):
        ws.metric("ad_spend", by=["value", "week"])
    assert ws.metric("ad_spend", by="total", where={"value": "v"})["value"].tolist() == [15]


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ({"is_new": True}, 10),
        ({"is_new": [True]}, 10),
        ({"is_new": "(none)"}, 5),
        ({"campaign": "(unmapped)"}, 5),
        ({"channel": ["paid", "search"]}, 15),
        ({"channel": ()}, None),
        ({"channel": 5}, None),
        ({"channel": "x' OR '1'='1"}, None),
        ({"channel": "paid'); DROP VIEW ad_daily; --"}, None),
        ({"channel": "$end"}, None),
    ],
)
def test_a_filter_takes_values_of_any_type_and_runs_none(ws, where, value):
    found = ws.metric("ad_spend", by="total", where=where)["value"].tolist()
    assert found == ([] if value is None else [value])
    assert ws.metric("ad_spend", by="total")["value"].tolist() == [15]


def test_a_scope_is_compared_and_never_run(ws):
    assert ws.monthly(["ad_spend"], scope={"channel": "x' OR '1'='1"}).empty
    assert ws.monthly(["ad_spend"], scope={"channel": 5}).empty
    assert ws.monthly(["ad_spend"], scope={"channel": ["search", "paid"]})["value"].tolist() == [10, 5]


@pytest.mark.parametrize("channel", ["search", "paid", "(none)"])
def test_a_scope_means_the_channel_that_breakdowns_show(ws, channel):
    """The map says that Spring is `paid`, whatever the ad platform calls its channel."""
    found = ws.monthly(["ad_spend"], scope={"channel": channel})
    shown = ws.metric("ad_spend", by="month", where={"channel": channel})
    expected = {"search": [5], "paid": [10]}.get(channel, [])
    assert found["value"].dropna().tolist() == shown["value"].dropna().tolist() == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"where": {"channel": None}}, "'channel' has no value. Rows that name nothing have the value '(none)'"),
        ({"where": {"channel": ["search", float("nan")]}}, "'channel' has no value"),
        ({"where": "channel"}, "where is 'channel', expected columns with their values"),
        ({"where": {5: "x"}}, "cannot be broken down or filtered by '5'"),
        ({"where": {'channel" IS NULL OR "spend': "x"}}, "ad_daily has no such column"),
        ({"by": None}, "by is None, expected a name such as 'month'"),
        ({"by": ["month", 5]}, "expected a name such as 'month', or a list"),
        ({"by": []}, "Name at least one breakdown"),
        ({"start": 5}, "start is '5', expected a day"),
        ({"end": pd.NaT}, "end is 'NaT', expected a day"),
        ({"by": "week", "start": "2026-02-01", "end": "2026-01-31"}, "start 2026-02-01 lies behind end 2026-01-31"),
    ],
)
def test_a_question_without_sense_is_refused_in_words(ws, options, message):
    with pytest.raises(UsageError, match=message.replace("(", r"\(").replace(")", r"\)")):
        ws.metric("ad_spend", **options)


def test_a_metric_s_name_is_a_text(ws):
    with pytest.raises(UsageError, match="There is no metric '5'"):
        ws.metric(5)


def test_campaigns_without_a_list_are_shown_by_name_and_with_their_id_where_names_repeat():
    """c1 was renamed, so it bears one of its names; c2 and c3 share one; c4 has none."""
    tables = make_tables(
        ad_daily=[
            ad("2026-01-05", "10", "c1", campaign_name="Spring"),
            ad("2026-01-06", "5", "c1", campaign_name="Spring sale"),
            ad("2026-01-05", "20", "c2", campaign_name="Brand"),
            ad("2026-01-05", "30", "c3", campaign_name="Brand"),
            ad("2026-01-05", "40", "c4"),
        ]
    )
    frame = split(tables, "ad_spend", "campaign")
    shown = dict(zip(frame["campaign"], frame["value"], strict=True))
    assert shown == {"Spring": 15, "Brand (c2)": 20, "Brand (c3)": 30, "c4": 40}
    assert split(tables, "ad_spend", "campaign", where={"campaign": ("Brand (c2)",)})["value"].tolist() == [20]
