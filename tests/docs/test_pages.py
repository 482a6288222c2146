"""The pages for people: links lead somewhere, words are plain, commands are the ones that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for path in (*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md"), *(REPOSITORY / "data").rglob("*.md"))
    if ".venv" not in path.parts
)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FILLER = re.compile(r"\b(?:simply|just|obviously)\b", re.IGNORECASE)


def name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def find_headings(path: Path) -> set[str]:
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "")).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=map(name, PAGES))
def test_every_link_leads_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    broken = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        path = (page.parent / target).resolve() if target else page
        if not path.exists() or (anchor and path.suffix == ".md" and anchor not in find_headings(path)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=map(name, PAGES))
def test_the_words_do_not_belittle_the_reader(page: Path) -> None:
    text = "\n".join(line for line in page.read_text(encoding="utf-8").splitlines() if "filler" not in line)
    assert FILLER.findall(text) == []


def test_every_page_of_the_docs_can_be_reached_from_the_readme_or_from_another_page() -> None:
    linked = set()
    for page in PAGES:
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", link):
                linked.add((page.parent / link.partition("#")[0]).resolve())
    orphans = [name(page) for page in PAGES if page not in linked and page.name != "README.md"]
    assert orphans == []


def test_the_readme_shows_the_two_commands_on_lines_of_their_own() -> None:
    lines = (REPOSITORY / "README.md").read_text(encoding="utf-8").splitlines()
    assert {"make report", "make test"} <= set(lines)


def test_every_decision_stands_in_the_list_of_decisions() -> None:
    folder = REPOSITORY / "docs" / "decisions"
    listed = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    assert {path.name for path in folder.glob("0*.md")} == listed


def test_the_makefile_explains_every_target() -> None:
    text = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    phony = set(re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE).group(1).split())
    assert {"report", "test", "check", "lab", "bench", "soak", "lock"} <= phony
    assert phony == set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
