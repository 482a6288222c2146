"""Where the tables live, when they do not live in files: databases that are asked instead of read.

The key ``data`` of the strategy file names a server. `connect_to` returns a connection to it, which the data layer
uses like the DuckDB connection of a folder: the same SQL, in DuckDB's dialect with values by parameter (``$name``),
and the same answers, down to the types of columns.

To add a server, write a class with what `mopsnb.data.engines.server.Server` asks for, and name it in `connect_to`.
It does three things:

- ``list_tables`` finds the canonical tables, and says how the cells of each column become those of the contract and
  which of them do not fit, in the server's own SQL (`mopsnb.data.engines.server.Column`);
- ``write_days`` is the server's SQL of a calendar, the one thing for which there is no common SQL;
- ``fetch`` runs one SELECT in the server's dialect, with parameters, and cannot write.

Everything else is common to all servers, in `mopsnb.data.engines.remote.RemoteConnection`. It keeps an empty copy of
the tables in DuckDB, its *twin*, which has no rows and knows every name. A query is bound by the twin first, which
refuses unknown names and functions and tells the names and types of the answer. It is then translated
(`mopsnb.data.engines.dialects.translate`), and the typed views that it reads are put in front of it (WITH), because a
role that may only read cannot create views. So a growing table is aggregated where it lies. Rows come back converted
to what the twin said: a figure cannot depend on how a driver returns a number.

Nothing of a server is imported until a strategy names one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mopsnb.errors import DataError

if TYPE_CHECKING:
    from mopsnb.data.engines.remote import RemoteConnection
    from mopsnb.data.engines.server import Server

__all__ = ["connect_to"]


def connect_to(address: str, time_zone: str = "UTC") -> RemoteConnection:
    """Return a connection to the server at an address. It connects at the first question.

    Parameters
    ----------
    address
        What the key ``data`` says: ``postgresql://host/database`` without a password, or the name of a secret that
        holds the whole address: ``secret://warehouse``.
    time_zone
        The strategy's zone, in which a day begins, an IANA name.

    Raises
    ------
    SecretError
        No place holds the secret.
    DataError
        The address names no kind of server that is known.
    """
    from mopsnb.data.engines.remote import RemoteConnection

    return RemoteConnection(_choose_server(address, time_zone))


def _choose_server(address: str, time_zone: str) -> Server:
    from mopsnb.data.engines.spark_address import SCHEMES
    from mopsnb.secrets import is_reference, resolve

    revealed = resolve(address).reveal() if is_reference(address) else address
    scheme = re.split(r"[+:?\[]", revealed.strip(), maxsplit=1)[0].casefold()
    if scheme in ("postgresql", "postgres"):
        from mopsnb.data.engines.postgres import PostgresServer

        return PostgresServer(revealed.strip(), address if is_reference(address) else "", time_zone)
    if scheme in SCHEMES:
        from mopsnb.data.engines.spark import SparkServer

        return SparkServer(revealed.strip(), address if is_reference(address) else "", time_zone)
    named = f"The address that {address} stands for" if is_reference(address) else "The address under 'data'"
    raise DataError(f"{named} begins with no known kind of database. Write postgresql://… or sc://… in full.")
