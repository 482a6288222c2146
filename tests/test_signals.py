"""Orders to end, from a terminal, a scheduler or the system."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

WAIT = """
import signal, sys, time
from mopsnb.cli.signals import end_on_signal
{before}
with end_on_signal():
    print("ready", flush=True)
    time.sleep({seconds})
"""


# Tests that run under nohup or in the background of a script inherit signals that are ignored.
HEARD = "signal.signal(signal.SIGINT, signal.default_int_handler); signal.signal(signal.SIGHUP, signal.SIG_DFL)"


def start(seconds: int, before: str = HEARD) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-c", WAIT.format(before=before, seconds=seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_order_to_end_gives_the_exit_code_of_its_signal_and_says_so(name: str) -> None:
    process = start(60)
    process.send_signal(signal.Signals[name])
    _, err = process.communicate()
    assert process.returncode == 128 + signal.Signals[name]
    assert err == f"mopsnb: The run was stopped by {name}. The last good report is unchanged.\n"


def test_an_error_that_an_order_caused_does_not_hide_the_order() -> None:
    code = WAIT.format(before="", seconds=60).replace("    time", "    try: time").rstrip()
    code += "\n    finally: raise NameError('half imported')\n"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    _, err = process.communicate()
    assert (process.returncode, "NameError" in err) == (143, False)


def test_an_order_that_a_library_swallows_is_known_until_the_end() -> None:
    code = """
import os, signal
from contextlib import suppress
from mopsnb.cli.signals import end_on_signal
from mopsnb.run.orders import find_order
with end_on_signal():
    with suppress(BaseException):
        os.kill(os.getpid(), signal.SIGTERM)
    print(find_order().code)
print(find_order())
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (result.stdout, result.stderr) == ("143\nNone\n", "")


HELD = """
import os, signal
from mopsnb.cli.signals import end_on_signal
from mopsnb.run.orders import note_published, undisturbed
def order():
    os.kill(os.getpid(), signal.SIGTERM)
with end_on_signal():
    {block}
    print("never")
"""


@pytest.mark.parametrize(
    ("block", "said", "told"),
    [
        ("with undisturbed(): order(); print('done')", "done\n", "The last good report is unchanged."),
        ("with undisturbed():\n        with undisturbed(): order()\n        print('done')", "done\n", "is unchanged."),
        ("with undisturbed(): order(); note_published(is_published=True)", "", "Its report was complete by then."),
    ],
)
def test_what_must_not_be_half_done_comes_to_its_end_before_an_order_counts(block: str, said: str, told: str) -> None:
    result = subprocess.run(
        [sys.executable, "-c", HELD.format(block=block)], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (143, said)
    assert result.stderr.startswith("mopsnb: The run was stopped by SIGTERM. ")
    assert result.stderr.endswith(f"{told}\n")


def test_an_order_given_twice_does_not_disturb_how_the_first_one_is_obeyed() -> None:
    block = """
    try: order()
    finally:
        order()
        with undisturbed():
            time.sleep(1.2)
            order()
        print("in good order")"""
    code = "import time" + HELD.format(block=block)
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (143, "in good order\n")
    assert result.stderr == "mopsnb: The run was stopped by SIGTERM. The last good report is unchanged.\n"


def test_a_run_that_shall_survive_its_terminal_does() -> None:
    process = start(1, before="signal.signal(signal.SIGHUP, signal.SIG_IGN)")
    process.send_signal(signal.SIGHUP)
    assert process.communicate()[1] == ""
    assert process.returncode == 0
