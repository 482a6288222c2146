"""The order to end that this process got, for whoever meets what it broke.

A signal raises its order wherever the process is. A library in between may turn that into an error of its own, or
swallow it. What came stays known here until it is obeyed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Known:
    orders: list[BaseException] = field(default_factory=list)
    depth: int = 0  # of blocks that an order must not disturb
    is_published: bool = False


_known = _Known()


def note_order(order: BaseException) -> bool:
    """Note an order; the first one counts.

    Returns
    -------
    bool
        Whether to raise it now. Otherwise `undisturbed` does.
    """
    _known.orders.append(order)
    return not _known.depth


def find_order() -> BaseException | None:
    """Return the order that came; None without one."""
    return _known.orders[0] if _known.orders else None


def forget_orders() -> None:
    """Begin anew: what came was obeyed."""
    _known.orders.clear()
    _known.is_published = False


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let a block come to its end: an order that comes meanwhile is raised after it.

    Where an order is being obeyed already, one more changes nothing.
    """
    is_first = not _known.orders
    _known.depth += 1
    try:
        yield
    finally:
        _known.depth -= 1
    if is_first and _known.orders and not _known.depth:
        raise _known.orders[0]


def note_published(*, is_published: bool) -> None:
    """Note whether the report of the run at work has become what readers open."""
    _known.is_published = is_published


def has_published() -> bool:
    """Return whether an order came too late to keep the report from its readers."""
    return _known.is_published
