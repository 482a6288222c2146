"""Parameter files for a team, and what mopsnb reads from them or refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from mopsnb.errors import ParameterError
from mopsnb.run.declaration import parse_parameters
from mopsnb.run.parameter_files import read_parameter_file
from mopsnb.run.parameters import settle_parameters
from mopsnb.run.plan import Plan, make_plan
from mopsnb.run.request import RunRequest
from mopsnb.steps import select_steps

ANY = 'name: str = ""\nn: int = 0\nx: float = 0.0\nis_on: bool = True\nday: "date" = "2026-01-31"\ncap: int | None = 5'


def write(folder: Path, text: str, name: str = "team.yml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def plan(path: Path | None = None, *options: str, steps: str = "metrics,lead_scoring") -> Plan:
    return make_plan(RunRequest(steps=select_steps(steps), parameters=options, parameter_file=path))


def refuse(path: Path | None = None, *options: str, steps: str = "metrics,lead_scoring") -> list[str]:
    with pytest.raises(ParameterError) as caught:
        plan(path, *options, steps=steps)
    return [line.strip() for line in str(caught.value).splitlines()[1:]]


def read_one(folder: Path, name: str, text: str, kind: str = "yml") -> object:
    """Return the value of one parameter of any type that a file gives."""
    body = f"{name} = {text}" if kind == "toml" else f"{name}: {text}"
    items, faults = read_parameter_file(write(folder, body, f"one.{kind}"), ())
    settled, wrong = settle_parameters({"s": parse_parameters(ANY)}, [items], {})
    assert faults + wrong == []
    return settled["s"][name].value
