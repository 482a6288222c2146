"""What a step hands on: one JSON file and its tables, in a fixed shape."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from mopsnb.disk import refuse_write
from mopsnb.errors import StepError
from mopsnb.findings import Finding, sort_findings

SCHEMA_VERSION = 1
Status = Literal["ok", "no_data"]
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")  # of a file, on every system


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure that a page leads with.

    Parameters
    ----------
    name
        The metric's name in the catalogue, or a fixed name such as ``spend_all_data``.
    title
        The figure's name for people.
    value
        The figure; None where it is missing. Ratios are fractions: 0.004 stands for 0.4%.
    unit
        ``fraction``, ``count``, ``days``, ``goals`` … or a currency code such as ``USD``.
    period
        What the figure covers, for example ``2026-09`` or ``2026-01-01/2026-09-30``.
    n
        The base: how many recipients, deals or rows it rests on.
    low, high
        The limits of the interval that the formula names; None where there is none.
    formula
        How it is worked out, in words.
    target
        What the team aims at.
    status
        ``on_track``, ``at_risk``, ``behind``, ``met``, ``missed`` or empty.
    change
        The change against the period before, as a fraction of it; None where there is none.
    base_unit
        The unit of ``n`` where it is money, such as ``USD``; empty: a count.
    """

    name: str
    title: str
    value: float | None
    unit: str
    period: str = ""
    n: float | None = None
    low: float | None = None
    high: float | None = None
    formula: str = ""
    target: float | None = None
    status: str = ""
    change: float | None = None
    base_unit: str = ""


@dataclass(frozen=True, slots=True)
class StepResult:
    """The answer of one step, ready to be saved.

    Parameters
    ----------
    step
        The step's id.
    question
        The question that the notebook answers.
    status
        ``ok``, or ``no_data`` where the workspace holds nothing to answer it with.
    as_of
        The day that the figures are as of; None where the workspace holds no dated row.
    data_through
        The latest day that the data covers.
    headline
        The figures that the page leads with, in reading order.
    findings
        What needs attention; of one severity the most important first.
    tables
        Frames by name. Each becomes ``results/<step>/<name>.parquet``.
    """

    step: str
    question: str
    status: Status = "ok"
    as_of: date | None = None
    data_through: date | None = None
    headline: Sequence[Headline] = ()
    findings: Sequence[Finding] = ()
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; NaN and infinity become None."""
        return {
            "schema_version": SCHEMA_VERSION,
            "step": self.step,
            "question": self.question,
            "status": self.status,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "data_through": self.data_through.isoformat() if self.data_through else None,
            "headline": [_plain(asdict(item)) for item in self.headline],
            "findings": [finding.to_dict() for finding in sort_findings(self.findings)],
            "tables": {name: f"{self.step}/{name}.parquet" for name in self.tables},
        }

    def save(self, results_dir: str | Path) -> Path | None:
        """Write ``<step>.json`` and the tables; the JSON is written last.

        Parameters
        ----------
        results_dir
            The folder for results. Empty: keep nothing.

        Returns
        -------
        pathlib.Path or None
            The JSON file, or None where nothing was kept.

        Raises
        ------
        OutputError
            The folder cannot be written to.
        StepError
            The step's id or a table's name cannot be that of a file. Nothing is written.
        """
        if not str(results_dir):
            return None
        for name in (self.step, *self.tables):
            if not is_table_name(name):
                raise StepError(f"'{name}' cannot name a file of results. Use letters, digits, '_', '-' and '.'.")
        folder = Path(results_dir)
        try:
            if self.tables:
                (folder / self.step).mkdir(parents=True, exist_ok=True)
            folder.mkdir(parents=True, exist_ok=True)
            for name, frame in self.tables.items():
                _write_table(frame, folder / self.step / f"{name}.parquet")
            path = folder / f"{self.step}.json"
            _write_text(path, dump_json(self.to_dict()))
        except OSError as error:
            raise refuse_write("results", folder, error) from error
        return path


def is_table_name(name: object) -> bool:
    """Return whether a table, or a step, may have this name: its file then lies where results belong.

    Examples
    --------
    >>> is_table_name("monthly"), is_table_name("../../monthly")
    (True, False)
    """
    return isinstance(name, str) and bool(_NAME.fullmatch(name))


def dump_json(value: Any) -> str:
    """Return JSON text: indented, in the order given, UTF-8, no NaN."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    return {key: None if isinstance(v, float) and not math.isfinite(v) else v for key, v in item.items()}


def _write_table(frame: pd.DataFrame, path: Path) -> None:
    partial = path.with_suffix(".partial")
    frame.to_parquet(partial, index=False, compression="zstd")
    partial.replace(path)


def _write_text(path: Path, text: str) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
