"""The page on service levels holds the numbers that the code uses, and its example is read."""

from __future__ import annotations

import re

from mopsnb.analysis.service import read_timetable
from mopsnb.analysis.service.attainment import FEW
from mopsnb.analysis.service.gaps import AHEAD
from mopsnb.strategy import parse_strategy


def test_the_bold_numbers_of_the_page_are_those_of_the_code(repository):
    page = (repository / "docs" / "service-levels.md").read_text(encoding="utf-8")
    assert re.findall(r"\*\*(\d+)\*\*", page) == [str(FEW), str(AHEAD.days)]


def test_the_example_of_the_page_is_a_strategy_with_a_timetable(repository):
    page = (repository / "docs" / "service-levels.md").read_text(encoding="utf-8")
    strategy = parse_strategy(re.search(r"```yaml\n(.+?)```", page, re.DOTALL).group(1))
    timetable = read_timetable(strategy)
    assert timetable.week[0] == ((540, 750), (810, 1020))
    assert (timetable.holidays, len(timetable.closed_on)) == ("DE-BY", 2)
    assert strategy.agreements[0].on_breach.startswith("Tell the team")
