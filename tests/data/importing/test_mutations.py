"""Damaged and rewritten exports: exact totals or a refusal that names the cause, never a wrong number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import import_damage
import import_mutations
import pytest
from import_samples import add_up, bring_in
from import_sheets import KEEPS, REFUSED, Written, open_sheet

from mopsnb.errors import MopsnbError

MADE = (import_mutations, import_damage)  # they fill the lists


def list_cases() -> Iterator[tuple[str, str, str]]:
    for name, (files, *_) in KEEPS.items():
        yield from (("keeps", name, file) for file in files)
    for name, (files, *_) in REFUSED.items():
        yield from (("refused", name, file) for file in files)


def choose_cases() -> Iterator[object]:
    """Yield each mutation of one file after the other for every run, and of all its files for make soak."""
    for place, (name, (files, *_)) in enumerate((*KEEPS.items(), *REFUSED.items())):
        outcome, now = "keeps" if name in KEEPS else "refused", list(files)[place % len(files)]
        for file in files:
            marks = () if file == now else pytest.mark.soak
            yield pytest.param(outcome, name, file, id=f"{file}-{name}", marks=marks)


CASES = list(list_cases())


def test_there_are_at_least_sixty_mutations() -> None:
    assert len(KEEPS) + len(REFUSED) >= 60
    assert len(CASES) >= 200


@pytest.mark.slow
@pytest.mark.parametrize(("outcome", "name", "file"), choose_cases())
def test_a_mutation_yields_exact_totals_or_names_the_cause(
    outcome: str, name: str, file: str, shared_data: Path, tmp_path: Path
) -> None:
    sheet = open_sheet(shared_data, file)
    made = (KEEPS if outcome == "keeps" else REFUSED)[name][1](sheet)
    made = made if isinstance(made, Written) else Written(made.encode() if isinstance(made, str) else made)
    path = tmp_path / f"file{made.suffix}"
    path.write_bytes(made.content)
    options = {**sheet.options, **(made.options or {})}
    try:
        bring_in(tmp_path / "team", path, **options)
    except MopsnbError as error:
        assert outcome == "refused", error
        cause = REFUSED[name][2]
        assert any(word in str(error) for word in cause.split("|")), error
        assert path.name in str(error)
        assert not list((tmp_path / "team" / "data").glob("*.parquet"))
        return
    assert outcome == "keeps", add_up(tmp_path / "team", sheet.table, tuple(sheet.measures))
    assert add_up(tmp_path / "team", sheet.table, tuple(sheet.measures)) == sheet.expect()
