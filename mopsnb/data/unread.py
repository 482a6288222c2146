"""What lies beside the tables that a database holds, and is not read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mopsnb.data.contract import TABLES
from mopsnb.data.files import SUFFIXES
from mopsnb.data.wording import count_of
from mopsnb.findings import Finding, make_id


def find_unread_files(folder: Path) -> list[Finding]:
    """Return a finding where a data folder holds tables although the strategy file names a database."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    names = [path.name for path in paths if path.stem in TABLES and path.suffix in SUFFIXES]
    if not names:
        return []
    return [
        Finding(
            make_id("files", "beside a database"),
            "warning",
            f"The folder data/ holds {count_of(len(names), 'table')} that nothing reads.",
            f"The tables come from the database that strategy.yml names under 'data'. Not read: {', '.join(names)}.",
            "Remove the files, or remove the key 'data' to read them instead of the database.",
            where="data/",
        )
    ]


def find_near_tables(others: Iterable[str], present: Iterable[str]) -> list[Finding]:
    """Return a finding for each table of a database that looks like one that is missing, such as ``contacts``.

    Parameters
    ----------
    others
        Tables beside those of the contract.
    present
        Tables of the contract that are there.
    """
    absent = {_reduce(name): name for name in TABLES if name not in set(present)}
    return [
        Finding(
            make_id("files", "database", other),
            "info",
            f"The database has a table {other} that looks like {absent[_reduce(other)]}, and is not read.",
            "Only tables that are named as in the data dictionary are read.",
            f"If it holds that, make a view named {absent[_reduce(other)]} that reads it.",
            where=absent[_reduce(other)],
        )
        for other in sorted(others)
        if _reduce(other) in absent
    ]


def _reduce(name: str) -> str:
    """Return a table's name without what people write differently: case, marks and the plural."""
    return name.casefold().replace("_", "").removesuffix("s")
