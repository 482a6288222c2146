"""Lead scoring: whom to call first, and how far the answer can be trusted.

The method in plain words stands in ``docs/lead-scoring.md``.
"""

from mopsnb.analysis.scoring.calls import list_calls, list_left_out
from mopsnb.analysis.scoring.leads import LeadTable, prepare_leads
from mopsnb.analysis.scoring.scores import Scoring, score_leads
from mopsnb.analysis.scoring.tables import rank_points, rank_segments

__all__ = [
    "LeadTable",
    "Scoring",
    "list_calls",
    "list_left_out",
    "prepare_leads",
    "rank_points",
    "rank_segments",
    "score_leads",
]
