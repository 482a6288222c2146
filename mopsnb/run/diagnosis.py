"""What stopped a notebook: one of the causes of `mopsnb.run.causes`, and its words for a page."""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass

from mopsnb import errors
from mopsnb.disk import FULL, show_size

# How Python, NumPy, Arrow and DuckDB, and the C library below them, say that there is no memory left.
_MEMORY_NAMES = {"MemoryError", "_ArrayMemoryError", "ArrowMemoryError", "OutOfMemoryException"}
_MEMORY_TEXT = re.compile(r"\bOut of Memory Error\b|std::bad_alloc|Cannot allocate memory|^MemoryError\b")
_DISK_TEXT = re.compile(rf"\[[Ee]rrno (?:{'|'.join(map(str, sorted(FULL)))})\]|No space left on device")
_SPARE = "Results are kept among temporary files until the step ends; TMPDIR names another folder for them."


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A cause and its words; both empty where nothing stopped the notebook."""

    cause: str = ""
    text: str = ""


def diagnose_error(name: str, text: str, traceback: Sequence[str]) -> Diagnosis:
    """Return what an error in a cell stands for.

    Parameters
    ----------
    name, text
        The error's class and its words.
    traceback
        What the kernel showed of it.
    """
    known = getattr(errors, name, None)
    # Another package may have an error of the same name; only ours shows no traceback.
    is_ours = isinstance(known, type) and issubclass(known, errors.MopsnbError) and "".join(traceback) == text
    if name in _MEMORY_NAMES or _MEMORY_TEXT.search(text):
        return Diagnosis("memory", f"The notebook ran out of memory: {_join(name, text)}")
    if is_ours and known is errors.OutputError:
        return Diagnosis("output", f"{text} {_SPARE}")
    if _DISK_TEXT.search(text):
        return Diagnosis("output", f"The notebook cannot write a file: {_join(name, text)}")
    if is_ours:
        return Diagnosis("input" if issubclass(known, errors.InputError) else "cell", text)  # type: ignore[arg-type]
    if name == "SystemExit":
        return Diagnosis("kernel", f"The notebook's code ended its own process ({_join(name, text)}).")
    return Diagnosis("cell", f"The notebook's code raised an error that it does not expect: {_join(name, text)}")


def diagnose_end(code: int | None, words: str, killed: str, limit: int | None) -> Diagnosis:
    """Return what the end of a kernel's process stands for.

    Parameters
    ----------
    code
        Its exit code, negative for a signal; None where nobody knows.
    words
        The last line that it wrote outside of any cell.
    killed
        What the system's counts say of processes ended for lack of memory, see `mopsnb.run.memory.Toll`.
    limit
        Bytes that the process could use; None: no limit.
    """
    if code is not None and (_MEMORY_TEXT.search(words) or "MemoryError" in words):
        return Diagnosis("memory", f"The notebook's process ran out of memory and ended{_name_code(code)}. {words}")
    if code == -signal.SIGKILL and killed in _KILLED:
        return Diagnosis("memory", f"The notebook's process was ended by SIGKILL. {_KILLED[killed]}")
    text = f"The notebook's process ended early{_name_code(code)}."
    if code == -signal.SIGKILL:
        return Diagnosis("kernel", f"{text} {_OTHERWISE.get(killed, '')}".rstrip())
    if limit is not None and code is not None and code < 0:
        text += f" It may have met the limit of its memory, {show_size(limit)}."
    return Diagnosis("kernel", f"{text} Its last words: {words.rstrip('.')}." if words else text)


_KILLED = {
    "own": "The memory that this run may use was full, and the system ended the process for it.",
    "system": "The machine's memory was full, and the system ended a process for it in the same moment.",
}
_OTHERWISE = {
    "none": "It was not for lack of memory: the system counted no process that it ended for that reason.",
    "unknown": "The system may have done it because memory ran out; its count of such ends cannot be read here.",
}


def _name_code(code: int | None) -> str:
    if code is None:
        return ""
    if code >= 0:
        return f", with code {code}"
    try:
        return f", by {signal.Signals(-code).name}"
    except ValueError:
        return f", by signal {-code}"


def _join(name: str, text: str) -> str:
    plain = " ".join(text.split())
    return f"{name}{': ' * bool(plain)}{plain}"
