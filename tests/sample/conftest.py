"""The bundled sample as plain pandas frames, read without the project's own data layer."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

NEW_YORK = ZoneInfo("America/New_York")


class Company:
    """A sample folder: its truth, and its tables by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tables: dict[str, pd.DataFrame] = {}

    @cached_property
    def truth(self) -> dict:
        return json.loads((self.folder / "truth.json").read_text(encoding="utf-8"))

    @property
    def names(self) -> list[str]:
        return sorted(path.stem for path in (self.folder / "data").iterdir())

    def table(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            self._tables[name] = self._read(name)
        return self._tables[name].copy(deep=False)

    def anomaly(self, name: str) -> dict:
        return next(item for item in self.truth["anomalies"] if item["id"] == name)

    def _read(self, name: str) -> pd.DataFrame:
        path = self.folder / "data" / f"{name}.parquet"
        if path.is_file():
            return pd.read_parquet(path)
        frame = pd.read_csv(path.with_suffix(".csv"), dtype="str")
        for column in frame:
            if column.endswith("_at") or column == "at":
                frame[column] = pd.to_datetime(frame[column], utc=True)
            elif column in {"date", "start_on", "end_on", "due_on", "renewal_on"}:
                frame[column] = pd.to_datetime(frame[column]).dt.date
            elif column in {"amount", "planned", "annual_cost", "effort_hours"}:
                frame[column] = frame[column].astype(float)
        return frame


def local(instants: pd.Series) -> pd.Series:
    """Return UTC instants as naive local times of the company."""
    return instants.dt.tz_convert(NEW_YORK).dt.tz_localize(None)


def month(instants: pd.Series) -> pd.Series:
    """Return the local month of each instant as ``YYYY-MM``."""
    return local(instants).dt.strftime("%Y-%m")


@pytest.fixture(scope="session")
def sample(repository: Path) -> Company:
    """The bundled sample."""
    return Company(repository / "data" / "samples")
