"""The page about the strategy file says what the models and the reader do."""

import re
from pathlib import Path

import pytest

from mopsnb.errors import StrategyError
from mopsnb.strategy import parse_strategy
from mopsnb.strategy.reference import START, list_parts, update_page


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "strategy-file.md").read_text(encoding="utf-8")


def test_the_page_s_reference_part_is_what_the_models_say(page):
    assert update_page(page) == page, "run: python -m mopsnb.strategy.reference docs/strategy-file.md"


def test_every_key_of_the_models_is_on_the_page_and_no_other(page):
    sections = re.split(r"^### ", page.partition(START)[2], flags=re.MULTILINE)[1:]
    documented = {
        f"{'' if title.startswith('The') else title.strip('`')}.{key}"
        for title, _, body in (section.partition("\n") for section in sections)
        for key in re.findall(r"^\| `(\w+)` \|", body, flags=re.MULTILINE)
    }
    assert documented == {f"{name}.{key}" for name, part in list_parts() for key in part.model_fields}


def test_every_key_says_what_it_means():
    assert [key for _, part in list_parts() for key, field in part.model_fields.items() if not field.description] == []


def test_a_page_without_a_reference_part_gets_one():
    page = update_page("# Title\n")
    assert page.startswith(f"# Title\n\n{START}\n\n### The whole file\n")


def test_the_page_s_examples_load(page):
    examples = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    assert [parse_strategy(example).version for example in examples] == [1]


def test_the_page_shows_the_very_message_that_its_flawed_example_gives(page):
    flawed = re.findall(r"```yaml flawed\n(.*?)```", page, flags=re.DOTALL)
    shown = re.findall(r"```text\n(.*?)\n```", page, flags=re.DOTALL)
    with pytest.raises(StrategyError) as caught:
        parse_strategy(flawed[0])
    assert [str(caught.value)] == shown
