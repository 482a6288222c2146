"""Patterns that are made of names: each is compiled once, where Python's own memory holds too few of them."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=8192)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    r"""Return a pattern ready to search with.

    Examples
    --------
    >>> compile_pattern(r"\bleads?\b").search("more leads").group()
    'leads'
    """
    return re.compile(pattern)
