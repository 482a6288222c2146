"""pyproject.toml is the one source of dependencies; the lock and the conda file follow it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from ruamel.yaml import YAML

UNLOCKED = ("spark",)  # half a gigabyte that no test of make test needs; make spark installs it


@pytest.fixture(scope="module")
def project(repository: Path) -> dict:
    return tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lock(repository: Path) -> str:
    return (repository / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pinned(lock: str) -> dict[str, list[Version]]:
    pins: dict[str, list[Version]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", lock, re.MULTILINE):
        pins.setdefault(canonicalize_name(name), []).append(Version(version))
    return pins


def declared(project: dict) -> list[Requirement]:
    extras = [some for name, some in project["project"]["optional-dependencies"].items() if name not in UNLOCKED]
    texts = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    return [Requirement(text) for text in [*texts, *(text for extra in extras for text in extra)]]


def test_every_declared_dependency_is_pinned_within_its_range(project: dict, pinned: dict) -> None:
    missing = [str(r) for r in declared(project) if canonicalize_name(r.name) not in pinned]
    outside = [
        str(r) for r in declared(project) for v in pinned.get(canonicalize_name(r.name), []) if v not in r.specifier
    ]
    assert missing == []
    assert outside == []


def test_spark_stays_out_of_the_lock(project: dict, pinned: dict) -> None:
    named = {
        canonicalize_name(Requirement(t).name) for e in UNLOCKED for t in project["project"]["optional-dependencies"][e]
    }
    assert named == {"pyspark"}
    assert not named & set(pinned)


def test_every_pin_carries_a_hash(lock: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock)
    without = [
        entry.split(" ")[0] for entry in entries if "==" in entry.splitlines()[0] and "--hash=sha256:" not in entry
    ]
    assert without == []


def test_the_lock_names_no_package_index(lock: str) -> None:
    assert re.findall(r"https?://|--index|--find-links|file:", lock) == []


def test_conda_installs_the_same_lock(repository: Path) -> None:
    environment = YAML(typ="safe").load((repository / "environment.yml").read_text(encoding="utf-8"))
    pip = next(item["pip"] for item in environment["dependencies"] if isinstance(item, dict))
    assert pip == ["-r requirements.lock"]
