"""Service levels: promises between teams, measured on a business clock.

The method stands in ``docs/service-levels.md``. Frames come from the workspace (`mopsnb.data.service`).
"""

from mopsnb.analysis.service.attainment import rate_agreements, rate_owners, select_months
from mopsnb.analysis.service.breaches import age_requests, list_breaches, select_breaches
from mopsnb.analysis.service.clock import add_time, measure_time, take_time
from mopsnb.analysis.service.findings import find_breaches
from mopsnb.analysis.service.gaps import find_service_gaps
from mopsnb.analysis.service.headlines import lead_with_agreements
from mopsnb.analysis.service.months import find_slumps, trace_months
from mopsnb.analysis.service.owners import compare_owners, describe_owners
from mopsnb.analysis.service.planning import find_event, plan_back
from mopsnb.analysis.service.requests import judge_requests
from mopsnb.analysis.service.timetable import Timetable, read_timetable
from mopsnb.analysis.service.words import describe_ages, describe_agreements, describe_plan, title_months

__all__ = [
    "Timetable",
    "add_time",
    "age_requests",
    "compare_owners",
    "describe_ages",
    "describe_agreements",
    "describe_owners",
    "describe_plan",
    "find_breaches",
    "find_event",
    "find_service_gaps",
    "find_slumps",
    "judge_requests",
    "lead_with_agreements",
    "list_breaches",
    "measure_time",
    "plan_back",
    "rate_agreements",
    "rate_owners",
    "read_timetable",
    "select_breaches",
    "select_months",
    "take_time",
    "title_months",
    "trace_months",
]
