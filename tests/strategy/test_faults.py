"""What people read when a key of the strategy file is wrong."""

import re

import pytest

from mopsnb.errors import StrategyError
from mopsnb.strategy import parse_strategy


def test_a_fault_names_file_line_key_value_expectation_and_fix():
    with pytest.raises(StrategyError) as caught:
        parse_strategy("version: 1\ngoals:\n  - id: clicks\n    metrc: total_clicks\n", name="team.yml")
    (fault,) = caught.value.faults
    assert (fault.file, fault.place, fault.field, fault.value) == ("team.yml", "line 4", "goals[clicks].metrc", "metrc")
    assert fault.expected.startswith("one of the keys id, statement, metric, scope")
    assert fault.fix == "Did you mean 'metric'?"
    assert str(caught.value).startswith("The strategy file cannot be used: team.yml has one fault.\n")


def test_all_faults_of_a_file_come_at_once_in_the_order_of_its_lines(find_faults):
    faults = find_faults(
        "thresholds: {stale_after_days: soon}\n"
        "goals:\n"
        "  - {id: a, parent: nowhere}\n"
        "  - {id: a}\n"
        "organization:\n"
        "  currency: EURO\n"
        "  nme: Example\n"
        "  currency: EUR\n"
        "stakeholders: [{id: s, power: 9, interest: 1}]\n"
    )
    assert [(fault.place, fault.field) for fault in faults] == [
        ("line 1", "thresholds.stale_after_days"),
        ("line 3", "goals[a].parent"),
        ("line 4", "goals[a].id"),
        ("line 6", "organization.currency"),
        ("line 7", "organization.nme"),
        ("line 8", "organization.currency"),
        ("line 9", "stakeholders[s].power"),
    ]


@pytest.mark.parametrize(
    ("text", "field", "value", "expected", "fix"),
    [
        ("version: 2", "version", "2", "1, the only version", ""),
        ("tools: [{name: x}]", "tools[0].id", "nothing", "an id", "Add the key 'id' with a value."),
        ("tools:\n  - id:\n", "tools[0].id", "nothing", "an id", "Add the key 'id'"),
        ("tools: x", "tools", "x", "a list of entries", "Start each entry with a dash"),
        ("tools: {id: x}", "tools", "the keys id", "a list of entries", "Start each entry with a dash"),
        ("tools: [id:x]", "tools[0]", "id:x", "keys with values: id, name, owner", "a colon and a space"),
        ("organization: []", "organization", "an empty list", "keys with values", "a colon and a space"),
        ("goals: [{id: a, stakeholders: s}]", "goals[a].stakeholders", "s", "a list of ids", "Write [s], or one item"),
        ("goals: [{id: a, owner: [x]}]", "goals[a].owner", "a list of 1", "text", "Write one value"),
        ("goals: [{id: a, owner: {b: c}}]", "goals[a].owner", "the keys b", "text", ""),
        ("goals: [{id: a, scope: {c: }}]", "goals[a].scope.c", "nothing", "text, or a list", "Name at least one"),
        ("goals: [{id: a, scope: {c: []}}]", "goals[a].scope.c", "an empty list", "text, or a list", "Name at least"),
        ("goals: [{id: a, scope: email}]", "goals[a].scope", "email", "keys with values", "a colon and a space"),
        ("goals: [{id: a, target: 150,000}]", "goals[a].000", "000", "one of the keys", "Remove the key"),
        ("goals:\n- id: a\n  target: 150,000", "goals[a].target", "150,000", "a number", "digits alone: 150000."),
        ("goals: [{id: a, target: $5 000}]", "goals[a].target", "$5 000", "a number", "digits alone: 5000."),
        ("goals: [{id: a, target: 1_000}]", "goals[a].target", "1_000", "a number", "digits alone: 1000."),
        ("goals: [{id: a, target: 0.4%}]", "goals[a].target", "0.4%", "a number", "as a fraction: 0.004."),
        ("goals: [{id: a, target: '0,4'}]", "goals[a].target", "0,4", "a number", "Use a decimal point: 0.4."),
        ("goals: [{id: a, target: .inf}]", "goals[a].target", ".inf", "a number", "Write digits"),
        ("goals: [{id: a, target: .nan}]", "goals[a].target", ".nan", "a number", "Write digits"),
        ("goals: [{id: a, target: 1e999}]", "goals[a].target", "1e999", "a number", "Write digits"),
        ("goals: [{id: a, start: 2026-02-30}]", "goals[a].start", "2026-02-30", "a date", "no such day"),
        ("goals: [{id: a, start: 31.12.2026}]", "goals[a].start", "31.12.2026", "a date", "Write 2026-12-31."),
        ("goals: [{id: a, start: 2026/1/5}]", "goals[a].start", "2026/1/5", "a date", "Write 2026-01-05."),
        ("goals: [{id: a, start: 1/2/2026}]", "goals[a].start", "1/2/2026", "a date", "Write year-month-day."),
        ("goals: [{id: a, start: 1767225600}]", "goals[a].start", "1767225600", "a date", "Write year-month-day."),
        ("goals: [{id: a, checkpoints: [x]}]", "goals[a].checkpoints[0]", "x", "a date", "Write year-month-day."),
        ("people: [{id: p, coordinator: yes}]", "people[p].coordinator", "yes", "true or false", "Write true"),
        ("people: [{id: p, skills: {copy: 6}}]", "people[p].skills.copy", "6", "a whole number from 1 to 5", ""),
        ("people: [{id: p, skills: {copy: 2.5}}]", "people[p].skills.copy", "2.5", "a whole number", "digits alone"),
        ("people: [{id: p, hours_per_week: 200}]", "people[p].hours_per_week", "200", "hours from 0 to 168", ""),
        ("agreements: [{id: a, provider: marketing, consumer: marketing, clock: business-hours}]",
         "agreements[a].clock", "business-hours", "one of business_hours, business_days, hours, days",
         "Did you mean 'business_hours'?"),
        ("agreements: [{id: a, provider: marketing, consumer: marketing, attainment: 90}]",
         "agreements[a].attainment", "90", "a fraction from 0 to 1", ""),
        ("organization: {time_zone: Berlin}", "organization.time_zone", "Berlin", "an IANA time zone",
         "Did you mean 'Europe/Berlin'?"),
        ("organization: {time_zone: New York}", "organization.time_zone", "New York", "an IANA time zone",
         "Did you mean 'America/New_York'?"),
        ("organization: {time_zone: localtime}", "organization.time_zone", "localtime", "an IANA time zone", ""),
        ("organization: {time_zone: ../zone}", "organization.time_zone", "../zone", "an IANA time zone", ""),
        ("organization: {currency: eur}", "organization.currency", "eur", "an ISO 4217", "Did you mean 'EUR'?"),
        ("organization: {currency: US Dollar}", "organization.currency", "US Dollar", "an ISO", "Did you mean 'USD'?"),
        ("organization: {currency: €}", "organization.currency", "€", "an ISO 4217", "Did you mean 'EUR'?"),
        ("organization: {currency: points}", "organization.currency", "points", "an ISO 4217", ""),
        ("organization: {holidays: Germany}", "organization.holidays", "Germany", "a country", "Did you mean 'DE'?"),
        ("organization: {holidays: DE-}", "organization.holidays", "DE-", "a country code", ""),
        ("organization: {locale: en_UX}", "organization.locale", "en_UX", "a locale", "Did you mean"),
        ("organization: {fiscal_year_start: 02-29}", "organization.fiscal_year_start", "02-29", "a month and a day",
         "Write month-day"),
        ("organization: {fiscal_year_start: 2026-04-01}", "organization.fiscal_year_start", "2026-04-01",
         "a month and a day", "Write month-day"),
        ("budget: {year: 26, total: 1}", "budget.year", "26", "a year", ""),
        ("budget: {year: 2026, total: -1}", "budget.total", "-1", "a number of 0 or more", ""),
        ("organisation: {name: x}", "organisation", "organisation", "one of the keys", "Did you mean 'organization'?"),
        ("<<: {version: 1}", "<<", "<<", "one of the keys version", "Remove the key"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_explained_in_plain_words(find_faults, text, field, value, expected, fix):
    fault = find_faults(text)[0]
    assert (fault.field, fault.value) == (field, value)
    assert expected in fault.expected
    assert fix in fault.fix


def test_every_kind_of_wrong_value_is_one_fault(find_faults):
    assert len(find_faults("goals: [{id: a, scope: {channel: {b: c}}}]")) == 1
    assert len(find_faults("goals: [{id: a, target: [1]}]")) == 1


def test_no_message_speaks_the_language_of_the_validation_library(find_faults):
    messages = " ".join(map(str, find_faults(
        "version: []\norganization: x\nstakeholders: [1]\nagreements: [{}]\ngoals: [{id: []}]\nbudget: {areas: 3}\n"
        "people: [{id: a, skills: [], hours_per_week: {}}]\nlead_scoring: 7\nthresholds: {stale_after_days: [3]}\n"
    )))  # fmt: skip
    for jargon in ("Input should", "valid", "dict", "str", "Literal", "pydantic", "instance", "None", "object"):
        assert not re.search(rf"\b{jargon}\b", messages)


def test_a_long_value_is_shortened_on_one_line(find_faults):
    (fault,) = find_faults(f"goals:\n  - id: a\n    target: {'many words ' * 30}\n")
    assert len(fault.value) == 60
    assert fault.value.endswith("…")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("goals:\n  - id: a\n    target:\n      many\n", 4),
        ("goals:\n  - id: a\n\n    # a comment\n    target: many\n", 5),
        ("goals:\r\n  - id: a\r\n    target: many\r\n", 3),
        ("goals:\n  - id: a\n    scope:\n      channel:\n", 4),
        ("goals:\n  -\n    statement: no id\n", 3),
        ("budget:\n  total: 5\n", 1),
    ],
)
def test_the_line_is_where_a_person_looks(find_faults, text, line):
    assert find_faults(text)[0].place == f"line {line}"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ada:hunter2@db.example.com/crm",
        "https://ada:hunter2@example.com",
        "mailtos://:hunter2@example.com",
    ],
)
def test_an_address_with_a_password_is_refused_and_not_repeated(find_faults, address):
    (fault,) = find_faults(f"goals:\n  - id: a\n    statement: 'as in {address}'\n")
    assert (fault.place, fault.field, fault.value) == ("line 3", "goals[a].statement", "an address with a password")
    assert fault.fix == "Put the address where secrets are kept, and write its name here: secret://NAME."
    assert "hunter2" not in str(fault)


@pytest.mark.parametrize(
    "address", ["https://example.com:8080/a@b", "secret://warehouse", "https://example.com/a?b=c:d@e"]
)
def test_an_address_without_one_is_a_text(address):
    assert parse_strategy(f"version: 1\ngoals: [{{id: a, statement: '{address}'}}]").goals[0].statement == address
