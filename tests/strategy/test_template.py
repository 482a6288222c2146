"""The blank workspace that a team starts with."""

import csv
import re
from pathlib import Path

import pytest

from mopsnb.data.contract import TABLES
from mopsnb.strategy import Strategy, parse_strategy, read_strategy
from mopsnb.strategy.reference import list_parts

SHARED_BY_MANY = {"brand", "region"}  # columns that any fact table may carry; a start does without them


@pytest.fixture(scope="module")
def workspace(repository: Path) -> Path:
    return repository / "templates" / "workspace"


@pytest.fixture(scope="module")
def examples(workspace: Path) -> str:
    """The blank file with the # removed from every example line."""
    return re.sub(r"^#(?=  )", "", (workspace / "strategy.yml").read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_the_blank_strategy_file_loads_as_the_defaults(workspace):
    assert read_strategy(workspace / "strategy.yml") == Strategy()


def test_every_example_in_the_blank_strategy_file_loads_when_its_sign_is_removed(examples):
    strategy = parse_strategy(examples)
    assert strategy.goals[0].target == 150000
    assert strategy.budget is not None
    for section in ("stakeholders", "agreements", "goals", "channels", "people", "tools", "lead_scoring"):
        assert getattr(strategy, section), section


def test_the_blank_strategy_file_names_every_section(workspace):
    text = (workspace / "strategy.yml").read_text(encoding="utf-8")
    (_, whole), *_ = list_parts()
    assert [key for key in whole.model_fields if not re.search(rf"^{key}:", text, flags=re.MULTILINE)] == []


def test_a_blank_workspace_holds_no_table_yet(workspace):
    assert [path.name for path in sorted((workspace / "data").iterdir())] == ["README.md"]


def test_each_header_file_has_the_columns_of_its_table_in_order_and_no_rows(workspace):
    files = sorted((workspace / "headers").glob("*.csv"))
    assert len(files) == 7
    for path in files:
        (header,) = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        declared = [field.name for field in _fields(path.stem)]
        assert header == [name for name in declared if name in header], path.name
        assert set(declared) - set(header) <= SHARED_BY_MANY | {"source", "source_file", "source_row"}, path.name


def test_the_page_beside_the_data_names_the_tables_that_have_headers(workspace):
    named = re.findall(r"^\| `(\w+)`", (workspace / "data" / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(path.stem for path in (workspace / "headers").glob("*.csv"))


def _fields(table: str) -> list:
    fields = TABLES[table].fields
    return list(fields.values()) if isinstance(fields, dict) else list(fields)
