"""What docs/data.md shows is what happens."""

import re

import pytest
from workspaces import write_workspace

import mopsnb

ADS = "date,channel,campaign_id,spend,currency,clicks\n"


@pytest.fixture(scope="module")
def page(repository):
    """The page, with each run of white space as one space."""
    return (repository / "docs" / "data.md").read_text(encoding="utf-8")


def test_the_fault_on_the_page_is_real(page, tmp_path):
    """The message that the page shows is the one that a file with these cells gets."""
    cells = ["1"] * 5 + ["1,5", "1", "$5", "1", "1", "--"]
    rows = "".join(f'2026-01-05,search,{n},"{cell}",EUR,1\n' for n, cell in enumerate(cells))
    (fault,) = mopsnb.open(write_workspace(tmp_path, ad_daily=ADS + rows)).faults()
    assert str(fault) in " ".join(page.split())


def test_the_questions_on_the_page_have_answers(page, tmp_path, monkeypatch):
    """The code that the page shows runs."""
    monkeypatch.chdir(tmp_path)
    write_workspace(tmp_path / "acme", ad_daily=ADS + "2026-08-05,search,1,10,EUR,5\n")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert code
    names: dict[str, object] = {}
    exec(code.group(1), names)
    ws = names["ws"]
    assert ws.monthly(["cost_per_click"])["value"].tolist()[0] == 2.0


def test_each_kind_of_cell_is_on_the_page(page):
    """The table of kinds has a line for each kind of the contract."""
    kinds = re.findall(r"^\| ([a-z, ]+?) \|", page, re.MULTILINE)
    assert kinds == [
        "id",
        "text",
        "time",
        "date",
        "month",
        "money, decimal",
        "number",
        "whole number",
        "true or false",
        "list",
    ]
