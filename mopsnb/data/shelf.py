"""What the processes of one run found out about files, so that each question is worked out once.

All notebooks of a report ask the same things of the same tables: which cells are faulty, which days have rows, what
needs attention. A run keeps a private folder for the answers, and removes it at its end. An answer is taken from it
only where every file that it rests on is the same as when it was worked out: path, size, times and file number. A file
that changed after the run began is never trusted to stay the same. Without a shelf every question is worked out anew.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from tempfile import mkstemp
from typing import TypeVar

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


def recall(question: Sequence[object], files: Iterable[Path], work_out: Callable[[], Answer]) -> Answer:
    """Return the answer to a question about files, from the shelf where it is there.

    Parameters
    ----------
    question
        Everything but the files that the answer depends on; each item must have a telling ``repr``.
    files
        The files that the answer depends on.
    work_out
        Works the answer out. What it raises is not kept.
    """
    place = _folder.get() or os.environ.get(SWITCH, "")
    paths = sorted(files)
    marks = _mark_files(Path(place), paths) if place else None
    if marks is None:
        return work_out()
    text = repr((list(question), marks))
    path = Path(place) / hashlib.sha256(text.encode()).hexdigest()
    with suppress(OSError, EOFError), path.open("rb") as kept:
        known: Answer = pickle.load(kept)  # noqa: S301 - written by this run, in its private folder
        return known
    answer = work_out()
    if _mark_files(Path(place), paths) == marks:
        _keep(path, answer)
    return answer


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


def _keep(path: Path, answer: object) -> None:
    with suppress(OSError):
        handle, partial = mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                pickle.dump(answer, file)
            Path(partial).replace(path)
        except OSError:
            Path(partial).unlink(missing_ok=True)
            raise
