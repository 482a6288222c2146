"""What the widgets of a notebook need to know of a study and of the place that keeps a choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Protocol

from mopsnb.view.linked_charts import Linked

Values = Mapping[str, object]


class Choice(Protocol):
    """One thing to choose; `mopsnb.analysis.studies.Choice` is one."""

    @property
    def name(self) -> str:
        """Its key."""
        ...

    @property
    def label(self) -> str:
        """What people read beside it."""
        ...

    @property
    def value(self) -> object:
        """What is chosen at first."""
        ...

    @property
    def kind(self) -> Literal["pick", "whole", "number", "day"]:
        """What it is."""
        ...

    @property
    def options(self) -> tuple[tuple[str, object], ...]:
        """Text and value of each option."""
        ...

    @property
    def low(self) -> float:
        """The smallest number."""
        ...

    @property
    def high(self) -> float:
        """The largest number."""
        ...

    @property
    def step(self) -> float:
        """How far one press moves a number."""
        ...

    @property
    def key(self) -> str:
        """What the first value depends on."""
        ...

    @property
    def is_parameter(self) -> bool:
        """Whether the scheduled run has a parameter of this name."""
        ...


class Explained(Linked, Protocol):
    """An answer: what is drawn, and what is said about it."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the choice means."""
        ...


class Study(Protocol):
    """What can be tried; `mopsnb.analysis.studies.Study` is one."""

    @property
    def offer(self) -> Callable[[Values], Sequence[Choice]]:
        """From the values chosen so far to the choices."""
        ...

    @property
    def answer(self) -> Callable[[Values], Explained]:
        """From the values to the answer."""
        ...


class Keeper(Protocol):
    """Where a choice is kept; `mopsnb.schedule.keeping.Keeper` is one."""

    def list_places(self) -> Sequence[str]:
        """Return the names of the places."""
        ...

    def keep(self, values: Values, place: str) -> str:
        """Write values to a place, and return a sentence that says what was written where."""
        ...
