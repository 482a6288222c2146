"""The page on charts names what the view offers, and nothing else."""

import re

from mopsnb import view
from mopsnb.view import palette


def test_every_call_of_the_view_stands_on_the_page(repository):
    page = (repository / "docs" / "charts.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `view\.(\w+)\(", page, re.MULTILINE))
    calls = {name for name in view.__all__ if name.islower() and callable(getattr(view, name))}
    assert rows == calls - {"escape", "format_value", "site_configs", "use_theme"}


def test_every_name_of_the_view_on_the_page_exists(repository):
    page = (repository / "docs" / "charts.md").read_text(encoding="utf-8")
    assert all(hasattr(view, name) for name in re.findall(r"\bview\.(\w+)\(", page))
    styles = palette.config("light")["style"]
    assert set(re.findall(r"`(mops-\w+)`", page)) <= set(styles)


def test_the_exported_names_are_in_order_and_exist():
    assert sorted(view.__all__) == sorted(set(view.__all__))
    assert all(hasattr(view, name) for name in view.__all__)
