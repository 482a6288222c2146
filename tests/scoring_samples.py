"""Made-up leads whose truth is known, for the tests of lead scoring."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

SOURCE_EFFECTS = {"referral": 1.2, "search": 0.4, "event": 0.0, "list": -1.2}
LEVEL_EFFECTS = {"director": 0.7, "manager": 0.0, "student": -1.5}
DRIVERS = ("source", "level", "pages")
NOISE = ("browser", "load_ms", "greeting")


def draw_attributes(generator: np.random.Generator, count: int) -> pd.DataFrame:
    """Three honest drivers and three columns of noise."""
    return pd.DataFrame(
        {
            "source": generator.choice(list(SOURCE_EFFECTS), count, p=[0.15, 0.4, 0.25, 0.2]),
            "level": generator.choice(list(LEVEL_EFFECTS), count, p=[0.25, 0.6, 0.15]),
            "pages": np.clip(generator.geometric(0.25, count), 1, 15),
            "browser": generator.choice(["Chromium", "Gecko", "WebKit"], count),
            "load_ms": np.rint(generator.lognormal(6.9, 0.4, count)),
            "greeting": pd.Series(generator.choice(["first name", "last name"], count)).where(
                generator.random(count) < 0.7
            ),
        }
    )


def true_odds(frame: pd.DataFrame, intercept: float = -2.6) -> np.ndarray:
    """The log-odds by which leads convert."""
    odds = intercept + frame["source"].map(SOURCE_EFFECTS) + frame["level"].map(LEVEL_EFFECTS) + 0.1 * frame["pages"]
    return odds.to_numpy(dtype=float)


def draw_outcome(generator: np.random.Generator, odds: np.ndarray) -> np.ndarray:
    return generator.random(len(odds)) < 1 / (1 + np.exp(-odds))


def make_leads(seed: int = 0, count: int = 3000, *, intercept: float = -2.6, **columns: Any) -> pd.DataFrame:
    """Leads with ids, an hourly created_at and is_converted; further columns as given."""
    generator = np.random.default_rng(seed)
    frame = draw_attributes(generator, count)
    frame.insert(0, "contact_id", [f"C{number:05d}" for number in range(count)])
    frame.insert(1, "created_at", pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(np.arange(count), unit="h"))
    frame["is_converted"] = draw_outcome(generator, true_odds(frame, intercept))
    return frame.assign(**columns)
