"""What the processes of one run found out about files, so that each question is worked out once.

All notebooks of a report ask the same things of the same tables: which cells are faulty, which days have rows, what
needs attention. A run keeps a private folder for the answers, and removes it at its end. An answer is taken from it
only where every file that it rests on is the same as when it was worked out: path, size, times and file number. A file
that changed after the run began is never trusted to stay the same. Answers about files at rest outlast the run
(`mopsnb.data.kept_answers`). Without either, every question is worked out anew.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TypeVar, cast

from mopsnb.data.kept_answers import find_store, mark_files, read_answer, write_answer

Answer = TypeVar("Answer")
SWITCH = "MOPSNB_SHELF"  # the folder, in the environment of a run's kernels
_BIRTH = "birth"  # a file whose time is that of the run's begin
_folder: ContextVar[str] = ContextVar("shelf", default="")

Mark = tuple[str, int, int, int, int, int]


def build_shelf(folder: Path) -> None:
    """Make the folder. It must be private: who can write to it decides what figures say."""
    folder.mkdir(mode=0o700)
    (folder / _BIRTH).touch()


@contextmanager
def use_shelf(folder: Path) -> Iterator[None]:
    """Use a shelf in this thread; a kernel finds it through its environment."""
    token = _folder.set(str(folder))
    try:
        yield
    finally:
        _folder.reset(token)


def find_scratch() -> str | None:
    """Return where this run's temporary files go, which are swept however it ends; None outside of a run."""
    place = _folder.get()
    return str(Path(place).with_name("tmp")) if place else None


def recall(
    question: Sequence[object],
    files: Iterable[Path],
    work_out: Callable[[], Answer],
    look: Callable[[], str] | None = None,
) -> Answer:
    """Return the answer to a question about files, from the shelf where it is there.

    Parameters
    ----------
    question
        Everything but the files that the answer depends on; each item must have a telling ``repr``.
    files
        The files that the answer depends on.
    work_out
        Works the answer out. What it raises is not kept.
    look
        For data in a database: returns a text that stays the same as long as they do; empty: that is not certain.
    """
    paths = sorted(files)
    if look is None and (store := find_store()) and (known := mark_files(paths)) is not None:
        path = store / hashlib.sha256(repr((list(question), known)).encode()).hexdigest()
        return _find_or_work_out(path, work_out, lambda: mark_files(paths) == known)
    place = _folder.get() or os.environ.get(SWITCH, "")
    marks = _mark(Path(place), paths, look) if place else None
    if marks is None:
        return work_out()
    path = Path(place) / hashlib.sha256(repr((list(question), marks)).encode()).hexdigest()
    return _find_or_work_out(path, work_out, lambda: _mark(Path(place), paths, look) == marks)


def _find_or_work_out(path: Path, work_out: Callable[[], Answer], is_same: Callable[[], bool]) -> Answer:
    """Return the answer from its file, or work it out and keep it where the data are the same afterwards."""
    for known in read_answer(path):
        return cast(Answer, known)
    with _take_turn(path):
        for known in read_answer(path):  # another process worked it out meanwhile
            return cast(Answer, known)
        answer = work_out()
        if is_same():
            write_answer(path, answer)
    return answer


@contextmanager
def _take_turn(path: Path) -> Iterator[None]:
    """Let whoever asks the same meanwhile wait for the answer. The turn of a process that is killed ends with it."""
    try:
        import fcntl

        turn = path.with_suffix(".turn").open("wb")
    except (ImportError, OSError):  # Windows has no such lock: each works it out
        yield
        return
    with turn:
        with suppress(OSError):
            fcntl.flock(turn, fcntl.LOCK_EX)
        try:
            yield
        finally:
            path.with_suffix(".turn").unlink(missing_ok=True)  # whoever waits for it holds it open


def _mark(shelf: Path, paths: Sequence[Path], look: Callable[[], str] | None) -> list[Mark | str] | None:
    """Return what tells these data from their next version; None where that is not certain."""
    state = look() if look else "files"
    marks = _mark_files(shelf, paths) if state else None
    return None if marks is None else [*marks, state]


def _mark_files(shelf: Path, paths: Sequence[Path]) -> list[Mark] | None:
    """Return what tells a file from its next version; None where that is not certain."""
    try:
        birth = (shelf / _BIRTH).stat().st_mtime_ns
        marks = []
        for path in paths:
            found = path.stat()
            times = found.st_mtime_ns, found.st_ctime_ns
            if max(times) >= birth:
                return None
            marks.append((str(path.resolve()), found.st_dev, found.st_ino, found.st_size, *times))
    except OSError:
        return None
    return marks
