"""What a run takes over from a notebook: its result and the tables that it names, checked and without secrets."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from mopsnb.errors import StepError
from mopsnb.results import is_table_name
from mopsnb.run.inside import open_inside
from mopsnb.run.redaction import redact_table, redact_value
from mopsnb.secrets.patterns import Redactor
from mopsnb.secrets.secret import SCHEME

NOTHING = Redactor({})


def read_result(results: Path, step: str) -> dict[str, Any]:
    """Return the result that a step saved.

    Parameters
    ----------
    results
        The notebook's folder for results.
    step
        The step's id.

    Raises
    ------
    StepError
        There is none, it is not a result of this step, or a table that it names is not where tables belong.
    """
    try:
        with open_inside(results, f"{step}.json") as file:
            result = json.loads(file.read().decode("utf-8"))
        tables = dict(result["tables"])
        is_sound = result["step"] == step and result["status"] in ("ok", "no_data")
    except FileNotFoundError:
        raise StepError("The notebook reached its end and saved no result.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StepError(f"The notebook saved a result that cannot be read: {error}.") from error
    if not is_sound:
        raise StepError("The notebook saved a result that names another step or status.")
    for name, place in tables.items():
        if not is_table_name(name) or place != f"{step}/{name}.parquet":
            raise StepError(f"The notebook saved a result whose table '{name}' is not at {step}/<name>.parquet.")
    missing = [place for place in tables.values() if not _is_there(results, place)]
    if missing:
        raise StepError(f"The notebook saved a result that names tables that are not there: {', '.join(missing)}.")
    return dict(result)


def take_results(results: Path, step: str, target: Path, redactor: Redactor) -> dict[str, Any]:
    """Take over a result and the tables that it names, and nothing else; the result comes last.

    Parameters
    ----------
    results
        The notebook's folder for results.
    step
        The step's id.
    target
        The report's folder for results.
    redactor
        Puts references in the place of secrets.

    Returns
    -------
    dict
        The result, as it is written.

    Raises
    ------
    StepError
        The result or a table is not what it was when the notebook ended.
    """
    target.mkdir(exist_ok=True)
    saved = read_result(results, step)
    result = redact_value(saved, redactor)
    names = _name_tables(saved["tables"], redactor)
    result["tables"] = {name: f"{step}/{name}.parquet" for name in names.values()}
    for own, name in names.items():
        place = target / step / f"{name}.parquet"
        place.parent.mkdir(parents=True, exist_ok=True)
        _copy(results, f"{step}/{own}.parquet", place, redactor)
    place = target / f"{step}.json"
    if result == saved:
        _copy(results, f"{step}.json", place, NOTHING)
    else:
        place.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return dict(result)


def _copy(results: Path, name: str, place: Path, redactor: Redactor) -> None:
    try:
        with open_inside(results, name) as source, place.open("wb") as copy:
            if redactor:
                copy.write(redact_table(source.read(), redactor))  # a secret never reaches the report's disk
            else:
                shutil.copyfileobj(source, copy)
    except FileNotFoundError:
        raise StepError(f"What the notebook left as '{name}' is gone.") from None


def _is_there(results: Path, place: str) -> bool:
    try:
        with open_inside(results, place):
            return True
    except FileNotFoundError:
        return False


def _name_tables(tables: dict[str, str], redactor: Redactor) -> dict[str, str]:
    """Return the names that tables get in the report, by their own: a reference cannot stand in a file's name."""
    names: dict[str, str] = {}
    for own in tables:
        wanted = redactor(own).replace(SCHEME, "secret-")
        number = 1
        while (name := wanted if number == 1 else f"{wanted}-{number}") in names.values():
            number += 1
        names[own] = name
    return names
