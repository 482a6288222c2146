"""Random streams: one independent generator a subject and block, all from one seed."""

from __future__ import annotations

import numpy as np

# Each subject's own number; another number gives other values of that subject, and of no other.
_SUBJECTS = {
    **{
        "ads": 0,
        "accounts": 1,
        "contacts": 2,
        "lifecycle": 3,
        "deals": 4,
        "email": 30,
        "touchpoints": 6,
        "activity": 7,
    },
    **{"routing": 8, "quality": 9, "web": 31, "spend": 11, "tasks": 12, "tools": 13, "service": 14, "feedback": 15},
    **{"content": 16, "members": 17},
}


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
    sequence = np.random.SeedSequence(seed, spawn_key=(_SUBJECTS[subject], block))
    return np.random.Generator(np.random.PCG64(sequence))
