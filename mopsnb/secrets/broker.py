"""How a kernel gets a secret: it asks the run for it by name, over a connection that only the run's kernels know.

The variables ``MOPSNB_SECRET_*`` do not reach the kernels. A notebook, or a process that it starts, holds a value only
after `mopsnb.secrets.resolve` asked for it by name, and the run has noted the value by then: what the notebook writes
is searched for it.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Self

from mopsnb.errors import SecretError
from mopsnb.secrets.known import list_known, remember
from mopsnb.secrets.resolving import BROKER
from mopsnb.secrets.secret import read_name
from mopsnb.secrets.sources import CREDENTIALS, FOLDER, PREFIX, look_up

LONGEST_PATH = 100  # bytes in the name of a socket: 103 on macOS, 107 on Linux
LONGEST_NAME = 1000
_SOCKET = "secrets"


@dataclass(slots=True)
class Broker:
    """The run's side. Make one with `start`.

    Parameters
    ----------
    listener
        Where kernels connect.
    key
        What a kernel must know to be answered.
    resolved
        The names that were asked for and found.
    prepare
        Called when a value that was not known comes up, before a kernel has it.
    """

    listener: Listener
    key: bytes
    resolved: set[str] = field(default_factory=set)
    is_closed: bool = False
    prepare: Callable[[], None] = lambda: None

    @classmethod
    def start(cls, folder: Path) -> Self:
        """Start to answer.

        Parameters
        ----------
        folder
            A folder that nobody else may enter; the socket lies in it where the platform has sockets in folders.

        Raises
        ------
        OSError
            The system gives no socket.
        """
        path = str(folder / _SOCKET)
        if os.name == "posix" and len(os.fsencode(path)) <= LONGEST_PATH:
            listener = Listener(path, family="AF_UNIX")
        else:
            listener = Listener(("127.0.0.1", 0), family="AF_INET")
        broker = cls(listener, secrets.token_bytes(32))
        threading.Thread(target=broker._serve, name="secrets", daemon=True).start()
        return broker

    def change_environment(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of a kernel: it says where to ask, and holds no secret."""
        hidden = (FOLDER, CREDENTIALS)
        kept = {n: value for n, value in environment.items() if not n.startswith(PREFIX) and n not in hidden}
        return kept | {BROKER: json.dumps({"address": self.listener.address, "key": self.key.hex()})}

    def close(self) -> None:
        """Answer no more."""
        if self.is_closed:
            return
        self.is_closed = True
        with suppress(OSError, EOFError, AuthenticationError):
            Client(self.listener.address).close()  # the thread waits for a connection, and this is one
        self.listener.close()

    def _serve(self) -> None:
        while not self.is_closed:
            try:
                connection = self.listener.accept()
            except OSError:
                return
            if self.is_closed:
                connection.close()
                return
            threading.Thread(target=self._answer, args=(connection,), name="secret", daemon=True).start()

    def _answer(self, connection: Connection) -> None:
        with suppress(OSError, EOFError, AuthenticationError), connection:
            deliver_challenge(connection, self.key)
            answer_challenge(connection, self.key)
            try:
                name = read_name(connection.recv_bytes(LONGEST_NAME).decode("utf-8", "replace"))
                value = look_up(name)
                is_new = value not in list_known()
                remember(name, value)  # before the kernel has it
                if is_new:
                    self.prepare()
                self.resolved.add(name)
                answer = {"value": value}
            except SecretError as error:
                answer = {"error": str(error)}
            connection.send_bytes(json.dumps(answer).encode())


def ask(place: str, name: str) -> str:
    """Return a secret's value from the run that this process belongs to.

    Parameters
    ----------
    place
        What `Broker.change_environment` put into the environment.
    name
        The name without ``secret://``.

    Raises
    ------
    SecretError
        The run has no such secret, or the run is over.
    """
    try:
        where = json.loads(place)
        address, key = where["address"], bytes.fromhex(where["key"])
        with Client(tuple(address) if isinstance(address, list) else address, authkey=key) as connection:
            connection.send_bytes(name.encode())
            answer = json.loads(connection.recv_bytes())
    except (OSError, EOFError, AuthenticationError, ValueError, KeyError, TypeError) as error:
        raise SecretError(f"secret://{name} cannot be had: the run that holds it does not answer any more.") from error
    if "error" in answer:
        raise SecretError(answer["error"])
    return str(answer["value"])
