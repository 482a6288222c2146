"""Helpers for the tests of the strategy file."""

import re
from collections.abc import Callable

import pytest

from mopsnb.errors import Fault, StrategyError
from mopsnb.strategy import parse_strategy

# The documented shape, with … and [...] where a team writes its own words.
DOCUMENTED = """\
version: 1
organization: {name: Example, time_zone: Europe/Berlin, currency: EUR, fiscal_year_start: "01-01", holidays: DE}
stakeholders: [{id: sales, name: Sales, power: 4, interest: 5, needs: [...]}]
agreements:   [{id: lead-follow-up, provider: sales, consumer: marketing, deliverable: first call, threshold: 4, clock: business_hours, attainment: 0.9}]
goals:        [{id: clicks, statement: "…", metric: total_clicks, scope: {channel: email}, baseline: 120000, target: 150000, start: 2026-01-01, deadline: 2026-12-31, owner: …, stakeholders: [sales], parent: null, benefit_customers: "…", benefit_team: "…"}]
channels:     [{id: search, name: Paid search, kind: digital}]
budget:       {year: 2026, total: 600000, areas: [{id: …, channel: …, share: 0.4, phasing: [12 numbers]}]}
people:       [{id: …, name: …, role: …, skills: {copywriting: 4}, hours_per_week: 32, coordinator: false}]
tools:        [{id: …, name: …, owner: …}]
lead_scoring: {target: is_converted, order_by: created_at, exclude: []}
thresholds:   {stale_after_days: 3}
"""  # noqa: E501

_WORDS = ("Click", "ada", "Good mail", "One number", "ads", "search", "ada", "Ada", "writer", "mailer", "Mailer", "ada")

FindFaults = Callable[[str], tuple[Fault, ...]]


@pytest.fixture
def find_faults() -> FindFaults:
    """A function that returns the faults of a text; it fails where the text has none."""

    def find(text: str) -> tuple[Fault, ...]:
        with pytest.raises(StrategyError) as caught:
            parse_strategy(text)
        return caught.value.faults

    return find


@pytest.fixture(scope="session")
def filled_example() -> str:
    """The documented example, with a team's own words in place of … and [...]."""
    words = iter(_WORDS)
    text = re.sub("…", lambda _: next(words), DOCUMENTED.replace("[...]", "[ready leads]"))
    return text.replace("[12 numbers]", f"[{', '.join(['0.05', '0.05', *['0.09'] * 10])}]")
