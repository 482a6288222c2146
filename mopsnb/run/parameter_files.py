"""A file of parameters, in YAML 1.2 or TOML: names with values, and blocks of them for single steps.

Both formats give values with types. The type that a notebook declares decides whether such a value is accepted; here
it is only read, with the line where it stands. See ``docs/parameters.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mopsnb.errors import suggest
from mopsnb.run.given import Given, Scalar
from mopsnb.run.wording import shorten

YAML, TOML = (".yml", ".yaml", ".json"), (".toml",)
LARGEST = 1_000_000  # bytes


class FileFault(Exception):  # noqa: N818 - it becomes a line of a ParameterError
    """A file, or a part of it, that cannot be read. Its text says where and why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of the file with what stands behind it.

    Parameters
    ----------
    key, line
        The key and its line, from 1; 0: not known.
    text
        The value as it is written.
    value
        What the format says that it is.
    block
        The keys below this one; None where a single value stands.
    oddity
        What stands there that cannot be the value of a parameter, such as ``a list``; empty where it can.
    """

    key: str
    line: int
    text: str = ""
    value: Scalar = None
    block: Sequence[Entry] | None = None
    oddity: str = ""


def read_parameter_file(path: Path, steps: Collection[str]) -> tuple[list[Given], list[str]]:
    """Read a file of parameters.

    Parameters
    ----------
    path
        The file: ``.yml``, ``.yaml`` or ``.toml``.
    steps
        Every step that exists. A key of that name holds a block of parameters for the step.

    Returns
    -------
    tuple of list of Given and list of str
        The values in the file's order, and everything that is wrong with the file itself.
    """
    try:
        entries = _parse(path)
    except FileFault as fault:
        return [], [str(fault)]
    found: list[Given] = []
    faults: list[str] = []
    for entry, step in _walk(entries, steps):
        place = f"{path.name}, line {entry.line}" if entry.line else path.name
        name = f"{step}.{entry.key}" if step else entry.key
        item = Given(entry.key, entry.text, step, place, entry.value, True, entry.oddity, True)
        twin = next((other for other in found if (other.name, other.step) == (item.name, item.step)), None)
        if not step and (entry.block is not None or entry.key in steps):
            faults.append(f"{place}: {shorten(name)}: {_explain_block(entry, steps)}")
        elif twin:
            faults.append(f"{place}: {shorten(name)} is given twice, also in {twin.origin}.")
        else:
            found.append(item)
    return found, faults


def _walk(entries: Sequence[Entry], steps: Collection[str]) -> Iterator[tuple[Entry, str]]:
    for entry in entries:
        is_empty = entry.block is None and entry.value is None and not entry.oddity
        if entry.key in steps and (entry.block is not None or is_empty):
            for below in entry.block or ():
                yield below, entry.key
        else:
            yield entry, ""


def _explain_block(entry: Entry, steps: Collection[str]) -> str:
    if entry.key in steps:
        found = entry.oddity or f"'{shorten(entry.text)}'"
        return f"found {found}, expected a block: write the step's parameters below its name, indented."
    hint = suggest(entry.key, steps)
    return f"found a block, expected a single value, or the id of a step in front of a block. {hint}".rstrip()


def _parse(path: Path) -> list[Entry]:
    suffix = path.suffix.lower()
    if suffix not in YAML + TOML:
        raise FileFault(f"{path.name}: the ending is '{suffix}', expected .yml, .yaml or .toml.")
    text = _read_text(path)
    if suffix in TOML:
        from mopsnb.run.parameter_toml import parse_toml

        return parse_toml(text, path.name)
    from mopsnb.run.parameter_yaml import parse_yaml

    return parse_yaml(text, path.name)


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise FileFault(f"There is no file {path}. {_suggest_file(path)}".rstrip()) from None
    except OSError as error:
        reason = "it is a folder" if path.is_dir() else (error.strerror or "unknown").lower()
        raise FileFault(f"{path} cannot be read: {reason}.") from None
    if len(raw) > LARGEST:
        raise FileFault(f"{path.name} is larger than {LARGEST:,} bytes, expected a short list of parameters.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"the byte 0x{raw[error.start]:02x}"
        raise FileFault(f"{path.name}, line {line}: found {found}, expected text in UTF-8.") from None


def _suggest_file(path: Path) -> str:
    try:
        return suggest(path.name, [other.name for other in path.parent.iterdir() if other.suffix in YAML + TOML])
    except OSError:
        return ""
