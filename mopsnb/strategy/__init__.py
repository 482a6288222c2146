"""The strategy file ``strategy.yml``: what a team wants, for whom, by whom and with what money."""

from mopsnb.strategy.models import (
    Agreement,
    Budget,
    BudgetArea,
    Channel,
    Goal,
    Interview,
    LeadScoring,
    Need,
    OpeningHours,
    Organization,
    Part,
    Person,
    Stakeholder,
    Strategy,
    Thresholds,
    Tool,
)
from mopsnb.strategy.reading import parse_strategy, read_strategy

__all__ = [
    "Agreement",
    "Budget",
    "BudgetArea",
    "Channel",
    "Goal",
    "Interview",
    "LeadScoring",
    "Need",
    "OpeningHours",
    "Organization",
    "Part",
    "Person",
    "Stakeholder",
    "Strategy",
    "Thresholds",
    "Tool",
    "parse_strategy",
    "read_strategy",
]
