"""What an address of Spark says: where it runs, and where the tables are."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from mopsnb.errors import DataError

SCHEMES = ("local", "spark", "sc", "yarn", "k8s")
TIMEOUT = 15  # seconds to wait for a master that does not answer
_PORTS = {"spark": 7077, "sc": 15002}
_PATTERN = re.compile(r"local(\[[\d*, ]+\])?|spark://[^/?]+|sc://[^?]+|yarn|k8s://[^?]+")


@dataclass(frozen=True, slots=True)
class Address:
    """Where Spark runs, and where the tables are.

    Parameters
    ----------
    master
        What Spark calls the master, such as ``local[2]`` or ``spark://host:7077``, or an address of Spark Connect,
        such as ``sc://host:15002``.
    database
        The database with the tables, with its catalog where that is another: ``catalog.database``. Empty: the one
        that a session begins in.
    folder
        The folder with a Parquet file or folder for each table; empty: they are in the database.
    reference
        The name of the secret that the address is; empty: it is none. No message then repeats any of it.
    """

    master: str = field(repr=False)
    database: str = ""
    folder: str = ""
    reference: str = ""

    @property
    def is_connect(self) -> bool:
        """Whether it is an address of Spark Connect."""
        return self.master.startswith("sc://")

    @property
    def is_local(self) -> bool:
        """Whether Spark runs inside this program."""
        return self.master.startswith("local")

    @property
    def name(self) -> str:
        """What messages call it; without the parameters of Spark Connect, one of which may be a token."""
        return f"Spark ({self.reference or self.master.partition('/;')[0]})"

    def list_files(self) -> dict[str, Path] | None:
        """Return the Parquet files and folders of the folder by name; None where another computer looks for them."""
        path = Path(re.sub(r"^file:(//)?", "", self.folder))
        if not self.is_local or not path.is_absolute() or not path.is_dir():
            return None
        return {entry.name.removesuffix(".parquet"): entry for entry in sorted(path.iterdir()) if _is_table(entry)}

    def check_reachable(self) -> None:
        """Make sure that something answers, before Spark asks again and again for minutes.

        Raises
        ------
        DataError
            Nothing does.
        """
        scheme, _, rest = self.master.partition("://")
        if scheme not in _PORTS:
            return
        errors = []
        for place in re.split(r"[/;]", rest)[0].split(","):
            host, _, port = place.rpartition(":") if re.search(r":\d+$", place) else (place, "", "")
            try:
                socket.create_connection((host.strip("[]"), int(port or _PORTS[scheme])), timeout=TIMEOUT).close()
            except OSError as error:
                errors.append(error)
            else:
                return
        reason = "There is no such host." if isinstance(errors[0], socket.gaierror) else "Nothing answers there."
        raise DataError(f"{self.name} cannot be reached. {reason} Check host and port, and that Spark runs.")


def _is_table(entry: Path) -> bool:
    return entry.suffix == ".parquet" or (entry.is_dir() and not entry.name.startswith((".", "_")))


def read_address(address: str, reference: str = "") -> Address:
    """Return what an address says.

    Parameters
    ----------
    address
        A master or an address of Spark Connect, and after it ``?database=name`` or ``?folder=path``.
    reference
        The name of the secret that the address is; empty: it is none.

    Raises
    ------
    DataError
        It is no such address.

    Examples
    --------
    >>> read_address("local[2]?folder=/srv/marketing").folder
    '/srv/marketing'
    """
    what = f"What {reference} stands for" if reference else "The address under 'data'"
    master, _, query = address.strip().partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    options = {key: value for key, value in pairs if value}
    if not _PATTERN.fullmatch(master):
        raise DataError(f"{what} is no address of Spark. Write local[2], spark://host:7077 or sc://host:15002.")
    if query and (len(options) != 1 or len(pairs) != 1 or not set(options) <= {"database", "folder"}):
        raise DataError(f"{what} says after '?' where the tables are. Write ?database=NAME or ?folder=PATH.")
    folder = unquote(options.get("folder", ""))
    if folder and not re.match(r"/|[A-Za-z][\w+.-]*:/", folder):
        raise DataError(f"{what} names a folder in part. Write its whole path: ?folder=/srv/marketing.")
    return Address(master, options.get("database", ""), folder.rstrip("/"), reference)
