"""jsonschema is loaded without the grammar that takes a second to build."""

from __future__ import annotations

import subprocess
import sys


def test_the_grammar_is_left_out_and_stays_importable() -> None:
    code = (
        "import sys\n"
        "from mopsnb.run.imports import GRAMMAR, import_without_grammar\n"
        "import_without_grammar('jsonschema')\n"
        "print('jsonschema' in sys.modules, GRAMMAR in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["True", "False"]
