"""The view loads what draws charts and tables only for those who ask for it."""

import subprocess
import sys

import pytest

from mopsnb import view

pytestmark = pytest.mark.slow


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_pages_are_written_without_the_libraries_that_draw():
    code = "import sys, mopsnb.run.site; print(sorted({'altair', 'great_tables', 'vl_convert'} & set(sys.modules)))"
    assert run(code) == "[]"


def test_a_name_leads_to_the_same_call_whatever_was_imported_before():
    code = (
        "import mopsnb.view.bar_charts, mopsnb.view.line_charts, mopsnb.view.charts as charts\n"
        "from mopsnb import view\n"
        "print(all(getattr(view, name) is getattr(charts, name) for name in ('bars', 'lines', 'trend')))"
    )
    assert run(code) == "True"


def test_every_name_is_listed_and_a_wrong_one_refused():
    assert set(view.__all__) <= set(dir(view))
    with pytest.raises(AttributeError, match=r"'mopsnb\.view' has no attribute 'bar'"):
        _ = view.bar
