"""Small workspaces for tests: a strategy and tables as text, written to a folder."""

from pathlib import Path

STRATEGY = "version: 1\norganization: {name: Acme, time_zone: Europe/Berlin}\n"


def write_data(folder: Path, **tables: str) -> Path:
    """Write tables as CSV, each given as its text, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text.lstrip("\n"), encoding="utf-8")
    return folder


def write_workspace(folder: Path, strategy: str = STRATEGY, **tables: str) -> Path:
    """Write a strategy and tables, and return the workspace's folder."""
    write_data(folder / "data", **tables)
    (folder / "strategy.yml").write_text(strategy, encoding="utf-8")
    return folder
