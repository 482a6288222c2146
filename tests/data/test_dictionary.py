"""The data dictionary is what the contract says."""

import re

import pytest

from mopsnb.data.contract import TABLES
from mopsnb.data.dictionary import save_pages, write_pages


@pytest.mark.parametrize("name", sorted(write_pages()))
def test_pages_are_up_to_date(name, repository):
    """Each page in docs/data-dictionary is what the contract yields; `python -m mopsnb.data.dictionary` renews it."""
    assert (repository / "docs" / "data-dictionary" / name).read_text(encoding="utf-8") == write_pages()[name]


def test_no_page_is_left_over(repository):
    """A page whose table is gone is gone too."""
    assert {path.name for path in (repository / "docs" / "data-dictionary").iterdir()} == set(write_pages())


@pytest.mark.parametrize("name", sorted(TABLES))
def test_pages_document_every_column(name):
    """Each column of a table has a line, and required ones say so."""
    page = write_pages()[f"{name}.md"]
    for field in TABLES[name].fields.values():
        line = re.search(rf"^\| `{field.name}` \|.*$", page, re.MULTILINE)
        assert line, field.name
        assert ("**Required.**" in line.group()) == field.required


def test_the_shortest_header_passes_the_contract():
    """The header that a page offers holds every required column."""
    header = re.search(r"```csv\n(.*)\n```", write_pages()["ad_daily.md"])
    assert header
    assert header.group(1) == "date,channel,campaign_id,spend,currency"


def test_saving_writes_every_page(tmp_path):
    """Saving writes the index and one page a table."""
    save_pages(tmp_path / "dictionary")
    assert {path.name for path in (tmp_path / "dictionary").iterdir()} == {"index.md", *(f"{n}.md" for n in TABLES)}
