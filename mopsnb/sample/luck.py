"""Luck: the random numbers that decide what each contact does with one email."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mopsnb.sample.clock import Bools, Floats, Ints

_NAMES = (
    *("share", "variant", "sent", "dropped", "fate", "delay", "proxy", "proxy_delay", "look", "click", "click_delay"),
    *("more", "scan", "wait", "turn", "leave", "complain", "page", "page_delay", "twice", "twice_delay"),
    *("back", "back_delay"),
)


@dataclass(frozen=True, slots=True)
class Luck:
    """Uniform numbers in [0, 1) for each contact, one for each decision: shape (decisions, n)."""

    draws: Floats

    def __getitem__(self, name: str) -> Floats:
        return np.asarray(self.draws[_NAMES.index(name)])

    def cut(self, found: Bools | Ints) -> Luck:
        """Return the luck of some of the contacts."""
        return Luck(self.draws[:, found])

    def seconds(self, name: str, least: int, most: int) -> Ints:
        """Return whole seconds, uniform from ``least`` up to ``most`` (not included)."""
        return np.asarray(least + np.floor(self[name] * (most - least)).astype(np.int64))

    def waits(self) -> Ints:
        """Return seconds until people look at their mail: lognormal, by the Box-Muller transform."""
        normal = np.sqrt(-2 * np.log(1 - self["wait"])) * np.cos(2 * np.pi * self["turn"])
        return np.asarray(np.exp(9.2 + 1.5 * normal).astype(np.int64))


def draw_luck(generator: np.random.Generator, count: int) -> Luck:
    """Return the luck of so many contacts."""
    return Luck(generator.random((len(_NAMES), count)))
