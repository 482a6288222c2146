"""How a run imports: without a grammar that takes a second to build, and one thread at a time."""

from __future__ import annotations

import gc
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mopsnb.run.imports import load


def test_the_grammar_is_left_out_and_stays_importable() -> None:
    code = (
        "import sys\n"
        "from mopsnb.run.imports import GRAMMAR, import_without_grammar\n"
        "import_without_grammar('jsonschema')\n"
        "print('jsonschema' in sys.modules, GRAMMAR in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["True", "False"]


def test_two_threads_never_import_at_the_same_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "crowd.py").write_text("inside = most = 0\n", encoding="utf-8")
    text = (
        "import time, crowd\n"
        "crowd.inside += 1\n"
        "crowd.most = max(crowd.most, crowd.inside)\n"
        "time.sleep(0.2)\n"
        "crowd.inside -= 1\n"
    )
    for name in ("guest_one", "guest_two"):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    load("crowd")
    with ThreadPoolExecutor(2) as pool:
        assert [module.__name__ for module in pool.map(load, ["guest_one", "guest_two"])] == ["guest_one", "guest_two"]
    assert load("crowd").most == 1


def test_the_garbage_collector_leaves_out_what_was_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "guest_three.py").write_text("import gc\nwas_on = gc.isenabled()\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    gc.unfreeze()
    try:
        assert load("guest_three").was_on is False
        frozen = gc.get_freeze_count()
        assert frozen > 0
        assert gc.isenabled()
        load("guest_three")  # nothing is imported, so what the run made since stays in view
        assert gc.get_freeze_count() == frozen
    finally:
        gc.unfreeze()
