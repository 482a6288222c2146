"""Imports that would cost a run more than all its own work."""

from __future__ import annotations

import atexit
import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from types import ModuleType

GRAMMAR = "rfc3987_syntax"
_LOADING = threading.RLock()
atexit.register(gc.unfreeze)  # what is frozen is never taken apart, and libraries complain about it at the end


def load(module: str) -> ModuleType:
    """Import a module while no other thread does so through this function.

    Packages whose modules import each other can fail when two threads enter them at different ends. What several
    threads of a run may be the first to want is imported here.

    Parameters
    ----------
    module
        The module's full name.
    """
    with _LOADING, nullcontext() if module in sys.modules else _spare_collector():
        return import_module(module)


def import_without(missing: str, module: str) -> None:
    """Import a module as if another one were not installed.

    Parameters
    ----------
    missing
        What cannot be imported meanwhile; nothing changes where it was imported before.
    module
        The module's full name.
    """
    with _LOADING, _spare_collector():
        is_free = missing not in sys.modules
        if is_free:
            sys.modules[missing] = None  # type: ignore[assignment]  # None makes the import fail
        try:
            import_module(module)
        finally:
            if is_free:
                del sys.modules[missing]


def import_without_grammar(module: str) -> None:
    """Import a module that needs jsonschema, without jsonschema's grammar of addresses.

    Where the package ``rfc3987_syntax`` is installed (JupyterLab brings it), jsonschema builds
    a grammar at import to check one text format. That takes about a second in each process, and
    no notebook or chart uses the format. jsonschema goes without it where it cannot be imported.

    Parameters
    ----------
    module
        The module's full name.
    """
    import_without(GRAMMAR, module)


@contextmanager
def _spare_collector() -> Iterator[None]:
    """Keep the garbage collector from looking through what imports make, meanwhile and later: all of it stays."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
