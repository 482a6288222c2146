"""What the command line prints holds no secret."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("{python} -m mopsnb steps > /dev/full", 9),
        ("{python} -m mopsnb steps --json > /dev/full", 9),
        ("{python} -m mopsnb steps 2> /dev/full", 0),
        ("{python} -m mopsnb steps > /dev/full 2>&1", 9),
        ("{python} -m mopsnb steps <&- >&- 2>&-", 0),
        ("{python} -m mopsnb params nosuch 2> /dev/full", 2),
        ("{python} -m mopsnb params nosuch >&- 2>&-", 2),
    ],
)
def test_where_nothing_can_be_printed_the_exit_code_still_tells(tmp_path: Path, command: str, code: int) -> None:
    environment = {"PATH": "/bin:/usr/bin", "HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    shell = ["/bin/sh", "-c", command.format(python=sys.executable)]
    done = subprocess.run(shell, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
    assert done.returncode == code
    if code == 9 and "2>" not in command:
        expected = "mopsnb: What the command prints cannot be written: No space left on device. A report that was made"
        assert done.stderr == f"{expected} by then stands. Send the output elsewhere.\n"


def test_a_file_never_gets_the_number_of_a_stream_that_the_caller_closed(tmp_path: Path) -> None:
    code = "from mopsnb.cli.streams import open_closed as o; import sys; o(); f = open('kept', 'w'); print('said')"
    code += "; print('said', file=sys.stderr); sys.exit(f.fileno())"
    environment = {"PATH": "/bin:/usr/bin", "HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    shell = ["/bin/sh", "-c", f'{sys.executable} -c "{code}" <&- >&- 2>&-']
    assert subprocess.run(shell, check=False, cwd=tmp_path, env=environment).returncode > 2
    assert (tmp_path / "kept").read_text() == ""
