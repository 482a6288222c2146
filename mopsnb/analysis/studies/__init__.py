"""What a reader may try out beside a notebook's parameters: a choice goes in, a chart and sentences come out.

Nothing here draws and nothing is asked of the data again: the frames are read once. ``docs/jupyterlab.md`` tells more.
"""

from mopsnb.analysis.studies.budget import study_budget
from mopsnb.analysis.studies.goals import study_goals
from mopsnb.analysis.studies.leads import study_leads
from mopsnb.analysis.studies.metrics import DIMENSIONS, study_metrics
from mopsnb.analysis.studies.service import study_service
from mopsnb.analysis.studies.study import Answer, Choice, Study

__all__ = [
    "DIMENSIONS",
    "Answer",
    "Choice",
    "Study",
    "study_budget",
    "study_goals",
    "study_leads",
    "study_metrics",
    "study_service",
]
