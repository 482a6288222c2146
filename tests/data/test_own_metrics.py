"""The metrics that a team adds in its workspace: used like the project's own, refused with line, value and fix."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import mopsnb
from mopsnb.cli.app import app
from mopsnb.data.catalogue import Metric
from mopsnb.data.metric_syntax import check_expression, check_query
from mopsnb.data.own_metrics import read_own_catalogue
from mopsnb.errors import DataError, UsageError

pytestmark = pytest.mark.slow

OWN = """\
# What we count besides.
measures:
  big_deals: {of: won_deal, count: rows, where: amount >= 20000}
metrics:
  big_deals_won:
    title: Big deals won
    numerator: [big_deals]
    unit: count
    direction: up
    additive: true
    formula: deals of at least 20,000 won in the month
    base: all deals
    definition_source: The handbook of sales
    caveat: The limit is in the workspace's currency.
    related: [revenue_won]
"""
DEALS = (
    "deal_id,stage,amount,currency,created_at,closed_at,is_won\n"
    "d1,won,25000,EUR,2026-01-02,2026-02-03,true\n"
    "d2,won,100,EUR,2026-01-02,2026-03-03,true\n"
)


def make(tmp_path: Path, text: str = OWN) -> Path:
    (tmp_path / "strategy.yml").write_text("version: 1\n")
    (tmp_path / "metrics.yml").write_text(text, encoding="utf-8")
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "deal.csv").write_text(DEALS)
    return tmp_path


def _open(tmp_path, text):
    return mopsnb.open(make(tmp_path, text), as_of="2026-03-31")


def test_an_own_metric_is_answered_listed_and_monthly_like_the_others(tmp_path):
    ws = mopsnb.open(make(tmp_path), as_of="2026-03-31")
    assert ws.metric("big_deals_won", by="month")["value"].tolist() == [0, 1, 0]
    assert ws.monthly(["big_deals_won"])["value"].tolist() == [0, 1, 0]
    assert ws.catalogue.loc["big_deals_won", "title"] == "Big deals won"
    assert ws.catalogue.loc["big_deals_won", "group"] == "Own metrics"
    assert ws.faults() == []


@pytest.mark.parametrize("text", ["", "# nothing yet\n\n"])
def test_a_file_of_comments_adds_nothing(tmp_path, text):
    assert "big_deals_won" not in mopsnb.open(make(tmp_path, text)).definitions


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "big_deals_won:",
            "revenue_won:",
            "line 5, metrics.revenue_won: found revenue_won, expected a name that no built-in",
        ),
        ("    unit: count", "    unit: count\n    replaces: true", "line 9, metrics.big_deals_won.replaces"),
        (
            "[big_deals]",
            "[big_deal]",
            "line 7, metrics.big_deals_won.numerator: found big_deal, expected the name of a measure. Did you mean",
        ),
        (
            "of: won_deal",
            "of: won_deals",
            "measures.big_deals.of: found won_deals, expected the name of a relation. Did you mean 'won_deal'?",
        ),
        ("count: rows, ", "", "line 3, measures.big_deals: found"),
        ("  big_deals: {of", "  list_size: {of", "expected a name that is not taken"),
        ("amount >= 20000", "amount >= (20000", "expected one SQL expression. It is not SQL"),
        ("amount >= 20000", "deal_id IN (SELECT email FROM contact)", "It reads contact"),
        (
            "amount >= 20000",
            "amonut >= 20000",
            "line 3, measures.big_deals: found amonut >= 20000, expected columns of deal",
        ),
        (
            "direction: up",
            "direction: more",
            "line 9, metrics.big_deals_won.direction: found more, expected 'up', 'down' or",
        ),
        (
            "    caveat: The limit is in the workspace's currency.\n",
            "",
            "caveat: found nothing, expected a value. Add the key 'caveat'",
        ),
        ("    base: all deals", "    bsae: all deals", "Did you mean 'base'?"),
        ("[revenue_won]", "[revenue]", "metrics.big_deals_won.related: found revenue"),
        ("big_deals_won:", "Big-Deals:", "expected a name of lower-case letters, digits and underscores"),
        (
            "measures:",
            "mesures:",
            "line 2, mesures: found mesures, expected one of the keys relations, measures, metrics. Did",
        ),
        ("additive: true", "denominator: big_deals\n    additive: true", "Ratios do not add up"),
        ("    unit: count", "   unit: count", "line 8"),
    ],
)
def test_a_fault_is_named_with_line_value_and_fix(tmp_path, old, new, fault):
    assert old in OWN
    folder = make(tmp_path, OWN.replace(old, new))
    assert any(fault in str(item) for item in mopsnb.open(folder, strict=False).faults())
    checked = CliRunner().invoke(app, ["check", str(folder)])
    assert checked.exit_code == 3
    assert "metrics.yml, line" in checked.output
    with pytest.raises((DataError, UsageError)):
        mopsnb.open(folder).metric("big_deals_won")


def test_a_built_in_metric_is_replaced_only_on_purpose_and_pages_say_so(tmp_path):
    text = OWN.replace("big_deals_won:", "revenue_won:\n    replaces: true").replace("related: [revenue_won]", "")
    ws = mopsnb.open(make(tmp_path, text), as_of="2026-03-31")
    assert ws.metric("revenue_won", by="total")["value"].tolist() == [1]
    assert ws.catalogue.loc["revenue_won", "source"].startswith("This workspace's own definition")
    finding = next(item for item in ws.findings() if item.id == "metrics.replaced.revenue_won")
    assert finding.severity == "info"


def test_an_own_relation_reads_tables_that_it_names(tmp_path):
    text = OWN.replace(
        "measures:",
        """relations:
  renewals:
    tables: [deal]
    grain: one renewal
    time: closed_at
    clock: timestamp
    covered: since
    marks: [closed_at]
    dimensions: [owner]
    sql: SELECT * FROM deal WHERE amount < 1000
measures:""",
    ).replace("of: won_deal, count: rows, where: amount >= 20000", "of: renewals, count: rows")
    assert _open(tmp_path, text).metric("big_deals_won", by="total")["value"].tolist() == [1]
    folder = make(tmp_path, text.replace("FROM deal WHERE amount < 1000", "FROM read_csv('data/deal.csv')"))
    with pytest.raises(DataError, match="which is not a table that it names"):
        read_own_catalogue(folder / "metrics.yml")


@pytest.mark.parametrize(
    "text",
    [
        "TRUE) OR (TRUE",
        "a; DROP TABLE deal",
        "a) FROM (SELECT 1",
        "a), (b",
        "a -- b",
        "x IN (SELECT 1 FROM read_csv('f'))",
        "x IN (SELECT 1 FROM 'file.csv')",
        "x IN (SELECT 1 FROM information_schema.tables)",
    ],
)
def test_what_is_more_than_one_expression_is_refused(text):
    assert check_expression(text, ["deal"])
    assert not check_expression('"date" IS NOT NULL', ["deal"])


@pytest.mark.parametrize(
    "text", ["DELETE FROM deal", "SELECT 1; SELECT 2", "SELECT * FROM contact", "COPY deal TO 'f'"]
)
def test_what_is_more_than_one_select_is_refused(text):
    assert check_query(text, ["deal"])
    assert not check_query("WITH some AS (SELECT * FROM deal) SELECT * FROM some", ["deal"])


def test_the_examples_of_the_page_and_of_the_blank_workspace_are_sound(tmp_path, repository):
    page = (repository / "docs" / "own-metrics.md").read_text(encoding="utf-8")
    first, second = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert "big_deals_won" in _open(tmp_path, first).definitions
    assert "big_deals_won" in _open(tmp_path, second + first.replace("of: won_deal", "of: renewal")).definitions
    blank = (repository / "templates" / "workspace" / "metrics.yml").read_text(encoding="utf-8")
    assert "big_deals_won" not in _open(tmp_path, blank).definitions
    lines = [line.removeprefix("# ") for line in blank.splitlines()[3:]]
    assert "big_deals_won" in _open(tmp_path, "\n".join(lines)).definitions


def test_every_key_of_a_metric_is_on_the_page(repository):
    page = (repository / "docs" / "own-metrics.md").read_text(encoding="utf-8")
    assert [key for key in Metric.model_fields if key != "name" and f"`{key}`" not in page] == []


def run(*arguments: str):
    return CliRunner().invoke(app, ["metrics", *arguments])


def test_the_command_lists_explains_and_searches(tmp_path):
    folder = str(make(tmp_path))
    assert "bounce_rate" in run().output
    assert "big_deals_won" in run(folder).output
    explained = run("bounce_rate").output
    assert "Google Analytics 4" in explained
    assert "(sessions − engaged sessions) ÷ sessions" in explained
    assert "deals of at least 20,000" in run(folder, "big_deals_won").output
    found = json.loads(run("--search", "bounce HARD", "--json").output)
    assert "hard_bounce_rate" in [item["name"] for item in found]
    assert all(item["caveat"] and item["source"] and item["grain"] for item in json.loads(run("--json").output))
    assert "No metric has these words" in run("--search", "zebra").output


def test_the_command_says_what_data_a_workspace_lacks(tmp_path):
    folder = str(make(tmp_path))
    assert "It needs data/web_daily.csv" in run(folder, "sessions").output
    rows = {line.split()[0]: line.split()[-1] for line in run(folder).output.splitlines() if line}
    listed = {item["name"]: item["lacks"] for item in json.loads(run(folder, "--json").output)}
    assert listed["revenue_won"] != listed["sessions"]
    assert rows["sessions"]


def test_an_unknown_metric_ends_with_the_nearest_name():
    result = run("bounce")
    assert isinstance(result.exception, UsageError)
    assert "Did you mean 'bounce_rate'?" in str(result.exception)
