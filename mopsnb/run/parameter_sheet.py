"""A commented file of parameters to start from: what ``mopsnb params STEP --yaml`` prints."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

from mopsnb.run.declaration import RUNNER_SETS, Parameter, Value
from mopsnb.steps import Step

WIDTH = 100


def write_sheet(step: Step, parameters: Sequence[Parameter]) -> str:
    """Return a YAML file that gives each parameter of a step its default, with comments on what it may be.

    Parameters
    ----------
    step
        The step.
    parameters
        What its notebook declares.

    Examples
    --------
    >>> from mopsnb.run.declaration import parse_parameters
    >>> from mopsnb.steps import find_step
    >>> months = parse_parameters("months: int = 24  # months shown [1..60]")
    >>> print(write_sheet(find_step("metrics"), months).splitlines()[-1])
      months: 24
    """
    own = [item for item in parameters if item.name not in RUNNER_SETS]
    lines = [
        f"# Parameters of {step.slug}: {step.question}",
        "# Change values here, and use the file with: mopsnb run WORKSPACE --params FILE",
        "# A name that is not indented, above the first step, is set in every step that has it.",
        "",
        f"{step.slug}:" if own else f"{step.slug}: {{}}  # it has none to set",
    ]
    for item in own:
        lines += ["", *_comment(item), f"  {item.name}: {_show(item.default)}"]
    return "\n".join(lines)


def _comment(item: Parameter) -> list[str]:
    allowed = item.allowed[:1].upper() + item.allowed[1:]
    text = f"{item.help.rstrip('.')}. {allowed}." if item.help else f"{allowed}."
    return textwrap.wrap(text, WIDTH, initial_indent="  # ", subsequent_indent="  # ")


def _show(value: Value) -> str:
    # JSON is YAML 1.2, so texts and truth values are safe in it.
    return json.dumps(value, ensure_ascii=False)
