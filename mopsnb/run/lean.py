"""Importing this module loads what a run's kernels have no use for in its lean form.

jsonschema comes without its grammar of addresses (see `mopsnb.run.imports`), and ipykernel without a debugger: nobody
steps through a notebook that runs unattended.
"""

from mopsnb.run.imports import import_without, import_without_grammar

import_without_grammar("jsonschema")
import_without("debugpy", "ipykernel.debugger")
