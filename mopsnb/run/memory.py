"""How much memory a notebook's process uses, may use, and whether the system ended one for lack of it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mopsnb.errors import UsageError

VARIABLE = "MOPSNB_MEMORY_LIMIT"  # bytes, in the environment of a run's kernels
_SET_ASIDE = 5 * 1024**3 // 4  # bytes that Arrow, DuckDB and their threads reserve
LEAST = 64 * 1024**2  # bytes; a kernel alone uses more than this
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
_SYSTEM = Path("/proc/vmstat")
_GROUPS = Path("/sys/fs/cgroup")


def parse_size(text: str) -> int | None:
    """Return a size as people write it, ``2GB`` or ``512 MB``, in bytes; None for an empty text.

    Raises
    ------
    UsageError
        It is not a size, is too small for any notebook, or the system cannot hold a process to it.

    Examples
    --------
    >>> parse_size("2GB"), parse_size("1.5 g"), parse_size("")
    (2147483648, 1610612736, None)
    """
    if not text.strip():
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?", text.strip().casefold(), re.ASCII)
    size = int(float(found[1]) * _UNITS[found[2]]) if found else 0
    if size < LEAST:
        raise UsageError(f"The memory limit is '{text}', expected a size of at least 64MB, such as 512MB or 2GB.")
    if sys.platform != "linux":
        raise UsageError("A memory limit needs Linux: other systems do not tell how much a process uses. Leave it out.")
    return size


def measure_use(pid: int) -> int:
    """Return the bytes of memory that are a process's own; 0 where the process is gone.

    Pages of files that it reads do not count: the system takes them back when memory is short.
    """
    with suppress(OSError, ValueError, IndexError):
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
        return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
    return 0


def limit_own(environment: Mapping[str, str]) -> None:
    """Let this process fail to get memory beyond the limit that its environment names, if it names one.

    An allocation that is too large fails in the cell that asks for it, which tells more than an end from outside.
    What libraries set aside at their start and never use does not count: `mopsnb.run.guard` looks at what is used.
    """
    if not environment.get(VARIABLE):
        return
    import resource

    wanted = int(environment[VARIABLE]) + _SET_ASIDE + _measure_data()
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _measure_data() -> int:
    with suppress(OSError):
        if found := re.search(r"^VmData:\s*(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE):
            return int(found[1]) * 1024
    return 0


def find_counters() -> dict[Path, str]:
    """Return the files in which the system counts ends for lack of memory, and whose: ``own`` group or ``system``."""
    found = {path: "own" for path in _list_groups() if path.is_file()}
    return found | ({_SYSTEM: "system"} if _SYSTEM.is_file() else {})


@dataclass(frozen=True, slots=True)
class Toll:
    """How many processes the system had ended for lack of memory at one moment.

    Parameters
    ----------
    counts
        Counter to number. A counter that cannot be read is left out.
    """

    counts: Mapping[Path, int] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Toll:
        """Return the toll of this moment."""
        return cls({path: count for path in find_counters() if (count := _read_count(path)) is not None})

    def tell(self) -> str:
        """Say who counted an end since: ``own``, ``system``, ``none``, or ``unknown`` where nothing counts."""
        kinds = find_counters()
        rises = {kinds.get(path, "") for path, count in self.counts.items() if (_read_count(path) or 0) > count}
        return next((kind for kind in ("own", "system") if kind in rises), "none" if self.counts else "unknown")


def _list_groups() -> Iterator[Path]:
    """Yield the counters of this process's control group, in both versions, and those that a container shows."""
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
            _, kinds, place = line.split(":", 2)
            inside = place.lstrip("/")
            if not kinds:
                yield from dict.fromkeys((_GROUPS / inside / "memory.events", _GROUPS / "memory.events"))
            elif "memory" in kinds.split(","):
                root = _GROUPS / "memory"
                yield from dict.fromkeys((root / inside / "memory.oom_control", root / "memory.oom_control"))


def _read_count(path: Path) -> int | None:
    with suppress(OSError, ValueError):
        for line in path.read_text(encoding="ascii").splitlines():
            name, _, count = line.partition(" ")
            if name == "oom_kill":
                return int(count)
    return None
