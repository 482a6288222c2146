"""The script that draws charts in a browser: built once, kept between runs.

Vega, Vega-Lite and Vega-Embed come as one file from vl-convert, so that a
report needs no network. Building it takes about one and a half seconds,
copying it a millisecond.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from mopsnb.run.record import find_version

END = "/* end of the bundle */\n"  # a file without it was cut short


def find_cache() -> Path | None:
    """Return the user's folder for files that can be made again; it need not exist.

    ``XDG_CACHE_HOME`` decides where it is set. Otherwise it is the place that
    the operating system gives to caches. None where the user has no home.
    """
    if home := os.environ.get("XDG_CACHE_HOME"):
        return Path(home) / "mopsnb"
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local) / "mopsnb"
    try:
        home_folder = Path.home()
    except RuntimeError:
        return None
    below = ("Library", "Caches") if sys.platform == "darwin" else (".cache",)
    return home_folder.joinpath(*below, "mopsnb")


def read_bundle() -> str:
    """Return the script, from the cache where it is there, else built and cached.

    A cache that cannot be read or written costs time and nothing else.
    """
    folder, version = find_cache(), find_version("vl-convert-python")
    if folder is None or not version:
        return build_bundle()
    path = folder / f"vega-{version}.js"
    with suppress(OSError, UnicodeDecodeError):
        kept = path.read_text(encoding="utf-8")
        if kept.endswith(END):
            return kept
    script = build_bundle()
    with suppress(OSError):
        _write_whole(path, script)
    return script


def build_bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script that defines ``window.vegaEmbed``."""
    import vl_convert

    script = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    # The function around it keeps the bundle's own top-level names out of the page.
    return f'"use strict";\n(() => {{\n{script}\n}})();\n{END}'


def write_bundle(assets: Path) -> str:
    """Write the script into a site's assets.

    Parameters
    ----------
    assets
        The folder, which must exist.

    Returns
    -------
    str
        The file's name, which holds a digest of its content: ``vega-0123456789ab.js``.

    Raises
    ------
    OSError
        The folder cannot be written to.
    """
    script = read_bundle()
    name = f"vega-{hashlib.sha256(script.encode()).hexdigest()[:12]}.js"
    if not (assets / name).exists():
        _write_whole(assets / name, script)
    return name


def _write_whole(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(partial).chmod(0o644)
        Path(partial).replace(path)
    except OSError:
        Path(partial).unlink(missing_ok=True)
        raise
