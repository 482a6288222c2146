"""Put what was generated where the system's scheduler reads it, without touching anything else there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mopsnb.disk import refuse_write
from mopsnb.errors import OutputError, UsageError
from mopsnb.run.durable import replace_text
from mopsnb.schedule.quoting import quote_shell
from mopsnb.schedule.rendering import Generated, Site

_BEGIN, _END = "# BEGIN mopsnb", "# END mopsnb"
_NO_CRONTAB = ("no crontab for", "can't open")  # what crontabs say where a user has none yet


@dataclass(frozen=True, slots=True)
class Installed:
    """What was done, or would be.

    Parameters
    ----------
    text
        The whole crontab, or the files and commands, for people.
    is_new
        Whether anything changed.
    """

    text: str
    is_new: bool


def install_crontab(generated: Sequence[Generated], site: Site, *, dry_run: bool) -> Installed:
    """Put the lines into the user's crontab, in the place of earlier ones for the same workspace.

    Parameters
    ----------
    generated
        One file.
    site
        Where the workspace is.
    dry_run
        Return the crontab as it would be, and change nothing.

    Raises
    ------
    UsageError
        There is no crontab here.
    OutputError
        crontab refuses the lines.
    """
    program = shutil.which("crontab")
    if program is None:
        raise UsageError("There is no crontab on this machine. Install cron, or use --as systemd.")
    listed = _call([program, "-l"])
    if listed.returncode and not any(words in listed.stderr for words in _NO_CRONTAB):
        raise OutputError(f"crontab -l failed: {listed.stderr.strip() or listed.returncode}.")
    before = listed.stdout if not listed.returncode else ""
    after = merge_crontab(before, generated[0].text, site.workspace)
    if after != before and not dry_run:
        written = _call([program, "-"], after)
        if written.returncode:
            raise OutputError(f"crontab refused the lines and keeps the old ones: {written.stderr.strip()}.")
    return Installed(after, after != before)


def merge_crontab(before: str, lines: str, workspace: Path) -> str:
    r"""Return a crontab with the lines of a workspace between two marks; all other lines stay as they are.

    Examples
    --------
    >>> print(merge_crontab("0 1 * * * backup\n", "*/15 * * * * mopsnb due /w\n", Path("/w")), end="")
    0 1 * * * backup
    # BEGIN mopsnb /w
    */15 * * * * mopsnb due /w
    # END mopsnb /w
    """
    begin, end = f"{_BEGIN} {workspace}", f"{_END} {workspace}"
    block = [begin, *lines.rstrip("\n").split("\n"), end]
    kept = before.rstrip("\n").split("\n") if before.strip() else []
    if begin in kept and end in kept[kept.index(begin) :]:
        first = kept.index(begin)
        kept[first : kept.index(end, first) + 1] = block
    else:
        kept = [line for line in kept if line not in (begin, end)] + block
    return "\n".join(kept) + "\n"


def install_units(generated: Sequence[Generated], site: Site, *, dry_run: bool) -> Installed:
    """Put the units where the user's systemd reads them, and start the timer where systemd is at work.

    Parameters
    ----------
    generated
        A service and its timer.
    site
        Where the workspace is.
    dry_run
        Return what would be done, and change nothing.

    Raises
    ------
    UsageError
        Units of the same name belong to another workspace.
    OutputError
        They cannot be written.
    """
    folder = find_unit_folder()
    lines, is_new = [], False
    for item in generated:
        path = folder / item.name
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        _check_owner(path, old, site)
        lines.append(f"{path}: {'unchanged' if old == item.text else 'changed' if old else 'new'}")
        if old != item.text:
            is_new = True
            if not dry_run:
                _write(path, item.text)
    timer = next(item.name for item in generated if item.name.endswith(".timer"))
    return Installed("\n".join([*lines, *_start(timer, dry_run=dry_run)]), is_new)


def find_unit_folder() -> Path:
    """Return the folder of the user's own units."""
    base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return base / "systemd" / "user"


def write_files(generated: Sequence[Generated], folder: Path) -> list[Path]:
    """Write the files into a folder, and return their paths.

    Raises
    ------
    OutputError
        They cannot be written.
    """
    paths = [folder / item.name for item in generated]
    for path, item in zip(paths, generated, strict=True):
        _write(path, item.text)
    return paths


def _start(timer: str, *, dry_run: bool) -> list[str]:
    commands = [["systemctl", "--user", "daemon-reload"], ["systemctl", "--user", "enable", "--now", timer]]
    spelled = [quote_shell(command) for command in commands]
    if dry_run:
        return [f"then: {line}" for line in spelled]
    program = shutil.which("systemctl")
    for command in commands if program else ():
        done = _call(command)
        if done.returncode:
            return [f"systemd does not answer ({done.stderr.strip()}). When it does, type:", *spelled]
    return ["The timer is on."] if program else ["There is no systemctl here. Where there is, type:", *spelled]


def _call(command: Sequence[str], text: str = "") -> subprocess.CompletedProcess[str]:
    # Bytes of other people's lines that are not UTF-8 go back as they came.
    run = partial(subprocess.run, capture_output=True, encoding="utf-8", errors="surrogateescape")
    return run(command, input=text, check=False)


def _check_owner(path: Path, old: str, site: Site) -> None:
    mark = _show_owner(site)
    if old and mark not in old.splitlines():
        raise UsageError(f"{path} belongs to another workspace of the same name. Rename one of the two folders.")


def _show_owner(site: Site) -> str:
    return f"# Workspace: {site.workspace}"


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, text)
    except OSError as error:
        raise refuse_write(path.name, path.parent, error) from error
