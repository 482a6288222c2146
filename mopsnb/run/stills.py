"""Still pictures of charts, drawn beside the kernels and put into the outputs that lack them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

from nbformat import NotebookNode

from mopsnb.errors import StepError
from mopsnb.run import draftsman
from mopsnb.run.imports import load

FIGURE, STILL = "application/vnd.mopsnb.figure+json", "image/svg+xml"  # as mopsnb.view names them


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture that is being drawn, and the output that it belongs to."""

    output: NotebookNode
    future: Future[str]

    def put(self) -> None:
        """Wait for the picture and put it into its output. Nobody may be reading the notebook meanwhile.

        Raises
        ------
        StepError
            It cannot be drawn.
        """
        self.output["data"][STILL] = self.future.result()


class Stills:
    """Draws the still pictures of a run's charts in a process of their own.

    Kernels leave the pictures out when ``MOPSNB_STILLS`` is ``later`` in their environment; under plain papermill
    and in JupyterLab they draw them themselves.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="stills")
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        """Draw from here on."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, and take what it left."""
        self.end()
        self._pool.shutdown(cancel_futures=True)
        if self._process is not None:
            self._process.communicate()

    def end(self) -> None:
        """End the process at once; nothing that it still draws is wanted."""
        if self._process is not None:
            self._process.kill()

    def add(self, cell: NotebookNode) -> list[Drawing]:
        """Begin to draw what the outputs of a cell lack."""
        charts = [output for output in cell.get("outputs", []) if FIGURE in output.get("data", {})]
        lacking = [output for output in charts if STILL not in output["data"]]
        return [Drawing(output, self._pool.submit(self._draw, output["data"][FIGURE])) for output in lacking]

    def _draw(self, figure: Mapping[str, Any]) -> str:
        stills = load("mopsnb.view.stills")
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", draftsman.__file__, stills.VEGA_LITE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                start_new_session=True,
            )
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(json.dumps(stills.make_still_spec(figure["spec"])) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError:
            line = ""
        answer = json.loads(line) if line else {"error": "the process that draws has ended"}
        if "error" in answer:
            raise StepError(f"The chart '{figure['title']}' cannot be drawn: {answer['error']}")
        return str(stills.finish_still(answer["svg"], figure["id"], figure["alt"]))
