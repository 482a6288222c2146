"""What a run keeps of its inputs: beside the report while it is at work, in ``run.json`` at its end."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from mopsnb.errors import MopsnbError
from mopsnb.run.durable import replace_text
from mopsnb.run.fingerprints import DATABASE, Inputs
from mopsnb.run.moved import blame_moved_data
from mopsnb.run.prints import digest_values
from mopsnb.run.publish import KEPT
from mopsnb.secrets.known import find_redactor

if TYPE_CHECKING:
    from mopsnb.workspace import Workspace


class Keeper:
    """Reads a run's inputs beside its kernels and keeps their digests where a killed run leaves them.

    Parameters
    ----------
    inputs
        What the run rests on.
    folder
        The folder in which the report is built.
    before
        What the last good run kept: a file that is still the same is not read again.
    """

    def __init__(self, inputs: Inputs, folder: Path, before: Mapping[str, Any]) -> None:
        self.inputs, self._path = inputs, folder / KEPT
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="prints")
        with suppress(KeyError, TypeError, AttributeError):  # somebody wrote into run.json
            inputs.recall(before)

    def __enter__(self) -> Self:
        """Begin to read."""
        self._pool.submit(self._keep)
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._pool.shutdown()

    def finish(self) -> dict[str, Any]:
        """Return what ``run.json`` keeps, and remove the file beside it."""
        self._pool.shutdown()
        self._path.unlink(missing_ok=True)
        return self.inputs.settle()

    def _keep(self) -> None:
        from mopsnb.results import dump_json
        from mopsnb.run.redaction import redact_value

        with suppress(OSError):  # a run that cannot be resumed is still a run
            replace_text(self._path, dump_json(redact_value(self.inputs.settle(), find_redactor())))


def read_facts(workspace: Workspace, inputs: Inputs) -> str:
    """Return a digest of what every page says of the data as a whole; empty where the data cannot be read."""
    if workspace.strategy.data:
        return DATABASE
    try:
        with blame_moved_data(inputs):
            return digest_values(
                {
                    "as_of": workspace.as_of,
                    "data_through": workspace.data_through,
                    "currency": workspace.currency,
                    "tables": workspace.tables,
                    "findings": [finding.to_dict() for finding in workspace.findings()],
                    "freshness": workspace.freshness().to_json(orient="split", date_format="iso"),
                }
            )
    except MopsnbError:
        return ""
