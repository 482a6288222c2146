"""What a kernel server imports: what every kernel needs, and what several notebooks of a run name."""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
LEAN = "mopsnb.run.lean"  # first, for the kernels of a run
# What every kernel imports at its start, and what the first cells of a notebook import without naming it.
ALWAYS = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "tornado.platform.asyncio",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "mopsnb.assets",
    "mopsnb.run.readings",
    "mopsnb.workspace",
    "mopsnb.data.cautions",
    "mopsnb.data.metrics",
    "mopsnb.data.spending",
    "mopsnb.analysis",
    "mopsnb.view.charts",
    "mopsnb.view.figure",
    "mopsnb.view.gallery",
    "mopsnb.view.tables",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "tzdata",
)
# For kernels whose notebook is not known beforehand; scikit-learn comes with the last one.
ANYTHING = (*ALWAYS, "mopsnb.analysis.pacing", "mopsnb.analysis.scoring")


def list_modules(notebooks: Iterable[Path]) -> tuple[str, ...]:
    """Return what a run's server imports, in order: what every kernel needs, then what these notebooks share.

    What one notebook of several names alone is left to its kernel: it costs the same there, and the other kernels do
    not wait for it. A notebook that cannot be read names nothing. Modules of other packages are left to the notebook:
    it may want to set something before it imports them.
    """
    named = [_list_names(path) for path in notebooks]
    counts = Counter(name for names in named for name in names)
    shared = [name for name, count in counts.items() if count > 1 or len(named) == 1]
    return tuple(dict.fromkeys((LEAN, *ALWAYS, *shared)))


def find_laden(notebooks: Sequence[Path]) -> frozenset[Path]:
    """Return the notebooks whose kernels still have something to import at their start, see `list_modules`."""
    known = set(list_modules(notebooks))
    return frozenset(path for path in notebooks if not known.issuperset(_list_names(path)))


def _list_names(path: Path) -> list[str]:
    return list(dict.fromkeys(name for name in _read_names(path) if _is_module(name)))


def _read_names(path: Path) -> Iterator[str]:
    cells: list[str] = []
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        raw = json.loads(path.read_text(encoding="utf-8"))
        cells = ["".join(cell["source"]) for cell in raw["cells"] if cell["cell_type"] == "code"]
    for cell in cells:
        with suppress(SyntaxError, ValueError):  # a cell may hold commands of IPython
            for statement in ast.parse(cell).body:
                if isinstance(statement, ast.Import):
                    yield from (alias.name for alias in statement.names)
                elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
                    yield statement.module
                    yield from (f"{statement.module}.{alias.name}" for alias in statement.names)


def _is_module(name: str) -> bool:
    top, *parts = name.split(".")
    place = PACKAGE.joinpath(*parts)
    return top == PACKAGE.name and bool(parts) and (place.with_suffix(".py").is_file() or place.is_dir())
