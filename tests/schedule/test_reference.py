"""The page about schedules says what the models and the reader do."""

import re
from pathlib import Path

import pytest

from mopsnb.schedule.models import ScheduleFile
from mopsnb.schedule.pending import MOST_KILLS
from mopsnb.schedule.reading import parse_schedules
from mopsnb.schedule.reference import START, update_page
from mopsnb.schedule.rendering import SYSTEMS
from mopsnb.strategy.reference import list_parts


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "schedules.md").read_text(encoding="utf-8")


def test_the_page_s_reference_part_is_what_the_models_say(page: str) -> None:
    assert update_page(page) == page, "run: python -m mopsnb.schedule.reference docs/schedules.md"


def test_every_key_of_the_models_is_on_the_page_and_no_other(page: str) -> None:
    sections = re.split(r"^### ", page.partition(START)[2], flags=re.MULTILINE)[1:]
    documented = {
        f"{'' if title.startswith('The') else title.strip('`')}.{key}"
        for title, _, body in (section.partition("\n") for section in sections)
        for key in re.findall(r"^\| `(\w+)` \|", body, flags=re.MULTILINE)
    }
    assert documented == {f"{name}.{key}" for name, part in list_parts(ScheduleFile) for key in part.model_fields}


def test_the_page_s_example_loads(page: str, tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    assert parse_schedules(example, tmp_path).schedules[0].id == "weekly"


def test_the_page_names_every_scheduler_and_how_often_a_killed_run_is_tried(page: str) -> None:
    assert [name for name in SYSTEMS if f"--as {name}" not in page] == []
    assert MOST_KILLS == 3
    assert "after three such ends" in page
