"""What is worth knowing about the data is found: repeated rows, odd cells, unknown files, faults, disagreements."""

import pytest
from review_samples import ADS, EVENTS, ad_rows, review
from workspaces import write_data

from mopsnb.data.disagreements import find_disagreements
from mopsnb.data.engine import Engine
from mopsnb.strategy import Budget, Organization, Strategy, Tool


def test_clean_data_has_no_findings(tmp_path):
    """Fresh, complete, unambiguous data needs no attention."""
    write_data(tmp_path, ad_daily=ADS + ad_rows("2026-01-04", "2026-01-05"))
    assert review(tmp_path) == {}


@pytest.mark.parametrize(
    ("table", "text", "severity"),
    [
        ("contact", "contact_id\n1\n2\n1\n1\n", "error"),
        ("ad_daily", ADS + ad_rows("2026-01-05", "2026-01-05", "2026-01-05"), "warning"),
        ("campaign_member", "campaign_id,contact_id\n1,1\n1,1\n1,1\n1,2\n2,1\n", "warning"),
    ],
)
def test_repeated_keys(table, text, severity, tmp_path):
    """Rows that share a key are counted; a repeated id is an error, a repeated combination may be a finer grain."""
    found = review(write_data(tmp_path, **{table: text}))[f"duplicates.{table}"]
    assert found.severity == severity
    assert found.title == f"data/{table}.csv holds 2 rows whose key stands in an earlier row."
    assert found.evidence.startswith("1 key, first ")


HEADER = "event_id,contact_id,campaign_id,event_type,occurred_at\n"
MOMENT = "2026-01-05T10:00:00Z"


def test_an_export_without_ids_that_was_imported_twice_is_a_warning(tmp_path):
    """Without event_id, rows equal in contact, campaign, kind and time are repeats: 2 of 3 here."""
    same, other = f"1,k,click,{MOMENT}\n", "1,k,click,2026-01-05T10:00:01Z\n"
    write_data(tmp_path / "a", email_event=HEADER.removeprefix("event_id,") + same * 3 + other)
    write_data(tmp_path / "b", email_event=HEADER + f",{same}" * 3 + f",{other}")
    for folder in ("a", "b"):
        (found,) = review(tmp_path / folder).values()
        assert (found.id, found.severity) == ("duplicates.email_event.without-event_id", "warning")
        assert found.title == "data/email_event.csv holds 2 rows without event_id that repeat an earlier row."
        assert found.evidence.startswith(
            "1 set of equal contact_id, campaign_id, event_type, occurred_at; first contact"
        )


def test_rows_with_ids_are_told_apart_by_them(tmp_path):
    """Two events of one moment with ids of their own are two; one with an id and one without are not compared."""
    rows = f"7,1,k,click,{MOMENT}\n8,1,k,click,{MOMENT}\n,1,k,click,{MOMENT}\n"
    assert review(write_data(tmp_path, email_event=HEADER + rows)) == {}


def test_touches_of_nobody_are_not_repeated(tmp_path):
    """Touches without an id repeat where person or visitor, time and channel agree; without either nobody can tell."""
    header = "touch_id,contact_id,anonymous_id,occurred_at,channel\n"
    rows = f",,,{MOMENT},web\n" * 2 + f",,v1,{MOMENT},web\n" * 2 + f",1,,{MOMENT},web\n" + f",1,,{MOMENT},email\n"
    (found,) = review(write_data(tmp_path, touchpoint=header + rows)).values()
    assert found.id == "duplicates.touchpoint.without-touch_id"
    assert found.title == "data/touchpoint.csv holds 1 row without touch_id that repeat an earlier row."


@pytest.mark.parametrize(
    ("table", "header", "row", "name", "severity"),
    [
        ("email_event", EVENTS, "1,sent,2026-01-05T10:00:00\n", "cells.email_event.occurred_at.naive", "warning"),
        ("email_event", EVENTS, "1,sent,2026-01-05\n", "cells.email_event.occurred_at.bare_date", "info"),
        ("task", "task_id,name,effort_hours\n", "1,x,0.3333333333\n", "cells.task.effort_hours.rounded", "info"),
        ("contact", "contact_id,lifecycle_stage\n", "1,Kunde\n", "cells.contact.lifecycle_stage.one_of", "info"),
    ],
)
def test_cells_that_are_read_and_still_said(table, header, row, name, severity, tmp_path):
    """Times without a zone, days instead of times, roundings and unusual values are read, and said once a column."""
    found = review(write_data(tmp_path, **{table: header + row * 3}))
    assert found[name].severity == severity
    assert found[name].evidence.startswith("3 cells, first in row 2: '")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("contacts.csv", "Did you mean 'contact'?"),
        ("Deal.csv", "Did you mean 'deal'?"),
        ("ad_daily.xlsx", "Save it as CSV in UTF-8"),
        ("export.zip", "Name it after a table"),
    ],
)
def test_unknown_files(name, says, tmp_path):
    """A file that no table claims is named, with the likely table."""
    (tmp_path / name).write_text("x\n")
    (found,) = review(tmp_path).values()
    assert found.severity == "warning"
    assert says in found.fix


def test_files_that_need_no_attention(tmp_path):
    """Notes and hidden files are left alone, a table of later versions is announced, a folder is named."""
    for name in ("README.md", ".DS_Store", "order.csv"):
        (tmp_path / name).write_text("x\n")
    (tmp_path / "2025").mkdir()
    found = review(tmp_path)
    assert {name: finding.severity for name, finding in found.items()} == {
        "files.2025": "warning",
        "files.order-csv": "info",
    }


def test_a_link_that_leads_nowhere(tmp_path):
    """A broken link is named as such."""
    (tmp_path / "contact.csv").symlink_to(tmp_path / "gone.csv")
    (found,) = review(tmp_path).values()
    assert found.title == "data/contact.csv is a link that leads nowhere."


def test_near_columns(tmp_path):
    """A column that looks like a misspelled one is named; an attribute of its own is not."""
    write_data(tmp_path, contact="contact_id,lifecyclestage,favorite_color\n1,lead,red\n")
    (found,) = review(tmp_path).values()
    assert found.title == 'data/contact.csv has a column "lifecyclestage" that looks like lifecycle_stage.'


def test_an_empty_table_is_good_to_know(tmp_path):
    """A header without rows is said."""
    (found,) = review(write_data(tmp_path, contact="contact_id\n")).values()
    assert (found.id, found.severity) == ("files.contact.empty", "info")


def test_faults_are_findings_too(tmp_path):
    """Faults of cells, files and money are errors among the findings, so that no report hides them."""
    write_data(
        tmp_path,
        ad_daily=ADS + "2026-01-05,search,1,1,EUR\n2026-01-05,social,1,x,USD\n2026-01-05,social,2,1,USD\n",
        contact="contact_id,email\n1\n",
    )
    found = review(tmp_path)
    assert {name for name, finding in found.items() if finding.severity == "error"} == {
        "faults.ad_daily.spend.kind",
        "faults.ad_daily.currency.money-in-one-currency",
        "faults.contact.file.2-cells",
    }
    assert all(finding.fix for finding in found.values())
    assert len({finding.title for finding in found.values()}) == len(found)


def test_the_id_of_a_fault_does_not_depend_on_other_faults(tmp_path):
    """A second fault in an earlier column leaves the first one's id as it was, and each kind has its own."""
    first = review(write_data(tmp_path, ad_daily=ADS + "2026-01-05,search,1,x,EUR\n"))
    second = review(write_data(tmp_path, ad_daily=ADS + "5 Jan,search,1,x,EUR\n2026-01-05,search,1,,EUR\n"))
    assert list(first) == ["faults.ad_daily.spend.kind"]
    assert {*first, "faults.ad_daily.date.kind", "faults.ad_daily.spend.required"} <= {*second}


def test_a_currency_in_small_letters_is_a_spelling_fault_alone(tmp_path):
    """`eur` beside EUR, and a word that is no code, are bad cells and no second currency."""
    rows = ADS + "2026-01-05,search,1,1,EUR\n2026-01-05,search,2,1,eur\n2026-01-05,search,3,1,Euro\n"
    found = review(write_data(tmp_path, ad_daily=rows))
    assert list(found) == ["faults.ad_daily.currency.matches"]
    assert "2 cells" in found["faults.ad_daily.currency.matches"].evidence


def test_two_rates_for_one_day_are_an_error(tmp_path):
    """Rates that contradict each other are found even where nothing is converted."""
    write_data(tmp_path, fx_rate="date,currency,rate_to_base\n2026-01-01,USD,0.9\n2026-01-01,USD,0.8\n")
    assert review(tmp_path)["faults.fx_rate.rate_to_base.one-rate-a-currency-and-day"].severity == "error"


def test_an_assumed_currency_is_said(tmp_path):
    """Money without a currency is taken as the workspace's, and that is said."""
    write_data(tmp_path, deal="deal_id,stage,amount\n1,won,5\n2,won,\n")
    found = review(tmp_path, currency="EUR")["currency.deal.assumed"]
    assert found.evidence == "1 row with an amount and without a currency."


def test_a_budget_that_disagrees(tmp_path):
    """The table's plan for the fiscal year is compared with the strategy's total, the latest version counting."""
    rows = "v1,2026-07,a,1,EUR\nv2,2026-06,a,50,EUR\nv2,2026-07,a,600,EUR\nv2,2027-06,a,300,EUR\nv2,2027-07,a,70,EUR\n"
    write_data(tmp_path, budget_plan="version,month,area,planned,currency\n" + rows)
    organization = Organization(currency="EUR", fiscal_year_start="07-01")
    engine = Engine(tmp_path, currency="EUR")
    agreed = Strategy(organization=organization, budget=Budget(year=2026, total=900))
    assert find_disagreements(engine, agreed) == []
    (found,) = find_disagreements(engine, Strategy(organization=organization, budget=Budget(year=2026, total=1000)))
    assert found.evidence == "The table plans 900 EUR, the strategy file 1,000 EUR."


def test_tools_that_disagree(tmp_path):
    """Tools that stand only in the table or only in the strategy file are named."""
    engine = Engine(write_data(tmp_path, tool="tool_id,name\ncrm,CRM\nmail,Mail\n"))
    assert find_disagreements(engine, Strategy(tools=[Tool(id="crm"), Tool(id="mail")])) == []
    (found,) = find_disagreements(engine, Strategy(tools=[Tool(id="crm"), Tool(id="cms")]))
    assert found.evidence == "Only in the table: mail; only in the strategy file: cms."


def test_a_faulty_table_is_not_compared(tmp_path):
    """A table that cannot be used does not keep the review from its end."""
    write_data(tmp_path, tool="tool_id,name,seats\ncrm,CRM,many\n")
    assert find_disagreements(Engine(tmp_path), Strategy(tools=[Tool(id="cms")])) == []
