"""The command that adds a step to a checkout of the project: notebook, registry row, analysis, test, README row."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from mopsnb.assets import folder
from mopsnb.errors import OutputError, UsageError, suggest
from mopsnb.steps import GROUPS, STEPS

_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_TABLE = "| Question | Notebook | How often |"
_HOW_OFTEN = {"run": "each week", "measure": "each month"}  # every other group: each quarter


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step to be made.

    Parameters
    ----------
    slug
        Its id: letters, digits and underscores, as it also names a module.
    group
        The folder of its notebook.
    title
        Its name in the table of contents.
    question
        What it answers.
    """

    slug: str
    group: str
    title: str
    question: str

    def __post_init__(self) -> None:
        """Refuse what cannot be a step.

        Raises
        ------
        UsageError
            The name or the group cannot be used, or the question is none.
        """
        if not _NAME.fullmatch(self.slug):
            fix = "Use a-z, 0-9 and '_', a letter first, at most 40 in all."
            raise UsageError(f"'{self.slug}' cannot be a step's name: it also names a module. {fix}")
        if self.slug in {step.slug for step in STEPS}:
            raise UsageError(f"There is a step '{self.slug}' already. Choose another name.")
        if self.group not in GROUPS:
            hint = suggest(self.group, GROUPS)
            raise UsageError(f"'{self.group}' is no group. {hint} Groups are {', '.join(GROUPS)}.".replace("  ", " "))
        for name, text in (("title", self.title), ("question", self.question)):
            if not text.strip() or re.search(r"[\n\r\"\\|]", text):
                raise UsageError(f"The {name} is {text!r}, expected one line without quotation marks, '\\' and '|'.")


def new_step(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The step's id: a-z, 0-9 and '_'.")],
    *,
    group: Annotated[
        str, typer.Option(metavar="NAME", help="overview, plan, run, measure or maintain: the notebook's folder.")
    ] = "measure",
    title: Annotated[str, typer.Option(help="Its name in the table of contents. Without it: from NAME.")] = "",
    question: Annotated[
        str, typer.Option(help="What it answers. Without it: a question about the year before.")
    ] = "How do we compare with the year before?",
) -> None:
    """Add a step to a checkout: notebook, registry row, analysis module, test and README row, all of them working."""
    for path in create_step(NewStep(name, group, title or name.replace("_", " ").capitalize(), question)):
        typer.echo(f"wrote {path.as_posix()}")
    typer.echo(f"Next: mopsnb run --steps {name}, then write your own analysis into it.")


def create_step(step: NewStep) -> list[Path]:
    """Write all that a step consists of, and return what was written.

    Raises
    ------
    UsageError
        This is an installation and no checkout, or one of the files is there already.
    OutputError
        A file cannot be written. Those before it are as they were.
    """
    root = folder("notebooks").parent
    if not (root / "tests" / "notebooks").is_dir():
        raise UsageError("mopsnb new-step adds to the project's own files. Run it in a checkout of the project.")
    new = {
        root / "notebooks" / step.group / f"{step.slug}.ipynb": _write_notebook(step),
        root / "mopsnb" / "analysis" / f"{step.slug}.py": _fill("analysis.py.j2", step),
        root / "tests" / "analysis" / f"test_{step.slug}.py": _fill("test.py.j2", step),
    }
    for path in new:
        if path.exists():
            raise UsageError(f"{path.relative_to(root)} is there already, so nothing was written. Choose another name.")
    registry, readme = root / "mopsnb" / "steps.py", root / "README.md"
    changed = {
        registry: _register(registry.read_text(encoding="utf-8"), step),
        readme: _list(readme.read_text(encoding="utf-8"), step),
    }
    _write(new | changed)
    return [path.relative_to(root) for path in (*new, *changed)]


def _write(texts: Mapping[Path, str]) -> None:
    before = {path: path.read_bytes() if path.exists() else None for path in texts}
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content)
        raise OutputError(f"Cannot write {error.filename}: {error.strerror}. Nothing was changed.") from error


def _fill(name: str, step: NewStep) -> str:
    from jinja2 import Template

    text = (folder("templates") / "step" / name).read_text(encoding="utf-8")
    template = Template(text, keep_trailing_newline=True)
    return str(template.render(slug=step.slug, title=step.title, question=step.question))


def _write_notebook(step: NewStep) -> str:
    notebook = json.loads((folder("templates") / "step.ipynb").read_text(encoding="utf-8"))
    changes = {
        "# Title of the step": f"# {step.title}",
        "The question that this page answers, with a question mark?": step.question,
        "from mopsnb import analysis, view": f"from mopsnb import analysis, view\nfrom mopsnb.analysis.{step.slug} "
        "import compare_years",
        " Put the step's own id in place of `metrics`.": "",
        'ws.result("metrics"': f'ws.result("{step.slug}"',
    }
    texts = ["".join(cell["source"]) for cell in notebook["cells"]]
    for found, wanted in changes.items():
        texts = [text.replace(found, wanted) for text in texts]
    for cell, text in zip(notebook["cells"], texts, strict=True):
        cell["source"] = text.splitlines(keepends=True)
    at = texts.index("## What needs attention")
    notebook["cells"][at:at] = [
        {
            "cell_type": "markdown",
            "id": "years",
            "metadata": {},
            "source": ["How does the latest complete month compare with the same month a year before?"],
        },
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "years-table",
            "metadata": {},
            "outputs": [],
            "source": ["years = compare_years(monthly)\n", 'view.table(years, caption="Against the year before")'],
        },
    ]
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _register(text: str, step: NewStep) -> str:
    """Return the registry with one row more, at the end of ``STEPS``."""
    rows = next(
        node
        for node in ast.parse(text).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "STEPS"
    )
    lines = text.splitlines(keepends=True)
    row = [
        "    Step(\n",
        f'        slug="{step.slug}",\n',
        f'        group="{step.group}",\n',
        f'        title="{step.title}",\n',
        f'        question="{step.question}",\n',
        '        uses=("contact", "stage_event", "ad_daily", "spend_actual"),\n',
        "    ),\n",
    ]
    end = int(rows.end_lineno or 0) - 1  # the line of the closing parenthesis
    return "".join([*lines[:end], *row, *lines[end:]])


def _list(text: str, step: NewStep) -> str:
    """Return the README with one row more in its table of notebooks."""
    lines = text.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith(_TABLE))
    end = next(number for number in range(start, len(lines)) if not lines[number].startswith("|"))
    often = _HOW_OFTEN.get(step.group, "each quarter")
    link = f"[{step.title.lower()}](notebooks/{step.group}/{step.slug}.ipynb)"
    return "".join([*lines[:end], f"| {step.question} | {link} | {often} |\n", *lines[end:]])
