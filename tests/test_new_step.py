"""`mopsnb new-step` leaves a checkout in which the new step works and passes every rule."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

NAMES = (
    "mopsnb",
    "notebooks",
    "templates",
    "data",
    "tests/notebooks",
    "tests/conftest.py",
    "README.md",
    "pyproject.toml",
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """A copy of the project's own files."""
    root = tmp_path_factory.mktemp("checkout")
    ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "test_run.py", "fixtures")
    for name in NAMES:
        source, target = repository / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=ignore)
        else:
            shutil.copy2(source, target)
    return root


def call(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the copy."""
    environment = os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def read_tree(root: Path) -> dict[str, bytes]:
    kinds = {".py", ".ipynb", ".md"}
    return {path.as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file() and path.suffix in kinds}


def test_a_new_step_passes_the_rules_its_test_and_a_run(checkout: Path) -> None:
    made = call(checkout, "-m", "mopsnb", "new-step", "year_review", "--group", "plan", "--question", "Are we growing?")
    assert made.returncode == 0, made.stderr
    assert "wrote notebooks/plan/year_review.ipynb" in made.stdout
    assert "| Are we growing? | [year review](notebooks/plan/year_review.ipynb) | each quarter |" in (
        checkout / "README.md"
    ).read_text(encoding="utf-8")
    tests = ("tests/notebooks/test_sanity.py", "tests/analysis/test_year_review.py")
    rules = call(checkout, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *tests)
    assert rules.returncode == 0, rules.stdout
    clean = [
        [*words, "mopsnb/steps.py", "mopsnb/analysis/year_review.py", "tests/analysis/test_year_review.py"]
        for words in (["ruff", "check", "--no-cache"], ["ruff", "format", "--check", "--no-cache"])
    ]
    for words in clean:
        done = call(checkout, "-m", *words)
        assert done.returncode == 0, done.stdout
    run = call(checkout, "-m", "mopsnb", "run", "--steps", "year_review", "--out", str(checkout / "report"))
    assert run.returncode == 0, run.stdout + run.stderr
    result = json.loads((checkout / "report" / "results" / "year_review.json").read_text(encoding="utf-8"))
    assert (result["step"], result["status"]) == ("year_review", "ok")
    assert "Against the year before" in (checkout / "report" / "year_review.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["lead-times"], "it also names a module"),
        (["metrics"], "There is a step 'metrics' already"),
        (["trends"], "mopsnb/analysis/trends.py is there already"),
        (["growth", "--group", "measured"], "Did you mean 'measure'"),
        (["growth", "--question", 'Who said "go"?'], "expected one line without quotation marks"),
    ],
)
def test_what_cannot_be_a_step_is_refused_and_nothing_is_written(
    checkout: Path, words: list[str], message: str
) -> None:
    before = read_tree(checkout)
    done = call(checkout, "-m", "mopsnb", "new-step", *words)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert read_tree(checkout) == before
