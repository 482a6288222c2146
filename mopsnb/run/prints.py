"""Fingerprints of files: what the system says of them, and what they hold.

A file's mark is its size, times and number on the disk; it costs no reading. Where two marks differ, the
contents decide: a file that was touched or copied is no change.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SETTLED = 2_000_000_000  # nanoseconds: a file changed later than this before a look may change again unseen (FAT: 2 s)


@dataclass(slots=True)
class Print:
    """A file, or several that count as one.

    Parameters
    ----------
    paths
        The files, by the name under which each counts.
    mark
        What the system says of them.
    known
        The digest of their contents, once it is worked out.
    """

    paths: Mapping[str, str | Path]
    mark: str = ""
    known: str = ""

    @classmethod
    def take(cls, paths: Mapping[str, str | Path]) -> Print:
        """Look at files without reading them."""
        return cls(paths, _mark(paths))

    @property
    def digest(self) -> str:
        """The contents' digest; empty where they cannot be read."""
        if not self.known:
            self.known = _digest(self.paths)
        return self.known

    @property
    def has_moved(self) -> bool:
        """Whether the files are not what they were at the first look."""
        return _mark(self.paths) != self.mark

    def is_same(self, kept: Mapping[str, str] | None) -> bool:
        """Tell whether this is what an earlier run kept: by the mark, else by the contents."""
        self.recall(kept)
        return bool(kept and kept.get("digest")) and self.digest == (kept or {})["digest"]

    def recall(self, kept: Mapping[str, str] | None) -> None:
        """Take over the digest of an earlier run where the mark is the same."""
        if kept and kept.get("digest") and self.mark == kept.get("mark"):
            self.known = kept["digest"]

    def settle(self) -> dict[str, str]:
        """Return what a run keeps: nothing where the files changed under its hands."""
        digest, latest = self.digest, _find_latest(self.paths)
        if not digest or self.has_moved:
            return {"mark": "", "digest": ""}
        is_settled = latest < time.time_ns() - SETTLED
        return {"mark": self.mark if is_settled else "", "digest": digest}


def digest_values(facts: Any) -> str:
    """Return a digest of plain values, the same for equal ones."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def _mark(paths: Mapping[str, str | Path]) -> str:
    marks = [(name, *_look(path)) for name, path in paths.items()]
    return "-".join(map(str, marks[0][1:])) if len(marks) == 1 else hashlib.sha256(repr(marks).encode()).hexdigest()


def _look(path: str | Path) -> tuple[int, ...]:
    try:
        found = os.stat(path)  # noqa: PTH116 - hundreds of them, in a run that has nothing to do
    except OSError:
        return (-1,)
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev)


def _find_latest(paths: Mapping[str, str | Path]) -> int:
    return max((max(_look(path)[1:3], default=0) for path in paths.values()), default=0)


def _digest(paths: Mapping[str, str | Path]) -> str:
    parts = [(name, _digest_file(path)) for name, path in paths.items()]
    if not all(digest for _, digest in parts):
        return ""
    return parts[0][1] if len(parts) == 1 else hashlib.sha256(repr(parts).encode()).hexdigest()


def _digest_file(place: str | Path) -> str:
    path = Path(place)
    if not path.is_file():
        return "none" if not path.exists() else "folder"
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
