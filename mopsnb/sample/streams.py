"""Random streams: one independent generator a subject and block, all from one seed."""

from __future__ import annotations

import numpy as np

# A new subject goes to the end, so that the others keep their numbers and with them their values.
_SUBJECTS = (
    *("ads", "accounts", "contacts", "lifecycle", "deals", "email", "touchpoints", "activity", "routing", "quality"),
    *("web", "spend", "tasks", "tools", "service", "feedback", "content", "members"),
)


def stream(seed: int, subject: str, block: int = 0) -> np.random.Generator:
    """Return the generator of one subject in one block.

    Parameters
    ----------
    seed
        The sample's seed.
    subject
        What is drawn, for example ``email``.
    block
        The number of the block of contacts, or a number that tells several draws of a subject apart.
    """
    key = (_SUBJECTS.index(subject), block)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))
