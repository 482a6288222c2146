"""What the command line prints holds no secret."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOKEN = "tok3n-Ab12_Zz"


def call(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/bin", "HOME": str(folder), "MOPSNB_SECRET_CHAT": TOKEN, "PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-m", "mopsnb", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "-p", f"months={TOKEN}"),
        ("run", "-p", f"{TOKEN}=3"),
        ("run", "--steps", TOKEN),
        ("run", f"--as-of={TOKEN}"),
        ("run", f"{TOKEN}"),
        ("params", TOKEN),
        ("run", f"--{TOKEN}"),
        ("check", f"./{TOKEN}"),
    ],
)
def test_a_secret_in_an_argument_is_not_repeated(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = call(tmp_path, *arguments)
    assert done.returncode in (2, 3)
    assert TOKEN not in done.stdout + done.stderr
    assert "secret://chat" in done.stdout + done.stderr


def test_other_texts_are_printed_as_they_are(tmp_path: Path) -> None:
    done = call(tmp_path, "steps")
    assert done.returncode == 0
    assert done.stdout.startswith("step ")
