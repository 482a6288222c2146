"""The order to end that this process got, for whoever meets what it broke.

A signal raises its order wherever the process is. A library in between may turn that into an error of its own, or
swallow it. What came stays known here until it is obeyed.
"""

from __future__ import annotations

_orders: list[BaseException] = []


def note_order(order: BaseException) -> None:
    """Note an order; the first one counts."""
    _orders.append(order)


def find_order() -> BaseException | None:
    """Return the order that came; None without one."""
    return _orders[0] if _orders else None


def forget_orders() -> None:
    """Begin anew: what came was obeyed."""
    _orders.clear()
