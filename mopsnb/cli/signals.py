"""An order to end, from a scheduler or a shell, ends a run in good order."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from mopsnb.run.causes import SIGNAL
from mopsnb.run.guard import Stop
from mopsnb.run.orders import find_order, forget_orders, has_published, note_order

_ECHO = 1.0  # seconds in which the same order comes twice: some senders tell the process, then its whole group


@contextmanager
def end_on_signal() -> Iterator[None]:
    """Let SIGINT (Ctrl-C), SIGTERM and SIGHUP end a run in good order, with 128 and the signal's number as exit code.

    Kernels stop. What is known by then is filed among the workspace's runs; the last good report stays.
    """
    signals = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    # A run started with nohup, or in the background of a script, ignores some of them and goes on doing so.
    before = {number: signal.getsignal(number) for number in signals if signal.getsignal(number) != signal.SIG_IGN}

    last = -_ECHO

    def end(number: int, _: FrameType | None) -> None:
        nonlocal last
        is_echo, last = time.monotonic() - last < _ECHO, time.monotonic()
        order = SystemExit(SIGNAL + number)
        if note_order(order) and not is_echo:
            raise order

    for number in before:
        signal.signal(number, end)
    try:
        yield
    except BaseException:
        order = find_order()
        if order is None:
            raise
        # What an order meets may break in its own way, such as an import; the order is still the reason.
        report = "Its report was complete by then." if has_published() else "The last good report is unchanged."
        sys.stderr.write(f"mopsnb: {Stop.obey(order).text} {report}\n")
        raise order from None
    finally:
        forget_orders()
        for number, handler in before.items():
            signal.signal(number, handler)
