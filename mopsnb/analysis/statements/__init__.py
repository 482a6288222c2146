"""Goals as free text: what a statement says, what it leaves open, and how it would pass."""

from mopsnb.analysis.statements.completion import Completion
from mopsnb.analysis.statements.reading import Reading, read_statement
from mopsnb.analysis.statements.readings import Readings, read_goals, size_goals

__all__ = ["Completion", "Reading", "Readings", "read_goals", "read_statement", "size_goals"]
