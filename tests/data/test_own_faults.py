"""A workspace's own metrics that cannot be used: each fault once, in words, whatever stands in the file."""

import pytest
from workspaces import write_workspace

import mopsnb
from mopsnb.data.metric_syntax import check_expression, check_query

pytestmark = pytest.mark.slow

MEASURE = "measures: {{m: {{of: won_deal, {}}}}}\n"
METRIC = (
    "metrics: {{a: {{title: T, numerator: {}, unit: count, direction: up, formula: f, base: b, definition_source: d,"
    " caveat: c{}}}}}\n"
)
RELATION = "relations: {{r: {{tables: {}, grain: g, time: closed_at, clock: timestamp, {}}}}}\n"
COUNT = MEASURE.format("count: rows")
DEAL = "deal_id,created_at,closed_at,amount,is_won,stage,currency\n1,2026-01-05,2026-01-15,100,true,won,EUR\n"
ADS = "date,channel,campaign_id,spend,currency\n2026-01-10,search,1,10,EUR\n2026-02-27,search,1,10,EUR\n"


@pytest.fixture
def read(tmp_path):
    """Open a workspace with this file of metrics."""

    def open_one(text, **tables):
        folder = write_workspace(tmp_path / "team", deal=DEAL, **tables)
        (folder / "metrics.yml").write_text(text, encoding="utf-8")
        return mopsnb.open(folder, strict=False)

    return open_one


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        (MEASURE.format("count: rows, where: "), "measures.m.where: found nothing", "expected one SQL expression"),
        (MEASURE.format("count: rows, where: {a: b}"), "measures.m.where: found the keys a", "Write it as one text"),
        (MEASURE.format("sum: [amount]"), "measures.m.sum: found a list of 1", "expected one SQL expression"),
        (MEASURE.format("distinct: []"), "measures.m.distinct: found an empty list", "expected a list of columns"),
        (MEASURE.format("distinct: [{a: b}]"), "measures.m.distinct: found a list of 1", "expected a list of columns"),
        (MEASURE.format("count: all"), "measures.m: found of, count", "exactly one of count: rows, sum, distinct"),
        ("measures: {m: {of: [won_deal], count: rows}}", "measures.m.of: found a list of 1", "name of a relation"),
        ("measures: {m: {of: , count: rows}}", "measures.m.of: found nothing", "name of a relation"),
        (METRIC.format("[{a: b}]", ""), "metrics.a.numerator: found a list of 1", "the name of a measure"),
        (METRIC.format("", ""), "metrics.a.numerator: found nothing", "Name at least one measure"),
        (COUNT + METRIC.format("[m]", ", denominator: [m]"), "metrics.a.denominator: found a list", "of a measure"),
        (COUNT + METRIC.format("[m]", ", denominator: "), "metrics.a.denominator: found nothing", "of a measure"),
        (COUNT + METRIC.format("[m]", ", related: [{a: b}]"), "metrics.a.related[0]: found the keys a", "a text"),
        (COUNT + METRIC.format("[m]", ", related: leads"), "metrics.a.related: found leads", "square brackets"),
        (COUNT + METRIC.format("[m]", ", factor: 1.5"), "metrics.a.factor: found 1.5", "a whole number from 1 on"),
        (COUNT + METRIC.format("[m]", ", additive: maybe"), "metrics.a.additive: found maybe", "true or false"),
        (COUNT + METRIC.format("[m]", ", name: leads"), "metrics.a.name: found leads", "Remove it: the name is a"),
        (RELATION.format("deal", "covered: rows"), "relations.r.tables: found deal", "square brackets"),
        (RELATION.format("[deal]", "covered: span"), "relations.r: found the keys", "'marks' where 'covered' is span"),
        (RELATION.format("[deal]", "covered: rows, naming: 5"), "relations.r.naming: found 5", "keys with values"),
        (RELATION.format("[deal]", "covered: rows, name: won_deal"), "relations.r.name: found won_deal", "Remove it"),
        (
            RELATION.format("[deal]", "covered: rows, spans: {}"),
            "relations.r.spans",
            "which built-in relations alone have",
        ),
    ],
)
def test_a_fault_is_named_once_with_place_and_value(read, text, place, says):
    (fault,) = map(str, read(text).faults())
    assert place in fault
    assert says in fault


def test_what_rests_on_a_faulty_definition_is_no_fault_of_its_own(read):
    """Three faults in three definitions, and nothing about the metrics and measures above them."""
    text = (
        RELATION.format("[deal]", "covered: never")
        + "measures: {m: {of: r, count: rows}, n: {of: won_deal, sum: '1) OR (1'}}\n"
        + METRIC.format("[m]", ", denominator: n").replace("up,", "up, units: x,")
    )
    assert len(read(text).faults()) == 2
    alone = text.replace("numerator: [m]", "numerator: [big]")
    assert [str(fault).split(":")[0].split(", ")[2] for fault in read(alone).faults()] == [
        "relations.r.covered",
        "measures.n",
    ]


@pytest.mark.parametrize(
    "call",
    ["now()", "current_date", "today()", "CURRENT_TIMESTAMP", "get_current_timestamp()", "localtimestamp",
     "transaction_timestamp()", "age(closed_at)", "random()", "uuid()", "gen_random_uuid()", "nextval('s')",
     "current_user", "current_setting('x')", "getvariable('x')", "version()", "pg_sleep(1)", "write_log('x')",
     "error('x')"],
)  # fmt: skip
def test_what_differs_from_run_to_run_is_refused(call):
    assert "differs from run to run" in check_expression(f"{call} IS NOT NULL", ["deal"])
    assert "differs from run to run" in check_query(f"SELECT *, {call} AS x FROM deal", ["deal"])


@pytest.mark.parametrize(
    "text",
    [
        "age(closed_at, created_at) > INTERVAL 1 DAY",
        "CAST(closed_at AS DATE) = DATE '2026-01-01'",
        "date_trunc('month', closed_at) IS NOT NULL",
        "date(closed_at) IS NOT NULL",
        "lower(stage) = 'won'",
        "(SELECT max(amount) FROM deal) = amount",
    ],
)
def test_what_depends_on_the_data_alone_is_accepted(text):
    assert check_expression(text, ["deal"]) == ""


@pytest.mark.parametrize("text", ["count(*) > 1", "amount > avg(amount)", "row_number() OVER () = 1"])
def test_an_expression_looks_at_one_row(text):
    assert "It looks at several rows" in check_expression(text, ["deal"])


def test_an_aggregate_that_only_the_engine_knows_is_found_by_the_check(read):
    text = MEASURE.format("count: rows, where: histogram(amount) IS NOT NULL") + METRIC.format("[m]", "")
    (fault,) = map(str, read(text).faults())
    assert "measures.m: found histogram(amount) IS NOT NULL, expected columns of deal" in fault


def test_a_query_of_its_own_hides_no_table():
    """A name in WITH holds in its own query alone; outside of it, the name would be the workspace's table."""
    hidden = "EXISTS (WITH contact AS (SELECT 1) SELECT 1) AND EXISTS (SELECT 1 FROM contact)"
    assert "as a table of the workspace is called" in check_expression(hidden, ["deal"])


def test_a_dimension_that_the_data_lack_is_a_fault_and_a_dollar_in_a_text_is_none(read):
    rows = RELATION.format("[deal]", "covered: since, marks: [closed_at], dimensions: [stage]")
    text = rows + "measures: {m: {of: r, count: rows, where: \"stage <> 'US$zone'\"}}\n" + METRIC.format("[m]", "")
    (fault,) = map(str, read(text.replace("[stage]", "[sector]"), ad_daily=ADS).faults())
    assert "measures.m" in fault
    assert '"sector" not found' in fault
    ws = read(text, ad_daily=ADS)
    assert ws.faults() == []
    assert ws.metric("a", by="stage")["stage"].tolist() == ["won"]
    assert ws.monthly(["a"], scope={"stage": "won"})["value"].tolist()[0] == 1


@pytest.mark.parametrize("name", ["ad_spend", "email_churn_rate"])
def test_a_replaced_metric_leaves_the_findings_about_the_data_alone(read, name):
    """They rest on the built-in definition: the workspace's own may count other tables."""
    events = "contact_id,event_type,occurred_at\na,sent,2026-01-03T10:00:00Z\n"
    text = COUNT + METRIC.format("[m]", ", denominator: m, replaces: true").replace("a:", f"{name}:", 1)
    before = {item.id for item in read("# nothing\n", ad_daily=ADS, email_event=events).findings()}
    after = {item.id for item in read(text, ad_daily=ADS, email_event=events).findings()}
    assert after - before == {f"metrics.replaced.{name}"}
    assert before <= after
