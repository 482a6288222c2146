"""A JupyterLab of its own for a test, on a workspace laid out by ``mopsnb lab``, and a browser at it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat

START_TIME = 60  # seconds for a server to answer
RUN_TIME = 120_000  # milliseconds for a notebook to reach its end
TOKEN = "lab-of-a-test"  # of a server that only this test knows


@contextmanager
def serve(folder: Path, *, workspace: str = ""):
    """Yield the address of a JupyterLab that ``mopsnb lab`` opened in a folder, and end it."""
    home = folder / "home"
    own = {f"JUPYTER_{name}_DIR": str(home / name.casefold()) for name in ("CONFIG", "DATA", "RUNTIME")}
    own |= {"IPYTHONDIR": str(home / "ipython"), "JUPYTERLAB_SETTINGS_DIR": str(home / "settings")}
    own |= {"JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"), "JUPYTER_TOKEN": TOKEN}
    command = [sys.executable, "-m", "mopsnb", "lab", *([workspace] if workspace else []), "--no-browser", "--port=0"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    with (folder / "lab.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=os.environ | own, stdout=log, stderr=log)
        try:
            yield _find_address(home / "runtime", process, folder / "lab.log")
        finally:
            process.terminate()
            process.wait(30)


def _find_address(runtime: Path, process: subprocess.Popen, log: Path) -> str:
    end = time.monotonic() + START_TIME
    while time.monotonic() < end and process.poll() is None:
        # The file is there before the server listens, and may be half written.
        with suppress(ValueError, OSError):
            for file in runtime.glob("jpserver-*.json"):
                address = str(json.loads(file.read_text(encoding="utf-8"))["url"])
                urllib.request.urlopen(f"{address}api", timeout=10).close()
                return address
        time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not answer:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}")


class Lab:
    """JupyterLab in a browser that reaches its own server alone.

    ``console`` holds errors that the page told, ``outside`` the addresses beyond the server that it asked for.
    """

    def __init__(self, context, address):
        self.address, self.console, self.outside = address, [], []
        context.route("**/*", self._guard)
        self.page = context.new_page()
        self.page.on("console", lambda message: message.type == "error" and self.console.append(message.text))
        self.page.on("pageerror", lambda error: self.console.append(f"uncaught: {error}"))

    def _guard(self, route):
        if route.request.url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def open(self, path=""):
        """Open a file of the workspace, or the page that ``mopsnb lab`` opens."""
        place = f"lab/tree/{path}?reset&token={TOKEN}" if path else f"?token={TOKEN}"
        self.page.goto(f"{self.address}{place}")
        self.page.wait_for_selector(".jp-Notebook", timeout=60_000)
        return self.page

    def run_all(self):
        """Run all cells from the menu, as a person does, and wait for the end."""
        page = self.page
        # Cells that are run before the kernel answers are lost.
        page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=60_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.locator('.lm-Menu [data-command="runmenu:run-all"]').click()

    def save(self, path: Path, done) -> nbformat.NotebookNode:
        """Save until the file on disk satisfies ``done``, and return the notebook."""
        end = time.monotonic() + RUN_TIME / 1000
        while True:
            self.page.keyboard.press("Control+s")
            self.page.wait_for_timeout(1000)
            with suppress(ValueError):  # half of it may be written
                notebook = nbformat.read(path, as_version=4)
                if done(notebook):
                    return notebook
            assert time.monotonic() < end, "the notebook did not reach its end"


@contextmanager
def visit(chromium, address, *, width=1400, height=1000):
    """Yield a `Lab` in a fresh browser context."""
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="en-US")
    try:
        yield Lab(context, address)
    finally:
        context.close()


def has_ended(notebook) -> bool:
    """Tell whether the last code cell has run, or one has failed."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return bool(code[-1].execution_count) or bool(list_errors(notebook))


def list_errors(notebook) -> list[str]:
    """Return what errors the cells' outputs hold."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [f"{one.ename}: {one.evalue}" for one in outputs if one.output_type == "error"]
