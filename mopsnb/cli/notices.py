"""The command that tells people of a run, or shows what they would be told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mopsnb.errors import UsageError

if TYPE_CHECKING:
    from mopsnb.notify.settings import NotifySetting

UNDELIVERED = 11  # the exit code where a message did not go


def notify(  # noqa: PLR0913 - one argument an option
    place: Annotated[str, typer.Argument(metavar="PLACE", help="A workspace that has run, or the folder of a report.")],
    *,
    run: Annotated[str, typer.Option(metavar="NAME", help="A run of the workspace, by its name in runs/.")] = "latest",
    to: Annotated[
        list[str] | None,
        typer.Option(
            metavar="secret://NAME", help="Tell whoever is behind the Apprise address in this secret. Repeatable."
        ),
    ] = None,
    schedule: Annotated[
        str, typer.Option(metavar="ID", help="Tell whom this schedule of the workspace tells, on its occasions.")
    ] = "",
    link: Annotated[str, typer.Option(metavar="URL", help="Where the report is published, for --to.")] = "",
    attach: Annotated[bool, typer.Option("--attach", help="Send report.html along, for --to.")] = False,
    preview: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Send nothing; write the digest and the webhook's JSON into this folder."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Tell people of a run by e-mail, webhook or chat, or preview what they would be told."""
    from mopsnb.notify.reading import find_report

    if sum(map(bool, (to, schedule, preview))) != 1:
        raise UsageError("Say with one of --to, --schedule and --preview what to do.")
    report = find_report(place, run)
    if preview:
        from mopsnb.notify.preview import write_preview

        paths = [str(path) for path in write_preview(report, preview, _read_link(link))]
        typer.echo(json.dumps({"files": paths}, indent=2) if as_json else "\n".join(paths))
        return
    settings = _read_settings(to, link, attach) if to else _find_settings(place, schedule)
    raise typer.Exit(_tell(report, settings, always=bool(to), as_json=as_json))


def _tell(report: Path, settings: list[NotifySetting], *, always: bool, as_json: bool) -> int:
    from mopsnb.notify.telling import tell

    deliveries = tell(report, settings, always=always)
    if as_json:
        typer.echo(json.dumps({"deliveries": [item.to_dict() for item in deliveries]}, indent=2, ensure_ascii=False))
    for item in deliveries:
        if not as_json or item.status == "failed":
            typer.echo(str(item), err=item.status == "failed")
    return UNDELIVERED if any(item.status == "failed" for item in deliveries) else 0


def _read_settings(references: list[str], link: str, attach: bool) -> list[NotifySetting]:
    kind = "single_file" if attach else "none"
    return [_check_setting({"to": to, "link": link or None, "attach": kind}) for to in references]


def _read_link(link: str) -> str:
    return _check_setting({"to": "secret://preview", "link": link}).link or "" if link else ""


def _check_setting(values: dict[str, Any]) -> NotifySetting:
    from pydantic import ValidationError

    from mopsnb.notify.settings import NotifySetting

    try:
        return NotifySetting.model_validate(values)
    except ValidationError as error:
        detail = error.errors(include_url=False, include_input=False)[0]  # the input may be an address
        raise UsageError(f"--{detail['loc'][0]}: {detail['msg']}") from None


def _find_settings(place: str, name: str) -> list[NotifySetting]:
    from mopsnb.schedule.due import select
    from mopsnb.schedule.reading import read_schedules

    settings = select(read_schedules(Path(place)), [name])[0].notify
    if not settings:
        raise UsageError(f"The schedule '{name}' tells nobody: it has no key 'notify'.")
    return settings
