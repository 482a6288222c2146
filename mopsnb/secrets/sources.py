"""The places where a secret's value is looked for, in order."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from mopsnb.errors import SecretError, suggest
from mopsnb.secrets.secret import NAME, SCHEME

PREFIX = "MOPSNB_SECRET_"
FOLDER = "MOPSNB_SECRETS_DIR"
CREDENTIALS = "CREDENTIALS_DIRECTORY"  # what systemd calls the folder of a unit's credentials
FILE = "secrets.toml"
LARGEST = 1_000_000  # bytes; a value is a line or a key, not a data set


def look_up(name: str) -> str:
    """Return a secret's value from the first place that holds it.

    The places are the variable ``MOPSNB_SECRET_<NAME>``, a file of that name in the folder that
    ``MOPSNB_SECRETS_DIR`` or ``CREDENTIALS_DIRECTORY`` names, and ``secrets.toml`` in the user's configuration folder.

    Parameters
    ----------
    name
        The name without ``secret://``.

    Raises
    ------
    SecretError
        No place holds it, or a place cannot be used. The message names the places and no value.
    """
    looked: list[str] = []
    for search in (_ask_environment, _ask_folders, _ask_file):
        value = search(name, looked.append)
        if value:
            return value
    hint = suggest(name, {known for known in list_names() if known != name})
    hint = hint.replace("'", f"'{SCHEME}", 1) if hint else ""
    places = "".join(f"\n  {place}" for place in looked)
    raise SecretError(f"No value was found for {SCHEME}{name}. {hint}".rstrip() + f" Looked in:{places}")


def name_variable(name: str) -> str:
    """Return the environment variable of a secret.

    Examples
    --------
    >>> name_variable("team-chat")
    'MOPSNB_SECRET_TEAM_CHAT'
    """
    return PREFIX + re.sub(r"[^A-Za-z0-9]", "_", name).upper()


def list_variables() -> dict[str, str]:
    """Return the values of all variables ``MOPSNB_SECRET_*``, by the secret's name in lower case."""
    return {
        variable.removeprefix(PREFIX).lower(): value
        for variable, value in os.environ.items()
        if variable.startswith(PREFIX) and NAME.fullmatch(variable.removeprefix(PREFIX)) and value
    }


def list_names() -> Iterator[str]:
    """Yield the names of the secrets that can be found, for a hint; a place that cannot be read yields none."""
    yield from list_variables()
    for variable in (FOLDER, CREDENTIALS):
        try:
            paths = list(Path(os.environ[variable]).iterdir()) if os.environ.get(variable) else []
        except OSError:
            paths = []
        yield from (path.name for path in paths if NAME.fullmatch(path.name) and path.is_file())


def find_file() -> Path:
    """Return where the user's own ``secrets.toml`` belongs, whether it exists or not."""
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return base / "mopsnb" / FILE


def _ask_environment(name: str, note: Callable[[str], None]) -> str:
    variable = name_variable(name)
    value = os.environ.get(variable, "")
    note(f"the environment variable {variable}: {'empty' if variable in os.environ else 'not set'}")
    return value


def _ask_folders(name: str, note: Callable[[str], None]) -> str:
    for variable in (FOLDER, CREDENTIALS):
        folder = os.environ.get(variable)
        if not folder:
            note(f"the folder that {variable} names: not set")
            continue
        what = f"the file '{name}' in the folder that {variable} names"
        try:
            value = _read_text(Path(folder) / name, what).removesuffix("\n").removesuffix("\r")
        except (FileNotFoundError, NotADirectoryError):
            note(f"{what}: not there")
            continue
        if value:
            return value
        note(f"{what}: empty")
    return ""


def _ask_file(name: str, note: Callable[[str], None]) -> str:
    what = f"mopsnb/{FILE} in your configuration folder"
    try:
        text = _read_text(find_file(), what, is_private=True)
    except (FileNotFoundError, NotADirectoryError):
        note(f"{what}: not there")
        return ""
    import tomllib

    try:
        value = tomllib.loads(text).get(name, "")
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"\(at line \d+", str(error))  # the rest of the message may repeat a value
        place = line[0].removeprefix("(at ") if line else "its end"
        raise SecretError(f'{what} is no TOML, see {place}. Write one line for each secret: name = "value".') from None
    if not isinstance(value, str):
        raise SecretError(f"{what}: the value of '{name}' is not a text. Put it in quotes.")
    note(f"{what}: it has no '{name}'" if not value else what)
    return value


def _read_text(path: Path, what: str, *, is_private: bool = False) -> str:
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if is_private and os.name == "posix":
                _check_private(status, what)
            raw = file.read(LARGEST + 1)
        text = raw.decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise SecretError(f"{what} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SecretError(f"{what} is not text in UTF-8.") from None
    if len(raw) > LARGEST:
        raise SecretError(f"{what} is larger than {LARGEST:,} bytes, too large for a secret.")
    return text


def _check_private(status: os.stat_result, what: str) -> None:
    mode = stat.S_IMODE(status.st_mode)
    if mode & 0o077:
        raise SecretError(f"{what} has the mode {mode:04o}: others may read it. Run: chmod 600 {FILE}")
    if status.st_uid not in (os.getuid(), 0):
        raise SecretError(f"{what} belongs to another user. It must be your own.")
