"""One executed notebook as the body of a page: prose and outputs, the code hidden."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode

from mopsnb import assets
from mopsnb.run.cells import change, find_cells, read_tags
from mopsnb.run.declaration import RUNNER_SETS, parse_parameters
from mopsnb.run.drawings import EMPTY
from mopsnb.run.figures import read_figure
from mopsnb.run.markup import Heading, order_headings, render_prose, render_said, separate_ids
from mopsnb.run.safe_html import sanitize
from mopsnb.view.style import STYLE

HIDDEN_TAGS = frozenset({"parameters", "injected-parameters", "interactive", "papermill-error-cell-tag"})
NEEDS_SCRIPT = (
    "<p>This output draws itself with a script, and a report runs no script of a notebook."
    " Show charts with <code>view.chart</code>.</p>"
)
_WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True, slots=True)
class Report:
    """A page's body.

    Parameters
    ----------
    body
        Safe HTML without the title.
    title
        The notebook's ``h1``, with what stands before it; empty where it has none.
    contents
        The headings for the table of contents.
    has_charts
        Whether a chart on it wants to be drawn by Vega.
    """

    body: Markup
    title: Markup = EMPTY
    contents: Sequence[Heading] = ()
    has_charts: bool = False


@dataclass(frozen=True, slots=True)
class Used:
    """A parameter and the value that a page was made with."""

    name: str
    value: str
    meaning: str


@dataclass
class _Page:
    """What the nbconvert template calls while it goes through the cells."""

    seen: set[str] = field(default_factory=set)
    has_charts: bool = False

    def show_prose(self, cell: NotebookNode) -> Markup:
        """Return a markdown cell as HTML."""
        return Markup(separate_ids(render_prose(cell.source), self.seen))  # noqa: S704 - a notebook's own prose

    def show_output(self, output: NotebookNode) -> Markup:
        """Return one output as HTML, empty for what readers need not see."""
        data: Mapping[str, Any] = output.get("data", {})
        if not data or _WIDGET in data:
            return Markup("")
        if figure := read_figure(data, self.seen):
            self.has_charts = self.has_charts or bool(figure.spec)
            return Markup(templates().get_template("figure.html.j2").render(figure=figure))  # noqa: S704 - autoescaped
        if "text/markdown" in data:
            return Markup('<div class="said">{}</div>').format(render_said(_join(data["text/markdown"])))
        if "text/html" in data:
            html = sanitize(_join(data["text/html"]).replace(STYLE, ""))  # site.css has the style
            html = separate_ids(html, self.seen) if html.strip() else NEEDS_SCRIPT
            return Markup('<div class="output">{}</div>').format(Markup(html))  # noqa: S704 - sanitized
        for mime in ("image/png", "image/jpeg"):
            if mime in data:
                alt = output.get("metadata", {}).get("alt") or "A picture without a description"
                address = f"data:{mime};base64,{_join(data[mime]).strip()}"
                return Markup('<p><img alt="{}" src="{}"></p>').format(alt, address)
        return Markup("<pre tabindex='0'>{}</pre>").format(_join(data.get("text/plain", "")))


@cache
def templates() -> Environment:
    """Return the Jinja environment over ``templates/report``, with every value escaped."""
    return Environment(
        loader=FileSystemLoader(folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def folder() -> Path:
    """Return the folder of the report's templates, style and script."""
    return assets.folder("templates") / "report"


class _Exporter(TemplateExporter):
    """nbconvert's exporter without its preprocessors, which have nothing to do here and copy all pictures twice."""

    def _preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        return nb, resources


@cache
def _exporter() -> TemplateExporter:
    place = folder()
    return _Exporter(  # type: ignore[no-untyped-call]
        extra_template_basedirs=[str(place.parent)],
        template_name=place.name,
        file_extension=".html",
        default_preprocessors=[],
    )


def render_body(notebook: NotebookNode) -> Report:
    """Return an executed notebook as the body of a page.

    Code, the cells of parameters, interactive cells and what cells print stay
    out. Charts become figures with their data; ids are unique; headings are in
    order.

    Parameters
    ----------
    notebook
        The notebook after its run, complete or not.
    """
    shown = change(
        notebook, cells=[_prepare(cell) for cell in notebook.cells if not HIDDEN_TAGS.intersection(read_tags(cell))]
    )
    html, resources = _exporter().from_notebook_node(shown, {"page": _Page()})
    page: _Page = resources["page"]
    body, contents = order_headings(html, page.seen)
    before, mark, after = body.partition("</h1>")
    title, rest = (before + mark, after) if mark else (EMPTY, body)
    return Report(rest, title, contents, page.has_charts)


def read_used(notebook: NotebookNode) -> list[Used]:
    """Return the parameters that a notebook ran with, in the order of its parameters cell.

    What the runner sets, such as folders, is left out.
    """
    declared = [item for cell in find_cells(notebook, "parameters") for item in parse_parameters(cell.source)]
    given = {name: value for cell in find_cells(notebook, "injected-parameters") for name, value in _read_given(cell)}
    return [
        Used(item.name, _show_value(given.get(item.name, item.default)), item.help)
        for item in declared
        if item.name not in RUNNER_SETS
    ]


def _read_given(cell: NotebookNode) -> Iterator[tuple[str, Any]]:
    for node in ast.parse(cell.source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, ast.literal_eval(node.value)


def _show_value(value: Any) -> str:
    return {"": "not set", "None": "not set", "True": "yes", "False": "no"}.get(str(value), str(value))


def _prepare(cell: NotebookNode) -> NotebookNode:
    # The cell that saves the result answers with a path of the machine that ran it.
    if cell.cell_type != "code" or "result" not in read_tags(cell):
        return cell
    kept = [output for output in cell.outputs if set(output.get("data", {})) - {"text/plain"}]
    return change(cell, outputs=kept)


def _join(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)
