"""Keep what an analyst chose in a notebook as parameters of the scheduled run."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from mopsnb.assets import folder
from mopsnb.disk import writing
from mopsnb.errors import InputError, OutputError, ParameterError, ScheduleError, StrategyError, UsageError
from mopsnb.run.declaration import read_parameters
from mopsnb.run.durable import replace_text
from mopsnb.run.parameter_files import read_parameter_file
from mopsnb.run.parameters import check_parameters
from mopsnb.schedule.links import list_steps
from mopsnb.schedule.models import Schedule
from mopsnb.schedule.reading import FILE, parse_schedules, read_schedules
from mopsnb.steps import STEPS, find_step

PARAMETERS = "parameters.yml"
HEAD = "# Parameters of the notebooks, kept from JupyterLab. Use them with: mopsnb run WORKSPACE --params THIS-FILE\n"


class Opened(Protocol):
    """A workspace, as far as it matters here."""

    @property
    def path(self) -> Path:
        """Its folder."""
        ...

    @property
    def is_sample(self) -> bool:
        """Whether it is the sample company that mopsnb brings along."""
        ...


@dataclass(frozen=True, slots=True)
class Keeper:
    """Writes values into a workspace's ``schedule.yml``, or into ``parameters.yml`` where no schedule runs the step.

    Parameters
    ----------
    workspace
        The workspace's folder.
    step
        The step whose parameters are kept.
    """

    workspace: Path
    step: str

    def list_places(self) -> list[str]:
        """Return where values can go: the ids of the schedules that run the step, then ``parameters.yml``."""
        try:
            found = [schedule.id for schedule in self._find_schedules()]
        except (ScheduleError, StrategyError):
            found = []  # its faults are said when there is something to write
        return [*found, PARAMETERS]

    def keep(self, values: Mapping[str, object], place: str = "") -> str:
        """Write values, and return what was written where.

        Comments and order of the file stay. Either the whole file is replaced or nothing changes.

        Parameters
        ----------
        values
            Values by the names of the step's parameters.
        place
            One of `list_places`; empty: the first.

        Returns
        -------
        str
            A sentence for people.

        Raises
        ------
        ParameterError
            A value is not one that the notebook accepts.
        ScheduleError
            ``schedule.yml`` has faults.
        UsageError
            There is no such place.
        OutputError
            The workspace is the sample company that mopsnb brings along, or the file cannot be written.
        """
        if self.workspace.resolve() == folder("data/samples").resolve():
            raise OutputError(
                "Nothing was written: this is the sample company that mopsnb brings along, and it stays as it is. "
                "'mopsnb lab' opens a copy of it, and 'mopsnb lab my-team' your own workspace."
            )
        texts = {name: _write_plain(value) for name, value in values.items()}
        typed = check_parameters(read_parameters(folder("notebooks") / find_step(self.step).notebook), texts)
        target = place or self.list_places()[0]
        told = ", ".join(f"{self.step}.{name}: {_show(value)}" for name, value in typed.items())
        if target == PARAMETERS:
            path = self._write_parameters(typed)
            use = f"mopsnb run {self.workspace} --params {path}"
            return f"Written to {path}: {told}. Use it with: {use}. Or name it under params_file in {FILE}."
        path = self._write_schedule(typed, target)
        return f"Written to {path}, schedule {target}: {told}. Its next run uses it."

    def _find_schedules(self) -> list[Schedule]:
        if not (self.workspace / FILE).is_file():
            return []
        found = read_schedules(self.workspace).schedules
        return [one for one in found if self.step in {step.slug for step in list_steps(one.steps, one.group)}]

    def _write_schedule(self, values: Mapping[str, Any], name: str) -> Path:
        path = (self.workspace / FILE).resolve()
        if name not in {schedule.id for schedule in self._find_schedules()}:
            raise UsageError(f"{FILE} has no schedule '{name}' that runs {self.step}. Run the cell again.")

        def put(data: Any) -> None:
            entry = next(one for one in data["schedules"] if str(one["id"]) == name)
            if entry.get("params") is None:
                entry["params"] = {}
            for key, value in values.items():
                own = f"{self.step}.{key}"
                if value != "":
                    entry["params"][own] = value  # wins over 'key' alone, and over a file of parameters
                    continue
                entry["params"].pop(own, None)  # a schedule holds no empty text: the notebook's own default counts
                if key in entry["params"]:
                    told = f"{FILE} gives '{key}' to every step of the schedule, so it cannot be empty for one."
                    raise ParameterError(f"Nothing was written: {told} Remove it there.")

        text = _edit(path, put)
        parse_schedules(text, self.workspace)
        return _replace(path, text)

    def _write_parameters(self, values: Mapping[str, Any]) -> Path:
        path = (self.workspace / PARAMETERS).resolve()
        if not path.exists():
            with writing("the parameters", self.workspace):
                replace_text(path, HEAD)
        _, faults = read_parameter_file(path, [step.slug for step in STEPS])
        if faults:
            raise InputError(f"Nothing was written: {' '.join(faults)}")

        def put(data: Any) -> None:
            if data.get(self.step) is None:
                data[self.step] = {}
            data[self.step].update(values)

        return _replace(path, _edit(path, put))


def make_keeper(ws: Opened, step: str) -> Keeper:
    """Return what keeps a step's parameters for scheduled runs.

    Parameters
    ----------
    ws
        What `mopsnb.open` returned.
    step
        The step's id.

    Raises
    ------
    UsageError
        There is no such step.
    """
    return Keeper(ws.path, find_step(step).slug)


def _edit(path: Path, put: Any) -> str:
    """Return a file's text with one change, its comments, order and line ends as they are."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.util import load_yaml_guess_indent

    old = path.read_bytes().decode("utf-8-sig")
    _, indent, offset = load_yaml_guess_indent(old.replace("\r\n", "\n"))
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 10_000  # lines stay as long as people wrote them
    yaml.indent(mapping=2, sequence=indent or 4, offset=offset or 0 if indent else 2)
    data = yaml.load(old)
    if data is None:
        data = CommentedMap()
        put(data)
        kept = old if old.endswith("\n") or not old else f"{old}\n"
        return kept + _dump(yaml, data)
    put(data)
    text = _dump(yaml, data)
    return text.replace("\n", "\r\n") if "\r\n" in old else text


def _dump(yaml: Any, data: Any) -> str:
    buffer = io.StringIO()
    yaml.dump(data, buffer)
    return buffer.getvalue()


def _replace(path: Path, text: str) -> Path:
    mode = path.stat().st_mode
    with writing("the parameters", path.parent):
        replace_text(path, text)
        path.chmod(mode)
    return path


def _write_plain(value: object) -> str:
    """Return a value as the command line takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _show(value: object) -> str:
    return "empty" if value == "" else str(value)
